"""The ledger as JSON: data as it is stored, and beside it a line in plain words. Only telephone numbers are hidden.

No words depend on how long something has lasted, so that the same state gives the same version.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.decision import Entry, Timer
from domain.incidents import Incident
from domain.record import DELIVERED, DROPPED, FAILED, Owed, Record, Ref
from views import plain, words
from views.card import result
from views.steps import Step, steps
from views.timeline import unmarked
from views.times import iso, utc_seconds

Json = dict[str, Any]
Names = Mapping[str, str]
"""What people are called, for their Slack ids and for their keys in config.yaml."""

OVERDUE = timedelta(seconds=5)
_PHONE = re.compile(r"\+[1-9](?:[ ().-]{0,2}[0-9]){6,14}")
_MOMENTS = ("detected_at", "acknowledged_at", "mitigated_at", "resolved_at", "closed_at", "sla_due_at")
_PEOPLE = ("reporter", "commander", "acknowledged_by")
_FACTS = (
    *("key", "number", "title", "severity", "status", "open", "private", "drill", "services", "description", "impact"),
    *("acknowledged_means", "sla_breached", "root_cause", "resolution", "outcome", "merged_into"),
)


def page(record: Record, now: datetime, names: Names, ids: Mapping[str, str], left_out: int = 0) -> Json:
    """One incident with its timeline, outbox, timers and names elsewhere; each list from the oldest. `ids` maps
    people's keys in config.yaml to their Slack ids; `left_out` counts older lines and rows that are not shown."""
    content = {
        "incident": _incident(record.incident, names),
        "timeline": [_entry(entry, names) for entry in record.timeline],
        "outbox": _outbox(record, now, names, ids),
        "timers": [_timer(timer, now, names) for timer in record.timers],
        "refs": [_ref(ref) for ref in record.refs],
        "left_out": left_out,
    }
    return _stamped(masked(content), now)


def overview(
    incidents: Iterable[Incident], owed: Mapping[int, int], failed: Mapping[int, int], trace: str, now: datetime
) -> Json:
    """The latest incidents in a line each, with how many effects are `owed` and have `failed`; the version is made of
    the `trace` too."""
    shown = ("key", "number", "title", "severity", "status", "private", "drill")
    lines = [
        {name: getattr(each, name) for name in shown}
        | {"detected_at": iso(each.detected_at), "acknowledged": each.acknowledged_at is not None}
        | {"owed": owed.get(each.number, 0), "failed": failed.get(each.number, 0)}
        for each in incidents
    ]
    return _stamped({"incidents": masked(lines)}, now, trace)


def masked(value: Any) -> Any:
    """The same as JSON without telephone numbers: +15550000001 becomes +…01."""
    match value:
        case str():
            return _PHONE.sub(lambda found: f"+…{found[0][-2:]}", value)
        case datetime():
            return iso(value)
        case Mapping():
            return {key: masked(each) for key, each in value.items()}
        case list() | tuple():
            return [masked(each) for each in value]
        case _:
            return value


def state(step: Step, row: Owed | None, now: datetime, came_of_it: str = "") -> str:
    """How far an effect is, in words. `row` is None once the retention has removed it."""
    if step.state == DELIVERED:
        return came_of_it if came_of_it == "sent" else "done" + (f": {came_of_it}" if came_of_it else "")
    if step.state == DROPPED:
        return f"dropped: {step.error or step.result or 'no longer wanted'}"
    if step.state == FAILED:
        return f"failed: {step.error or 'no reason was given'}"
    if row is not None and row.claimed and row.claimed_until is not None:
        return _in_hand(row.claimed_until, now)
    if step.waits_for:
        return _behind(step.waits_for)
    return _waiting(step.error, row.next_at if row else None, now)


def _in_hand(until: datetime, now: datetime) -> str:
    if until < now:
        return f"was begun and not finished by {utc_seconds(until)}: it is taken up again"
    return f"on the wire; without an answer it is taken up again at {utc_seconds(until)}"


