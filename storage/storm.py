"""Whom other incidents ring, and holding a ring back. Every function runs inside Store.transact."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from domain.incidents import CLOSED, RESOLVED
from domain.paging import is_refusal
from domain.record import DELIVERED, WAITING, Owed
from domain.storm import whose
from storage import models, rows
from storage.db import database
from storage.rows import CLAIMED
from storage.statements import ask, select, tuples, update

Row = models.Outbox

ONE_AT_A_TIME = 7_261_842
"""The key of PostgreSQL's lock under which rings are claimed: two processes must not both take a first one."""


def alone() -> None:
    """Nobody else judges rings until this transaction ends. SQLite has one writer anyway."""
    if database.for_update:
        database.execute_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")


def rung(owed: Owed, since: datetime) -> list[Owed]:
    """This person's other rings of the same kind since then, and those on the wire; none that another one covered, none
    that reached nobody, and no test."""
    wanted = (
        "SELECT * FROM outbox WHERE whom <> '' AND whom = ? AND lane = ? AND kind = ? AND id <> ?"
        " AND (state = ? OR (state = ? AND sent_at >= ?))"
    )
    found = map(rows.owed, ask(Row, wanted, *_alike(owed), CLAIMED, DELIVERED, since))
    return [each for each in found if not any(each.data.get(what) for what in ("covered", "lost", "test"))]


def waiting(owed: Owed) -> list[Owed]:
    """This person's other rings of the same kind that are still wanted, and that nobody has had as far as is known."""
    wanted = (
        "SELECT outbox.* FROM outbox JOIN incident ON incident.number = outbox.incident"
        " WHERE outbox.whom <> '' AND outbox.whom = ? AND outbox.lane = ? AND outbox.kind = ? AND outbox.id <> ?"
        " AND outbox.state = ? AND (outbox.attempts = 0 OR outbox.error <> '')"
        " AND incident.acknowledged_at IS NULL AND incident.status NOT IN (?, ?)"
    )
    found = map(rows.owed, ask(Row, wanted, *_alike(owed), WAITING, RESOLVED, CLOSED))
    return [each for each in found if not each.data.get("asked")]


def to_be_phoned(slack: str, until: datetime) -> list[int]:
    """The incidents, by number, that nobody has answered and whose call to this person is due until then, as it was
    planned; none that they said they cannot come for."""
    due = (
        " FROM timer JOIN incident ON incident.number = timer.incident{more}"
        " WHERE timer.kind = ? AND timer.due_at <= ? AND timer.data LIKE ?"
        " AND incident.acknowledged_at IS NULL AND incident.status NOT IN (?, ?)"
    )
    these = ("phone_call", until, f'%"{slack}"%', RESOLVED, CLOSED)
    calls = tuples(f"SELECT incident.number, timer.data{due.format(more='')}", *these)
    said = " JOIN timeline ON timeline.incident = timer.incident AND timeline.kind = 'page' AND timeline.author = ?"
    lines = tuples(f"SELECT incident.number, timeline.data{due.format(more=said)}", slack, *these)
    cannot = {number for number, data in lines if is_refusal(json.loads(data))}
    return [number for number, data in calls if slack in json.loads(data).get("people", ()) and number not in cannot]


def _alike(owed: Owed) -> tuple[str, str, str, int]:
    return whose(owed), owed.lane, owed.kind, owed.id


def note(id: int, data: Mapping[str, Any]) -> None:
    """Keep what a row is about."""
    update(Row, {"id": id}, data=dict(data))


def hold(id: int, until: datetime, data: Mapping[str, Any], why: str) -> None:
    """Give a claimed row back as if it had never been claimed: nobody was called."""
    [row] = select(Row, id=id)
    attempts = max(row.attempts - 1, 0)
    columns = {"state": WAITING, "next_at": until, "owner": None, "claimed_until": None, "attempts": attempts}
    update(Row, {"id": id}, **columns, data=dict(data), error=why)


def free(ring: Owed, at: datetime, only: Collection[int] = ()) -> None:
    """What was held back behind this ring (of these incidents) is judged anew then."""
    wanted = "SELECT * FROM outbox WHERE whom <> '' AND whom = ? AND lane = ? AND kind = ? AND id <> ? AND state = ?"
    for row in ask(Row, wanted, *_alike(ring), WAITING):
        if row.data.get("held") and row.next_at > at and (not only or row.incident in only):
            update(Row, {"id": row.id, "state": WAITING}, next_at=at)


def let_go(ids: Iterable[int], now: datetime) -> None:
    """These were held back, and go now; not what is in somebody's hands."""
    for id in ids:
        for row in select(Row, id=id, state=WAITING):
            kept = {name: value for name, value in row.data.items() if name != "held"}
            update(Row, {"id": id, "state": WAITING}, next_at=now, data={**kept, "freed": True}, error="")


def cover(id: int, now: datetime, data: Mapping[str, Any], vendor_id: str, result: str) -> None:
    """The row is done: another ring named its incident."""
    done = {"state": DELIVERED, "sent_at": now, "vendor_id": vendor_id, "result": result, "claimed_until": None}
    update(Row, {"id": id}, **done, data={**data, "covered": True}, error="")


def still_ring(end: Owed) -> tuple[int, ...]:
    """The other incidents that the call which this is the end of names and nobody has answered yet, by number.

    A call may be known to ring before its request is answered: then it is this person's that is on the wire.
    """
    sid, person = end.data["sid"], end.data.get("person")
    calls = [row for row in select(Row, incident=end.incident, kind="call") if row.data.get("person") == person]
    rings = [row for row in calls if row.vendor_id == sid or (row.state == CLAIMED and not row.vendor_id)]
    named = [number for row in rings for number in row.data.get("covers") or ()]
    known = [each for number in named for each in select(models.Incident, number=number)]
    return tuple(each.number for each in known if not each.acknowledged_at and each.status not in (RESOLVED, CLOSED))


def named_with(incident: int, person: str) -> tuple[int, ...]:
    """The other incidents that the latest call to this person about this one named, by number."""
    calls = [row for row in select(Row, "id", incident=incident, kind="call") if row.data.get("person") == person]
    return tuple(calls[-1].data.get("covers") or ()) if calls else ()
