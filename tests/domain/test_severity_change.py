"""Raised, an incident asks for all that the new severity has; lowered, it rings nobody, and says so in one line."""

import pytest

from domain import affected, decisions, pager, severity_change
from domain.incidents import RESOLVED
from domain.paging import LADDER
from domain.policy import Policy
from domain.record import Ref
from service import config
from tests.domain.ledger import Ledger, effects, said
from tests.policies import EVERY_VENDOR, policy
from tests.world import ROOT as CHECKOUT

ROOM = Ref("channel", "C0042", data={"name": "inc-42-db-down"})
PUBLIC = Ref("status_incident", "inc1", name="statuspage")
OWN_LADDER = policy("PAGERDUTY")


def begun(severity, rules=None, *refs, **changes):
    ledger = Ledger(rules) if rules else Ledger()
    ledger.declare(severity, **changes)
    ledger.deliver()
    ledger.know(*refs)
    return ledger


def change(ledger, severity, why=""):
    return ledger.do(severity_change.change, "U0003", severity, why)


def line(ledger):
    """What the room and the answer say of it."""
    return ledger.record.entries(severity_change.KIND)[-1].data


def test_raised_it_pages_by_the_new_severity_even_after_an_acknowledgement():
    ledger = begun("SEV-2", None, ROOM)
    ledger.do(decisions.acknowledge, "U0001", "button")
    decision = change(ledger, "SEV-1", "all of it is down")

    assert effects(decision, "pagerduty") == [("page", "2")]
    assert decision.effects[0].kind == "page"
    assert line(ledger)["people"] == ["U0001"]
    assert (ledger.record.incident.severity, ledger.record.incident.rank) == ("SEV-1", 0)


def test_raised_from_a_severity_that_paged_nobody_the_first_page_has_the_bare_key():
    assert effects(change(begun("SEV-3", None, ROOM), "SEV-1"), "pagerduty") == [("page", "1")]


def test_raised_the_phone_rings_as_the_new_severity_says():
    ledger = begun("SEV-2", None, ROOM)
    assert "phone_call" not in ledger.waiting_timers()
    change(ledger, "SEV-1")
    ledger.wait(minutes=2)

    assert ("call", "ana") in {(kind, who) for _, kind, who in ledger.rung}


def test_raised_twice_the_phone_of_the_first_time_is_not_left_running():
    ledger = begun("SEV-1", None, ROOM)
    change(ledger, "SEV-2")
    change(ledger, "SEV-1")

    assert [timer.kind for timer in ledger.record.timers].count("phone_call") == 1
    assert [timer.kind for timer in ledger.record.timers].count("acknowledge_timeout") == 1


def test_raised_with_musters_own_ladder_the_first_level_is_rung_anew():
    ledger = begun("SEV-2", OWN_LADDER, ROOM)
    ledger.do(decisions.acknowledge, "U0001", "button")
    change(ledger, "SEV-1")

    assert [who for _, kind, who in ledger.rung if kind == "page"] == ["ana", "ana"]
    assert "call" in {kind for _, kind, _ in ledger.rung}
    assert ledger.record.entries("page")[-1].data["step"] == "page"


def test_raised_from_no_room_it_gets_one_with_all_that_belongs_to_it():
    decision = change(begun("SEV-4"), "SEV-2")
    kinds = [kind for kind, _ in effects(decision)]

    assert kinds.index("page") < kinds.index("create_room") < kinds.index("post_card") < kinds.index("announce")
    assert decision.effects[kinds.index("announce")].after == "create_room"
    assert said(decision) == ["severity", "ask_status_page"]


def test_raised_it_is_announced_only_where_it_was_not_yet():
    added = policy(SLACK_INCIDENTS_CHANNEL_ID="C0INCIDENTS")
    ledger = begun("SEV-3", added, ROOM)
    assert [target for kind, target in effects(change(ledger, "SEV-1")) if kind == "announce"] == []

    ledger = begun("SEV-4", added, ROOM)
    assert [target for kind, target in effects(change(ledger, "SEV-3")) if kind == "announce"] == [
        "C0INCIDENTS",
        "C0DEVTEAM",
    ]
    assert line(ledger)["channels"] == ["C0INCIDENTS", "C0DEVTEAM"]


