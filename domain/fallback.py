"""A ring that is refused or silent: its people are rung by what is left; where nothing is, the next level is asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain import pace, rings, room
from domain.decision import Decision, both
from domain.ladder import NOTHING, page_level
from domain.paging import MESSAGES, RINGS, Step, never_arrived, paged, refused, standing, step_of
from domain.policy import WITH_PHONE, Level, Policy
from domain.record import WAITING, Owed, Record


def page_overdue(record: Record, policy: Policy, of: Step, now: datetime) -> Decision:
    """What rings this step has been owed for a minute: the next means at once. What was asked for just now has its
    own timer: after a gap both fall due together."""
    undelivered = [
        owed
        for owed in record.owed
        if owed.kind in RINGS
        and owed.state == WAITING
        and owed.due_at <= now - pace.patience(policy)
        and step_of(owed.data).same == of.same
        and not _held_until(owed) > now - pace.patience(policy)
    ]
    waiting = [owed for owed in undelivered if not _was_replaced(record, owed.lane, of)]
    if not waiting:
        return Decision(record.incident)
    return next_means(record, policy, waiting[0], waiting[0].error or "no answer for a minute", now)


def _held_until(owed: Owed) -> datetime:
    """From when it is owed: one that was held back has its minute after that."""
    until = owed.data.get("held")
    return datetime.fromisoformat(until) if isinstance(until, str) else owed.due_at


def next_means(record: Record, policy: Policy, owed: Owed, reason: str, now: datetime) -> Decision:
    """`owed`, a ring, is refused or silent: its people are rung by what is left, once, and the room is told. Where
    nothing is left and nobody of the level was reached, the next level is asked at once."""
    incident, of = record.incident, step_of(owed.data)
    levels = policy.levels_at(incident, now, record.overrides)
    wanted = incident.open and (of.asked or not incident.acknowledged_at)
    if not wanted or _was_replaced(record, owed.lane, of):
        return Decision(incident)
    if owed.data.get("spare"):
        return _spare_failed(record, owed, of, reason)
    if not of.ask and of.level >= len(levels):
        return Decision(incident)
    # A page must get through: whatever means the level would choose, all that are left are used.
    every = replace(_rung_by(policy, owed, levels, of), means=WITH_PHONE)
    instead = {"instead_of": owed.lane}
    messages = rings.messages(record.owed, every, of, **instead) if owed.lane != MESSAGES else ()
    calls = rings.calls(record.owed, policy, every, of, **instead) if owed.lane != policy.phone else ()
    if messages and policy.severity_of(incident).call_after is None:
        calls = ()
    held = [each for each in rings.held(record.owed, of) if each.lane != owed.lane]
    means = sorted({*(each.lane for each in (*messages, *calls)), *(each.lane for each in held)})
    ringing = Decision(
        incident,
        entries=(paged("next_means", means, every.people, of, instead_of=owed.lane, why=reason),),
        effects=(*messages, *calls, room.page_failed(owed, reason, means), room.card()),
        timers=(pace.overdue(record, policy, of, now),) if means else (),
        freed=tuple(each.id for each in held),
    )
    if means or of.ask or incident.acknowledged_at or not is_lost(record, owed, of):
        return ringing
    return both(ringing, page_level(record, policy, of.level + 1, of.round, now))


def _spare_failed(record: Record, owed: Owed, of: Step, reason: str) -> Decision:
    """The vendor that was left has failed as well: all that can be done is to say so, and to try it again."""
    entry = paged("next_means", [], (), of, instead_of=owed.lane, why=reason)
    said = room.page_failed(owed, reason, ())
    return Decision(record.incident, (entry,), (said, room.card()))


def is_lost(record: Record, owed: Owed, of: Step) -> bool:
    """Whether the level that was asked last is reached by nothing: `owed` is refused, and so is all else."""
    if standing(record).same[:2] != of.same[:2]:
        return False
    others = [o for o in record.owed if o.kind in RINGS and step_of(o.data).same == of.same and o.id != owed.id]
    return all(refused(each) or never_arrived(record, each) for each in others)


def _rung_by(policy: Policy, owed: Owed, levels: Sequence[Level], of: Step) -> Level:
    """Whom the ring was for: everybody of its level, or the one whom a person asked for."""
    if not of.ask:
        return levels[of.level]
    person = policy.person(str(owed.data.get("person") or ""))
    return Level((person,) if person else (), NOTHING)


def _was_replaced(record: Record, lane: str, of: Step) -> bool:
    return any(
        e.data.get("step") == "next_means" and e.data.get("instead_of") == lane and step_of(e.data).same == of.same
        for e in record.entries("page")
    )
