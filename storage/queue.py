"""The outbox: owe, claim, settle. Every function runs inside Store.transact.

Whoever touches the outbox of an incident holds the incident first, so that no two transactions wait for each other.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from peewee import fn

from domain.decision import Effect
from domain.incidents import CLOSED, RESOLVED
from domain.record import DELIVERED, DROPPED, FAILED, WAITING, Owed
from storage import models, rows, statements
from storage.db import database
from storage.rows import CLAIMED

Row = models.Outbox
FOUNDATIONS = ("create_room", "post_card", "announce", "create_issue", "create_status", "page")
"""What later effects of the same target cannot do without: they wait even when it has failed."""


def owe(incident: int, effects: Collection[Effect], now: datetime) -> None:
    """Write down what is owed. A refresh joins the one that waits; the others queue behind their target's last row."""
    pending = _pending(incident) if effects else []
    for effect in effects:
        joined = _waiting(pending, effect) if effect.refresh else None
        if joined is None:
            pending.append(_write(incident, effect, _predecessor(pending, effect), now))
            continue
        if joined.attempts == 0:
            joined.next_at = min(joined.next_at, now + timedelta(seconds=effect.delay))
        statements.update(Row, "WHERE id = ?", joined.id, next_at=joined.next_at, data=dict(effect.data))


def _pending(incident: int) -> list[Any]:
    """What is not done, in order of writing. What has failed is done with, unless others need it."""
    found = statements.select(
        Row, "WHERE incident = ? AND state IN (?, ?, ?) ORDER BY id", incident, WAITING, CLAIMED, FAILED
    )
    return [row for row in found if row.state != FAILED or row.kind in FOUNDATIONS]


def _write(incident: int, effect: Effect, after: int | None, now: datetime) -> Any:
    row = SimpleNamespace(
        incident=incident,
        lane=effect.lane,
        kind=effect.kind,
        target=effect.target,
        data=dict(effect.data),
        after=after,
        refresh=effect.refresh,
        state=WAITING,
        due_at=now,
        next_at=now + timedelta(seconds=effect.delay),
        attempts=0,
    )
    row.id = statements.insert(Row, **vars(row))
    return row


def _waiting(pending: Iterable[Any], effect: Effect) -> Any:
    same = (row for row in pending if (row.kind, row.target, row.state) == (effect.kind, effect.target, WAITING))
    return next(same, None)


def _predecessor(pending: Sequence[Any], effect: Effect) -> int | None:
    """The row that must be done first: named by kind, or the last unfinished one with the same target."""
    latest = list(reversed(pending))
    named = (row.id for row in latest if row.kind == effect.after)
    same = (row.id for row in latest if (row.lane, row.target) == (effect.lane, effect.target))
    return next(named, None) or next(same, None)


def claim(
    lane: str,
    limit: int,
    owner: str,
    now: datetime,
    lease: timedelta,
    paused: Collection[str] = (),
    held: Collection[int] = (),
) -> list[Owed]:
    """Up to `limit` rows that may go now, gravest incident first, marked as `owner`'s until `now + lease`.

    `held` are rows in the caller's own hands: where the clock leaps forward, their lease is over though they are not.
    """
    found = _claimable(lane, limit, now, paused, held)
    if not found:
        return []
    if database.for_update:
        numbers = sorted({incident for _, incident in found})
        of_them = f"WHERE number IN ({statements.marks(numbers)}) ORDER BY number FOR UPDATE"
        statements.run(f"SELECT number FROM incident {of_them}", *numbers)  # noqa: S608
    ids = [id for id, _ in found]
    claimed = statements.rows(
        Row,
        f"UPDATE outbox SET state = ?, owner = ?, claimed_until = ?, attempts = attempts + 1"  # noqa: S608
        f" WHERE id IN ({statements.marks(ids)}) AND {FREE} RETURNING {statements.columns(Row)}",
        *(CLAIMED, owner, now + lease, *ids, *_free_at(now)),
    )
    order = {id: place for place, id in enumerate(ids)}
    return sorted((rows.owed(row) for row in claimed), key=lambda owed: order[owed.id])


FREE = "(outbox.state = ? AND outbox.next_at <= ? OR outbox.state = ? AND outbox.claimed_until < ?)"


def _free_at(now: datetime) -> tuple[object, ...]:
    return WAITING, now, CLAIMED, now


def _claimable(
    lane: str, limit: int, now: datetime, paused: Collection[str], held: Collection[int]
) -> list[tuple[int, int]]:
    """(row, its incident)."""
    found = statements.run(
        f"SELECT outbox.id, outbox.incident FROM outbox"  # noqa: S608
        f" JOIN incident ON incident.number = outbox.incident"
        f" LEFT JOIN outbox AS first ON first.id = outbox.after"
        f" WHERE outbox.lane = ? AND {FREE} AND (first.id IS NULL OR first.state IN (?, ?))"
        f"{_except('outbox.kind', paused)}{_except('outbox.id', held)}"
        f" ORDER BY incident.rank, outbox.due_at, outbox.id LIMIT ?",
        *(lane, *_free_at(now), DELIVERED, DROPPED, *paused, *held, limit),
    )
    return [(id, incident) for id, incident in found.fetchall()]