def _behind(other: Step) -> str:
    failed = ", which failed" if other.state == FAILED else ""
    return f"waits for {words.effect(other.kind, other.lane)}{failed}"


def _waiting(error: str, next_at: datetime | None, now: datetime) -> str:
    if next_at is None or next_at <= now:
        return f"late: {error}; is tried again now" if error else "goes out now"
    if error:
        return f"late: {error}; is tried again at {utc_seconds(next_at)}"
    return f"goes out at {utc_seconds(next_at)}"


def _incident(incident: Incident, names: Names) -> Json:
    moments = {name: getattr(incident, name) for name in _MOMENTS}
    return {
        **{name: getattr(incident, name) for name in _FACTS},
        **{name: iso(at) if at else None for name, at in moments.items()},
        **{name: _person(getattr(incident, name), names) for name in _PEOPLE},
    }


def _person(who: str | None, names: Names) -> Json | None:
    return {"id": who, "name": plain.person(who, names)} if who else None


def _entry(entry: Entry, names: Names) -> Json:
    return {
        "id": entry.id,
        "at": iso(entry.at) if entry.at else None,
        "kind": entry.kind,
        "author": _person(entry.author, names),
        "public": entry.public,
        "words": plain.plain(unmarked(entry, names)),
        "data": dict(entry.data),
        "permalink": entry.permalink,
        "corrects": entry.corrects,
    }


def _outbox(record: Record, now: datetime, names: Names, ids: Mapping[str, str]) -> list[Json]:
    """By plan. What the retention has removed is told by the timeline, as far as that goes."""
    rows = {row.id: row for row in record.owed}
    return [_effect(step, rows.get(step.id), now, names, _came_of(step, record, ids)) for step in steps(record)]


def _came_of(step: Step, record: Record, ids: Mapping[str, str]) -> str:
    return result(step, record.incident, ids) if step.state == DELIVERED else ""


def _effect(step: Step, row: Owed | None, now: datetime, names: Names, came_of_it: str) -> Json:
    return {
        "id": step.id or None,
        "lane": step.lane,
        "kind": step.kind,
        "target": step.target,
        "what": words.effect(step.kind, step.lane) + (f" to {plain.person(step.whom, names)}" if step.whom else ""),
        "state": "claimed" if row and row.claimed else step.state,
        "words": plain.plain(state(step, row, now, came_of_it)),
        "due_at": iso(step.planned) if step.planned else None,
        "next_at": iso(row.next_at) if row else None,
        "claimed_until": iso(row.claimed_until) if row and row.claimed_until else None,
        "sent_at": iso(step.sent) if step.sent else None,
        "attempts": step.attempts,
        "vendor_id": step.vendor_id,
        "result": row.result if row else step.result,
        "error": step.error,
        "after": row.after if row else None,
        "removed": row is None,
    }


def _timer(timer: Timer, now: datetime, names: Names) -> Json:
    crowd = ", ".join(plain.person(str(who), names) for who in timer.data.get("people") or ())
    overdue = now - timer.due_at > OVERDUE
    told = words.timer(timer.kind) + (f" ({crowd})" if crowd else "") + (", overdue" if overdue else "")
    return {
        "kind": timer.kind,
        "due_at": iso(timer.due_at),
        "words": plain.plain(told),
        "overdue": overdue,
        "data": dict(timer.data),
    }


def _ref(ref: Ref) -> Json:
    return {"kind": ref.kind, "name": ref.name, "value": ref.value, "url": ref.url, "data": dict(ref.data)}


def _stamped(content: Json, now: datetime, trace: str = "") -> Json:
    """With Muster's own time, and a version that is another one when anything but the time is."""
    body = json.dumps(content, sort_keys=True) + trace
    return {"now": iso(now), "version": hashlib.sha256(body.encode()).hexdigest()[:20], **content}
