"""What was typed after `/incident`, as a command. It looks nothing up and changes nothing."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from domain import ending_grammar, naming, words
from domain.errors import Refused
from domain.grants import CLOSE, DECLARE, LOOK, PAGE
from domain.incidents import STATUSES, number_of
from domain.naming import Known, incident_at, severity_at, severity_named
from domain.nearest import hint
from domain.on_call_grammar import parse_on_call, parse_override
from domain.record_grammar import PARSERS as RECORD_PARSERS
from domain.role_grammar import parse_role, parse_roles, parse_snooze, parse_stable
from domain.scope_grammar import parse_impact, parse_invite, parse_link, parse_private, parse_services, parse_severity
from domain.typed import (
    About,
    Command,
    Typed,
    incident_alone,
    incident_and_name,
    incident_and_text,
    incident_and_words,
    refuse_option,
)
from domain.verbs import verb_named

OPEN, ALL = "open", "all"
PUBLIC = re.compile(r"^\s*(?:--|—)public(?=\s|$)\s*|(?<=\s)(?:--|—)public\s*$", re.IGNORECASE)
"""Before the text of an update, or behind it: that it was written for the public."""
MENTION = re.compile(
    r"(?:(?:and|&|\+|,)\s+)?(?P<who><@[^<>]+>|@(?!(?:here|channel|everyone)\b)[\w.-]*\w)[,.:;]?(?:\s+|$)", re.IGNORECASE
)
"""Somebody who is named beside the one before."""
YES = ("yes", "sure", "anyway")


@dataclass(frozen=True, slots=True)
class Start(Command):
    """Declare. No severity or no title: the form asks for it."""

    permission: ClassVar[str] = DECLARE

    severity: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Update(About):
    """Tell how it stands; `public`: on the status page too."""

    text: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class Status(About):
    """Show the status, or set it where one is given."""

    permission: ClassVar[str] = LOOK

    status: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Ack(About):
    """Say who is on it."""


@dataclass(frozen=True, slots=True)
class Resolve(About):
    """`text` is what ended it."""

    text: str


@dataclass(frozen=True, slots=True)
class Close(About):
    """Put it away; `sure`: whether or not anybody has said that it is stable."""

    permission: ClassVar[str] = CLOSE

    sure: bool = False


@dataclass(frozen=True, slots=True)
class Reopen(About):
    """`text` is why, or empty."""

    text: str


@dataclass(frozen=True, slots=True)
class List(Command):
    """`filter` is `open`, `all`, a status or a severity's name."""

    permission: ClassVar[str] = LOOK

    filter: str


@dataclass(frozen=True, slots=True)
class Show(About):
    """All that is known of it."""

    permission: ClassVar[str] = LOOK


@dataclass(frozen=True, slots=True)
class Explain(About):
    """Who was rung, and why."""

    permission: ClassVar[str] = LOOK


@dataclass(frozen=True, slots=True)
class Escalate(About):
    """Page the next level now; `text` says why."""

    permission: ClassVar[str] = PAGE

    text: str


@dataclass(frozen=True, slots=True)
class Page(About):
    """Page somebody by name: `text` begins with whom, and says why."""

    permission: ClassVar[str] = PAGE

    text: str

    def whom_and_why(self) -> tuple[tuple[str, ...], str]:
        """As they were typed: whoever is mentioned behind the first is meant too. Raises Refused where nobody is
        named."""
        who, why = words.quoted(self.text) or words.head(self.text)
        if not who:
            raise Refused(
                'Whom? `/incident page @ben "the database is yours"`, or a schedule: `/incident page primary`.'
            )
        everybody = [who]
        while found := MENTION.match(why):
            everybody.append(found["who"])
            why = why[found.end() :]
        return tuple(everybody), words.unquoted(why)


@dataclass(frozen=True, slots=True)
class Handover(Command):
    """Hand the watch over to somebody, with a word from whoever leaves."""

    person: str
    text: str


@dataclass(frozen=True, slots=True)
class TestPage(Command):
    """Ring whoever typed it, by every means; `status`: show who tested and what arrived."""

    permission: ClassVar[str] = LOOK

    __test__ = False

    status: bool


@dataclass(frozen=True, slots=True)
class Help(Command):
    """On one verb, on `all`, or a list of their names."""

    permission: ClassVar[str] = LOOK

    verb: str | None


@dataclass(frozen=True, slots=True)
class Checklist(About):
    """`text` names a checklist; empty: the one there is, or a picker."""

    text: str


@dataclass(frozen=True, slots=True)
class Runbook(Command):
    """Of an incident, or any: without a number it is for whoever asks. An empty `name`: what fits."""

    permission: ClassVar[str] = LOOK

    number: int | None
    name: str


def parse(text: str, severities: Sequence[str], room: int | None, known: Known = lambda _: None) -> Command:
    """The command in what followed `/incident`.

    `severities` are the names there are, worst first; `room` is the number of the incident whose room it was typed in;
    `known` finds the incident of a tracker's id. Raises Refused, and nothing else, for whatever makes no sense.
    """
    verb, rest = verb_and_rest(text)
    if words.head(rest)[0] in ("--help", "—help", "-h"):
        return Help(verb)
    return _PARSERS[verb](Typed(verb, rest, severities, room, known))


