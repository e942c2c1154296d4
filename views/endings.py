"""What is said where an incident ends otherwise than by a resolution: in rooms, on the card, in messages."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.decisions import HIDDEN
from domain.incidents import DUPLICATE, FALSE_ALARM, MERGED, WITHDRAWN, Incident
from domain.merging import BACK, STAYS, taken_in
from domain.record import Record
from views.blocks import Message, saying
from views.markup import Mrkdwn, joined, one_line, person, room, said, typed

Data = Mapping[str, Any]

ROOM_ENDS = {
    MERGED: "*Merged* by {by}: it goes on in {into}. Nothing rings any more for {key}.",
    DUPLICATE: "*A duplicate*, says {by}: work on it goes on in {into}. Nothing rings any more for {key}.",
    FALSE_ALARM: "*A false alarm*, says {by}{text}. Nothing rings any more, and everybody who was paged is told.",
    WITHDRAWN: "*Withdrawn* by {by}, who declared it by mistake. Everybody who was paged is told, and this room is "
    "archived in a few minutes.",
    "": "*Ended* by {by}{text}.",
}
CLEARED = {
    FALSE_ALARM: "it was a false alarm, says {by}{text}",
    WITHDRAWN: "{by} declared it by mistake",
    "": "it is over, says {by}{text}",
}
"""Both by outcome."""

PUBLIC_AGAIN = {
    BACK: "The status page tells of it again: the incident there is its own again.",
    STAYS: "Its incident on the status page stays with {into}. `/incident update {key} --public …` begins another one.",
    HIDDEN: "It is private: what the status page says stays as it is.",
}
"""When it is reopened, by what became of its public incident."""


def goes_on(record: Record) -> Mrkdwn | None:
    """Where work on it goes on; None for what went into no other one."""
    incident = record.incident
    if incident.merged_into is None:
        return None
    told = [e.data for e in record.entries("status") if e.data.get("into")]
    channel = str(told[-1].get("room") or "") if told else ""
    return said("It goes on in {into}.", into=_place(f"INC-{incident.merged_into}", channel))


def contains(record: Record) -> Mrkdwn:
    """What went into it."""
    parts = [_place(str(e.data.get("key")), str(e.data.get("room") or "")) for e in taken_in(record)]
    return said("*Merged into it* {parts}", parts=joined(", ", parts)) if parts else typed(None)


def public_again(data: Data, incident: Incident) -> Mrkdwn | None:
    """What becomes of the status page when an incident is reopened, where that does not go without saying."""
    values = {"into": one_line(str(data.get("into") or "the other one")), "key": incident.key}
    public = str(data.get("public") or "")
    return said(PUBLIC_AGAIN[public], **values) if public in PUBLIC_AGAIN else None


def how_it_ended(record: Record) -> Mrkdwn:
    """A line for the card and the announcement; nothing for what was real."""
    incident = record.incident
    why = said(": {text}", text=one_line(incident.resolution)) if incident.resolution else None
    ending = said("*{ending}*", ending=incident.ending[:1].upper() + incident.ending[1:])
    return joined(" ", [joined("", [ending, why]), goes_on(record)]) if incident.ending else typed(None)


def withdrawn(incident: Incident, title: str) -> Message:
    """All that is left of an announcement."""
    text = said("~{severity} {title}~ Withdrawn: declared by mistake.", severity=incident.severity, title=title)
    return saying(text)


def _ended(data: Data, record: Record) -> Message:
    outcome = str(data.get("outcome"))
    back = said("`/incident reopen {key}` takes it up again.", key=record.incident.key)
    into = _place(str(data.get("into") or "another incident"), str(data.get("room") or ""))
    values = {"by": person(data.get("by")), "text": _why(data), "into": into, "key": record.incident.key}
    told = said(ROOM_ENDS[outcome if outcome in ROOM_ENDS else ""], **values)
    return saying(joined(" ", [told, back]))


def _all_clear(data: Data, record: Record) -> Message:
    """To whoever was paged or told."""
    outcome, incident = str(data.get("outcome")), record.incident
    text = typed(None) if incident.private else _why(data)
    why = said(CLEARED[outcome if outcome in CLEARED else ""], by=person(data.get("by")), text=text)
    named = "(private)" if incident.private else one_line(incident.title)
    title = said("{key} {title}", key=incident.key, title=named)
    return saying(said("*All clear* for {title}: {why}. There is nothing to do.", title=title, why=why))


def _took_in(data: Data, _: Record) -> Message:
    text = said(
        "{by} merged {key} into this incident: {title}. Its people are invited here, and its timeline stays with it.",
        **_about(data),
    )
    return saying(text)


def _repeated(data: Data, _: Record) -> Message:
    return saying(
        said("{key} was the same, says {by}: {title}. It ended as a duplicate of this incident.", **_about(data))
    )


def _gave_back(data: Data, _: Record) -> Message:
    gone = said("It took its incident on the status page along.") if data.get("public") == BACK else None
    stays = said("Its incident on the status page stays with this one.") if data.get("public") == STAYS else None
    told = said("{by} reopened {key}: it is no part of this incident any more.", **_about(data))
    return saying(joined(" ", [told, gone, stays]))


def _status_undone(data: Data, _: Record) -> Message:
    return saying(said("{by} set the status back to *{status}*", by=person(data.get("by")), status=data.get("status")))


def _about(data: Data) -> dict[str, Mrkdwn]:
    key = _place(str(data.get("key") or ""), str(data.get("room") or ""))
    title = said("(private)") if data.get("private") else typed(one_line(str(data.get("title") or "")))
    return {"by": person(data.get("by")), "key": key, "title": title}


def _why(data: Data) -> Mrkdwn:
    return said(": {text}", text=str(data["text"]).rstrip(".")) if data.get("text") else typed(None)


def _place(key: str, channel: str) -> Mrkdwn:
    """An incident and its room, where it had one."""
    return joined(" ", [said("*{key}*", key=one_line(key)), room(channel) if channel else None])


SAYINGS: Mapping[str, Callable[[Data, Record], Message]] = {
    "ended": _ended,
    "all_clear": _all_clear,
    "took_in": _took_in,
    "repeated": _repeated,
    "gave_back": _gave_back,
    "status_undone": _status_undone,
}
