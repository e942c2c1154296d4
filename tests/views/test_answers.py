"""Answers say what was understood and what happens next, and read without their blocks."""

import re
from dataclasses import replace

import pytest

from domain import verbs
from domain.decision import Entry
from domain.details import Link
from domain.incidents import MERGED
from domain.merging import Outlook
from domain.pager import ALERT
from domain.record import Ref
from domain.verbs import by_subject
from tests.views.everything import Verb
from tests.views.reading import buttons, labels
from tests.views.samples import ACKNOWLEDGED, DECLARED, FRESH, ISSUE, RESOLVED, ROOM, after
from views import answers, merging, scope

ON_IT = ACKNOWLEDGED.incident
VERBS = {"start": Verb('start [severity] "title"', "declares an incident", ('start SEV-1 "db down"',))}


def test_a_declaration_says_what_was_understood():
    told = answers.declared(DECLARED, "critical", "PagerDuty")
    assert told["response_type"] == "ephemeral"
    assert told["text"] == (
        "*INC-42* declared: SEV-1 critical, db down. Paging PagerDuty. The war room is being opened."
    )
    assert buttons(told)["undo_declaration"]["value"] == "42"
    assert answers.declared(DECLARED, opens_room=False)["text"] == (
        "*INC-42* declared: SEV-1, db down. Nobody is paged."
    )


def test_the_room_is_told_to_all_but_for_private_incidents_and_drills():
    assert answers.declared_in_room(DECLARED, "C0042") == {
        "response_type": "in_channel",
        "text": "*INC-42* declared: <#C0042> – db down",
    }
    for kind in ("private", "drill"):
        told = answers.declared_in_room(replace(DECLARED, **{kind: True}), "C0042")
        assert told["response_type"] == "ephemeral"


def test_whoever_is_late_reads_who_won():
    assert answers.already_acknowledged(ON_IT)["text"].startswith(
        "*INC-42* is taken: <@U0002> is on it (acknowledged by phone at <!date^"
    )


def test_a_refusal_is_plain_words():
    assert answers.refusal("use <verb> & go")["text"] == "use &lt;verb&gt; &amp; go"


def test_the_same_title_again_offers_to_declare_anyway():
    told = answers.same_title(DECLARED, "SEV-2 db down")
    assert "INC-42" in told["text"]
    assert labels(told) == ["Declare anyway"]
    assert buttons(told)["declare_anyway"]["value"] == "SEV-2 db down"


def test_the_same_title_with_more_than_a_button_carries_asks_for_another_title():
    told = answers.same_title(DECLARED, "")
    assert "another title" in told["text"]
    assert labels(told) == []


@pytest.mark.parametrize(("people", "words"), [(["U0001"], "<@U0001> was"), (["U0001", "U0002"], "<@U0002> were")])
def test_who_was_paged_a_moment_ago_is_told_in_the_right_number(people, words):
    told = answers.escalated(DECLARED, people, again=True)["text"]
    assert f"{words} paged a moment ago already." in told


def test_what_is_kept_with_an_incident_that_has_no_room_is_promised_no_place_in_one():
    link, roomless = Link(1, "https://a.example", "Dashboard"), replace(FRESH, refs=(), owed=())
    assert "on top of the room" in scope.link_kept(FRESH, link)["text"]
    assert "which has no open room" in scope.link_kept(roomless, link)["text"]
    assert "room" not in scope.link_removed(roomless, link)["text"]
    assert "`/incident show INC-42` says so" in scope.impact_kept(DECLARED, room=False)["text"]


@pytest.mark.parametrize(("people", "words"), [(("U0001",), "<@U0001> is"), (("U0001", "U0002"), "<@U0002> are")])
def test_who_will_be_invited_by_a_merge_is_told_in_the_right_number(people, words):
    look = Outlook(DECLARED, replace(DECLARED, number=7), "C0007", people)
    assert f"{words} invited into <#C0007>" in merging.confirm(look, MERGED)["text"]


def test_a_list_has_a_line_for_each_with_its_age_and_room():
    told = answers.listing([DECLARED, RESOLVED.incident], after(minutes=12), {42: "C0042"})["text"]
    assert told.split("\n") == [
        "• *INC-42* SEV-1 investigating – db down – IC <@U0001> – 12 min – <#C0042>",
        "• *INC-42* SEV-1 resolved – db down – IC <@U0001> – 1 h 05 min – <#C0042>",
    ]


def test_a_list_of_nothing_says_how_to_declare():
    assert "/incident start" in answers.listing([], after())["text"]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("open", "No incident is open."),
        ("all", "There was no incident yet."),
        ("monitoring", "There is no incident that is monitoring."),
    ],
)
def test_a_list_of_nothing_says_of_what_there_is_none(wanted, words):
    assert answers.listing([], after(), {}, wanted)["text"].startswith(words)


def test_a_list_of_hundreds_says_that_there_are_more():
    told = answers.listing([DECLARED] * 300, after())
    assert "and 250 more" in str(told["blocks"][-1])