def test_whoever_was_told_under_a_graver_severity_is_told_to_the_end():
    ledger = begun("SEV-3", None, ROOM)
    change(ledger, "SEV-4")
    ended = ledger.do(decisions.resolve, "U0001", "done")

    assert {target for kind, target in effects(ended) if kind == "refresh_announcement"} == {"C0INCIDENTS", "C0DEVTEAM"}


@pytest.mark.parametrize(
    ("before", "after", "public"),
    [("SEV-3", "SEV-1", "opened"), ("SEV-3", "SEV-2", "asked"), ("SEV-4", "SEV-3", ""), ("SEV-2", "SEV-3", "")],
)
def test_the_public_learns_what_the_new_severity_says(before, after, public):
    ledger = begun(before, None, ROOM)
    change(ledger, after)
    assert line(ledger)["public"] == public


def test_the_commander_is_asked_once_whether_to_tell_the_public():
    ledger = begun("SEV-3", None, ROOM)
    assert "ask_status_page" in said(change(ledger, "SEV-2"))
    change(ledger, "SEV-3")
    assert "ask_status_page" not in said(change(ledger, "SEV-2"))


def test_what_the_public_knows_of_already_is_told_anew_when_it_gets_worse_and_only_shown_when_it_gets_better():
    ledger = begun("SEV-2", None, ROOM, PUBLIC, services=("api",))
    [worse] = [each for each in change(ledger, "SEV-1").effects if each.lane == "statuspage"]
    assert (worse.data["body"], worse.data["components"]) == (
        "API: outage. We are investigating.",
        {"cmpapi000001": "major_outage"},
    )
    assert (worse.data["name"], worse.data.get("quiet")) == ("API: outage", None)

    [better] = [each for each in change(ledger, "SEV-3").effects if each.lane == "statuspage"]
    assert (better.data["quiet"], better.data["components"]) == (True, {"cmpapi000001": "degraded_performance"})


@pytest.mark.parametrize("hidden", [{"private": True}, {"drill": True}])
def test_a_private_incident_and_a_drill_are_raised_without_a_word_to_others(hidden):
    decision = change(begun("SEV-3", None, ROOM, **hidden), "SEV-1")
    assert {"announce", "create_status", "refresh_announcement"}.isdisjoint(kind for kind, _ in effects(decision))


def test_lowered_to_what_pages_nobody_the_ladder_stops_and_the_vendors_alert_ends():
    ledger = begun("SEV-1", None, ROOM)
    decision = change(ledger, "SEV-3")

    assert ledger.waiting_timers().isdisjoint(LADDER)
    assert effects(decision, "pagerduty") == [("resolve", "1")]
    assert line(ledger)["silenced"]
    assert not line(ledger)["people"]
    assert {each["kind"] for each in line(ledger)["cancelled"]} == {"phone_call", "acknowledge_timeout", "page_overdue"}
    ledger.wait(hours=3)
    assert [kind for _, kind, _ in ledger.rung] == ["page"]


def test_that_we_ended_the_alert_is_known_so_that_news_of_it_is_no_answer():
    ledger = begun("SEV-1", None, ROOM)
    change(ledger, "SEV-3")
    news = pager.News(pager.ENDED, "pagerduty", "muster-1a2b3c4d-42", by="U0002")
    assert not pager.heard(ledger.record, ledger.policy, news, ledger.now).entries
    assert ledger.record.incident.acknowledged_at is None

    change(ledger, "SEV-1")
    again = pager.News(pager.ACKNOWLEDGED, "pagerduty", "muster-1a2b3c4d-42-2", by="U0002")
    assert pager.heard(ledger.record, ledger.policy, again, ledger.now).incident.acknowledged_by == "U0002"


def test_lowered_before_anybody_answered_those_are_told_whom_the_new_severity_tells():
    assert ("tell", "user:U0002") in effects(change(begun("SEV-2", None, ROOM), "SEV-3"))


def test_lowered_to_what_pages_without_the_phone_only_the_phone_is_cancelled():
    ledger = begun("SEV-1", None, ROOM)
    change(ledger, "SEV-2")
    assert "phone_call" not in ledger.waiting_timers()
    assert "acknowledge_timeout" in ledger.waiting_timers()
    assert (line(ledger)["goes_on"], line(ledger)["no_phone"], line(ledger)["silenced"]) == (True, True, False)


