"""What an incident is, and the words for its states. It decides nothing."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

INVESTIGATING, IDENTIFIED, MONITORING, RESOLVED, CLOSED = STATUSES = (
    "investigating",
    "identified",
    "monitoring",
    "resolved",
    "closed",
)

OPEN_STATUSES = (INVESTIGATING, IDENTIFIED, MONITORING)

_KEY = re.compile(r"^(?:INC-|#)(\d{1,9})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident. People are Slack user ids; times aware UTC.

    `number` is 0 until the database has given it one; `rank` is its severity's place in config.yaml, 0 the gravest.
    `impacts` says how hard a service is hit, where somebody said so; `announced` are channels that a former severity
    told, besides those of the present one.
    `test` is a page that somebody sent to themselves to try their means: no incident to anybody else.
    """

    title: str
    severity: str
    reporter: str
    detected_at: datetime
    number: int = 0
    rank: int = 0
    status: str = INVESTIGATING
    description: str = ""
    impact: str = ""
    services: tuple[str, ...] = ()
    impacts: tuple[tuple[str, str], ...] = ()
    announced: tuple[str, ...] = ()
    private: bool = False
    drill: bool = False
    test: bool = False
    commander: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_means: str | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    sla_due_at: datetime | None = None
    sla_breached: bool = False
    root_cause: str = ""
    resolution: str = ""

    @property
    def key(self) -> str:
        """The name people use: INC-42."""
        return f"INC-{self.number}"

    def impact_on(self, service: str) -> str:
        """How hard this service is hit, in a status page's words; empty where nobody said."""
        return dict(self.impacts).get(service, "")

    @property
    def open(self) -> bool:
        """Whether work goes on: neither resolved nor closed."""
        return self.status not in (RESOLVED, CLOSED)

    @property
    def duration(self) -> timedelta | None:
        """From detection to resolution; None while it lasts."""
        return self.resolved_at - self.detected_at if self.resolved_at else None


def number_of(text: str) -> int | None:
    """The number in `INC-42`, `inc-42` or `#42`; None for anything else. A bare number is no key."""
    found = _KEY.match(text.strip())
    return int(found.group(1)) if found else None
