"""The direct message that pages, and who answered it. It rings nobody itself."""

from collections.abc import Mapping
from typing import Any

from domain.asking import joined as joined_by
from domain.incidents import Incident
from domain.paging import step_of
from domain.record import Record
from domain.trials import confirmed
from views import actions, words
from views.blocks import Block, Message, button, header, message, row, saying, section, sections
from views.card import headline
from views.endings import goes_on
from views.markup import Mrkdwn, joined, one_line, person, room, said, short, typed
from views.times import slack_date, slack_time

DESCRIPTION_MOST = 300
NAMED_MOST = 20


def page_dm(record: Record, data: Mapping[str, Any] | None = None) -> Message:
    """Once someone has answered, or all is over, the edited message says so and asks for nothing; one that a person
    asked for still asks to join. `data` is the ring's: user, level, round, ask, by, why, covers (other incidents)."""
    incident, data = record.incident, data or {}
    if incident.test:
        return _test(record)
    asked = bool(data.get("ask") or data.get("asked")) and incident.open
    lead = said("*{title}* {severity}", title=headline(incident), severity=one_line(incident.severity))
    news = taken(incident) if incident.open else _over(record)
    if news and not asked:
        return message(said("{title}: {news}", title=headline(incident), news=news), *sections([lead, news]))
    severity = one_line(incident.severity)
    paged = said("*You are paged{by}.* {severity}", by=_asked_by(data), severity=severity)
    lines = [paged, news, _said_before(record, data), *_what_is_known(record), _more(data)]
    return message(
        said("You are paged: {severity} {title}", severity=severity, title=headline(incident)),
        header(headline(incident)),
        section(joined("\n", lines)),
        row(*_buttons(record, data)),
    )


def acknowledge_button(incident: Incident) -> Block:
    """The one button that stops the ladder."""
    return button("Acknowledge", actions.ACKNOWLEDGE, str(incident.number), style="primary")


def taken(incident: Incident) -> Mrkdwn | None:
    """Who is on it since when; None while nobody is."""
    if incident.acknowledged_at is None:
        return None
    return said(
        "{by} is on it (acknowledged {means} at {at}).",
        by=person(incident.acknowledged_by),
        means=words.means(incident.acknowledged_means),
        at=slack_time(incident.acknowledged_at),
    )


def _over(record: Record) -> Mrkdwn:
    how = record.incident.ending or record.incident.status
    return goes_on(record) or said("It is {how}: nothing to do.", how=how)


def _test(record: Record) -> Message:
    """The direct message of a test: clearly one, and confirmed by its button."""
    incident = record.incident
    lead = said("*This is a test page.* Nothing is wrong, and nobody else is rung.")
    if "button" in confirmed(record):
        return message(lead, section(joined("\n", [lead, said("Confirmed. `/incident testpage status` shows all.")])))
    if not incident.open:
        return message(lead, section(joined("\n", [lead, said("It is over, and nobody confirmed it.")])))
    confirm = button("It has reached me", actions.ACKNOWLEDGE, str(incident.number), style="primary")
    return saying(lead, row(confirm))


def _buttons(record: Record, data: Mapping[str, Any]) -> list[Block | None]:
    incident, number = record.incident, str(record.incident.number)
    free = incident.acknowledged_at is None
    cannot = actions.cannot_value(incident.number, step_of(data)) if free and not data.get("ask") else ""
    here = data.get("user") and data["user"] in (incident.acknowledged_by, *joined_by(record))
    return [
        acknowledge_button(incident) if free else None,
        None if here else button("I'm joining", actions.JOIN, number),
        button("Can't, escalate now", actions.CANNOT, cannot) if cannot else None,
    ]


def _asked_by(data: Mapping[str, Any]) -> Mrkdwn | None:
    if not data.get("by"):
        return None
    why = said(": {why}", why=data["why"]) if data.get("why") else None
    return said(" by {by}{why}", by=person(str(data["by"])), why=why)


def _said_before(record: Record, data: Mapping[str, Any]) -> Mrkdwn | None:
    """What its reader has said meanwhile."""
    said_by = [e.data for e in record.entries("page") if data.get("user") and e.author == data["user"]]
    if any(each.get("cannot") or each.get("step") == "cannot" for each in said_by):
        return said("You cannot take it: others are paged.")
    return said("You are joining.") if any(each.get("step") == "joining" for each in said_by) else None


def _more(data: Mapping[str, Any]) -> Mrkdwn | None:
    """In a storm one message pages for several."""
    others = [f"INC-{number}" for number in data.get("covers") or ()]
    if not others:
        return None
    more = said(" and {n} more", n=len(others) - NAMED_MOST) if len(others) > NAMED_MOST else None
    named = ", ".join(others[:NAMED_MOST])
    return said(
        "*And for {n} more:* {named}{more}. `/incident list` shows them.", n=len(others), named=named, more=more
    )


def _what_is_known(record: Record) -> list[Mrkdwn]:
    incident, channel = record.incident, record.ref("channel")
    where = said("Room {room}", room=room(channel.value)) if channel else None
    since = said("since {at}", at=slack_date(incident.detected_at))
    return [typed(short(incident.description, DESCRIPTION_MOST)), joined(" · ", [where, since])]
