"""The outbox: what is owed stays written until it is done, goes in the right order, and is in one pair of hands."""

import asyncio
from datetime import timedelta

import pytest

from domain.decision import Decision
from domain.incidents import STATUSES
from domain.record import DELIVERED, DROPPED, FAILED, WAITING
from storage import incidents, models, queue
from tests.storage.values import LEASE, NOW, after, claim, claim_all, declare, post

CARD = post("card", kind="refresh_card", refresh=True)


@pytest.fixture
def do(store):
    """do(function, …) -> its result, from one transaction."""
    return store.transact_now


def owe(number, *effects, now=NOW):
    """The ids of the new rows."""
    before = {row.id for row in models.Outbox.select()}
    queue.owe(number, effects, now)
    return [row.id for row in models.Outbox.select().order_by(models.Outbox.id) if row.id not in before]


def row(id):
    return models.Outbox.get_or_none(models.Outbox.id == id)


def deliver(id, owner="a", now=NOW):
    return queue.deliver(id, owner, now, "vendor", "sent")


def targets(owed):
    return [each.target for each in owed]


# Order


def test_what_waits_goes_by_severity_then_by_age(do):
    do(declare, post("late and grave", lane="x"), rank=0, now=after(5))
    do(declare, post("early and light", lane="x"), rank=2)
    do(declare, post("early and grave", lane="x"), rank=0)
    found = do(claim, "x", now=after(9))
    assert targets(found) == ["early and grave", "late and grave", "early and light"]


def test_no_more_is_claimed_than_asked_for_and_the_gravest_first(do):
    for rank in (3, 1, 2):
        do(declare, post(f"rank {rank}"), rank=rank)
    assert targets(do(claim, limit=2)) == ["rank 1", "rank 2"]


def test_what_waits_for_nothing_goes_side_by_side_and_a_row_waits_for_the_one_it_names(do):
    do(declare, post("room", kind="create_room"), post("topic", kind="set_topic", after="create_room"), post("issue"))
    [room, issue] = do(claim)
    assert (room.kind, issue.target) == ("create_room", "issue")
    assert do(claim) == []

    do(deliver, room.id)
    assert targets(do(claim)) == ["topic"]


def test_posts_into_one_channel_keep_their_order_and_incidents_never_wait_for_each_other(do):
    one, other = do(declare), do(declare)
    first, second = do(owe, one, post("C1", data={"n": 1}), post("C1", data={"n": 2}))
    [elsewhere] = do(owe, other, post("C1"))
    assert do(claim_all) == [first, elsewhere]

    do(queue.postpone, first, "a", "503", after(10))
    assert do(claim_all, now=after(5)) == []
    assert do(claim_all, now=after(10)) == [first]
    do(deliver, first)
    assert do(claim_all) == [second]


def test_only_its_own_lane_is_claimed(do):
    do(declare, post("a", lane="plane"), post("b", lane="slack"))
    assert targets(do(claim, "plane")) == ["a"]


def test_a_paused_method_stays_and_the_others_go(do):
    do(declare, post("a", kind="invite"), post("b", kind="post"))
    assert targets(do(claim, paused=["post"])) == ["a"]
    assert targets(do(claim)) == ["b"]


def test_a_row_is_not_claimed_before_its_time(do):
    do(declare, post("later", delay=30.0))
    assert do(claim, now=after(29.9)) == []
    assert targets(do(claim, now=after(30))) == ["later"]


# Foundations


def test_what_needs_a_failed_room_waits_until_it_is_retried(do):
    number = do(declare, post("room", kind="create_room"))
    [room] = do(claim_all)
    assert do(queue.fail, room, "a", "refused")
    [topic] = do(owe, number, post("topic", kind="set_topic", after="create_room"))
    assert do(claim_all) == []

    assert do(queue.retry, room, NOW)
    assert do(claim_all) == [room]
    do(deliver, room)
    assert do(claim_all) == [topic]


def test_what_only_keeps_its_order_behind_a_failed_row_may_go(do):
    number = do(declare)
    first, second, third = do(owe, number, *(post("C1", data={"n": n}) for n in range(3)))
    do(claim_all)
    do(queue.fail, first, "a", "too long")
    assert do(claim_all) == [second]
    do(deliver, second)
    assert do(claim_all) == [third]


