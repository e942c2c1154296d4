"""The words of `/incident merge`, `duplicate`, `false-alarm` and `undo`. It looks nothing up."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.errors import Refused
from domain.naming import incident_at
from domain.typed import About, Command, Typed, incident_alone, incident_and_text, refuse_option
from domain.words import clean_line, short, unquoted

_BETWEEN = re.compile(r"(?:into|in|to|with|of|and)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Merge(About):
    """The incident goes into another one; none is named: a picker asks."""

    into: int | None


@dataclass(frozen=True, slots=True)
class Duplicate(About):
    """The incident repeats another one; none is named: a picker asks."""

    into: int | None


@dataclass(frozen=True, slots=True)
class FalseAlarm(About):
    """Nothing was wrong; `text` says why."""

    text: str


@dataclass(frozen=True, slots=True)
class Undo(Command):
    """Take back what was just done. No number: to what this person declared last."""

    number: int | None


def two_incidents(typed: Typed) -> tuple[int | None, int | None]:
    """Which one goes, and into which. One alone is the other one: the first is the room's, or a picker's answer.

    Raises Refused for what is no incident.
    """
    first, rest = _one(typed, unquoted(clean_line(typed.rest)))
    second, rest = _one(typed, unquoted(rest)) if rest else (None, "")
    if rest:
        raise Refused(
            f"`{typed.verb}` takes incidents only, as in `/incident {typed.verb} INC-9 INC-7`; `{short(rest)}` is none."
        )
    return (first, second) if second is not None else (typed.room, first)


def _one(typed: Typed, text: str) -> tuple[int | None, str]:
    refuse_option(text)
    number, rest = incident_at(
        _BETWEEN.sub("", text, count=1) if _BETWEEN.match(text) else text, None, typed.known, True
    )
    return number, rest


PARSERS: Mapping[str, Callable[[Typed], Command]] = {
    "merge": lambda typed: Merge(*two_incidents(typed)),
    "duplicate": lambda typed: Duplicate(*two_incidents(typed)),
    "false-alarm": lambda typed: FalseAlarm(*incident_and_text(typed)),
    "undo": lambda typed: Undo(incident_alone(typed)),
}
