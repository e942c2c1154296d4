"""The promise that somebody acknowledges in time: the warning before it is broken, and that it was broken."""

from dataclasses import replace
from datetime import datetime

from domain import nudges, room
from domain.decision import Decision, Effect, Entry, Timer
from domain.incidents import Incident
from domain.paging import answered
from domain.policy import Policy
from domain.record import Record

KINDS = ("sla_warning", "sla_breach")


def timers(incident: Incident, policy: Policy, now: datetime) -> tuple[Timer, ...]:
    """None for what is acknowledged, over or broken already. Where the time of the warning is past there is none."""
    due = incident.sla_due_at
    if answered(incident) or incident.test or incident.sla_breached or due is None:
        return ()
    warn = _warn_at(incident, policy, due)
    warning = (Timer("sla_warning", warn),) if now < warn < due else ()
    return (*warning, Timer("sla_breach", max(due, now)))


def warning(record: Record, policy: Policy, now: datetime) -> Decision:
    """The time is nearly up, and nobody has acknowledged."""
    incident = record.incident
    if answered(incident) or incident.sla_due_at is None or now >= incident.sla_due_at:
        return Decision(incident)
    if now < _warn_at(incident, policy, incident.sla_due_at):
        return Decision(incident, timers=timers(incident, policy, now)[:1])
    due, within = incident.sla_due_at, int(policy.severity_of(incident).acknowledge_within.total_seconds())
    return Decision(
        incident,
        entries=(Entry("sla", data={"step": "warning", "until": due.isoformat()}),),
        effects=nudges.put(record, nudges.SLA, "sla_warning", until=due.isoformat(), within=within),
    )


def breach(record: Record, policy: Policy, now: datetime) -> Decision:
    """The time is up. The ladder goes on by itself; where nobody is paged, those who want to know are told."""
    incident = record.incident
    if answered(incident) or incident.sla_due_at is None or incident.sla_breached:
        return Decision(incident)
    if now < incident.sla_due_at:
        return Decision(incident, timers=(Timer("sla_breach", incident.sla_due_at),))
    severity = policy.severity_of(incident)
    within = int(severity.acknowledge_within.total_seconds())
    incident = replace(incident, sla_breached=True)
    told = () if severity.page else policy.people(policy.reminders.breach_tells)
    return Decision(
        incident,
        entries=(Entry("sla", data={"step": "breach", "until": now.isoformat()}),),
        effects=(
            *nudges.put(record, nudges.SLA, "sla_breach", within=within),
            *(room.tell(person.slack, "sla_breach", within=within) for person in told),
            *room.show(incident, policy),
        ),
    )


def kept(incident: Incident, now: datetime) -> Incident:
    """As it is when somebody acknowledges, or it ends: too late is too late, also where nobody was there to say so."""
    late = incident.sla_due_at is not None and now > incident.sla_due_at and incident.acknowledged_at is None
    return replace(incident, sla_breached=incident.sla_breached or late)


def quieted(record: Record) -> tuple[Effect, ...]:
    """An acknowledgement takes the warning away; that the promise was broken stays."""
    return () if record.incident.sla_breached else nudges.clear(record, nudges.SLA)


def _warn_at(incident: Incident, policy: Policy, due: datetime) -> datetime:
    """A promise that began anew, because it got worse, is warned of by its end."""
    severity, share = policy.severity_of(incident), policy.reminders.sla_warning_at
    if policy.acknowledge_due(severity, incident.detected_at) == due:
        return policy.acknowledge_due(severity, incident.detected_at, share)
    return due - severity.acknowledge_within * (1 - share)
