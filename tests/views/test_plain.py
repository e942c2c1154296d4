"""Plain words: readable, cut where they must be, and unchanged where they need not."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.plain import cut, lines, plain, readable, sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("db down", "db down"),
        ("  db\n\tdown\r\n ", "db down"),
        ("a\x00b\x1b[31m\x9f", "ab[31m"),
        ("a\u202eb\u2066c", "abc"),
        ("\ud800", "\ufffd"),
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
    assert readable("one\n\ntwo\x00") == "one\n\ntwo"


def test_a_sentence_ends_once():
    assert [sentence(each) for each in ("", "down", "down.", "down!", "down...")] == [
        "",
        "down.",
        "down.",
        "down!",
        "down...",
    ]