def test_a_ring_that_is_still_owed_is_taken_back_and_one_in_somebodys_hands_is_not():
    ledger = Ledger()
    ledger.declare("SEV-1")
    assert [row.kind for row in severity_change.unsent(ledger.record, ledger.policy, "SEV-3")] == ["page"]
    assert severity_change.unsent(ledger.record, ledger.policy, "SEV-2") == ()
    change(ledger, "SEV-3")
    assert ledger.record.entries("delivery")[-1].data["result"] == severity_change.LOWERED


def test_the_promise_to_answer_begins_anew_and_one_that_was_kept_stays_kept():
    ledger = begun("SEV-3", None, ROOM)
    ledger.wait(minutes=30)
    change(ledger, "SEV-1")
    assert (ledger.record.incident.sla_due_at - ledger.now).total_seconds() == 300

    change(ledger, "SEV-2")
    assert (ledger.record.incident.sla_due_at - ledger.record.incident.detected_at).total_seconds() == 900

    ledger.do(decisions.acknowledge, "U0001", "button")
    kept = ledger.record.incident.sla_due_at
    change(ledger, "SEV-1")
    assert ledger.record.incident.sla_due_at == kept


def test_the_notices_are_those_of_the_new_severity_counted_from_the_beginning():
    ledger = begun("SEV-2", None, ROOM)
    ledger.wait(minutes=20)
    decision = change(ledger, "SEV-1")

    assert [target for kind, target in effects(decision) if kind == "tell"] == ["user:U0002", "user:U0003"]
    due = [int((t.due_at - ledger.record.incident.detected_at).total_seconds() / 60) for t in decision.timers]
    assert [m for m, t in zip(due, decision.timers, strict=True) if t.kind == "notice"] == [30, 60]


def test_after_the_resolution_only_the_record_is_put_right():
    ledger = begun("SEV-2", None, ROOM)
    ledger.do(decisions.resolve, "U0001", "restarted")
    decision = change(ledger, "SEV-1")

    assert ledger.record.incident.status == RESOLVED
    assert {"page", "announce", "create_status", "create_room"}.isdisjoint(kind for kind, _ in effects(decision))
    assert ("refresh_issue", "issue") in effects(decision)
    assert decision.timers == ()


def test_what_cannot_be_changed_is_refused_with_what_to_do():
    ledger = begun("SEV-2", None, ROOM)
    assert ledger.refused(severity_change.change, "U0001", "SEV-2", "") == "INC-42 is SEV-2 already."
    assert "There are SEV-1, SEV-2" in ledger.refused(severity_change.change, "U0001", "SEV-9", "")
    ledger.do(decisions.resolve, "U0001", "restarted")
    ledger.do(decisions.close, "U0001")
    assert "`/incident reopen INC-42`" in ledger.refused(severity_change.change, "U0001", "SEV-1", "")


def test_the_tracker_hears_of_it_and_the_topic_shows_it():
    owed = effects(change(begun("SEV-2", None, ROOM), "SEV-1"))
    assert {("comment", "issue"), ("refresh_issue", "issue"), ("set_topic", "topic")} <= set(owed)


def test_groups_that_the_new_severity_or_a_service_names_are_let_in_once(tmp_path):
    written = (CHECKOUT / "config.yaml").read_text(encoding="utf-8")
    named = written.replace("invite: []", "invite: [S0SEV]", 1).replace("invite: []", "invite: [S0API]", 1)
    (tmp_path / "config.yaml").write_text(named, encoding="utf-8")
    ledger = begun("SEV-2", Policy(config.load(tmp_path / "config.yaml", EVERY_VENDOR)), ROOM)

    assert groups(change(ledger, "SEV-1")) == ["S0SEV"]
    assert groups(ledger.do(affected.change, "U0001", affected.read("api"))) == ["S0API"]
    change(ledger, "SEV-2")
    assert groups(change(ledger, "SEV-1")) == []
    assert groups(Ledger(ledger.policy).declare("SEV-1", services=("api",))) == ["S0SEV", "S0API"]


def groups(decision):
    return [each.data["group"] for each in decision.effects if each.kind == "invite_group"]
