"""Quiet for a while: an incident's reminders are put off. Pages and the promise to acknowledge are not."""

from dataclasses import replace
from datetime import datetime

from domain import nudges, reminders
from domain.decision import Decision, Entry
from domain.durations import write_duration
from domain.errors import Refused
from domain.incidents import CLOSED
from domain.policy import Policy
from domain.record import Record


def snooze(record: Record, policy: Policy, by: str, until: datetime, now: datetime) -> Decision:
    """What is due before then is due then. Raises Refused for what is closed, past or longer than config.yaml wants."""
    incident, most = record.incident, policy.reminders.snooze_at_most
    if incident.status == CLOSED:
        raise Refused(f"{incident.key} is closed: nothing reminds anybody of it.")
    if until <= now:
        raise Refused("That is past. `/incident snooze 30m` keeps the reminders quiet for half an hour.")
    if until - now > most:
        raise Refused(
            f"A snooze lasts {write_duration(most)} at most: in a longer one the incident would be forgotten. "
            f"`/incident snooze {write_duration(most)}` is the longest."
        )
    before, at = nudges.quiet_until(record, now), until.isoformat()
    waiting = [timer for timer in record.timers if timer.kind in reminders.KINDS]
    return Decision(
        incident,
        entries=(Entry("snooze", by, {"before": before.isoformat() if before else None, "after": at, "until": at}),),
        effects=(
            *nudges.clear(record, *reminders.KINDS),
            *(nudges.put(record, nudges.SNOOZED, "snoozed", by=by, until=at) if nudges.has_room(record) else ()),
        ),
        timers=tuple(replace(timer, due_at=max(timer.due_at, until)) for timer in waiting),
        cancel=reminders.KINDS,
    )


def wake(record: Record, policy: Policy, by: str, now: datetime) -> Decision:
    """The reminders come at their own times again. No entries: they were not snoozed."""
    incident, before = record.incident, nudges.quiet_until(record, now)
    if before is None:
        return Decision(incident)
    entry = Entry("snooze", by, {"step": "off", "before": before.isoformat(), "after": None})
    awake = replace(record, timeline=(*record.timeline, entry))
    timers = reminders.renewed(awake, incident, policy, now)
    return Decision(incident, (entry,), nudges.clear(record, nudges.SNOOZED), timers, (*reminders.ALL,))
