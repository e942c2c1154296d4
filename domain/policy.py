"""The organisation's policy, as the decisions need it: severities, who is paged, which vendors are on. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from domain.errors import Refused

OWN_PAGER = "muster"
"""Muster's own ladder: a direct message, then the phone."""


@dataclass(frozen=True, slots=True)
class Severity:
    """One row of the severity table. `announce` holds channel ids; `call_after` None means that nobody is called."""

    name: str
    rank: int
    label: str = ""
    means: str = ""
    page: bool = True
    acknowledge_within: timedelta = timedelta(minutes=5)
    call_after: timedelta | None = None
    room: bool = True
    announce: tuple[str, ...] = ()
    status_page: str = "off"
    postmortem: str = "no"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be reached. `phone` is E.164 or empty; `name` is their key in config.yaml."""

    name: str
    slack: str
    label: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """Who is paged together, and how long they have before the next level is."""

    people: tuple[Person, ...]
    acknowledge_within: timedelta


@dataclass(frozen=True, slots=True)
class Service:
    """Something customers use, and what it is called on the status page."""

    key: str
    name: str
    component: str = ""
    runbook: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a decision may consult. A vendor's lane is empty where the vendor is off."""

    severities: tuple[Severity, ...]
    levels: tuple[Level, ...]
    services: Mapping[str, Service] = field(default_factory=dict)
    repeat_after: timedelta = timedelta(minutes=60)
    fallback_after: timedelta = timedelta(seconds=60)
    pager: str = OWN_PAGER
    pager_is_seen: bool = True
    phone: str = ""
    tracker: str = ""
    status_page: str = ""
    publish_updates: bool = False
    public_words: Mapping[str, str] = field(default_factory=dict)
    archive_after: timedelta = timedelta(hours=24)

    def severity(self, name: str) -> Severity:
        """The severity of this name. Raises Refused with those there are."""
        for severity in self.severities:
            if severity.name == name:
                return severity
        raise Refused(f"There is no severity {name}. There are {', '.join(s.name for s in self.severities)}.")
