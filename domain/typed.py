"""One command on its way through the grammar, and how verbs read the incident that they are about. It knows no verb."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from domain import words
from domain.errors import Refused
from domain.grants import RESPOND
from domain.naming import Known, incident_at


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody asked for. `permission` is what they need before it is looked at; what would change is judged
    besides (domain/permissions.py)."""

    permission: ClassVar[str] = RESPOND


@dataclass(frozen=True, slots=True)
class About(Command):
    """A command about one incident. No number: none was named and this is no room, so a picker asks."""

    number: int | None


@dataclass(frozen=True, slots=True)
class Typed:
    """`rest` is what has not been read yet; `room` the number of the incident in whose room it was typed."""

    verb: str
    rest: str
    severities: Sequence[str]
    room: int | None
    known: Known


_OPTION = re.compile(r"(?:--|—)[^\W\d_][\w-]*")


def incident_and_text(typed: Typed) -> tuple[int | None, str]:
    """The incident, and text of several lines freed of its quotes."""
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=typed.room is None)
    refuse_option(rest)
    if typed.room is not None and re.fullmatch(r"\d{1,9}", rest) and rest == typed.rest:
        return _number_alone(typed), ""
    return number, words.prose(words.unquoted(rest))


def incident_and_name(typed: Typed) -> tuple[int | None, str]:
    """The incident, and one line that names something."""
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=typed.room is None)
    refuse_option(rest)
    return number, words.name(words.unquoted(rest))


def incident_and_words(typed: Typed) -> tuple[int | None, str]:
    """What follows the incident, its quotes included: they may stand around a part of it."""
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=typed.room is None)
    refuse_option(rest)
    return number, words.prose(rest)


def _number_alone(typed: Typed) -> int:
    """A room's `resolve 42`: harmless where 42 is the room itself, elsewhere one of two incidents would be wronged."""
    if int(typed.rest) == typed.room:
        return typed.room
    raise Refused(
        f"Is {typed.rest} an incident or your text? `/incident {typed.verb} INC-{typed.rest}` means the incident, "
        f'`/incident {typed.verb} "{typed.rest}"` the text.'
    )


def incident_alone(typed: Typed) -> int | None:
    """The incident, where a verb takes nothing else. Raises Refused for more."""
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=True)
    if not rest:
        return number
    raise Refused(
        f"`{typed.verb}` takes only an incident, as in `/incident {typed.verb} INC-42`; `{words.short(rest)}` is none. "
        "To write something down use `/incident update`."
    )


def refuse_option(text: str) -> None:
    """A word like `--private` was meant to do something: to take it for text would do the opposite, and publicly."""
    if found := _OPTION.match(text):
        raise Refused(f"There is no option `{words.short(found[0])}` here. Put it in quotes if it belongs to the text.")
