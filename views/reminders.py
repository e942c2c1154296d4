"""What people are reminded of, with the buttons that settle it. It decides nothing."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.incidents import RESOLVED, Incident
from domain.record import Record
from views import actions
from views.answers import Answer, answer
from views.blocks import Block, Message, button, row, saying, section
from views.card import outside
from views.ladder import still_open
from views.markup import Mrkdwn, person, said
from views.page import acknowledge_button
from views.steps import moment
from views.times import duration, slack_date

Data = Mapping[str, Any]


def snoozed(incident: Incident, until: datetime) -> Answer:
    """Until when, on the reader's own clock; and what is not snoozed."""
    text = said(
        "The reminders of *{key}* are quiet until {until}. Pages, and the time to acknowledge, are never snoozed.",
        key=incident.key,
        until=slack_date(until),
    )
    return answer(text, section(text), row(button("Take it back", actions.SNOOZE_OFF, str(incident.number))))


def awake(incident: Incident, done: bool) -> Answer:
    """Whether there was anything to take back."""
    if not done:
        return answer(said("The reminders of *{key}* were not snoozed.", key=incident.key))
    return answer(said("The reminders of *{key}* come at their own times again.", key=incident.key))


def stable(incident: Incident) -> Answer:
    """To whoever said so."""
    text = said("Noted: *{key}* is stable.", key=incident.key)
    return answer(text, section(text), row(_close(incident.number)))


def ask_stable(incident: Incident) -> Answer:
    """Instead of closing: nobody has answered yet."""
    text = said(
        "*{key}* was resolved{at}, and nobody has said yet that it is stable: nothing was closed. Is it?",
        key=incident.key,
        at=said(" {at}", at=slack_date(incident.resolved_at)) if incident.resolved_at else None,
    )
    number = str(incident.number)
    more = said("`/incident close {key} yes` closes it all the same.", key=incident.key)
    sure = button("Close it all the same", actions.CLOSE_SURE, number)
    yes = button("Yes, it is stable", actions.STABLE, number, style="primary")
    return answer(said("{text} {more}", text=text, more=more), section(text), row(yes, sure))


def _internal(data: Data, record: Record) -> Message:
    text = said(
        "{who}*An update is due.* Nobody has said for {span} how it stands.", who=_lead(record), span=_span(data)
    )
    return saying(text, _update_buttons(record))


def _public(data: Data, record: Record) -> Message:
    who = record.holders.get("comms") or record.incident.commander
    text = said(
        "{who}*An update for the public is due.* The status page has said nothing new for {span}.",
        who=said("{who} ", who=person(who)) if who else None,
        span=_span(data),
    )
    return saying(text, _update_buttons(record, send=actions.ADD_PUBLIC))


def _stale(data: Data, record: Record) -> Message:
    text = said(
        "{about}*Is it still going on?* Nothing was written or done for {span}.",
        about=_about(data, record),
        span=_span(data),
    )
    done = button("Mark resolved", actions.RESOLVE_OPEN, str(record.incident.number))
    return saying(text, _update_buttons(record, done))


def _unacknowledged(data: Data, record: Record) -> Message:
    """Where nobody is paged, nothing else says so."""
    text = said("*Nobody has acknowledged* for {span}, and nobody is paged for it. Who looks at it?", span=_span(data))
    if record.incident.acknowledged_at:
        return saying(text, still_open(record))
    return saying(text, row(acknowledge_button(record.incident), _snooze(record)))


def _stable_check(data: Data, record: Record) -> Message:
    about = _about(data, record)
    text = said(
        "{about}{who}*Stable for {span}?* Has it stayed well since it was resolved?",
        about=about,
        who=_lead(record),
        span=_span(data),
    )
    number = str(record.incident.number)
    return saying(
        text,
        row(
            button("Yes, it is stable", actions.STABLE, number, style="primary"),
            button("No, reopen", actions.REOPEN, number),
            button("Ask me later", actions.SNOOZE, number),
        ),
    )


def _stable(data: Data, record: Record) -> Message:
    closing = record.incident.status == RESOLVED
    text = said("*Stable*, says {by}.", by=person(data.get("by")))
    return saying(text, row(_close(record.incident.number) if closing else None))


def _warning(data: Data, record: Record) -> Message:
    until = moment(data.get("until"))
    text = said(
        "{about}*Not acknowledged yet.* It was promised within {within}{until}.",
        about=_about(data, record),
        within=_within(data),
        until=said(", by {at}", at=slack_date(until)) if until else None,
    )
    return saying(text, still_open(record))


def _breach(data: Data, record: Record) -> Message:
    text = said(
        "{about}⚠ *Not acknowledged in time*: it was promised within {within}.",
        about=_about(data, record),
        within=_within(data),
    )
    return saying(text, still_open(record))


def _snoozed(data: Data, record: Record) -> Message:
    until = moment(data.get("until"))
    text = said(
        "Reminders are quiet{until}, says {by}. Pages are not.",
        until=said(" until {at}", at=slack_date(until)) if until else None,
        by=person(data.get("by")),
    )
    return saying(text, row(button("Wake them", actions.SNOOZE_OFF, str(record.incident.number))))


def _update_buttons(record: Record, *more: Block, send: str = actions.ADD_UPDATE) -> Block | None:
    """`send` is the action_id of what asks for the update."""
    write = button("Send update", send, str(record.incident.number), style="primary")
    return row(write, *more, _snooze(record))


def _snooze(record: Record) -> Block:
    return button("Snooze", actions.SNOOZE, str(record.incident.number))


def _close(number: int) -> Block:
    return button("Close", actions.CLOSE, str(number))


def _lead(record: Record) -> Mrkdwn | None:
    """Whose it is to see to it."""
    commander = record.incident.commander
    return said("{who} ", who=person(commander)) if commander else None


def _about(data: Data, record: Record) -> Mrkdwn | None:
    """A direct message must say what it is about."""
    return said("{title}: ", title=outside(record.incident)) if data.get("user") else None


def _span(data: Data) -> str:
    return duration(timedelta(seconds=int(data.get("after") or 0)))


def _within(data: Data) -> str:
    return duration(timedelta(seconds=int(data.get("within") or 0)))


SAYINGS: Mapping[str, Callable[[Data, Record], Message]] = {
    "internal_update_due": _internal,
    "public_update_due": _public,
    "stale": _stale,
    "unacknowledged": _unacknowledged,
    "stable_check": _stable_check,
    "stable": _stable,
    "sla_warning": _warning,
    "sla_breach": _breach,
    "snoozed": _snoozed,
}
