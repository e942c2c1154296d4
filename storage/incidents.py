"""Incidents and all that hangs on them. Every function runs inside Store.transact."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from domain import alerts
from domain.audit import acts
from domain.decision import Decision, Entry
from domain.errors import Refused
from domain.incidents import CLOSED, OPEN_STATUSES, RESOLVED, Incident
from domain.phone import LINES
from domain.record import Record, Ref
from storage import audit, models, overrides, queue, roles, rows, speaking, storm, timers
from storage.db import database
from storage.statements import ask, delete, insert, insert_all, select, select_later, tuples, update

MEMBER = "member"
"""The kind of reference that says who is in a private incident's room: `name` the person, `value` the channel."""


RETYPED_AMONG = 50
"""Nobody types more titles than this before they retype one that timed out."""


def get(number: int, lock: bool = False) -> Incident:
    """The incident. With `lock` nobody else changes it until the transaction ends. Raises Refused when unknown."""
    found = select(models.Incident, lock=lock, number=number)
    if not found:
        raise Refused(f"There is no incident INC-{number}. `/incident list` shows those there are.")
    return rows.incident(found[0], _services(number))


def lock(number: int) -> None:
    """Nobody else changes it until the transaction ends. SQLite has one writer anyway."""
    if database.for_update:
        get(number, lock=True)


def must_see(number: int, who: str | None) -> None:
    """Raises Refused when the incident is unknown, or private and not for these eyes. None sees everything."""
    get(number)
    if not models.Incident.select().where(models.Incident.number == number, _seen_by(who)).exists():
        raise Refused(
            f"INC-{number} is private: only the people in its room see it. Whoever declared it can invite you there."
        )


def visible(who: str, numbers: Collection[int]) -> set[int]:
    """Those of these incidents that this person may see."""
    table = models.Incident
    return {row.number for row in table.select(table.number).where(table.number.in_(numbers), _seen_by(who))}


def mine(who: str, also: Collection[int], limit: int) -> list[Incident]:
    """The open incidents that somebody declared, leads or answered, and those of `also`; the gravest first."""
    table = models.Incident
    own = (
        (table.reporter == who)
        | (table.commander == who)
        | (table.acknowledged_by == who)
        | table.number.in_(list(also))
    )
    query = table.select().where(table.status.not_in((RESOLVED, CLOSED)), ~table.test, own)
    found = list(query.order_by(table.rank, table.number).limit(limit))
    services = _services_of([row.number for row in found])
    return [rows.incident(row, services[row.number]) for row in found]


def listing(who: str | None, statuses: Collection[str], severity: str, limit: int) -> list[Incident]:
    """The newest first, of those that this person may see, test pages left out. An empty `severity` is any."""
    query = models.Incident.select().where(models.Incident.status.in_(statuses), ~models.Incident.test, _seen_by(who))
    if severity:
        query = query.where(models.Incident.severity == severity)
    found = list(query.order_by(models.Incident.number.desc()).limit(limit))
    services = _services_of([row.number for row in found])
    return [rows.incident(row, services[row.number]) for row in found]


def rooms(numbers: Collection[int]) -> dict[int, str]:
    """The newest room of each that has one, by number."""
    query = models.ExternalRef.select().where(
        models.ExternalRef.kind == "channel", models.ExternalRef.incident.in_(numbers)
    )
    return {row.incident: row.value for row in query.order_by(models.ExternalRef.id)}


def find_same(reporter: str, title: str, since: datetime) -> Incident | None:
    """What this person declared under this title, in whatever case, since then, and is open; None if nothing."""
    recent = (
        "SELECT number, title FROM incident WHERE reporter = ? AND detected_at >= ? AND NOT test"
        " AND status IN (?, ?, ?) ORDER BY number DESC LIMIT ?"
    )
    folded = title.casefold()
    for number, other in tuples(recent, reporter, since, *OPEN_STATUSES, RETYPED_AMONG):
        if other.casefold() == folded:
            return get(number)
    return None


def open_titles(limit: int) -> list[tuple[int, str]]:
    """Number and title of what is open, the newest first."""
    wanted = "SELECT number, title FROM incident WHERE status IN (?, ?, ?) AND NOT test ORDER BY number DESC LIMIT ?"
    return [(number, title) for number, title in tuples(wanted, *OPEN_STATUSES, limit)]


