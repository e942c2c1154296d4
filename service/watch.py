"""Says on another channel that Muster has gone deaf, and when it is well again. It mends nothing."""

import asyncio
import logging
import time
from collections.abc import Sequence

from service.health import Health
from service.ports import Loudspeaker

log = logging.getLogger("muster.watch")

LOOK_EVERY_S = 5.0
PATIENCE_S = 30.0
"""A connection is replaced and a scheduler rebuilt within 10 s; what lasts longer needs a person."""


class Watch:
    """Asks Health, and tells the first loudspeaker that works: once for each trouble."""

    def __init__(self, health: Health, loudspeakers: Sequence[Loudspeaker]) -> None:
        self._health = health
        self._loudspeakers = loudspeakers
        self._since: float | None = None
        self._told = False

    async def run(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await self.look(await self._health.deaf(), time.monotonic())

    async def look(self, reasons: Sequence[str], now: float) -> None:
        """What is wrong at `now` (seconds of the monotonic clock)."""
        if not reasons:
            if self._told:
                await tell(self._loudspeakers, "Muster is well again.")
            self._since, self._told = None, False
            return
        self._since = now if self._since is None else self._since
        if now - self._since >= PATIENCE_S and not self._told:
            log.error("in trouble for %.0f s: %s", now - self._since, "; ".join(reasons))
            text = f"Muster is in trouble: {'; '.join(reasons)}. Pages may be late: watch by hand."
            self._told = await tell(self._loudspeakers, text)


async def tell(loudspeakers: Sequence[Loudspeaker], text: str) -> bool:
    """Say it on the first channel that works. False where none did."""
    for loudspeaker in loudspeakers:
        if await loudspeaker.announce_trouble(text):
            return True
    log.error("nobody could be told: %s", text)
    return False
