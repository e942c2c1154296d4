"""The outbox: owe, claim, settle. Every function runs inside Store.transact.

Whoever touches the outbox of an incident holds the incident first, so that no two transactions wait for each other.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from peewee import JOIN, fn

from domain.decision import Effect
from domain.incidents import CLOSED, RESOLVED
from domain.record import DELIVERED, DROPPED, FAILED, WAITING, Owed
from storage import models, rows
from storage.db import database
from storage.rows import CLAIMED

Row = models.Outbox
FOUNDATIONS = ("create_room", "post_card", "announce", "create_issue", "create_status", "page")
"""What later effects of the same target cannot do without: they wait even when it has failed."""


def owe(incident: int, effects: Iterable[Effect], now: datetime) -> None:
    """Write down what is owed. A refresh joins the one that waits; the others queue behind their target's last row."""
    for effect in effects:
        if effect.refresh and _join_waiting(incident, effect, now):
            continue
        Row.insert(
            incident=incident,
            lane=effect.lane,
            kind=effect.kind,
            target=effect.target,
            data=dict(effect.data),
            after=_predecessor(incident, effect),
            refresh=effect.refresh,
            state=WAITING,
            due_at=now,
            next_at=now + timedelta(seconds=effect.delay),
        ).execute()


def _join_waiting(incident: int, effect: Effect, now: datetime) -> bool:
    waiting = Row.select().where(
        Row.incident == incident, Row.kind == effect.kind, Row.target == effect.target, Row.state == WAITING
    )
    row = waiting.first()
    if row is None:
        return False
    sooner = min(row.next_at, now + timedelta(seconds=effect.delay)) if row.attempts == 0 else row.next_at
    Row.update(next_at=sooner, data=dict(effect.data)).where(Row.id == row.id).execute()
    return True


def _predecessor(incident: int, effect: Effect) -> int | None:
    """The row that must be done first: named by kind, or the last unfinished one with the same target."""
    pending = (Row.state.in_((WAITING, CLAIMED))) | ((Row.state == FAILED) & Row.kind.in_(FOUNDATIONS))
    query = Row.select(Row.id).where(Row.incident == incident, pending).order_by(Row.id.desc())
    if effect.after:
        named = query.where(Row.kind == effect.after).first()
        if named:
            return int(named.id)
    same = query.where(Row.lane == effect.lane, Row.target == effect.target).first()
    return int(same.id) if same else None


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
    candidates = _claimable(lane, now, paused, held).limit(limit)
    found = [(row.id, row.incident) for row in candidates]
    if not found:
        return []
    if database.for_update:
        numbers = {incident for _, incident in found}
        concerned = models.Incident.select(models.Incident.number).where(models.Incident.number.in_(numbers))
        list(concerned.order_by(models.Incident.number).for_update())
    ids = [id for id, _ in found]
    claimed = (
        Row.update(state=CLAIMED, owner=owner, claimed_until=now + lease, attempts=Row.attempts + 1)
        .where(Row.id.in_(ids), _free(now))
        .returning(Row)
        .execute()
    )
    order = {id: place for place, id in enumerate(ids)}
    return sorted((rows.owed(row) for row in claimed), key=lambda owed: order[owed.id])


def _free(now: datetime):  # type: ignore[no-untyped-def]
    return ((Row.state == WAITING) & (Row.next_at <= now)) | ((Row.state == CLAIMED) & (Row.claimed_until < now))


def _may_go(first):  # type: ignore[no-untyped-def]
    """Nothing is waited for, or it is done; `first` is the row before."""
    return Row.after.is_null() | first.id.is_null() | first.state.in_((DELIVERED, DROPPED))


def _claimable(lane: str, now: datetime, paused: Collection[str], held: Collection[int]):  # type: ignore[no-untyped-def]
    first = Row.alias()
    query = (
        Row.select(Row.id, Row.incident)
        .join(first, JOIN.LEFT_OUTER, on=(first.id == Row.after))
        .switch(Row)
        .join(models.Incident, on=(models.Incident.number == Row.incident))
        .where(Row.lane == lane, _free(now), _may_go(first))
        .order_by(models.Incident.rank, Row.due_at, Row.id)
    )
    if paused:
        query = query.where(Row.kind.not_in(tuple(paused)))
    return query.where(Row.id.not_in(tuple(held))) if held else query


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
    Row.update(state=DROPPED, result=reason, claimed_until=None).where(Row.id == id).execute()


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
    return {row.lane for row in Row.select(Row.lane).where(_free(now)).distinct()}


def depth() -> dict[str, int]:
    """How many rows each lane still owes."""
    query = Row.select(Row.lane, fn.COUNT(Row.id).alias("n")).where(Row.state.in_((WAITING, CLAIMED)))
    return {row.lane: row.n for row in query.group_by(Row.lane)}


def oldest_due(now: datetime) -> datetime | None:
    """When the most overdue effect that nothing stands before was planned. What waits for a failed one waits for
    people."""
    first = Row.alias()
    query = Row.select(Row.due_at).join(first, JOIN.LEFT_OUTER, on=(first.id == Row.after))
    due = query.where(Row.state.in_((WAITING, CLAIMED)), Row.next_at <= now, _may_go(first))
    row = due.order_by(Row.due_at).first()
    return row.due_at if row else None


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
    return bool(Row.update(**columns).where(Row.id == id, Row.state == CLAIMED, Row.owner == holder).execute())
