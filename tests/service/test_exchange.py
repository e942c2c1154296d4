"""Where Twilio cannot reach us: replies and ends are asked for, once each, by Muster's clock, and never twice."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from domain import decisions, ladder
from domain.incidents import Incident
from domain.record import Ref
from integrations.twilio import Twilio
from integrations.twilio_inbox import Inbox
from service import metrics
from service.clock import Clock
from service.exchange import Exchange
from service.incidents import Incidents
from service.phones import Phones
from service.switchboard import Switchboard
from storage import incidents, queue
from tests.integrations.conftest import edge, session
from tests.integrations.edge import reply
from tests.policies import policy

__all__ = ["edge", "session"]

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
RULES = policy("PAGERDUTY")
SID = "AC" + "0" * 32
MESSAGES, CALL = (f"/2010-04-01/Accounts/{SID}/{what}.json" for what in ("Messages", "Calls/CA1"))
TEXT = f"/2010-04-01/Accounts/{SID}/Messages/SM1.json"
ANA, STRANGER, OURS = "+15550000001", "+15559999999", "+15550009999"


class House:
    """A database, a clock, and the exchange over Twilio at the edge."""

    def __init__(self, store, edge, session):
        self.store, self.edge, self.now = store, edge, START
        self.clock = Clock(machine=lambda: self.now)
        self.twilio = Twilio(session, account_sid=SID, auth_token="t", phone_number=OURS, url=edge.url)
        self.exchange = self.another()
        edge.on("POST", MESSAGES, reply(201, {"sid": "SM9"}))
        edge.on("GET", CALL, reply(200, {"sid": "CA1", "status": "ringing"}))
        edge.on("GET", TEXT, reply(200, {"sid": "SM1", "status": "sent"}))

    def another(self):
        """As another process would have it, or this one after a restart."""
        phones = Phones(self.store, self.clock, RULES, lambda lanes: None)
        switchboard = Switchboard(Incidents(self.store, self.clock, RULES, lambda lanes: None), phones, RULES)
        return Exchange("twilio", Inbox(self.twilio), phones, switchboard, self.clock)

    async def rung(self):
        """An incident for which Ana was called and texted."""
        draft = Incident("db down", "SEV-1", "U0002", self.now)

        def work():
            decision = decisions.declare(draft, RULES, self.now)
            number = incidents.apply(decision, self.now).number
            called = ladder.phone_call(incidents.record(number), RULES, 0, 1, self.now)
            incidents.apply(called, self.now)
            for row in queue.claim("twilio", 9, "a", self.now, timedelta(seconds=10)):
                sid = "CA1" if row.kind == "call" else "SM1"
                queue.deliver(row.id, "a", self.now, sid, "sent")
                incidents.remember(number, (Ref(row.kind, sid, name="ana"),))
            return number

        return await self.store.transact(work)

    def inbox(self, *texts):
        """(sid, sender, body) of what people have sent."""
        sent = format_datetime(self.now)
        found = [
            {"sid": sid, "from": sender, "body": body, "direction": "inbound", "date_sent": sent}
            for sid, sender, body in texts
        ]
        self.edge.on("GET", MESSAGES, reply(200, {"messages": found}))

    async def tick(self, seconds=0.0, exchange=None):
        self.now += timedelta(seconds=seconds)
        await (exchange or self.exchange).tick()

    async def record(self, number=1):
        return await self.store.transact(incidents.record, number)

    @property
    def answers(self):
        return [dict(asked.form)["Body"] for asked in self.edge.to("POST", MESSAGES)]


@pytest.fixture
def house(store, edge, session):
    return House(store, edge, session)


async def test_nothing_is_asked_while_no_page_is_open(house):
    await house.tick()
    await house.tick(60)
    assert house.edge.asked == []


async def test_a_reply_is_taken_once_by_whichever_process_sees_it_first(house):
    await house.rung()
    house.inbox(("SM5", ANA, "1 ack"))
    await house.tick()
    await house.tick(10)
    await house.tick(10, house.another())
    incident = (await house.record()).incident
    assert (incident.acknowledged_by, incident.acknowledged_means) == ("U0001", "sms")
    assert house.answers == ["INC-1 is yours. Nobody else is rung."]


async def test_it_looks_every_ten_seconds(house):
    await house.rung()
    house.inbox()
    for _ in range(20):
        await house.tick(1)
    assert len(house.edge.to("GET", MESSAGES)) == 2


async def test_strangers_are_counted_once_and_told_nothing(house):
    before = metrics.STRANGERS.labels("twilio")._value.get()
    await house.rung()
    house.inbox(("SM5", STRANGER, "1 ack"))
    await house.tick()
    await house.tick(10, house.another())
    assert metrics.STRANGERS.labels("twilio")._value.get() == before + 1
    assert house.answers == []
    assert (await house.record()).incident.acknowledged_at is None


async def test_ends_are_seen_and_asked_for_no_more(house):
    await house.rung()
    house.inbox()
    house.edge.on("GET", CALL, reply(200, {"sid": "CA1", "status": "completed", "answered_by": "machine_start"}))
    house.edge.on("GET", TEXT, reply(200, {"sid": "SM1", "status": "delivered"}))
    await house.tick()
    asked = len(house.edge.to("GET", CALL)), len(house.edge.to("GET", TEXT))
    await house.tick(10)
    assert (len(house.edge.to("GET", CALL)), len(house.edge.to("GET", TEXT))) == asked == (1, 1)
    refs = {ref.value: ref.data["status"] for ref in (await house.record()).refs}
    assert refs == {"CA1": "voicemail", "SM1": "delivered"}


async def test_trouble_makes_the_looks_rarer_and_loses_no_reply(house):
    await house.rung()
    house.edge.on("GET", MESSAGES, reply(500))
    for _ in range(70):
        await house.tick(1)
    assert len(house.edge.to("GET", MESSAGES)) == 3
    house.inbox(("SM5", ANA, "ack"))
    await house.tick(60)
    assert (await house.record()).incident.acknowledged_by == "U0001"


async def test_a_reply_after_the_acknowledgement_hears_who_was_first(house):
    number = await house.rung()
    use_cases = Incidents(house.store, house.clock, RULES, lambda lanes: None)
    await use_cases.acknowledge(number, "U0002", "button")
    house.inbox(("SM5", ANA, "1 ack"))
    await house.tick(10)
    assert house.answers == ["INC-1 is already acknowledged by Ben."]


async def test_a_reply_to_a_private_incident_by_somebody_without_a_part_in_it_gets_the_list(house):
    def declared():
        draft = Incident("secret", "SEV-1", "U0003", house.now, private=True)
        return incidents.apply(decisions.declare(draft, RULES, house.now), house.now).number

    await house.rung()
    hidden = await house.store.transact(declared)
    house.inbox(("SM5", ANA, f"{hidden} ack"))
    await house.tick()
    assert house.answers == ["Reply a code: 1 ack or 1 esc. Open:\n1 SEV-1 db down"]
    assert (await house.record(hidden)).incident.acknowledged_at is None
