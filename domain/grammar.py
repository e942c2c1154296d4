"""What was typed after `/incident`, as a command. It looks nothing up and changes nothing."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, get_args

from domain import naming, words
from domain.errors import Refused
from domain.incidents import STATUSES, number_of
from domain.naming import Known, incident_at, severity_at, severity_named
from domain.nearest import hint
from domain.on_call_grammar import CancelOverride, OnCall, Override, Overrides, parse_on_call, parse_override
from domain.verbs import verb_named

OPEN, ALL = "open", "all"


@dataclass(frozen=True, slots=True)
class Start:
    """Declare. No severity or no title: the form asks for it."""

    severity: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Update:
    """Tell how it stands. Here and below: no number = none was named and this is no room, so a picker asks."""

    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Status:
    """Show the status, or set it where one is given."""

    number: int | None
    status: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Ack:
    number: int | None


@dataclass(frozen=True, slots=True)
class Resolve:
    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Close:
    number: int | None


@dataclass(frozen=True, slots=True)
class Reopen:
    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class List:
    """`filter` is `open`, `all`, a status or a severity's name."""

    filter: str


@dataclass(frozen=True, slots=True)
class Show:
    number: int | None


@dataclass(frozen=True, slots=True)
class Explain:
    number: int | None


@dataclass(frozen=True, slots=True)
class Escalate:
    """Page the next level now; `text` says why."""

    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """Page somebody by name: `text` begins with whom, and says why."""

    number: int | None
    text: str

    def whom_and_why(self) -> tuple[str, str]:
        """As they were typed. Raises Refused where nobody is named."""
        who, why = words.quoted(self.text) or words.head(self.text)
        if not who:
            raise Refused(
                'Whom? `/incident page @ben "the database is yours"`, or a schedule: `/incident page primary`.'
            )
        return who, words.unquoted(why)


@dataclass(frozen=True, slots=True)
class Handover:
    """Hand the watch over to somebody, with a word from whoever leaves."""

    person: str
    text: str


@dataclass(frozen=True, slots=True)
class TestPage:
    """Ring whoever typed it, by every means; `status`: show who tested and what arrived."""

    __test__ = False

    status: bool


@dataclass(frozen=True, slots=True)
class Help:
    """On one verb, or on all."""

    verb: str | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """`text` names a checklist; empty: the one there is, or a picker."""

    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Runbook:
    """Of an incident, or any: without a number it is for whoever asks. An empty `name`: what fits."""

    number: int | None
    name: str


About = Update | Status | Ack | Escalate | Page | Resolve | Close | Reopen | Show | Explain | Checklist
"""What is about one incident."""

Command = Start | List | Help | Handover | TestPage | About | Runbook | OnCall | Override | Overrides | CancelOverride


_OPTION = re.compile(r"(?:--|—)[^\W\d_][\w-]*")


@dataclass(frozen=True, slots=True)
class _Typed:
    """One command on its way through the grammar: `rest` is what has not been read yet."""

    verb: str
    rest: str
    severities: Sequence[str]
    room: int | None
    known: Known


def parse(text: str, severities: Sequence[str], room: int | None, known: Known = lambda _: None) -> Command:
    """The command in what followed `/incident`.

    `severities` are the names there are, worst first; `room` is the number of the incident whose room it was typed in;
    `known` finds the incident of a tracker's id. Raises Refused, and nothing else, for whatever makes no sense.
    """
    word, rest = words.head(words.clean(text))
    if not word:
        return Help(None)
    verb = verb_named(word)
    if words.head(rest)[0] in ("--help", "—help", "-h"):
        return Help(verb)
    return _PARSERS[verb](_Typed(verb, rest, severities, room, known))


def tracker_id(text: str) -> str | None:
    """The tracker's id where a command names its incident, for the caller to look up before `parse` asks for it.

    Raises Refused, as `parse` does, for what is no verb.
    """
    word, rest = words.head(words.clean(text))
    id = naming.tracker_id_at(rest)
    return id if id and verb_named(word) in (*_ABOUT, "runbook") else None


def picked(verb: str, number: int, status: str, text: str) -> About:
    """The command of a verb that named no incident, once one was picked; `status` is empty where none was given.

    Raises Refused for what is no such verb.
    """
    kind = _ABOUT.get(verb)
    if kind is None:
        raise Refused(f"There is no `{words.short(verb)}`. `/incident help` lists all.")
    given = {"number": number, "status": status or None, "text": text}
    command: About = kind(**{field.name: given[field.name] for field in fields(kind)})
    return command


def verb_of(command: Command) -> str:
    """The verb that a command was typed with."""
    return "override" if isinstance(command, Overrides | CancelOverride) else type(command).__name__.lower()


def _start(typed: _Typed) -> Start:
    severity, rest = severity_at(typed.rest, typed.severities)
    match words.quoted(rest):
        case (title, ""):
            return Start(severity, words.title(title))
        case (title, after) if severity is None and (severity := severity_named(after, typed.severities)):
            return Start(severity, words.title(title))
    line = words.clean_line(rest)
    _refuse_option(line)
    _refuse_option(line.rpartition(" ")[2])
    return Start(severity, words.title(line))


