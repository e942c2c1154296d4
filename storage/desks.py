"""What one person's Home tab shows, from the database. Every function runs inside Store.transact."""

from collections import defaultdict
from collections.abc import Collection

from domain.decision import Timer
from domain.incidents import Incident
from storage import models, rows


def without_postmortem(incidents: Collection[Incident]) -> list[Incident]:
    """Those of these of which none is kept yet."""
    numbers = [incident.number for incident in incidents]
    query = models.Postmortem.select(models.Postmortem.incident).where(models.Postmortem.incident.in_(numbers))
    kept = {row.incident for row in query}
    return [incident for incident in incidents if incident.number not in kept]


def timers_of(numbers: Collection[int], kinds: Collection[str]) -> dict[int, list[Timer]]:
    """What the clock will call for these incidents, of these kinds, by number."""
    found: dict[int, list[Timer]] = defaultdict(list)
    query = models.Timer.select().where(models.Timer.incident.in_(numbers), models.Timer.kind.in_(kinds))
    for row in query.order_by(models.Timer.due_at):
        found[row.incident].append(rows.timer(row))
    return found
