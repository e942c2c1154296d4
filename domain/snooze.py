"""Quiet for a while: an incident's reminders are put off. Pages and the promise to acknowledge are not."""

from dataclasses import replace
from datetime import datetime

from domain import nudges, reminders
from domain.decision import Decision, Entry, Timer
from domain.durations import write_duration
from domain.errors import Refused
from domain.incidents import CLOSED
from domain.policy import Policy
from domain.record import Record
from domain.ticks import has_room


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
    entry = Entry("snooze", by, {"before": before.isoformat() if before else None, "after": at, "until": at})
    return Decision(
        incident,
        entries=(entry,),
        effects=(
            *nudges.clear(record, *reminders.KINDS),
            *(nudges.put(record, nudges.SNOOZED, "snoozed", by=by, until=at) if has_room(record) else ()),
        ),
        timers=_timers(record, policy, entry, now),
        cancel=reminders.ALL,
    )


def wake(record: Record, policy: Policy, by: str, now: datetime) -> Decision:
    """The reminders come at their own times again. No entries: they were not snoozed."""
    incident, before = record.incident, nudges.quiet_until(record, now)
    if before is None:
        return Decision(incident)
    entry = Entry("snooze", by, {"step": "off", "before": before.isoformat(), "after": None})
    effects = nudges.clear(record, nudges.SNOOZED)
    return Decision(incident, (entry,), effects, _timers(record, policy, entry, now), reminders.ALL)


def _timers(record: Record, policy: Policy, entry: Entry, now: datetime) -> tuple[Timer, ...]:
    """What is wanted, as it is with this snooze, or without."""
    return reminders.renewed(replace(record, timeline=(*record.timeline, entry)), record.incident, policy, now)
