"""For whoever comes late, in one message: what, since when, who, what was tried, what is next. It decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from domain.action_items import OPEN, ActionItem
from domain.asking import joined as joined_by
from domain.checklists import Checklist
from domain.decision import Entry, Timer
from domain.record import Record
from domain.recording import as_corrected
from domain.ticks import KIND, ticks
from views import words
from views.action_items import line
from views.answers import Answer, answer
from views.blocks import sections
from views.card import headline
from views.markup import Mrkdwn, bold, joined, link, one_line, person, room, said, short
from views.page import taken
from views.timeline import worded
from views.times import duration, slack_time

TRIED = ("update", "note", "message", "mitigation", "status", "runbook", "correction")
TRIED_MOST = 6
NEXT_MOST = 4
UNTOLD = ("page_overdue", "action_due")
"""Timers that say nothing to a late joiner: the action items stand there with their days."""
TEXT_MOST = 160
DESCRIPTION_MOST = 200


def catchup(
    record: Record,
    now: datetime,
    *,
    badge: str = "",
    people: Mapping[str, str] | None = None,
    services: Mapping[str, str] | None = None,
    checklists: Sequence[Checklist] = (),
    items: Sequence[ActionItem] = (),
    roles: Mapping[str, str] | None = None,
) -> Answer:
    """`roles` are names of roles and who has them; `people` maps config names to Slack ids, `services` keys to
    names."""
    known = people or {}
    lines = [
        bold(headline(record.incident, badge)),
        _standing(record, now),
        *_about(record, services or {}),
        *_who(record, known, roles if roles is not None else {"commander": record.incident.commander or ""}),
        *_part("Tried so far", _tried(record, known)),
        *_part("Next", _next(record, now, known, checklists, items)),
        _where(record),
    ]
    shown = [each for each in lines if each]
    whole = joined("\n", shown)
    return answer(whole, *(sections(shown) if len(whole) > 3000 else ()))


def _standing(record: Record, now: datetime) -> Mrkdwn:
    incident = record.incident
    lasted = incident.duration if incident.duration is not None else now - incident.detected_at
    since = said("since {at}", at=slack_time(incident.detected_at))
    status = said("*{status}*", status=incident.status)
    return joined(" · ", [one_line(incident.severity), status, since, duration(lasted)])


def _about(record: Record, services: Mapping[str, str]) -> list[Mrkdwn | None]:
    incident = record.incident
    affected = ", ".join(one_line(services.get(each, each)) for each in incident.services)
    return [
        said("*Impact* {text}", text=short(incident.impact, DESCRIPTION_MOST)) if incident.impact else None,
        said("*Affected* {services}", services=affected) if affected else None,
        said("{text}", text=short(incident.description, DESCRIPTION_MOST)) if incident.description else None,
    ]


def _who(record: Record, people: Mapping[str, str], roles: Mapping[str, str]) -> list[Mrkdwn | None]:
    paged = dict.fromkeys(str(who) for entry in record.entries("page") for who in entry.data.get("people") or ())
    coming = joined_by(record)
    held = [said("{role} {who}", role=role, who=person(who, people)) for role, who in roles.items() if who]
    parts = [
        *held,
        said("paged {who}", who=joined(", ", [person(who, people) for who in paged])) if paged else None,
        said("joining {who}", who=joined(", ", map(person, coming))) if coming else None,
    ]
    answered = taken(record.incident) or said("Nobody has acknowledged yet.") if record.incident.open else None
    return [said("*Who* {parts}", parts=joined(" · ", parts)) if any(parts) else None, answered]


def _tried(record: Record, people: Mapping[str, str]) -> list[Mrkdwn]:
    """The newest last, as they read after their corrections."""
    said_something = [each for each in record.entries(*TRIED) if each.data.get("text")]
    standing = as_corrected(record, [each for each in said_something if each.kind != "correction"])
    shown = sorted(standing, key=lambda each: each.at or record.incident.detected_at)[-TRIED_MOST:]
    return [_event(each, people) for each in shown]


def _event(entry: Entry, people: Mapping[str, str]) -> Mrkdwn:
    brief = Entry(
        entry.kind, entry.author, {**entry.data, "text": short(str(entry.data["text"]), TEXT_MOST)}, at=entry.at
    )
    return joined(" ", [slack_time(entry.at) if entry.at else None, worded(brief, people)])


def _next(
    record: Record,
    now: datetime,
    people: Mapping[str, str],
    checklists: Sequence[Checklist],
    items: Sequence[ActionItem],
) -> list[Mrkdwn]:
    return [
        *(_due(timer, now) for timer in _timers(record)[:NEXT_MOST]),
        *filter(None, (_open_boxes(record, each) for each in checklists)),
        *(line(item, now.date(), people) for item in items[:NEXT_MOST] if item.state == OPEN),
    ]


def _timers(record: Record) -> list[Timer]:
    """The next of each kind that people wait for."""
    known = sorted((each for each in record.timers if each.kind not in UNTOLD), key=lambda timer: timer.due_at)
    first: dict[str, Timer] = {}
    for timer in known:
        first.setdefault(timer.kind, timer)
    return list(first.values())


def _due(timer: Timer, now: datetime) -> Mrkdwn:
    left = timer.due_at - now
    when = said("in {span}", span=duration(left)) if left.total_seconds() > 0 else said("now")
    return said("{when}: {what}", when=when, what=words.timer(timer.kind))


def _open_boxes(record: Record, checklist: Checklist) -> Mrkdwn | None:
    """What is open of a list that stands in the room."""
    if not any((ref.kind, ref.name) == (KIND, checklist.id) for ref in record.refs):
        return None
    done = ticks(record, checklist.id)
    left = [item for item in checklist.items if item not in done]
    if not left:
        return None
    return said(
        "{name}, {n} open: {first}", name=one_line(checklist.name), n=len(left), first=short("; ".join(left), TEXT_MOST)
    )


def _where(record: Record) -> Mrkdwn | None:
    channel = record.ref("channel")
    elsewhere = [(ref, str(ref.data.get("key") or words.lane(ref.name))) for ref in record.refs if ref.kind == "issue"]
    elsewhere += [(ref, "Status page") for ref in record.refs if ref.kind == "status_incident"]
    links = [link(ref.url, name) for ref, name in elsewhere if ref.url]
    return joined(" · ", [room(channel.value) if channel else None, *links]) or None


def _part(name: str, lines: Iterable[Mrkdwn]) -> list[Mrkdwn]:
    """A heading over its lines; nothing over nothing."""
    shown = [said("• {line}", line=line) for line in lines]
    return [bold(name), *shown] if shown else []
