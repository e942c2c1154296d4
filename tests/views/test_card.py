"""The card tells the state of things and offers what can be done about it."""

from dataclasses import replace

import pytest

from domain.decision import Entry
from domain.record import DELIVERED, FAILED, Ref
from tests.views.reading import buttons, labels, words
from tests.views.samples import ACKNOWLEDGED, CLOSED, FRESH, LOOK, PAGE, RESOLVED, RUNBOOKS, TROUBLED, after, owed
from views.card import card


def test_an_open_incident_can_be_acknowledged_updated_and_resolved():
    seen = labels(card(FRESH, **LOOK))
    assert seen == ["Undo", "Acknowledge", "Escalate", "Add update", "Mark resolved", "Roles", "Runbooks"]
    pressed = buttons(card(FRESH, **LOOK))
    assert {each["value"] for each in pressed.values() if each["type"] == "button"} == {"42"}


def test_what_is_wanted_seldom_is_behind_the_three_dots_of_an_open_incident():
    offered = buttons(card(FRESH, **LOOK))["more"]["options"]
    assert [each["value"] for each in offered] == ["severity:42", "services:42", "impact:42", "invite:42", "private:42"]
    hidden = replace(FRESH, incident=replace(FRESH.incident, private=True))
    assert "private:42" not in str(card(hidden, **LOOK))
    assert "more" not in buttons(card(RESOLVED, **LOOK))


def test_the_impact_of_each_service_and_the_links_that_people_added_are_on_the_card():
    hit = replace(FRESH.incident, impacts=(("api", "degraded_performance"),), impact="every checkout fails")
    link = Entry("link", "U0001", {"url": "http://127.0.0.1:9000/d/1", "title": "Dashboard"})
    seen = words(card(replace(FRESH, incident=hit, timeline=(link,)), services={"api": "API"}, **LOOK))
    assert "*Affected* API (degraded)" in seen
    assert "*Impact* every checkout fails" in seen
    assert "<http://127.0.0.1:9000/d/1|Dashboard>" in seen


def test_the_acknowledge_button_goes_once_someone_has():
    seen = card(ACKNOWLEDGED, **LOOK)
    assert "Acknowledge" not in labels(seen)
    assert "*Acknowledged* by <@U0002> by phone" in words(seen)
    assert "(after 3 min)" in words(seen)


def test_a_declaration_can_be_undone_as_long_as_nothing_came_of_it():
    updated = replace(FRESH, timeline=(*FRESH.timeline, Entry("update", "U0002", {"text": "x"})))
    assert "Undo" in labels(card(TROUBLED, **LOOK))
    assert "Undo" not in labels(card(ACKNOWLEDGED, **LOOK))
    assert "Undo" not in labels(card(updated, **LOOK))


def test_a_resolved_incident_can_be_closed_reopened_and_written_up_where_that_is_required():
    assert labels(card(RESOLVED, postmortem=True, **LOOK))[:3] == ["Draft postmortem", "Close", "Reopen"]
    assert labels(card(RESOLVED, **LOOK))[:2] == ["Close", "Reopen"]
    assert labels(card(CLOSED, **LOOK))[:1] == ["Reopen"]


def test_the_duration_is_shown_once_resolved():
    assert "Duration" not in words(card(ACKNOWLEDGED, **LOOK))
    assert "*Duration* 1 h 05 min" in words(card(RESOLVED, **LOOK))


def test_an_archive_of_before_a_reopening_is_none_of_now():
    archive = owed(60, "slack", "archive", due_at=after(hours=25), state=DELIVERED, result="archived")
    archived = replace(RESOLVED, owed=(*RESOLVED.owed, archive))
    again = replace(RESOLVED.incident, resolved_at=after(hours=48))
    assert "✓ Archive" in words(card(archived, **LOOK))
    assert "Archive" not in words(card(replace(archived, incident=ACKNOWLEDGED.incident), **LOOK))
    assert "Archive" not in words(card(replace(archived, incident=again), **LOOK))


def test_the_issue_is_opened_where_it_is():
    assert "view_issue" not in buttons(card(FRESH, **LOOK))
    seen = buttons(card(ACKNOWLEDGED, **LOOK))["view_issue"]
    assert (seen["text"]["text"], seen["url"]) == ("View in Plane", "http://127.0.0.1:9000/issues/9f0c")


def test_one_runbook_opens_at_once_and_of_several_one_is_chosen():
    assert buttons(card(FRESH, runbooks=RUNBOOKS, **LOOK))["runbooks"]["url"] == RUNBOOKS[0][1]
    assert "url" not in buttons(card(FRESH, runbooks=RUNBOOKS * 2, **LOOK))["runbooks"]
    assert "url" not in buttons(card(FRESH, **LOOK))["runbooks"]


def test_who_was_paged_is_told_with_the_newest_result():
    assert "*Paged* PagerDuty ✓ accepted · <@U0001>: phone call ✗ nobody picked up" in words(card(ACKNOWLEDGED, **LOOK))


def test_who_is_paged_by_the_same_means_again_stands_there_once_with_the_newest_result():
    busy, silent = (
        owed(n, "twilio", "call", state=DELIVERED, result=told, data={"person": "ana"})
        for n, told in enumerate(("busy", "no-answer"), 10)
    )
    again = owed(12, "pagerduty", "page", state=DELIVERED, result="accepted")
    seen = words(card(replace(FRESH, owed=(PAGE, busy, silent, again)), **LOOK))
    assert "*Paged* PagerDuty (2 times) ✓ accepted · <@U0001>: phone call (2 times) ✗ nobody picked up" in seen
    assert "busy" not in seen


