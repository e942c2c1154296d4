"""What follows from a delivery: what is written down, and what the room is told. Pure."""

from datetime import datetime

from domain import paging, room
from domain.decision import MUSTER, Decision, Effect, Entry
from domain.policy import Policy
from domain.record import DELIVERED, DROPPED, FAILED, Owed, Receipt, Record

SHOWN = ("page", "call", "text", "create_issue", "create_status", "update_status", "announce")
"""The effects whose outcome stands on the card."""

ROOM = ("room", "card", "topic", "pin", "invite")
"""What cannot be said in the room when the room itself is what fails."""

GATHER_S = 0.7
"""Refreshes after deliveries wait this long (seconds), so that one edit of the card shows several outcomes."""

NEW_ROOM = "new room"
"""The receipt of a reopened room that Slack would not unarchive: a second one was opened instead."""


def delivered(record: Record, owed: Owed, receipt: Receipt, now: datetime) -> Decision:
    """It is out."""
    entry = _delivery(owed, DELIVERED, now, receipt.result, receipt.vendor_id)
    effects: tuple[Effect, ...] = ()
    if receipt.problem:
        effects += (room.say("problem", text=receipt.problem),)
    if receipt.result == NEW_ROOM:
        effects += _furnish(record)
    if owed.kind in SHOWN:
        effects += (_card(),)
    if owed.kind == "create_issue":
        effects += _announcements(record)
    return Decision(record.incident, entries=(entry,), effects=effects)


def failed(record: Record, policy: Policy, owed: Owed, reason: str, now: datetime) -> Decision:
    """The vendor refused for good. A page moves on to the next means; the rest is shown with *Retry*."""
    entry = _delivery(owed, FAILED, now, error=reason)
    if owed.kind in paging.RINGS:
        following = paging.next_means(record, policy, owed, reason, now)
        return Decision(record.incident, (entry, *following.entries), (*following.effects, _card()), following.timers)
    if owed.lane == "slack" and owed.target in ROOM:
        return Decision(record.incident, (entry,), _tell_commander(record, owed, reason))
    told = room.say("failed", owed=owed.id, lane=owed.lane, what=owed.kind, reason=reason)
    return Decision(record.incident, (entry,), (told, _card()))


def late(record: Record, policy: Policy, owed: Owed, reason: str) -> Decision:
    """The vendor is in trouble for now: the card says so. A page that cannot wait is replaced by its own timer."""
    if owed.lane == "slack" or owed.error:
        return Decision(record.incident)
    return Decision(record.incident, effects=(_card(),))


def dropped(record: Record, owed: Owed, reason: str, now: datetime) -> Decision:
    """It is not wanted any more."""
    return Decision(record.incident, entries=(_delivery(owed, DROPPED, now, result=reason),), effects=(_card(),))


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


def _furnish(record: Record) -> tuple[Effect, ...]:
    """The second room gets its own card; the first one's stays where it is."""
    commander = record.incident.commander
    return (
        Effect("slack", "set_topic", "topic", refresh=True),
        Effect("slack", "post_card", "card"),
        Effect("slack", "invite", "invite", {"users": [commander] if commander else []}),
        Effect("slack", "pin_card", "pin", after="post_card"),
    )


def _announcements(record: Record) -> tuple[Effect, ...]:
    """They name the issue, which has its name only now."""
    posted = [ref.name for ref in record.refs if ref.kind == "announcement"]
    return tuple(Effect("slack", "refresh_announcement", name, refresh=True, delay=GATHER_S) for name in posted)


def _tell_commander(record: Record, owed: Owed, reason: str) -> tuple[Effect, ...]:
    """The room is what fails: say it to the commander, once for each reason."""
    commander = record.incident.commander
    said = any(e.data.get("error") == reason and e.data.get("lane") == "slack" for e in record.entries("delivery"))
    if not commander or said:
        return ()
    data = {"user": commander, "say": "failed", "what": owed.kind, "lane": owed.lane, "reason": reason, "owed": owed.id}
    return (Effect("slack", "tell", f"user:{commander}", data),)


def _card() -> Effect:
    return Effect("slack", "refresh_card", "card", refresh=True, delay=GATHER_S)
