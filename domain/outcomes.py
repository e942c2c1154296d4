"""What follows from a delivery: what is written down, and what the room is told. Pure."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain import bookmarks, fallback, going_private, ladder, nudges, pace, paging, phone, room, seats
from domain.decision import MUSTER, Decision, Effect, Entry
from domain.incidents import WITHDRAWN, Incident
from domain.people import is_slack_id
from domain.policy import Policy
from domain.record import DELIVERED, DROPPED, FAILED, WAITING, Owed, Receipt, Record

SHOWN = (*paging.RINGS, "create_issue", "create_status", "update_status", "announce")
"""The effects whose outcome stands on the card."""

ROOM = ("room", "card", "topic", "pin", "invite")
"""What cannot be said in the room when the room itself is what fails."""

ANNOUNCES = ("announce", "refresh_announcement")

GATHER_S = 0.7
"""Refreshes after deliveries wait this long (seconds), so that one edit of the card shows several outcomes."""

OVERTAKEN = "archived before it was shown"

NEW_ROOM = "new room"
"""The receipt of a reopened room that Slack would not unarchive: a second one was opened instead."""


def delivered(record: Record, policy: Policy, owed: Owed, receipt: Receipt, now: datetime) -> Decision:
    """It is out."""
    if owed.kind == "look_for_people":
        return seats.looked(record, policy, receipt.deactivated, now)
    entry = _delivery(owed, DELIVERED, now, receipt.result, receipt.vendor_id)
    effects: tuple[Effect, ...] = ()
    if receipt.problem or receipt.uninvited:
        effects += (room.say("problem", text=receipt.problem, uninvited=[list(each) for each in receipt.uninvited]),)
    effects += paging.late_page(record.incident, owed, receipt.refs)
    effects += phone.late_call(record, policy, owed, receipt.vendor_id)
    if owed.kind == "unarchive":
        effects += (
            _furnish(record, owed) if receipt.result == NEW_ROOM else room.show(record.incident, policy, topic=True)
        )
    if owed.kind == "archive" and record.incident.open:
        effects += _opened_again(record)
    if owed.kind in SHOWN or (owed.error and owed.lane != "slack"):
        effects += (_card(),)
    if owed.kind == "create_issue":
        effects += _announcements(record)
    effects += bookmarks.after(record, policy, owed, receipt)
    if owed.kind == "announce" and record.incident.private:
        effects += going_private.withdrawn(record)
    if owed.kind == "post":
        effects += going_private.late(record, owed, receipt.vendor_id)
    return Decision(record.incident, entries=(entry,), effects=effects)


def failed(record: Record, policy: Policy, owed: Owed, reason: str, now: datetime) -> Decision:
    """The vendor refused for good. A page moves on to the next means; the rest is said once, and shown with *Retry*,
    unless the room has gone to the archive meanwhile, as it should."""
    if overtaken(record, owed):
        return Decision(record.incident, (_delivery(owed, DELIVERED, now, OVERTAKEN),))
    entry = _delivery(owed, FAILED, now, error=reason)
    if owed.kind in paging.RINGS and not record.incident.test:
        following = fallback.next_means(record, policy, owed, reason, now)
        return replace(following, entries=(entry, *following.entries), effects=(*following.effects, _card()))
    told = () if _failed_before(record, owed, reason) else _tell(record, owed, reason)
    return Decision(record.incident, (entry,), told if _is_room(owed) else (*told, _card()))


def overtaken(record: Record, owed: Owed) -> bool:
    """Whether the archive of the room was quicker than this change of it: two calls that went side by side."""
    if record.incident.open or owed.kind == "archive" or not _is_room(owed):
        return False
    channel = record.ref("channel")
    archived = channel is not None and bool(channel.data.get("archived"))
    return archived or any(each.kind == "archive" and each.state == WAITING for each in record.owed)


def late(record: Record, owed: Owed) -> Decision:
    """The vendor is in trouble for now: the card says so. A page that cannot wait is replaced by its own timer."""
    if owed.lane == "slack" or owed.error:
        return Decision(record.incident)
    return Decision(record.incident, effects=(_card(),))


def unwanted(owed: Owed, incident: Incident) -> str:
    """Why this must not be done any more; empty while it must."""
    if owed.kind == "archive":
        return "reopened before it was archived" if incident.open else ""
    if owed.kind in (*ANNOUNCES, "create_status") and incident.private:
        return going_private.REASON
    if owed.kind in ("create_room", "announce", "create_status") and incident.outcome == WITHDRAWN:
        return "it was declared by mistake"
    return nudges.unwanted(owed, incident) or paging.unwanted(owed, incident)


def dropped(record: Record, owed: Owed, reason: str, now: datetime) -> Decision:
    """It is not wanted any more."""
    return Decision(record.incident, entries=(_delivery(owed, DROPPED, now, result=reason),), effects=(_card(),))


def covered(record: Record, owed: Owed, result: str, vendor_id: str, now: datetime) -> Decision:
    """Another incident's ring named this one too."""
    return Decision(record.incident, (_delivery(owed, DELIVERED, now, result, vendor_id),), (_card(),))


