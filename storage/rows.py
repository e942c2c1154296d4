"""Rows to domain values and back. No queries."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from domain.action_items import ActionItem
from domain.decision import Entry, Timer
from domain.incidents import Incident
from domain.overrides import Override
from domain.record import Owed, Ref, Tenure
from storage import models

_INCIDENT_COLUMNS = tuple(f.name for f in fields(Incident) if f.name not in ("number", "services", "impacts"))


def incident(row: models.Incident, affected: Mapping[str, str]) -> Incident:
    """`affected` gives the impact of each service, empty where nobody said."""
    columns = {name: getattr(row, name) for name in _INCIDENT_COLUMNS}
    impacts = tuple((service, impact) for service, impact in affected.items() if impact)
    return Incident(number=row.number, services=tuple(affected), impacts=impacts, **columns)


def incident_columns(value: Incident) -> dict[str, Any]:
    return {name: getattr(value, name) for name in _INCIDENT_COLUMNS}


def entry(row: models.Timeline) -> Entry:
    return Entry(row.kind, row.author, row.data, row.public, row.at, row.permalink, row.corrects, row.id)


def ref(row: models.ExternalRef) -> Ref:
    return Ref(row.kind, row.value, row.name, row.url, row.data)


def owed(row: models.Outbox) -> Owed:
    return Owed(
        id=row.id,
        incident=row.incident,
        lane=row.lane,
        kind=row.kind,
        target=row.target,
        data=row.data,
        after=row.after,
        state="waiting" if row.state == CLAIMED else row.state,
        due_at=row.due_at,
        next_at=row.next_at,
        attempts=row.attempts,
        sent_at=row.sent_at,
        vendor_id=row.vendor_id,
        result=row.result,
        error=row.error,
        claimed=row.state == CLAIMED,
        claimed_until=row.claimed_until if row.state == CLAIMED else None,
    )


def tenure(row: models.Role) -> Tenure:
    return Tenure(row.role, row.person, row.began_at, row.ended_at, row.author)


def override(row: models.OnCallOverride) -> Override:
    return Override(row.schedule, row.person, row.begins_at, row.ends_at, row.author, row.id)


def action_item(row: models.ActionItem) -> ActionItem:
    return ActionItem(
        incident=row.incident,
        text=row.text,
        owner=row.owner,
        created_by=row.created_by,
        due=date.fromisoformat(row.due) if row.due else None,
        permalink=row.permalink,
        source=row.source,
        state=row.state,
        id=row.id,
        created_at=row.created_at,
        done_at=row.done_at,
        done_by=row.done_by,
    )


def timer(row: models.Timer) -> Timer:
    return Timer(row.kind, row.due_at, row.data)


CLAIMED = "claimed"
"""An outbox row in somebody's hands: to people it is still waiting."""
