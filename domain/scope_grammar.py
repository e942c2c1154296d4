"""The words of the verbs that say what an incident is and whom it concerns: severity, services, impact, private,
invite, link. It looks no name up."""

from dataclasses import dataclass
from typing import ClassVar

from domain.affected import Changes, read
from domain.errors import Refused
from domain.grants import SEVERITY
from domain.incidents import number_of
from domain.naming import incident_at, severity_at
from domain.typed import About, Typed, incident_alone, incident_and_text, incident_and_words, refuse_option
from domain.words import clean_line, head, prose, short, title, unquoted

REMOVE = ("remove", "delete", "off")
"""Where an address stands else: a link is taken back."""


@dataclass(frozen=True, slots=True)
class Severity(About):
    """Another severity; None: a form asks which."""

    permission: ClassVar[str] = SEVERITY

    severity: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Services(About):
    """What is affected; None: show it."""

    changes: Changes | None


@dataclass(frozen=True, slots=True)
class Impact(About):
    """`text` is how it hurts whom; empty: a form asks."""

    text: str


@dataclass(frozen=True, slots=True)
class Private(About):
    """Asks before it is done."""


@dataclass(frozen=True, slots=True)
class Invite(About):
    """`text` names people and user groups."""

    text: str


@dataclass(frozen=True, slots=True)
class Link(About):
    """Put one on top of the room; without `url` a form asks."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Unlink(About):
    """Take one back, by its address or its title; empty: show those there are."""

    which: str


def parse_severity(typed: Typed) -> Severity:
    """The incident, the severity, the reason; the incident may stand behind the severity as well."""
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=typed.room is None)
    refuse_option(rest)
    severity, why = severity_at(rest, typed.severities)
    if severity is None and rest:
        listed = ", ".join(typed.severities)
        raise Refused(
            f"`{short(rest)}` is no severity. There are {listed}: `/incident severity {typed.severities[0]}`."
        )
    word, after = head(why)
    if (named := number_of(word)) is not None:
        number, why = named, after
    return Severity(number, severity, prose(unquoted(why)))


def parse_services(typed: Typed) -> Services:
    """The incident, and services as `domain.affected.read` reads them."""
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=True)
    refuse_option(rest)
    return Services(number, read(unquoted(rest)) if rest else None)


def parse_impact(typed: Typed) -> Impact:
    """The incident and the text."""
    return Impact(*incident_and_text(typed))


def parse_private(typed: Typed) -> Private:
    """The incident and nothing else."""
    return Private(incident_alone(typed))


def parse_invite(typed: Typed) -> Invite:
    """The incident and whoever is named after it."""
    number, text = incident_and_words(typed)
    return Invite(number, unquoted(text))


def parse_link(typed: Typed) -> Link | Unlink:
    """The incident, an address and its title; or the word for taking one back, and which."""
    number, rest = incident_at(typed.rest, typed.room, typed.known, bare=True)
    url, name = head(unquoted(clean_line(rest)))
    if url.casefold() in REMOVE:
        return Unlink(number, title(unquoted(name)))
    return Link(number, unquoted(url), title(unquoted(name)))
