"""When each step of the ladder is due, and whom it would ring then. It rings nobody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.decision import Timer
from domain.paging import ASKED_LEVELS, Step, standing, step_of
from domain.policy import Level, Policy
from domain.record import Record

CLAIM_MARGIN = timedelta(seconds=5)
"""The next means is claimed this long before the 60 s are over, so that it is on the wire when they are."""


def first_filled(levels: Sequence[Level], start: int = 0) -> int | None:
    """The number of the first level from `start` on that somebody is on; None where there is none."""
    return next((n for n, level in enumerate(levels) if n >= start and not level.empty), None)


def phone(record: Record, policy: Policy, of: Step, wait: timedelta | None, now: datetime) -> tuple[Timer, ...]:
    """The level's phones, `wait` after the page; none where the severity calls nobody or no phone is on."""
    if not wait or not policy.phone:
        return ()
    return (Timer("phone_call", now + wait, {**of.data, **_whom(record, policy, of.level, now + wait)}),)


def level(record: Record, policy: Policy, of: Step, now: datetime) -> tuple[Timer, ...]:
    """A level that is paged now: what rings is looked at again, and the next level has its time."""
    levels = policy.levels_at(record.incident, now, record.overrides)
    due = now + levels[of.level].acknowledge_within
    timeout = {"level": of.level, "round": of.round, **_whom(record, policy, of.level + 1, due)}
    return (overdue(record, policy, of, now), Timer("acknowledge_timeout", due, timeout))


def overdue(record: Record, policy: Policy, of: Step, now: datetime) -> Timer:
    """Whatever rings is looked at again: what has not got through by then is replaced."""
    due = now + patience(policy)
    named = {} if of.ask else _whom(record, policy, of.level, due)
    return Timer("page_overdue", due, {**of.data, **named})


def patience(policy: Policy) -> timedelta:
    """How long a ring may be owed before it is replaced."""
    return policy.fallback_after - CLAIM_MARGIN


def _whom(record: Record, policy: Policy, level: int, at: datetime) -> dict[str, list[str]]:
    """Whom the timer would ring at its time, as far as is known now: for `explain`."""
    levels = policy.levels_at(record.incident, at, record.overrides)
    filled = first_filled(levels, level)
    return {} if filled is None else {"people": [person.slack for person in levels[filled].people]}


def top(record: Record, policy: Policy, round: int, now: datetime) -> datetime:
    """Rounds start `repeat_after` apart, counted from the declaration, or from when people began this one before its
    time; never in the past."""
    every = policy.repeat_after(record.incident)
    asked = (e for e in record.entries("page") if e.data.get("step") in ASKED_LEVELS and "level" in e.data)
    begun = min((e.at for e in asked if e.at and step_of(e.data).round == round), default=now)
    return max(min(record.incident.detected_at + every * round, begun + every), now)


def later_top(record: Record, policy: Policy, round: int, now: datetime) -> datetime:
    """The same where nobody can be rung: after a gap that has swallowed rounds the next one is not at once, and they
    are not made up for."""
    every, at = policy.repeat_after(record.incident), top(record, policy, round, now)
    return at if at > now else now + every - (now - record.incident.detected_at) % every


def left_out(record: Record, policy: Policy, now: datetime) -> tuple[Timer, ...]:
    """The first level's timers that asked in the room instead of ringing, due at their own times or else at once."""
    begun = [owed.due_at for owed in record.owed if owed.lane == policy.pager and owed.kind == "page"]
    waiting = {timer.kind for timer in record.timers if timer.kind != "repeat_ladder"}
    if not begun:
        return ()
    of = Step(max(standing(record).level, 0))
    later = policy.severity_of(record.incident).call_after
    calls = phone(record, policy, of, later, begun[0])
    timers = (*level(record, policy, of, begun[0]), *calls)
    wanted = ("acknowledge_timeout", "phone_call")
    return tuple(replace(t, due_at=max(t.due_at, now)) for t in timers if t.kind in wanted and t.kind not in waiting)
