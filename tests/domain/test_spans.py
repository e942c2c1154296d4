"""Spans of time as people type them, at a quarter past ten at night in Amsterdam unless the test says otherwise."""

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.on_call_grammar import CancelOverride, OnCall, Override, Overrides, parse_on_call, parse_override
from domain.spans import Span, moment_named, span_at

ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 11, 25, 22, 15, tzinfo=ZoneInfo(ZONE))
"""A Wednesday."""


def span(text, now=NOW, zone=ZONE):
    """From and to as the typer's clock shows them, and what is left."""
    found, left = span_at(text.split())
    begin, end = found.resolved(now, zone)
    return begin.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone)), " ".join(left)


def refusal(do, *words):
    with pytest.raises(Refused) as refused:
        do(*words)
    return refused.value.text


def local(written):
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(ZONE))


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("4h", "2026-11-25 22:15", "2026-11-26 02:15"),
        ("for 90m", "2026-11-25 22:15", "2026-11-25 23:45"),
        ("30 min", "2026-11-25 22:15", "2026-11-25 22:45"),
        ("for 30 minutes.", "2026-11-25 22:15", "2026-11-25 22:45"),
        ("2 Hours", "2026-11-25 22:15", "2026-11-26 00:15"),
        ("30min", "2026-11-25 22:15", "2026-11-25 22:45"),
        ("３０m", "2026-11-25 22:15", "2026-11-25 22:45"),
        ("half an hour", "2026-11-25 22:15", "2026-11-25 22:45"),
        ("for an hour", "2026-11-25 22:15", "2026-11-25 23:15"),
        ("1 h 30 min", "2026-11-25 22:15", "2026-11-25 23:45"),
        ("from 08:00 for 3 days", "2026-11-26 08:00", "2026-11-29 08:00"),
        ("until 06:00", "2026-11-25 22:15", "2026-11-26 06:00"),
        ("till 6am", "2026-11-25 22:15", "2026-11-26 06:00"),
        ("until 23:30", "2026-11-25 22:15", "2026-11-25 23:30"),
        ("until sat 09:00", "2026-11-25 22:15", "2026-11-28 09:00"),
        ("until Saturday 9 am", "2026-11-25 22:15", "2026-11-28 09:00"),
        ("until wed 22:00", "2026-11-25 22:15", "2026-12-02 22:00"),
        ("until tomorrow 12pm", "2026-11-25 22:15", "2026-11-26 12:00"),
        ("until 2026-12-24 18:00", "2026-11-25 22:15", "2026-12-24 18:00"),
        ("from 23:00 to 06:00", "2026-11-25 23:00", "2026-11-26 06:00"),
        ("from 22:15 to 06:00", "2026-11-25 22:15", "2026-11-26 06:00"),
        ("from now to 06:00", "2026-11-25 22:15", "2026-11-26 06:00"),
        ("from 08:00 to 12:30", "2026-11-26 08:00", "2026-11-26 12:30"),
        ("from 08:00 for 30m", "2026-11-26 08:00", "2026-11-26 08:30"),
        ("30m from 08:00", "2026-11-26 08:00", "2026-11-26 08:30"),
        ("from sat 09:00 to sun 21:00", "2026-11-28 09:00", "2026-11-29 21:00"),
        ("from sat 09:00 - 21:00", "2026-11-28 09:00", "2026-11-28 21:00"),
        ("from tomorrow 22:00 to 06:00", "2026-11-26 22:00", "2026-11-27 06:00"),
        ("from tomorrow 08:00 to tomorrow 09:00", "2026-11-26 08:00", "2026-11-26 09:00"),
        ("from 2026-12-24 18:00 to 2026-12-26 09:00", "2026-12-24 18:00", "2026-12-26 09:00"),
    ],
)
def test_what_people_type_is_understood_in_their_own_zone(text, begin, end):
    assert span(f"{text} primary") == (local(begin), local(end), "primary")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0h", "'0h' is not a duration"),
        ("9999d", "is not a duration Muster can wait for"),
        ("until", "When? Write `4h`"),
        ("until noon", "`noon` is no time such as `22:00`"),
        ("until 25:00", "`25:00` is no time of day"),
        ("until 13pm", "`13pm` is no time of day"),
        ("until 22", "is no time such as `22:00`"),
        ("until 2026-02-30 10:00", "`2026-02-30` is no day that can be meant"),
        ("until 9999-12-31 23:59", "`9999-12-31` is no day that can be meant"),
        ("until 0001-01-01 00:00", "`0001-01-01` is no day that can be meant"),
        ("from 08:00", "For how long?"),
        ("4h 5h", "`5h` stands there twice"),
        ("30m 1h", "`1h` stands there twice"),
        ("from 08:00 to 09:00 4h", "For how long?"),
    ],
)
def test_what_is_no_span_is_answered_with_what_is_wrong(text, words):
    assert words in refusal(span_at, text.split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("from today 21:00 to 23:00", "today 21:00 is past. Leave `from` out to begin now"),
        ("from 2020-01-01 10:00 to 11:00", "2020-01-01 10:00 is past."),
        ("until 2020-01-01 10:00", "That ends before it begins."),
        ("from sat 09:00 to 2026-11-27 10:00", "That ends before it begins."),
        ("from 09:00 to today 09:00", "That ends before it begins."),
    ],
)
def test_what_is_past_or_empty_is_refused(text, words):
    assert words in refusal(span, text)


