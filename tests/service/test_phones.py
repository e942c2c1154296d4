"""What the phone company tells of a ring concerns every incident that the ring named."""

from dataclasses import replace

import pytest

from domain.decision import Effect
from domain.phone import News
from domain.policy import OWN_PAGER
from service.clock import Clock
from service.phones import Phones
from storage import incidents, migrate, queue, storm
from storage.db import Store
from tests.policies import policy
from tests.storage.values import LEASE, NOW, declare

RULES = policy("PAGERDUTY")
CALL = Effect("twilio", "call", "call:ana:1:0", {"person": "ana", "phone": "+15550000001", "level": 0, "round": 1})
FAILED = News("call", "CA1", "failed", 1, "ana", code=13224)


@pytest.fixture
def store(tmp_path):
    made = Store(f"sqlite:///{tmp_path / 'muster.db'}")
    made.migrate(migrate.upgrade)
    yield made
    made.close()


@pytest.fixture
def phones(store):
    return Phones(store, Clock(), RULES, lambda _lanes: None)


def one_call_for(count):
    """So many incidents, and one call about the first that named all."""
    numbers = [declare(CALL) for _ in range(count)]
    first, *others = queue.claim("twilio", count, "a", NOW, LEASE)
    storm.note(first.id, {**first.data, "covers": numbers[1:]})
    queue.deliver(first.id, "a", NOW, "CA1", "calling")
    for each in others:
        storm.cover(each.id, NOW, each.data, "CA1", "rang with INC-1")


def lost_in(number):
    """The people whose ring did not get through, and what rings them instead."""
    record = incidents.record(number)
    return [(e.data["people"], e.data["means"]) for e in record.entries("page") if e.data["step"] == "ring_lost"]


async def test_a_call_that_fails_is_replaced_for_all_that_it_named(store, phones):
    assert RULES.pager == OWN_PAGER
    store.transact_now(one_call_for, 3)
    await phones.told(FAILED)
    assert [store.transact_now(lost_in, number) for number in (1, 2, 3)] == [
        [(["U0001"], ["slack-page", "twilio"])]
    ] * 3


async def test_an_incident_that_was_answered_meanwhile_is_left_alone(store, phones):
    store.transact_now(one_call_for, 2)
    record = store.transact_now(incidents.record, 2)
    store.transact_now(lambda: incidents._save(_answered(record.incident)))
    await phones.told(FAILED)
    assert store.transact_now(lost_in, 1)
    assert store.transact_now(lost_in, 2) == []


async def test_that_a_call_failed_is_heard_once(store, phones):
    store.transact_now(one_call_for, 2)
    for _ in range(2):
        await phones.told(FAILED)
    assert len(store.transact_now(lost_in, 2)) == 1


async def test_a_call_that_reached_nobody_holds_nobody_elses_ring_back(store, phones):
    store.transact_now(one_call_for, 1)
    store.transact_now(declare, CALL)
    await phones.told(FAILED)
    [waiting] = store.transact_now(queue.claim, "twilio", 5, "a", NOW, LEASE)
    assert store.transact_now(storm.rung, waiting, NOW) == []


def _answered(incident):
    return replace(incident, acknowledged_at=NOW, acknowledged_by="U0002", acknowledged_means="button")
