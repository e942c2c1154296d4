"""What people do in the pager's app: an answer stops the ladder, all else is told, nothing resolves an incident."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import alerts, decisions, pager, paging
from domain.decision import MUSTER
from domain.pager import HEARD, TOLD, News
from domain.record import FAILED
from tests.domain.ledger import START, Ledger, effects, said
from tests.policies import policy

KEY = "muster-1a2b3c4d-42"
POLLED = policy("PAGERDUTY_WEBHOOK", PAGERDUTY_API_KEY="invented")


def paged(rules=POLLED):
    ledger = Ledger(rules)
    ledger.declare()
    ledger.deliver()
    return ledger


def hear(ledger, what, by="U0002", **more):
    return ledger.apply(pager.heard(ledger.record, ledger.policy, News(what, "pagerduty", KEY, by, **more), ledger.now))


def test_an_answer_in_the_app_is_an_answer_here_and_is_not_sent_back():
    ledger = paged()
    decision = hear(ledger, "acknowledged")
    incident = ledger.record.incident
    assert (incident.acknowledged_by, incident.acknowledged_means) == ("U0002", "pagerduty")
    assert ledger.waiting_timers().isdisjoint(paging.LADDER)
    assert effects(decision, "pagerduty") == []


@pytest.mark.parametrize("what", ["acknowledged", "resolved"])
def test_the_same_answer_again_changes_nothing(what):
    ledger = paged()
    hear(ledger, what)
    again = hear(ledger, what)
    assert (again.entries, again.effects, again.timers) == ((), (), ())


def test_a_second_person_in_the_app_does_not_take_it_from_the_first():
    ledger = paged()
    hear(ledger, "acknowledged")
    hear(ledger, "acknowledged", by="U0003")
    assert ledger.record.incident.acknowledged_by == "U0002"


@pytest.mark.parametrize("what", ["acknowledged", "resolved"])
def test_a_machine_is_nobody_who_answers(what):
    ledger = paged()
    hear(ledger, what, human=False)
    assert ledger.record.incident.acknowledged_at is None
    ledger.wait(minutes=3)
    assert [who for _, kind, who in ledger.rung if kind == "call"] == ["ana"]


def test_a_resolution_in_the_app_is_an_answer_and_leaves_the_incident_open():
    ledger = paged()
    decision = hear(ledger, "resolved")
    incident = ledger.record.incident
    assert incident.open
    assert incident.acknowledged_by == "U0002"
    assert said(decision) == ["acknowledged", "pager_news"]
    assert ledger.waiting_timers().isdisjoint(paging.LADDER)


def test_a_resolution_after_an_answer_is_only_told():
    ledger = paged()
    ledger.do(decisions.acknowledge, "U0001", "button")
    assert said(hear(ledger, "resolved")) == ["pager_news"]
    assert ledger.record.incident.acknowledged_by == "U0001"


@pytest.mark.parametrize("what", HEARD)
def test_once_an_incident_is_resolved_nothing_follows(what):
    ledger = paged()
    ledger.do(decisions.resolve, "U0001", "restarted")
    decision = hear(ledger, what)
    assert (decision.entries, decision.effects, decision.timers) == ((), (), ())


def test_a_page_from_before_the_resolution_is_not_looked_for_after_a_reopening():
    ledger = paged()
    assert [page.key for page in pager.pages_out(ledger.record, "pagerduty")] == [KEY]
    ledger.now += timedelta(minutes=10)
    ledger.do(decisions.resolve, "U0001", "restarted")
    ledger.do(decisions.reopen, "U0001", "")
    assert pager.pages_out(ledger.record, "pagerduty") == ()
    assert hear(ledger, "resolved").entries == ()


@pytest.mark.parametrize("what", TOLD)
def test_what_else_happens_is_written_down_and_said_and_changes_nothing(what):
    ledger = paged()
    before = (ledger.record.incident, ledger.waiting_timers())
    decision = hear(ledger, what, text="Ben")
    assert said(decision) == ["pager_news"]
    assert (ledger.record.incident, ledger.waiting_timers()) == before
    assert decision.entries[0].author == "U0002"


def test_a_note_is_a_note_on_the_timeline():
    decision = hear(paged(), "annotated", text="I am on the train")
    assert [(entry.kind, entry.data["text"]) for entry in decision.entries] == [("note", "I am on the train")]


def test_triggered_says_nothing():
    decision = hear(paged(), "triggered")
    assert (decision.entries, decision.effects) == ((), ())


def blind(ledger):
    return ledger.apply(pager.blind(ledger.record, ledger.policy, "pagerduty", "it is down"))


def sighted(ledger):
    return ledger.apply(pager.sighted(ledger.record, ledger.policy, "pagerduty", ledger.now))


def test_while_nobody_can_look_the_timers_ask_in_the_room_and_go_on_afterwards():
    ledger = paged()
    assert said(blind(ledger)) == ["pager_blind"]
    assert said(blind(ledger)) == []
    ledger.wait(minutes=6)
    assert [kind for _, kind, _ in ledger.rung] == ["page"]
    asked = [each.due_at - START for each in ledger.record.owed if each.data.get("say") == "unseen_acknowledgement"]
    assert asked[-1] == timedelta(minutes=5)

    assert said(sighted(ledger)) == ["pager_sighted"]
    assert said(sighted(ledger)) == []
    ledger.wait(minutes=1)
    assert [(minute, who) for minute, kind, who in ledger.rung if kind == "call"] == [(6, "ben"), (6, "ana")]


def test_a_moment_without_sight_costs_no_step_and_none_is_taken_twice():
    ledger = paged()
    blind(ledger)
    ledger.wait(minutes=1)
    sighted(ledger)
    ledger.wait(minutes=6)
    assert [(minute, who) for minute, kind, who in ledger.rung if kind == "call"] == [(2, "ana"), (5, "ben")]


def test_sight_that_comes_back_after_an_answer_rings_nobody():
    ledger = paged()
    blind(ledger)
    ledger.do(decisions.acknowledge, "U0001", "button")
    decision = sighted(ledger)
    assert (decision.timers, said(decision)) == ((), [])


def test_once_somebody_answered_it_does_not_matter_who_can_look():
    ledger = paged()
    ledger.do(decisions.acknowledge, "U0001", "button")
    decision = blind(ledger)
    assert (decision.entries, decision.effects, decision.timers) == ((), (), ())


def test_a_vendor_that_took_no_page_has_nobody_who_could_have_answered_there():
    ledger = Ledger(policy("PAGERDUTY_WEBHOOK"))
    ledger.declare()
    refused = [replace(o, state=FAILED, attempts=1) if o.kind == "page" else o for o in ledger.record.owed]
    ledger.record = replace(ledger.record, owed=tuple(refused))
    ledger.vendors_answer = False
    ledger.wait(minutes=3)
    assert [who for _, kind, who in ledger.rung if kind == "call"] == ["ana"]


@pytest.mark.parametrize(
    ("rules", "seen"),
    [
        (policy(), True),
        (POLLED, True),
        (policy("PAGERDUTY_WEBHOOK"), False),
        (policy("PAGERDUTY", OPSGENIE_API_KEY="invented"), True),
        (policy("PAGERDUTY"), True),
    ],
)
def test_whether_an_answer_in_the_app_is_seen(rules, seen):
    assert rules.pager_is_seen is seen


@pytest.mark.parametrize(
    ("rules", "lane"),
    [
        (policy(OPSGENIE_API_KEY="invented"), "pagerduty"),
        (policy("PAGERDUTY", OPSGENIE_API_KEY="invented"), "opsgenie"),
        (policy("PAGERDUTY"), "muster"),
    ],
)
def test_auto_is_the_first_vendor_whose_secrets_are_set(rules, lane):
    assert rules.pager == lane


def test_people_are_known_by_their_addresses_in_whatever_case():
    assert [POLLED.slack_id_of(each) for each in ("ANA@example.com", "dana@example.com", "")] == ["U0001", "", ""]


def test_every_page_has_its_own_key():
    record = paged().record
    assert [alerts.key_of(record, target) for target in ("", "1", "2")] == [KEY, KEY, f"{KEY}-2"]


def test_who_is_not_named_is_muster():
    assert News("triggered", "pagerduty", KEY).by == MUSTER
