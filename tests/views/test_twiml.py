"""What is said on the phone: well-formed, below Twilio's limit, and the keys always told."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.incidents import Incident
from views import twiml

URL = "https://muster.example.com/callbacks/twilio/gather?incident=42&person=ana"


def incident(title="db down", severity="SEV-1", **more):
    return Incident(title, severity, "U0001", datetime(2026, 11, 20, tzinfo=UTC), number=42, **more)


def said(document):
    return " ".join(each.text or "" for each in ET.fromstring(document).iter("Say"))


def test_a_call_says_how_bad_which_and_what_and_takes_one_key():
    document = twiml.call(incident(), URL)
    assert document.startswith('<?xml version="1.0" encoding="UTF-8"?><Response><Gather ')
    assert said(document) == (
        "This is Muster. SEV 1 incident, I N C 42. db down. Press 1 to acknowledge, 2 to escalate, 9 to repeat. "
        "No key was pressed. Acknowledge in Slack or by SMS reply."
    )
    gather = ET.fromstring(document).find("Gather")
    assert gather.attrib == {"numDigits": "1", "action": URL, "method": "POST", "timeout": "10"}


def test_a_call_without_an_address_takes_no_keys():
    assert said(twiml.call(incident(), None)) == (
        "This is Muster. SEV 1 incident, I N C 42. db down. Acknowledge in Slack or by SMS reply."
    )


@given(st.text(st.characters(), max_size=5000), st.sampled_from([None, URL]))
def test_no_title_breaks_the_document_or_its_limit(title, gather_url):
    document = twiml.call(incident(title), gather_url)
    assert len(document) <= 4000
    assert ("Press 1 to acknowledge, 2 to escalate, 9 to repeat." in said(document)) is (gather_url is not None)


@pytest.mark.parametrize("title", ["&" * 10_000, "<" * 10_000, '"' * 10_000, "\N{FIRE}" * 10_000])
def test_the_longest_title_in_the_costliest_characters_is_cut_and_the_keys_are_not(title):
    document = twiml.call(incident(title), URL)
    assert len(document) <= 4000
    assert said(document).endswith(f"{twiml.KEYS} No key was pressed. {twiml.IN_SLACK}")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (twiml.acknowledged(incident()), "I N C 42 is acknowledged. It is yours. Goodbye."),
        (
            twiml.already_acknowledged(incident(), "Ben <b>"),
            "I N C 42 is already acknowledged by Ben <b>. Thank you. Goodbye.",
        ),
        (twiml.escalated(incident(), ["Ben"]), "I N C 42 is escalated. Ben is paged now. Goodbye."),
        (
            twiml.escalated(incident(), ["Ben", "Chris"], again=True),
            "I N C 42 is escalated. Ben and Chris were paged a moment ago already. Goodbye.",
        ),
        (
            twiml.escalated(incident(), []),
            "I N C 42 is escalated, but nobody else can be reached. Look into Slack. Goodbye.",
        ),
        (
            twiml.no_more_keys(),
            "That key means nothing here. Acknowledge in Slack or by SMS reply. Goodbye.",
        ),
        (
            twiml.in_trouble(),
            "Muster has trouble and could not take your key. Acknowledge in Slack or by SMS reply. Goodbye.",
        ),
        (twiml.over(incident()), "I N C 42 is already resolved. Goodbye."),
        (twiml.unknown_incident(), "This incident is not known. Look into Slack. Goodbye."),
    ],
)
def test_each_key_has_its_answer_and_the_call_ends(document, words):
    assert said(document) == words
    assert ET.fromstring(document).find("Gather") is None


def test_a_key_that_means_nothing_says_so_and_asks_again():
    document = twiml.unknown_key(incident(), URL)
    assert said(document).startswith("That key means nothing here. This is Muster.")
    assert ET.fromstring(document).find("Gather").attrib["action"] == URL


def test_a_long_title_is_cut_at_a_word():
    heard = said(twiml.call(incident("alpha beta gamma delta " * 40), URL))
    title = heard.partition("I N C 42. ")[2].partition(". Press")[0]
    assert 250 < len(title) <= twiml.LONGEST_TITLE
    assert set(title.split()) == {"alpha", "beta", "gamma", "delta"}


def test_pictures_and_control_characters_are_not_said():
    title = "db \N{FIRE}\N{VARIATION SELECTOR-16}\x07down\u202e now\N{BELL}"
    assert "db down now." in said(twiml.call(incident(title), URL))


def test_a_test_call_says_that_it_is_one_and_names_no_severity():
    heard = said(twiml.call(incident(test=True), URL))
    assert heard.startswith("This is a test call from Muster. Nothing is wrong. Press 1 to confirm")
    assert "SEV" not in heard
    assert "escalate" not in heard
    assert said(twiml.acknowledged(incident(test=True))) == "The test has reached you. Thank you. Goodbye."


def test_an_answer_by_sms_is_escaped_and_none_is_an_empty_document():
    assert twiml.texts().endswith("<Response />")
    assert [each.text for each in ET.fromstring(twiml.texts("a < b & c")).iter("Message")] == ["a < b & c"]
