"""The outbox: owe, claim, settle. Every function runs inside Store.transact.

Whoever touches the outbox of an incident holds the incident first, so that no two transactions wait for each other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from peewee import fn

from domain.decision import Effect
from domain.incidents import CLOSED, RESOLVED
from domain.paging import RINGS
from domain.record import CLOCK_SKEW, DELIVERED, DROPPED, FAILED, WAITING, Owed
from domain.storm import whose
from storage import models, rows
from storage.db import database
from storage.rows import CLAIMED
from storage.statements import ask, insert_all, keys, select, update

Row = models.Outbox
FOUNDATIONS = ("create_room", "post_card", "announce", "create_issue", "create_status", "page")
"""What later effects of the same target cannot do without: they wait even when it has failed."""


def owe(incident: int, effects: Iterable[Effect], now: datetime) -> None:
    """Write down what is owed. A refresh joins the one that waits; the others queue behind their target's last row."""
    wanted = tuple(effects)
    fresh: list[SimpleNamespace] = []
    pending: list[Any] | None = None
    for effect in wanted:
        if effect.refresh and _join(incident, fresh, effect, now):
            continue
        if pending is None:
            pending, free = _pending(incident), iter(keys(Row, len(wanted)))
        fresh.append(_row(next(free), incident, effect, _predecessor(pending, effect), now))
        pending.insert(0, fresh[-1])
    insert_all(Row, [vars(row) for row in fresh])


def _row(id: int, incident: int, effect: Effect, after: int | None, now: datetime) -> SimpleNamespace:
    return SimpleNamespace(
        id=id,
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
        whom=whose(effect) if effect.kind in RINGS else "",
    )


def _pending(incident: int) -> list[Any]:
    """What is unfinished or wanting, the newest first."""
    text = "SELECT id, lane, kind, target, state FROM outbox WHERE incident = ? AND state IN (?, ?, ?) ORDER BY id DESC"
    found = ask(Row, text, incident, WAITING, CLAIMED, FAILED)
    return [row for row in found if row.state != FAILED or row.kind in FOUNDATIONS]


def _join(incident: int, fresh: Iterable[SimpleNamespace], effect: Effect, now: datetime) -> bool:
    """Whether the same refresh waits already, or is to be written just now: then it shows what this one would."""
    wanted_at, data = now + timedelta(seconds=effect.delay), dict(effect.data)
    for row in fresh:
        if row.refresh and (row.kind, row.target) == (effect.kind, effect.target):
            row.next_at, row.data = min(row.next_at, wanted_at), data
            return True
    waiting = _waiting(incident, effect)
    if waiting is None:
        return False
    sooner = min(waiting.next_at, wanted_at) if waiting.attempts == 0 else waiting.next_at
    if (sooner, waiting.data) != (waiting.next_at, data):
        update(Row, {"id": waiting.id}, next_at=sooner, data=data)
    return True


def _waiting(incident: int, effect: Effect) -> Any:
    """The row of the same refresh that nobody has taken yet, which the index of refreshes finds."""
    text = (
        "SELECT id, next_at, attempts, data FROM outbox"
        " WHERE incident = ? AND kind = ? AND target = ? AND refresh AND state = 'waiting'"
    )
    return next(iter(ask(Row, text, incident, effect.kind, effect.target)), None)


def _predecessor(pending: Iterable[Any], effect: Effect) -> int | None:
    """The row that must be done first: named by kind, or the last unfinished one with the same target."""
    named = next((row.id for row in pending if row.kind == effect.after), None)
    same = next((row.id for row in pending if (row.lane, row.target) == (effect.lane, effect.target)), None)
    return named or same


def claim(
    lane: str,
    limit: int,
    owner: str,
    now: datetime,
    lease: timedelta,
    paused: Collection[str] = (),
    held: Collection[int] = (),
    incident: int | None = None,
) -> list[Owed]:
    """Up to `limit` rows (of one incident) that may go now, gravest first, marked as `owner`'s until `now + lease`.

    `held` are rows in the caller's own hands: where the clock leaps forward, their lease is over though they are not.
    """
    found = _claimable(lane, limit, now, tuple(paused), tuple(held), () if incident is None else (incident,))
    if not found:
        return []
    if database.for_update:
        for number in sorted({row.incident for row in found}):
            select(models.Incident, lock=True, number=number)
    ids = [row.id for row in found]
    claimed = ask(
        Row,
        f"UPDATE outbox SET state = ?, owner = ?, claimed_until = ?, attempts = attempts + 1"
        f" WHERE {_any('id', ids)} AND {_FREE} RETURNING *",
        *(CLAIMED, owner, now + lease, *ids, WAITING, now, CLAIMED, now),
    )
    order = {id: place for place, id in enumerate(ids)}
    return sorted(map(_with_taken, map(rows.owed, claimed)), key=lambda owed: order[owed.id])


def _with_taken(owed: Owed) -> Owed:
    """Calls to one person look alike to their vendor: whose is whose, only the outbox knows."""
    if not owed.repeat:
        return owed
    sent = "SELECT vendor_id FROM outbox WHERE lane = ? AND kind = ? AND id <> ? AND sent_at >= ?"
    others = ask(Row, sent, owed.lane, owed.kind, owed.id, owed.due_at - CLOCK_SKEW)
    return replace(owed, taken=frozenset(row.vendor_id for row in others))


