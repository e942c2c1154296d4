"""What people did to a war room by hand, as it follows for its incident: said, not fought."""

from dataclasses import replace

from domain import room
from domain.decision import MUSTER, Decision, Entry
from domain.policy import Policy
from domain.record import Record, Ref


def room_found(record: Record, channel: str, what: str, name: str) -> tuple[Ref, ...]:
    """The room as it is after a change by hand; one that was deleted can be written to as little as an archived one."""
    known = next((ref for ref in record.refs if (ref.kind, ref.value) == ("channel", channel)), None)
    if known is None or what == "left":
        return ()
    found = {"name": name} if what == "renamed" else {"archived": what != "unarchived"}
    return (replace(known, data={**known.data, **found}),)


def room_changed(record: Record, policy: Policy, channel: str, what: str, by: str, name: str) -> Decision:
    """The room was archived, unarchived, renamed or deleted by hand, or the bot was taken out. Said, not fought."""
    incident = record.incident
    ref = record.ref("channel")
    ours = ref is not None and ref.value == channel
    expected = what == "archived" and (not incident.open or (ref is not None and ref.data.get("archived")))
    if not ours or expected:
        return Decision(incident)
    entry = Entry("note", by or MUSTER, {"text": f"the room was {what}", "room": what, "name": name})
    if what in ("renamed", "unarchived"):
        missed = room.show(incident, policy, topic=True) if what == "unarchived" else ()
        return Decision(incident, (entry,), (room.say(f"room_{what}", by=by, name=name), *missed))
    commander = incident.commander
    say = "bot_removed" if what == "left" else "room_gone"
    effects = (room.tell(commander, say, how=what),) if commander else ()
    return Decision(incident, (entry,), effects)
