"""What is said in the room is complete in words, and its buttons carry what they need."""

from dataclasses import replace

import pytest

from domain.decision import Entry
from domain.record import Ref
from tests.views.reading import buttons, labels, words
from tests.views.samples import ACKNOWLEDGED, FRESH, PEOPLE, RESOLVED, ROOM
from views.page import page_dm
from views.room import SAYINGS, room_message


def said(say, record=FRESH, **data):
    return room_message(say, data, record, PEOPLE)


@pytest.mark.parametrize("say", SAYINGS)
def test_everything_said_is_a_text_without_its_blocks(say):
    assert len(said(say, text="the announce channel is missing", fields={})["text"]) > 10


def test_an_update_names_its_author_and_the_new_status():
    assert words(said("update", by="U0002", text="a <b>", status="identified")) == (
        "*Update* by <@U0002> – *identified*\na &lt;b&gt;"
    )


def test_the_room_sees_which_words_the_public_reads_too():
    assert words(said("update", by="U0002", text="works again", public=True)) == (
        "*Update* by <@U0002>, *for the public too*\nworks again"
    )
    assert words(said("status", by="U0002", text="works again", status="monitoring", public=True)) == (
        "<@U0002> set the status to *monitoring*, *for the public too*: works again"
    )


def test_an_acknowledgement_says_who_and_how():
    assert "<@U0002> is on it*, acknowledged by phone" in said("acknowledged", by="U0002", means="phone")["text"]


def test_a_resolution_offers_the_postmortem_where_one_is_required():
    seen = said("resolved", RESOLVED, by="U0002", text="restarted", postmortem=True)
    assert seen["text"] == "*Resolved* by <@U0002> after 1 h 05 min: restarted"
    assert buttons(seen)["draft_postmortem"]["value"] == "42"
    assert not labels(said("resolved", RESOLVED, by="U0002", text="restarted"))


def test_a_page_that_failed_says_which_means_comes_next():
    seen = said("page_failed", lane="pagerduty", reason="the key was refused", next=["twilio"])
    assert "The page by PagerDuty did not get through*: the key was refused." in words(seen)
    assert "Muster pages by Twilio now." in words(seen)


def test_a_page_to_one_person_that_failed_names_them():
    seen = said("page_failed", lane="slack-page", person="U0007", reason="their account in Slack is deactivated")
    assert "The page to <@U0007> by Slack did not get through*: their account in Slack is deactivated." in words(seen)


def test_whoever_could_not_be_invited_is_mentioned_with_the_reason_behind_what_else_there_is_to_say():
    left = [["U0007", "they are a guest who may not join"], ["U0008", "Slack knows no such person"]]
    named = "Could not be invited: <@U0007> (they are a guest who may not join), <@U0008> (Slack knows no such person)."
    assert said("problem", uninvited=left)["text"] == f"⚠ {named}"
    assert said("problem", text="@dba has 340 people", uninvited=left)["text"] == f"⚠ @dba has 340 people. {named}"


def test_silence_says_for_how_long_and_who_is_next():
    seen = said("nobody_acknowledged", after=300, people=["U0002"])
    assert "*Nobody has acknowledged* for 5 min. Paging <@U0002> now." in words(seen)
    assert labels(seen) == ["Acknowledge"]


@pytest.mark.parametrize("say", ["page_failed", "nobody_acknowledged", "unseen_acknowledgement"])
def test_what_comes_after_an_acknowledgement_says_who_is_on_it_instead_of_asking(say):
    seen = said(say, ACKNOWLEDGED)
    assert not labels(seen)
    assert "<@U0002> is on it" in words(seen)


def test_an_issue_that_was_closed_alone_says_what_may_follow():
    assert words(said("tracker_closed", by="U0002", issue="ROOSE-1", lane="plane")) == (
        "*<@U0002> closed ROOSE-1 in Plane*; INC-42 stays investigating. Is it over here too? "
        "`/incident resolve INC-42 …` If not, the next update opens ROOSE-1 again."
    )


def test_a_failure_can_be_tried_again_and_names_its_reason():
    seen = said("failed", what="create_issue", lane="plane", reason="Plane refused the token", owed=17)
    assert "*Issue (Plane) failed*: Plane refused the token" in words(seen)
    assert buttons(seen)["retry"]["value"] == "42:17"


def test_the_commander_sees_the_public_words_before_they_are_public():
    seen = said("ask_status_page", body="We see errors in <API>.")
    assert "```\nWe see errors in &lt;API&gt;.\n```" in words(seen)
    assert labels(seen) == ["Publish to the status page", "Not now"]
    assert words(seen).startswith("<@U0001> ")


def test_a_postmortem_is_shown_as_it_was_written():
    assert "## Summary\n\n*a*" in words(said("postmortem", RESOLVED, fields={"summary": "*a*"}, by="U0001"))


def test_a_lost_room_is_named_elsewhere():
    record = replace(FRESH, refs=(ROOM,))
    assert "was archived by hand" in words(said("room_gone", record, how="archived"))
    assert "removed from <#C0042>" in words(said("bot_removed", record))


def test_what_cannot_be_said_is_a_bug():
    with pytest.raises(KeyError):
        said("nonsense")


def test_a_page_asks_for_an_acknowledgement_and_links_the_room():
    seen = page_dm(replace(FRESH, refs=(Ref("channel", "C0042"),)))
    assert seen["text"] == "You are paged: SEV-1 INC-42 db down"
    assert "Room <#C0042>" in words(seen)
    assert buttons(seen)["acknowledge"]["value"] == "42"


def test_a_page_that_was_answered_says_by_whom_and_asks_for_nothing():
    seen = page_dm(ACKNOWLEDGED)
    assert "<@U0002> is on it (acknowledged by phone at " in words(seen)
    assert not labels(seen)


def test_whoever_is_joining_or_on_it_is_not_asked_to_join():
    asked = {"ask": 1, "by": "U0003"}
    coming = replace(FRESH, timeline=(Entry("page", "U0001", {"step": "joining"}),))
    assert labels(page_dm(coming, {"user": "U0001"})) == ["Acknowledge", "Can't, escalate now"]
    assert labels(page_dm(ACKNOWLEDGED, {**asked, "user": "U0001"})) == ["I'm joining"]
    assert labels(page_dm(ACKNOWLEDGED, {**asked, "user": "U0002"})) == []


def test_a_page_of_what_is_over_asks_for_nothing():
    assert "It is resolved: nothing to do." in words(page_dm(RESOLVED))
    assert not labels(page_dm(RESOLVED))


@pytest.mark.parametrize("say", ["declared", "notice", "sla_breach", "all_clear", "nobody_reachable"])
def test_who_is_told_of_a_private_incident_without_being_in_it_reads_neither_title_nor_words(say):
    hidden = replace(FRESH, incident=replace(FRESH.incident, title="payroll leak", private=True))
    data = {"user": "U0002", "outcome": "false_alarm", "by": "U0001", "text": "payroll was fine", "within": 300}
    told = str(room_message(say, data, hidden))
    assert "payroll" not in told
    assert hidden.incident.key in told


@pytest.mark.parametrize("say", ["took_in", "repeated"])
def test_what_went_into_another_one_and_is_private_by_now_has_no_title_there(say):
    about = {"by": "U0002", "key": "INC-7"}
    assert "*INC-7*" in words(said(say, **about, title="", private=True))
    assert ": (private). I" in words(said(say, **about, title="", private=True))
    assert ": payroll leak. I" in words(said(say, **about, title="payroll leak"))
