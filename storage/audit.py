"""What people did: written, read, and never changed, which the database sees to. Every function runs inside
Store.transact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.audit import Act
from storage import models
from storage.statements import ask, insert_all


def keep(acts: Sequence[Act], now: datetime, incident: int | None = None) -> None:
    """One statement, however many they are."""
    about = {"at": now, "incident": incident}
    insert_all(models.Audit, [about | _columns(act) for act in acts])


def of(incident: int) -> list[Act]:
    """What people did to an incident, the oldest first."""
    found = ask(models.Audit, "SELECT * FROM audit WHERE incident = ? ORDER BY id", incident)
    return [Act(row.who, row.what, row.before, row.after, row.door, row.place, row.at) for row in found]


def _columns(act: Act) -> dict[str, Any]:
    said = {"who": act.who, "what": act.what, "door": act.door, "place": act.place}
    return said | {"before": dict(act.before), "after": dict(act.after)}
