"""A call for several incidents rings until all of them are answered, in whichever order, and not longer."""

from datetime import timedelta

import pytest

from domain import heard
from domain.decision import Effect
from domain.paging import answered
from domain.record import Ref
from service.clock import Clock
from service.incidents import Incidents
from service.phones import Phones
from service.switchboard import Switchboard
from service.worker import Worker
from storage import incidents, queue, storm
from tests.policies import policy
from tests.storage.values import LEASE, NOW, declare

RULES = policy("PAGERDUTY")
CALL = Effect("twilio", "call", "call:ana:1:0", {"person": "ana", "phone": "+15550000001", "level": 0, "round": 1})


async def no_ring(record, owed):
    raise AssertionError("nobody is to be called")


class House:
    """Three incidents, and one call to Ana about the first that named all."""

    def __init__(self, store):
        self.store, self.now = store, NOW
        self.clock = Clock(machine=lambda: self.now)
        shared = (store, self.clock, RULES, lambda lanes: None)
        self.use_cases = Incidents(*shared)
        self.switchboard = Switchboard(self.use_cases, Phones(*shared), RULES)

    def called(self, sid="CA1"):
        numbers = [declare(CALL) for _ in range(3)]
        first, *others = queue.claim("twilio", 3, "a", NOW, LEASE)
        storm.note(first.id, {**first.data, "covers": numbers[1:]})
        if sid:
            self.taken(first.id)
        for each in others:
            storm.cover(each.id, NOW, each.data, "CA1", "rang with INC-1")

    def taken(self, row=1):
        queue.deliver(row, "a", NOW, "CA1", "calling")

    def heard(self, status):
        """The phone company tells of the call."""
        incidents.remember(1, (Ref("call", "CA1", name="ana", data={"status": status}),))

    async def acknowledge(self, number):
        await self.use_cases.acknowledge(number, "U0002", "button")

    async def ends(self, seconds=2.0):
        """The calls that are ended once so much has passed, by a process that has just been started."""
        self.now += timedelta(seconds=seconds)
        verbs = {"call": no_ring, "text": no_ring, "hang_up": no_ring}
        worker = Worker(self.store, self.clock, RULES, "b", "twilio", verbs, lambda lanes: None)
        return [owed.data["sid"] for _, owed in await worker.claim(9) if owed.kind == "hang_up"]

    async def press(self, key):
        """What is said to Ana, who has pressed it; Twilio may bring the same key again."""
        done = await self.switchboard.key(1, RULES.person("ana"), "CA1", key, ("twilio:CA1:key:0",))
        return done.what, done.others

    def waiting(self):
        """What is said of the end of the call that has not been sent."""
        record = self.store.transact_now(incidents.record, 1)
        return [(o.state, o.error or o.result) for o in record.owed if o.kind == "hang_up"]


@pytest.fixture
def house(store):
    built = House(store)
    store.transact_now(built.called)
    store.transact_now(built.heard, "ringing")
    return built


@pytest.mark.parametrize("order", [(1, 2, 3), (2, 1, 3), (3, 2, 1)])
async def test_a_call_for_several_ends_with_the_last_answer_and_not_before(house, order):
    *before, last = order
    for number in before:
        await house.acknowledge(number)
        assert await house.ends() == []
    await house.acknowledge(last)
    assert await house.ends() == ["CA1"]


async def test_answers_to_all_at_once_end_it(house):
    await house.acknowledge(1)
    assert await house.ends() == []
    assert house.waiting() == [("waiting", "it rings for INC-2 too")]
    await house.acknowledge(2)
    await house.acknowledge(3)
    assert await house.ends() == ["CA1"]


@pytest.mark.parametrize("end", ["in-progress", "completed", "busy"])
async def test_the_end_of_a_call_that_rings_no_more_waits_for_nobody(house, end):
    await house.acknowledge(1)
    assert await house.ends() == []
    house.store.transact_now(house.heard, end)
    assert await house.ends() == []
    assert house.waiting() == [("dropped", "it rang for INC-2 too")]


async def test_nor_does_that_of_a_call_of_which_nothing_is_heard_any_more(house):
    await house.acknowledge(1)
    assert await house.ends(200) == []
    assert house.waiting() == [("waiting", "it rings for INC-2 too")]
    assert await house.ends(60) == []
    assert house.waiting() == [("dropped", "it rang for INC-2 too")]


async def test_a_call_that_rings_before_its_request_is_answered_is_for_all_it_names_already(store):
    house = House(store)
    store.transact_now(house.called, "")
    store.transact_now(house.heard, "ringing")
    await house.acknowledge(1)
    assert await house.ends() == []
    store.transact_now(house.taken)
    await house.acknowledge(2)
    await house.acknowledge(3)
    assert answered(store.transact_now(incidents.record, 3).incident)
    assert await house.ends() == ["CA1"]


async def test_a_key_that_is_brought_twice_hears_twice_what_it_took_on(house):
    assert await house.press("1") == await house.press("1") == (heard.ACKNOWLEDGED, 2)


async def test_also_where_somebody_else_was_quicker_with_one_of_them(house):
    await house.acknowledge(1)
    await house.acknowledge(3)
    assert await house.press("1") == await house.press("1") == (heard.TAKEN, 1)


async def test_also_where_what_the_call_told_of_is_over(house):
    await house.use_cases.resolve(1, "U0002", "restarted")
    assert await house.press("1") == await house.press("1") == (heard.OVER, 2)


async def test_a_key_that_asks_for_the_next_level_takes_nothing_on_however_often_it_is_brought(house):
    assert (await house.press("2"))[1] == (await house.press("2"))[1] == 0
