"""The hand-over message: the leaver's note, what is open, and what rang in the week. It asks for nothing."""

from collections.abc import Sequence
from datetime import datetime

from domain.handover import Paging, Week
from domain.incidents import Incident
from views.answers import Answer, answer
from views.blocks import Message, section, sections
from views.blocks import message as message_of
from views.markup import Mrkdwn, bold, joined, one_line, person, room, said, typed
from views.times import duration, slack_date

PAGES_MOST = 30


def message(week: Week, now: datetime) -> Message:
    """To both people."""
    lead = said("*Hand-over* from {by} to {to}", by=person(week.by), to=person(week.to))
    note = typed(week.note) if week.note else said("No note was left.")
    unfinished = [_open(week, each, now) for each in week.open] or [said("No incident is open.")]
    lines = [lead, note, said("*Open now: {n}*", n=len(week.open)), *unfinished, *_pages(week)]
    return message_of(lead, *sections(lines))


def in_room(by: str, to: str, note: str, roles: Sequence[str] = ()) -> Message:
    """In a war room: who has it, and is what, from now on."""
    word = said(": {note}", note=note) if note else None
    lead = said("*Hand-over* from {by} to {to}{word}", by=person(by), to=person(to), word=word)
    now = said("{to} is {roles} now.", to=person(to), roles=_crowd(roles)) if roles else None
    text = joined("\n", [lead, now])
    return message_of(text, section(text))


def told(to: str, both: bool, room_too: bool, roles: Sequence[str] = ()) -> Answer:
    """Whether it arrived, and what went over with it."""
    now = said("They are {roles} of it now.", roles=_crowd(roles)) if roles else None
    if both:
        where = said(" and in this room") if room_too else None
        text = said("Handed over to {to}: you both have it as a message{where}.", to=person(to), where=where)
        return answer(joined(" ", [text, now]))
    here = said(", but it is in this room") if room_too else None
    text = said(
        "Slack has not taken the message to both of you yet{here}. Tell {to} yourself.", here=here, to=person(to)
    )
    return answer(joined(" ", [text, now]))


def _crowd(roles: Sequence[str]) -> Mrkdwn:
    return joined(" and ", map(bold, roles))


def _pages(week: Week) -> list[Mrkdwn]:
    if not week.pages:
        return [said("Nobody was paged in the last week.")]
    rang = [_rang(each) for each in week.pages[-PAGES_MOST:]]
    more = len(week.pages) - len(rang)
    before = [said("and {n} before those", n=more)] if more else []
    return [said("*Paged in the last week: {n}*", n=len(week.pages)), *rang, *before]


def _open(week: Week, incident: Incident, now: datetime) -> Mrkdwn:
    by = incident.acknowledged_by
    parts = [
        said("• *{key}* {severity} {status}", key=incident.key, severity=incident.severity, status=incident.status),
        typed(one_line(incident.title)),
        said("{by} is on it", by=person(by)) if by else said("*nobody has acknowledged*"),
        typed(duration(now - incident.detected_at)),
        room(week.rooms[incident.number]) if incident.number in week.rooms else None,
    ]
    return joined(" – ", parts)


def _rang(paging: Paging) -> Mrkdwn:
    who = joined(", ", map(person, paging.people)) or typed("nobody")
    title, at = one_line(paging.incident.title), slack_date(paging.at)
    return said("• {at} {key} {title}: {who}", at=at, key=paging.incident.key, title=title, who=who)
