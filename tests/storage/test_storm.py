"""Whose rings are whose: one person's are found among everybody's, those of an earlier version too."""

import json

import pytest
from playhouse.migrations import Runner

from domain.decision import Effect
from domain.paging import MESSAGES
from storage import migrate, queue, storm
from tests.storage.values import LEASE, NOW, declare, post


@pytest.fixture
def do(store):
    return store.transact_now


def page(who: str, person: str = "", kind: str = "page", lane: str = MESSAGES) -> Effect:
    return Effect(lane, kind, f"{kind}:{who}:1:0", {"user": who, **({"person": person} if person else {})})


def incidents_of(found):
    return [each.incident for each in found]


def test_a_ring_meets_the_same_persons_others_of_its_kind_and_nobody_elses(do):
    mine, theirs, called = (
        do(declare, page("U0001", "ana")),
        do(declare, page("U0002", "ben"), post()),
        do(declare, page("U0001", "ana", "call", "twilio"), page("U0001", "ana")),
    )
    [first, *_] = do(queue.claim, MESSAGES, 1, "a", NOW, LEASE)
    assert first.incident == mine
    assert incidents_of(do(storm.waiting, first)) == [called]

    do(queue.deliver, first.id, "a", NOW, "17.1", "sent")
    [second, *_] = do(queue.claim, MESSAGES, 1, "a", NOW, LEASE)
    assert second.incident == theirs
    assert do(storm.rung, second, NOW) == []
    [third, *_] = do(queue.claim, MESSAGES, 1, "a", NOW, LEASE)
    assert incidents_of(do(storm.rung, third, NOW)) == [mine]


def test_what_an_earlier_version_owed_is_known_by_whom_it_rings(opened):
    store = opened()
    store.migrate(lambda db: Runner(db, str(migrate.MIGRATIONS)).up("0005_test_pages"))
    store.migrate(_owed_before)
    store.migrate(migrate.upgrade)

    [claimed] = store.transact_now(queue.claim, MESSAGES, 1, "a", NOW, LEASE)
    assert incidents_of(store.transact_now(storm.waiting, claimed)) == [2]


def _owed_before(db):
    at = int(NOW.timestamp() * 1000)
    for number in (1, 2):
        db.execute_sql(
            "INSERT INTO incident (title, description, impact, severity, rank, status, private, drill, reporter,"
            " detected_at, sla_breached, root_cause, resolution) VALUES"
            f" ('db down', '', '', 'SEV-1', 0, 'investigating', FALSE, FALSE, 'U0001', {at}, FALSE, '', '')"
        )
        db.execute_sql(
            "INSERT INTO outbox (incident, lane, kind, target, data, refresh, state, due_at, next_at, attempts,"
            f" vendor_id, result, error) VALUES ({number}, 'slack-page', 'page', 'U0001:1:0',"
            f" '{json.dumps({'user': 'U0001', 'person': 'ana'})}', FALSE, 'waiting', {at}, {at}, 0, '', '', '')"
        )