def test_a_page_that_waits_says_why_once_and_how_often_it_was_tried():
    late = owed(10, "twilio", "call", error="no answer in 5 s", attempts=3, data={"person": "ana"})
    seen = words(card(replace(FRESH, owed=(late,)), **LOOK))
    assert "<@U0001>: phone call … no answer in 5 s (tried 3 times)" in seen
    assert seen.count("no answer in 5 s") == 1


def test_a_call_that_ended_is_taken_for_an_answer_only_where_it_was_one():
    over = replace(ACKNOWLEDGED, refs=(Ref("call", "CA01", "ana", data={"status": "completed"}),))
    assert "<@U0001>: phone call ✓ ended without an answer key" in words(card(over, **LOOK))
    hers = replace(over, incident=replace(over.incident, acknowledged_by="U0001"))
    assert "<@U0001>: phone call ✓ ended, acknowledged by phone" in words(card(hers, **LOOK))


@pytest.mark.parametrize(("keys", "told"), [("92", "asked for the next level"), ("1", "somebody else was quicker")])
def test_a_call_on_which_a_key_was_pressed_says_what_it_did(keys, told):
    over = replace(ACKNOWLEDGED, refs=(Ref("call", "CA01", "ana", data={"status": "completed", "keys": keys}),))
    assert f"<@U0001>: phone call ✓ ended, {told}" in words(card(over, **LOOK))


def test_whoever_had_acknowledged_in_slack_before_they_pressed_the_key_is_not_somebody_else():
    pressed = (Ref("call", "CA01", "ana", data={"status": "completed", "keys": "1"}),)
    hers = replace(ACKNOWLEDGED.incident, acknowledged_by="U0001", acknowledged_means="button")
    seen = words(card(replace(ACKNOWLEDGED, incident=hers, refs=pressed), **LOOK))
    assert "<@U0001>: phone call ✓ ended, acknowledged already" in seen


@pytest.mark.parametrize(
    ("result", "mark"), [("completed", "✓ ended without"), ("ringing", "✓"), ("no-answer", "✗ nobody"), ("busy", "✗")]
)
def test_a_call_that_reached_nobody_has_no_tick(result, mark):
    call = owed(10, "twilio", "call", state=DELIVERED, result=result)
    assert f"phone call {mark}" in words(card(replace(FRESH, owed=(call,)), **LOOK))


def test_a_page_that_was_no_longer_wanted_is_not_on_the_card():
    assert "<@U0002>: phone call" not in words(card(ACKNOWLEDGED, **LOOK))


def test_what_is_late_says_why_and_what_depends_on_it_says_that_it_waits():
    seen = words(card(TROUBLED, **LOOK))
    assert "… Issue (Plane): Plane answered 503 (tried 3 times)" in seen
    assert "… Comment on the issue (Plane): waits for Issue (Plane)" in seen


def test_what_failed_says_why_and_can_be_tried_again():
    seen = card(TROUBLED, **LOOK)
    assert "✗ *Announcement*: the channel C0099 does not exist" in words(seen)
    assert buttons(seen)["retry"]["value"] == "42:3"


def test_an_edit_does_not_say_that_it_waits_for_its_own_post():
    post = owed(10, "slack", "announce", state=FAILED, error="no such channel")
    edit = owed(11, "slack", "refresh_announcement", after=10)
    seen = words(card(replace(FRESH, owed=(post, edit)), **LOOK))
    assert "✗ *Announcement*: no such channel" in seen
    assert "waits for" not in seen


def test_many_failures_do_not_bury_the_card():
    failed = [owed(n, "plane", "comment", state=FAILED, error="refused") for n in range(10, 20)]
    seen = card(replace(FRESH, owed=tuple(failed)), **LOOK)
    assert labels(seen).count("Retry") == 5
    assert "and 5 more" in words(seen)


def test_refreshes_that_went_well_are_nobodys_business():
    rows = [owed(n, "slack", kind, state=DELIVERED) for n, kind in enumerate(("refresh_card", "post", "set_topic"), 10)]
    assert words(card(replace(FRESH, owed=tuple(rows)), **LOOK)).count("✓") == 0


def test_a_delivered_row_that_is_gone_is_read_from_the_timeline():
    told = Entry(
        "delivery",
        data={"owed": 1, "lane": "pagerduty", "kind": "page", "result": "accepted", "due_at": after().isoformat()},
        at=after(seconds=1),
    )
    gone = card(replace(FRESH, timeline=(told,), owed=()), **LOOK)
    assert "*Paged* PagerDuty ✓ accepted" in words(gone)


def test_a_row_of_the_outbox_is_newer_than_what_the_timeline_says_of_it():
    told = Entry("delivery", data={"owed": 1, "lane": "pagerduty", "kind": "page", "error": "refused"}, at=after())
    seen = words(card(replace(FRESH, timeline=(told,), owed=(PAGE,)), **LOOK))
    assert "PagerDuty ✓ accepted" in seen
    assert "✗" not in seen


def test_drills_and_private_incidents_are_marked():
    marked = replace(FRESH, incident=replace(FRESH.incident, drill=True, private=True))
    assert card(marked, **LOOK)["blocks"][0]["text"]["text"] == "🔴 [DRILL] 🔒 INC-42 db down"


def test_an_address_that_is_none_makes_no_button_and_no_link():
    broken = replace(FRESH, refs=(Ref("issue", "1", "plane", "javascript:alert(1)", {"key": "ROOSE-1"}),))
    seen = card(broken, **LOOK)
    assert "javascript" not in str(seen)
