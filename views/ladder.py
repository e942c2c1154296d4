"""What the ladder says: who is paged next and why, who comes, and that nobody can be reached. It decides nothing."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from domain.record import Record
from views import actions, words
from views.blocks import Block, Message, button, context, row, saying
from views.card import outside
from views.markup import Mrkdwn, joined, one_line, person, room, said, typed
from views.page import acknowledge_button, taken
from views.steps import moment
from views.times import duration, slack_time

Data = Mapping[str, Any]


def still_open(record: Record) -> Block | None:
    """The button, as long as an acknowledgement is what is missing."""
    wanted = record.incident.open and record.incident.acknowledged_at is None
    return row(acknowledge_button(record.incident)) if wanted else context(taken(record.incident))


def nobody_acknowledged(data: Data, record: Record) -> Message:
    """The next level is paged, or the ladder is at its end and says when it begins again."""
    span = said(" for {span}", span=duration(timedelta(seconds=data["after"]))) if data.get("after") else None
    crowd = _crowd(data)
    following = said("Paging {people} now.", people=crowd) if crowd else _again(data)
    return saying(joined(" ", [said("*Nobody has acknowledged*{span}.", span=span), following]), still_open(record))


def paged_again(data: Data, record: Record) -> Message:
    """From the top, whoever had answered before."""
    return saying(said("*Paged again, from the top.* Paging {people} now.", people=_crowd(data)), still_open(record))


def escalated(data: Data, record: Record) -> Message:
    """Somebody asked for the next level."""
    by, why = person(data.get("by")), data.get("why")
    lead = said("*{by} cannot take it*", by=by) if data.get("cannot") else said("*{by} escalated*", by=by)
    reason = said(": {why}", why=why) if why else None
    text = said("{lead}{reason}. Paging {people} now.", lead=lead, reason=reason, people=_crowd(data))
    return saying(text, still_open(record))


def asked_for(data: Data, record: Record) -> Message:
    """Somebody was paged by name."""
    why = said(": {why}", why=data["why"]) if data.get("why") else None
    on = said(" (on call on {name})", name=one_line(str(data["name"]))) if data.get("name") else None
    text = said("{by} pages {people}{on}{why}", by=person(data.get("by")), people=_crowd(data), on=on, why=why)
    return saying(text, still_open(record))


def joining(data: Data, record: Record) -> Message:
    """Which is no acknowledgement, and says so as long as one is missing."""
    missing = record.incident.open and record.incident.acknowledged_at is None
    goes_on = said("Nobody has acknowledged yet, so the ladder goes on.") if missing else None
    return saying(joined(" ", [said("*{by} is joining.*", by=person(data.get("by"))), goes_on]))


def nobody_reachable(data: Data, record: Record) -> Message:
    """In the room, and to those who are told anyway: then it must say what it is about."""
    about = said("{title}: ", title=outside(record.incident)) if data.get("user") else None
    alarm = said("{about}🚨 *Nobody in the ladder can be reached.* {again}", about=about, again=_again(data))
    numbers = dial(data.get("numbers") or ())
    left = joined(" and ", [words.lane(lane) for lane in data.get("by") or ()])
    spare = said("The page goes to {left} now, the last means that is left.", left=left) if left else None
    in_room = _where(record) if data.get("user") else None
    return saying(joined("\n", [alarm, spare, numbers, in_room]), still_open(record))


def dial(numbers: Any) -> Mrkdwn | None:
    """The numbers that a person may dial by hand."""
    listed = joined(" · ", [said("{name} {number}", name=name, number=number) for name, number in numbers])
    return said("Please call by hand: {listed}", listed=listed) if listed else None


def notice(data: Data, record: Record) -> Message:
    """How it stands, for somebody who is not asked to do anything. A private incident keeps its title for its room."""
    incident = record.incident
    after = int(data.get("after") or 0)
    span = duration(timedelta(seconds=after)) if after else None
    title = said("private, {severity}", severity=one_line(incident.severity)) if incident.private else None
    what = title or said("{severity}: {title}", severity=one_line(incident.severity), title=one_line(incident.title))
    lead = said("*{key}* {what}", key=incident.key, what=what)
    still = said("It has been {status} for {span}.", status=incident.status, span=span) if span else None
    state = still or said("It is {status}.", status=incident.status)
    who = taken(incident) or said("*Nobody has acknowledged yet*; the ladder goes on.")
    told = said("You are told, not paged.")
    return saying(joined("\n", [lead, joined(" ", [state, who]), _where(record), told]))


def offer_escalation(data: Data, record: Record) -> Message:
    """Nothing was heard for a while: help is one press away, and rings nobody by itself."""
    who = joined(", ", map(person, filter(None, data.get("people") or ())))
    text = said(
        "{who}: no update for {span}. Should the next level be paged? Nobody is rung unless somebody says so.",
        who=who or typed("Whoever is on it"),
        span=duration(timedelta(seconds=int(data.get("after") or 0))),
    )
    number = str(record.incident.number)
    return saying(
        text, row(button("Escalate", actions.ESCALATE, number), button("Add update", actions.ADD_UPDATE, number))
    )


def contacts(data: Data, _: Record) -> Message:
    """Who else can help."""
    lines = [_contact(each) for each in data.get("contacts") or ()]
    return saying(joined("\n", [said("*It has gone on for an hour or more. Vendors' support:*"), *lines]))


def _contact(each: Data) -> Mrkdwn:
    sla = said("answers within {span}", span=duration(timedelta(seconds=each["sla"]))) if each.get("sla") else None
    asked = said("ask for {priority}", priority=each["priority"]) if each.get("priority") else None
    more = joined(", ", [asked, sla])
    tail = said(" ({more})", more=more) if more else None
    return said("• {name}: {channel}{tail}", name=each["name"], channel=each["channel"], tail=tail)


def _where(record: Record) -> Mrkdwn | None:
    channel = record.ref("channel")
    return said("Room {room}", room=room(channel.value)) if channel else None


def _again(data: Data) -> Mrkdwn | None:
    at = moment(data.get("again"))
    return said("The ladder begins again from the top at {at}.", at=slack_time(at)) if at else None


def _crowd(data: Data) -> Mrkdwn:
    return joined(", ", map(person, data.get("people") or ()))


SAYINGS: Mapping[str, Callable[[Data, Record], Message]] = {
    "nobody_acknowledged": nobody_acknowledged,
    "escalated": escalated,
    "paged_again": paged_again,
    "asked_for": asked_for,
    "joining": joining,
    "nobody_reachable": nobody_reachable,
    "notice": notice,
    "offer_escalation": offer_escalation,
    "contacts": contacts,
}
