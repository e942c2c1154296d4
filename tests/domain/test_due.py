"""Days as people type them: understood where they can mean one day, and never guessed."""

from datetime import date

import pytest

from domain.due import day_named, due_at_end
from domain.errors import Refused

WEDNESDAY = date(2026, 11, 25)
NAMED = {
    "2026-12-01": date(2026, 12, 1),
    "today": WEDNESDAY,
    "Tomorrow": date(2026, 11, 26),
    "friday": date(2026, 11, 27),
    "fri": date(2026, 11, 27),
    "wed": date(2026, 12, 2),
    "next friday": date(2026, 12, 4),
    "next mon": date(2026, 11, 30),
    "2w": date(2026, 12, 9),
    "3d": date(2026, 11, 28),
    "in 2 weeks": date(2026, 12, 9),
    "10 days": date(2026, 12, 5),
    "1 dec": date(2026, 12, 1),
    "December 1st": date(2026, 12, 1),
    "3 March": date(2027, 3, 3),
    "1 dec 2027": date(2027, 12, 1),
}


@pytest.mark.parametrize("typed", NAMED)
def test_a_day_that_can_mean_one_day_is_understood(typed):
    assert day_named(typed, WEDNESDAY) == NAMED[typed]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2026-11-24", "is past"),
        ("1 dec 2025", "is past"),
        ("2026-02-30", "is no day of the calendar"),
        ("31 feb", "is no day of the calendar"),
        ("2040-01-01", "more than ten years away"),
        ("9999w", "more than ten years away"),
        ("12/01", "is no day"),
        ("soon", "is no day"),
        ("", "is no day"),
    ],
)
def test_what_is_no_day_is_refused_with_how_to_write_one(typed, why):
    with pytest.raises(Refused) as refused:
        day_named(typed, WEDNESDAY)
    assert why in refused.value.text
    assert "`2026-12-01`" in refused.value.text


@pytest.mark.parametrize(
    ("text", "due", "left"),
    [
        ("alert at 80 % friday", "friday", "alert at 80 %"),
        ("alert at 80 % by next friday", "next friday", "alert at 80 %"),
        ("write it until 1 dec 2026", "1 dec 2026", "write it"),
        ("read the logs from friday", "", "read the logs from friday"),
        ("stop deploys for 2 weeks", "", "stop deploys for 2 weeks"),
        ("review the last 3 days", "", "review the last 3 days"),
        ("alert at 80 %", "", "alert at 80 %"),
    ],
)
def test_a_day_at_the_end_of_a_text_is_when_it_is_due_unless_it_belongs_to_the_text(text, due, left):
    assert due_at_end(text.split(), in_text=True) == (due, left.split())
