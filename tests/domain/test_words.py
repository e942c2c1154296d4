"""Words are kept as they were meant: what cannot be seen or would harm is gone, everything else stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import words

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  db \t down \r\n now ", "db down now", id="blanks of every kind become one space"),
        pytest.param("db\x00\x07down\x1b[31m", "db down [31m", id="control characters are gone"),
        pytest.param("db \u202enwod\u2066!\u2069", "db nwod !", id="nothing can turn the line around"),
        pytest.param("db\u2028down\u2029now\x85", "db down now", id="foreign line breaks break no line"),
        pytest.param("db \ud800 down", "db down", id="half a character is gone"),
        pytest.param("\ufeffdb\u200bdown", "db down", id="blanks without width are blanks"),
        pytest.param("👩\u200d🚒 🇩🇪 ❤\ufe0f down", "👩\u200d🚒 🇩🇪 ❤\ufe0f down", id="emoji stay whole"),
        pytest.param("قاعدة البيانات معطلة\u200f!", "قاعدة البيانات معطلة\u200f!", id="right-to-left words stay"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="joiners that change the word stay"),
        pytest.param("cafe\u0301", "cafe\u0301", id="accents stay on their letter"),
        pytest.param("\u200d\u200f\u0301 \ufe0f", "", id="what nobody can see is nothing"),
    ],
)
def test_a_line_keeps_what_can_be_read(typed, kept):
    assert words.clean_line(typed) == kept


def test_a_text_keeps_its_lines_and_one_empty_line_between_them():
    assert words.prose(" one  \r\n\r\n\r\n\r\n  two\rthree \n") == "one\n\n  two\nthree"


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text):
    once = words.clean(text)

    assert words.clean(once) == once
    assert words.clean_line(words.clean_line(text)) == words.clean_line(text) == words.clean_line(once)


@given(ANY_TEXT)
def test_a_clean_line_is_one_line_that_can_be_stored(text):
    line = words.clean_line(text)

    assert line.splitlines() in ([], [line])
    assert "  " not in line
    line.encode()


@given(st.text("ab ", min_size=1), st.sampled_from(['""', "“”", "„“", "‟”", "‘’", "''", "«»"]))
def test_quotes_around_the_whole_are_taken_off(text, pair):
    assert words.unquoted(pair[0] + text + pair[1]) == text.strip()


@given(st.text("ab'\"“” ", max_size=20))
def test_text_that_is_not_wholly_quoted_is_left_alone(text):
    assert words.unquoted(f"x{text}") == f"x{text}"


def test_a_repeated_word_is_short_and_cannot_close_its_code_span():
    assert words.short("`a`\nb") == "'a' b"
    assert words.short("x" * 100) == "x" * 39 + "…"
