"""The pinned message of the war room: all that matters at a glance, in little height. It decides nothing."""

from collections.abc import Iterable, Mapping, Sequence

from domain.affected import listed
from domain.asking import joined as joined_by
from domain.details import links
from domain.duties import COMMANDER
from domain.incidents import CLOSED, REAL, RESOLVED, Incident
from domain.paging import unable
from domain.record import DELIVERED, DROPPED, FAILED, WAITING, Record
from views import actions, words
from views.blocks import Block, Message, button, context, fields, header, message, option, overflow, row, section
from views.endings import contains, how_it_ended
from views.markup import Mrkdwn, joined, link, one_line, person, said, short, typed
from views.steps import PAGES, Step, steps
from views.times import duration, slack_date, slack_time

Runbook = tuple[str, str]
"""A name and an address."""

MARKS = {DELIVERED: "✓", WAITING: "…", FAILED: "✗"}
WORTH_READING = ("create_room", "announce", "create_issue", "create_status", "update_status", "archive")
CALLS = {"call": "phone call", "text": "SMS"}
FAILURES_SHOWN = 5
DESCRIPTION_MOST = 300
LINKS_SHOWN = 5
LINK_MOST = 60
MORE = (("severity", "Change severity"), ("services", "Affected services"), ("impact", "Impact"), ("invite", "Invite"))
"""What the three dots offer: a verb and its name."""


def card(
    record: Record,
    *,
    badge: str = "",
    label: str = "",
    runbooks: Sequence[Runbook] = (),
    people: Mapping[str, str] | None = None,
    services: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    postmortem: bool = False,
) -> Message:
    """`badge` is the severity's sign and `label` its word; `people` maps config names to Slack ids, `services` and
    `roles` keys to names; `postmortem` says whether one is required."""
    incident, people = record.incident, people or {}
    known = [step for step in steps(record) if not _of_before(step, incident)]
    return message(
        said("{headline}: {status}", headline=headline(incident, badge), status=incident.status),
        header(headline(incident, badge)),
        fields(facts(incident, label, services or {})),
        section(_standing(record, known, people, roles or {}), _undo_button(record)),
        _links(record, runbooks),
        *_checklist(known),
        *_failures(incident, known),
        _buttons(record, runbooks, postmortem),
    )


def _standing(record: Record, known: Iterable[Step], people: Mapping[str, str], roles: Mapping[str, str]) -> Mrkdwn:
    """Who has it and who was asked, under how it ended where it has; a line each, and none for what is not so."""
    incident = record.incident
    lines = [
        how_it_ended(record),
        _acknowledged(incident),
        _paged(known, incident, people),
        _coming(record),
        _roles(record, roles),
        contains(record),
        _described(incident),
    ]
    return joined("\n", lines)


def headline(incident: Incident, badge: str = "") -> str:
    """`🔴 INC-42 db down`, in plain text; drills and private incidents say so."""
    marks = (badge, "[DRILL]" if incident.drill else "", "🔒" if incident.private else "")
    return " ".join(filter(None, (*marks, incident.key, one_line(incident.title))))


def outside(incident: Incident) -> str:
    """The same for people who may have no part in it: a private incident keeps its title for its room."""
    return f"🔒 {incident.key}, private" if incident.private else headline(incident)


def facts(incident: Incident, label: str, services: Mapping[str, str]) -> dict[str, Mrkdwn]:
    """What the card and the answer to `show` have in common."""
    lasted = incident.duration
    return {
        "Severity": said("{name} {label}", name=one_line(incident.severity), label=label),
        "Status": typed(incident.state),
        "Commander": person(incident.commander) if incident.commander else said("nobody yet"),
        "Started": slack_date(incident.detected_at),
        "Duration": typed(duration(lasted) if lasted is not None else None),
        "Affected": typed(one_line(listed(incident, services))),
    }


def _acknowledged(incident: Incident) -> Mrkdwn:
    if incident.acknowledged_at is None:
        return (
            joined(" ", [said("*Not acknowledged yet*"), _promise(incident)])
            if incident.open
            else said("Never acknowledged")
        )
    return said(
        "*Acknowledged* by {by} {means} at {at} (after {span}{late})",
        by=person(incident.acknowledged_by),
        means=words.means(incident.acknowledged_means),
        at=slack_time(incident.acknowledged_at),
        span=duration(incident.acknowledged_at - incident.detected_at),
        late=said(", later than promised") if incident.sla_breached else None,
    )


