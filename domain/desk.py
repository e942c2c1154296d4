"""What concerns one person now: their shifts, the open incidents, what is due from them. It reads no clock."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.decision import Timer
from domain.incidents import Incident
from domain.overrides import Override
from domain.policy import Policy
from domain.rotations import Rota, Shift, shifts

AHEAD = timedelta(weeks=8)
"""How far somebody's next shift is looked for."""

ACKNOWLEDGE, POSTMORTEM = "acknowledge", "postmortem"
REMINDERS = ("internal_update_due", "public_update_due")
"""Timers that say when something is due from whoever leads an incident."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's place on a schedule: until when they are on call, or when they are next; None where they are not."""

    schedule: str
    now: Shift | None
    following: Shift | None


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is expected of whoever leads an incident; `at` is None where no time was set."""

    incident: Incident
    what: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """`mine` are the open incidents that they declared, lead, answered or have another role in; `rooms` channel ids by
    number."""

    mine: tuple[Incident, ...] = ()
    others: tuple[Incident, ...] = ()
    rooms: Mapping[int, str] = field(default_factory=dict)
    turns: tuple[Turn, ...] = ()
    due: tuple[Due, ...] = ()


def turns(person: str, rotas: Iterable[Rota], overrides: Iterable[Override], now: datetime) -> tuple[Turn, ...]:
    """Where this person (a key of config.yaml) is on call, now or in the next weeks."""
    known = tuple(overrides)
    found = (_turn(person, rota, known, now) for rota in rotas)
    return tuple(each for each in found if each.now or each.following)


def _turn(person: str, rota: Rota, known: tuple[Override, ...], now: datetime) -> Turn:
    coming = shifts(rota, known, now, now + AHEAD)
    mine = [shift for shift in coming if shift.person == person]
    first = mine[0] if mine else None
    if first is None or first.since != now:
        return Turn(rota.id, None, first)
    until = None if first.until == now + AHEAD else first.until
    return Turn(rota.id, Shift(person, None, until), mine[1] if len(mine) > 1 else None)


def is_theirs(incident: Incident, who: str) -> bool:
    """Whether somebody declared, leads or answered it."""
    return who in (incident.reporter, incident.commander, incident.acknowledged_by)


def due(
    who: str,
    open_ones: Iterable[Incident],
    resolved: Iterable[Incident],
    timers: Mapping[int, Iterable[Timer]],
    policy: Policy,
) -> tuple[Due, ...]:
    """What is expected of this person, the soonest first, what has no time last. `resolved` are those of which no
    postmortem is kept yet; `timers` those of open ones, by number."""
    found = [
        *(each for incident in open_ones if incident.commander == who for each in _of_open(incident, timers)),
        *(
            Due(incident, POSTMORTEM)
            for incident in resolved
            if incident.commander == who and policy.severity_of(incident).postmortem == "required"
        ),
    ]
    return tuple(sorted(found, key=lambda each: (each.at is None, each.at or each.incident.detected_at)))


def _of_open(incident: Incident, timers: Mapping[int, Iterable[Timer]]) -> Iterator[Due]:
    if incident.acknowledged_at is None and incident.sla_due_at:
        yield Due(incident, ACKNOWLEDGE, incident.sla_due_at)
    for timer in timers.get(incident.number, ()):
        if timer.kind in REMINDERS:
            yield Due(incident, timer.kind, timer.due_at)
