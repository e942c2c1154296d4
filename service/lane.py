"""One vendor's loop: it starts what its worker claims, side by side. It knows neither rows nor outcomes."""

import asyncio
import logging

from domain.errors import Unavailable
from domain.record import Owed, Record
from service.loops import DATABASE_RETRY_S, Loop
from service.worker import Claimed, Worker

log = logging.getLogger("muster.outbox")

GATHER_S = 0.02
"""Where more may wait than a claim could take, places gather before the next one: a claim for each costs the most."""

STOP_WITHIN_S = 5.0
"""Containers are killed 10 s after they were asked to stop."""


class Lane:
    """One vendor's loop: as many deliveries at once as the vendor may get, started as soon as there is room."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._awake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._promised = 0
        self._loop = Loop(f"the lane {worker.lane}", self._run)
        self._stopping = False

    def start(self) -> None:
        self._loop.start()

    def wake(self) -> None:
        self._awake.set()

    async def stop(self) -> None:
        """What is being claimed is still carried out: nobody else could for the length of its lease."""
        self._stopping = True
        self.wake()
        await self._loop.stop(within=STOP_WITHIN_S)
        if self._running:
            await asyncio.wait(self._running, timeout=STOP_WITHIN_S)

    async def _run(self) -> None:
        self.wake()
        while True:
            await self._awake.wait()
            self._awake.clear()
            if self._stopping:
                return
            room = self._room()
            if room <= 0:
                continue
            try:
                claimed = await self._worker.claim(room)
            except Unavailable as error:
                log.warning("%s: the database does not answer: %s", self._worker.lane, error)
                await asyncio.sleep(DATABASE_RETRY_S)
                self._awake.set()
                continue
            self._begin(claimed)
            if len(claimed) == room:
                await asyncio.sleep(GATHER_S)
                self._awake.set()

    def _room(self) -> int:
        """For how many more there is room, besides those that are running or promised a place."""
        return self._worker.limits.at_once - len(self._running) - self._promised

    def _begin(self, claimed: Claimed) -> None:
        for record, owed in claimed:
            task = asyncio.create_task(self._deliver(record, owed))
            self._running.add(task)
            task.add_done_callback(self._finished)

    async def _deliver(self, record: Record, owed: Owed) -> None:
        """Where others wait for a place, the gravest goes next and not what this one freed."""
        promised = 0

        def promise() -> int:
            nonlocal promised
            promised = 0 if self._stopping else max(self._room(), 0)
            self._promised += promised
            return promised

        try:
            self._begin(await self._worker.deliver(record, owed, promise))
        finally:
            self._promised -= promised

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._awake.set()
