"""Whom somebody lets into a war room: people, and user groups by the ids that config.yaml knows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain import room, ticks
from domain.decision import Decision, Entry
from domain.directory import LISTED_MOST
from domain.errors import Refused
from domain.nearest import hint
from domain.people import is_slack_id, mentioned
from domain.policy import Policy
from domain.record import Record
from domain.words import short

GROUP_MOST = 100
"""Slack lets in so many at once."""

AND = ("and", "&", "+")
"""What people write between two of them."""

_GROUP = re.compile(r"S[A-Z0-9]{3,}")


@dataclass(frozen=True, slots=True)
class Guests:
    """Slack ids of people and of user groups."""

    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def who(policy: Policy, typed: str, by: str) -> Guests:
    """Whom the words mean: mentions, Slack ids, people of config.yaml and its user groups. Raises Refused."""
    people: list[str] = []
    groups: list[str] = []
    for word in _words(typed):
        name = mentioned(word)
        group = _group(policy, name)
        if group:
            groups.append(group)
        elif is_slack_id(name):
            people.append(name)
        else:
            people.append(_person(policy, name, by))
    return Guests(tuple(dict.fromkeys(people)), tuple(dict.fromkeys(groups)))


def invite(record: Record, policy: Policy, by: str, guests: Guests, now: datetime) -> Decision:
    """Let them in. Raises Refused where there is no room, or nobody is named."""
    incident = record.incident
    if not ticks.has_room(record):
        raise Refused(
            f"{incident.key} has no open war room to invite anybody to. `/incident page @ben` pages somebody."
        )
    if not guests.people and not guests.groups:
        raise Refused("Whom? `/incident invite @ben`, or a user group: `/incident invite @dba`.")
    names = [group_name(policy, group) for group in guests.groups]
    entry = Entry("invited", by, {"people": [*guests.people, *names], "groups": [*guests.groups]})
    invited = (room.invite(*guests.people),) if guests.people else ()
    return Decision(incident, (entry,), (*invited, *room.invite_groups(guests.groups)))


def group_name(policy: Policy, group: str) -> str:
    """A user group as people write it, by its id."""
    known = {id: name for name, id in policy.slack.user_groups.items()}
    return f"@{known[group]}" if group in known else group


def _group(policy: Policy, name: str) -> str:
    """The id of a user group, else nothing. Slack writes a mention as `!subteam^S123`."""
    id = name.removeprefix("!subteam^")
    if _GROUP.fullmatch(id):
        return id
    known = {each.casefold(): id for each, id in policy.slack.user_groups.items()}
    return known.get(name.casefold(), "")


def _person(policy: Policy, name: str, by: str) -> str:
    try:
        return policy.person_named(name, by).slack
    except Refused:
        people, groups = policy.slack_ids, policy.slack.user_groups
        there = [*people, *(f"@{each}" for each in groups)]
        listed = f"There are {', '.join(there)}. " if len(there) <= LISTED_MOST else ""
        raise Refused(
            f"Nobody is known as `{short(name)}`: no person and no user group of config.yaml. "
            f"{hint(name, (*people, *groups))}{listed}In the room itself, Slack's own `/invite` takes anybody."
        ) from None


def _words(typed: str) -> Iterable[str]:
    """Mentions hold blanks only within their brackets."""
    return (word for word in re.findall(r"<[^<>]+>|[^\s,]+", typed) if word.casefold() not in AND)
