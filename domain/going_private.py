"""What follows when an incident becomes private after the fact: a new room, and all taken back that can be. ADR 24.

Slack lets no bot turn a channel private, so the incident moves; its first room is emptied of its name and archived.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain import room
from domain.decision import Decision, Effect, Entry
from domain.errors import Refused
from domain.incidents import Incident, number_of
from domain.people import is_slack_id
from domain.policy import Policy
from domain.record import DELIVERED, FAILED, WAITING, Owed, Record, Ref

TOPIC, NAME, ARCHIVE = ("topic", "name", "archive")
"""What happens to the room that is left, in this order."""

KIND = "private"

NAMED_BY = ("took_in", "repeated")
"""What is said of an incident, with its title, in the room of the one that it goes into."""

REASON = "it is private now"
"""Why nothing is said any more that was still to be said."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an incident is known: its room, where it is announced, and what cannot be taken back, by kind of what
    stands elsewhere: issue, status, pages."""

    room: str = ""
    opens_room: bool = False
    announced: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()


def reach(record: Record) -> Reach:
    """What making it private would change, and what it could not."""
    channel = record.ref("channel")
    open_room = channel is not None and not channel.data.get("archived")
    coming = any(o.kind == "create_room" and o.state == WAITING for o in record.owed)
    known = {
        "issue": any(ref.kind == "issue" for ref in record.refs),
        "status": any(ref.kind == "status_incident" for ref in record.refs),
        "pages": any(o.kind in ("page", "call", "text") and o.state == DELIVERED for o in record.owed),
    }
    return Reach(
        channel.value if channel else "",
        open_room or coming,
        tuple(ref.name for ref in record.refs if ref.kind == "announcement"),
        tuple(what for what, there in known.items() if there),
    )


def make_private(record: Record, policy: Policy, by: str, now: datetime) -> Decision:
    """Nobody but those in its room, and who declared, leads or answered it, sees it from now on. Raises Refused where
    it is so already, or its room is just being opened."""
    before = record.incident
    if before.private:
        raise Refused(f"{before.key} is private already.")
    channel = record.ref("channel")
    if channel is None and any(o.kind == "create_room" and o.state == WAITING for o in record.owed):
        raise Refused(f"The room of {before.key} is just being opened: try again in a moment.")
    incident = replace(before, private=True, announced=())
    known = reach(record)
    return Decision(
        incident,
        entries=(Entry(KIND, by, {"before": "public", "after": KIND, "stays": list(known.stays)}),),
        effects=(
            *withdrawn(record),
            *(_moved(incident, channel, by) if channel and known.opens_room else ()),
            *_left(record, channel),
            *room.comment(policy, KIND, by, "It is private now.", now.isoformat()),
        ),
    )


def went_into(record: Record) -> tuple[int, ...]:
    """The numbers of the incidents into which it ever went."""
    named = (number_of(str(entry.data.get("into") or "")) for entry in record.entries("status"))
    return tuple(dict.fromkeys(number for number in named if number))


def unnamed(other: Record, incident: Incident) -> Decision:
    """What was said of it in the room of an incident that it went into loses its title."""
    channel = other.ref("channel")
    if channel is None or channel.data.get("archived"):
        return Decision(other.incident)
    told = (o.vendor_id for o in _naming(other, incident, DELIVERED) if o.vendor_id)
    return Decision(other.incident, effects=tuple(_withdraw(channel.value, ts, "merge") for ts in told))


def unsaid(other: Record, incident: Incident) -> tuple[Owed, ...]:
    """What was still to be said of it there, and what was refused and may be tried again."""
    return _naming(other, incident, WAITING, FAILED)


def nameless(owed: Owed) -> Mapping[str, Any]:
    """What such a message says where an attempt may have reached Slack: it cannot just be dropped."""
    return {**owed.data, "title": "", "private": True}


def late(record: Record, owed: Owed, ts: str) -> tuple[Effect, ...]:
    """What was on the wire with a title that is private by now is taken back when it arrives."""
    channel = record.ref("channel")
    named = any(each.id == owed.id and each.data.get("private") for each in record.owed)
    if owed.data.get("say") not in NAMED_BY or not named or channel is None or not ts:
        return ()
    return (_withdraw(channel.value, ts, "merge"),)


def _naming(other: Record, incident: Incident, *states: str) -> tuple[Owed, ...]:
    posts = (o for o in other.owed if o.kind == "post" and o.data.get("say") in NAMED_BY and o.state in states)
    return tuple(each for each in posts if each.data.get("key") == incident.key)


def room_left(record: Record) -> tuple[Ref, ...]:
    """The room as one that nothing is posted to any more, at once: what is said meanwhile waits for the new one."""
    channel = record.ref("channel")
    return (replace(channel, data={**channel.data, "archived": True}),) if channel else ()


def withdrawn(record: Record) -> tuple[Effect, ...]:
    """Each announcement says no more than that it was one."""
    posted = (ref for ref in record.refs if ref.kind == "announcement")
    return tuple(_withdraw(ref.name, ref.value, "announcement") for ref in posted)


def _moved(incident: Incident, channel: Ref, by: str) -> tuple[Effect, ...]:
    """The new room first; whoever was in the old one is let in before that is archived."""
    people = dict.fromkeys(filter(None, (by, incident.reporter, incident.commander, incident.acknowledged_by)))
    return (
        Effect("slack", "create_room", "room"),
        Effect("slack", "set_topic", "topic", after="create_room", refresh=True),
        Effect("slack", "post_card", "card", after="create_room"),
        replace(room.invite(*filter(is_slack_id, people)), after="create_room"),
        Effect("slack", "bring_over", "bring_over", {"from": channel.value}, after="create_room"),
        room.say("made_private", by=by),
        Effect("slack", "pin_card", "pin", after="post_card"),
    )


def _left(record: Record, channel: Ref | None) -> tuple[Effect, ...]:
    """The old card, topic and name tell nothing any more, at once and one after another; the room goes to the archive
    when whoever was in it has been let into the new one. One that is archived already can be changed by nobody."""
    if channel is None or channel.data.get("archived"):
        return ()
    card = record.ref("card")
    return (
        *((_withdraw(channel.value, card.value, "card"),) if card else ()),
        *(_retire(channel.value, step) for step in (TOPIC, NAME)),
        replace(_retire(channel.value, ARCHIVE), after="bring_over"),
    )


def is_last(record: Record, owed: Owed) -> bool:
    """Whether all else that is about the room that is left is done, or given up: an archived one takes no change."""
    return not any(o.target == owed.target and o.id < owed.id and o.state == WAITING for o in record.owed)


def _withdraw(channel: str, ts: str, what: str) -> Effect:
    target = _room(channel) if what == "card" else f"withdraw:{channel}:{ts}"
    return Effect("slack", "withdraw", target, {"channel": channel, "ts": ts, "what": what})


def _retire(channel: str, step: str) -> Effect:
    return Effect("slack", "retire_room", _room(channel), {"channel": channel, "step": step})


def _room(channel: str) -> str:
    return f"old:{channel}"
