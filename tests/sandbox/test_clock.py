"""The sandbox's clock and its file."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.clock import Clock, duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("5m", 300), ("+24h", 86_400), ("2d", 172_800), ("1h30m", 5400), ("-5m", -300), ("0.5h", 1800)],
)
def test_durations_are_read(text, seconds):
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "24", "h", "tomorrow", "1 h"])
def test_what_is_no_duration_is_a_sentence(text):
    with pytest.raises(ValueError, match="is not a duration"):
        duration(text)


def test_the_offset_is_kept_in_the_file_and_outlives_the_clock(tmp_path):
    file = tmp_path / "sandbox" / "clock"
    Clock(file).move("+24h")
    assert float(file.read_text()) == 86_400
    assert Clock(file).offset == timedelta(hours=24)
    assert list(file.parent.iterdir()) == [file]


def test_a_clock_that_went_back_knows_what_it_had_shown_until_that_comes_again():
    clock = Clock()
    clock.move("+24h")
    assert clock.seen_before is None
    clock.move("-2h")
    clock.move("+1h")
    assert timedelta(minutes=59) < clock.seen_before - clock.now() < timedelta(minutes=61)
    clock.move("+1h")
    assert clock.seen_before is None


def test_now_is_aware_and_moved():
    clock = Clock()
    clock.move(timedelta(days=1))
    assert timedelta(hours=23) < clock.now() - datetime.now(UTC) < timedelta(hours=25)
