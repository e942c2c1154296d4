"""Everything known of one incident, as it stands: what views render and vendors are told. Values only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.decision import MUSTER, Entry, Timer
from domain.duties import COMMANDER
from domain.incidents import Incident
from domain.overrides import Override

WAITING, DELIVERED, FAILED, DROPPED = "waiting", "delivered", "failed", "dropped"

CLOCK_SKEW = timedelta(minutes=1)
"""By so much a vendor's clock may differ from ours where what it did is told by when it did it."""


@dataclass(frozen=True, slots=True)
class Ref:
    """What the incident is called elsewhere. Kinds: channel, card, announcement, issue, status_incident, call, text,
    member (somebody in a private incident's room).

    `name` tells several of one kind apart (the announcement's channel); `value` is the vendor's id; `url` for people.
    """

    kind: str
    value: str
    name: str = ""
    url: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tenure:
    """Somebody had a role from `began` to `ended`, None: has it still. `by` gave it to them."""

    role: str
    person: str
    began: datetime
    ended: datetime | None = None
    by: str = MUSTER


@dataclass(frozen=True, slots=True)
class Owed:
    """A row of the outbox. `attempts` counts claims, the present one included; `due_at` is the plan, never moved;
    while it is `claimed`, nobody else takes it before `claimed_until`.

    On a repeat `taken` are the vendor's ids of what other rows have sent meanwhile: they are not this row's.
    """

    id: int
    incident: int
    lane: str
    kind: str
    target: str
    due_at: datetime
    next_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    after: int | None = None
    state: str = WAITING
    attempts: int = 0
    sent_at: datetime | None = None
    vendor_id: str = ""
    result: str = ""
    error: str = ""
    claimed: bool = False
    claimed_until: datetime | None = None
    taken: frozenset[str] = frozenset()

    @property
    def repeat(self) -> bool:
        """Whether an earlier attempt may have reached the vendor: then look first."""
        return self.attempts > 1


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a vendor answered. `result` is a short word for people; `problem` a sentence the room should read;
    `deactivated` are those who can do nothing in Slack any more."""

    vendor_id: str = ""
    refs: tuple[Ref, ...] = ()
    result: str = "sent"
    problem: str = ""
    deactivated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One incident with its timeline, its names elsewhere, what is owed and what the clock will call.

    `key` carries the installation (`muster-1a2b3c4d-42`) so that another installation's alert is never joined.
    `timeline` is in order of writing; `overrides` are those of every schedule that end after the incident began;
    `roles` are all who had one, the oldest first.
    """

    incident: Incident
    key: str
    timeline: Sequence[Entry] = ()
    refs: Sequence[Ref] = ()
    owed: Sequence[Owed] = ()
    timers: Sequence[Timer] = ()
    overrides: tuple[Override, ...] = ()
    roles: Sequence[Tenure] = ()

    def ref(self, kind: str, name: str = "") -> Ref | None:
        """The newest reference of this kind (and name), or None."""
        found = [r for r in self.refs if r.kind == kind and r.name == name]
        return found[-1] if found else None

    @property
    def holders(self) -> dict[str, str]:
        """Who has which role now. The commander is whoever the incident says."""
        held = {each.role: each.person for each in self.roles if each.ended is None and each.role != COMMANDER}
        return {COMMANDER: self.incident.commander, **held} if self.incident.commander else held

    def entries(self, *kinds: str) -> tuple[Entry, ...]:
        """The timeline's entries of these kinds, oldest first."""
        return tuple(e for e in self.timeline if e.kind in kinds)
