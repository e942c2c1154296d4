"""An incident and what is owed for it, as the outbox hands them to a vendor."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.decision import Entry
from domain.incidents import RESOLVED, Incident
from domain.record import Owed, Record, Ref

T0 = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)
KEY = "muster-1a2b3c4d-42"
ROOM = Ref("channel", "C0042", url="https://example.com/archives/C0042")
NAMES = {"U0001": "Ana", "U0002": "Ben"}


def record(*refs: Ref, timeline: tuple[Entry, ...] = (), **changes: Any) -> Record:
    incident = Incident("db down", "SEV-1", "U0001", T0, number=42, description="nothing answers", services=("api",))
    return Record(replace(incident, **changes), KEY, timeline=timeline, refs=refs)


def resolved(*refs: Ref, **changes: Any) -> Record:
    ended = {"status": RESOLVED, "resolved_at": T0 + timedelta(minutes=65), "resolution": "restarted"}
    return record(*refs, **{**ended, **changes})


def owed(kind: str, target: str = "", /, *, attempts: int = 1, row: int = 7, **data: Any) -> Owed:
    return Owed(row, 42, "lane", kind, target, due_at=T0, next_at=T0, data=data, attempts=attempts)
