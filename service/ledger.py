"""The ledger: what happened, what Muster owes the world and what the clock will call. Read only; it wakes nobody."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from domain.errors import Unavailable
from domain.incidents import Incident
from domain.record import Record
from service.clock import Clock
from storage import ledger
from storage.db import Store
from storage.ledger import Standing

T = TypeVar("T")

LATEST = 50
"""So many incidents stand in the overview."""

ROWS_AT_MOST = 300
"""Of a timeline and of an outbox each: one incident's page must not hold up the loop that pages."""

PATIENCE_S = 2.0
"""Whoever declares, answers or is paged has the database first."""

DATABASE_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Page:
    """One incident at `now`; `left_out` counts older lines of its timeline and rows of its outbox."""

    record: Record
    now: datetime
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """The latest incidents at `now`, the newest first. `trace` is another text whenever a page of theirs would be."""

    incidents: tuple[Incident, ...]
    standings: Mapping[int, Standing]
    trace: str
    now: datetime


class Ledger:
    """For operators: it shows private incidents too. Every method raises Unavailable when the database is silent."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store.patient(PATIENCE_S)
        self._clock = clock

    async def page(self, number: int) -> Page:
        """One incident. Raises Refused when unknown."""

        def work() -> Page:
            record, left_out = ledger.record(number, ROWS_AT_MOST)
            return Page(record, self._clock.now(), left_out)

        return await self._read(work)

    async def overview(self) -> Overview:
        """The latest 50 incidents."""

        def work() -> Overview:
            found = ledger.latest(LATEST)
            since = min((incident.number for incident in found), default=0)
            trace = ledger.trace(since) + repr(found)
            return Overview(tuple(found), ledger.standings(since), trace, self._clock.now())

        return await self._read(work)

    async def _read(self, work: Callable[[], T]) -> T:
        try:
            async with asyncio.timeout(DATABASE_WITHIN_S):
                return await self._store.transact(work)
        except TimeoutError:
            raise Unavailable(f"no answer within {DATABASE_WITHIN_S:.0f} s") from None
