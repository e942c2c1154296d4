"""A decision: what changes, what is written down, what is owed to the world, what the clock will call. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.incidents import Incident

MUSTER = "muster"
"""The author of what nobody typed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timeline: data, never prose. `at` is when it happened, None for now; `author` a Slack user id."""

    kind: str
    author: str = MUSTER
    data: Mapping[str, Any] = field(default_factory=dict)
    public: bool = False
    at: datetime | None = None
    permalink: str | None = None
    corrects: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Effect:
    """One call owed to one vendor.

    `lane` is the vendor, `target` what the call is about (effects of one target keep their order). `after` names the
    kind of effect that must be done first. A `refresh` shows the present: however many ask, one waits.
    `delay` (seconds) lets refreshes that nobody waits for gather.
    """

    lane: str
    kind: str
    target: str
    data: Mapping[str, Any] = field(default_factory=dict)
    after: str | None = None
    refresh: bool = False
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Timer:
    """A use case that the clock calls at `due_at`."""

    kind: str
    due_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Handing:
    """A role has somebody else from now on, None for nobody; `by` gave it."""

    role: str
    person: str | None
    by: str = MUSTER


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of one use case; applying it commits all of it together. `cancel` names kinds of timers; the
    commander of `incident` is kept among the roles whether or not `roles` says so. `freed` are rings owed
    already, by id, that were held back and go at once now."""

    incident: Incident
    entries: tuple[Entry, ...] = ()
    effects: tuple[Effect, ...] = ()
    timers: tuple[Timer, ...] = ()
    cancel: tuple[str, ...] = ()
    roles: tuple[Handing, ...] = ()
    freed: tuple[int, ...] = ()


def both(first: Decision, then: Decision) -> Decision:
    """One decision after the other."""
    return Decision(
        then.incident,
        (*first.entries, *then.entries),
        (*first.effects, *then.effects),
        (*first.timers, *then.timers),
        (*first.cancel, *then.cancel),
        (*first.roles, *then.roles),
        (*first.freed, *then.freed),
    )
