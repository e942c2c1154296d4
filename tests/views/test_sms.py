"""The text message: short, in one alphabet, and never without its key and what to do."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.incidents import Incident
from views import sms
from views.spoken import GSM_7, TWICE, at_word, gsm, septets

ROOM = "https://example.slack.com/archives/C0042"


def incident(title="db down", severity="SEV-1", number=42, **more):
    return Incident(title, severity, "U0001", datetime(2026, 11, 20, tzinfo=UTC), number=number, **more)


def page(title, room_url=ROOM, severity="SEV-1"):
    return sms.page(incident(title, severity), room_url)


def test_it_says_how_bad_which_what_how_to_answer_and_where():
    assert page("db down") == f"SEV-1 INC-42 db down. Reply 42 ack or 42 esc {ROOM}"
    assert page("db down", "") == "SEV-1 INC-42 db down. Reply 42 ack or 42 esc"


def test_a_long_title_is_cut_at_a_word_to_keep_one_segment():
    text = page("the database of the shop in the second region does not answer " * 20)
    assert 140 < septets(text) <= 160
    assert text.endswith(f"... Reply 42 ack or 42 esc {ROOM}")


def test_an_address_that_leaves_no_place_for_the_title_is_left_out():
    assert page("db down", "https://example.com/" + "x" * 120) == "SEV-1 INC-42 db down. Reply 42 ack or 42 esc"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("“db” – isn’t up…", '"db" - isn\'t up...'),
        ("\N{FIRE} db down", "fire db down"),
        ("Überlauf in Zürich", "Überlauf in Zürich"),
        ("база данных", "baza dannykh"),
        ("`select` [1] ~ {x}", "'select' [1] ~ {x}"),
        ("naïve façade", "naive facade"),
        ("a\x00b\u202ec\ud800d", "abc?d"),
    ],
)
def test_what_the_alphabet_lacks_is_written_in_it(typed, sent):
    assert gsm(typed) == sent


def test_brackets_take_two_places_and_count_as_two():
    assert septets("[1]") == 5
    assert septets(page("[" * 400)) <= 160


@given(st.text(st.characters(), max_size=5000), st.sampled_from(["", ROOM, "https://example.com/" + "x" * 400]))
def test_it_is_one_segment_of_one_alphabet_and_never_loses_its_words(title, room_url):
    text = page(title, room_url)
    assert set(text) <= GSM_7 | TWICE
    assert septets(text) <= 160
    assert text.startswith("SEV-1 INC-42")
    assert "Reply 42 ack or 42 esc" in text
    assert not set(text) & set("\n\r\t\0\x1b\x7f")


@given(st.text(max_size=200), st.integers(10, 60))
def test_a_cut_is_never_longer_than_asked(text, most):
    assert len(at_word(text, most, "...")) <= max(most, 3)


def test_answers_say_what_came_of_a_reply():
    assert sms.acknowledged(incident()) == "INC-42 is yours. Nobody else is rung."
    assert sms.already_acknowledged(incident(), "Bén") == "INC-42 is already acknowledged by Bén."
    assert sms.escalated(incident(), ["Ben", "Chris"]) == "INC-42: Ben, Chris are paged now."
    assert sms.escalated(incident(), []) == "INC-42: nobody else can be reached now. Look into Slack."
    assert sms.over(incident(status="resolved")) == "INC-42 is resolved already."


def test_what_makes_no_sense_is_answered_with_what_is_open():
    assert sms.not_understood([]) == "Muster: nothing is open for you."
    many = [incident(number=n) for n in range(1, 9)]
    assert sms.not_understood(many) == (
        "Reply a code: 1 ack or 1 esc. Open:\n1 SEV-1 db down\n2 SEV-1 db down\n3 SEV-1 db down\n4 SEV-1 db down\n"
        "5 SEV-1 db down\nand 3 more"
    )


def test_a_test_says_that_it_is_one():
    assert sms.page(incident(test=True)) == (
        "TEST by Muster, INC-42: nothing is wrong. Reply 42 ack to confirm that it reached you."
    )
