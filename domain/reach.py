"""By which means a person can be reached as things are connected, and what stands in the way of the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.people import Person
from domain.policy import Policy

OFF, NO_NUMBER, NO_EMAIL = "off", "no_number", "no_email"
FOUND, GUEST, UNKNOWN, DEACTIVATED, NOT_CHECKED = "found", "guest", "unknown", "deactivated", "not_checked"
"""What Slack says of a member's id."""

Members = Mapping[str, str]
"""Slack user ids to what Slack says of them; empty where it was not asked."""


@dataclass(frozen=True, slots=True)
class Way:
    """A means; `obstacle` is empty where it works."""

    means: str
    obstacle: str = ""


def ways(person: Person, means: Iterable[str], policy: Policy, members: Members) -> tuple[Way, ...]:
    """Each of these means, with what stands in its way for this person."""
    return tuple(Way(each, _obstacle(person, each, policy, members)) for each in means)


def reached(person: Person, means: Iterable[str], policy: Policy, members: Members) -> bool:
    """Whether any of these means works."""
    return any(not way.obstacle for way in ways(person, means, policy, members))


def _obstacle(person: Person, means: str, policy: Policy, members: Members) -> str:
    if means not in policy.means_on:
        return OFF
    if means == "slack":
        found = members.get(person.slack, FOUND)
        return "" if found in (FOUND, GUEST, NOT_CHECKED) else found
    address = {"phone": person.phone, "sms": person.texted_at, "email": person.email}[means]
    return "" if address else NO_EMAIL if means == "email" else NO_NUMBER
