"""Whether Muster can do its work: what /readyz says, and the figures that must be asked for."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from domain.errors import Unavailable
from service import metrics
from service.clock import Clock
from service.scheduler import LATE, Scheduler
from storage import processes, queue
from storage.db import Store

UNDELIVERED = timedelta(minutes=5)
DEAF_S = 10.0
"""So long without a frame, and Slack's socket counts as gone."""

DATABASE_WITHIN_S = 5.0


class Health:
    """Reasons why Muster is not ready; none when it is. `silent_for` is Slack's silence in seconds."""

    def __init__(
        self, store: Store, clock: Clock, scheduler: Scheduler, owner: str, silent_for: Callable[[], float]
    ) -> None:
        self._store = store
        self._clock = clock
        self._scheduler = scheduler
        self._owner = owner
        self._silent_for = silent_for
        self._oldest: datetime | None = None

    async def reasons(self) -> list[str]:
        """One plain sentence for each thing that is wrong."""
        found = await self.deaf()
        oldest = self._oldest
        if oldest and self._clock.now() - oldest > UNDELIVERED:
            found.append(f"an effect has been undelivered since {oldest.isoformat(timespec='seconds')}")
        return found

    async def deaf(self) -> list[str]:
        """The same without what a vendor's trouble explains: what keeps Muster itself from hearing or acting."""
        found = []
        silence = self._silent_for()
        if silence > DEAF_S:
            found.append("Slack's socket has not been heard" + (f" for {silence:.0f} s" if silence < 1e6 else " yet"))
        if not self._scheduler.alive:
            found.append("the scheduler's thread is dead")
        if self._scheduler.lag > LATE:
            found.append(f"a timer is {self._scheduler.lag.total_seconds():.0f} s late")
        try:
            async with asyncio.timeout(DATABASE_WITHIN_S):
                self._oldest = await self._store.transact(self._write_and_look, self._clock.now())
        except (Unavailable, TimeoutError) as error:
            found.append(f"the database does not write: {error or 'no answer'}")
        return found

    def _write_and_look(self, now: datetime) -> datetime | None:
        processes.beat(self._owner, now)
        return queue.oldest_due(now)

    async def measure(self) -> None:
        """Bring the gauges up to date that nothing else sets; without a database they are absent, the others stay."""
        metrics.OUTBOX_DEPTH.clear()
        try:
            async with asyncio.timeout(DATABASE_WITHIN_S):
                depth = await self._store.transact(queue.depth)
        except (Unavailable, TimeoutError):
            return
        for lane, owed in depth.items():
            metrics.OUTBOX_DEPTH.labels(lane).set(owed)
