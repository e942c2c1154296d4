"""A test page: all means once, for the tester alone, and never a ladder."""

from datetime import timedelta

import pytest

from domain import outcomes, paging, phone, trials
from domain.errors import Refused
from domain.phone import News
from domain.record import Ref
from tests.domain.ledger import START, Ledger, effects
from tests.policies import policy


@pytest.fixture
def ledger():
    built = Ledger()
    draft = trials.draft("U0001", built.policy, START)
    built.record = built.blank(draft)
    decision, built.begun = trials.begin(draft, built.policy, START)
    built.apply(decision)
    return built


def test_every_means_at_once_and_nothing_else(ledger):
    assert [kind for kind, _ in effects(ledger.last)] == ["page", "call", "text"]
    assert {timer.kind for timer in ledger.last.timers} == {"test_over"}
    assert ledger.begun.means == ("slack", "phone", "sms")


def test_it_is_seen_by_nobody_else_and_goes_behind_everything_real(ledger):
    incident = ledger.record.incident
    assert incident.private and incident.drill and incident.test  # noqa: PT018
    assert incident.rank > max(ledger.policy.rank(each.name) for each in ledger.policy.severities)


def test_without_a_phone_company_or_a_place_in_the_configuration_it_is_a_message():
    own = policy("TWILIO")
    for who, rules in (("U0001", own), ("U9999", Ledger().policy)):
        _, begun = trials.begin(trials.draft(who, rules, START), rules, START)
        assert begun.means == ("slack",)


def test_a_refused_ring_rings_nobody_instead(ledger):
    row = next(o for o in ledger.record.owed if o.kind == "call")
    decision = outcomes.failed(ledger.record, ledger.policy, row, "refused", ledger.now)
    assert not [kind for kind, _ in effects(decision) if kind in paging.RINGS]
    assert not decision.timers


def test_a_ring_that_is_lost_rings_nobody_instead(ledger):
    news = News("text", "SM1", "undelivered", 42, "ana", ring=3)
    decision = phone.told(ledger.record, ledger.policy, Ref("text", "SM1", name="ana"), news, ledger.now)
    assert effects(decision) == []


def test_each_means_is_confirmed_once_by_the_tester_alone(ledger):
    for means in ("phone", "sms", "phone"):
        ledger.apply(trials.confirm(ledger.record, "U0001", means, ledger.now))
    assert trials.confirmed(ledger.record) == ("phone", "sms")
    assert ledger.record.incident.acknowledged_means == "phone"
    with pytest.raises(Refused):
        trials.confirm(ledger.record, "U0002", "button", ledger.now)


def test_it_ends_by_itself_and_what_is_owed_then_is_not_wanted(ledger):
    ledger.apply(trials.end(ledger.record, ledger.now + trials.LASTS))
    assert not ledger.record.incident.open
    rings = [o for o in ledger.record.owed if o.kind in paging.RINGS]
    assert len(rings) == 3
    assert all(paging.unwanted(o, ledger.record.incident) for o in rings)


def test_once_a_minute_is_enough(ledger):
    with pytest.raises(Refused, match="once a minute"):
        trials.must_wait(ledger.record, START + timedelta(seconds=59))
    trials.must_wait(ledger.record, START + timedelta(seconds=60))
    trials.must_wait(None, START)


def test_no_other_ring_waits_for_a_test(ledger):
    rings = [o for o in ledger.record.owed if o.kind in paging.RINGS]
    assert [o.kind for o in rings] == ["page", "call", "text"]
    assert all(o.data["test"] and o.data["asked"] for o in rings)
