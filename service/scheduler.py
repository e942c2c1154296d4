"""APScheduler over the timers' rows in its own thread, and a watchdog that builds it anew when it dies."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from domain.errors import Unavailable
from service import housekeeping, metrics
from service.clock import Clock
from service.loops import DATABASE_RETRY_S, Loop
from service.timers import Timers
from storage import timers
from storage.db import Store
from storage.jobstore import TimerStore

log = logging.getLogger("muster.scheduler")

WORK_TIMEOUT_S = 25.0
"""Less than the 30 s for which a timer's row is claimed."""

STOP_WITHIN_S = 4.0
LATE = timedelta(seconds=5)
"""So long after its time a due row is trouble, and the scheduler is rebuilt."""

LOOK_EVERY_S = 1.0
THREADS = 16


class Scheduler:
    """Calls `Timers.fire` for each due row. `tell` is given a sentence whenever it had to be built anew."""

    def __init__(
        self, store: Store, clock: Clock, work: Timers, owner: str, tell: Callable[[str], Coroutine[Any, Any, object]]
    ) -> None:
        self._store = store
        self._clock = clock
        self._work = work
        self._owner = owner
        self._tell = tell
        self._telling: set[asyncio.Task[object]] = set()
        self._scheduler: BackgroundScheduler | None = None
        self._watchdog = Loop("the scheduler's watchdog", self._watch)
        self.lag = timedelta()

    async def start(self) -> None:
        """Begin with whatever fell due while nobody was here."""
        self._loop = asyncio.get_running_loop()
        self._build()
        self._watchdog.start()

    async def stop(self) -> None:
        """Let running work finish. In a thread: on the loop it would wait for jobs that wait for the loop."""
        await self._watchdog.stop()
        if self._scheduler and self._scheduler.running:
            await asyncio.to_thread(_shut_down(self._scheduler, wait=True).join, STOP_WITHIN_S)

    @property
    def alive(self) -> bool:
        """Whether its thread lives; `running` stays True when it has died."""
        thread: Any = getattr(self._scheduler, "_thread", None)
        return thread is not None and thread.is_alive()

    def _build(self) -> None:
        scheduler = BackgroundScheduler(timezone=UTC, jobstore_retry_interval=1)
        scheduler.add_executor(ThreadPoolExecutor(THREADS), "default")
        self._timers = TimerStore(self._store, self._clock.now, self._owner, self._run)
        scheduler.add_jobstore(self._timers, "default")
        scheduler.add_jobstore(MemoryJobStore(), "housekeeping")
        scheduler.add_job(self._sweep, "interval", hours=1, jobstore="housekeeping", id="sweep", coalesce=True)
        scheduler.start()
        self._scheduler = scheduler

    def _sweep(self) -> None:
        try:
            housekeeping.sweep(self._store, self._clock)
        except Unavailable as error:
            log.warning("housekeeping waits for the database: %s", error)

    def _run(self, id: int) -> None:
        """In a scheduler's thread: hand the timer to the loop and wait."""
        future = asyncio.run_coroutine_threadsafe(self._carry_out(id), self._loop)
        try:
            future.result(WORK_TIMEOUT_S)
        except (TimeoutError, CancelledError) as error:
            future.cancel()
            log.warning("timer %s was not carried out, and comes back when its claim ends: %r", id, error)

    async def _carry_out(self, id: int) -> None:
        """Until the database takes it: given back, it would be late by what is left of its claim."""
        while True:
            try:
                await self._work.fire(id)
            except Unavailable as error:
                log.warning("timer %s waits for the database: %s", id, error)
                await asyncio.sleep(DATABASE_RETRY_S)
            else:
                return

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                earliest = await self._store.transact(timers.earliest, self._clock.now())
            except Unavailable as error:
                log.warning("the database does not answer: %s", error)
            else:
                self._mend(earliest)

    def _mend(self, earliest: datetime | None) -> None:
        """Build it anew when its thread is dead, or a timer is due and nobody has looked for 5 s of real time."""
        self.lag = max(self._clock.now() - earliest, timedelta()) if earliest else timedelta()
        metrics.SCHEDULER_LAG.set(self.lag.total_seconds())
        if not self.alive:
            self._rebuild("its thread died")
        elif self.lag > LATE and self._timers.unseen_for() > LATE:
            self._rebuild(f"a timer is {self.lag.total_seconds():.0f} s late")

    def _rebuild(self, why: str) -> None:
        log.error("the scheduler is built anew: %s", why)
        metrics.SCHEDULER_REBUILT.inc()
        old = self._scheduler
        self._build()
        telling = asyncio.create_task(self._tell(f"Muster's scheduler was started anew: {why}. Look at what was due."))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)
        if old and old.running:
            _shut_down(old, wait=False)


def _shut_down(scheduler: BackgroundScheduler, wait: bool) -> threading.Thread:
    """In a thread that nobody needs to wait for: a scheduler that is stuck never shuts down."""
    thread = threading.Thread(target=scheduler.shutdown, args=(wait,), daemon=True, name="scheduler's end")
    thread.start()
    return thread
