"""APScheduler over the timers' rows in its own thread, and a watchdog that builds it anew when it dies."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from domain.errors import Unavailable
from service import housekeeping, metrics
from service.clock import Clock
from service.timers import Timers
from storage import timers
from storage.db import Store
from storage.jobstore import TimerStore

log = logging.getLogger("muster.scheduler")

WORK_TIMEOUT_S = 25.0
"""Less than the 30 s for which a timer's row is claimed."""

LATE = timedelta(seconds=5)
LOOK_EVERY_S = 1.0
THREADS = 16


class Scheduler:
    """Calls `Timers.fire` for each due row. `on_rebuilt` is told why, whenever it had to be built anew."""

    def __init__(
        self, store: Store, clock: Clock, work: Timers, owner: str, on_rebuilt: Callable[[str], None] = lambda why: None
    ) -> None:
        self._store = store
        self._clock = clock
        self._work = work
        self._owner = owner
        self._on_rebuilt = on_rebuilt
        self._scheduler: BackgroundScheduler | None = None
        self._watchdog: asyncio.Task[None] | None = None
        self._stuck: tuple[datetime | None, float] = (None, 0.0)
        self.lag = timedelta()

    async def start(self) -> None:
        """Begin with whatever fell due while nobody was here."""
        self._loop = asyncio.get_running_loop()
        self._build()
        self._watchdog = asyncio.create_task(self._watch(), name="scheduler watchdog")

    async def stop(self) -> None:
        """Let running work finish. In a thread: on the loop it would wait for jobs that wait for the loop."""
        if self._watchdog:
            self._watchdog.cancel()
            await asyncio.gather(self._watchdog, return_exceptions=True)
        if self._scheduler and self._scheduler.running:
            await asyncio.to_thread(self._scheduler.shutdown, True)

    @property
    def alive(self) -> bool:
        """Whether its thread lives; `running` stays True when it has died."""
        thread: Any = getattr(self._scheduler, "_thread", None)
        return thread is not None and thread.is_alive()

    def _build(self) -> None:
        scheduler = BackgroundScheduler(timezone=UTC, jobstore_retry_interval=1)
        scheduler.add_executor(ThreadPoolExecutor(THREADS), "default")
        scheduler.add_jobstore(TimerStore(self._store, self._clock.now, self._owner, self._run), "default")
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
        future = asyncio.run_coroutine_threadsafe(self._work.fire(id), self._loop)
        try:
            future.result(WORK_TIMEOUT_S)
        except (TimeoutError, CancelledError, Unavailable) as error:
            log.warning("timer %s was not carried out, and comes back when its claim ends: %r", id, error)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                earliest = await self._store.transact(timers.earliest, self._clock.now())
            except Unavailable as error:
                log.warning("the database does not answer: %s", error)
                continue
            await self._mend(earliest)

    async def _mend(self, earliest: datetime | None) -> None:
        """Rebuild when the thread is dead, or the same timer has been waiting in vain for 5 s of real time."""
        self.lag = max(self._clock.now() - earliest, timedelta()) if earliest else timedelta()
        metrics.SCHEDULER_LAG.set(self.lag.total_seconds())
        if self._stuck[0] != earliest or self.lag <= LATE:
            self._stuck = (earliest, time.monotonic())
        stuck = time.monotonic() - self._stuck[1] > LATE.total_seconds()
        if self.alive and not stuck:
            return
        why = f"a timer is {self.lag.total_seconds():.0f} s late" if self.alive else "its thread died"
        log.error("the scheduler is built anew: %s", why)
        metrics.SCHEDULER_REBUILT.inc()
        old, self._stuck = self._scheduler, (None, time.monotonic())
        self._build()
        self._on_rebuilt(why)
        if old and old.running:
            await asyncio.to_thread(_discard, old)


def _discard(scheduler: BackgroundScheduler) -> None:
    scheduler.shutdown(wait=False)
