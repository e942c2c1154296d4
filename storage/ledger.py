"""What the ledger shows, read without a lock. Every function runs inside Store.transact."""

from collections import defaultdict
from dataclasses import dataclass

from domain.decision import Entry
from domain.incidents import Incident
from domain.record import FAILED, WAITING, Owed, Record
from storage import incidents, models, rows
from storage.rows import CLAIMED
from storage.statements import ask, figures, select

_COUNTS = {
    "timeline": "SELECT count(*) FROM timeline WHERE incident = ?",
    "outbox": "SELECT count(*) FROM outbox WHERE incident = ?",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of an incident's effects are still owed, and how many were given up."""

    owed: int = 0
    failed: int = 0


def record(number: int, at_most: int) -> tuple[Record, int]:
    """The incident with the newest of its timeline and of its outbox, and how many older of both are left out.

    What is unfinished is never left out before what is done. Raises Refused when unknown.
    """
    incident = incidents.get(number)
    timeline, owed = _timeline(number, at_most), _owed(number, at_most)
    found = Record(
        incident,
        key=f"muster-{incidents.installation()}-{number}",
        timeline=timeline,
        refs=tuple(rows.ref(row) for row in select(models.ExternalRef, "id", incident=number)),
        owed=owed,
        timers=tuple(rows.timer(row) for row in select(models.Timer, "due_at", incident=number)),
    )
    return found, _older("timeline", number, len(timeline), at_most) + _older("outbox", number, len(owed), at_most)


def _older(table: str, number: int, shown: int, at_most: int) -> int:
    """How many rows are not shown; counted only where some may be missing."""
    if shown < at_most:
        return 0
    [(there,)] = figures(_COUNTS[table], number)
    return int(there) - shown


def _timeline(number: int, at_most: int) -> tuple[Entry, ...]:
    newest = ask(models.Timeline, "SELECT * FROM timeline WHERE incident = ? ORDER BY id DESC LIMIT ?", number, at_most)
    return tuple(rows.entry(row) for row in reversed(newest))


def _owed(number: int, at_most: int) -> tuple[Owed, ...]:
    newest = ask(
        models.Outbox,
        "SELECT * FROM outbox WHERE incident = ? ORDER BY (state IN (?, ?, ?)) DESC, id DESC LIMIT ?",
        *(number, WAITING, CLAIMED, FAILED, at_most),
    )
    return tuple(sorted(map(rows.owed, newest), key=lambda owed: owed.id))


def latest(limit: int) -> list[Incident]:
    """The newest first, private ones too: for operators, never for a person in Slack. Their services are left out, and
    so are test pages, which are nobody's incidents; what is owed for one is found by its number."""
    newest = ask(models.Incident, "SELECT * FROM incident WHERE NOT test ORDER BY number DESC LIMIT ?", limit)
    return [rows.incident(row, {}) for row in newest]


def standings(since: int) -> dict[int, Standing]:
    """Of the incidents from this number on: those for which something is owed or was given up."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    counted = figures(  # + 0 keeps to the index of the state, which leads to few rows
        "SELECT incident, state, count(*) FROM outbox WHERE state IN (?, ?, ?) AND incident + 0 >= ?"
        " GROUP BY incident, state",
        *(WAITING, CLAIMED, FAILED, since),
    )
    for number, state, count in counted:
        found[number][state] = count
    return {
        number: Standing(states.get(WAITING, 0) + states.get(CLAIMED, 0), states.get(FAILED, 0))
        for number, states in found.items()
    }


def trace(since: int) -> str:
    """Another text whenever anything has changed that the ledgers of the incidents from this number on show.

    The timeline only grows, and what an effect goes through between being owed and being done is in the few rows that
    are unfinished: so hardly a row is read, however many there are. What changes a name elsewhere without a line in
    the timeline changes its length too. The incidents themselves are for the caller; what the retention deletes is
    told from the timeline, and no change.
    """
    seen = [
        figures("SELECT (SELECT max(id) FROM timeline), (SELECT max(id) FROM outbox)"),
        figures(
            "SELECT state, count(*), sum(attempts), sum(next_at), sum(claimed_until), sum(after) FROM outbox"
            " WHERE state IN (?, ?) GROUP BY state ORDER BY state",
            *(WAITING, CLAIMED),
        ),
        figures("SELECT count(*), max(id), sum(due_at) FROM timer WHERE incident >= ?", since),
        figures("SELECT count(*), max(id), sum(length(url || data)) FROM external_ref WHERE incident >= ?", since),
    ]
    return repr([[tuple(map(str, row)) for row in part] for part in seen])
