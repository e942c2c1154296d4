"""Who is rung, when and by what, until somebody answers; and nobody after that."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import decisions, fallback, paging
from domain.record import FAILED
from tests.domain.ledger import START, Ledger, effects, said
from tests.policies import policy

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ledger():
    return Ledger()


def own(*off):
    """Muster's own ladder: no pager's vendor."""
    return Ledger(policy("PAGERDUTY", *off))


def test_the_pager_is_owed_first_of_all(ledger):
    assert effects(ledger.declare())[0] == ("page", "1")


@pytest.mark.parametrize("severity", ["SEV-3", "SEV-4"])
def test_what_does_not_page_rings_nobody_ever(ledger, severity):
    ledger.declare(severity)
    ledger.wait(days=2)
    assert ledger.rung == []


def test_the_ladder_climbs_from_the_engineer_to_the_lead_to_the_cto_and_begins_again(ledger):
    ledger.declare()
    ledger.wait(minutes=61)
    people = [(minute, who) for minute, kind, who in ledger.rung if kind == "call"]
    assert people == [(2, "ana"), (5, "ben"), (20, "chris"), (60, "ana")]
    # Ben, Chris and Ana again: where the top is asked at once, that is all that is said.
    told = [each.data.get("again") for each in ledger.record.owed if each.data.get("say") == "nobody_acknowledged"]
    assert told == [None] * 3


def test_each_call_comes_with_a_text_and_to_the_same_person(ledger):
    ledger.declare()
    ledger.wait(minutes=6)
    rung = ledger.rung
    assert [each for each in rung if each[1] == "call"] == [(m, "call", who) for m, kind, who in rung if kind == "text"]


def test_a_severity_that_does_not_phone_climbs_by_message_only(ledger):
    ledger.declare("SEV-2")
    ledger.wait(minutes=30)
    assert {kind for _, kind, _ in ledger.rung} == {"page"}
    assert [who for _, _, who in ledger.rung] == ["pagerduty", "ben", "chris"]


def test_without_a_pager_s_vendor_the_first_ring_is_a_direct_message():
    ledger = own()
    ledger.declare()
    assert ledger.rung == [(0, "page", "ana")]


def test_without_a_phone_the_ladder_climbs_all_the_same():
    ledger = own("TWILIO")
    ledger.declare()
    ledger.wait(minutes=21)
    assert [(minute, who) for minute, _, who in ledger.rung] == [(0, "ana"), (5, "ben"), (20, "chris")]


@pytest.mark.parametrize("minutes", [0, 1, 3, 7, 30, 90])
def test_an_acknowledgement_at_any_time_is_the_end_of_ringing(ledger, minutes):
    ledger.declare()
    ledger.wait(minutes=minutes)
    before = ledger.rung
    decision = ledger.do(decisions.acknowledge, "U0002", "button")
    assert set(paging.LADDER) <= set(decision.cancel)
    ledger.wait(days=3)
    assert ledger.rung == before


def test_a_resolution_is_the_end_of_ringing_too(ledger):
    ledger.declare()
    ledger.do(decisions.resolve, "U0001", "restarted")
    before = ledger.rung
    ledger.wait(days=3)
    assert ledger.rung == before


def test_a_page_without_success_for_a_minute_is_replaced_by_message_and_phone_and_said(ledger):
    ledger.vendors_answer = False
    ledger.declare()
    ledger.wait(seconds=60)
    assert [(kind, who) for _, kind, who in ledger.rung[1:]] == [("page", "ana"), ("call", "ana"), ("text", "ana")]
    assert said(ledger.last) == ["page_failed"]
    assert ledger.last.entries[0].data["instead_of"] == "pagerduty"


def test_a_delivered_page_is_not_replaced(ledger):
    ledger.declare()
    ledger.wait(seconds=60)
    assert len(ledger.rung) == 1


def test_a_refused_page_is_replaced_at_once_and_only_once(ledger):
    ledger.declare()
    [page] = [each for each in ledger.record.owed if each.kind == "page"]
    first = ledger.apply(fallback.next_means(ledger.record, ledger.policy, page, "invalid key", ledger.now))
    again = fallback.next_means(ledger.record, ledger.policy, page, "invalid key", ledger.now)
    assert [kind for kind, _ in effects(first) if kind in paging.RINGS] == ["page", "call", "text"]
    assert (again.effects, again.entries) == ((), ())


def test_nobody_is_called_twice_in_one_round_of_one_level(ledger):
    ledger.vendors_answer = False
    ledger.declare()
    ledger.wait(minutes=4)
    calls = [who for _, kind, who in ledger.rung if kind == "call"]
    assert calls == ["ana"]


def test_where_answers_in_the_pager_cannot_be_seen_the_room_is_asked_and_nobody_is_called():
    ledger = Ledger(policy("PAGERDUTY_WEBHOOK"))
    ledger.declare()
    ledger.wait(minutes=2)
    assert said(ledger.last) == ["unseen_acknowledgement"]
    ledger.wait(minutes=90)
    assert {kind for _, kind, _ in ledger.rung} == {"page"}


def test_a_ring_is_unwanted_after_an_answer_unless_a_person_asked_for_it(ledger):
    ledger.declare()
    [page] = [each for each in ledger.record.owed if each.kind == "page"]
    asked = replace(page, data={**page.data, "asked": True})
    assert paging.unwanted(page, ledger.record.incident) == ""
    ledger.do(decisions.acknowledge, "U0001", "button")
    incident = ledger.record.incident
    assert "acknowledged" in paging.unwanted(page, incident)
    assert paging.unwanted(asked, incident) == ""
    assert paging.unwanted(replace(page, kind="post"), incident) == ""


def test_a_ring_that_failed_for_good_does_not_stop_the_ladder(ledger):
    ledger.vendors_answer = False
    ledger.declare()
    ledger.record = replace(ledger.record, owed=tuple(replace(each, state=FAILED) for each in ledger.record.owed))
    ledger.wait(minutes=21)
    assert {"ben", "chris"} <= {who for _, kind, who in ledger.rung if kind == "call"}


def test_the_acknowledgement_is_owed_by_when_the_severity_says(ledger):
    ledger.declare()
    assert ledger.record.incident.sla_due_at == START + 5 * MINUTE