def held(record: Record, policy: Policy, owed: Owed, until: datetime, by: Owed) -> Decision:
    """It rings later, with whatever else has come up by then; from then on it is looked after like any other. Said
    once."""
    again = pace.overdue(record, policy, paging.step_of(owed.data), until)
    if owed.data.get("held"):
        return Decision(record.incident, timers=(again,))
    data = {"step": "held", "ring": owed.kind, "people": [owed.data.get("person") or owed.data.get("user")]}
    entry = Entry("page", MUSTER, {**data, "until": until.isoformat(), "with": f"INC-{by.incident}"})
    return Decision(record.incident, (entry,), (_card(),), (again,))


def capped(record: Record, policy: Policy, owed: Owed, count: int, now: datetime) -> Decision:
    """Somebody who was called so often needs help: the next level is asked at once, if nobody has asked it yet."""
    span = int(policy.paging.calls_within.total_seconds())
    entry = Entry("page", MUSTER, {"step": "capped", "people": [owed.data.get("person")], "count": count, "span": span})
    told = Decision(
        record.incident, (entry, _delivery(owed, DROPPED, now, result=f"called {count} times lately")), (_card(),)
    )
    of = paging.step_of(owed.data)
    if paging.answered(record.incident) or paging.standing(record).same != of.same:
        return told
    following = ladder.page_level(record, policy, of.level + 1, of.round, now)
    return replace(following, entries=(*told.entries, *following.entries), effects=(*following.effects, *told.effects))


def _delivery(owed: Owed, state: str, now: datetime, result: str = "", vendor_id: str = "", error: str = "") -> Entry:
    data = {
        "owed": owed.id,
        "lane": owed.lane,
        "kind": owed.kind,
        "target": owed.target,
        "state": state,
        "due_at": owed.due_at.isoformat(),
        "sent_at": now.isoformat(),
        "attempts": owed.attempts,
        "result": result,
        "vendor_id": vendor_id,
        "error": error,
        "person": owed.data.get("person", ""),
    }
    return Entry("delivery", MUSTER, data)


def _furnish(record: Record, owed: Owed) -> tuple[Effect, ...]:
    """The second room gets its own card; the first one's stays where it is."""
    incident = record.incident
    people = dict.fromkeys(filter(None, (incident.commander, incident.acknowledged_by, str(owed.data.get("by", "")))))
    return (
        Effect("slack", "set_topic", "topic", refresh=True),
        Effect("slack", "post_card", "card"),
        room.invite(*filter(is_slack_id, people)),
        room.say("room_moved"),
        *_announcements(record),
        Effect("slack", "pin_card", "pin", after="post_card"),
    )


def _opened_again(record: Record) -> tuple[Effect, ...]:
    """Reopened while Slack was archiving: what was said of it since then found no room."""
    back = record.entries("status")[-1]
    again = room.say("reopened", by=back.author, text=back.data.get("text", ""))
    return (Effect("slack", "unarchive", "room", {"by": back.author}), again)


def _announcements(record: Record) -> tuple[Effect, ...]:
    """They name the issue and the room."""
    posted = [ref.name for ref in record.refs if ref.kind == "announcement"]
    return tuple(Effect("slack", "refresh_announcement", name, refresh=True, delay=GATHER_S) for name in posted)


def _tell(record: Record, owed: Owed, reason: str) -> tuple[Effect, ...]:
    """Into the room, or to the commander where there is none or the room is what fails."""
    data: dict[str, Any] = {"say": "failed", "what": owed.kind, "lane": owed.lane, "reason": reason, "owed": owed.id}
    if owed.kind in ANNOUNCES:
        data["where"] = owed.target
    commander = record.incident.commander
    if _has_room(record) and not _is_room(owed):
        return (room.say(**data),)
    return (room.tell(commander, **data),) if commander else ()


def _is_room(owed: Owed) -> bool:
    return owed.lane == "slack" and owed.target in ROOM


def _has_room(record: Record) -> bool:
    """Whether there is, or will be, a room that can be written to."""
    channel = record.ref("channel")
    return not channel.data.get("archived") if channel else any(o.kind == "create_room" for o in record.owed)


def _failed_before(record: Record, owed: Owed, reason: str) -> bool:
    """Whether people know already: another effect of the same target was refused for the same reason."""
    return any(
        (e.data.get("state"), e.data.get("lane"), e.data.get("error")) == (FAILED, owed.lane, reason)
        and e.data.get("owed") != owed.id
        and (e.data.get("target") == owed.target or _alike(owed, str(e.data.get("target"))))
        for e in record.entries("delivery")
    )


def _alike(owed: Owed, target: str) -> bool:
    """One refusal for whatever is about the room, and one for all of its bookmarks."""
    if owed.kind == bookmarks.KIND:
        return target.startswith(f"{bookmarks.KIND}:")
    return _is_room(owed) and target in ROOM


def _card() -> Effect:
    return room.card(GATHER_S)
