"""Explain answers: what was planned, what was sent, what came of it, and why the next step did or did not fire."""

from dataclasses import replace

from domain.decision import Entry, Timer
from domain.record import DELIVERED
from tests.views.samples import ACKNOWLEDGED, DECLARED, FRESH, PEOPLE, RESOLVED, TROUBLED, after, owed
from views.explain import explained


def lines(record, minutes):
    return explained(record, after(minutes=minutes), PEOPLE)["text"].split("\n")


def line(record, minutes, *words):
    found = [told for told in lines(record, minutes) if all(word in told for word in words)]
    assert len(found) == 1, (words, lines(record, minutes))
    return found[0]


def test_a_sent_step_has_plan_sending_id_and_result():
    told = line(ACKNOWLEDGED, 10, "Page (PagerDuty)")
    assert "14:02:00 UTC" in told
    assert "sent <!date" in told
    assert "14:02:01 UTC> (1 s after plan), accepted, id `muster-1a2b3c4d-42`" in told


def test_the_steps_stand_in_the_order_of_time():
    told = "\n".join(lines(ACKNOWLEDGED, 10))
    marks = ["declared by", "Page (PagerDuty)", "to <@U0001>: sent", "acknowledged by <@U0002> by phone", "*Next:*"]
    assert sorted(marks, key=told.index) == marks


def test_a_step_that_was_dropped_says_why():
    assert "not sent: acknowledged" in line(ACKNOWLEDGED, 10, "Phone call (Twilio)", "<@U0002>")


def test_after_an_acknowledgement_nothing_is_next_because_of_it():
    assert "nothing rings, because <@U0002> acknowledged by phone" in line(ACKNOWLEDGED, 10, "*Next:*")


def test_steps_that_an_acknowledgement_cancelled_are_named():
    cancelled = [{"kind": "phone_call", "due_at": after(minutes=2).isoformat(), "people": ["ana"]}]
    entry = Entry("acknowledged", "U0002", {"means": "button", "cancelled": cancelled}, at=after(minutes=1))
    told = line(replace(FRESH, timeline=(entry,), timers=()), 3, "did not fire")
    assert "the phone rings (<@U0001>), planned for" in told


def test_looks_for_people_are_told_only_while_slack_does_not_answer():
    looks = [owed(60 + i, "slack", "look_for_people", state=DELIVERED, result="looked") for i in range(4)]
    assert not [told for told in lines(replace(FRESH, owed=looks), 3) if "still in Slack" in told]
    late = owed(64, "slack", "look_for_people", error="no answer within 15 s")
    assert "no answer within 15 s" in line(replace(FRESH, owed=[*looks, late]), 3, "still in Slack")


def test_what_is_ahead_is_told_with_its_time():
    assert "the phone rings, unless someone acknowledges." in line(FRESH, 0, "*Next:*", "14:04:00 UTC")
    assert "the next level is paged (<@U0002>)" in line(FRESH, 0, "*Next:*", "14:07:00 UTC")
    last = replace(FRESH, timers=(Timer("acknowledge_timeout", after(minutes=5)),))
    assert "the ladder starts from the top" in line(last, 0, "*Next:*", "14:07:00 UTC")


def test_a_step_that_is_overdue_says_so():
    assert "(overdue by 1 min)" in line(FRESH, 3, "*Next:*", "14:04:00 UTC")


def test_a_step_in_trouble_says_its_reason():
    assert "not sent yet: no answer in 5 s" in line(TROUBLED, 3, "Phone call")
    assert "failed: the channel C0099 does not exist" in line(TROUBLED, 3, "*Announcement*")
    assert "not sent yet: Plane answered 503, attempt 3" in line(TROUBLED, 3, "*Issue (Plane)*")


def test_a_step_that_waits_for_another_says_for_which():
    assert "waits for War room" in line(FRESH, 0, "*Announcement*")


def test_an_incident_that_pages_nobody_says_so():
    quiet = replace(FRESH, incident=replace(DECLARED, severity="SEV-4"), owed=(), timers=())
    assert line(quiet, 0, "Nobody was paged") == "Nobody was paged: SEV-4 owes no page."


def test_a_resolved_incident_that_nobody_acknowledged_rings_nobody():
    unanswered = replace(
        RESOLVED, incident=replace(RESOLVED.incident, acknowledged_at=None, acknowledged_by=None), timeline=()
    )
    assert "nothing rings, because the incident is resolved" in line(unanswered, 70, "*Next:*")


def test_a_long_story_is_told_whole():
    entries = tuple(Entry("status", "U0001", {"status": "identified"}, at=after(minutes=n)) for n in range(200))
    told = explained(replace(FRESH, timeline=entries), after(hours=4), PEOPLE)
    assert str(told["blocks"]).count("changed the status") == 200
