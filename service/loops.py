"""Loops that turn until they are stopped: a bug in one is logged, and it begins again. They know no work."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger("muster.loops")

BEGIN_AGAIN_S = 1.0
DATABASE_RETRY_S = 0.3
"""How soon a database that did not answer is asked again."""


class Once:
    """Logs what is tried again and again: each reason when it comes, and not at every attempt."""

    def __init__(self, logger: logging.Logger) -> None:
        self._log = logger
        self._said = ""

    def say(self, level: int, words: str) -> None:
        if words != self._said:
            self._said = words
            self._log.log(level, "%s", words)


class Loop:
    """Runs `work`, which ends by a bug, or because its owner is about to stop it."""

    def __init__(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._name = name
        self._work = work
        self._task: asyncio.Task[None] | None = None
        self._again: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._work(), name=self._name)
        self._task.add_done_callback(self._ended)

    async def stop(self, within: float = 0.0) -> None:
        """Interrupts it where it waits, unless it ends by itself within so many seconds."""
        if self._again:
            self._again.cancel()
        if self._task:
            await asyncio.wait({self._task}, timeout=within)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and task.exception() is not None:
            log.error("%s broke and is begun again", self._name, exc_info=task.exception())
            self._again = asyncio.get_running_loop().call_later(BEGIN_AGAIN_S, self.start)