def _status(typed: _Typed) -> Status:
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=True)
    _refuse_option(rest)
    if not rest:
        return Status(number, None, "")
    word, text = words.head(words.unquoted(rest))
    status = _status_named(word.rstrip(":,"))
    if (named := number_of(text)) is not None:
        return Status(named, status, "")
    return Status(number, status, words.prose(words.unquoted(text)))


def _list(typed: _Typed) -> List:
    chosen = words.unquoted(typed.rest).casefold()
    if chosen in ("", OPEN):
        return List(OPEN)
    if chosen == ALL or chosen in STATUSES:
        return List(chosen)
    if severity := severity_named(chosen, typed.severities):
        return List(severity)
    choices = ", ".join((OPEN, ALL, *STATUSES, *typed.severities))
    raise Refused(f"There is no list of `{words.short(typed.rest)}`. `/incident list` takes one of: {choices}.")


def _help(typed: _Typed) -> Help:
    return Help(verb_named(words.head(typed.rest)[0])) if typed.rest else Help(None)


def _handover(typed: _Typed) -> Handover:
    who, text = words.quoted(typed.rest) or words.head(typed.rest)
    return Handover(who, words.prose(words.unquoted(text)))


def _testpage(typed: _Typed) -> TestPage:
    word = words.unquoted(typed.rest).casefold()
    if word not in ("", "me", "now", "status"):
        raise Refused(
            "`/incident testpage` rings you, and nobody else, by every means that you have; "
            "`/incident testpage status` shows who tested and what arrived."
        )
    return TestPage(word == "status")


_PARSERS: Mapping[str, Callable[[_Typed], Command]] = {
    "start": _start,
    "ack": lambda typed: Ack(_incident_alone(typed)),
    "escalate": lambda typed: Escalate(*_incident_and_text(typed)),
    "page": lambda typed: Page(*_incident_and_words(typed)),
    "handover": _handover,
    "update": lambda typed: Update(*_incident_and_text(typed)),
    "status": _status,
    "resolve": lambda typed: Resolve(*_incident_and_text(typed)),
    "reopen": lambda typed: Reopen(*_incident_and_text(typed)),
    "close": lambda typed: Close(_incident_alone(typed)),
    "list": _list,
    "show": lambda typed: Show(_incident_alone(typed)),
    "explain": lambda typed: Explain(_incident_alone(typed)),
    "runbook": lambda typed: Runbook(*_incident_and_name(typed)),
    "checklist": lambda typed: Checklist(*_incident_and_name(typed)),
    "oncall": lambda typed: parse_on_call(typed.rest),
    "override": lambda typed: parse_override(typed.rest),
    "testpage": _testpage,
    "help": _help,
}


_ABOUT: Mapping[str, type[Any]] = {kind.__name__.lower(): kind for kind in get_args(About)}


def _incident_and_text(typed: _Typed) -> tuple[int | None, str]:
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=typed.room is None)
    _refuse_option(rest)
    if typed.room is not None and re.fullmatch(r"\d{1,9}", rest) and rest == typed.rest:
        return _number_alone(typed), ""
    return number, words.prose(words.unquoted(rest))


def _incident_and_name(typed: _Typed) -> tuple[int | None, str]:
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=typed.room is None)
    _refuse_option(rest)
    return number, words.title(words.unquoted(rest))


def _incident_and_words(typed: _Typed) -> tuple[int | None, str]:
    """What follows the incident, its quotes included: they may stand around a part of it."""
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=typed.room is None)
    _refuse_option(rest)
    return number, words.prose(rest)


def _number_alone(typed: _Typed) -> int:
    """A room's `resolve 42`: harmless where 42 is the room itself, elsewhere one of two incidents would be wronged."""
    if int(typed.rest) == typed.room:
        return typed.room
    raise Refused(
        f"Is {typed.rest} an incident or your text? `/incident {typed.verb} INC-{typed.rest}` means the incident, "
        f'`/incident {typed.verb} "{typed.rest}"` the text.'
    )


def _incident_alone(typed: _Typed) -> int | None:
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=True)
    if not rest:
        return number
    raise Refused(
        f"`{typed.verb}` takes only an incident, as in `/incident {typed.verb} INC-42`; `{words.short(rest)}` is none. "
        "To write something down use `/incident update`."
    )


def _status_named(word: str) -> str:
    status = word.casefold()
    if status in STATUSES:
        return status
    if status.startswith("ack"):
        raise Refused("Acknowledged is not a status. `/incident ack` says that you are on it.")
    raise Refused(f"There is no status `{words.short(word)}`. {hint(status, STATUSES)}There are {', '.join(STATUSES)}.")


def _refuse_option(text: str) -> None:
    """A word like `--private` was meant to do something: to take it for text would do the opposite, and publicly."""
    if found := _OPTION.match(text):
        raise Refused(f"There is no option `{words.short(found[0])}` here. Put it in quotes if it belongs to the text.")
