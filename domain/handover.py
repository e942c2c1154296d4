"""What whoever hands a watch over tells whoever takes it. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.incidents import Incident


@dataclass(frozen=True, slots=True)
class Paging:
    """One level that was paged in the week: when, whom (Slack ids), and which incident."""

    incident: Incident
    at: datetime
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """`by` leaves, `to` takes over; `rooms` are channels by incident number. Only what both may see."""

    by: str
    to: str
    note: str
    open: tuple[Incident, ...] = ()
    pages: tuple[Paging, ...] = ()
    rooms: Mapping[int, str] = field(default_factory=dict)