def test_a_night_that_has_begun_is_not_guessed_at():
    assert refusal(span, "from 22:00 to 06:00") == (
        "22:00 has passed and 06:00 has not. `until 06:00` begins now; `from tomorrow 22:00 to 06:00` is the next time."
    )
    assert "`from today 22:00 to 06:00`" in refusal(span, "from 22:00 to 06:00", local("2026-11-26 05:00"))
    assert span("from 22:00 to 06:00", local("2026-11-26 06:30"))[0] == local("2026-11-26 22:00")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("sat 03:00", "2026-11-28 03:00"),
        ("22:00", "2026-11-26 22:00"),
        ("2026-12-24 18:00", "2026-12-24 18:00"),
        ("now", "2026-11-25 22:15"),
    ],
)
def test_a_single_moment_can_be_named(text, moment):
    assert moment_named(text, NOW, ZONE) == local(moment)


def test_a_moment_with_words_behind_it_is_refused():
    assert "`please` is too much" in refusal(moment_named, "sat 03:00 please", NOW, ZONE)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("@ben 4h", Override("@ben", Span(length=timedelta(hours=4)), None, False)),
        ("@ben 4 hours primary", Override("@ben", Span(length=timedelta(hours=4)), "primary", False)),
        ("@ben 4h primary", Override("@ben", Span(length=timedelta(hours=4)), "primary", False)),
        ("@ben 40d on the leads confirm", Override("@ben", Span(length=timedelta(days=40)), "the leads", True)),
        ("<@U0002|ben> for 4h", Override("<@U0002|ben>", Span(length=timedelta(hours=4)), None, False)),
        ("Ben van Dam 4h", Override("Ben van Dam", Span(length=timedelta(hours=4)), None, False)),
        ("“Ben van Dam” 4h", Override("Ben van Dam", Span(length=timedelta(hours=4)), None, False)),
        ("", Overrides(None)),
        ("list", Overrides(None)),
        ("list primary", Overrides("primary")),
        ("cancel 12", CancelOverride(12)),
        ("undo #12", CancelOverride(12)),
    ],
)
def test_an_override_is_read(text, command):
    assert parse_override(text) == command


def test_on_call_may_name_a_schedule():
    assert [parse_on_call(text) for text in ("", "primary", "on primary")] == [
        OnCall(None),
        OnCall("primary"),
        OnCall("primary"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@ben", "For how long is `@ben` on call?"),
        ("4h @ben", "Who stands in? `/incident override @ben 4h"),
        ("cancel", "Which override?"),
        ("cancel that", "Which override?"),
    ],
)
def test_what_an_override_lacks_is_asked_for(text, words):
    assert words in refusal(parse_override, text)


times = st.integers(0, 1439).map(lambda n: f"{n // 60:02}:{n % 60:02}")
moments = st.integers(0, 365 * 24 * 60).map(lambda n: NOW + timedelta(minutes=n))
WORDS = ("from", "to", "until", "for", "4h", "@ben", "sat", "today", "tomorrow", "2026-12-24", "9", "am", "22:00", "x")


@given(st.lists(st.sampled_from(WORDS), max_size=9), moments)
def test_whatever_is_typed_ends_after_it_begins_and_begins_not_before_now_or_is_refused(words, now):
    with suppress(Refused):
        command = parse_override(" ".join(words))
        if isinstance(command, Override):
            begin, end = command.span.resolved(now, ZONE)
            assert now <= begin < end


@given(times, times, moments)
def test_from_and_to_without_days_lie_within_a_day_each(begin, end, now):
    with suppress(Refused):
        first, last, _ = span(f"from {begin} to {end}", now)
        assert first - now <= timedelta(hours=25)
        assert timedelta(0) < last - first <= timedelta(hours=25)
