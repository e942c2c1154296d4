"""A page's alerts with the vendors: keys that are never used twice, answers that reach all, and whoever is left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import alerts, asking, decisions, fallback, ladder, pager, paging
from domain.pager import News
from domain.record import WAITING
from tests.domain.ledger import Ledger, effects, said
from tests.policies import policy

KEY = "muster-1a2b3c4d-42"
BOTH = policy(OPSGENIE_API_KEY="invented")


def declared(rules=None, delivered=True, **more):
    ledger = Ledger(rules) if rules else Ledger()
    ledger.declare(**more)
    if delivered:
        ledger.deliver()
    return ledger


def page_again(ledger):
    return ledger.apply(ladder.page_again(ledger.record, ledger.policy, ledger.now))


def forget_what_was_done(ledger):
    """As the outbox does after its retention."""
    ledger.record = replace(ledger.record, owed=tuple(o for o in ledger.record.owed if o.state == WAITING))


def refuse(ledger, *lanes):
    """Whatever is owed to these lanes is tried, and refused for good; until nothing more follows."""
    while fresh := [o for o in ledger.record.owed if o.lane in lanes and o.kind in paging.RINGS and not o.attempts]:
        tried = [replace(o, attempts=1, error="refused") if o in fresh else o for o in ledger.record.owed]
        ledger.record = replace(ledger.record, owed=tuple(tried))
        for owed in fresh:
            now = replace(owed, attempts=1, error="refused")
            ledger.apply(fallback.next_means(ledger.record, ledger.policy, now, "refused", ledger.now))


# keys


def test_a_new_page_has_a_key_of_its_own_also_when_the_outbox_has_forgotten_the_one_before():
    ledger = declared()
    ledger.do(decisions.acknowledge, "U0001", "button")
    ledger.deliver()
    forget_what_was_done(ledger)
    page_again(ledger)
    kept = [ref.value for ref in ledger.record.refs if ref.kind == alerts.KEY]
    assert kept == [KEY, f"{KEY}-2"]


@pytest.mark.parametrize("again", [page_again, lambda ledger: ledger.do(asking.escalate, "U0001", "button")])
def test_a_resolution_reaches_every_alert_there_ever_was(again):
    ledger = declared()
    ledger.do(decisions.acknowledge, "U0001", "button")
    again(ledger)
    ledger.deliver()
    forget_what_was_done(ledger)
    assert effects(ledger.do(decisions.resolve, "U0001", "restarted"), "pagerduty") == [
        ("resolve", "1"),
        ("resolve", "2"),
    ]


def test_an_answer_to_one_alert_in_the_app_silences_the_others_there():
    ledger = declared()
    page_again(ledger)
    heard = News("acknowledged", "pagerduty", f"{KEY}-2", "U0002")
    decision = ledger.apply(pager.heard(ledger.record, ledger.policy, heard, ledger.now))
    assert effects(decision, "pagerduty") == [("acknowledge", "1")]


# a new page from the top


def test_a_new_page_begins_the_ladder_anew_and_its_old_timers_are_gone():
    ledger = declared()
    ledger.now += timedelta(minutes=1)
    page_again(ledger)
    due = {(timer.kind, (timer.due_at - ledger.now) // timedelta(minutes=1)) for timer in ledger.record.timers}
    assert {each for each in due if each[0] == "acknowledge_timeout"} == {("acknowledge_timeout", 5)}
    assert {each for each in due if each[0] == "phone_call"} == {("phone_call", 2)}


def test_a_new_page_by_muster_itself_calls_at_once_and_not_once_more_at_the_time_of_the_first():
    ledger = declared(policy("PAGERDUTY"))
    ledger.now += timedelta(minutes=1)
    page_again(ledger)
    ledger.wait(minutes=3)
    assert [(minute, who) for minute, kind, who in ledger.rung if kind == "call"] == [(1, "ana")]


def test_after_an_acknowledgement_a_new_page_goes_out_alone_and_is_watched_until_it_is_through():
    ledger = declared()
    ledger.do(decisions.acknowledge, "U0001", "button")
    decision = page_again(ledger)
    [page] = [each for each in decision.effects if each.kind == "page"]
    assert page.data["asked"]
    assert [timer.kind for timer in decision.timers] == ["page_overdue"]
    ledger.vendors_answer = False
    ledger.wait(minutes=1)
    assert ("page", "ana") in {(kind, who) for _, kind, who in ledger.rung}


def test_musters_own_ladder_begins_its_next_round_and_does_not_say_that_nobody_answered():
    ledger = declared(policy("PAGERDUTY"))
    ledger.do(decisions.acknowledge, "U0001", "button")
    decision = page_again(ledger)
    assert paging.people_of(decision) == ("U0001",)
    assert said(decision) == ["paged_again"]
    assert paging.standing(ledger.record).round == 2


def test_a_severity_that_pages_nobody_is_not_paged_again():
    assert page_again(declared(severity="SEV-4")).effects == ()


# whoever is left


def test_a_second_vendor_is_asked_when_nobody_in_the_ladder_is_reached():
    ledger = declared(BOTH, delivered=False)
    refuse(ledger, "pagerduty", paging.MESSAGES, "twilio")
    assert [(o.lane, o.target) for o in ledger.record.owed if o.data.get("spare")] == [("opsgenie", "1")]
    [alarm] = [e for e in ledger.record.entries("page") if e.data["step"] == "nobody"]
    assert alarm.data["means"] == ["opsgenie"]


def test_a_second_vendor_is_left_alone_while_anybody_is_reached():
    ledger = declared(BOTH, delivered=False)
    refuse(ledger, "pagerduty")
    ledger.deliver()
    ledger.wait(hours=3)
    assert [o for o in ledger.record.owed if o.lane == "opsgenie"] == []


def test_that_the_second_vendor_has_failed_too_is_said_once():
    ledger = declared(BOTH, delivered=False)
    refuse(ledger, "pagerduty", paging.MESSAGES, "twilio", "opsgenie")
    failures = [o.data["lane"] for o in ledger.record.owed if o.data.get("say") == "page_failed"]
    assert failures.count("opsgenie") == 1


def test_the_second_vendor_is_asked_anew_in_each_round_and_hears_of_the_answer():
    ledger = declared(BOTH, delivered=False)
    refuse(ledger, "pagerduty", paging.MESSAGES, "twilio")
    ledger.vendors_answer = False
    ledger.wait(minutes=61)
    refuse(ledger, "pagerduty", paging.MESSAGES, "twilio")
    decision = ledger.do(decisions.acknowledge, "U0003", "command")
    assert effects(decision, "opsgenie") == [("acknowledge", "1"), ("acknowledge", "2")]


# e-mail


def test_everybody_on_the_ladder_is_written_to_once_nobody_can_be_rung_and_the_ladder_begins_again():
    ledger = declared(policy("PAGERDUTY", SMTP_URL="smtp://127.0.0.1:25"), delivered=False)
    refuse(ledger, paging.MESSAGES, "twilio")
    written = [o.data["person"] for o in ledger.record.owed if o.kind == "email"]
    assert written == ["ana", "ben", "chris"]
    assert "repeat_ladder" in ledger.waiting_timers()
    assert [e for e in ledger.record.entries("page") if e.data["step"] == "nobody"]


def test_no_level_writes_unless_it_says_so():
    ledger = declared(policy("PAGERDUTY", SMTP_URL="smtp://127.0.0.1:25"))
    ledger.wait(hours=2)
    assert [o for o in ledger.record.owed if o.kind == "email"] == []
