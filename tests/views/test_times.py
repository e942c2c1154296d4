"""Times read well, and in any reader's zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from views.times import duration, slack_date, utc


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (45.9, "45 s"),
        (60, "1 min"),
        (12 * 60 + 59, "12 min"),
        (120 * 60, "2 h"),
        (65 * 60, "1 h 05 min"),
        (24 * 3600, "1 d"),
        (51 * 3600 + 3599, "2 d 03 h"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds, words):
    assert duration(timedelta(seconds=seconds)) == words


def test_a_date_is_the_readers_own_with_utc_for_everyone_else():
    at = datetime(2026, 11, 20, 15, 2, tzinfo=timezone(timedelta(hours=1)))
    epoch = int(datetime(2026, 11, 20, 14, 2, tzinfo=UTC).timestamp())
    assert slack_date(at) == f"<!date^{epoch}^{{date_short_pretty}} {{time}}|2026-11-20 14:02 UTC>"
    assert utc(at) == "2026-11-20 14:02 UTC"
