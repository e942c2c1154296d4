"""Who has which role in an incident, and had it until when. Every function runs inside Store.transact."""

from collections.abc import Iterable
from datetime import datetime

from domain.decision import Handing
from domain.duties import COMMANDER
from domain.incidents import Incident
from storage import models
from storage.statements import ask, insert, update


def keep(incident: Incident, handed: Iterable[Handing], now: datetime) -> None:
    """Write down who has what from now on. The commander is whoever the incident says, whatever was handed."""
    wanted = {each.role: each for each in handed}
    by = wanted[COMMANDER].by if COMMANDER in wanted else incident.commander or incident.reporter
    wanted[COMMANDER] = Handing(COMMANDER, incident.commander, by)
    held = {row.role: row for row in _held(incident.number)}
    for role, handing in wanted.items():
        before = held.get(role)
        if (before.person if before else None) == handing.person:
            continue
        if before:
            update(models.Role, {"id": before.id}, ended_at=now)
        if handing.person:
            about = {"role": role, "person": handing.person, "author": handing.by}
            insert(models.Role, incident=incident.number, began_at=now, **about)


def of_person(who: str) -> dict[int, list[str]]:
    """Which roles somebody has now, the commander's left out, by incident."""
    found: dict[int, list[str]] = {}
    for row in ask(models.Role, "SELECT * FROM role WHERE person = ? AND ended_at IS NULL ORDER BY id", who):
        if row.role != COMMANDER:
            found.setdefault(row.incident, []).append(row.role)
    return found


def _held(incident: int) -> list[models.Role]:
    return ask(models.Role, "SELECT * FROM role WHERE incident = ? AND ended_at IS NULL", incident)