def open_on(services: Collection[str]) -> list[int]:
    """The open incidents that affect any of these, the newest first."""
    services_of, table = models.AffectedService, models.Incident
    query = table.select(table.number).where(
        table.status.in_(OPEN_STATUSES),
        ~table.test,
        table.number.in_(services_of.select(services_of.incident).where(services_of.service.in_(services))),
    )
    return [row.number for row in query.order_by(table.number.desc())]


def seen_among(numbers: Collection[int], who: str | None) -> dict[int, Incident]:
    """Those of these that this person may see."""
    query = models.Incident.select(models.Incident.number).where(models.Incident.number.in_(numbers), _seen_by(who))
    return {row.number: get(row.number) for row in query}


def find_by_ref(kind: str, value: str) -> int | None:
    """The number of the incident that is called this elsewhere."""
    found = select(models.ExternalRef, "id DESC", kind=kind, value=value)
    return int(found[0].incident) if found else None


def find_ref(kind: str, value: str) -> Ref | None:
    """The newest reference with this vendor's id."""
    found = select(models.ExternalRef, "id DESC", kind=kind, value=value)
    return rows.ref(found[0]) if found else None


def find_by_page(key: str) -> int | None:
    """The number of the incident in a pager's key; None for another installation's."""
    prefix = f"muster-{installation()}-"
    number = key.removeprefix(prefix).split("-")[0]
    if not key.startswith(prefix) or not number.isdecimal() or len(number) > 9:
        return None
    return int(number) if select(models.Incident, number=int(number)) else None


def find_by_issue(key: str) -> int | None:
    """The number of the incident whose issue has this human id, such as ROOSE-17."""
    mentions = "SELECT incident, data FROM external_ref WHERE kind = 'issue' AND data LIKE ? ORDER BY id DESC"
    found = ask(models.ExternalRef, mentions, f'%"{key}"%')
    return next((int(row.incident) for row in found if row.data.get("key") == key), None)


def paged_by(lane: str) -> list[int]:
    """The open incidents for which this vendor was asked to ring somebody."""
    rang = models.Outbox.select(models.Outbox.incident).where(
        models.Outbox.lane == lane, models.Outbox.kind == "page", models.Outbox.attempts > 0
    )
    query = models.Incident.select(models.Incident.number).where(
        models.Incident.status.not_in((RESOLVED, CLOSED)), models.Incident.number.in_(rang)
    )
    return [row.number for row in query.order_by(models.Incident.rank, models.Incident.number)]


def rung_by_phone(person: str = "") -> list[int]:
    """The open incidents, test pages among them, for which somebody was called or texted; the gravest first.

    `person` is a key of config.yaml; empty: anybody.
    """
    rung = ask(
        models.Outbox,
        "SELECT outbox.* FROM outbox JOIN incident ON incident.number = outbox.incident"
        " WHERE outbox.kind IN (?, ?) AND outbox.attempts > 0 AND incident.status NOT IN (?, ?)"
        " ORDER BY incident.rank, incident.number",
        *(*LINES, RESOLVED, CLOSED),
    )
    return list(dict.fromkeys(row.incident for row in rung if not person or row.data.get("person") == person))


def tried(limit: int, reporter: str = "") -> list[int]:
    """The test pages, the newest first, of one person or of everybody."""
    query = models.Incident.select(models.Incident.number).where(models.Incident.test)
    if reporter:
        query = query.where(models.Incident.reporter == reporter)
    return [row.number for row in query.order_by(models.Incident.number.desc()).limit(limit)]


def record(number: int, lock: bool = False) -> Record:
    """Everything known of the incident. Raises Refused when unknown."""
    return _record(get(number, lock), now=True)


def glance(number: int, lock: bool = False) -> Record:
    """The same for this transaction only: what nobody looks at is not fetched. Raises Refused when unknown."""
    return _record(get(number, lock), now=False)


def _record(incident: Incident, now: bool) -> Record:
    number = incident.number
    return Record(
        incident,
        key=_key(number),
        timeline=select_later(models.Timeline, rows.entry, "id", now, incident=number),
        refs=select_later(models.ExternalRef, rows.ref, "id", now, incident=number),
        owed=select_later(models.Outbox, rows.owed, "id", now, incident=number),
        timers=select_later(models.Timer, rows.timer, "due_at", now, incident=number),
        overrides=overrides.since(incident.detected_at),
        roles=select_later(models.Role, rows.tenure, "id", now, incident=number),
    )


