"""Why Muster rang whom: every step with its plan, its sending and its result, by time. It hides nothing but
looks that found nothing wrong."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from domain.decision import Entry, Timer
from domain.record import DELIVERED, DROPPED, FAILED, Record
from views import words
from views.answers import Answer, answer
from views.blocks import TEXT_MOST, sections
from views.card import headline, result
from views.markup import Mrkdwn, bold, joined, person, said, typed
from views.steps import PAGES, Step, moment, steps
from views.timeline import worded
from views.times import duration, slack_seconds

TOLD = ("detected", "page", "pager", "notice", "acknowledged", "sla", "severity", "role", "resolution", "status")
"""The kinds of the timeline that explain why something rang or stopped."""

LOOK = "look_for_people"
"""Asked again and again while an incident lasts, and it changes nothing: told only where it does not work."""

Line = tuple[datetime, Mrkdwn]


def explained(record: Record, now: datetime, people: Mapping[str, str] | None = None) -> Answer:
    """`people` maps config names to Slack ids. Effects that ring nobody are told too, after those that do."""
    people, known = people or {}, steps(record)
    ringing = [step for step in known if step.kind in PAGES]
    others = [step for step in known if step.kind not in PAGES and (step.kind != LOOK or step.troubled)]
    events = sorted(
        [*_events(record, people), *(_line(step, record, now, people) for step in ringing)], key=lambda line: line[0]
    )
    lines = [
        bold(headline(record.incident)),
        *(line for _, line in events),
        *_whats_next(record, now, bool(ringing), people),
        *([said("*Everything else*"), *(_line(step, record, now, people)[1] for step in others)] if others else []),
    ]
    whole = joined("\n", lines)
    return answer(whole, *(sections(lines) if len(whole) > TEXT_MOST else ()))


def _events(record: Record, people: Mapping[str, str]) -> Iterator[Line]:
    for entry in record.entries(*TOLD):
        if entry.at:
            yield entry.at, _at(entry.at, worded(entry, people))
            yield from _cancelled(entry, people)


def _cancelled(entry: Entry, people: Mapping[str, str]) -> Iterator[Line]:
    """Steps that this entry kept from firing, as far as it says: `cancelled`, each with kind, due_at and people."""
    for step in entry.data.get("cancelled") or ():
        due = moment(step.get("due_at"))
        crowd = joined(", ", [person(name, people) for name in step.get("people") or ()])
        kept = said(
            "did not fire: {what}{people}{due}",
            what=words.timer(str(step.get("kind", ""))),
            people=said(" ({people})", people=crowd) if crowd else None,
            due=said(", planned for {at}", at=slack_seconds(due)) if due else None,
        )
        if entry.at:
            yield entry.at, said("   ↳ {kept}", kept=kept)


def _line(step: Step, record: Record, now: datetime, people: Mapping[str, str]) -> Line:
    planned = step.planned or now
    what = said(
        "*{what}*{to}: {outcome}",
        what=words.effect(step.kind, step.lane),
        to=said(" to {person}", person=person(step.whom, people)) if step.whom else None,
        outcome=_outcome(step, result(step, record.incident, people), planned, now),
    )
    return planned, _at(planned, what)


def _at(at: datetime, what: Mrkdwn) -> Mrkdwn:
    return said("• {at} {what}", at=slack_seconds(at), what=what)


def _outcome(step: Step, told: str, planned: datetime, now: datetime) -> Mrkdwn:
    if step.state == DELIVERED:
        return joined(", ", [_sent(step, planned), told, _vendor_id(step), _attempts(step)])
    if step.state == DROPPED:
        return said("not sent: {reason}", reason=step.error or step.result or "no longer wanted")
    if step.state == FAILED:
        return joined(", ", [said("failed: {reason}", reason=step.error or "no reason was given"), _attempts(step)])
    if step.waits_for:
        return said("waits for {other}", other=words.effect(step.waits_for.kind, step.waits_for.lane))
    if step.error:
        return joined(", ", [said("not sent yet: {reason}", reason=step.error), _attempts(step)])
    late = now - planned
    return said("waits for its time") if late < timedelta(0) else said("on its way for {span}", span=duration(late))


def _sent(step: Step, planned: datetime) -> Mrkdwn:
    if step.sent is None:
        return said("sent")
    late = step.sent - planned
    behind = said(" ({span} after plan)", span=duration(late)) if late >= timedelta(seconds=1) else None
    return said("sent {at}{behind}", at=slack_seconds(step.sent), behind=behind)


def _vendor_id(step: Step) -> Mrkdwn | None:
    return said("id `{id}`", id=step.vendor_id) if step.vendor_id else None


def _attempts(step: Step) -> Mrkdwn | None:
    return said("attempt {n}", n=step.attempts) if step.attempts > 1 else None


def _whats_next(record: Record, now: datetime, paged: bool, people: Mapping[str, str]) -> Iterator[Mrkdwn]:
    """Why the next step will or will not fire."""
    incident = record.incident
    ahead = sorted((timer for timer in record.timers if timer.kind in words.RINGING), key=lambda timer: timer.due_at)
    if not paged and not ahead:
        yield said("Nobody was paged: {severity} owes no page.", severity=incident.severity)
    elif ahead:
        yield from (_ahead(timer, now, people) for timer in ahead)
    elif incident.acknowledged_at:
        by = person(incident.acknowledged_by)
        means = words.means(incident.acknowledged_means)
        yield said("*Next:* nothing rings, because {by} acknowledged {means}.", by=by, means=means)
    elif not incident.open:
        yield said("*Next:* nothing rings, because the incident is {status}.", status=incident.status)
    else:
        yield said("*Next:* no further step is planned.")


def _ahead(timer: Timer, now: datetime, people: Mapping[str, str]) -> Mrkdwn:
    crowd = joined(", ", [person(str(name), people) for name in timer.data.get("people") or ()])
    last = timer.kind == "acknowledge_timeout" and not crowd  # nobody is on a level after it
    overdue = now - timer.due_at
    return said(
        "*Next:* {at} {what}{people}, unless someone acknowledges{overdue}.",
        at=slack_seconds(timer.due_at),
        what=words.timer("repeat_ladder" if last else timer.kind),
        people=said(" ({people})", people=crowd) if crowd else typed(None),
        overdue=said(" (overdue by {span})", span=duration(overdue)) if overdue > timedelta(seconds=5) else None,
    )
