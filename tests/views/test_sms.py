"""The text message: short, in one alphabet, and never without its key and what to do."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from domain.incidents import Incident
from views import sms

ROOM = "https://example.com/archives/C0042"


def page(title, room_url=ROOM, severity="SEV-1"):
    return sms.page(Incident(title, severity, "U0001", datetime(2026, 11, 20, tzinfo=UTC), number=42), room_url)


def test_it_says_how_bad_which_what_and_where():
    assert page("db down") == f"[SEV-1] INC-42 db down. Acknowledge in Slack {ROOM}"
    assert page("db down", "") == "[SEV-1] INC-42 db down. Acknowledge in Slack"


def test_a_long_title_is_cut_to_keep_one_segment():
    text = page("the database of the shop in the second region does not answer " * 20)
    assert len(text) <= 160
    assert text.endswith(f"... Acknowledge in Slack {ROOM}")


def test_typographic_signs_do_not_halve_the_segment():
    assert page("“db” – isn’t up…").isascii()


@given(st.text(st.characters(), max_size=5000), st.sampled_from(["", ROOM, "https://example.com/" + "x" * 400]))
def test_it_never_passes_the_limit_or_loses_its_words(title, room_url):
    text = page(title, room_url)
    assert len(text) <= 1600
    assert text.startswith("[SEV-1] INC-42")
    assert "Acknowledge in Slack" in text
    assert text.endswith(room_url)
    assert not set(text) & set("\n\r\t\0\x1b\x7f\u202e")