def _promise(incident: Incident) -> Mrkdwn | None:
    """By when somebody was to have acknowledged."""
    if incident.sla_breached:
        return said("⚠ *later than promised*")
    return said("(promised by {at})", at=slack_date(incident.sla_due_at)) if incident.sla_due_at else None


def _paged(known: Iterable[Step], incident: Incident, people: Mapping[str, str]) -> Mrkdwn:
    """Who was paged, by which means, how often, with what last result: a ladder that goes on all night stays short. A
    page no longer wanted was none."""
    rings: dict[tuple[str, str], list[Step]] = {}
    for step in known:
        if step.kind in PAGES and step.state != DROPPED:
            rings.setdefault((step.whom, CALLS.get(step.kind) or words.lane(step.lane)), []).append(step)
    pages = [_page(who, means, each, incident, people) for (who, means), each in rings.items()]
    return said("*Paged* {pages}", pages=joined(" · ", pages)) if pages else typed(None)


def _page(who: str, means: str, had: list[Step], incident: Incident, people: Mapping[str, str]) -> Mrkdwn:
    last, often = had[-1], f"({len(had)} times)" if len(had) > 1 else ""
    told = result(last, incident, people) if last.state == DELIVERED else last.error
    mark = MARKS[FAILED] if last.vain else MARKS.get(last.state)
    tries = _tries(last) if last.state == WAITING else ""
    return joined(" ", [said("{who}:", who=person(who, people)) if who else None, means, often, mark, told, tries])


def result(step: Step, incident: Incident, people: Mapping[str, str]) -> str:
    """What came of a step that was sent. A call that ends is no answer: a mailbox ends calls too."""
    told = words.call(step.result) if step.kind in CALLS else step.result
    if step.vain and step.error:
        return f"{told}: {step.error}"
    if step.kind != "call" or step.result != "completed":
        return told
    theirs = people.get(step.person, step.person) == incident.acknowledged_by
    if theirs and words.means(incident.acknowledged_means) == words.means("call"):
        return f"{told}, acknowledged by phone"
    if "1" in step.keys:
        return f"{told}, acknowledged already" if theirs else f"{told}, somebody else was quicker"
    return f"{told}, asked for the next level" if "2" in step.keys else f"{told} without an answer key"


def _coming(record: Record) -> Mrkdwn:
    """Who comes without having acknowledged, and who cannot."""
    coming = joined(", ", map(person, joined_by(record)))
    cannot = joined(", ", map(person, unable(record))) if record.incident.acknowledged_at is None else None
    lines = [
        said("*Joining* {who}", who=coming) if coming else None,
        said("*Cannot* {who}", who=cannot) if cannot else None,
    ]
    return joined(" · ", lines)


def _roles(record: Record, names: Mapping[str, str]) -> Mrkdwn:
    """The others; the commander has a place of their own."""
    held = [(role, who) for role, who in record.holders.items() if role != COMMANDER]
    shown = joined(" · ", [said("{role} {who}", role=names.get(role, role), who=person(who)) for role, who in held])
    return said("*Roles* {shown}", shown=shown) if shown else typed(None)


def _described(incident: Incident) -> Mrkdwn:
    impact = short(incident.impact, DESCRIPTION_MOST)
    lines = [
        said("*Impact* {impact}", impact=impact) if impact else None,
        short(incident.description, DESCRIPTION_MOST),
    ]
    return joined("\n", lines)


def _links(record: Record, runbooks: Sequence[Runbook]) -> Block | None:
    found = [(ref, ref.data.get("key") or words.lane(ref.name)) for ref in record.refs if ref.kind == "issue"]
    found += [(ref, "Status page") for ref in record.refs if ref.kind == "status_incident"]
    shown = [link(ref.url, str(name)) for ref, name in found if ref.url]
    shown += [link(url, f"Runbook: {name}") for name, url in runbooks]
    shown += [link(each.url, short(each.title or each.url, LINK_MOST)) for each in links(record)[-LINKS_SHOWN:]]
    return context(joined(" · ", shown))


