"""Incidents and all that hangs on them. Every function runs inside Store.transact."""

from collections.abc import Iterable
from datetime import datetime

from domain.decision import Decision, Entry
from domain.errors import Refused
from domain.incidents import Incident
from domain.record import Record, Ref
from storage import models, queue, rows
from storage.db import database


def get(number: int, lock: bool = False) -> Incident:
    """The incident. With `lock` nobody else changes it until the transaction ends. Raises Refused when unknown."""
    query = models.Incident.select().where(models.Incident.number == number)
    if lock and database.for_update:
        query = query.for_update()
    row = query.first()
    if row is None:
        raise Refused(f"There is no incident INC-{number}. `/incident list` shows those there are.")
    return rows.incident(row, _services(number))


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
    row = (
        models.ExternalRef.select(models.ExternalRef.incident)
        .where(models.ExternalRef.kind == kind, models.ExternalRef.value == value)
        .order_by(models.ExternalRef.id.desc())
        .first()
    )
    return int(row.incident) if row else None


def find_by_issue(key: str) -> int | None:
    """The number of the incident whose issue has this human id, such as ROOSE-17."""
    query = models.ExternalRef.select().where(models.ExternalRef.kind == "issue")
    mentions = models.ExternalRef.data.cast("text").contains(f'"{key}"')
    for row in query.where(mentions).order_by(models.ExternalRef.id.desc()):
        if row.data.get("key") == key:
            return int(row.incident)
    return None


def record(number: int, lock: bool = False) -> Record:
    """Everything known of the incident. Raises Refused when unknown."""
    incident = get(number, lock)
    timeline = models.Timeline.select().where(models.Timeline.incident == number).order_by(models.Timeline.id)
    refs = models.ExternalRef.select().where(models.ExternalRef.incident == number).order_by(models.ExternalRef.id)
    owed = models.Outbox.select().where(models.Outbox.incident == number).order_by(models.Outbox.id)
    timers = models.Timer.select().where(models.Timer.incident == number).order_by(models.Timer.due_at)
    return Record(
        incident,
        key=f"muster-{installation()}-{number}",
        timeline=tuple(rows.entry(row) for row in timeline),
        refs=tuple(rows.ref(row) for row in refs),
        owed=tuple(rows.owed(row) for row in owed),
        timers=tuple(rows.timer(row) for row in timers),
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
        models.Timer.insert(
            incident=incident.number, kind=timer.kind, due_at=timer.due_at, data=dict(timer.data)
        ).execute()
    queue.owe(incident.number, decision.effects, now)
    return incident


def write(number: int, entry: Entry, now: datetime) -> None:
    """Append to the timeline, which is never changed."""
    models.Timeline.insert(
        incident=number,
        at=entry.at or now,
        recorded_at=now,
        kind=entry.kind,
        author=entry.author,
        public=entry.public,
        data=dict(entry.data),
        permalink=entry.permalink,
        corrects=entry.corrects,
    ).execute()


def remember(number: int, refs: Iterable[Ref]) -> None:
    """Keep what the incident is called elsewhere; the same again changes its url and data only."""
    for ref in refs:
        models.ExternalRef.insert(
            incident=number, kind=ref.kind, name=ref.name, value=ref.value, url=ref.url, data=dict(ref.data)
        ).on_conflict(
            conflict_target=[
                models.ExternalRef.incident,
                models.ExternalRef.kind,
                models.ExternalRef.name,
                models.ExternalRef.value,
            ],
            update={"url": ref.url, "data": dict(ref.data)},
        ).execute()


def forget(number: int, kind: str, value: str) -> None:
    """Drop a name that no longer leads anywhere (a deleted channel)."""
    models.ExternalRef.delete().where(
        models.ExternalRef.incident == number, models.ExternalRef.kind == kind, models.ExternalRef.value == value
    ).execute()


def installation() -> str:
    """8 hex digits that tell this database from every other."""
    return str(models.Installation.select().first().id)


def _services(number: int) -> tuple[str, ...]:
    query = models.AffectedService.select().where(models.AffectedService.incident == number)
    return tuple(row.service for row in query.order_by(models.AffectedService.id))


def _save(incident: Incident) -> Incident:
    columns = rows.incident_columns(incident)
    if incident.number:
        models.Incident.update(**columns).where(models.Incident.number == incident.number).execute()
        return incident
    number = models.Incident.insert(**columns).execute()
    for service in incident.services:
        models.AffectedService.insert(incident=number, service=service).execute()
    return get(number)
