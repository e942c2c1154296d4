"""Who is told by elapsed time how it stands. It pages nobody; a resolution stops it, an acknowledgement does not."""

from datetime import datetime, timedelta
from typing import Any

from domain import room
from domain.decision import Decision, Effect, Entry, Timer
from domain.incidents import Incident
from domain.policy import Policy
from domain.record import FAILED, Record
from domain.severities import Notice

A_MINUTE = timedelta(minutes=1)

NOTICE = "notice"
"""The kind of their timers: `notice` is the place in the severity's list, `what` is offer or contacts."""


def declared(incident: Incident, policy: Policy, now: datetime) -> tuple[tuple[Effect, ...], tuple[Timer, ...]]:
    """What is told at once, and the timers of the rest."""
    at_once: list[Effect] = []
    timers: list[Timer] = []
    for place, notice in enumerate(policy.severity_of(incident).notices):
        if not notice.after and not notice.if_public:
            at_once += _told(notice, policy, timedelta())
        else:
            due = now + (notice.after or timedelta())
            people = [person.slack for person in policy.people(notice.people)]
            timers.append(Timer("notice", due, {"notice": place, "people": people}))
    if policy.severity_of(incident).page and policy.contacts:
        timers.append(Timer("notice", now + policy.contacts_after, {"what": "contacts"}))
    return tuple(at_once), tuple(timers)


def changed(
    record: Record, policy: Policy, now: datetime, raised: bool
) -> tuple[tuple[Effect, ...], tuple[Timer, ...]]:
    """What another severity tells by the time that has gone by already, and the timers of the rest, in place of those
    there were. Lowered, nobody is told who would have been told long ago."""
    incident, effects, timers = record.incident, list[Effect](), list[Timer]()
    elapsed = now - incident.detected_at
    for place, notice in enumerate(policy.severity_of(incident).notices):
        after = notice.after or timedelta()
        if after > elapsed or (raised and notice.if_public):
            people = [person.slack for person in policy.people(notice.people)]
            due = max(incident.detected_at + after, now)
            timers.append(Timer("notice", due, {"notice": place, "people": people}))
        elif raised and not notice.if_public:
            effects += _told(notice, policy, elapsed)
    return tuple(effects), (*timers, *_offers(record, policy, now))


def _offers(record: Record, policy: Policy, now: datetime) -> tuple[Timer, ...]:
    """The offer of help and the vendors' support, for a severity that pages."""
    incident = record.incident
    if not policy.severity_of(incident).page:
        return ()
    running = {timer.data.get("what"): timer for timer in record.timers if timer.kind == NOTICE}
    done = {entry.data.get("what") for entry in record.entries(NOTICE)}
    timers = [running[what] for what in ("offer", "contacts") if what in running]
    if policy.contacts and "contacts" not in running and "contacts" not in done:
        due = max(incident.detected_at + policy.contacts_after, now)
        timers.append(Timer("notice", due, {"what": "contacts"}))
    if incident.acknowledged_at and "offer" not in running:
        timers += acknowledged(incident, policy, now)
    return tuple(timers)


def acknowledged(incident: Incident, policy: Policy, now: datetime) -> tuple[Timer, ...]:
    """Whoever is on it may need help without saying so."""
    if not policy.severity_of(incident).page:
        return ()
    return (Timer("notice", now + policy.offer_after, {"what": "offer"}),)


def due(record: Record, policy: Policy, data: Any, now: datetime) -> Decision:
    """The time of a notice has come."""
    incident = record.incident
    if not incident.open:
        return Decision(incident)
    if data.get("what") == "offer":
        return _offer(record, policy, now)
    if data.get("what") == "contacts":
        listed = [_contact(each) for each in policy.contacts]
        entry = Entry(NOTICE, data={"what": "contacts"})
        return Decision(incident, (entry,), (room.say("contacts", contacts=listed),) if listed else ())
    notices = policy.severity_of(incident).notices
    place = int(data.get("notice", 0))
    if place >= len(notices) or (notices[place].if_public and not is_public(record)):
        return Decision(incident)
    notice = notices[place]
    people = [person.slack for person in policy.people(notice.people)]
    entry = Entry(NOTICE, data={"what": "told", "people": people})
    return Decision(incident, (entry,), (*_told(notice, policy, now - incident.detected_at), room.card()))


def is_public(record: Record) -> bool:
    """Whether the public knows, or is about to."""
    if record.incident.private or record.incident.drill:
        return False
    owed = any(each.kind == "create_status" and each.state != FAILED for each in record.owed)
    return owed or any(ref.kind == "status_incident" for ref in record.refs)


def offers_about(record: Record, policy: Policy, now: datetime) -> bool:
    """Whether the next level is offered in the same minute: the offer asks for an update as well."""
    said = any(e.data.get("what") == "offer" and e.at and now - e.at < A_MINUTE for e in record.entries(NOTICE))
    coming = (timer for timer in record.timers if timer.kind == NOTICE and timer.data.get("what") == "offer")
    soon = now + A_MINUTE
    return said or any(timer.due_at < soon and _quiet_since(record) + policy.offer_after < soon for timer in coming)


def _quiet_since(record: Record) -> datetime:
    words = [e.at for e in record.entries("acknowledged", "update", "status", "mitigation") if e.at]
    return max(words, default=record.incident.detected_at)


def _offer(record: Record, policy: Policy, now: datetime) -> Decision:
    """No word for a while after the acknowledgement: the next level is offered, once, and rung by whoever takes it."""
    incident, quiet_since = record.incident, _quiet_since(record)
    if now - quiet_since < policy.offer_after:
        return Decision(incident, timers=(Timer("notice", quiet_since + policy.offer_after, {"what": "offer"}),))
    entry = Entry(NOTICE, data={"what": "offer"})
    quiet = int((now - quiet_since).total_seconds())
    return Decision(incident, (entry,), (room.say("offer_escalation", after=quiet, people=[incident.acknowledged_by]),))


def _told(notice: Notice, policy: Policy, after: timedelta) -> tuple[Effect, ...]:
    seconds = int(after.total_seconds())
    return tuple(room.tell(person.slack, "notice", after=seconds) for person in policy.people(notice.people))


def _contact(contact: Any) -> dict[str, Any]:
    promised = int(contact.sla.total_seconds()) if contact.sla else None
    return {"name": contact.name, "channel": contact.channel, "sla": promised, "priority": contact.priority}
