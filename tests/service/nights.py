"""Several incidents lived in virtual time by one process whose vendors can be in trouble."""

from datetime import timedelta

from domain import escalation
from domain.errors import Permanent, Temporary
from domain.phone import News
from domain.policy import Policy
from domain.record import Receipt, Ref
from service.clock import Clock
from service.incidents import Incidents
from service.phones import Phones
from service.timers import Timers
from service.worker import Worker
from storage import incidents, models, timers
from tests.policies import policy
from tests.storage.values import NOW

KINDS = {"slack-page": ("page", "refresh_page"), "twilio": ("call", "text", "hang_up"), "pagerduty": ("page",)}
TICK = timedelta(seconds=1)


class Night:
    """`levels` are (person, minutes, means or None); `gone` the lanes that answer with an error, `refused` those that
    refuse, `rang` every ring that a vendor took, as (minutes, kind, whom, incident, others that it named)."""

    def __init__(self, store, *levels, off=("PAGERDUTY",)):
        self.store, self.now = store, NOW
        self.policy = Policy(_levels(policy(*off)._settings, levels))
        self.clock = Clock(machine=lambda: self.now)
        shared = (store, self.clock, self.policy, lambda lanes: None)
        self.use_cases, self._timers, self._phones = Incidents(*shared), Timers(*shared), Phones(*shared)
        self.lanes = {lane: self.lane(lane) for lane in KINDS}
        self.gone, self.refused, self.rang = set(), set(), []

    def lane(self, name, owner="a"):
        """A process's loop of one vendor."""
        verbs = dict.fromkeys(KINDS[name], self._ring)
        return Worker(self.store, self.clock, self.policy, owner, name, verbs, lambda lanes: None)

    async def _ring(self, record, owed):
        if owed.lane in self.gone:
            raise Temporary("HTTP 503")
        if owed.lane in self.refused:
            raise Permanent("refused")
        if owed.kind in ("page", "call", "text"):
            covers = tuple(owed.data.get("covers") or ())
            self.rang.append((self.minutes, owed.kind, owed.data.get("person"), owed.incident, covers))
        return Receipt(f"id-{owed.id}", (Ref(owed.kind, f"id-{owed.id}", owed.data.get("person") or ""),))

    @property
    def minutes(self):
        return round((self.now - NOW).total_seconds() / 60, 2)

    async def declare(self, title="db down"):
        declared = await self.use_cases.declare("SEV-1", f"{title} {self.now}", "U0003", anyway=True)
        return declared.incident.number

    async def until(self, minutes):
        """Time passes; what is due is done when it is, in whole seconds."""
        end = NOW + timedelta(minutes=minutes)
        while True:
            await self.work()
            ahead = min((each for each in self.store.transact_now(_moments) if each > self.now), default=end)
            if ahead > end:
                break
            self.now = max(ahead, self.now + TICK) if ahead < end else end
            if self.now >= end:
                await self.work()
                break
        self.now = end

    async def work(self):
        for due in self.store.transact_now(timers.claim, "a", self.now):
            await self._timers.fire(due.id)
        for worker in self.lanes.values():
            for record, owed in await worker.claim(64):
                await worker.deliver(record, owed, lambda: 0)

    def rings(self, kind, *who):
        return [(at, number, covers) for at, what, whom, number, covers in self.rang if what == kind and whom in who]

    def hasten(self, kind):
        """What was to be tried later may be tried now."""
        models.Outbox.update(next_at=self.now).where(models.Outbox.kind == kind).execute()

    async def fails(self, number):
        """The phone company says of the incident's last call that it reached nobody."""
        call = self.owed(number, "call")[-1]
        await self._phones.told(News("call", call.vendor_id, "failed", number, call.data["person"], call.id))

    def owed(self, number, kind):
        """The incident's rows of this kind."""
        return [each for each in self.store.transact_now(incidents.record, number).owed if each.kind == kind]


def _moments():
    """When rows of the outbox and timers may next be taken."""
    rows = models.Outbox.select().where(models.Outbox.state.in_(("waiting", "claimed")))
    found = [row.claimed_until if row.state == "claimed" else row.next_at for row in rows if row.lane in KINDS]
    return found + [row.claimed_until or row.due_at for row in models.Timer.select()]


def _levels(settings, levels):
    if not levels:
        return settings
    own = escalation.Policy(
        id="default",
        levels=tuple(
            escalation.Level(people=(person,), acknowledge_within=f"{minutes}m", means=means)
            for person, minutes, means in levels
        ),
        repeat_after="60m",
    )
    return settings.model_copy(update={"escalation_policies": {"default": own}})
