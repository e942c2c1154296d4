"""Timers as rows: claim what is due, take one for its work. Every function runs inside Store.transact."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage import models
from storage.db import database
from storage.statements import delete, select

Row = models.Timer
CLAIM_AT_MOST = 200
LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Due:
    """A timer whose time has come."""

    id: int
    incident: int
    kind: str
    due_at: datetime
    data: dict[str, Any]


def claim(owner: str, now: datetime) -> list[Due]:
    """Up to 200 due timers, oldest first, held by `owner` for 30 s."""
    free = Row.claimed_until.is_null() | (Row.claimed_until < now)
    chosen = Row.select(Row.id).where(Row.due_at <= now, free).order_by(Row.due_at, Row.id).limit(CLAIM_AT_MOST)
    if database.for_update:
        chosen = chosen.for_update(skip_locked=True)
    claimed = Row.update(claimed_until=now + LEASE, owner=owner).where(Row.id.in_(chosen)).returning(Row).execute()
    return sorted((_due(row) for row in claimed), key=lambda due: (due.due_at, due.id))


def find(id: int) -> Due | None:
    """The timer, or None when it was cancelled or its work is done."""
    found = select(Row, id=id)
    return _due(found[0]) if found else None


def take(id: int) -> bool:
    """Delete the row before its work. False when somebody else did: then the work is not ours."""
    return bool(delete(Row, id=id))


def earliest(now: datetime) -> datetime | None:
    """When the next timer falls due that nobody holds."""
    free = Row.claimed_until.is_null() | (Row.claimed_until < now)
    row = Row.select(Row.due_at).where(free).order_by(Row.due_at).first()
    return row.due_at if row else None


def _due(row: models.Timer) -> Due:
    return Due(row.id, row.incident, row.kind, row.due_at, row.data)