def apply(decision: Decision, now: datetime, known: Incident | None = None) -> Incident:
    """Commit all of a decision: the incident, its timeline, what is owed, its timers, who has which role, and what
    people did in it. The incident with its number.

    `known` is the incident as this transaction has read it: one that a decision hands on as it is need not be written.
    """
    incident = decision.incident if decision.incident is known else _save(decision.incident)
    audit.keep(acts(known, decision, speaking.current()), now, incident.number)
    write(incident.number, decision.entries, now)
    if decision.cancel:
        timers.cancel(incident.number, decision.cancel)
    wanted = [
        {"incident": incident.number, "kind": timer.kind, "due_at": timer.due_at, "data": dict(timer.data)}
        for timer in decision.timers
    ]
    insert_all(models.Timer, wanted)
    if incident is not known or decision.roles:
        roles.keep(incident, decision.roles, now)
    queue.owe(incident.number, decision.effects, now)
    storm.let_go(decision.freed, now)
    if any(effect.kind == "page" for effect in decision.effects):
        remember(incident.number, alerts.kept(_key(incident.number), decision.effects))
    return incident


def write(number: int, entries: Iterable[Entry], now: datetime) -> None:
    """Append to the timeline, which is never changed."""
    written = [
        {
            "incident": number,
            "at": entry.at or now,
            "recorded_at": now,
            "kind": entry.kind,
            "author": entry.author,
            "public": entry.public,
            "data": dict(entry.data),
            "permalink": entry.permalink,
            "corrects": entry.corrects,
        }
        for entry in entries
    ]
    insert_all(models.Timeline, written)


def remember(number: int, refs: Iterable[Ref]) -> None:
    """Keep what the incident is called elsewhere; the same again changes its url and data only.

    A call or a text that begins says nothing of what may be known of it already: the callback was quicker.
    """
    for ref in refs:
        name = {"incident": number, "kind": ref.kind, "name": ref.name, "value": ref.value}
        if ref.kind in LINES and not ref.data and select(models.ExternalRef, **name):  # type: ignore[arg-type]
            continue
        if not update(models.ExternalRef, name, url=ref.url, data=dict(ref.data)):
            insert(models.ExternalRef, **name, url=ref.url, data=dict(ref.data))


def forget(number: int, ref: Ref) -> None:
    """Drop what no longer holds, such as somebody's place in the room."""
    delete(models.ExternalRef, incident=number, kind=ref.kind, name=ref.name, value=ref.value)


def _key(number: int) -> str:
    return f"muster-{installation()}-{number}"


def installation() -> str:
    """8 hex digits that tell this database from every other."""
    return str(ask(models.Installation, "SELECT id FROM installation")[0].id)


def _seen_by(who: str | None) -> Any:
    """A private incident is for whoever declared, leads or answered it, has a role in it, and for the people in its
    room."""
    table, ref, role = models.Incident, models.ExternalRef, models.Role
    if who is None:
        return ~table.private | table.private
    inside = ref.select(ref.incident).where(ref.kind == MEMBER, ref.name == who)
    own = (table.reporter == who) | (table.commander == who) | (table.acknowledged_by == who)
    held = role.select(role.incident).where(role.person == who, role.ended_at.is_null())
    return ~table.private | own | table.number.in_(inside) | table.number.in_(held)


def _services(number: int) -> dict[str, str]:
    return {row.service: row.impact for row in select(models.AffectedService, "id", incident=number)}


def _services_of(numbers: Collection[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    query = models.AffectedService.select().where(models.AffectedService.incident.in_(numbers))
    for row in query.order_by(models.AffectedService.id):
        found[row.incident][row.service] = row.impact
    return found


def _save(incident: Incident) -> Incident:
    columns = rows.incident_columns(incident)
    if incident.number:
        update(models.Incident, {"number": incident.number}, **columns)
        return incident
    number = insert(models.Incident, **columns)
    insert_all(models.AffectedService, [{"incident": number, "service": service} for service in incident.services])
    return get(number)
