"""What follows when an incident turns out to be worse, or less, than it was declared. ADR 24."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain import alerts, bookmarks, checklists, ladder, notices, outcomes, paging, phone, reminders, room, ticks
from domain.decision import Decision, Effect, Entry
from domain.errors import Refused
from domain.incidents import CLOSED, Incident
from domain.pager import ENDED
from domain.people import is_slack_id
from domain.policy import Policy
from domain.record import FAILED, WAITING, Owed, Record

KIND = "severity"
"""Of the timeline's line, whose data says all that followed."""

LOWERED = "lowered to a severity that pages nobody"
"""Why a ring that was still owed is not sent any more."""

ASK = "ask_status_page"


def change(record: Record, policy: Policy, by: str, name: str, why: str, now: datetime) -> Decision:
    """Another severity, with all that it asks for. A raise pages anew, acknowledged or not; a lowering rings nobody.
    Raises Refused for an unknown severity, the same one, or a closed incident."""
    before = record.incident
    severity = policy.severity(name)
    if before.status == CLOSED:
        raise Refused(f"{before.key} is closed. `/incident reopen {before.key}` opens it again.")
    if before.severity == severity.name:
        raise Refused(f"{before.key} is {severity.name} already.")
    raised = policy.rank(severity.name) < before.rank
    incident = _regraded(before, policy, severity.name, raised, now)
    new = replace(record, incident=incident)
    if not before.open:
        return _written(new, policy, before, why, by, now, Decision(incident))
    rung = _raised(new, policy, now) if raised else _lowered(new, policy, by, now)
    return _written(new, policy, before, why, by, now, rung)


def unsent(record: Record, policy: Policy, name: str) -> tuple[Owed, ...]:
    """The rings that are still owed, are in nobody's hands, and that nobody asked for by name: a severity that pages
    nobody takes them back."""
    raised = policy.rank(name) < record.incident.rank
    if raised or policy.severity(name).page or not record.incident.open:
        return ()
    rings = (each for each in record.owed if each.kind in paging.RINGS and each.state == WAITING and not each.claimed)
    return tuple(each for each in rings if not each.data.get("ask"))


def opens_public_incident(incident: Incident, policy: Policy, name: str) -> bool:
    """Whether this severity publishes by itself what another one would not."""
    hidden = incident.private or incident.drill or not policy.status_page or not incident.open
    return not hidden and policy.severity(name).status_page == "auto" and policy.rank(name) < incident.rank


def _regraded(before: Incident, policy: Policy, name: str, raised: bool, now: datetime) -> Incident:
    """The promise to answer begins anew when it got worse, and is counted from the detection when it never was so bad.
    One that was kept stays kept."""
    severity = policy.severity(name)
    told = policy.announced_in(before)
    due = policy.acknowledge_due(severity, now if raised else before.detected_at)
    incident = replace(before, severity=severity.name, rank=policy.rank(severity.name), announced=())
    incident = replace(incident, announced=tuple(each for each in told if each not in policy.announced_in(incident)))
    if before.acknowledged_at or not before.open:
        return incident
    return replace(incident, sla_due_at=due, sla_breached=before.sla_breached and (raised or due <= now))


def _raised(record: Record, policy: Policy, now: datetime) -> Decision:
    """The new severity's policy rings from the top; its own timers take the place of those that ran."""
    rung = ladder.page_again(record, policy, now)
    told = _tell_instead(record, policy)
    later, noticed = notices.changed(record, policy, now, raised=True)
    rings = tuple(each for each in rung.effects if each.kind in paging.RINGS)
    alarm = tuple(each for each in rung.effects if each.data.get("say") == "nobody_reachable")
    cancel = (*rung.cancel, "phone_call", notices.NOTICE) if rung.entries else (notices.NOTICE,)
    return Decision(record.incident, rung.entries, (*rings, *told, *alarm, *later), (*rung.timers, *noticed), cancel)


def _lowered(record: Record, policy: Policy, by: str, now: datetime) -> Decision:
    """What the new severity does not have is cancelled, and nothing rings that would not have rung without it."""
    incident, severity = record.incident, policy.severity_of(record.incident)
    _, noticed = notices.changed(record, policy, now, raised=False)
    if severity.page:
        cancel = () if severity.call_after else ("phone_call",)
        return Decision(incident, timers=noticed, cancel=(*cancel, notices.NOTICE))
    told = () if incident.acknowledged_at else _tell_instead(record, policy)
    silenced = _silence_pager(record, policy, by)
    return Decision(
        incident,
        entries=silenced.entries,
        effects=(*silenced.effects, *phone.hang_up(record, policy), *told),
        timers=noticed,
        cancel=(*paging.LADDER, notices.NOTICE),
    )


def _silence_pager(record: Record, policy: Policy, by: str) -> Decision:
    """The vendor's own policy would ring on. That we ended the alert is written down, so that its news of it, which may
    name a person, is taken for no answer."""
    ended = () if record.incident.acknowledged_at else alerts.told(record, policy, "resolve")
    keys = [(each.lane, alerts.key_of(record, each.target)) for each in ended]
    return Decision(
        record.incident,
        entries=tuple(Entry("pager", by, {"step": ENDED, "lane": lane, "key": key}) for lane, key in keys),
        effects=ended,
    )


def _tell_instead(record: Record, policy: Policy) -> tuple[Effect, ...]:
    """Those who are told where nobody is paged, and were not told before."""
    had = {owed.data.get("user") for owed in record.owed if owed.kind == "tell"}
    people = (person.slack for person in policy.told(policy.severity_of(record.incident)))
    return tuple(room.tell(slack, "declared") for slack in people if slack not in had)


