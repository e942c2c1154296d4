"""A record in which whatever people or vendors could have written is what the test says."""

from dataclasses import replace
from typing import Any

from domain.decision import Entry, Timer
from domain.record import FAILED, Record, Ref
from tests.views import samples

COMMON_KINDS = ("detected", "acknowledged", "update", "mitigation", "resolution", "note", "role", "status", "severity")
BY_HAND = ("message", "draft", "correction", "withdrawn", "action")
SCOPE_KINDS = ("services", "impact", "private", "invited", "link")

KINDS = (
    *COMMON_KINDS,
    *BY_HAND,
    *SCOPE_KINDS,
    "snooze",
    "sla",
    "stable",
    "page",
    "pager",
    "tracker",
    "runbook",
    "checklist",
    "merge",
    "delivery",
    "unheard_of",
)


def hostile(words: str, base: Record) -> Record:
    """The record with these words in every place where a person or a vendor could have put them."""
    incident = replace(
        base.incident,
        title=words,
        description=words,
        impact=words,
        services=(words, "api"),
        impacts=((words, "degraded_performance"), ("api", words)),
        reporter=words,
        commander=words,
        resolution=words,
        root_cause=words,
        acknowledged_by=words if base.incident.acknowledged_at else None,
        acknowledged_means=words,
    )
    timeline = [Entry(kind, words, data(words), at=samples.START) for kind in KINDS]
    refs = [Ref(kind, words, words, words, {"key": words, "status": words}) for kind in ("channel", "issue", "call")]
    linked = Ref("issue", "1", "plane", "http://127.0.0.1:9000/issues/1", {"key": words})
    rows = [replace(row, data={"person": words}, vendor_id=words, result=words, error=words) for row in base.owed]
    failed = [replace(rows[0], id=90 + n, state=FAILED, kind=words, lane=words) for n in range(9)]
    timers = [Timer(timer.kind, timer.due_at, {"people": [words]}) for timer in base.timers]
    return replace(
        base,
        incident=incident,
        timeline=(*base.timeline, *timeline),
        refs=(*base.refs, *refs, linked),
        owed=(*rows, *failed),
        timers=tuple(timers),
    )


def data(words: str) -> dict[str, Any]:
    """Of a line of the timeline, or of a post in the room: every name that a view may read."""
    names = "title owner url updated old cut symptoms mitigation outcome into key room issue "
    names += (
        "by text status means lane reason next what body markdown name how from to role kind result error vendor_id"
    )
    cancelled = [{"kind": words, "due_at": samples.START, "people": [words]}]
    more = {
        "people": [words],
        "owed": 3,
        "source": "C0042:1763647320.000100",
        "before": words,
        "due": "2026-12-01",
        "after": 300,
        "next": ["twilio", words],
        "fields": {"summary": words, "root_cause": words},
        "postmortem": True,
        "channels": ["C0042", words],
        "told": [words, "U0002"],
        "public": "updated",
        "cancelled": cancelled,
        "numbers": [[words, words]],
        "contacts": [{"name": words, "channel": words, "sla": 900, "priority": words}],
        "holes": [{"kind": "on_call", "schedule": words}],
        "until": samples.after(hours=1).isoformat(),
        "within": 300,
        "stable": 1800,
        "had": words,
        "roles": [["tech", words], ["comms", words]],
        "duties": [[words, words], [words, words]],
    }
    return dict.fromkeys(names.split(), words) | more
