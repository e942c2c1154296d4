"""The timers as an APScheduler job store. It runs no job and decides nothing.

Only `get_due_jobs` may raise: the scheduler's thread survives nothing else. So the other methods touch no database.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.job import Job
from apscheduler.jobstores.base import BaseJobStore
from apscheduler.triggers.base import BaseTrigger

from storage import timers
from storage.db import Store

LOOK_EVERY = timedelta(seconds=1)
"""Nothing wakes the scheduler for another process's row, nor when the clock is moved."""


class _Again(BaseTrigger):  # type: ignore[misc]
    """Answers that the job comes back when its lease is over, so that the scheduler never removes it."""

    def get_next_fire_time(self, previous_fire_time: Any, now: datetime) -> datetime:
        return now + timers.LEASE


class TimerStore(BaseJobStore):  # type: ignore[misc]
    """Presents claimed rows as jobs due now. `clock` is Muster's, not the machine's: that is how time is moved."""

    def __init__(self, store: Store, clock: Callable[[], datetime], owner: str, run: Callable[[int], None]) -> None:
        super().__init__()
        self._store = store
        self._clock = clock
        self._owner = owner
        self._run = run
        self._wait = LOOK_EVERY
        self._looked_at = time.monotonic()

    def unseen_for(self) -> timedelta:
        """For how long nobody has looked successfully, in real time."""
        return timedelta(seconds=time.monotonic() - self._looked_at)

    def get_due_jobs(self, now: datetime) -> list[Job]:
        ours = self._clock()
        due, earliest = self._store.transact_now(self._claim, ours)
        self._looked_at = time.monotonic()
        self._wait = min(earliest - ours, LOOK_EVERY) if earliest else LOOK_EVERY
        return [self._job(timer.id, now) for timer in due]

    def get_next_run_time(self) -> datetime:
        return datetime.now(UTC) + self._wait

    def update_job(self, job: Job) -> None:
        """Nothing: the row is the truth, and its lease says when it may come back."""

    def remove_job(self, job_id: str) -> None:
        """Nothing: the work itself deletes the row."""

    def add_job(self, job: Job) -> None:
        raise TypeError("timers are written by decisions, not by the scheduler")

    def lookup_job(self, job_id: str) -> None:
        return None

    def get_all_jobs(self) -> list[Job]:
        return []

    def remove_all_jobs(self) -> None:
        """Nothing: timers are cancelled by decisions."""

    def _claim(self, now: datetime) -> tuple[list[timers.Due], datetime | None]:
        return timers.claim(self._owner, now), timers.earliest(now)

    def _job(self, id: int, now: datetime) -> Job:
        return Job(
            self._scheduler,
            id=str(id),
            name=str(id),
            func=self._run,
            args=(id,),
            kwargs={},
            trigger=_Again(),
            executor="default",
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
            next_run_time=now,
        )