def verb_and_rest(text: str) -> tuple[str, str]:
    """The verb, `help` where nothing was typed, and what follows it. Raises Refused for what is no verb."""
    word, rest = words.head(words.clean(text))
    return verb_named(word or "help"), rest


def tracker_id(text: str) -> str | None:
    """The tracker's id where a command names its incident, for the caller to look up before `parse` asks for it.

    Raises Refused, as `parse` does, for what is no verb.
    """
    verb, rest = verb_and_rest(text)
    if verb == "update":
        _, rest = _without_public(rest)
    return None if verb in _ABOUT_NO_INCIDENT else naming.tracker_id_at(rest)


def _start(typed: Typed) -> Start:
    severity, rest = severity_at(typed.rest, typed.severities)
    match words.quoted(rest):
        case (title, ""):
            return Start(severity, words.title(title))
        case (title, after) if severity is None and (severity := severity_named(after, typed.severities)):
            return Start(severity, words.title(title))
    line = words.clean_line(rest)
    refuse_option(line)
    refuse_option(line.rpartition(" ")[2])
    return Start(severity, words.title(line))


def _update(typed: Typed) -> Update:
    """`--public` may stand before the incident, before the text or behind it."""
    public, rest = _without_public(typed.rest)
    _, text = incident_at(rest, typed.room, typed.known, bare=typed.room is None)
    more, said = _without_public(text)
    return Update(*incident_and_text(replace(typed, rest=rest.removesuffix(text) + said)), public or more)


def _without_public(text: str) -> tuple[bool, str]:
    """Whether the text begins or ends with the option, and the rest."""
    rest = PUBLIC.sub("", text)
    return rest != text, rest


def _status(typed: Typed) -> Status:
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=True)
    refuse_option(rest)
    if not rest:
        return Status(number, None, "")
    word, text = words.head(words.unquoted(rest))
    status = _status_named(word.rstrip(":,"))
    if (named := number_of(text)) is not None:
        return Status(named, status, "")
    return Status(number, status, words.prose(words.unquoted(text)))


def _close(typed: Typed) -> Close:
    """`close yes` answers the question that `close` may ask."""
    rest, _, last = typed.rest.rpartition(" ")
    if words.unquoted(last).casefold() in YES:
        return Close(incident_alone(replace(typed, rest=rest.strip())), sure=True)
    return Close(incident_alone(typed))


def _list(typed: Typed) -> List:
    chosen = words.unquoted(typed.rest).casefold()
    if chosen in ("", OPEN):
        return List(OPEN)
    if chosen == ALL or chosen in STATUSES:
        return List(chosen)
    if severity := severity_named(chosen, typed.severities):
        return List(severity)
    choices = ", ".join((OPEN, ALL, *STATUSES, *typed.severities))
    raise Refused(f"There is no list of `{words.short(typed.rest)}`. `/incident list` takes one of: {choices}.")


def _help(typed: Typed) -> Help:
    word = words.head(typed.rest)[0]
    if word.casefold() == ALL:
        return Help(ALL)
    return Help(verb_named(word)) if word else Help(None)


def _handover(typed: Typed) -> Handover:
    who, text = words.quoted(typed.rest) or words.head(typed.rest)
    return Handover(who, words.prose(words.unquoted(text)))


def _testpage(typed: Typed) -> TestPage:
    word = words.unquoted(typed.rest).casefold()
    if word not in ("", "me", "now", "status"):
        raise Refused(
            "`/incident testpage` rings you, and nobody else, by every means that you have; "
            "`/incident testpage status` shows who tested and what arrived."
        )
    return TestPage(word == "status")


_PARSERS: Mapping[str, Callable[[Typed], Command]] = {
    "start": _start,
    "ack": lambda typed: Ack(incident_alone(typed)),
    "escalate": lambda typed: Escalate(*incident_and_text(typed)),
    "page": lambda typed: Page(*incident_and_words(typed)),
    "handover": _handover,
    "update": _update,
    "status": _status,
    "resolve": lambda typed: Resolve(*incident_and_text(typed)),
    "reopen": lambda typed: Reopen(*incident_and_text(typed)),
    "close": _close,
    "stable": parse_stable,
    "role": parse_role,
    "roles": parse_roles,
    "snooze": parse_snooze,
    "list": _list,
    "show": lambda typed: Show(incident_alone(typed)),
    "explain": lambda typed: Explain(incident_alone(typed)),
    "runbook": lambda typed: Runbook(*incident_and_name(typed)),
    "checklist": lambda typed: Checklist(*incident_and_name(typed)),
    "oncall": lambda typed: parse_on_call(typed.rest),
    "override": lambda typed: parse_override(typed.rest),
    "testpage": _testpage,
    **RECORD_PARSERS,
    "help": _help,
    **ending_grammar.PARSERS,
    "severity": parse_severity,
    "services": parse_services,
    "impact": parse_impact,
    "private": parse_private,
    "invite": parse_invite,
    "link": parse_link,
}


_ABOUT_NO_INCIDENT = ("start", "list", "handover", "oncall", "override", "testpage", "mine", "help")


def _status_named(word: str) -> str:
    status = word.casefold()
    if status in STATUSES:
        return status
    if status.startswith("ack"):
        raise Refused("Acknowledged is not a status. `/incident ack` says that you are on it.")
    raise Refused(f"There is no status `{words.short(word)}`. {hint(status, STATUSES)}There are {', '.join(STATUSES)}.")
