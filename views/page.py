"""The direct message that pages, and who answered it. It rings nobody itself."""

from domain.incidents import Incident
from domain.record import Record
from views import actions, words
from views.blocks import Block, Message, button, header, message, row, section, sections
from views.card import headline
from views.markup import Mrkdwn, joined, one_line, person, room, said, short, typed
from views.times import slack_date, slack_time

DESCRIPTION_MOST = 300


def page_dm(record: Record) -> Message:
    """Once someone has answered, or all is over, the edited message says so and asks for nothing."""
    incident = record.incident
    lead = said("*{title}* {severity}", title=headline(incident), severity=one_line(incident.severity))
    news = taken(incident) if incident.open else said("It is {status}: nothing to do.", status=incident.status)
    if news:
        return message(said("{title}: {news}", title=headline(incident), news=news), *sections([lead, news]))
    severity = one_line(incident.severity)
    return message(
        said("You are paged: {severity} {title}", severity=severity, title=headline(incident)),
        header(headline(incident)),
        section(joined("\n", [said("*You are paged.* {severity}", severity=severity), *_what_is_known(record)])),
        row(acknowledge_button(incident)),
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


def _what_is_known(record: Record) -> list[Mrkdwn]:
    incident, channel = record.incident, record.ref("channel")
    where = said("Room {room}", room=room(channel.value)) if channel else None
    since = said("since {at}", at=slack_date(incident.detected_at))
    return [typed(short(incident.description, DESCRIPTION_MOST)), joined(" · ", [where, since])]
