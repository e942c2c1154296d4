"""Timers as rows: claim what is due, take one for its work. Every function runs inside Store.transact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage import models
from storage.db import database
from storage.statements import ask, carry_out, delete, select

Row = models.Timer
CLAIM_AT_MOST = 200
LEASE = timedelta(seconds=30)
"""Whoever claimed a timer and did not come back: so long, and others may."""

_FREE = "(claimed_until IS NULL OR claimed_until < ?)"


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
    chosen = f"SELECT id FROM timer WHERE due_at <= ? AND {_FREE} ORDER BY due_at, id LIMIT ?"
    if database.for_update:
        chosen += " FOR UPDATE SKIP LOCKED"
    claimed = ask(
        Row,
        f"UPDATE timer SET claimed_until = ?, owner = ? WHERE id IN ({chosen}) RETURNING *",
        *(now + LEASE, owner, now, now, CLAIM_AT_MOST),
    )
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
    found = ask(Row, f"SELECT due_at FROM timer WHERE {_FREE} ORDER BY due_at LIMIT 1", now)
    return found[0].due_at if found else None


def cancel(incident: int, kinds: Sequence[str]) -> None:
    """Those of an incident that are of these kinds."""
    carry_out(f"DELETE FROM timer WHERE incident = ? AND kind IN ({', '.join('?' * len(kinds))})", incident, *kinds)


def _due(row: models.Timer) -> Due:
    return Due(row.id, row.incident, row.kind, row.due_at, row.data)