def test_an_incident_is_shown_with_the_end_of_its_timeline():
    told = answers.shown(ACKNOWLEDGED, "critical")["text"]
    assert told.startswith("*INC-42 db down*\nSeverity: SEV-1 critical\nStatus: identified")
    assert "Room: <#C0042>" in told
    assert "acknowledged by <@U0002> by phone" in told
    assert "<@U0002> – identified: a replica is promoted" in told


def test_an_incident_is_shown_with_its_impact_and_with_each_link_once():
    link = Entry("link", "U0001", {"url": "http://127.0.0.1:9000/d/1", "title": "Dashboard"})
    on_top = Ref("bookmark", "Bk1", "issue", ISSUE.url, {"channel": "C0042", "title": "ROOSE-17"})
    hit = replace(DECLARED, impact="every checkout fails", impacts=(("api", "partial_outage"),))
    told = answers.shown(replace(ACKNOWLEDGED, incident=hit, timeline=(link,), refs=(ROOM, ISSUE, on_top)))["text"]
    assert "Affected: api (partial outage)" in told
    assert "Impact: every checkout fails" in told
    assert "<http://127.0.0.1:9000/issues/9f0c|ROOSE-17> · <http://127.0.0.1:9000/d/1|Dashboard>\n" in told


def test_an_alert_is_shown_by_its_vendors_name_and_not_by_our_key():
    alert = Ref(ALERT, "P1", "muster-0a1b2c3d-42", "http://127.0.0.1:9000/incidents/P1", {"lane": "pagerduty"})
    told = answers.shown(replace(ACKNOWLEDGED, refs=(alert,)))["text"]
    assert "<http://127.0.0.1:9000/incidents/P1|PagerDuty>" in told


def test_the_picker_offers_every_incident_for_its_verb():
    menu = buttons(answers.picker([DECLARED, replace(DECLARED, number=43)], "resolve"))["pick:resolve"]
    assert [choice["value"] for choice in menu["options"]] == ["42", "43"]
    assert menu["options"][0]["text"]["text"] == "INC-42 db down"


def test_the_picker_keeps_what_was_typed_with_the_verb():
    told = answers.picker([DECLARED], "status", "identified a full disk")
    assert "pick:status" in buttons(told)
    typed_with = next(block for block in told["blocks"] if block["type"] == "input")
    assert typed_with["element"]["initial_value"] == "identified a full disk"


def test_an_answer_in_the_questions_place_replaces_it_and_no_answer_stays_none():
    assert answers.in_place(answers.plain("done"))["replace_original"] is True
    assert answers.in_place(None) is None


def test_a_picker_of_nothing_is_a_sentence():
    assert answers.picker([], "resolve") == {
        "response_type": "ephemeral",
        "text": "No incident is open, so there is none to resolve.",
    }


def test_help_fits_on_a_screen_and_names_every_verb_under_a_heading():
    told = answers.help_text(by_subject(verbs.VERBS))["text"]
    assert len(told) < 1500
    assert len(told.splitlines()) <= 12
    assert set(re.findall(r"`([a-z-]+)`", told)) == set(verbs.VERBS)
    assert verbs.MORE not in by_subject(verbs.VERBS), "name its subject in domain/verbs.py"
    assert "*More*  `unheard`" in answers.help_text(by_subject(["ack", "unheard"]))["text"]


def test_help_names_every_verb_and_each_has_examples():
    told = answers.help_all(VERBS, {"Begin": ("start",)})["text"]
    assert told.endswith('*Begin*\n`/incident start [severity] "title"` declares an incident')
    assert '• `/incident start SEV-1 "db down"`' in answers.help_verb("start", VERBS["start"])["text"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("acknowledged", "You are on it: *INC-42* db down."),
        ("updated", "Update posted to *INC-42* (identified)."),
        ("closed", "*INC-42* is closed."),
        ("reopened", "*INC-42* is open again and identified. Whoever answered is still on it; nobody is rung."),
    ],
)
def test_what_was_done_is_said(name, words):
    assert words in getattr(answers, name)(ON_IT)["text"]


def test_a_reopening_that_nobody_had_answered_before_says_whether_it_rings_and_what_does():
    told = "*INC-42* is open again and investigating. "
    assert answers.reopened(DECLARED)["text"] == told + "It rings nobody: `/incident escalate INC-42` does."
    assert answers.reopened(DECLARED, rung=True)["text"] == told + "Nobody had answered: it rings again."


def test_a_resolution_says_how_long_it_took():
    assert "is resolved after 1 h 05 min" in answers.resolved(RESOLVED.incident)["text"]


def test_a_status_says_whether_someone_is_on_it():
    assert answers.status(DECLARED)["text"] == "*INC-42* is *investigating*. Nobody has acknowledged yet."
    assert "<@U0002> is on it" in answers.status(ON_IT)["text"]
