"""Who does what in an incident, and what whoever gets a role is told. It decides nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from domain.duties import Role
from domain.incidents import CLOSED, Incident
from domain.record import Record
from domain.seats import before
from views import actions
from views.answers import Answer, answer
from views.blocks import Block, Message, button, message, people_select, row, saying, section
from views.card import headline
from views.markup import Mrkdwn, bold, joined, one_line, person, room, said, typed
from views.times import slack_date

Data = Mapping[str, Any]


class Seat(Protocol):
    """What became of a wish."""

    @property
    def incident(self) -> Incident: ...
    @property
    def role(self) -> Role: ...
    @property
    def holder(self) -> str | None: ...
    @property
    def since(self) -> datetime | None: ...
    @property
    def done(self) -> bool: ...


def board(record: Record, roles: Sequence[Role], reader: str) -> Answer:
    """Each role with its holder and the one before, a menu to hand it over, and buttons for what the reader may do."""
    incident = record.incident
    head = said("*Roles of {title}*", title=headline(incident))
    lines = [_line(record, role) for role in roles]
    if incident.status == CLOSED:
        return answer(joined("\n", [head, *lines]), section(head), *map(section, lines))
    menus = [
        people_select(
            "Hand over to" if role.id in record.holders else "Give to", actions.give_role(incident.number, role.id)
        )
        for role in roles
    ]
    rows = [section(line, menu) for line, menu in zip(lines, menus, strict=True)]
    return answer(joined("\n", [head, *lines]), section(head), *rows, row(*_moves(record, roles, reader)))


def taken(seat: Seat, by: str) -> Answer:
    """To whoever wanted it for themselves. Somebody else has it: they read who, and may say that they mean it."""
    name, key = bold(seat.role.name), bold(seat.incident.key)
    if seat.holder == by:
        yours = said("You are {name} of {key}", name=name, key=key)
        if not seat.done:
            return answer(said("{yours} already{since}.", yours=yours, since=_since(seat.since)))
        return answer(said("{yours}. What it is to do I wrote to you alone.", yours=yours))
    if seat.holder is None:
        return answer(said("Done already: nobody is {name} of {key}.", name=name, key=key))
    text = said(
        "{who} is {name} of {key}{since}. Nothing was changed.",
        who=person(seat.holder),
        name=name,
        key=key,
        since=_since(seat.since),
    )
    value = actions.role_value(seat.incident.number, seat.holder)
    return answer(text, section(text), row(button("Take it over", actions.take_role(seat.role.id), value)))


def given(seat: Seat, to: str) -> Answer:
    """To whoever gave it."""
    name, key = bold(seat.role.name), bold(seat.incident.key)
    if seat.holder is None:
        return answer(said("Done already: nobody is {name} of {key}.", name=name, key=key))
    text = said("{who} is {name} of {key}", who=person(seat.holder), name=name, key=key)
    if not seat.done:
        return answer(said("{text} already{since}.", text=text, since=_since(seat.since)))
    return answer(said("{text} now, and was told what it is to do.", text=text))


def left(seat: Seat) -> Answer:
    """To whoever left it."""
    name, key = bold(seat.role.name), bold(seat.incident.key)
    return answer(said("You are no longer {name} of {key}: nobody is.", name=name, key=key))


def take(number: int, role: str, name: str) -> Block:
    """The button that makes whoever presses it this."""
    return button(f"Take: {name}", actions.take_role(role), actions.role_value(number, ""))


def _line(record: Record, role: Role) -> Mrkdwn:
    holder, last = record.holders.get(role.id), before(record, role.id)
    now = next((each for each in record.roles if each.role == role.id and each.ended is None), None)
    return said(
        "*{name}* {who}{since}{before}",
        name=one_line(role.name),
        who=person(holder) if holder else said("nobody"),
        since=_since(now.began if now and holder else None),
        before=said(" (before: {who} until {at})", who=person(last.person), at=slack_date(last.ended))
        if last and last.ended
        else None,
    )


def _moves(record: Record, roles: Sequence[Role], reader: str) -> list[Block]:
    """Take what nobody has, leave what is one's own."""
    number, moves = record.incident.number, []
    for role in roles:
        holder = record.holders.get(role.id)
        if holder is None:
            moves.append(take(number, role.id, role.name))
        elif holder == reader:
            moves.append(button(f"Leave: {role.name}", actions.leave_role(role.id), str(number)))
    return moves


def _since(at: datetime | None) -> Mrkdwn | None:
    return said(" since {at}", at=slack_date(at)) if at else None


# What is said in the room, and to whoever gets a role.


def _changed(data: Data, record: Record) -> Message:
    name, to, had = bold(str(data.get("name") or "")), str(data.get("to") or ""), str(data.get("had") or "")
    by, role = str(data.get("by") or ""), str(data.get("role") or "")
    after = said(", after {had}", had=person(had)) if had and had != to else None
    match data.get("step"):
        case "left":
            text = said("{by} is no longer {name}: nobody is.", by=person(by), name=name)
        case "gone":
            text = said("{had} has left this room. Nobody is {name} now.", had=person(had), name=name)
        case "deactivated":
            text = said("{had} is deactivated in Slack. Nobody is {name} now.", had=person(had), name=name)
        case "handed_over":
            text = said("{by} handed over: {to} is {name} now.", by=person(by), to=person(to), name=name)
        case "given":
            text = said("{to} is {name} now{after}, says {by}.", to=person(to), name=name, after=after, by=person(by))
        case _:
            text = said("{to} is {name} now{after}.", to=person(to), name=name, after=after)
    free = not to and role not in record.holders and record.incident.status != CLOSED
    return message(
        text, section(text), row(take(record.incident.number, role, str(data.get("name") or "")) if free else None)
    )


def _note(data: Data, record: Record) -> Message:
    """What whoever has it is to do, in private. `duties` are (name, what it does)."""
    incident, channel = record.incident, record.ref("channel")
    duties = [(str(name), str(does)) for name, does in data.get("duties") or ()]
    by, to = str(data.get("by") or ""), str(data.get("user") or "")
    lead = said(
        "You are {names} of *{key}* {title}{room}{by}.",
        names=joined(" and ", [bold(name) for name, _ in duties]),
        key=incident.key,
        title=one_line(incident.title),
        room=said(" in {room}", room=room(channel.value)) if channel else None,
        by=said(", given to you by {by}", by=person(by)) if by and by != to else None,
    )
    brief = said("{by} says: {text}", by=person(by), text=data["text"]) if data.get("text") else None
    several = len(duties) > 1
    told = [said("{name}: {does}", name=bold(name), does=does) if several else typed(does) for name, does in duties]
    lines = [lead, brief, *told]
    return message(joined("\n", lines), *(section(line) for line in (lead, brief, joined("\n", told)) if line))


def _empty(data: Data, record: Record) -> Message:
    """Some roles have nobody, and the severity wants somebody."""
    roles = [(str(id), str(name)) for id, name in data.get("roles") or ()]
    names = joined(" or ", [bold(name) for _, name in roles])
    about = said("{title}: ", title=headline(record.incident)) if data.get("user") else None
    text = said("{about}*Who does it?* Nobody is {names} yet.", about=about, names=names)
    number = record.incident.number
    buttons = [take(number, id, name) for id, name in dict(roles).items()]
    return saying(text, row(*buttons, button("Snooze", actions.SNOOZE, str(number))))


SAYINGS: Mapping[str, Callable[[Data, Record], Message]] = {
    "role": _changed,
    "role_note": _note,
    "role_empty": _empty,
}
