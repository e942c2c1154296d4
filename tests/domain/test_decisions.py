"""What each verb changes, what it owes, and what it refuses; and that no order of verbs leads astray."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import decisions, paging
from domain.decision import MUSTER
from domain.errors import Refused
from domain.incidents import STATUSES
from domain.record import Ref
from service.deliveries import Vendors
from tests.domain.ledger import EVERY_VENDOR, Ledger, effects, said
from tests.policies import policy

ROOM = Ref("channel", "C0042", data={"name": "inc-42-db-down"})


@pytest.fixture
def ledger():
    built = Ledger()
    built.declare(services=("api",))
    built.know(ROOM)
    return built


def test_a_declaration_owes_a_page_a_room_announcements_an_issue_and_a_public_incident():
    owed = effects(Ledger().declare(respond_url="http://127.0.0.1/r"))
    assert [kind for kind, _ in owed] == [
        *("page", "create_room", "post_card", "set_topic", "invite", "announce", "pin_card"),
        *("tell", "respond", "create_issue", "create_status"),
    ]


def test_a_room_is_three_calls_one_after_another():
    waits = {each.kind: each.after for each in Ledger().declare().effects if each.lane == "slack"}
    assert {kind for kind, after in waits.items() if after == "create_room"} >= {"set_topic", "post_card", "invite"}
    assert waits["pin_card"] == "post_card"


def test_whoever_declares_leads_until_somebody_else_does():
    ledger = Ledger()
    ledger.declare(reporter="U0002")
    assert ledger.record.incident.commander == "U0002"


def test_where_a_machine_declared_whoever_answers_first_leads():
    ledger = Ledger()
    ledger.declare(reporter=MUSTER)
    assert ledger.record.incident.commander is None
    ledger.do(decisions.acknowledge, "U0003", "phone")
    assert ledger.record.incident.commander == "U0003"


@pytest.mark.parametrize("hidden", [{"private": True}, {"drill": True}])
def test_a_private_incident_and_a_drill_never_reach_an_announcement_or_the_public(hidden):
    ledger = Ledger(policy(STATUSPAGE_PAGE_ID="invented"))
    ledger.declare(services=("api",), **hidden)
    for verb, *words in (
        (decisions.acknowledge, "U0001", "button"),
        (decisions.update, "U0001", "our secret"),
        (decisions.set_status, "U0001", "monitoring", "our secret"),
        (decisions.resolve, "U0001", "our secret"),
        (decisions.reopen, "U0001", "our secret"),
    ):
        ledger.do(verb, *words)
    kinds = {each.kind for each in ledger.record.owed}
    assert kinds.isdisjoint({"announce", "refresh_announcement", "create_status", "update_status"})


def test_the_public_reads_the_template_and_nothing_that_was_typed(ledger):
    ledger.do(decisions.set_status, "U0001", "identified", "the intern tripped")
    ledger.do(decisions.resolve, "U0001", "fired the intern")
    public = [each.data for each in ledger.record.owed if each.lane == "statuspage"]
    assert len(public) == 3
    assert "intern" not in repr(public)
    assert "API" in public[0]["name"]


def test_a_severity_without_a_room_owes_none_and_answers_nowhere_else():
    owed = effects(Ledger().declare("SEV-4", respond_url="http://127.0.0.1/r"))
    assert [kind for kind, _ in owed] == ["create_issue"]


def test_a_severity_that_tells_somebody_sends_a_message_that_rings_nobody():
    decision = Ledger().declare("SEV-3")
    assert ("tell", "user:U0002") in effects(decision)
    assert not any(each.kind in paging.RINGS for each in decision.effects)


def test_an_acknowledgement_says_who_and_how_and_goes_to_every_page(ledger):
    decision = ledger.do(decisions.acknowledge, "U0002", "button")
    incident = ledger.record.incident
    assert (incident.acknowledged_by, incident.acknowledged_means, incident.acknowledged_at) == (
        *("U0002", "button"),
        ledger.now,
    )
    assert effects(decision, "pagerduty") == [("acknowledge", "1")]
    assert ("invite", "invite") in effects(decision)
    assert said(decision) == ["acknowledged"]
    assert incident.status == "investigating"


def test_an_acknowledgement_that_came_from_the_pager_is_not_sent_back_to_it(ledger):
    assert effects(ledger.do(decisions.acknowledge, "U0002", "pagerduty"), "pagerduty") == []


def test_the_second_acknowledgement_is_refused_in_words(ledger):
    ledger.do(decisions.acknowledge, "U0002", "button")
    assert ledger.refused(decisions.acknowledge, "U0003", "button") == "INC-42 is already acknowledged."


def test_statuses_move_forward_only_and_monitoring_is_when_the_harm_stopped(ledger):
    ledger.do(decisions.set_status, "U0001", "monitoring", "")
    assert ledger.record.incident.mitigated_at == ledger.now
    assert "only `/incident reopen` goes back" in ledger.refused(decisions.set_status, "U0001", "identified", "")
    assert "already" in ledger.refused(decisions.set_status, "U0001", "monitoring", "")
    assert "/incident resolve" in ledger.refused(decisions.set_status, "U0001", "resolved", "")


def test_a_resolution_needs_words_and_sets_the_archive_a_day_later(ledger):
    assert "Say what ended it" in ledger.refused(decisions.resolve, "U0001", "")
    ledger.do(decisions.resolve, "U0001", "restarted")
    incident = ledger.record.incident
    assert (incident.status, incident.resolution, incident.mitigated_at) == ("resolved", "restarted", ledger.now)
    ledger.wait(hours=23, minutes=59)
    assert ("archive", "room") not in [(o.kind, o.target) for o in ledger.record.owed]
    ledger.wait(minutes=1)
    assert effects(ledger.last) == [("archive", "room")]


def test_what_is_reopened_is_not_archived_and_rings_nobody_by_itself(ledger):
    ledger.do(decisions.resolve, "U0001", "restarted")
    rung = ledger.rung
    ledger.do(decisions.reopen, "U0001", "it is back")
    incident = ledger.record.incident
    assert (incident.status, incident.resolved_at, incident.resolution) == ("investigating", None, "")
    ledger.wait(days=3)
    assert ledger.rung == rung
    assert "archive" not in {each.kind for each in ledger.record.owed}


def test_a_room_in_the_archive_is_brought_back_before_anything_is_said_there(ledger):
    ledger.do(decisions.resolve, "U0001", "restarted")
    ledger.record = replace(ledger.record, refs=(replace(ROOM, data={"archived": True}),))
    decision = ledger.do(decisions.reopen, "U0001", "")
    assert effects(decision)[0] == ("unarchive", "room")


def test_only_what_is_resolved_is_closed_and_only_what_is_not_open_is_reopened(ledger):
    assert "Resolve it first" in ledger.refused(decisions.close, "U0001")
    assert "open already" in ledger.refused(decisions.reopen, "U0001", "")
    ledger.do(decisions.resolve, "U0001", "restarted")
    ledger.do(decisions.close, "U0001")
    assert ledger.record.incident.closed_at == ledger.now
    assert "closed already" in ledger.refused(decisions.close, "U0001")
    for verb, *words in ((decisions.update, "late"), (decisions.resolve, "again"), (decisions.acknowledge, "button")):
        assert ledger.refused(verb, "U0001", *words)


VERBS = {
    "acknowledge": lambda text: (decisions.acknowledge, "button"),
    "update": lambda text: (decisions.update, text),
    "identified": lambda text: (decisions.set_status, "identified", text),
    "monitoring": lambda text: (decisions.set_status, "monitoring", text),
    "resolve": lambda text: (decisions.resolve, text),
    "close": lambda text: (decisions.close,),
    "reopen": lambda text: (decisions.reopen, text),
    "publish": None,
    "wait": None,
    "deliver": None,
}


class Anything:
    """A vendor that has every verb."""

    def __getattr__(self, name):
        return name


PAGER, PHONE, TRACKER, PAGE = ({lane: Anything()} for lane in ("pagerduty", "twilio", "plane", "statuspage"))
KINDS = Vendors(Anything(), PAGER, PHONE, TRACKER, PAGE).verbs()

people = st.sampled_from(["U0001", "U0002", "U0003"])
steps = st.tuples(st.sampled_from(sorted(VERBS)), people, st.sampled_from(["", "a word"]), st.integers(1, 3000))


def consistent(ledger):
    incident = ledger.record.incident
    assert incident.status in STATUSES
    assert (incident.resolved_at is not None) == (not incident.open)
    assert (incident.closed_at is not None) == (incident.status == "closed")
    assert bool(incident.acknowledged_by) == (incident.acknowledged_at is not None)
    assert incident.open or incident.resolution
    if incident.acknowledged_at or not incident.open:
        assert ledger.waiting_timers().isdisjoint(paging.LADDER)
    if incident.open:
        assert "archive_channel" not in ledger.waiting_timers()
    assert all(each.kind in KINDS[each.lane] for each in ledger.record.owed)


@settings(max_examples=150, deadline=None)
@given(
    severity=st.sampled_from([each.name for each in EVERY_VENDOR.severities]),
    private=st.booleans(),
    vendors_answer=st.booleans(),
    story=st.lists(steps, max_size=14),
)
def test_any_order_of_verbs_leaves_a_consistent_incident_a_growing_timeline_and_no_ring_after_an_answer(
    severity, private, vendors_answer, story
):
    ledger = Ledger()
    ledger.vendors_answer = vendors_answer
    ledger.declare(severity, services=("api",), private=private)
    ledger.know(ROOM)
    answered_with = None
    for verb, who, text, minutes in story:
        before = ledger.record
        with suppress(Refused):
            match verb:
                case "wait":
                    ledger.wait(minutes=minutes)
                case "deliver":
                    ledger.deliver()
                case "publish":
                    ledger.apply(decisions.publish_status(ledger.record, ledger.policy, who))
                case _:
                    deed, *words = VERBS[verb](text)
                    ledger.do(deed, who, *words)
        assert ledger.record.timeline[: len(before.timeline)] == before.timeline
        consistent(ledger)
        if answered_with is not None:
            assert ledger.rung == answered_with
        if ledger.record.incident.acknowledged_at and answered_with is None:
            answered_with = ledger.rung
