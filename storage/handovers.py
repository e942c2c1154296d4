"""What happened on a watch, for whoever takes it over. Every function runs inside Store.transact."""

from datetime import datetime

from domain.handover import Paging, Week
from domain.incidents import CLOSED, RESOLVED, STATUSES
from domain.paging import ASKED_LEVELS
from storage import incidents, models, rows
from storage.statements import ask

OPEN = tuple(status for status in STATUSES if status not in (RESOLVED, CLOSED))
LISTED_MOST = 100


def week(by: str, to: str, note: str, since: datetime, until: datetime) -> Week:
    """The open incidents, and the pages of that time, of all that both people may see; 100 of each at most."""
    theirs = {each.number: each for each in incidents.listing(to, STATUSES, "", LISTED_MOST)}
    both = {each.number: each for each in incidents.listing(by, STATUSES, "", LISTED_MOST) if each.number in theirs}
    unfinished = tuple(each for each in both.values() if each.status in OPEN)
    wanted = "SELECT * FROM timeline WHERE kind = 'page' AND at >= ? AND at <= ? ORDER BY id DESC LIMIT 1000"
    found = [row for row in ask(models.Timeline, wanted, since, until) if row.incident in both]
    pages = [
        Paging(both[row.incident], row.at, tuple(entry.data["people"]))
        for row in found
        if (entry := rows.entry(row)).data.get("step") in (*ASKED_LEVELS, "asked")
    ]
    return Week(by, to, note, unfinished, tuple(reversed(pages[:LISTED_MOST])), incidents.rooms(list(both)))
