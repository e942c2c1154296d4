"""The hand-over message: the leaver's note, what is open, and what rang in the week. It asks for nothing."""

from datetime import datetime

from domain.handover import Paging, Week
from views.answers import Answer, answer
from views.blocks import Message, section, sections
from views.blocks import message as message_of
from views.markup import Mrkdwn, joined, one_line, person, room, said, typed
from views.times import duration, slack_date

PAGES_MOST = 30


def message(week: Week, now: datetime) -> Message:
    """To both people."""
    lead = said("*Hand-over* from {by} to {to}", by=person(week.by), to=person(week.to))
    note = typed(week.note) if week.note else said("No note was left.")
    calm = said("No incident is open.")
    unfinished = [_open(week, each.number, now) for each in week.open] or [calm]
    rang = [_rang(each) for each in week.pages[-PAGES_MOST:]]
    more = len(week.pages) - len(rang)
    pages = (
        [said("*Paged in the last week: {n}*", n=len(week.pages)), *rang]
        if rang
        else [said("Nobody was paged in the last week.")]
    )
    lines = [lead, note, said("*Open now: {n}*", n=len(week.open)), *unfinished, *pages]
    return message_of(lead, *sections([*lines, *([said("and {n} before those", n=more)] if more else [])]))


def in_room(by: str, to: str, note: str) -> Message:
    """In a war room: who has it from now on."""
    text = said(
        "*Hand-over* from {by} to {to}{note}",
        by=person(by),
        to=person(to),
        note=said(": {note}", note=note) if note else None,
    )
    return message_of(text, section(text))


def told(to: str, both: bool, room_too: bool) -> Answer:
    """Whether it arrived."""
    where = said(" and in this room") if room_too else None
    if both:
        return answer(said("Handed over to {to}: you both have it as a message{where}.", to=person(to), where=where))
    return answer(
        said(
            "Slack did not take the message to both of you{where}. Try again, or tell {to} yourself.",
            to=person(to),
            where=said(", but it is in this room") if room_too else None,
        )
    )


def _open(week: Week, number: int, now: datetime) -> Mrkdwn:
    incident = next(each for each in week.open if each.number == number)
    parts = [
        said("• *{key}* {severity} {status}", key=incident.key, severity=incident.severity, status=incident.status),
        typed(one_line(incident.title)),
        said("{by} is on it", by=person(incident.acknowledged_by))
        if incident.acknowledged_by
        else said("*nobody has acknowledged*"),
        typed(duration(now - incident.detected_at)),
        room(week.rooms[number]) if number in week.rooms else None,
    ]
    return joined(" – ", parts)


def _rang(paging: Paging) -> Mrkdwn:
    crowd = joined(", ", map(person, paging.people)) or typed("nobody")
    title = one_line(paging.incident.title)
    return said(
        "• {at} {key} {title}: {people}", at=slack_date(paging.at), key=paging.incident.key, title=title, people=crowd
    )
