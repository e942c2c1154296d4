"""What each verb does to an incident: pure, the whole consequence in view."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from domain import alerts, checklists, ladder, notices, nudges, paging, phone, reminders, room, sla, stable, ticks
from domain.decision import MUSTER, Decision, Effect, Entry, Timer
from domain.errors import Refused
from domain.incidents import CLOSED, IDENTIFIED, INVESTIGATING, MONITORING, REAL, RESOLVED, STATUSES, Incident
from domain.overrides import Override
from domain.people import is_slack_id
from domain.policy import Policy
from domain.record import FAILED, WAITING, Record
from domain.severities import Severity

HIDDEN = "hidden"
"""The public was told that a private incident is over, and is not told that it is back."""

SETTABLE = (INVESTIGATING, IDENTIFIED, MONITORING)


def declare(
    incident: Incident, policy: Policy, now: datetime, respond_url: str = "", overrides: Iterable[Override] = ()
) -> Decision:
    """An incident begins: the page first, then the room, the tracker and the status page side by side."""
    severity = policy.severity(incident.severity)
    incident = replace(
        incident,
        rank=policy.rank(severity.name),
        commander=None if incident.reporter == MUSTER else incident.reporter,
        sla_due_at=policy.acknowledge_due(severity, incident.detected_at),
    )
    paged = ladder.first_page(incident, policy, now, overrides)
    rung, alarm = _rings_and_words(paged)
    told, noticed = notices.declared(incident, policy, now)
    invited = tuple(dict.fromkeys(p for p in (incident.commander, *paging.people_of(paged)) if p))
    detected = {"severity": incident.severity, "title": incident.title, "services": list(incident.services)}
    return Decision(
        incident,
        entries=(Entry("detected", incident.reporter, detected, at=incident.detected_at), *paged.entries),
        effects=(
            *rung,
            *_tell_instead(policy, severity),
            *room.build(incident, policy, invited),
            *alarm,
            *told,
            *_respond(severity.room, respond_url, now),
            *room.track(policy),
            *room.publish(incident, policy),
            *ticks.at(incident, policy, checklists.DECLARE, after="post_card"),
        ),
        timers=(*paged.timers, *noticed, *reminders.renewed(Record(incident, ""), incident, policy, now)),
    )


def _rings_and_words(paged: Decision) -> tuple[tuple[Effect, ...], tuple[Effect, ...]]:
    """Rings go first; that nobody could be rung is said once there is a room for it."""
    rung = tuple(each for each in paged.effects if each.kind in paging.RINGS)
    return rung, tuple(each for each in paged.effects if each.kind not in paging.RINGS)


def _tell_instead(policy: Policy, severity: Severity) -> tuple[Effect, ...]:
    """A direct message that asks for nothing, where the severity tells somebody instead of paging."""
    return tuple(room.tell(person.slack, "declared") for person in policy.told(severity))


def _respond(has_room: bool, url: str, now: datetime) -> tuple[Effect, ...]:
    if not has_room or not url:
        return ()
    return (Effect("slack", "respond", "response_url", {"url": url, "at": now.isoformat()}, after="create_room"),)


def acknowledge(record: Record, policy: Policy, by: str, means: str, now: datetime, alert: str = "") -> Decision:
    """Who answered, and how: in a pager's app the `alert` of this key. Every timer that may still ring someone goes."""
    incident = record.incident
    if not incident.open:
        raise Refused(f"{incident.key} is {incident.status}: there is nothing to acknowledge.")
    if incident.acknowledged_at:
        raise Refused(f"{incident.key} is already acknowledged.")
    commander = incident.commander or by
    incident = sla.kept(incident, now)
    incident = replace(incident, acknowledged_at=now, acknowledged_by=by, acknowledged_means=means, commander=commander)
    quieted = reminders.acknowledged(record, incident, policy, now)
    return Decision(
        incident,
        entries=(Entry("acknowledged", by, {"means": means, "cancelled": _silenced(record)}),),
        effects=(
            *alerts.told(record, policy, "acknowledge", means, alert),
            *paging.tell_paged(record.refs),
            *phone.hang_up(record, policy, by, means),
            *_invite(record, by),
            *quieted.effects,
            room.say("acknowledged", by=by, means=means),
            *room.show(incident, policy),
            *room.comment(policy, "acknowledged", by, f"by {means}", now.isoformat()),
            *ticks.at(incident, policy, checklists.ACKNOWLEDGE, after="post"),
        ),
        timers=(*notices.acknowledged(incident, policy, now), *quieted.timers),
        cancel=(*paging.LADDER, *quieted.cancel),
    )