def _checklist(known: Iterable[Step]) -> list[Block | None]:
    """What is done on one line; what waits on lines of its own when there is a reason to read. Pages have theirs."""
    known = list(known)
    shown = [step for step in known if step.kind in WORTH_READING and step.state in (DELIVERED, WAITING)]
    # One word each, however often the status page was updated: the newest counts.
    calm = {_what(step): MARKS[step.state] for step in shown if not step.troubled}
    troubled = (step for step in known if step.troubled and step.state == WAITING and step.kind not in PAGES)
    late = [_late(step) for step in troubled if not _said_by_another(step)]
    return [context(joined("   ", [f"{mark} {what}" for what, mark in calm.items()])), context(joined("\n", late))]


def _of_before(step: Step, incident: Incident) -> bool:
    """An archive that a reopening has overtaken."""
    ended = incident.resolved_at
    return step.kind == "archive" and (ended is None or (step.planned is not None and step.planned < ended))


def _said_by_another(step: Step) -> bool:
    """An edit that waits for the post it would change: the post's own line says why."""
    return step.waits_for is not None and _what(step) == _what(step.waits_for)


def _late(step: Step) -> Mrkdwn:
    if step.waits_for:
        return said("… {what}: waits for {other}", what=_what(step), other=_what(step.waits_for))
    return joined(" ", [said("… {what}: {reason}", what=_what(step), reason=step.error), _tries(step)])


def _tries(step: Step) -> str:
    return f"(tried {step.attempts} times)" if step.attempts > 1 else ""


def _failures(incident: Incident, known: Iterable[Step]) -> list[Block]:
    """Each with its own Retry; more than a handful is a page of its own: `explain`."""
    failed = [step for step in known if step.state == FAILED]
    shown = [
        section(
            said("✗ *{what}*: {reason}", what=_what(step), reason=step.error or "failed"),
            button("Retry", actions.RETRY, actions.retry_value(incident.number, step.id)),
        )
        for step in failed[:FAILURES_SHOWN]
    ]
    more = len(failed) - FAILURES_SHOWN
    return shown if more <= 0 else [*shown, section(said("✗ and {n} more: `/incident explain`", n=more))]


def _what(step: Step) -> str:
    return words.effect(step.kind, step.lane)


def _buttons(record: Record, runbooks: Sequence[Runbook], postmortem: bool) -> Block | None:
    incident, number = record.incident, str(record.incident.number)
    if incident.open:
        fresh = incident.acknowledged_at is None
        moves = [
            button("Acknowledge", actions.ACKNOWLEDGE, number, style="primary") if fresh else None,
            button("Escalate", actions.ESCALATE, number),
            button("Add update", actions.ADD_UPDATE, number),
            button("Mark resolved", actions.RESOLVE_OPEN, number),
            button("Roles", actions.ROLES, number),
        ]
    else:
        drafting = postmortem and incident.status in (RESOLVED, CLOSED) and incident.outcome == REAL
        moves = [
            button("Draft postmortem", actions.DRAFT_POSTMORTEM, number, style="primary") if drafting else None,
            button("Close", actions.CLOSE, number) if incident.status == RESOLVED else None,
            button("Reopen", actions.REOPEN, number),
        ]
    return row(*moves, _issue_button(record), _runbook_button(number, runbooks), _more(incident))


def _more(incident: Incident) -> Block | None:
    """What is wanted seldom, and not by name."""
    hidden = () if incident.private else (("private", "Make it private"),)
    offered = (*MORE, *hidden) if incident.open else ()
    return overflow(actions.MORE, [option(label, actions.more_value(verb, incident.number)) for verb, label in offered])


def _undo_button(record: Record) -> Block | None:
    """As long as nothing has come of the declaration; what it can no longer do, its answer says."""
    incident = record.incident
    fresh = incident.open and incident.acknowledged_at is None and not record.entries("update", "status", "merge")
    return button("Undo", actions.UNDO, str(incident.number)) if fresh else None


def _issue_button(record: Record) -> Block | None:
    issues = [ref for ref in record.refs if ref.kind == "issue" and ref.url]
    if not issues:
        return None
    label = f"View in {words.lane(issues[-1].name)}"
    return button(label, actions.VIEW_ISSUE, str(record.incident.number), url=issues[-1].url)


def _runbook_button(number: str, runbooks: Sequence[Runbook]) -> Block:
    """One runbook opens at once; of several the reader chooses; where there is none, the answer says how to add one."""
    return button("Runbooks", actions.RUNBOOKS, number, url=runbooks[0][1] if len(runbooks) == 1 else None)
