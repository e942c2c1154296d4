"""Days as people type them when something is due: `2026-12-01`, `tomorrow`, `friday`, `2w`. Today is a parameter."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from domain.errors import Refused
from domain.words import short

HOW = "Write it as `2026-12-01`, `tomorrow`, `friday`, `2w` or `1 dec`."
LONGEST_DAYS = 3650
LONGEST_WORDS = 4
LEADS = ("by", "due", "until", "till", "before", "on")
"""Words before a day that say nothing more than the day."""

NOT_DUE = ("from", "since", "of", "last", "every", "the", "for", "after")
"""Behind these a day belongs to the text: `read the logs of friday`."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*"
_OF_MONTH = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?P<iso>\d{4}-\d{2}-\d{2})",
        r"(?P<named>today|tomorrow)",
        rf"(?P<next>next )?(?P<weekday>{_WEEKDAY})",
        r"(?:in )?(?P<count>\d{1,4}) ?(?P<unit>d|w|days?|weeks?)",
        rf"{_OF_MONTH} {_MONTH}(?: (?P<year>\d{{4}}))?",
        rf"{_MONTH} {_OF_MONTH}(?: (?P<year>\d{{4}}))?",
    )
)


def due_at_end(words: Sequence[str], in_text: bool) -> tuple[str, list[str]]:
    """The day that the words end with, as it was typed, and what stands before it; empty where they end with none.
    `in_text`: what stands before is a text, which may have a day of its own."""
    for count in range(min(LONGEST_WORDS, len(words)), 0, -1):
        typed, before = " ".join(words[-count:]), list(words[:-count])
        if _read(typed) is None:
            continue
        lead = before[-1].casefold() if before else ""
        if in_text and lead in NOT_DUE:
            return "", list(words)
        return typed, before[:-1] if lead in LEADS else before
    return "", list(words)


def day_named(typed: str, today: date) -> date:
    """The day that is meant, from today on. Raises Refused."""
    found = _read(typed)
    if found is None:
        raise Refused(f"`{short(typed)}` is no day. {HOW}")
    try:
        day = _resolved(found, today)
    except (ValueError, OverflowError):
        raise Refused(f"`{short(typed)}` is no day of the calendar. {HOW}") from None
    if day < today:
        raise Refused(f"{day.isoformat()} is past. {HOW}")
    if day - today > timedelta(days=LONGEST_DAYS):
        raise Refused(f"{day.isoformat()} is more than ten years away. {HOW}")
    return day


def _read(typed: str) -> dict[str, str] | None:
    """What its form names, or None where it has none of these."""
    text = " ".join(typed.casefold().rstrip(",.").split())
    found = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    return {name: value for name, value in found.groupdict().items() if value} if found else None


def _resolved(found: dict[str, str], today: date) -> date:
    match found:
        case {"iso": iso}:
            return date.fromisoformat(iso)
        case {"named": named}:
            return today + timedelta(days=named == "tomorrow")
        case {"weekday": weekday}:
            return _weekday(weekday, "next" in found, today)
        case {"count": count, "unit": unit}:
            return today + timedelta(days=int(count) * (7 if unit.startswith("w") else 1))
    month = _MONTHS.index(found["month"]) + 1
    day = date(int(found.get("year", today.year)), month, int(found["day"]))
    return day if "year" in found or day >= today else day.replace(year=today.year + 1)


def _weekday(typed: str, of_next_week: bool, today: date) -> date:
    """The next day of that name, never today; with `next`, that of the week that begins on Monday."""
    wanted = next(number for number, name in enumerate(_DAYS) if name.startswith(typed[:3]))
    if of_next_week:
        return today + timedelta(days=7 - today.weekday() + wanted)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