def _except(column: str, values: Collection[object]) -> str:
    return f" AND {column} NOT IN ({statements.marks(values)})" if values else ""


def deliver(id: int, owner: str, now: datetime, vendor_id: str, result: str) -> bool:
    """Mark a claimed row delivered. False when it is no longer `owner`'s (another process has it)."""
    return _settle(
        id, owner, state=DELIVERED, sent_at=now, vendor_id=vendor_id, result=result, error="", claimed_until=None
    )


def postpone(id: int, owner: str, error: str, next_at: datetime) -> bool:
    """Give a claimed row back until `next_at`; a refresh for which a newer one waits is deleted instead."""
    row = _find(id)
    if row is None or (row.state, row.owner) != (CLAIMED, owner):
        return False
    if row.refresh and _newer_waits(row):
        _release(id, None)
        Row.delete().where(Row.id == id).execute()
        return True
    return _settle(id, owner, state=WAITING, error=error, next_at=next_at, owner=None, claimed_until=None)


def fail(id: int, owner: str, error: str) -> bool:
    """Give up on a claimed row. What only keeps its order behind it may go; what needs it waits."""
    row = _find(id)
    settled = _settle(id, owner, state=FAILED, error=error, claimed_until=None)
    if settled and row.kind not in FOUNDATIONS:
        _release(id, row.after)
    return settled


def drop(id: int, reason: str) -> None:
    """The row is no longer wanted; `result` says why."""
    Row.update(state=DROPPED, result=reason, claimed_until=None).where(Row.id == id).execute()


def retry(id: int, now: datetime) -> bool:
    """A person asks for a failed row again. False when it has not failed."""
    row = _find(id)
    if row is None or row.state != FAILED:
        return False
    if row.refresh and _newer_waits(row):
        drop(id, "a newer one is on its way")
        return True
    Row.update(state=WAITING, next_at=now, owner=None).where(Row.id == id).execute()
    return True


def lanes_due(now: datetime) -> set[str]:
    """The lanes with something that may be tried now (its predecessors not considered)."""
    found = statements.run(f"SELECT DISTINCT lane FROM outbox WHERE {FREE}", *_free_at(now))  # noqa: S608
    return {lane for (lane,) in found.fetchall()}


def depth() -> dict[str, int]:
    """How many rows each lane still owes."""
    query = Row.select(Row.lane, fn.COUNT(Row.id).alias("n")).where(Row.state.in_((WAITING, CLAIMED)))
    return {row.lane: row.n for row in query.group_by(Row.lane)}


def oldest_due(now: datetime) -> datetime | None:
    """When the most overdue undelivered effect was planned."""
    row = Row.select(Row.due_at).where(Row.state.in_((WAITING, CLAIMED)), Row.next_at <= now)
    first = row.order_by(Row.due_at).first()
    return first.due_at if first else None


def free_claims(owners: Collection[str]) -> int:
    """Give back at once what processes held that are dead; how many rows."""
    if not owners:
        return 0
    held = list(Row.select().where(Row.state == CLAIMED, Row.owner.in_(tuple(owners))))
    for row in held:
        postpone(row.id, row.owner, row.error, row.next_at)
    models.Timer.update(claimed_until=None, owner=None).where(models.Timer.owner.in_(tuple(owners))).execute()
    return len(held)


def sweep(before: datetime) -> int:
    """Delete what was delivered or dropped before then, of finished incidents, and is waited for by nobody; how many.

    What an open incident was paged with is still asked for: its acknowledgement goes to every page.
    """
    waited_for = Row.select(Row.after).where(Row.after.is_null(False), Row.state.in_((WAITING, CLAIMED, FAILED)))
    finished = models.Incident.select(models.Incident.number).where(models.Incident.status.in_((RESOLVED, CLOSED)))
    done = Row.state.in_((DELIVERED, DROPPED)) & (Row.due_at < before)
    return int(Row.delete().where(done, Row.incident.in_(finished), Row.id.not_in(waited_for)).execute())


def _find(id: int) -> Any:
    return next(iter(statements.select(Row, "WHERE id = ?", id)), None)


def _newer_waits(row: Any) -> bool:
    waiting = statements.select(Row, "WHERE incident = ? AND state = ? AND id <> ?", row.incident, WAITING, row.id)
    return any((each.kind, each.target) == (row.kind, row.target) for each in waiting)


def _release(id: int, to: int | None) -> None:
    statements.update(Row, "WHERE after = ?", id, after=to)


def _settle(id: int, holder: str, **columns: object) -> bool:
    tail = "WHERE id = ? AND state = ? AND owner = ?"
    return bool(statements.update(Row, tail, id, CLAIMED, holder, **columns))
