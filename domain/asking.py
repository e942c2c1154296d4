"""What people ask of the ladder: the next level now, somebody by name, a place beside those who work on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain import alerts, ladder, pace, paging, rings, room
from domain.decision import Decision, Effect
from domain.errors import Refused
from domain.paging import MESSAGES, Step, paged, standing
from domain.people import is_slack_id, mentioned
from domain.policy import OWN_PAGER, WITH_PHONE, Level, Policy
from domain.record import Record

TOGETHER_WITHIN = timedelta(seconds=30)
"""Who asks for the next level so soon after somebody else did means the same one, unless that paged them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to page: people of config.yaml, or members of the workspace who do not stand there, by Slack id; `name` is
    what was asked for."""

    people: tuple[str, ...]
    name: str = ""


def escalate(
    record: Record,
    policy: Policy,
    by: str,
    means: str,
    now: datetime,
    why: str = "",
    cannot: bool = False,
    seen: Step | None = None,
) -> Decision:
    """Page the next level now. `cannot`: because this person cannot come; `seen` is the level whose message they
    pressed it on.

    No entries: somebody has just asked for the same, and `latest` says who was paged then. Raises Refused when it is
    over.
    """
    incident = record.incident
    if not incident.open:
        raise Refused(f"{incident.key} is {incident.status}: nobody needs to be paged.")
    at = standing(record)
    if _asked_just_now(record, by, now) or (seen and at.level >= 0 and seen.same[:2] != at.same[:2]):
        return _cannot_either(record, by, seen or at) if cannot else Decision(incident)
    more = {"via": means, "why": why, "cannot": cannot, "from": list(at.same[:2])}
    decision = _next_level(record, policy, at, now, by, more)
    return replace(decision, effects=(*decision.effects, *_new_alert(record, policy)))


def latest(record: Record) -> tuple[str, ...]:
    """The Slack ids of those who were paged last."""
    found = [e for e in record.entries("page") if e.data.get("step") in paging.ASKED_LEVELS]
    return tuple(found[-1].data["people"]) if found else ()


def page(record: Record, policy: Policy, wanted: Wanted, by: str, why: str, now: datetime) -> Decision:
    """Page these, acknowledged or not: by message, and by phone at once where the severity calls at all. Raises Refused
    when it is over."""
    incident = record.incident
    if not incident.open:
        raise Refused(f"{incident.key} is {incident.status}. `/incident reopen {incident.key}` opens it again.")
    of = Step(0, 1, ask=_asked_before(record) + 1, asked=True)
    known = [person for slack in wanted.people if (person := policy.person_of(slack))]
    means = WITH_PHONE if policy.severity_of(incident).call_after is not None else ("slack",)
    level = Level(tuple(known), timedelta(), means)
    reason = {"why": why, "by": by}
    messages = [rings.message(slack, of, _key(policy, slack), **reason) for slack in wanted.people]
    entry = paged("asked", [MESSAGES], (), of, by, name=wanted.name, why=why)
    return Decision(
        incident,
        entries=(replace(entry, data={**entry.data, "people": list(wanted.people)}),),
        effects=(
            *messages,
            *rings.calls(record.owed, policy, level, of, **reason),
            room.invite(*wanted.people),
            room.say("asked_for", by=by, people=list(wanted.people), why=why, name=wanted.name),
            room.card(),
        ),
        timers=(pace.overdue(record, policy, of, now),),
    )


def join(record: Record, policy: Policy, by: str) -> Decision:
    """They come, which is no acknowledgement: the ladder goes on. No entries: they came before. Raises Refused when it
    is over."""
    incident = record.incident
    if not incident.open:
        raise Refused(f"{incident.key} is {incident.status}: there is nothing to join.")
    if by in joined(record):
        return Decision(incident)
    taken = incident.acknowledged_at is not None
    return Decision(
        incident,
        entries=(paged("joining", "", (), standing(record), by),),
        effects=(
            *(alerts.asked_for_later(record, policy) if taken else ()),
            *((room.invite(by),) if is_slack_id(by) else ()),
            room.say("joining", by=by),
            room.card(),
            *_refreshed(record, by),
        ),
    )


def joined(record: Record) -> tuple[str, ...]:
    """Who said that they come, in that order."""
    return tuple(dict.fromkeys(e.author for e in record.entries("page") if e.data.get("step") == "joining"))


def who_is(policy: Policy, typed: str, by: str, record: Record, now: datetime) -> Wanted:
    """Whom `@x`, a schedule, an escalation policy or a service means, now. Raises Refused, with what there is."""
    name = mentioned(typed)
    people = policy.team(name, now, record.overrides)
    is_group = name.casefold() in map(str.casefold, policy.slack.user_groups) and name not in policy.slack_ids
    if name.startswith("!subteam^") or (people is None and is_group):
        raise Refused(
            "Slack's user groups cannot be paged. Name a person, or a schedule of config.yaml that the group's people "
            f"are on: {', '.join(policy.rotas) or 'there is none yet'}."
        )
    if people is None and is_slack_id(name):
        return Wanted((name,))
    if people is None:
        return Wanted((policy.person_named(typed, by).slack,))
    if not people:
        raise Refused(f"Nobody is on call on {name} now. `/incident escalate` pages the next level of the ladder.")
    return Wanted(tuple(each.slack for each in people), name)


def everybody(policy: Policy, typed: Iterable[str], by: str, record: Record, now: datetime) -> Wanted:
    """Whom all of these mean together."""
    found = [who_is(policy, each, by, record, now) for each in typed]
    people = dict.fromkeys(slack for each in found for slack in each.people)
    return Wanted(tuple(people), found[0].name if len(found) == 1 else "")


def _next_level(record: Record, policy: Policy, at: Step, now: datetime, by: str, more: dict[str, Any]) -> Decision:
    """The level after this one, or the top after the last. Nobody calls for help to be rung themselves: a level of
    whoever asks, and of whoever is on it, comes only where there is no other."""
    levels = len(policy.levels_at(record.incident, now, record.overrides))
    ahead = ((at.level + 1, at.round),) if at.level + 1 < levels else ()
    for here in ({by, record.incident.acknowledged_by or by}, ()):
        for start, round in (*ahead, (0, at.round + 1)):
            decision = ladder.page_level(record, policy, start, round, now, asked=True, by=by, here=here, **more)
            if paging.people_of(decision):
                return decision
    return decision


def _asked_just_now(record: Record, by: str, now: datetime) -> bool:
    """Not so for somebody whom another one's asking has paged: they mean the level after their own."""
    asked = [e for e in record.entries("page") if e.data.get("step") == "escalated" and "via" in e.data and e.at]
    if not asked or now - (asked[-1].at or now) >= TOGETHER_WITHIN:
        return False
    return asked[-1].author == by or by not in asked[-1].data["people"]


