"""The ledger's reading: nothing changes unseen, and what is unfinished is always there."""

from dataclasses import replace

import pytest

from domain.decision import Decision, Entry, Timer
from domain.errors import Refused
from domain.record import FAILED, WAITING, Ref
from storage import incidents, ledger, models, queue, timers
from storage.ledger import Standing
from tests.storage.values import NOW, after, claim, declare, post


@pytest.fixture
def do(store):
    return store.transact_now


def owed(number):
    return ledger.record(number, 500)[0].owed


def page(target="1"):
    return post(target, lane="pagerduty", kind="page")


CHANGES = {
    "an entry is written": lambda n: incidents.write(n, [Entry("note")], NOW),
    "an effect is owed": lambda n: incidents.apply(Decision(incidents.get(n), effects=(post("x"),)), NOW),
    "a refresh joins another": lambda n: queue.owe(n, [post("card", kind="refresh_card", refresh=True)], after(-60)),
    "a row is claimed": lambda n: claim("slack", 1),
    "a row is claimed again after its lease": lambda n: claim("pagerduty", now=after(60)),
    "a row is delivered": lambda n: queue.deliver(owed(n)[0].id, "a", NOW, "id", "sent"),
    "a row is postponed": lambda n: queue.postpone(owed(n)[0].id, "a", "slow", after(9)),
    "a row has failed": lambda n: queue.fail(owed(n)[0].id, "a", "no"),
    "a row is dropped": lambda n: queue.drop(owed(n)[0].id, "unwanted"),
    "the row of a dead process is free": lambda n: queue.free_claims(["a"]),
    "a failed row is tried again": lambda n: queue.retry(owed(n)[1].id, NOW),
    "a timer is set": lambda n: incidents.apply(Decision(incidents.get(n), timers=(Timer("notice", NOW),)), NOW),
    "a timer is taken": lambda n: timers.take(timers.claim("a", after(999))[0].id),
    "a timer is cancelled": lambda n: incidents.apply(Decision(incidents.get(n), cancel=("phone_call",)), NOW),
    "it is called something elsewhere": lambda n: incidents.remember(n, [Ref("channel", "C2")]),
    "a name elsewhere is known better": lambda n: incidents.remember(n, [Ref("channel", "C1", data={"a": 1})]),
    "a name elsewhere is forgotten": lambda n: incidents.forget(n, Ref("channel", "C1")),
    "another incident begins": lambda n: declare(post()),
}


def begun():
    """An incident with a page in hand, a failed effect, a waiting refresh, something delivered, a timer and a room."""
    ladder = [Timer("phone_call", after(120))]
    number = declare(page(), post("bad"), post("card", kind="refresh_card", refresh=True), post("done"), timers=ladder)
    incidents.remember(number, [Ref("channel", "C1")])
    ids = {row.target: row.id for row in owed(number)}
    claim("pagerduty")
    models.Outbox.update(state=FAILED, error="no").where(models.Outbox.id == ids["bad"]).execute()
    models.Outbox.update(state="delivered").where(models.Outbox.id == ids["done"]).execute()
    models.Incident.update(status="resolved").where(models.Incident.number == number).execute()
    return number


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_leaves_another_trace(do, change):
    number = do(begun)
    before = do(ledger.trace, number)
    assert do(ledger.trace, number) == before

    do(CHANGES[change], number)

    assert do(ledger.trace, number) != before


def test_a_heartbeat_and_a_claimed_timer_change_nothing_that_is_shown(do):
    number = do(begun)
    before = do(ledger.trace, number)
    do(timers.claim, "a", after(999))
    assert do(ledger.trace, number) == before


def test_the_whole_record_is_there_as_the_use_cases_see_it(do):
    number = do(begun)
    assert do(ledger.record, number, 500) == (do(incidents.record, number), 0)


def test_of_a_long_story_the_newest_is_there_and_all_that_is_unfinished(do):
    def work():
        number = declare(*(post(str(n)) for n in range(20)))
        for n in range(30):
            incidents.write(number, [Entry("note", data={"n": n})], NOW)
        first, second, *_, last = (row.id for row in owed(number))
        models.Outbox.update(state="delivered").where(models.Outbox.id > second).execute()
        return number, [first, second, last]

    number, ids = do(work)
    record, left_out = do(ledger.record, number, 3)
    assert [entry.data["n"] for entry in record.timeline] == [27, 28, 29]
    assert [row.id for row in record.owed] == ids
    assert left_out == 27 + 17


def test_an_unknown_incident_is_refused(do):
    with pytest.raises(Refused, match="no incident INC-77"):
        do(ledger.record, 77, 500)


def test_the_standing_counts_what_is_owed_and_what_was_given_up(do):
    old, number, calm = do(begun), do(begun), do(declare)
    assert do(ledger.standings, number) == {number: Standing(owed=2, failed=1)}
    assert do(ledger.standings, old)[old] == Standing(owed=2, failed=1)
    assert calm not in do(ledger.standings, old)


def test_a_test_page_is_no_incident_and_is_found_by_its_number(do):
    real, test = do(declare), do(declare, post(), test=True)
    assert [each.number for each in do(ledger.latest, 3)] == [real]
    assert do(ledger.record, test, 9)[0].owed


def test_the_latest_incidents_are_the_newest_private_ones_too(do):
    numbers = [do(declare, private=n == 2) for n in range(4)]
    found = do(ledger.latest, 3)
    assert [each.number for each in found] == numbers[:0:-1]
    assert [each.private for each in found] == [False, True, False]


def test_what_is_in_hand_says_until_when(do):
    number = do(declare, page(), post())
    do(claim, "pagerduty")
    in_hand, waiting = do(owed, number)
    assert (in_hand.claimed, in_hand.state, in_hand.claimed_until) == (True, WAITING, after(20))
    assert waiting == replace(waiting, claimed=False, claimed_until=None)