_FREE = "((outbox.state = ? AND outbox.next_at <= ?) OR (outbox.state = ? AND outbox.claimed_until < ?))"
_MAY_GO = "(outbox.after IS NULL OR first.id IS NULL OR first.state IN (?, ?))"
"""Nothing is waited for, or it is done; `first` is the row before."""


def _claimable(
    lane: str, limit: int, now: datetime, paused: tuple[str, ...], held: tuple[int, ...], only: tuple[int, ...]
) -> list[Any]:
    return ask(
        Row,
        "SELECT outbox.id, outbox.incident FROM outbox"
        " JOIN incident ON incident.number = outbox.incident"
        " LEFT JOIN outbox AS first ON first.id = outbox.after"
        f" WHERE outbox.lane = ? AND outbox.state IN (?, ?) AND {_FREE}"  # by the index, past what is done
        f" AND {_MAY_GO}"
        f" AND NOT {_any('outbox.kind', paused)} AND NOT {_any('outbox.id', held)}"
        f" AND {_any('outbox.incident', only) if only else 'TRUE'}"
        " ORDER BY incident.rank, outbox.due_at, outbox.id LIMIT ?",
        *(lane, WAITING, CLAIMED, WAITING, now, CLAIMED, now, DELIVERED, DROPPED, *paused, *held, *only, limit),
    )


def _any(column: str, values: Sequence[object]) -> str:
    return f"{column} IN ({', '.join('?' * len(values))})" if values else "FALSE"


def deliver(id: int, owner: str, now: datetime, vendor_id: str, result: str) -> bool:
    """Mark a claimed row delivered. False when it is no longer `owner`'s (another process has it)."""
    return _settle(
        id, owner, state=DELIVERED, sent_at=now, vendor_id=vendor_id, result=result, error="", claimed_until=None
    )


def postpone(id: int, owner: str, error: str, next_at: datetime) -> bool:
    """Give a claimed row back until `next_at`; a refresh for which a newer one waits is deleted instead."""
    row = Row.get_or_none(Row.id == id, Row.state == CLAIMED, Row.owner == owner)
    if row is None:
        return False
    if row.refresh and _newer_waits(row):
        _release(id, None)
        Row.delete().where(Row.id == id).execute()
        return True
    return _settle(id, owner, state=WAITING, error=error, next_at=next_at, owner=None, claimed_until=None)


def fail(id: int, owner: str, error: str) -> bool:
    """Give up on a claimed row. What only keeps its order behind it may go; what needs it waits."""
    row = Row.get_or_none(Row.id == id)
    settled = _settle(id, owner, state=FAILED, error=error, claimed_until=None)
    if settled and row.kind not in FOUNDATIONS:
        _release(id, row.after)
    return settled


def drop(id: int, reason: str) -> None:
    """The row is no longer wanted; `result` says why."""
    Row.update(state=DROPPED, result=reason, error="", claimed_until=None).where(Row.id == id).execute()


def reword(id: int, data: Mapping[str, Any]) -> None:
    """The row says something else from now on. Whoever has it in hand sees so when it has arrived."""
    update(Row, {"id": id}, data=dict(data))


def retry(id: int, now: datetime) -> bool:
    """A person asks for a failed row again. False when it has not failed."""
    row = Row.get_or_none(Row.id == id, Row.state == FAILED)
    if row is None:
        return False
    if row.refresh and _newer_waits(row):
        drop(id, "a newer one is on its way")
        return True
    Row.update(state=WAITING, next_at=now, owner=None).where(Row.id == id).execute()
    return True


def lanes_due(now: datetime) -> set[str]:
    """The lanes with something that may be tried now (its predecessors not considered)."""
    due = ask(Row, f"SELECT DISTINCT lane FROM outbox WHERE {_FREE}", WAITING, now, CLAIMED, now)
    return {row.lane for row in due}


def depth() -> dict[str, int]:
    """How many rows each lane still owes."""
    query = Row.select(Row.lane, fn.COUNT(Row.id).alias("n")).where(Row.state.in_((WAITING, CLAIMED)))
    return {row.lane: row.n for row in query.group_by(Row.lane)}


def oldest_due(now: datetime) -> datetime | None:
    """When the most overdue effect that nothing stands before was planned. What waits for a failed one waits for
    people."""
    due = ask(
        Row,
        "SELECT outbox.due_at FROM outbox LEFT JOIN outbox AS first ON first.id = outbox.after"
        f" WHERE outbox.state IN (?, ?) AND outbox.next_at <= ? AND {_MAY_GO} ORDER BY outbox.due_at LIMIT 1",
        *(WAITING, CLAIMED, now, DELIVERED, DROPPED),
    )
    return due[0].due_at if due else None


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


def _newer_waits(row: models.Outbox) -> bool:
    return bool(
        Row.select()
        .where(
            Row.incident == row.incident, Row.kind == row.kind, Row.target == row.target, Row.state == WAITING,
            Row.id != row.id,
        )
        .exists()
    )  # fmt: skip


def _release(id: int, to: int | None) -> None:
    Row.update(after=to).where(Row.after == id).execute()


def _settle(id: int, holder: str, **columns: object) -> bool:
    return bool(update(Row, {"id": id, "state": CLAIMED, "owner": holder}, **columns))