def test_a_dropped_row_holds_up_nobody(do):
    number = do(declare)
    first, second = do(owe, number, post("C1"), post("C1", data={"n": 2}))
    do(claim_all)
    do(queue.drop, first, "acknowledged")
    assert (do(row, first).state, do(row, first).result) == (DROPPED, "acknowledged")
    assert do(claim_all) == [second]


# Refreshes


def test_however_many_ask_for_a_refresh_one_row_waits(do):
    number = do(declare, CARD)
    assert do(owe, number, *[CARD] * 20) == []
    assert len(do(claim_all)) == 1


def test_a_refresh_asked_for_while_one_is_on_its_way_is_a_row_of_its_own_that_goes_after_it(do):
    number = do(declare, CARD)
    [on_its_way] = do(claim_all)
    [newer] = do(owe, number, CARD, CARD)
    assert do(claim_all) == []
    do(deliver, on_its_way)
    assert do(claim_all) == [newer]


def test_a_refresh_that_comes_back_while_a_newer_one_waits_is_deleted(do):
    number = do(declare, CARD)
    [on_its_way] = do(claim_all)
    [newer] = do(owe, number, CARD)
    assert do(queue.postpone, on_its_way, "a", "503", after(60))
    assert do(row, on_its_way) is None
    assert do(claim_all) == [newer]


def test_a_refresh_that_somebody_waits_for_makes_the_gathering_one_go_now(do):
    number = do(declare, post("card", kind="refresh_card", refresh=True, delay=30.0))
    do(owe, number, CARD, now=after(1))
    assert len(do(claim_all, now=after(1))) == 1


def test_a_refresh_that_the_vendor_put_off_is_not_hurried_by_asking_again(do):
    number = do(declare, CARD)
    [id] = do(claim_all)
    do(queue.postpone, id, "a", "429", after(60))
    do(owe, number, CARD)
    assert do(claim_all, now=after(59)) == []
    assert do(claim_all, now=after(60)) == [id]


def test_a_failed_refresh_retried_while_a_newer_one_waits_is_that_newer_one(do):
    number = do(declare, CARD)
    [failed] = do(claim_all)
    do(queue.fail, failed, "a", "refused")
    [newer] = do(owe, number, CARD)
    assert do(queue.retry, failed, NOW)
    assert do(row, failed).state == DROPPED
    assert do(claim_all) == [newer]


# One pair of hands


def test_a_claim_counts_the_attempt_and_names_its_holder_and_its_end(do):
    do(declare, post())
    [owed] = do(claim, owner="a")
    held = do(row, owed.id)
    assert (owed.attempts, owed.repeat, owed.claimed) == (1, False, True)
    assert (held.owner, held.claimed_until) == ("a", NOW + LEASE)


def test_a_claim_past_its_lease_is_anybodys_and_a_repeat(do):
    do(declare, post())
    [id] = do(claim_all, owner="a")
    assert do(claim_all, owner="b", now=NOW + LEASE) == []
    [again] = do(claim, owner="b", now=NOW + LEASE + timedelta(milliseconds=1))
    assert (again.id, again.repeat) == (id, True)


def test_who_lost_a_row_settles_nothing(do):
    do(declare, post())
    [id] = do(claim_all, owner="a")
    do(claim_all, owner="b", now=after(60))
    assert not do(deliver, id, owner="a")
    assert not do(queue.postpone, id, "a", "503", NOW)
    assert not do(queue.fail, id, "a", "refused")
    assert do(deliver, id, owner="b")
    assert not do(deliver, id, owner="b")


async def test_two_owners_at_once_never_claim_one_row(store, opened):
    other = opened()

    def all_of_it():
        declare(*(post(f"C{n}") for n in range(40)), rank=1)
        declare(*(post(f"C{n}") for n in range(40)), rank=2)

    def free():
        return models.Outbox.select().where(models.Outbox.state == WAITING).exists()

    async def take(store, owner):
        found = []
        while await store.transact(free):
            found += [owed.id for owed in await store.transact(claim, limit=3, owner=owner)]
        return found

    await store.transact(all_of_it)
    taken = await asyncio.gather(*(take(s, owner) for s, owner in ((store, "a"), (other, "b"), (store, "c"))))

    ids = [id for found in taken for id in found]
    assert len(ids) == len(set(ids)) == 80


