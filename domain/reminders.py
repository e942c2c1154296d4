"""What people forget under pressure, and when they are reminded of it. Pages are not among it.

A reminder that falls due looks first whether it is still true: what was said meanwhile, or a snooze, puts it off."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from domain import nudges, room, sla
from domain.decision import MUSTER, Decision, Effect, Timer
from domain.incidents import RESOLVED, Incident
from domain.notices import is_public, offers_about
from domain.paging import resolved_at
from domain.policy import Policy
from domain.record import DELIVERED, WAITING, Record

UPDATES = ("internal_update_due", "public_update_due", "stale")
"""What an update answers."""

KINDS = (*UPDATES, nudges.ROLES, nudges.UNACKNOWLEDGED, nudges.STABLE)
"""The timers that a snooze puts off."""

ALL = (*KINDS, *sla.KINDS)
"""What `renewed` sets anew: whoever uses it cancels these."""

SAID = ("update", "status", "mitigation", "severity")
PUBLIC = ("create_status", "update_status")


def renewed(record: Record, incident: Incident, policy: Policy, now: datetime) -> tuple[Timer, ...]:
    """All timers of this incident as it now is: its severity or its deadline may just have changed. They go with
    `cancel=ALL`. An update that has been due for a while is due at once."""
    if incident.test:
        return ()
    record = replace(record, incident=incident)
    return (*sla.timers(incident, policy, now), *_timers(record, policy, now, KINDS))


def regraded(record: Record, incident: Incident, policy: Policy, now: datetime) -> Decision:
    """It is worse, or less, than it was thought: the reminders of its severity take the place of those that ran."""
    if not incident.open:
        return Decision(incident)
    anew = replace(record, incident=incident)
    timers = (*sla.timers(incident, policy, now), *_timers(anew, policy, now, KINDS, heard=now))
    return Decision(incident, effects=nudges.clear(record, *KINDS, nudges.SLA), timers=timers, cancel=ALL)


def heard(record: Record, incident: Incident, policy: Policy, now: datetime, public: bool = False) -> Decision:
    """Somebody says how it stands, `public`: to the public too. The reminders of it go, and begin anew."""
    record = replace(record, incident=incident)
    kinds = UPDATES if public else ("internal_update_due", "stale")
    return Decision(
        incident,
        effects=nudges.clear(record, *kinds),
        timers=_timers(record, policy, now, kinds, heard=now),
        cancel=kinds,
    )


def acknowledged(record: Record, incident: Incident, policy: Policy, now: datetime) -> Decision:
    """Nobody needs to be reminded that nobody has; where nobody led, somebody does now."""
    seated = roles_changed(record, incident, policy, replace(record, incident=incident).holders, now)
    effects = (*sla.quieted(record), *nudges.clear(record, nudges.UNACKNOWLEDGED), *seated.effects)
    return Decision(
        incident, effects=effects, timers=seated.timers, cancel=(*sla.KINDS, nudges.UNACKNOWLEDGED, *seated.cancel)
    )


def resolved(record: Record, incident: Incident, policy: Policy, now: datetime) -> Decision:
    """Nothing is asked of anybody any more, but whether it stays well."""
    return Decision(
        incident,
        effects=nudges.clear(record, *KINDS, nudges.SLA, nudges.SNOOZED),
        timers=_timers(replace(record, incident=incident), policy, now, (nudges.STABLE,)),
        cancel=ALL,
    )


def reopened(record: Record, incident: Incident, policy: Policy, now: datetime) -> Decision:
    """All begins anew."""
    record = replace(record, incident=incident)
    timers = (*sla.timers(incident, policy, now), *_timers(record, policy, now, KINDS, heard=now))
    return Decision(incident, effects=nudges.clear(record, nudges.STABLE), timers=timers, cancel=ALL)


def roles_changed(
    record: Record, incident: Incident, policy: Policy, holders: Collection[str], now: datetime
) -> Decision:
    """Who does what has changed: a reminder that stands there names what is still missing, or goes."""
    before, left = missing(record.incident, policy, record.holders), missing(incident, policy, holders)
    if not incident.open or left == before:
        return Decision(incident)
    record = replace(record, incident=incident)
    standing = nudges.clear(record, nudges.ROLES)
    if not left:
        return Decision(incident, effects=standing, cancel=(nudges.ROLES,))
    if standing:
        return Decision(incident, effects=nudges.put(record, nudges.ROLES, "role_empty", roles=_named(policy, left)))
    if any(timer.kind == nudges.ROLES for timer in record.timers):
        return Decision(incident)
    return Decision(incident, timers=_timers(record, policy, now, (nudges.ROLES,), holders=holders))


def missing(incident: Incident, policy: Policy, holders: Collection[str]) -> tuple[str, ...]:
    """The roles that its severity wants and nobody has."""
    return tuple(role for role in policy.severity_of(incident).roles if role not in holders)


def due(record: Record, policy: Policy, kind: str, now: datetime) -> Decision:
    """The time of a reminder has come."""
    incident = record.incident
    wanted, quiet = _due_at(record, policy, kind, now), nudges.quiet_until(record, now)
    if wanted is None or any(owed.kind == "archive" and owed.state == WAITING for owed in record.owed):
        return Decision(incident)
    if (kind != nudges.ROLES and wanted > now) or quiet:
        return Decision(incident, timers=(_timer(record, policy, kind, wanted, now),))
    again = _every(policy, incident, kind)
    timers = (_timer(record, policy, kind, now + again, now),) if again else ()
    said = (
        () if kind == "internal_update_due" and offers_about(record, policy, now) else _said(record, policy, kind, now)
    )
    return Decision(incident, effects=(*said, *(room.look_for_people(record) if said else ())), timers=timers)


def _said(record: Record, policy: Policy, kind: str, now: datetime) -> tuple[Effect, ...]:
    incident = record.incident
    since = int((now - _last_word(record, kind, now)).total_seconds())
    match kind:
        case "internal_update_due":
            return nudges.put(record, kind, "internal_update_due", after=since)
        case "public_update_due":
            known = is_public(record)
            return nudges.put(record, kind, "public_update_due", after=since) if known else ()
        case "stale":
            return nudges.put(record, kind, "stale", after=since)
        case "unacknowledged":
            return nudges.put(record, kind, "unacknowledged", after=int((now - incident.detected_at).total_seconds()))
        case "stable_check":
            return nudges.put(record, kind, "stable_check", after=since)
        case _:
            left = missing(incident, policy, record.holders)
            return nudges.put(record, kind, "role_empty", roles=_named(policy, left))


def _due_at(
    record: Record,
    policy: Policy,
    kind: str,
    now: datetime,
    heard: datetime | None = None,
    holders: Collection[str] | None = None,
) -> datetime | None:
    """When this reminder is wanted, were nothing to happen until then; None where it is not wanted at all. `heard` and
    `holders` are what is about to be true, where the record does not know it yet."""
    incident, severity, told = record.incident, policy.severity_of(record.incident), policy.reminders
    if kind == nudges.STABLE:
        unanswered = incident.status == RESOLVED and severity.stable_for and not is_stable(record)
        return (incident.resolved_at or now) + severity.stable_for if unanswered and severity.stable_for else None
    if not incident.open:
        return None
    word = heard or _last_word(record, kind, now)
    match kind:
        case "internal_update_due" | "public_update_due":
            every = _every(policy, incident, kind)
            return word + every if every else None
        case "stale":
            return None if severity.internal_update_every else word + told.stale_after
        case "unacknowledged":
            wanted = severity.room and not severity.page and not incident.acknowledged_at
            return incident.detected_at + told.unacknowledged_after if wanted else None
        case _:
            left = missing(incident, policy, record.holders if holders is None else holders)
            return now + told.role_empty_after if left and severity.room else None


def _every(policy: Policy, incident: Incident, kind: str) -> timedelta | None:
    """How often it is said until somebody does something about it; None: once."""
    severity = policy.severity_of(incident)
    if kind == "stale":
        return policy.reminders.stale_after
    if kind == "internal_update_due" and severity.room:
        return severity.internal_update_every
    private = incident.private or incident.drill
    if kind == "public_update_due" and severity.room and policy.status_page and not private:
        return severity.public_update_every
    return None


def _last_word(record: Record, kind: str, now: datetime) -> datetime:
    """Since when nothing was heard of what this reminder is about."""
    incident = record.incident
    match kind:
        case "public_update_due":
            if any(owed.kind in PUBLIC and owed.state == WAITING for owed in record.owed):
                return now
            sent = record.entries("delivery")
            times = [e.at for e in sent if e.data.get("kind") in PUBLIC and e.data.get("state") == DELIVERED]
        case "stale":
            times = [entry.at for entry in record.timeline if entry.author != MUSTER]
        case "stable_check":
            times = [incident.resolved_at]
        case _:
            times = [entry.at for entry in record.entries(*SAID)]
    return max((at for at in times if at), default=incident.detected_at)


def _timers(
    record: Record,
    policy: Policy,
    now: datetime,
    kinds: Collection[str],
    heard: datetime | None = None,
    holders: Collection[str] | None = None,
) -> tuple[Timer, ...]:
    wanted = {kind: _due_at(record, policy, kind, now, heard, holders) for kind in kinds}
    return tuple(_timer(record, policy, kind, at, now) for kind, at in wanted.items() if at)


def _timer(record: Record, policy: Policy, kind: str, at: datetime, now: datetime) -> Timer:
    """Never in the past, nor before a snooze is over; what is not urgent waits for working hours."""
    at = max(at, now, nudges.quiet_until(record, now) or now)
    return Timer(kind, at if policy.severity_of(record.incident).page else policy.in_hours(at))


def is_stable(record: Record) -> bool:
    """Whether somebody has said, since it was last resolved, that it stays well."""
    end = resolved_at(record)
    return any(entry.at and (end is None or entry.at >= end) for entry in record.entries("stable"))


def _named(policy: Policy, roles: Collection[str]) -> list[list[str]]:
    names = {role.id: role.name for role in policy.roles}
    return [[id, names.get(id, id)] for id in roles]