def update(record: Record, policy: Policy, by: str, text: str, now: datetime) -> Decision:
    """Where things stand, for the room, the announcement and the tracker."""
    incident = record.incident
    if incident.status == CLOSED:
        raise Refused(f"{incident.key} is closed. `/incident reopen {incident.key}` opens it again.")
    if not text:
        raise Refused("Say what is new: `/incident update failover is done`.")
    hidden = incident.private or incident.drill
    public = policy.publish_updates and record.ref("status_incident") is not None and not hidden
    heard = reminders.heard(record, incident, policy, now, public=public)
    return Decision(
        incident,
        entries=(Entry("update", by, {"text": text}, public=public),),
        effects=(
            room.say("update", by=by, text=text),
            *room.show(incident, policy),
            *room.comment(policy, "update", by, text, now.isoformat()),
            *((room.update_status(incident, policy, text),) if public else ()),
            *heard.effects,
        ),
        timers=heard.timers,
        cancel=heard.cancel,
    )


def set_status(record: Record, policy: Policy, by: str, status: str, text: str, now: datetime) -> Decision:
    """Any move forward. `monitoring` says that the harm has stopped."""
    before = record.incident
    _must_move_forward(before, status)
    mitigated = now if status == MONITORING else before.mitigated_at
    incident = replace(before, status=status, mitigated_at=mitigated)
    mitigation = (Entry("mitigation", by, {"text": text}),) if status == MONITORING else ()
    told = tell_public(record, incident, policy)
    heard = reminders.heard(record, incident, policy, now, public=bool(told))
    return Decision(
        incident,
        entries=(Entry("status", by, {"before": before.status, "status": status, "text": text}), *mitigation),
        effects=(
            room.say("status", by=by, status=status, text=text),
            *room.show(incident, policy, topic=True),
            *room.comment(policy, "status", by, f"{before.status} → {status}. {text}".strip(), now.isoformat()),
            *told,
            *(ticks.at(incident, policy, checklists.MONITORING, after="post") if status == MONITORING else ()),
            *heard.effects,
        ),
        timers=heard.timers,
        cancel=heard.cancel,
    )


def _must_move_forward(incident: Incident, status: str) -> None:
    if status not in SETTABLE:
        raise Refused(
            f"`status` takes {', '.join(SETTABLE[1:])}. To finish: `/incident resolve` and `/incident close`."
        )
    if not incident.open:
        raise Refused(f"{incident.key} is {incident.status}. `/incident reopen {incident.key}` opens it again.")
    if status == incident.status:
        raise Refused(f"{incident.key} is {status} already.")
    if STATUSES.index(status) < STATUSES.index(incident.status):
        raise Refused(f"{incident.key} is {incident.status}; only `/incident reopen` goes back to investigating.")


def resolve(record: Record, policy: Policy, by: str, text: str, now: datetime, root_cause: str = "") -> Decision:
    """The harm is over. The room is archived a day later unless somebody reopens."""
    before = record.incident
    if not before.open:
        raise Refused(f"{before.key} is {before.status} already.")
    if not text:
        raise Refused("Say what ended it: `/incident resolve restarted the primary`.")
    incident = replace(
        sla.kept(before, now),
        status=RESOLVED,
        resolved_at=now,
        mitigated_at=before.mitigated_at or now,
        resolution=text,
        root_cause=root_cause or before.root_cause,
    )
    severity, quieted = policy.severity_of(incident), reminders.resolved(record, incident, policy, now)
    stable = int(severity.stable_for.total_seconds()) if severity.stable_for else 0
    return Decision(
        incident,
        entries=(
            Entry("status", by, {"before": before.status, "status": RESOLVED}),
            Entry("resolution", by, {"text": text, "root_cause": root_cause}),
        ),
        effects=(
            *alerts.told(record, policy, "resolve"),
            *paging.tell_paged(record.refs),
            *phone.hang_up(replace(record, incident=incident), policy),
            *quieted.effects,
            room.say("resolved", by=by, text=text, postmortem=severity.postmortem == "required", stable=stable),
            *room.show(incident, policy, topic=True),
            *room.comment(policy, "resolution", by, text, now.isoformat()),
            *tell_public(record, incident, policy),
            *ticks.at(incident, policy, checklists.RESOLVE, after="post"),
        ),
        timers=(Timer("archive_channel", now + policy.archive_after), *quieted.timers),
        cancel=(*paging.LADDER, notices.NOTICE, *quieted.cancel),
    )


def close(record: Record, policy: Policy, by: str, now: datetime) -> Decision:
    """Nothing is left to do."""
    before = record.incident
    if before.status == CLOSED:
        raise Refused(f"{before.key} is closed already.")
    if before.open:
        raise Refused(
            f"{before.key} is {before.status}. Resolve it first: `/incident resolve {before.key} what ended it`."
        )
    incident = replace(before, status=CLOSED, closed_at=now)
    thanked = list(stable.responders(record)) if policy.reminders.thanks else []
    return Decision(
        incident,
        entries=(Entry("status", by, {"before": before.status, "status": CLOSED}),),
        effects=(
            *nudges.clear(record, *reminders.KINDS, nudges.SNOOZED),
            room.say("closed", by=by, people=thanked),
            *room.show(incident, policy, topic=True),
            *room.comment(policy, "status", by, f"{before.status} → {CLOSED}", now.isoformat()),
            *ticks.at(incident, policy, checklists.CLOSE, after="post"),
        ),
        cancel=reminders.ALL,
    )


