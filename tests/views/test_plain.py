"""Plain words: readable, cut where they must be, and unchanged where they need not."""

from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.plain import cut, lasted, lines, plain, readable, sentence, utc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("db down", "db down"),
        ("  db\n\tdown\r\n ", "db down"),
        ("a\x00b\x1b[31m\x9f", "a b [31m"),
        ("a\u202eb\u2066c", "a b c"),
        ("\ud800", ""),
        ("שלום \N{WOMAN}\N{ZERO WIDTH JOINER}\N{FIRE ENGINE}", "שלום \N{WOMAN}\N{ZERO WIDTH JOINER}\N{FIRE ENGINE}"),
    ],
)
def test_a_line_keeps_what_people_can_read(text, expected):
    assert plain(text) == expected


def test_cutting_says_that_something_is_gone():
    assert (cut("abcdef", 6), cut("abcdef", 5), cut("abc def", 5, "...")) == ("abcdef", "abcd…", "ab...")
    assert cut("ab cdef", 4) == "ab…"


@given(st.text(st.characters(), max_size=300), st.integers(1, 50))
def test_a_cut_line_fits_is_xml_and_cleaning_it_again_changes_nothing(text, limit):
    line = plain(text, limit)
    assert len(line) <= limit
    assert plain(line) == line
    element = ET.Element("x")
    element.text = line
    assert (ET.fromstring(ET.tostring(element, encoding="unicode")).text or "") == line
    assert line.encode("utf-8").decode("utf-8") == line


def test_longer_texts_keep_their_lines():
    assert lines("one\n\n two \r\nthree\x00") == ["one", "two", "three"]
    assert lines("one\ntwo", 5) == ["one…"]
    assert readable("one\n\ntwo\x00") == "one\n\ntwo "


def test_times_are_told_in_utc_and_durations_in_hours_and_minutes():
    assert utc(datetime(2026, 11, 20, 4, 5, 59, tzinfo=timezone(timedelta(hours=1)))) == "2026-11-20 03:05 UTC"
    assert utc(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02 00:00 UTC"
    assert [lasted(timedelta(minutes=each)) for each in (0, 59, 65, 1500)] == [
        "0 min",
        "59 min",
        "1 h 05 min",
        "25 h 00 min",
    ]
    assert lasted(timedelta(seconds=-1)) == "0 min"


def test_a_sentence_ends_once():
    assert [sentence(each) for each in ("", "down", "down.", "down!", "down...")] == [
        "",
        "down.",
        "down.",
        "down!",
        "down...",
    ]