def _cannot_either(record: Record, by: str, at: Step) -> Decision:
    """Once per person and level; somebody else was quicker to page the next."""
    said = any(
        e.author == by and (e.data.get("cannot") or e.data.get("step") == "cannot") and _level(e.data) == at.same[:2]
        for e in record.entries("page")
    )
    if said:
        return Decision(record.incident)
    return Decision(record.incident, (paged("cannot", "", (), at, by),), (room.card(), *_refreshed(record, by)))


def _level(data: Mapping[str, Any]) -> tuple[int, int]:
    """The level and the round that somebody could not answer for."""
    level, round = data.get("from") or paging.step_of(data).same[:2]
    return (level, round)


def _new_alert(record: Record, policy: Policy) -> tuple[Effect, ...]:
    """After an acknowledgement the vendor's alert rings nobody: a new one does."""
    if policy.pager == OWN_PAGER or not record.incident.acknowledged_at:
        return ()
    return (Effect(policy.pager, "page", alerts.next_target(record, policy.pager), Step(0, asked=True).data),)


def _asked_before(record: Record) -> int:
    return max((int(e.data.get("ask") or 0) for e in record.entries("page")), default=0)


def _key(policy: Policy, slack: str) -> str:
    person = policy.person_of(slack)
    return person.id if person else ""


def _refreshed(record: Record, who: str) -> Iterable[Effect]:
    """Their own message says what they said."""
    return paging.tell_paged(ref for ref in record.refs if ref.data.get("user") == who)
