"""How an incident ends that was none: a false alarm, or one declared by mistake; and what can be undone. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from domain import action_items, alerts, notices, paging, phone, room
from domain.decision import Decision, Effect, Entry, Timer
from domain.decisions import SETTABLE, tell_public
from domain.errors import Refused
from domain.incidents import (
    CLOSED,
    FALSE_ALARM,
    MONITORING,
    WITHDRAWN,
    Incident,
)
from domain.people import is_slack_id
from domain.policy import Policy
from domain.record import Record

UNDO_WITHIN = timedelta(seconds=60)
"""Later than that others have begun to work on it."""

ARCHIVED_AFTER_A_WITHDRAWAL = timedelta(minutes=5)
"""So long a room that should not be is left, for whoever is in it to read why."""

UNDONE = "undone"
"""The step of a line of the timeline by which an earlier one is taken back."""

TOLD = ("page", "escalated", "asked", "call", "next_means", "ring_lost", "told")
"""The steps of pages and notices whose people know of the incident."""

INSTEAD = {
    "update": "An update is not undone: people have read it. Post a better one with `/incident update`.",
    "resolution": "A resolution is not undone: `/incident reopen` takes the incident up again.",
    "merge": "A merge is undone by `/incident reopen` with the incident that went into this one.",
    "severity": "A severity is not undone: `/incident severity` sets the one before.",
    "role": "A role is not undone: `/incident role` gives it to somebody else.",
}
"""What to do about the last thing that somebody did, where it cannot be undone, by kind of entry. What is not here does
not stand between them and what they want to undo."""

CONSIDERED = ("detected", "status", *INSTEAD)


def false_alarm(record: Record, policy: Policy, by: str, why: str, now: datetime) -> Decision:
    """Nothing was wrong. Everybody who was paged is told, and nobody writes a postmortem."""
    must_be_open(record.incident)
    return end(record, policy, by, now, FALSE_ALARM, why, told=all_clear(record, by, FALSE_ALARM, why))


def withdraw(record: Record, policy: Policy, by: str, now: datetime) -> Decision:
    """It was declared by mistake, a moment ago and by this person. Raises Refused with what to use instead."""
    incident = record.incident
    must_be_open(incident)
    ended = f"`/incident false-alarm {incident.key}` ends it and gives everybody the all clear"
    if by != incident.reporter:
        raise Refused(f"Only whoever declared {incident.key} can undo that. {ended}.")
    if now - incident.detected_at > UNDO_WITHIN:
        raise Refused(
            f"{incident.key} was declared more than {UNDO_WITHIN.seconds} seconds ago, and is not undone any more. "
            f"{ended}; `/incident duplicate` says that it repeats another one."
        )
    told = all_clear(record, by, WITHDRAWN, "")
    return end(record, policy, by, now, WITHDRAWN, told=told, archive_after=ARCHIVED_AFTER_A_WITHDRAWAL)


def undo(record: Record, policy: Policy, by: str, now: datetime) -> Decision:
    """Take back what this person did last here: a change of the status or the declaration. Raises Refused."""
    last = _last(record, by, now)
    if last is None or last.kind == "detected":
        return withdraw(record, policy, by, now)
    if last.kind in INSTEAD:
        whole = f" To take back the declaration itself: `/incident false-alarm {record.incident.key}`."
        mine = by == record.incident.reporter and record.incident.open
        raise Refused(INSTEAD[last.kind] + (whole if mine else ""))
    must_be_open(record.incident)
    if last.data.get("status") in SETTABLE and last.data.get("before") in SETTABLE:
        return _status_undone(record, policy, by, last, now)
    raise Refused(f"A reopening is not undone: `/incident resolve {record.incident.key} …` ends it again.")


def _last(record: Record, by: str, now: datetime) -> Entry | None:
    """What this person did last within the minute, and has not taken back yet."""
    taken_back = {e.corrects for e in record.entries("status") if e.data.get("step") == UNDONE}
    mine = (e for e in record.entries(*CONSIDERED) if e.author == by and e.at and now - e.at <= UNDO_WITHIN)
    left = [e for e in mine if e.data.get("step") != UNDONE and not (e.id and e.id in taken_back)]
    return left[-1] if left else None


def _status_undone(record: Record, policy: Policy, by: str, last: Entry, now: datetime) -> Decision:
    """The status before, and with *monitoring* the end of the harm."""
    before, status = record.incident, str(last.data.get("before"))
    if before.status != last.data.get("status") or status not in SETTABLE:
        raise Refused(f"{before.key} is {before.status} by now. `/incident status` says how it stands.")
    mitigated = None if before.status == MONITORING else before.mitigated_at
    incident = replace(before, status=status, mitigated_at=mitigated)
    data = {"step": UNDONE, "before": before.status, "after": status, "status": status}
    return Decision(
        incident,
        entries=(Entry("status", by, data, corrects=last.id or None),),
        effects=(
            room.say("status_undone", by=by, status=status),
            *room.show(incident, policy, topic=True),
            *room.comment(policy, "status", by, f"undone: {before.status} → {status}", now.isoformat()),
            *tell_public(record, incident, policy),
        ),
    )


def end(
    record: Record,
    policy: Policy,
    by: str,
    now: datetime,
    outcome: str,
    text: str = "",
    *,
    into: Incident | None = None,
    into_room: str = "",
    told: Iterable[Effect] = (),
    public: Iterable[Effect] | None = None,
    archive_after: timedelta | None = None,
) -> Decision:
    """Nothing of it rings or reminds any more, and it says everywhere what it was. `into` is the incident in which it
    goes on; `public` what the public is told where that is not its own template."""
    before = record.incident
    number = into.number if into else None
    over = replace(before, status=CLOSED, resolved_at=now, closed_at=now)
    incident = replace(over, resolution=text, outcome=outcome, merged_into=number)
    about = {"outcome": outcome, "text": text, **({"into": into.key, "room": into_room} if into else {})}
    data = {"step": outcome, "before": before.status, "after": CLOSED, "status": CLOSED, **about}
    how = f"{before.status} → {incident.ending}. {text}".strip()
    return Decision(
        incident,
        entries=(Entry("status", by, data),),
        effects=(
            *alerts.told(record, policy, "resolve"),
            *paging.tell_paged(record.refs),
            *phone.hang_up(replace(record, incident=incident), policy),
            *told,
            room.say("ended", by=by, **about),
            *room.show(incident, policy, topic=True),
            *room.comment(policy, "status", by, how, now.isoformat()),
            *(tell_public(record, incident, policy) if public is None else public),
        ),
        timers=(Timer("archive_channel", now + min(archive_after or policy.archive_after, policy.archive_after)),),
        cancel=tuple(dict.fromkeys((*paging.LADDER, notices.NOTICE, *_waiting(record)))),
    )


def _waiting(record: Record) -> Iterable[str]:
    """What the clock would do; whoever promised something is still reminded of it."""
    return (timer.kind for timer in record.timers if timer.kind != action_items.DUE)


def must_be_open(incident: Incident) -> None:
    """Raises Refused where it has ended already."""
    if not incident.open:
        how = incident.ending or incident.status
        raise Refused(f"{incident.key} is {how} already. `/incident reopen {incident.key}` takes it up again.")


def all_clear(record: Record, by: str, outcome: str, text: str) -> tuple[Effect, ...]:
    """A message of their own for everybody who was paged or told, but for whoever says so."""
    told = (each for each in knowing(record) if each != by)
    return tuple(room.tell(who, "all_clear", by=by, outcome=outcome, text=text) for who in told)


def knowing(record: Record) -> tuple[str, ...]:
    """The Slack ids of those who were paged for it, or told of it by message."""
    entries = record.entries("page", "notice")
    paged = (who for e in entries if e.data.get("step", e.data.get("what")) in TOLD for who in e.data.get("people", ()))
    told = (owed.data.get("user", "") for owed in record.owed if owed.kind == "tell")
    return tuple(who for who in dict.fromkeys((*paged, *told)) if is_slack_id(who))
