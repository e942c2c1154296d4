"""Spans of time as people type them: `4h`, `from 22:00 to 06:00`, `until sat 09:00`. The present is a parameter."""

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.durations import parse_duration
from domain.errors import Refused
from domain.wall_clock import EPOCH, first_shown
from domain.words import short
from domain.working_hours import DAYS

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
A_TIME = "Write a time such as `sat 03:00` or `2026-12-24 18:00`."
HOW = "Write `4h`, `until 18:00`, `from 22:00 to 06:00` or `from sat 09:00 to sun 21:00`."
LAST_YEAR = 3000
BEGINS, ENDS = ("from",), ("to", "until", "till", "-", "–")
OPENING = (*BEGINS, *ENDS, "for")
TODAY, TOMORROW = "today", "tomorrow"

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
_SPOKEN = {"half an hour": "30m", "an hour": "1h", "one hour": "1h", "a day": "1d"}
_LONG = re.compile(r"([0-9]{1,9}) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)")
UNITS = "dhms"
"""The greatest first."""
_LENGTH = re.compile(rf"\d{{1,9}}[{UNITS}]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as the typer's clock shows it; `day` is empty, `today`, `tomorrow`, a weekday or a date."""

    at: time
    day: str | date = ""


@dataclass(frozen=True, slots=True)
class Span:
    """`begin` None is now; of `end` and `length` one is there."""

    begin: Clock | None = None
    end: Clock | None = None
    length: timedelta | None = None

    def resolved(self, now: datetime, zone: str) -> tuple[datetime, datetime]:
        """From and to, UTC, at this moment for somebody in this zone. Raises Refused for what is past or empty."""
        here = ZoneInfo(zone)
        begin = _begin(self.begin, now, here) if self.begin else now
        if self.length is not None:
            return begin, begin + self.length
        if self.end is None:
            raise Refused(f"Until when? {HOW}")
        end = _next(self.end, begin, now, here)
        if end <= begin:
            raise Refused(f"That ends before it begins. {HOW}")
        if self.begin and not self.begin.day and not self.end.day:
            _must_not_be_under_way(self.begin, self.end, begin, now, here)
        return begin, end


def told_short(words: Sequence[str]) -> list[str]:
    """The same words with every length as one short word: `30 minutes`, `half an hour` and `30min` are `30m`."""
    left, short_ones = list(words), list[str]()
    while left:
        count, length = next(((n, found) for n in (3, 2, 1) if (found := _told_length(left[:n]))), (1, left[0]))
        short_ones.append(length)
        left = left[count:]
    return short_ones


def _told_length(words: Sequence[str]) -> str:
    text = unicodedata.normalize("NFKC", " ".join(words)).casefold().rstrip(".")
    if text in _SPOKEN:
        return _SPOKEN[text]
    found = _LONG.fullmatch(text)
    return f"{found[1]}{found[2][0]}" if found else ""


def starts_span(word: str) -> bool:
    """Whether a span begins with this word: what stands before it is a name."""
    return word.casefold() in OPENING or _LENGTH.fullmatch(word) is not None


def span_at(words: Sequence[str]) -> tuple[Span, list[str]]:
    """The span that the words begin with, and the rest. Raises Refused."""
    left = told_short(words)
    begin = end = None
    length = None
    while left and starts_span(left[0]):
        word = left[0].casefold()
        if word in BEGINS and begin is None:
            begin, left = _clock(left[1:])
        elif word in ENDS and end is None:
            end, left = _clock(left[1:])
        elif length is None and (word == "for" or _LENGTH.fullmatch(word)):
            length, left = _lengths(left[1:] if word == "for" else left)
        else:
            raise Refused(f"`{short(left[0])}` stands there twice. {HOW}")
    if (end is None) == (length is None):
        raise Refused(f"For how long? {HOW}")
    return Span(begin, end, length), left


def moment_named(text: str, now: datetime, zone: str) -> datetime:
    """The next `sat 03:00`, `22:00`, `tomorrow 9am` or `2026-12-24 18:00` in this zone, UTC; `now` is now. Raises
    Refused; a date may be past."""
    if not text.strip():
        raise Refused(f"When? {A_TIME}")
    clock, left = _clock(text.split())
    if left:
        raise Refused(f"`{short(' '.join(left))}` is too much. {A_TIME}")
    return _next(clock, now, now, ZoneInfo(zone)) if clock else now


def _lengths(words: list[str]) -> tuple[timedelta, list[str]]:
    """`1h`, and `1h 30m`: each unit is smaller than the one before."""
    length, left = _length(words)
    unit = words[0][-1:].lower()
    while left and _LENGTH.fullmatch(left[0]) and (smaller := left[0][-1].lower()) in UNITS.partition(unit)[2]:
        more, left = _length(left)
        length, unit = length + more, smaller
    return length, left


def _length(words: list[str]) -> tuple[timedelta, list[str]]:
    try:
        return parse_duration(words[0] if words else ""), words[1:]
    except ValueError as wrong:
        raise Refused(f"{str(wrong)[:1].upper()}{str(wrong)[1:]}.") from None


def _clock(words: list[str]) -> tuple[Clock | None, list[str]]:
    """`now` is no clock: it is where a span without a beginning begins."""
    if not words:
        raise Refused(f"When? {HOW}")
    if words and words[0].casefold() == "now":
        return None, words[1:]
    day, left = _day(words)
    found = _TIME.fullmatch(left[0]) if left else None
    if found and not (found[2] or found[3]):
        # "6 pm" is two words; a bare number could be anything.
        found = _TIME.fullmatch("".join(left[:2])) if len(left) > 1 and left[1].casefold() in ("am", "pm") else None
        left = left[1:] if found else left
    if not found:
        raise Refused(f"`{short(' '.join(words[:2]))}` is no time such as `22:00`, `9am` or `sat 22:00`.")
    return Clock(_time_of_day(found), day), left[1:]


def _time_of_day(found: re.Match[str]) -> time:
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0) if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59:
        raise Refused(f"`{short(found[0])}` is no time of day; write one from 00:00 to 23:59.")
    return time(hour, minute)


