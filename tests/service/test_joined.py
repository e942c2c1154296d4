"""Two incidents that were one: what the one still owes when something becomes of the other."""

import pytest

from domain import merging
from domain.errors import Refused
from domain.incidents import MERGED
from domain.record import DELIVERED, DROPPED, WAITING, Receipt, Ref
from service.clock import Clock
from service.incidents import Incidents
from service.scope import Scope
from service.worker import Worker
from storage import incidents, queue
from tests.policies import policy
from tests.storage.values import LEASE, NOW

PUBLIC = Ref("status_incident", "p1", "statuspage")


class House:
    """Two incidents with a room each, the second of which goes into the first, and a Slack that is slow."""

    def __init__(self, store):
        self.store, self.clock, self.policy = store, Clock(machine=lambda: NOW), policy()
        shared = (store, self.clock, self.policy, lambda lanes: None)
        self.incidents, self.scope = Incidents(*shared), Scope(*shared)

    async def begin(self, *refs):
        """INC-1 and INC-2, all that they owe at first done; `refs` are the second one's."""
        for title in ("database slow", "payroll leak"):
            number = (await self.incidents.declare("SEV-3", title, "U0001")).incident.number
            self.do(incidents.remember, number, (Ref("channel", f"C000{number}"), *(refs if number == 2 else ())))
            for owed in self.owed(number):
                self.do(queue.drop, owed.id, "not of interest")
        await self.incidents.acknowledge(2, "U0001", "button")
        self.over(2)

    async def merge(self):
        await self.incidents.merge(2, 1, "U0001", MERGED)

    def do(self, function, *arguments):
        return self.store.transact_now(function, *arguments)

    def owed(self, number, *kinds, state=WAITING):
        record = self.do(incidents.record, number)
        return [each for each in record.owed if each.state == state and (not kinds or each.kind in kinds)]

    def over(self, number):
        for owed in self.owed(number):
            self.do(queue.drop, owed.id, "not of interest")

    def about(self, number=2):
        """What is to be said of it in the other one's room."""
        record = self.do(incidents.record, 1)
        return next(each for each in record.owed if each.data.get("key") == f"INC-{number}")

    def row(self, number, id):
        return next(each for each in self.do(incidents.record, number).owed if each.id == id)

    def lane(self, name, **verbs):
        return Worker(self.store, self.clock, self.policy, "a", name, verbs, lambda lanes: None)

    async def claimed(self, lane):
        """What is said of it there, in the lane's hands, with the incident."""
        return [each for each in await lane.claim(50) if each[1].id == self.about().id]


@pytest.fixture
def house(store):
    return House(store)


async def test_what_was_still_to_be_said_of_what_is_private_now_is_never_said(house):
    await house.begin()
    await house.merge()
    await house.scope.make_private(2, "U0001")
    assert (house.about().state, house.about().result) == (DROPPED, "it is private now")


async def test_a_title_that_was_on_the_wire_is_taken_back_when_it_arrives(house):
    sent = []

    async def post(record, owed):
        sent.append(owed.data.get("title"))
        await house.scope.make_private(2, "U0001")
        return Receipt("1700.1")

    await house.begin()
    await house.merge()
    lane = house.lane("slack", post=post)
    [(record, owed)] = await house.claimed(lane)
    await lane.deliver(record, owed, lambda: 0)

    assert sent == ["payroll leak"]
    assert house.about().state == DELIVERED
    [back] = house.owed(1, "withdraw")
    assert (back.data["channel"], back.data["ts"], back.data["what"]) == ("C0001", "1700.1", "merge")


@pytest.mark.parametrize("put_down", [queue.postpone, queue.fail])
async def test_a_title_that_may_be_out_is_sought_without_being_said_again(house, put_down):
    await house.begin()
    await house.merge()
    now = house.clock.now()
    house.do(queue.claim, "slack", 50, "a", now, LEASE)
    house.do(put_down, house.about().id, "a", "no answer", *((now,) if put_down is queue.postpone else ()))
    await house.scope.make_private(2, "U0001")
    house.do(queue.retry, house.about().id, now)

    [(_, owed)] = await house.claimed(house.lane("slack", post=None))
    assert (owed.repeat, owed.data["title"]) == (True, "")


async def handed_over_and_resolved(house):
    """The second one's public incident is the first one's, and the first one's last word is still owed to it."""
    await house.begin(PUBLIC)
    await house.merge()
    house.over(1)
    await house.incidents.resolve(1, "U0001", "restarted")
    [last] = house.owed(1, "update_status")
    assert last.data["status"] == "resolved"
    return last


@pytest.mark.parametrize("put_down", [None, queue.postpone, queue.fail])
async def test_what_was_owed_to_a_public_incident_that_is_given_back_is_said_by_nobody(house, put_down):
    last, now = await handed_over_and_resolved(house), house.clock.now()
    if put_down:
        house.do(queue.claim, "statuspage", 50, "a", now, LEASE)
        house.do(put_down, last.id, "a", "no answer", *((now,) if put_down is queue.postpone else ()))
    await house.incidents.reopen(2, "U0001")

    assert (house.row(1, last.id).state, house.row(1, last.id).result) == (DROPPED, merging.REASON)
    [told] = house.owed(2, "update_status")
    assert told.data["status"] == "investigating"
    assert house.do(incidents.record, 2).ref("status_incident", "statuspage") == PUBLIC


async def test_a_public_incident_is_not_given_back_while_it_is_being_told_of_the_other_one(house):
    last = await handed_over_and_resolved(house)
    house.do(queue.claim, "statuspage", 50, "a", house.clock.now(), LEASE)
    with pytest.raises(Refused, match="is just being told of INC-1"):
        await house.incidents.reopen(2, "U0001", key="once")

    house.do(queue.deliver, last.id, "a", house.clock.now(), "p1", "published")
    reopened, told = await house.incidents.reopen(2, "U0001", key="once")
    assert (reopened.open, told["public"]) == (True, merging.BACK)
