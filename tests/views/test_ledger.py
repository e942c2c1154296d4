"""The ledger in words: every state and every timer has its own, and nobody's number is in it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.decision import Entry, Timer
from domain.record import DELIVERED, DROPPED, FAILED, WAITING, Record, Ref
from tests.test_handlers_complete import TIMERS
from tests.views import samples
from tests.views.hostile import KINDS, hostile
from tests.views.samples import ACKNOWLEDGED, FRESH, PEOPLE, STATES, TROUBLED, after, done, owed
from views import ledger, words

NAMES = {"U0001": "Ana", "U0002": "Ben", "U0003": "Chris", "ana": "Ana", "ben": "Ben", "chris": "Chris"}
LATER = after(minutes=10)


def page(record: Record, now=LATER, left_out=0):
    return ledger.page(record, now, NAMES, PEOPLE, left_out)


def row(record, id, now=LATER):
    return next(each for each in page(record, now)["outbox"] if each["id"] == id)


def alone(*rows, **more):
    return replace(FRESH, owed=rows, **more)


LEASE = after(minutes=10, seconds=20)
OUTBOX = {
    "goes out now": owed(1, "slack", "post"),
    "goes out at 2026-11-20 14:30:00 UTC": owed(1, "slack", "post", due_at=after(minutes=28)),
    "late: Plane answered 503; is tried again now": owed(1, "plane", "comment", error="Plane answered 503"),
    "late: slow; is tried again at 2026-11-20 14:30:00 UTC": owed(
        1, "plane", "comment", error="slow", due_at=after(minutes=28)
    ),
    "on the wire; without an answer it is taken up again at 2026-11-20 14:12:20 UTC": owed(
        1, "twilio", "call", claimed=True, claimed_until=LEASE
    ),
    "was begun and not finished by 2026-11-20 14:02:00 UTC: it is taken up again": owed(
        1, "twilio", "call", claimed=True, claimed_until=after()
    ),
    "sent": done(1, "slack", "post", result="sent"),
    "done": done(1, "slack", "set_topic"),
    "done: accepted": done(1, "pagerduty", "page", result="accepted"),
    "done: nobody picked up": done(1, "twilio", "call", result="no-answer"),
    "done: ended without an answer key": done(1, "twilio", "call", result="completed"),
    "dropped: acknowledged before it was sent": owed(
        1, "twilio", "call", state=DROPPED, result="acknowledged before it was sent"
    ),
    "dropped: no longer wanted": owed(1, "twilio", "call", state=DROPPED),
    "failed: the channel is gone": owed(1, "slack", "announce", state=FAILED, error="the channel is gone"),
    "failed: no reason was given": owed(1, "slack", "announce", state=FAILED),
}


@pytest.mark.parametrize("told", OUTBOX)
def test_every_state_of_an_effect_has_words(told):
    assert row(alone(OUTBOX[told]), 1)["words"] == told


def test_these_are_all_the_states_there_are():
    seen = {row(alone(each), 1)["state"] for each in OUTBOX.values()}
    assert seen == {WAITING, DELIVERED, FAILED, DROPPED, "claimed"}


def test_what_waits_for_another_names_it_and_says_if_that_has_failed():
    room = owed(2, "slack", "create_room")
    announcement = owed(3, "slack", "announce", after=2)
    assert row(alone(room, announcement), 3)["words"] == "waits for War room"
    assert row(alone(room, announcement), 3)["after"] == 2
    refused = replace(room, state=FAILED, error="no scope")
    assert row(alone(refused, announcement), 3)["words"] == "waits for War room, which failed"


@pytest.mark.parametrize("kind", TIMERS)
def test_every_timer_has_words(kind):
    told = page(replace(FRESH, timers=(Timer(kind, after(hours=1)),)))["timers"][0]
    assert told["words"] == words.timer(kind) != kind.replace("_", " ")
    assert (told["due_at"], told["overdue"]) == ("2026-11-20T15:02:00.000Z", False)


def test_a_timer_says_whom_it_rings_and_whether_it_is_late():
    timer = Timer("phone_call", after(minutes=10), {"people": ["U0001", "U0002"], "level": 0})
    told = page(replace(FRESH, timers=(timer,)))["timers"][0]
    assert (told["words"], told["data"]) == ("the phone rings (Ana, Ben)", timer.data)
    late = page(replace(FRESH, timers=(timer,)), LATER + timedelta(seconds=6))["timers"][0]
    assert (late["words"], late["overdue"]) == ("the phone rings (Ana, Ben), overdue", True)


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_of_the_timeline_has_data_as_stored_and_words_without_markup(kind):
    data = {"text": "a < b & *c*", "people": ["ana"], "step": "page"}
    told = page(replace(FRESH, timeline=(Entry(kind, "U0002", data, at=after(), id=7),)))["timeline"][0]
    assert (told["id"], told["at"], told["kind"]) == (7, "2026-11-20T14:02:00.000Z", kind)
    assert (told["data"], told["author"]) == (data, {"id": "U0002", "name": "Ben"})
    assert told["words"]
    assert "&lt;" not in told["words"]
    assert "<@" not in told["words"]


def test_an_effect_names_the_person_whom_it_rings():
    assert row(ACKNOWLEDGED, 6)["what"] == "Phone call (Twilio) to Ana"
    direct = owed(1, "slack-page", "page", target="U0003:1:2")
    assert row(alone(direct), 1)["what"] == "Page (Slack) to Chris"
    assert row(alone(owed(1, "slack-page", "refresh_page", target="1732.5")), 1)["what"] == "Edit of the page"


def test_a_row_that_retention_has_removed_is_told_from_the_timeline():
    data = {
        "owed": 9, "lane": "pagerduty", "kind": "page", "target": "1", "state": DELIVERED, "result": "accepted",
        "due_at": after().isoformat(), "sent_at": after(seconds=1).isoformat(), "attempts": 2, "vendor_id": "V1",
    }  # fmt: skip
    told = row(alone(timeline=(Entry("delivery", data=data, at=after(seconds=1)),)), 9)
    assert (told["removed"], told["next_at"], told["claimed_until"], told["after"]) == (True, None, None, None)
    assert (told["words"], told["due_at"], told["sent_at"]) == (
        "done: accepted", "2026-11-20T14:02:00.000Z", "2026-11-20T14:02:01.000Z"
    )  # fmt: skip
    assert (told["vendor_id"], told["attempts"]) == ("V1", 2)
    assert not row(FRESH, 1)["removed"]


def test_an_incident_shows_its_people_by_name_and_its_times_in_utc():
    told = page(ACKNOWLEDGED)["incident"]
    assert (told["key"], told["private"], told["services"]) == ("INC-42", False, ["api"])
    assert told["acknowledged_by"] == {"id": "U0002", "name": "Ben"}
    assert told["acknowledged_at"] == "2026-11-20T14:05:00.000Z"
    assert (told["resolved_at"], page(FRESH)["incident"]["acknowledged_by"]) == (None, None)


def test_a_private_incident_is_shown_and_says_so():
    assert page(replace(FRESH, incident=replace(FRESH.incident, private=True)))["incident"]["private"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("+15550000001", "+…01"),
        ("call +1 (555) 000-00 02 now", "call +…02 now"),
        ("2026-11-20T14:02:00+00:00", "2026-11-20T14:02:00+00:00"),
        ("+1", "+1"),
        ("42 and +100", "42 and +100"),
    ],
)
def test_of_a_telephone_number_two_digits_are_left(written, shown):
    assert ledger.masked({"a": [written, (written,)], "b": 1}) == {"a": [shown, [shown]], "b": 1}


def test_no_telephone_number_and_no_address_for_answers_is_in_it_wherever_it_stood():
    secret = "https://hooks.example.com/respond/hidden-5f3a"
    number = "+15550000001"
    told = page(
        replace(
            hostile(number, TROUBLED),
            owed=(
                owed(1, "slack", "respond", data={"url": secret}, target="response_url"),
                owed(2, "twilio", "call", data={"phone": number, "person": "ana"}, error=f"{number} is no number"),
            ),
            refs=(Ref("call", "CA1", number, number, {"to": number}),),
        )
    )
    text = json.dumps(told, ensure_ascii=False)
    assert number not in text
    assert "+…01 is no number" in text
    assert "hidden-5f3a" not in text


@pytest.mark.parametrize("state", STATES)
def test_whatever_was_typed_it_is_json(state):
    told = page(hostile("<b>\x00\u202e\ud800 \U0001f525 {by} %s", STATES[state]))
    assert json.loads(json.dumps(told)) == told


def test_the_version_is_the_same_until_something_but_the_time_changes():
    now, later = page(FRESH, after()), page(FRESH, after(seconds=1))
    assert (now["now"], later["now"]) == ("2026-11-20T14:02:00.000Z", "2026-11-20T14:02:01.000Z")
    assert now["version"] == later["version"] != page(TROUBLED, after())["version"]
    assert page(FRESH, after(hours=1))["version"] != now["version"], "timers are overdue by then"


def overview(trace="", private=False):
    return ledger.overview([replace(samples.DECLARED, private=private)], {42: 3}, {}, trace, after())


def test_the_overview_has_a_line_for_each_incident_and_a_version_of_all():
    told = overview("1")
    assert told["incidents"] == [
        {
            "key": "INC-42", "number": 42, "title": "db down", "severity": "SEV-1", "status": "investigating",
            "private": False, "drill": False, "detected_at": "2026-11-20T14:02:00.000Z", "acknowledged": False,
            "owed": 3, "failed": 0,
        }
    ]  # fmt: skip
    assert told["version"] == overview("1")["version"]
    assert len({told["version"], overview("2")["version"], overview("1", private=True)["version"]}) == 3


def test_what_was_left_out_is_counted():
    assert page(FRESH, left_out=44)["left_out"] == 44
