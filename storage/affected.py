"""The services that an incident affects, each with its impact. Every function runs inside Store.transact."""

from domain.incidents import Incident
from storage import models
from storage.statements import delete, insert, select, update


def keep(incident: Incident) -> None:
    """Write what is affected now, in its order; what is not affected any more goes."""
    number = incident.number
    known = {row.service: row.impact for row in select(models.AffectedService, "id", incident=number)}
    for service in known:
        if service not in incident.services:
            delete(models.AffectedService, incident=number, service=service)
    for service in incident.services:
        impact = incident.impact_on(service)
        if service not in known:
            insert(models.AffectedService, incident=number, service=service, impact=impact)
        elif known[service] != impact:
            update(models.AffectedService, {"incident": number, "service": service}, impact=impact)
