"""The words of `/incident role`, `roles`, `snooze` and `stable`. It knows no role, nobody and no hour."""

from dataclasses import dataclass
from typing import ClassVar

from domain.grants import LOOK
from domain.typed import About, Typed, incident_alone, incident_and_name


@dataclass(frozen=True, slots=True)
class Role(About):
    """Take, give or leave a role: `text` names it, and whom it is for."""

    text: str


@dataclass(frozen=True, slots=True)
class Roles(About):
    """Show who has which role."""

    permission: ClassVar[str] = LOOK


@dataclass(frozen=True, slots=True)
class Snooze(About):
    """Keep the reminders quiet: `text` says for how long, or `off`."""

    text: str


@dataclass(frozen=True, slots=True)
class Stable(About):
    """Say that it stayed well."""


def parse_role(typed: Typed) -> Role:
    """What follows `role`. Raises Refused."""
    return Role(*incident_and_name(typed))


def parse_roles(typed: Typed) -> Roles:
    """What follows `roles`. Raises Refused."""
    return Roles(incident_alone(typed))


def parse_snooze(typed: Typed) -> Snooze:
    """What follows `snooze`. Raises Refused."""
    return Snooze(*incident_and_name(typed))


def parse_stable(typed: Typed) -> Stable:
    """What follows `stable`. Raises Refused."""
    return Stable(incident_alone(typed))