def test_what_a_dead_process_held_is_free_at_once_and_what_the_living_hold_is_not(do):
    number = do(declare, post("a"))
    [dead] = do(claim_all, owner="dead")
    do(owe, number, post("b"))
    [living] = do(claim_all, owner="living")
    assert do(queue.free_claims, ["dead", "dead before that"]) == 1
    [freed] = do(claim, owner="new")
    assert (freed.id, freed.repeat) == (dead, True)
    assert do(row, living).owner == "living"


def test_a_dead_process_s_refresh_gives_way_to_the_newer_one(do):
    number = do(declare, CARD)
    do(claim_all, owner="dead")
    [newer] = do(owe, number, CARD)
    do(queue.free_claims, ["dead"])
    assert do(claim_all) == [newer]


# Outcomes


def test_delivered_is_delivered_with_when_and_what_the_vendor_said(do):
    do(declare, post())
    [id] = do(claim_all)
    assert do(queue.deliver, id, "a", after(2), "1700.1", "sent")
    done = do(row, id)
    assert (done.state, done.sent_at, done.vendor_id, done.result) == (DELIVERED, after(2), "1700.1", "sent")
    assert done.due_at == NOW
    assert do(claim_all, now=after(10**6)) == []


def test_only_what_failed_is_retried(do):
    do(declare, post())
    [id] = do(claim_all)
    assert not do(queue.retry, id, NOW)
    do(queue.fail, id, "a", "refused")
    assert do(row, id).state == FAILED
    assert do(queue.retry, id, after(1))
    assert not do(queue.retry, id, after(1))
    assert do(claim_all, now=after(1)) == [id]


def test_the_lanes_with_work_their_depth_and_the_oldest_are_known(do):
    do(declare, post("a", lane="slack"), post("b", lane="slack"), post("c", lane="plane", delay=60.0))
    assert do(queue.lanes_due, NOW) == {"slack"}
    assert do(queue.lanes_due, after(60)) == {"slack", "plane"}
    assert do(queue.depth) == {"slack": 2, "plane": 1}
    assert do(queue.oldest_due, after(1)) == NOW
    for id in do(claim_all):
        do(deliver, id)
    assert do(queue.depth) == {"plane": 1}
    assert do(queue.oldest_due, after(1)) is None


def test_the_sweep_takes_old_delivered_rows_of_finished_incidents_that_nobody_waits_for(do):
    finished, open_ = do(declare, post("old"), status="closed"), do(declare, post("old"))
    for id in do(claim_all):
        do(deliver, id)
    [young, failed] = do(owe, finished, post("young"), post("failed"), now=after(100))
    do(claim_all, now=after(100))
    do(deliver, young)
    do(queue.fail, failed, "a", "refused")

    assert do(queue.sweep, after(50)) == 1
    left = do(lambda: [(r.incident, r.target) for r in models.Outbox.select().order_by(models.Outbox.id)])
    assert left == [(open_, "old"), (finished, "young"), (finished, "failed")]


def test_the_sweep_leaves_what_is_waited_for(do):
    number = do(declare, post("room", kind="create_room"), status="resolved")
    [room] = do(claim_all)
    do(owe, number, post("topic", after="create_room"))
    do(deliver, room)
    assert do(queue.sweep, after(50)) == 0


def test_what_is_owed_commits_with_its_incident_or_not_at_all(do):
    def broken():
        declare(post())
        raise KeyError

    with pytest.raises(KeyError):
        do(broken)
    assert do(claim_all) == []
    assert do(incidents.listing, "U0001", STATUSES, "", 10) == []


def test_an_incident_that_changes_nothing_owes_nothing(do):
    number = do(declare)
    do(lambda: incidents.apply(Decision(incidents.get(number)), NOW))
    assert do(claim_all) == []


def test_a_repeat_knows_what_the_vendor_did_for_others_meanwhile(do):
    call = {"lane": "twilio", "kind": "call"}
    [hers] = do(owe, do(declare), post("call:ana", **call))
    [same] = do(claim, "twilio", owner="b")
    [other] = do(owe, do(declare), post("call:ana", **call))
    do(claim, "twilio")
    do(deliver, other)

    [again] = do(claim, "twilio", now=after(60))
    assert (same.id, again.id) == (hers, hers)
    assert (same.taken, again.taken) == (frozenset(), {"vendor"})
