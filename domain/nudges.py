"""Reminders as they stand in the room: of each kind one at most, and none that is no longer true. It sets no timer."""

from datetime import datetime

from domain import room
from domain.decision import Effect
from domain.incidents import Incident
from domain.record import WAITING, Owed, Record, Ref
from domain.ticks import has_room

REF, POST = "reminder", "post_reminder"

SNOOZED, SLA, ROLES, UNACKNOWLEDGED, STABLE = "snoozed", "sla", "role_empty", "unacknowledged", "stable_check"
"""What may stand there beside what asks for an update."""

UNTIL_ANSWERED = (SLA, UNACKNOWLEDGED)
"""What an acknowledgement makes untrue."""

AFTERWARDS = (SNOOZED, STABLE)
"""What is said after a resolution too."""


def put(record: Record, kind: str, say: str, **data: object) -> tuple[Effect, ...]:
    """Remind the room, in the place of the one before; or the commander where there is no room."""
    if not has_room(record):
        commander = record.incident.commander
        return (room.tell(commander, say, **data),) if commander else ()
    post = Effect("slack", POST, _target(kind), {"say": say, "reminder": kind, **data})
    return (*clear(record, kind), post)


def clear(record: Record, *kinds: str) -> tuple[Effect, ...]:
    """Take these away, where they stand or are on their way."""
    there = {ref.name for ref in record.refs if stands(ref)}
    there |= {str(o.data["reminder"]) for o in record.owed if o.kind == POST and o.state == WAITING}
    return tuple(
        Effect("slack", "remove_reminder", _target(kind), {"reminder": kind})
        for kind in dict.fromkeys(kinds)
        if kind in there
    )


def stands(ref: Ref) -> bool:
    """Whether this is a reminder that nobody has taken away yet."""
    return ref.kind == REF and not ref.data.get("gone")


def quiet_until(record: Record, now: datetime) -> datetime | None:
    """Until when somebody has snoozed the incident's reminders; None where nobody has, or it is over."""
    said = [entry.data.get("after") for entry in record.entries("snooze")]
    until = datetime.fromisoformat(str(said[-1])) if said and said[-1] else None
    return until if until and until > now else None


def unwanted(owed: Owed, incident: Incident) -> str:
    """Why this reminder need not be posted any more; empty while it must."""
    kind = owed.data.get("reminder")
    if owed.kind != POST or kind in AFTERWARDS:
        return ""
    if not incident.open:
        return f"{incident.status} before it was said"
    if incident.acknowledged_at and kind in UNTIL_ANSWERED and owed.data.get("say") != "sla_breach":
        return "acknowledged before it was said"
    return ""


def _target(kind: str) -> str:
    return f"{REF}:{kind}"