def reopen(record: Record, policy: Policy, by: str, text: str, now: datetime, public: str = "") -> Decision:
    """It is back: investigating again, in the same room where that can still be had. Nobody is rung by itself, but
    where it was ended as none before anybody had answered: that took the page along. `public` is what became of a
    public incident that was handed over."""
    before = record.incident
    if before.open:
        raise Refused(f"{before.key} is {before.status}: it is open already.")
    incident = _as_if_never_over(before)
    anew = reminders.reopened(record, incident, policy, now)
    if before.private and record.ref("status_incident", policy.status_page):
        public = HIDDEN
    about = {"text": text, **({"public": public, "into": f"INC-{before.merged_into}"} if public else {})}
    unanswered = before.outcome != REAL and incident.acknowledged_at is None
    rung = ladder.page_again(replace(record, incident=incident), policy, now) if unanswered else Decision(incident)
    return Decision(
        incident,
        entries=(Entry("status", by, {"before": before.status, "status": INVESTIGATING, **about}), *rung.entries),
        effects=(
            *(each for each in rung.effects if each.kind in paging.RINGS),
            *_unarchive(record, by),
            room.say("reopened", by=by, rings=bool(rung.effects), **about),
            *(each for each in rung.effects if each.kind not in paging.RINGS),
            *room.show(incident, policy, topic=True),
            *room.comment(policy, "status", by, f"reopened. {text}".strip(), now.isoformat()),
            *tell_public(record, incident, policy),
            *ticks.begin_anew(record),
            *anew.effects,
        ),
        timers=(*anew.timers, *rung.timers),
        cancel=("archive_channel", *anew.cancel, *rung.cancel),
    )


def _as_if_never_over(before: Incident) -> Incident:
    """Investigating, with nothing left of how it ended. Who acknowledged it has done so."""
    return replace(
        before,
        status=INVESTIGATING,
        resolved_at=None,
        closed_at=None,
        mitigated_at=None,
        resolution="",
        outcome=REAL,
        merged_into=None,
    )


def _unarchive(record: Record, by: str) -> tuple[Effect, ...]:
    """Where the room is archived; or may be, because an archive was tried and its answer never came."""
    channel = record.ref("channel")
    if channel is not None and channel.data.get("archived"):
        return (Effect("slack", "unarchive", "room", {"by": by}),)
    in_doubt = any(o.kind == "archive" and o.state == WAITING and o.attempts and not o.claimed for o in record.owed)
    return (Effect("slack", "unarchive", "room", {"by": by, "in_doubt": True}),) if in_doubt else ()


def archive_due(record: Record) -> Decision:
    """A day after the resolution: archive, unless it was reopened meanwhile or somebody was quicker. After a long gap a
    reminder may be due at once with it, and goes first: nothing can be posted afterwards."""
    channel = record.ref("channel")
    if record.incident.open or channel is None or channel.data.get("archived"):
        return Decision(record.incident)
    return Decision(record.incident, effects=(Effect("slack", "archive", "room", after=nudges.POST),))


def publish_status(record: Record, policy: Policy, by: str) -> Decision:
    """The commander said yes to the draft."""
    if record.incident.private or record.incident.drill:
        raise Refused(f"{record.incident.key} is not for the public: nothing was published.")
    if record.ref("status_incident") or any(o.kind == "create_status" for o in record.owed):
        raise Refused(f"{record.incident.key} is on the status page already, or on its way there: see the card.")
    if not policy.status_page:
        raise Refused("No status page is connected.")
    if not record.incident.open:
        raise Refused(
            f"{record.incident.key} is {record.incident.state}: there is nothing to tell the public any more."
        )
    entry = Entry("note", by, {"text": "published on the status page"})
    effects = (room.create_status(record.incident, policy), *room.show(record.incident, policy))
    return Decision(record.incident, entries=(entry,), effects=effects)


def _silenced(record: Record) -> list[dict[str, object]]:
    """What will not ring any more, for `explain`."""
    ladder = [timer for timer in record.timers if timer.kind in paging.LADDER]
    return [{"kind": t.kind, "due_at": t.due_at.isoformat(), "people": t.data.get("people", [])} for t in ladder]


def _invite(record: Record, who: str) -> tuple[Effect, ...]:
    """Whoever answers is let in; somebody who answered elsewhere has no Slack id."""
    if record.ref("channel") is None or not is_slack_id(who):
        return ()
    return (room.invite(who),)


def tell_public(record: Record, incident: Incident, policy: Policy) -> tuple[Effect, ...]:
    """Also behind a creation that failed: retried after the resolution, it would stand there unresolved for ever. Of
    what became private meanwhile the public only learns that it is over."""
    if incident.private and incident.open:
        return ()
    owed = any(o.kind == "create_status" and o.state in (WAITING, FAILED) for o in record.owed)
    if not policy.status_page or not (owed or record.ref("status_incident", policy.status_page)):
        return ()
    return (room.update_status(incident, policy),)
