"""Asks the phone company for replies and for how calls ended, where it cannot reach us. It decides nothing."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.errors import Permanent, Temporary
from domain.phone import Line, TextIn
from domain.record import CLOCK_SKEW
from service.clock import Clock
from service.phones import Phones, Watch
from service.ports import Telephony
from service.rounds import ANSWER_WITHIN_S, Rounds
from service.switchboard import Switchboard

log = logging.getLogger("muster.exchange")

EVERY = timedelta(seconds=10)
OLDEST = timedelta(hours=6)
"""A reply that is older was meant for another night."""

LINES_AT_ONCE = 20


class Exchange(Rounds):
    """Every 10 s while a page is open: the replies since it was, and what became of calls and texts."""

    def __init__(self, name: str, telephony: Telephony, phones: Phones, switchboard: Switchboard, clock: Clock) -> None:
        super().__init__(name, clock, EVERY)
        self._telephony = telephony
        self._phones = phones
        self._switchboard = switchboard
        self._heard: set[str] = set()

    async def _look(self, now: datetime) -> None:
        watch = await self._phones.watch()
        try:
            texts = await self._texts(watch, now)
            for line in watch.lines[:LINES_AT_ONCE]:
                await self._ask(line)
        except (Temporary, Permanent, TimeoutError) as problem:
            self._in_trouble(problem, now)
        else:
            self._well_again()
            self._heard &= {text.sid for text in texts}

    async def _texts(self, watch: Watch, now: datetime) -> Sequence[TextIn]:
        """Every reply since the oldest open page is taken once; the database knows those of before a restart."""
        if watch.since is None:
            return ()
        since = max(watch.since - CLOCK_SKEW, now - OLDEST)
        async with asyncio.timeout(ANSWER_WITHIN_S):
            texts = await self._telephony.texts(since)
        for text in sorted(texts, key=lambda each: each.at):
            if text.sid not in self._heard:
                await self._take(text)
                self._heard.add(text.sid)
        return texts

    async def _take(self, text: TextIn) -> None:
        answer = await self._switchboard.text(text.sender, text.body, text.sid)
        if answer and not await self._telephony.answer(text.sender, answer):
            log.warning("%s: somebody who replied could not be answered", self._name)

    async def _ask(self, line: Line) -> None:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            news = await self._telephony.state(line)
        await self._phones.told(news)
