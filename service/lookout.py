"""Asks a pager's vendor who has answered, where it does not tell by itself. What follows from that it does not know."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.errors import Permanent, Temporary, Unavailable
from domain.pager import ACKNOWLEDGED, ENDED, News, Page, Sighting
from service import metrics
from service.clock import Clock
from service.pagers import Pagers
from service.ports import Lookout

log = logging.getLogger("muster.lookout")

EVERY = timedelta(seconds=15)
ANSWERED_EVERY = timedelta(seconds=60)
"""Once all pages are answered, only their end is still waited for."""

LONGEST = timedelta(seconds=60)
BLIND_AFTER = timedelta(seconds=60)
ANSWER_WITHIN_S = 5.0
TICK_S = 0.5


class Watchman:
    """While a page is out, looks every 15 s by Muster's clock: one look for all pages. Trouble makes the looks rarer,
    and a minute of it is said in the room."""

    def __init__(self, lane: str, lookout: Lookout, pagers: Pagers, clock: Clock) -> None:
        self._lane = lane
        self._lookout = lookout
        self._pagers = pagers
        self._clock = clock
        self._next: datetime | None = None
        self._wait = EVERY
        self._blind_since: datetime | None = None
        self._reason = ""
        self._unseen: set[int] = set()
        self._told: set[int] = set()
        self._known: frozenset[Sighting] = frozenset()

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                await self.tick()
            except Unavailable as error:
                log.warning("%s: the database does not answer: %s", self._lane, error)
            await asyncio.sleep(TICK_S)

    async def tick(self) -> None:
        """Look, if it is time; say that nothing can be seen, if that is so for long."""
        now = self._clock.now()
        if self._next is None or now >= self._next:
            await self._look(now)
        if self._blind_since:
            blind = now - self._blind_since
            metrics.PAGER_BLIND.labels(self._lane).set(blind.total_seconds())
            for number in self._unseen - self._told if blind >= BLIND_AFTER else ():
                await self._pagers.blind(number, self._lane, self._reason)
                self._told.add(number)

    async def _look(self, now: datetime) -> None:
        pages = await self._pagers.out(self._lane)
        self._next = now + EVERY
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
        """Looks become rarer, and never sooner than was asked for."""
        self._reason = str(problem) or f"no answer within {ANSWER_WITHIN_S:.0f} s"
        self._blind_since = self._blind_since or now
        self._unseen = {page.number for page in pages if page.delivered}
        asked = timedelta(seconds=getattr(problem, "retry_after", None) or 0)
        self._next = now + max(self._wait, min(asked, LONGEST))
        self._wait = min(self._wait * 2, LONGEST)
        log.warning("%s cannot be asked who has answered: %s", self._lane, self._reason)

    def _well_again(self) -> None:
        if self._blind_since:
            metrics.PAGER_BLIND.labels(self._lane).set(0)
        self._blind_since, self._wait = None, EVERY
        self._unseen, self._told = set(), set()
