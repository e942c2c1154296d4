"""The watch over pages whose vendor tells nothing by itself: PagerDuty at the edge, a database, a clock by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from domain import decisions, reminders
from domain.incidents import Incident
from integrations.pagerduty_rest import PagerDutyRest
from service.clock import Clock
from service.lookout import Watchman
from service.pagers import Pagers
from storage import incidents, models, queue
from tests.integrations.conftest import edge, session
from tests.integrations.edge import reply
from tests.policies import policy

__all__ = ["edge", "session"]

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
POLICY = policy("PAGERDUTY_WEBHOOK", PAGERDUTY_API_KEY="invented")
LIST = ("GET", "/incidents")
BEN = {"id": "PBEN001", "type": "user", "name": "Ben", "email": "ben@example.com"}


class House:
    """A database, a clock, and the watchman over PagerDuty at the edge."""

    def __init__(self, store, edge, session):
        self.store, self.edge, self.now = store, edge, START
        self.clock = Clock(machine=lambda: self.now)
        self.woken = []
        self.rest = PagerDutyRest(session, api_key="invented", url=edge.url)
        self.watchman = self.another()

    def another(self):
        """As another process would have it, or this one after a restart."""
        pagers = Pagers(self.store, self.clock, POLICY, self.woken.extend, {"pagerduty": self.rest})
        return Watchman("pagerduty", self.rest, pagers, self.clock)

    async def declare(self, delivered=True):
        """A paged incident; its page's key."""
        draft = Incident("db down", "SEV-1", "U0001", self.now)

        def work():
            incident = incidents.apply(decisions.declare(draft, POLICY, self.now), self.now)
            [row] = queue.claim("pagerduty", 1, "a", self.now, timedelta(seconds=10))
            if delivered:
                queue.deliver(row.id, "a", self.now, "id", "accepted")
            return incidents.record(incident.number).key

        return await self.store.transact(work)

    async def record(self, number=1):
        return await self.store.transact(incidents.record, number)

    async def said(self, number=1):
        """What the room is told, by name."""
        return [o.data["say"] for o in (await self.record(number)).owed if o.kind == "post"]

    async def tick(self, seconds=0.0, watchman=None):
        self.now += timedelta(seconds=seconds)
        await (watchman or self.watchman).tick()

    def shows(self, *found):
        self.edge.on(*LIST, reply(200, {"incidents": list(found), "more": False}))

    @property
    def looks(self):
        return len(self.edge.to(*LIST))


def alert(key, status="triggered", by=BEN):
    given = [{"at": START.isoformat(), "acknowledger": by}] if status == "acknowledged" else []
    return {"id": f"P{key[-3:]}", "type": "incident", "incident_key": key, "status": status,
            "acknowledgements": given, "last_status_change_by": by}  # fmt: skip


@pytest.fixture
def house(store, edge, session):
    return House(store, edge, session)


async def test_nothing_is_asked_while_no_page_is_out(house):
    await house.tick()
    await house.tick(60)
    assert house.looks == 0


async def test_an_answer_is_seen_within_15_seconds_and_taken_once(house):
    key = await house.declare()
    house.shows(alert(key))
    await house.tick()
    house.shows(alert(key, "acknowledged"))
    await house.tick(14)
    assert house.looks == 1
    await house.tick(1)
    record = await house.record()
    assert (record.incident.acknowledged_by, record.incident.acknowledged_means) == ("U0002", "pagerduty")
    assert {timer.kind for timer in record.timers} - set(reminders.KINDS) == {"notice"}
    assert "slack" in house.woken
    await house.tick(60)
    await house.tick(60, house.another())
    assert (await house.said()).count("acknowledged") == 1


async def test_all_open_pages_are_one_request(house):
    keys = [await house.declare() for _ in range(20)]
    house.shows(*(alert(key, "acknowledged") for key in keys))
    await house.tick()
    assert house.looks == 1
    for number in range(1, 21):
        assert (await house.record(number)).incident.acknowledged_by == "U0002"


async def test_an_answered_page_is_asked_for_once_a_minute_until_it_ends(house):
    key = await house.declare()
    house.shows(alert(key, "acknowledged"))
    for _ in range(9):
        await house.tick(15)
    assert house.looks <= 4
    house.shows(alert(key, "resolved"))
    await house.tick(60)
    await house.tick(60)
    assert (await house.said()).count("pager_news") == 1
    assert (await house.record()).incident.open


async def test_whoever_is_not_in_the_configuration_keeps_their_name(house):
    key = await house.declare()
    stranger = {"id": "PDANA01", "type": "user", "name": "Dana", "email": "dana@example.com"}
    house.shows(alert(key, "acknowledged", stranger))
    await house.tick()
    assert (await house.record()).incident.acknowledged_by == "Dana (PagerDuty)"


async def test_an_answer_of_a_machine_is_passed_over_and_a_persons_after_it_counts(house):
    key = await house.declare()
    house.shows(alert(key, "acknowledged", {"id": "PINT001", "type": "service_reference", "summary": "Muster"}))
    await house.tick()
    assert (await house.record()).incident.acknowledged_at is None
    house.shows(alert(key, "acknowledged"))
    await house.tick(15)
    assert (await house.record()).incident.acknowledged_by == "U0002"


async def test_trouble_is_told_after_a_minute_once_and_its_end_once(house):
    key = await house.declare()
    house.edge.on(*LIST, reply(500))
    for _ in range(59):
        await house.tick(1)
    assert "pager_blind" not in await house.said()
    for _ in range(120):
        await house.tick(1)
    assert (await house.said()).count("pager_blind") == 1
    assert house.looks < 8

    house.shows(alert(key))
    await house.tick(61)
    await house.tick(15)
    assert (await house.said()).count("pager_sighted") == 1


async def test_short_trouble_is_told_to_nobody(house):
    key = await house.declare()
    house.edge.on(*LIST, reply(500))
    await house.tick()
    house.shows(alert(key))
    await house.tick(15)
    house.edge.on(*LIST, reply(500))
    await house.tick(30)
    assert "pager_blind" not in await house.said()


async def test_a_restart_in_the_middle_of_trouble_ends_it_all_the_same(house):
    key = await house.declare()
    house.edge.on(*LIST, reply(500))
    for _ in range(70):
        await house.tick(1)
    house.shows(alert(key))
    await house.tick(1, house.another())
    assert (await house.said()).count("pager_sighted") == 1


async def test_a_page_that_never_arrived_is_nothing_to_be_blind_about(house):
    await house.declare(delivered=False)
    house.edge.on(*LIST, reply(500))
    for _ in range(70):
        await house.tick(1)
    assert "pager_blind" not in await house.said()


async def test_a_limit_is_kept(house):
    await house.declare()
    house.edge.on(*LIST, reply(429, {"error": {"code": 2020}}, ratelimit_reset="50"))
    await house.tick()
    for _ in range(49):
        await house.tick(1)
    assert house.looks == 1
    await house.tick(1)
    assert house.looks == 2


async def test_the_vendors_own_id_is_kept(house):
    key = await house.declare()
    house.shows(alert(key, "acknowledged"))
    await house.tick()
    refs = await house.store.transact(
        lambda: list(models.ExternalRef.select().where(models.ExternalRef.kind == "pager_alert"))
    )
    assert [(ref.name, ref.value) for ref in refs] == [(key, f"P{key[-3:]}")]
