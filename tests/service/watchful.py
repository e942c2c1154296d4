"""One incident's ladder lived in virtual time by several processes on one database, which die and come back."""

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta

from domain import escalation, paging
from domain.errors import Temporary
from domain.policy import Policy
from domain.record import Receipt, Ref
from service.clock import Clock
from service.incidents import Incidents
from service.timers import Timers
from service.worker import Worker
from storage import migrate, models, queue, timers
from storage.db import Store
from tests.policies import policy

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LANES = {"slack-page": ("page", "refresh_page"), "twilio": ("call", "text")}
TICK = timedelta(milliseconds=500)


class Died(Exception):
    """The process is gone, in the middle of whatever it did."""


class Process:
    """What one process does: its claims, its calls, its outcomes. `mortal` says when it dies."""

    def __init__(self, life, owner, url):
        self.life, self.owner = life, owner
        self.store = Store(url)
        self.back_at = None
        self._begin()

    def _begin(self):
        clock, rules = self.life.clock, self.life.policy
        self.timers = Timers(self.store, clock, rules, lambda _: None)
        self.workers = [
            Worker(self.store, clock, rules, self.owner, lane, dict.fromkeys(kinds, self.ring), lambda _: None)
            for lane, kinds in LANES.items()
        ]

    async def ring(self, record, owed):
        return self.life.rung(record, owed)

    async def work(self):
        """All that is due now, until it dies."""
        try:
            for due in self.store.transact_now(timers.claim, self.owner, self.life.now):
                self.life.may_die("timer claimed")
                await self.timers.fire(due.id)
                self.life.may_die("timer fired")
            for worker in self.workers:
                await self._deliver(worker)
        except Died:
            self._die()

    async def _deliver(self, worker):
        claimed = await worker.claim(8)
        for _, owed in claimed:
            self.life.claimed(owed)
        for record, owed in claimed:
            if owed.kind in paging.RINGS:
                self.life.may_die("before a call")
                await self.life.maybe_acknowledged()
                if self.life.dies("after a call"):
                    self.life.rung(record, owed, unheard=True)
                    raise Died
            await worker.deliver(record, owed, lambda: 0)

    def _die(self):
        self.back_at = self.life.now + self.life.downtime()
        self.life.crashes.append((self.life.now, self.back_at))
        self._begin()

    def come_back(self):
        """What its machine's dead held is free at once."""
        self.back_at = None
        self.store.transact_now(queue.free_claims, (self.owner,))


class Life:
    """`draw` decides: draw(options) is one of them. `levels` are (people, timeout in seconds, means or None)."""

    def __init__(self, draw, levels, severity, processes, fresh, acknowledge_at, deaths, troubles):
        self.draw, self.severity = draw, severity
        self.now, self.sequence, self.acknowledged_seq = START, 0, None
        self.clock = Clock(machine=lambda: self.now)
        self.policy = _policy(levels)
        self.acknowledge_at = acknowledge_at
        self.deaths, self.troubles = deaths, troubles
        self.crashes, self.requests, self.claims, self.successes, self.unheard = [], [], {}, Counter(), Counter()
        self.processes = [Process(self, f"p{n}", fresh) for n in range(processes)]

    @property
    def incidents(self):
        return Incidents(self.processes[0].store, self.clock, self.policy, lambda _: None)

    def claimed(self, owed):
        self.sequence += 1
        self.claims[owed.id] = self.sequence

    def rung(self, record, owed, unheard=False):
        """A request on the wire."""
        if owed.kind not in paging.RINGS:
            return Receipt("m")
        self.requests.append((self.now, owed.kind, owed.target, paging.step_of(owed.data), self.claims[owed.id]))
        if not unheard and self.troubles and self.draw([False, False, True]):
            self.troubles -= 1
            raise Temporary("busy")
        self.successes[owed.kind, owed.target] += 1
        self.unheard[owed.kind, owed.target] += unheard
        return Receipt(f"id-{owed.id}", (Ref(owed.kind, f"id-{owed.id}"),))

    def dies(self, _where):
        if self.deaths and self.draw([False] * 5 + [True]):
            self.deaths -= 1
            return True
        return False

    def may_die(self, where):
        if self.dies(where):
            raise Died

    def downtime(self):
        return timedelta(seconds=self.draw([0, 1, 7, 40, 200]))

    async def maybe_acknowledged(self):
        """By somebody, while others are between a claim and its call."""
        if self.acknowledged_seq is None and self.acknowledge_at is not None and self.now >= self.acknowledge_at:
            await self.incidents.acknowledge(self.number, "U0002", "button")
            self.acknowledged_seq = self.sequence

    async def live(self, until):
        declared = await self.incidents.declare(self.severity, "db down", "U0001")
        self.number = declared.incident.number
        while self.now < until:
            for process in self.processes:
                if process.back_at is not None and process.back_at <= self.now:
                    process.come_back()
                if process.back_at is None:
                    await process.work()
            await self.maybe_acknowledged()
            self.now = self._next()

    def _next(self):
        """The next moment at which anything can happen; half a second where work is left."""
        soon = [each.back_at for each in self.processes if each.back_at is not None]
        soon += self.processes[0].store.transact_now(_moments)
        if self.acknowledge_at is not None and self.acknowledged_seq is None:
            soon.append(self.acknowledge_at)
        later = min((each for each in soon if each > self.now), default=self.now + timedelta(hours=1))
        busy = any(each <= self.now for each in soon)
        return min(later, self.now + TICK) if busy else later

    def close(self):
        for process in self.processes:
            process.store.close()

    def in_time(self, planned):
        """Until when something planned for then must be on the wire: 3 s later, or 3 s after whoever died came back."""
        latest = planned + timedelta(seconds=3)
        for died, back in sorted(self.crashes):
            if died <= latest:
                latest = max(latest, back + timedelta(seconds=3))
        return latest


def _moments():
    """When rows of the outbox and timers may next be taken."""
    rows = models.Outbox.select().where(models.Outbox.state.in_(("waiting", "claimed")))
    found = [row.claimed_until if row.state == "claimed" else row.next_at for row in rows if row.lane in LANES]
    return found + [row.claimed_until or row.due_at for row in models.Timer.select()]


def _policy(levels):
    settings = policy("PAGERDUTY")._settings
    own = escalation.Policy(
        id="default",
        levels=tuple(
            escalation.Level(people=people, acknowledge_within=f"{seconds}s", means=means)
            for people, seconds, means in levels
        ),
        repeat_after="90m",
    )
    return Policy(settings.model_copy(update={"escalation_policies": {"default": own}}))


def template(folder):
    """An empty database of the newest shape, to be copied."""
    store = Store(f"sqlite:///{folder / 'template.db'}")
    store.migrate(migrate.upgrade)
    store.close()
    return folder / "template.db"


def fresh(path, folder, name):
    """A copy of it; its address."""
    shutil.copy(path, folder / name)
    return f"sqlite:///{folder / name}"
