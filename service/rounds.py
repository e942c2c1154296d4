"""Looking at a vendor again and again where it does not tell by itself. What is looked for it does not know."""

import asyncio
import logging
from abc import ABC, abstractmethod
from datetime import datetime, timedelta

from domain.errors import Unavailable
from service.clock import Clock

log = logging.getLogger("muster.rounds")

LONGEST = timedelta(seconds=60)
ANSWER_WITHIN_S = 5.0
TICK_S = 0.5


class Rounds(ABC):
    """Looks every so often by Muster's clock. Trouble makes the looks rarer, up to one a minute.

    `_look` is the subclass's: it ends in `_well_again` or `_in_trouble`, and may set `_next` to look later or sooner.
    """

    def __init__(self, name: str, clock: Clock, every: timedelta) -> None:
        self._name = name
        self._clock = clock
        self._every = every
        self._next: datetime | None = None
        self._wait = every
        self._blind_since: datetime | None = None
        self._reason = ""

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                await self.tick()
            except Unavailable as error:
                log.warning("%s: the database does not answer: %s", self._name, error)
            await asyncio.sleep(TICK_S)

    async def tick(self) -> None:
        """Look, if it is time."""
        now = self._clock.now()
        if self._next is None or now >= self._next:
            self._next = now + self._every
            await self._look(now)

    @abstractmethod
    async def _look(self, now: datetime) -> None:
        """Ask, and say whether it went well."""

    def _in_trouble(self, problem: Exception, now: datetime) -> None:
        """Looks become rarer, and never sooner than was asked for."""
        self._reason = str(problem) or f"no answer within {ANSWER_WITHIN_S:.0f} s"
        self._blind_since = self._blind_since or now
        asked = timedelta(seconds=getattr(problem, "retry_after", None) or 0)
        self._next = now + max(self._wait, min(asked, LONGEST))
        self._wait = min(self._wait * 2, LONGEST)
        log.warning("%s cannot be asked: %s", self._name, self._reason)

    def _well_again(self) -> None:
        self._blind_since, self._wait = None, self._every
