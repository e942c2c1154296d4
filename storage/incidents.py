"""Incidents and all that hangs on them. Every function runs inside Store.transact."""

from collections.abc import Iterable
from datetime import datetime

from domain.decision import Decision, Entry
from domain.errors import Refused
from domain.incidents import Incident
from domain.record import Record, Ref
from storage import models, queue, rows
from storage.statements import ask, delete, insert, select, update


def get(number: int, lock: bool = False) -> Incident:
    """The incident. With `lock` nobody else changes it until the transaction ends. Raises Refused when unknown."""
    found = select(models.Incident, lock=lock, number=number)
    if not found:
        raise Refused(f"There is no incident INC-{number}. `/incident list` shows those there are.")
    return rows.incident(found[0], _services(number))


def listing(only_open: bool, limit: int) -> list[Incident]:
    """The newest incidents first."""
    query = models.Incident.select().order_by(models.Incident.number.desc()).limit(limit)
    if only_open:
        query = query.where(models.Incident.status.not_in(("resolved", "closed")))
    return [rows.incident(row, _services(row.number)) for row in query]


def find_same(reporter: str, title: str, since: datetime) -> Incident | None:
    """What this person declared under this title since then, if anything."""
    row = (
        models.Incident.select()
        .where(
            models.Incident.reporter == reporter,
            models.Incident.detected_at >= since,
            models.Incident.title == title,
        )
        .order_by(models.Incident.number.desc())
        .first()
    )
    return rows.incident(row, _services(row.number)) if row else None


def find_by_ref(kind: str, value: str) -> int | None:
    """The number of the incident that is called this elsewhere."""
    found = select(models.ExternalRef, "id DESC", kind=kind, value=value)
    return int(found[0].incident) if found else None


def find_by_issue(key: str) -> int | None:
    """The number of the incident whose issue has this human id, such as ROOSE-17."""
    query = models.ExternalRef.select().where(models.ExternalRef.kind == "issue")
    for row in query.where(models.ExternalRef.data.contains(f'"{key}"')).order_by(models.ExternalRef.id.desc()):
        if row.data.get("key") == key:
            return int(row.incident)
    return None


def record(number: int, lock: bool = False) -> Record:
    """Everything known of the incident. Raises Refused when unknown."""
    incident = get(number, lock)
    return Record(
        incident,
        key=f"muster-{installation()}-{number}",
        timeline=tuple(rows.entry(row) for row in select(models.Timeline, "id", incident=number)),
        refs=tuple(rows.ref(row) for row in select(models.ExternalRef, "id", incident=number)),
        owed=tuple(rows.owed(row) for row in select(models.Outbox, "id", incident=number)),
        timers=tuple(rows.timer(row) for row in select(models.Timer, "due_at", incident=number)),
    )


def apply(decision: Decision, now: datetime) -> Incident:
    """Commit all of a decision: the incident, its timeline, what is owed, its timers. The incident with its number."""
    incident = _save(decision.incident)
    for entry in decision.entries:
        write(incident.number, entry, now)
    if decision.cancel:
        models.Timer.delete().where(
            models.Timer.incident == incident.number, models.Timer.kind.in_(decision.cancel)
        ).execute()
    for timer in decision.timers:
        insert(models.Timer, incident=incident.number, kind=timer.kind, due_at=timer.due_at, data=dict(timer.data))
    queue.owe(incident.number, decision.effects, now)
    return incident


def write(number: int, entry: Entry, now: datetime) -> None:
    """Append to the timeline, which is never changed."""
    insert(
        models.Timeline,
        incident=number,
        at=entry.at or now,
        recorded_at=now,
        kind=entry.kind,
        author=entry.author,
        public=entry.public,
        data=dict(entry.data),
        permalink=entry.permalink,
        corrects=entry.corrects,
    )


def remember(number: int, refs: Iterable[Ref]) -> None:
    """Keep what the incident is called elsewhere; the same again changes its url and data only."""
    for ref in refs:
        name = {"incident": number, "kind": ref.kind, "name": ref.name, "value": ref.value}
        if not update(models.ExternalRef, name, url=ref.url, data=dict(ref.data)):
            insert(models.ExternalRef, **name, url=ref.url, data=dict(ref.data))


def forget(number: int, kind: str, value: str) -> None:
    """Drop a name that no longer leads anywhere (a deleted channel)."""
    delete(models.ExternalRef, incident=number, kind=kind, value=value)


def installation() -> str:
    """8 hex digits that tell this database from every other."""
    return str(ask(models.Installation, "SELECT id FROM installation")[0].id)


def _services(number: int) -> tuple[str, ...]:
    return tuple(row.service for row in select(models.AffectedService, "id", incident=number))


def _save(incident: Incident) -> Incident:
    columns = rows.incident_columns(incident)
    if incident.number:
        update(models.Incident, {"number": incident.number}, **columns)
        return incident
    number = insert(models.Incident, **columns)
    for service in incident.services:
        insert(models.AffectedService, incident=number, service=service)
    return get(number)
