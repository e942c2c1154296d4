"""Timers: claimed by one process for 30 s, acted on once."""

import asyncio

import pytest

from domain.decision import Decision, Timer
from storage import incidents, models, queue, timers
from tests.storage.values import NOW, after, declare


@pytest.fixture
def do(store):
    return store.transact_now


def due(seconds, kind="archive_channel", **data):
    return Timer(kind, after(seconds), data)


def kinds(found):
    return [each.kind for each in found]


def test_what_is_due_is_claimed_oldest_first_and_the_rest_is_left(do):
    do(declare, timers=[due(2, "second"), due(1, "first"), due(60, "later")])
    assert kinds(do(timers.claim, "a", after(2))) == ["first", "second"]
    assert do(timers.earliest, after(2)) == after(60)


def test_a_claimed_timer_is_nobody_elses_until_its_lease_is_over(do):
    do(declare, timers=[due(1)])
    [held] = do(timers.claim, "a", after(1))
    assert do(timers.claim, "b", after(31)) == []
    assert do(timers.claim, "b", after(32)) == [held]


def test_no_more_than_two_hundred_are_claimed_at_once_and_the_rest_is_next(do):
    do(declare, timers=[due(0, data=n) for n in range(timers.CLAIM_AT_MOST + 7)])
    assert len(do(timers.claim, "a", NOW)) == timers.CLAIM_AT_MOST
    assert do(timers.earliest, NOW) == NOW
    assert len(do(timers.claim, "a", NOW)) == 7


async def test_two_processes_claim_each_timer_once(store, opened):
    other = opened()
    await store.transact(declare, timers=[due(0) for _ in range(500)])
    takers = [(s, owner) for _ in range(4) for s, owner in ((store, "a"), (other, "b"))]
    claims = await asyncio.gather(*(s.transact(timers.claim, owner, NOW) for s, owner in takers))

    ids = [each.id for found in claims for each in found]
    assert len(ids) == len(set(ids)) == 500


async def test_of_many_who_take_a_timer_one_gets_it(store, opened):
    other = opened()
    await store.transact(declare, timers=[due(0)])
    [timer] = await store.transact(timers.claim, "a", NOW)
    taken = await asyncio.gather(*(s.transact(timers.take, timer.id) for _ in range(10) for s in (store, other)))
    assert sorted(taken) == [False] * 19 + [True]
    assert await store.transact(timers.find, timer.id) is None


def test_a_timer_whose_work_failed_is_still_there(do):
    do(declare, timers=[due(0)])
    [timer] = do(timers.claim, "a", NOW)

    def work():
        assert timers.take(timer.id)
        raise KeyError

    with pytest.raises(KeyError):
        do(work)
    assert do(timers.find, timer.id) == timer


def test_what_a_dead_process_held_is_due_at_once(do):
    do(declare, timers=[due(0)])
    [timer] = do(timers.claim, "dead", NOW)
    do(queue.free_claims, ["dead"])
    assert do(timers.claim, "new", NOW) == [timer]


def test_a_decision_cancels_its_own_incident_s_timers_of_the_kinds_it_names(do):
    one, other = (do(declare, timers=[due(1, "call"), due(2, "archive")]) for _ in range(2))
    do(lambda: incidents.apply(Decision(incidents.get(one), cancel=("call",)), NOW))
    left = do(lambda: [(row.incident, row.kind) for row in models.Timer.select().order_by(models.Timer.id)])
    assert left == [(one, "archive"), (other, "call"), (other, "archive")]


def test_a_timer_keeps_its_data_and_its_millisecond(do):
    do(declare, timers=[due(0.123, people=["U0001"], level=1)])
    [timer] = do(timers.claim, "a", after(0.123))
    assert (timer.due_at, timer.data) == (after(0.123), {"people": ["U0001"], "level": 1})
    assert do(timers.claim, "b", after(0.122)) == []
