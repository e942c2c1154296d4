"""The words of `/incident override` and `/incident oncall`. It looks no name up and knows no hour."""

import re
from dataclasses import dataclass
from typing import ClassVar

from domain.errors import Refused
from domain.grants import LOOK, OVERRIDE
from domain.spans import HOW, Span, span_at, starts_span
from domain.typed import Command
from domain.words import clean_line, short, unquoted

CONFIRM = "confirm"
LISTS, CANCELS = ("list", "ls", "show"), ("cancel", "undo", "remove", "delete")


@dataclass(frozen=True, slots=True)
class OnCall(Command):
    """Ask who is on call, on one schedule or on all."""

    permission: ClassVar[str] = LOOK

    schedule: str | None


@dataclass(frozen=True, slots=True)
class Override(Command):
    """Put somebody on call. `person` is as it was typed; no schedule: the first in config.yaml."""

    permission: ClassVar[str] = OVERRIDE

    person: str
    span: Span
    schedule: str | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Overrides(Command):
    """List those that are in force or to come."""

    permission: ClassVar[str] = LOOK

    schedule: str | None


@dataclass(frozen=True, slots=True)
class CancelOverride(Command):
    """`number` is that of the override, as its list shows it."""

    permission: ClassVar[str] = OVERRIDE

    number: int


def parse_on_call(rest: str) -> OnCall:
    """What follows `oncall`."""
    return OnCall(_schedule(clean_line(rest).split()))


def parse_override(rest: str) -> Override | Overrides | CancelOverride:
    """What follows `override`. Raises Refused."""
    words = clean_line(rest).split()
    first = words[0].casefold() if words else LISTS[0]
    if first in LISTS:
        return Overrides(_schedule(words[1:]))
    if first in CANCELS:
        return CancelOverride(_number(words[1:]))
    begin = next((place for place, word in enumerate(words) if starts_span(word)), len(words))
    if begin == 0:
        raise Refused(f"Who stands in? `/incident override @ben {' '.join(map(short, words))[:60]}`.")
    if begin == len(words):
        raise Refused(f"For how long is `{short(' '.join(words))}` on call? {HOW}")
    span, left = span_at(words[begin:])
    confirmed = bool(left) and left[-1].casefold() == CONFIRM
    return Override(unquoted(" ".join(words[:begin])), span, _schedule(left[:-1] if confirmed else left), confirmed)


def _schedule(words: list[str]) -> str | None:
    if words and words[0].casefold() == "on":
        words = words[1:]
    return unquoted(" ".join(words)) or None


def _number(words: list[str]) -> int:
    found = re.fullmatch(r"#?(\d{1,9})", words[0]) if len(words) == 1 else None
    if not found:
        raise Refused(
            "Which override? `/incident override list` shows their numbers; then `/incident override cancel 12`."
        )
    return int(found[1])
