"""An outbox on a database of its own, and vendors that do as they are told."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.decision import Decision, Effect
from domain.errors import Unavailable
from domain.incidents import Incident
from domain.record import Receipt
from service.clock import Clock
from service.outbox import Outbox
from storage import incidents, migrate, models
from storage.db import Store
from tests.eventually import eventually
from tests.policies import policy

SOON_S = 15.0


class Vendor:
    """Answers as the script says: a Receipt, an error to raise, or an event to wait for. The last answer stays."""

    def __init__(self, *script):
        self.script = list(script) or [Receipt("id")]
        self.calls = []
        self.at_once = self.most_at_once = 0
        self._rang = asyncio.Condition()

    async def __call__(self, record, owed):
        self.calls.append(owed)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        async with self._rang:
            self._rang.notify_all()
        try:
            return await self._answer(self.script.pop(0) if len(self.script) > 1 else self.script[0])
        finally:
            self.at_once -= 1

    async def _answer(self, answer):
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return Receipt("id")
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def called(self, times=1):
        """Until it has been called so often."""
        async with asyncio.timeout(SOON_S), self._rang:
            await self._rang.wait_for(lambda: len(self.calls) >= times)

    @property
    def targets(self):
        return [owed.target for owed in self.calls]


class Flaky(Store):
    """As many outcomes as the test says find the database locked."""

    locked = 0

    def __init__(self, url):
        super().__init__(url)
        self.left = []
        """The states of all rows, as each outcome left them."""

    async def transact(self, fn, *arguments, **more):
        if fn.__name__ != "work":
            return await super().transact(fn, *arguments, **more)
        if self.locked:
            self.locked -= 1
            raise Unavailable("locked")
        return await super().transact(self._watched, fn)

    def _watched(self, work):
        result = work()
        self.left.append([row.state for row in models.Outbox.select().order_by(models.Outbox.id)])
        return result


class House:
    """An outbox on a database of its own, and vendors that do as they are told."""

    def __init__(self, store):
        self.store = store
        self.by = timedelta()
        self.clock = Clock(machine=lambda: datetime.now(UTC) + self.by)
        self.policy = policy()
        self.outbox = None
        self.never = asyncio.Event()
        """For a vendor that hangs until the test is over."""

    def open(self, owner="a", **lanes):
        """Start; each lane is a Vendor for all its kinds, or {kind: Vendor}."""
        verbs = {name.replace("_", "-"): lane for name, lane in lanes.items()}
        verbs = {name: lane if isinstance(lane, dict) else dict.fromkeys(KINDS, lane) for name, lane in verbs.items()}
        self.outbox = Outbox(self.store, self.clock, self.policy, owner, verbs)
        self.outbox.start()

    async def declare(self, *effects, **changes):
        """An incident that owes these; its number."""
        now = self.clock.now()
        value = Incident(
            **{"title": "db down", "severity": "SEV-1", "reporter": "U0001", "detected_at": now, **changes}
        )
        incident = await self.store.transact(incidents.apply, Decision(value, effects=effects), now)
        if self.outbox:
            self.outbox.wake([effect.lane for effect in effects])
        return incident.number

    async def rows(self, lane):
        query = models.Outbox.select().where(models.Outbox.lane == lane).order_by(models.Outbox.id)
        return await self.store.transact(lambda: list(query))

    async def until(self, lane, *states):
        """Until this lane's rows are in these states; the rows."""

        async def look():
            try:
                found = await self.rows(lane)
            except Unavailable:  # where two processes write as fast as they can, a third may have to ask again
                return False
            return [row.state for row in found] == list(states) and (found or True)

        return await eventually(look)

    async def failed_once(self, lane):
        """This lane's first row, once an attempt has failed."""

        async def look():
            [first, *_] = await self.rows(lane)
            return first if first.error else None

        return await eventually(look)

    async def deliveries(self, number, lane):
        """What the timeline says of this lane."""
        record = await self.store.transact(incidents.record, number)
        return [entry.data for entry in record.entries("delivery") if entry.data["lane"] == lane]


KINDS = ("post", "comment", "create_issue", "invite", "announce", "tell")


def post(target="room", lane="vendor", kind="post", **more):
    return Effect(lane, kind, target, **more)


def page(lane="pager", **data):
    return Effect(lane, "page", "1", {"level": 0, "round": 1, **data})


@pytest.fixture
async def house(tmp_path):
    store = Flaky(f"sqlite:///{tmp_path / 'muster.db'}")
    store.migrate(migrate.upgrade)
    built = House(store)
    yield built
    built.never.set()
    if built.outbox:
        await built.outbox.stop()
    store.close()
