"""Carries out what is owed: one lane a vendor, side by side, until each effect is delivered. It calls no vendor."""

import asyncio
import logging
from collections.abc import Iterable, Mapping

from domain.errors import Unavailable
from domain.policy import Policy
from service.clock import Clock
from service.deliveries import Verb
from service.lane import Lane
from service.loops import Loop
from service.worker import Worker
from storage import queue
from storage.db import Store

log = logging.getLogger("muster.outbox")

POLL_S = 1.0
"""How soon another process's row, or one whose time has come, is seen."""


class Outbox:
    """All lanes. `wake` after a commit; `start` and `stop` with the process."""

    def __init__(
        self, store: Store, clock: Clock, policy: Policy, owner: str, verbs: Mapping[str, Mapping[str, Verb]]
    ) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy
        self._owner = owner
        self._verbs = verbs
        self._lanes: dict[str, Lane] = {}
        self._polling = Loop("outbox", self._poll)

    def start(self) -> None:
        """Begin with whatever is owed already."""
        for lane in self._verbs:
            self._open(lane)
        self._polling.start()

    async def stop(self) -> None:
        """Take nothing more and let what is on the wire finish; a row that does not is claimed again later."""
        await asyncio.gather(self._polling.stop(), *(lane.stop() for lane in self._lanes.values()))

    def wake(self, lanes: Iterable[str]) -> None:
        """Something new is owed to these."""
        for lane in lanes:
            self._open(lane).wake()

    def _open(self, name: str) -> Lane:
        if name not in self._lanes:
            verbs = self._verbs.get(name, {})
            worker = Worker(self._store, self._clock, self._policy, self._owner, name, verbs, self.wake)
            self._lanes[name] = Lane(worker)
            self._lanes[name].start()
        return self._lanes[name]

    async def _poll(self) -> None:
        while True:
            try:
                self.wake(await self._store.transact(queue.lanes_due, self._clock.now()))
            except Unavailable as error:
                log.warning("the database does not answer: %s", error)
            await asyncio.sleep(POLL_S)
