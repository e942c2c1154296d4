"""Severities stand in the order of gravity, and no two can be mistaken for one another."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.severities import Severities, rank
from domain.working_hours import WorkingHours


def severities(*names, **fields):
    row = {"label": "x", "means": "x", "acknowledge_within": "8h", **fields}
    return TypeAdapter(Severities).validate_python(dict.fromkeys(names, row))


SEVS = severities("SEV-1", "SEV-2", "SEV-12")


def test_the_order_in_the_file_is_the_order_of_gravity_and_what_is_gone_comes_last():
    assert [rank(SEVS, name) for name in ("SEV-1", "SEV-12", "SEV-9")] == [0, 2, 3]


def test_two_names_that_read_alike_are_refused():
    with pytest.raises(ValidationError, match="'s1' could mean 'SEV-1' or 'SUP-1'"):
        severities("SEV-1", "SUP-1")


@pytest.mark.parametrize(
    ("detected", "due"),
    [
        ("2026-11-20T10:00", "2026-11-20T18:00"),
        ("2026-11-20T12:00", "2026-11-23T12:00"),
        ("2026-11-21T03:00", "2026-11-23T18:00"),
        ("2026-11-20T20:00", "2026-11-23T18:00"),
    ],
    ids=["at the begin of Friday", "in the middle of Friday", "on Saturday", "after work on Friday"],
)
def test_a_promise_in_working_hours_waits_for_them(detected, due):
    severity = severities("SEV-4", acknowledge_in_working_hours=True)["SEV-4"]
    hours = WorkingHours.model_validate({"begin": "11:00", "end": "19:00"})
    at = datetime.fromisoformat(detected).replace(tzinfo=UTC)
    assert severity.acknowledge_due(at, hours, "Europe/Amsterdam").isoformat() == f"{due}:00+00:00"


def test_working_hours_follow_the_clocks_when_they_change():
    hours = WorkingHours()
    friday_evening = datetime(2026, 10, 23, 20, tzinfo=UTC)
    assert hours.after(friday_evening, timedelta(hours=1), "Europe/Amsterdam") == datetime(2026, 10, 26, 9, tzinfo=UTC)


def test_other_promises_count_every_hour():
    severity = severities("SEV-1")["SEV-1"]
    saturday = datetime(2026, 11, 21, 3, tzinfo=UTC)
    assert severity.acknowledge_due(saturday, WorkingHours(), "UTC") == saturday + timedelta(hours=8)