def _day(words: list[str]) -> tuple[str | date, list[str]]:
    word = words[0].casefold().rstrip(",") if words else ""
    if word in (TODAY, TOMORROW):
        return word, words[1:]
    if len(word) >= 3 and any(f"{EPOCH + n * DAY:%A}".casefold().startswith(word) for n in range(7)):
        return word[:3], words[1:]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
        return _date(word), words[1:]
    return "", words


def _date(word: str) -> date:
    with suppress(ValueError):
        day = date.fromisoformat(word)
        # At the ends of the calendar a zone's offset would leave it.
        if EPOCH.year <= day.year < LAST_YEAR:
            return day
    raise Refused(f"`{word}` is no day that can be meant; write one such as 2026-11-23.")


def _begin(clock: Clock, now: datetime, zone: ZoneInfo) -> datetime:
    """The next time that the clock shows it; on a day that is named, only then. The present minute is not past."""
    moment = _next(clock, now - MINUTE, now, zone)
    if moment < now - MINUTE:
        raise Refused(f"{_written(clock)} is past. Leave `from` out to begin now, or name a day that is still to come.")
    return max(moment, now)


def _next(clock: Clock, after: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """The first such time after a moment; a day that is named is taken as it is, and may be past."""
    today = now.astimezone(zone).date()
    match clock.day:
        case date():
            return _at(clock.day, clock.at, zone)
        case "today" | "tomorrow":
            return _at(today if clock.day == TODAY else today + DAY, clock.at, zone)
    ahead = (after.astimezone(zone).date() + n * DAY for n in range(9))
    fitting = (day for day in ahead if clock.day in ("", DAYS[day.weekday()]))
    return next(at for at in (_at(day, clock.at, zone) for day in fitting) if at > after)


def _must_not_be_under_way(begin: Clock, end: Clock, next_begin: datetime, now: datetime, zone: ZoneInfo) -> None:
    """At 22:05 `from 22:00 to 06:00` may mean the night that has begun or the next one: neither is guessed."""
    last_begin = _at(next_begin.astimezone(zone).date() - DAY, begin.at, zone)
    if next_begin > now and last_begin < now < _next(end, last_begin, now, zone):
        raise Refused(
            f"{begin.at:%H:%M} has passed and {end.at:%H:%M} has not. `until {end.at:%H:%M}` begins now; "
            f"`from {_when(next_begin, now, zone)} {begin.at:%H:%M} to {end.at:%H:%M}` is the next time."
        )


def _when(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    return TODAY if moment.astimezone(zone).date() == now.astimezone(zone).date() else TOMORROW


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return first_shown(datetime.combine(day, at) - EPOCH, zone).astimezone(UTC)


def _written(clock: Clock) -> str:
    day = clock.day if isinstance(clock.day, str) else clock.day.isoformat()
    return f"{day} {clock.at:%H:%M}".strip()
