"""Postmortem drafts. Every function runs inside Store.transact."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage import models


def keep(incident: int, data: Mapping[str, Any], author: str, now: datetime) -> None:
    """Write the draft; the newest wins."""
    row = {"data": dict(data), "author": author, "updated_at": now}
    models.Postmortem.insert(incident=incident, **row).on_conflict(
        conflict_target=[models.Postmortem.incident], update=row
    ).execute()


def find(incident: int) -> dict[str, Any] | None:
    """The draft's fields, or None while there is none."""
    row = models.Postmortem.get_or_none(models.Postmortem.incident == incident)
    return dict(row.data) if row else None
