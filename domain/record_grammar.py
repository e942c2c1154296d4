"""The words of `note`, `timeline`, `correct`, `catchup`, `action` and `mine`. It looks no name up and knows no date."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from domain import words
from domain.due import HOW, due_at_end
from domain.errors import Refused
from domain.grants import LOOK
from domain.naming import incident_at
from domain.typed import About, Command, Typed, incident_alone, incident_and_text, refuse_option

_PERSON = re.compile(r"@\S+|<@[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class Note(About):
    """Write something down. No text: the form asks for it."""

    text: str


@dataclass(frozen=True, slots=True)
class Timeline(About):
    """All that happened."""

    permission: ClassVar[str] = LOOK


@dataclass(frozen=True, slots=True)
class Correct(About):
    """Put right what was written; `text` is what it should have been."""

    text: str


@dataclass(frozen=True, slots=True)
class Catchup(About):
    """What a late joiner should know."""

    permission: ClassVar[str] = LOOK


@dataclass(frozen=True, slots=True)
class Action(About):
    """Make an action item, for `owner` until `due`, as they were typed. No text: list those there are."""

    permission: ClassVar[str] = LOOK

    text: str
    owner: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Mine(Command):
    """What somebody has to do."""

    permission: ClassVar[str] = LOOK


def parse_action(typed: Typed) -> Action:
    """`"text" @ben friday`, in this order or with the person first; without quotes the text ends where those begin.
    Raises Refused."""
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=typed.room is None)
    refuse_option(rest)
    first, after = words.head(rest)
    owner = first if _PERSON.fullmatch(first) else ""
    rest = after if owner else rest
    match words.quoted(rest):
        case (text, following):
            owner, due = _of_whom_until_when(following.split(), owner)
            return Action(number, words.prose(text), owner, due)
    text, owner, due = _unquoted(rest, owner)
    return Action(number, words.prose(text), owner, due)


def _of_whom_until_when(typed: list[str], owner: str) -> tuple[str, str]:
    """What follows a quoted text: a person and a day, in any order."""
    people = [word for word in typed if _PERSON.fullmatch(word)]
    due, left = due_at_end([word for word in typed if word not in people], in_text=False)
    if left:
        raise Refused(f"`{words.short(' '.join(left))}` is neither a person such as `@ben` nor a day. {HOW}")
    if len(people) + bool(owner) > 1:
        raise Refused("An action item has one owner: name one person, and make one for each.")
    return "".join(people) or owner, due


def _unquoted(typed: str, owner: str) -> tuple[str, str, str]:
    """A text that goes on until the person or the day at its end."""
    due, left = due_at_end(typed.split(), in_text=True)
    if left and not owner and _PERSON.fullmatch(left[-1]):
        owner = left.pop()
        if not due:
            due, left = due_at_end(left, in_text=True)
    # What stands before them keeps its lines.
    text = re.match(r"\s*".join(map(re.escape, left)), typed.lstrip()) if left else None
    return text[0] if text else "", owner, due


def _mine(typed: Typed) -> Mine:
    """Nobody's but one's own: a name behind it would be answered with somebody else's."""
    if words.unquoted(typed.rest).casefold() not in ("", "me"):
        raise Refused(
            f"`/incident mine` shows what is yours; `{words.short(typed.rest)}` is too much. `/incident roles` and "
            "`/incident action` show whose is what in an incident."
        )
    return Mine()


PARSERS: Mapping[str, Callable[[Typed], Command]] = {
    "note": lambda typed: Note(*incident_and_text(typed)),
    "timeline": lambda typed: Timeline(incident_alone(typed)),
    "correct": lambda typed: Correct(*incident_and_text(typed)),
    "catchup": lambda typed: Catchup(incident_alone(typed)),
    "action": parse_action,
    "mine": _mine,
}
