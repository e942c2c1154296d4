"""The effects of an incident as steps, each in its latest state: from the outbox while a row is there, then from the
timeline. It renders nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from domain.decision import Entry
from domain.paging import MESSAGES
from domain.phone import UNANSWERED
from domain.record import DELIVERED, FAILED, WAITING, Owed, Record
from views import phone_codes

PAGES = ("page", "call", "text", "email")
PHONE = ("call", "text")


@dataclass(frozen=True, slots=True)
class Step:
    """One call to one vendor. `planned` never moves; `waits_for` is the step that must be done first; `keys` were
    pressed on the phone."""

    id: int
    lane: str
    kind: str
    target: str
    state: str
    planned: datetime | None = None
    sent: datetime | None = None
    person: str = ""
    vendor_id: str = ""
    result: str = ""
    error: str = ""
    attempts: int = 0
    keys: str = ""
    waits_for: "Step | None" = None

    @property
    def whom(self) -> str:
        """Whom it is for: a key of config.yaml, or the Slack id of somebody who does not stand there."""
        to_a_member = (self.lane, self.kind) == (MESSAGES, "page")
        return self.person or (self.target.partition(":")[0] if to_a_member else "")

    @property
    def vain(self) -> bool:
        """Whether no person answered a call or got a text, though the phone company took it; `error` says why."""
        return self.kind in PHONE and self.state == DELIVERED and self.result in UNANSWERED

    @property
    def troubled(self) -> bool:
        """Whether people should read about it: given up, late for a reason, or behind one that is."""
        late = self.state == WAITING and bool(self.error)
        return self.state == FAILED or late or (self.waits_for is not None and self.waits_for.troubled)


def steps(record: Record) -> list[Step]:
    """Every step known, by plan. A row of the outbox is newer than what the timeline says of it."""
    found: dict[object, Step] = {}
    for position, entry in enumerate(record.entries("delivery")):
        told = _told(entry)
        found[told.id or ("entry", position)] = told
    for row in sorted(record.owed, key=lambda row: row.id):
        found[row.id] = _owed(row, found.get(row.after))
    known = [_with_status(step, record) for step in found.values()]
    return sorted(known, key=lambda step: (step.planned or datetime.max.replace(tzinfo=UTC), step.id))


def moment(value: object) -> datetime | None:
    """A time out of an entry's data: as it is, in ISO 8601, or in milliseconds."""
    match value:
        case datetime():
            return value
        case str() if value:
            return datetime.fromisoformat(value)
        case int() | float():
            return datetime.fromtimestamp(value / 1000, UTC)
        case _:
            return None


def _told(entry: Entry) -> Step:
    """Of an entry's data: owed (the row's id), lane, kind, target, person, state, due_at, sent_at, vendor_id, result,
    error, attempts; what is missing is guessed from the rest."""
    data: Mapping[str, Any] = entry.data
    error = str(data.get("error") or "")
    return Step(
        id=int(data.get("owed") or 0),
        lane=str(data.get("lane", "")),
        kind=str(data.get("kind", "")),
        target=str(data.get("target", "")),
        state=str(data.get("state") or (FAILED if error else DELIVERED)),
        planned=moment(data.get("due_at")) or entry.at,
        sent=moment(data.get("sent_at")) or entry.at,
        person=str(data.get("person") or ""),
        vendor_id=str(data.get("vendor_id") or ""),
        result=str(data.get("result") or ""),
        error=error,
        attempts=int(data.get("attempts") or 1),
    )


def _owed(row: Owed, waits_for: Step | None) -> Step:
    """A row waits for another only while that one is not done."""
    blocked = waits_for is not None and waits_for.state != DELIVERED and row.state == WAITING
    return Step(
        id=row.id,
        lane=row.lane,
        kind=row.kind,
        target=row.target,
        state=row.state,
        planned=row.due_at,
        sent=row.sent_at,
        person=str(row.data.get("person") or ""),
        vendor_id=row.vendor_id,
        result=row.result,
        error=row.error,
        attempts=row.attempts,
        waits_for=waits_for if blocked else None,
    )


def _with_status(step: Step, record: Record) -> Step:
    """A call goes on after its request: what the vendor told later is the better result."""
    if step.kind not in PAGES or not step.vendor_id:
        return step
    told = [ref.data for ref in record.refs if ref.value == step.vendor_id and ref.data.get("status")]
    if not told:
        return step
    why = phone_codes.reason(int(told[-1].get("code") or 0))
    keys = str(told[-1].get("keys") or "")
    return replace(step, result=str(told[-1]["status"]), error=why or step.error, keys=keys)
