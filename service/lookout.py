"""Asks a pager's vendor who has answered, where it does not tell by itself. What follows from that it does not know."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.errors import Permanent, Temporary
from domain.pager import ACKNOWLEDGED, ENDED, News, Page, Sighting
from service import metrics
from service.clock import Clock
from service.pagers import Pagers
from service.ports import Lookout
from service.rounds import ANSWER_WITHIN_S, Rounds

EVERY = timedelta(seconds=15)
ANSWERED_EVERY = timedelta(seconds=60)
"""Once all pages are answered, only their end is still waited for."""

BLIND_AFTER = timedelta(seconds=60)
"""So long a pager that cannot be asked is forgiven; then the room is told."""


class Watchman(Rounds):
    """While a page is out, looks every 15 s by Muster's clock: one look for all pages. A minute of trouble is said in
    the room."""

    def __init__(self, lane: str, lookout: Lookout, pagers: Pagers, clock: Clock) -> None:
        super().__init__(lane, clock, EVERY)
        self._lane = lane
        self._lookout = lookout
        self._pagers = pagers
        self._unseen: set[int] = set()
        self._told: set[int] = set()
        self._known: frozenset[Sighting] = frozenset()

    async def tick(self) -> None:
        """Look, if it is time; say that nothing can be seen, if that is so for long."""
        await super().tick()
        now = self._clock.now()
        if self._blind_since:
            blind = now - self._blind_since
            metrics.PAGER_BLIND.labels(self._lane).set(blind.total_seconds())
            for number in self._unseen - self._told if blind >= BLIND_AFTER else ():
                await self._pagers.blind(number, self._lane, self._reason)
                self._told.add(number)

    async def _look(self, now: datetime) -> None:
        pages = await self._pagers.out(self._lane)
        if not pages:
            self._well_again()
            return
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                sightings = await self._lookout.look(pages)
        except (Temporary, Permanent, TimeoutError) as problem:
            self._saw_nothing(pages, problem, now)
            return
        await self._saw(pages, sightings)
        self._next = now + (ANSWERED_EVERY if all(page.answered for page in pages) else EVERY)

    async def _saw(self, pages: Sequence[Page], sightings: Sequence[Sighting]) -> None:
        """What was seen before changes nothing, and costs no transaction."""
        for sighting in sightings:
            if sighting.status in (ACKNOWLEDGED, ENDED) and sighting not in self._known:
                await self._take(sighting)
        self._known = frozenset(sightings)
        for number in {page.number for page in pages if page.blind}:
            await self._pagers.sighted(number, self._lane)
        self._well_again()

    async def _take(self, seen: Sighting) -> None:
        by = await self._pagers.who(self._lane, seen.who)
        what = (seen.status, self._lane, seen.key, by)
        await self._pagers.take(News(*what, human=seen.who.human, alert=seen.alert, url=seen.url))

    def _saw_nothing(self, pages: Sequence[Page], problem: Exception, now: datetime) -> None:
        self._in_trouble(problem, now)
        self._unseen = {page.number for page in pages if page.delivered}

    def _well_again(self) -> None:
        if self._blind_since:
            metrics.PAGER_BLIND.labels(self._lane).set(0)
        super()._well_again()
        self._unseen, self._told = set(), set()