def _written(
    record: Record, policy: Policy, before: Incident, why: str, by: str, now: datetime, rung: Decision
) -> Decision:
    """The rest of what follows, and the one line that says all of it."""
    incident = record.incident
    public, published = _public(record, policy, before)
    data = {**_followed(record, policy, before, rung), "why": why, "public": public}
    reminded = reminders.regraded(record, incident, policy, now)
    entry = Entry(KIND, by, {**data, "cancelled": _cancelled(record, before, rung)})
    rings = tuple(each for each in rung.effects if each.kind in paging.RINGS)
    return Decision(
        incident,
        entries=(entry, *rung.entries, *_unsent(record, policy, before, now)),
        effects=(
            *rings,
            *_room(record, policy, data),
            *(each for each in rung.effects if each not in rings),
            room.say("severity", by=by, **data),
            *reminded.effects,
            *paging.tell_paged(record.refs),
            *room.show(incident, policy, topic=True),
            *bookmarks.runbook(record, incident, policy),
            *room.comment(policy, KIND, by, f"{before.severity} → {incident.severity}. {why}".strip(), now.isoformat()),
            *published,
        ),
        timers=(*rung.timers, *reminded.timers),
        cancel=(*rung.cancel, *reminded.cancel),
    )


def _followed(record: Record, policy: Policy, before: Incident, rung: Decision) -> dict[str, Any]:
    """What people read of it: who is paged and told, what is opened, where it is announced, whether a ring stops."""
    incident = record.incident
    raised, new_room = incident.rank < before.rank, _new_room(record, policy, before)
    told = () if new_room else policy.announced_in(before)
    added = tuple(each for each in policy.announced_in(incident) if each not in told)
    stopped = {each["kind"] for each in _cancelled(record, before, rung)}
    return {
        "before": before.severity,
        "after": incident.severity,
        "raised": raised,
        "people": list(paging.people_of(rung)),
        "told": [each.data["user"] for each in rung.effects if each.data.get("say") in ("declared", notices.NOTICE)],
        "channels": list(added) if raised and incident.open else [],
        "room": new_room,
        "silenced": bool(stopped) and not policy.severity_of(incident).page,
        "goes_on": not raised and incident.open and _still_asked(record, policy),
        "no_phone": "phone_call" in stopped,
        "quiet": not incident.open,
    }


def _still_asked(record: Record, policy: Policy) -> bool:
    """Whether the ladder climbs on: the severity pages, and nobody has answered."""
    return policy.severity_of(record.incident).page and record.incident.acknowledged_at is None


def _cancelled(record: Record, before: Incident, rung: Decision) -> list[dict[str, Any]]:
    """The steps of the ladder that a lowering takes back, for `explain`; a raise puts others in their place."""
    stopped = [each for each in record.timers if each.kind in paging.LADDER and each.kind in rung.cancel]
    if record.incident.rank < before.rank:
        return []
    return [{"kind": t.kind, "due_at": t.due_at.isoformat(), "people": t.data.get("people", [])} for t in stopped]


def _unsent(record: Record, policy: Policy, before: Incident, now: datetime) -> tuple[Entry, ...]:
    rows = unsent(replace(record, incident=before), policy, record.incident.severity)
    return tuple(entry for row in rows for entry in outcomes.dropped(record, row, LOWERED, now).entries)


def _new_room(record: Record, policy: Policy, before: Incident) -> bool:
    """Whether a room is opened: the new severity has one, and there was none."""
    had = record.ref("channel") is not None or any(o.kind == "create_room" for o in record.owed)
    raised = record.incident.rank < before.rank
    return record.incident.open and raised and policy.severity_of(record.incident).room and not had


def _room(record: Record, policy: Policy, data: Mapping[str, Any]) -> tuple[Effect, ...]:
    """A room with all that belongs to it, or what the new severity adds to the one there is."""
    incident, people = record.incident, data["people"]
    if data["room"]:
        inside = dict.fromkeys(filter(None, (incident.commander, incident.acknowledged_by, *people)))
        built = room.build(incident, policy, tuple(filter(is_slack_id, inside)))
        return (*built, *ticks.at(incident, policy, checklists.DECLARE, after="post_card"))
    announced = room.announce(data["channels"])
    if not incident.open or not ticks.has_room(record):
        return announced
    invited = {owed.data.get("group") for owed in record.owed if owed.kind == "invite_group"}
    groups = [group for group in room.groups(incident, policy) if group not in invited]
    return (*((room.invite(*people),) if people else ()), *room.invite_groups(groups), *announced)


def _public(record: Record, policy: Policy, before: Incident) -> tuple[str, tuple[Effect, ...]]:
    """What the public learns, as a word for people: opened, updated, components, asked; empty for nothing."""
    incident, wanted = record.incident, policy.severity_of(record.incident).status_page
    raised = incident.rank < before.rank
    if not policy.status_page or not incident.open or incident.private:
        return "", ()
    owed = any(o.kind == "create_status" and o.state in (WAITING, FAILED) for o in record.owed)
    if owed or record.ref("status_incident", policy.status_page):
        if not (raised and wanted == "auto"):
            return "components", (room.show_public(incident, policy),)
        return "updated", (room.retell_public(incident, policy),)
    asked = any(o.data.get("say") == ASK for o in record.owed)
    if not raised or (wanted == "ask" and asked):
        return "", ()
    effects = room.publish(incident, policy)
    return ({"auto": "opened", "ask": "asked"}[wanted] if effects else ""), effects
