"""Durations read as people write them, and nothing else does."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.durations import LONGEST, parse_duration, write_duration

WHOLE_SECONDS = st.integers(1, int(LONGEST.total_seconds())).map(lambda seconds: timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("5m", 300), ("24h", 86_400), ("2d", 172_800), (" 5 M ", 300)],
)
def test_the_four_units_are_seconds_minutes_hours_and_days(text, seconds):
    assert parse_duration(text) == timedelta(seconds=seconds)


@given(WHOLE_SECONDS)
def test_what_is_written_reads_back_as_the_same_duration(duration):
    assert parse_duration(write_duration(duration)) == duration


@given(st.text() | st.from_regex(r"\s*[0-9]{1,12}\s*[smhdw]?\s*", fullmatch=True))
def test_any_text_is_a_duration_muster_can_wait_for_or_refused_with_what_would_be_right(text):
    try:
        found = parse_duration(text)
    except ValueError as refusal:
        found = refusal
    assert "write" in str(found) if isinstance(found, ValueError) else timedelta(0) < found <= LONGEST


@pytest.mark.parametrize(
    "text", ["", "5", "m", "5 minutes", "-5m", "0s", "1.5h", "1h30m", "5w", "9" * 10 + "s", "999999999d"]
)
def test_a_duration_without_one_number_and_one_unit_is_refused(text):
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)
