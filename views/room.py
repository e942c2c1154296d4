"""What Muster says in the war room: one function for each thing to say. It decides nothing."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from domain.record import Record
from views import (
    action_items,
    actions,
    affected,
    endings,
    handover,
    ladder,
    phone_codes,
    postmortem,
    privacy,
    reminders,
    roles,
    scope,
    severity,
    words,
)
from views import record as records
from views.blocks import Message, button, fenced_sections, message, row, saying, section
from views.card import headline, outside
from views.ladder import still_open
from views.markup import Mrkdwn, joined, one_line, person, room, said, typed
from views.modals import Written
from views.runbooks import runbook_message
from views.times import duration

Data = Mapping[str, Any]

PAGER_NEWS = {
    "resolved": "*{by} resolved the alert in {vendor}.*",
    "unacknowledged": "*The acknowledgement in {vendor} has ended*: {vendor} rings again.",
    "reopened": "{by} reopened the alert in {vendor}: {vendor} rings again.",
    "escalated": "{vendor} escalated{to}.",
    "reassigned": "{by} reassigned it in {vendor}{to}.",
    "delegated": "{by} handed it to another policy in {vendor}{to}.",
    "priority_updated": "{by} changed the priority in {vendor}{to}.",
    "responder.added": "{by} sent a request to help in {vendor}{to}.",
    "annotated": "*Note* by {by} in {vendor}\n{text}",
    "other": "{vendor}: {what}{to}.",
}
"""What people did in a pager's app, as templates; `to` is whom or what it went to, where that is known."""


def room_message(say: str, data: Data, record: Record, names: Mapping[str, str] | None = None) -> Message:
    """Arguments for chat.postMessage. `say` names one of SAYINGS, `data` holds its words: `by`, `text`, `status`,
    `means`, `reason`, `what` and `lane` (of an effect), `owed` (a row's id), `people` (Slack ids), `next` (lanes).
    `names` are people's by Slack id, for text that cannot mention. Raises KeyError for what cannot be said."""
    return SAYINGS[say]({**data, "names": names or {}}, record)


def _by(data: Data) -> Mrkdwn:
    return person(data.get("by"))


def _with_text(sentence: Mrkdwn, data: Data) -> Mrkdwn:
    return said("{sentence}: {text}", sentence=sentence, text=data["text"]) if data.get("text") else sentence


def _update(data: Data, _: Record) -> Message:
    status = said(" – *{status}*", status=data["status"]) if data.get("status") else None
    text = said("*Update* by {by}{status}\n{text}", by=_by(data), status=status, text=data.get("text"))
    return saying(text)


def _acknowledged(data: Data, _: Record) -> Message:
    means = words.means(data.get("means"))
    return saying(said("*{by} is on it*, acknowledged {means}. Nobody else is rung.", by=_by(data), means=means))


def _status(data: Data, _: Record) -> Message:
    return saying(_with_text(said("{by} set the status to *{status}*", by=_by(data), status=data.get("status")), data))


def _resolved(data: Data, record: Record) -> Message:
    incident, lasted = record.incident, record.incident.duration
    after = said(" after {span}", span=duration(lasted)) if lasted is not None else None
    text = _with_text(said("*Resolved* by {by}{after}", by=_by(data), after=after), data)
    stable = timedelta(seconds=int(data.get("stable") or 0))
    asked = said("Stable for {span}? Muster asks then, and before it is closed.", span=duration(stable))
    text = joined("\n", [text, asked if stable else None])
    draft = button("Draft postmortem", actions.DRAFT_POSTMORTEM, str(incident.number), style="primary")
    return saying(text, row(draft if data.get("postmortem") else None))


def _reopened(data: Data, record: Record) -> Message:
    text = _with_text(said("*Reopened* by {by}, investigating again", by=_by(data)), data)
    rung = said("Nobody had answered: it rings again.") if data.get("rings") else said("Reopening rings nobody.")
    return saying(joined("\n", [text, rung, endings.public_again(data, record.incident)]))


def _closed(data: Data, _: Record) -> Message:
    """With thanks to those who took part, where it was more than one."""
    people = list(data.get("people") or ())
    crowd = said("{some} and {last}", some=joined(", ", map(person, people[:-1])), last=person((people or [""])[-1]))
    thanks = said("Thank you, {crowd}.", crowd=crowd) if len(people) > 1 else None
    return saying(joined("\n", [_with_text(said("*Closed* by {by}", by=_by(data)), data), thanks]))


def _page_failed(data: Data, record: Record) -> Message:
    """A page never gives up: what comes next is said with what went wrong."""
    means = joined(" and ", [words.lane(lane) for lane in data.get("next") or ()])
    after = said("Muster pages by {means} now.", means=means) if means else None
    vendor = words.lane(str(data.get("lane", "")))
    text = said("✗ *The page by {vendor} did not get through*: {reason}.", vendor=vendor, reason=_reason(data))
    return saying(joined(" ", [text, after]), still_open(record))


def _ring_lost(data: Data, record: Record) -> Message:
    """The phone company took a call or a text, and it reached nobody."""
    means = joined(" and ", [words.lane(lane) for lane in data.get("next") or ()])
    after = said("Muster rings them by {means} now.", means=means) if means else None
    why = phone_codes.reason(int(data.get("code") or 0)) or words.call(str(data.get("status") or ""))
    what = words.effect(str(data.get("ring") or "call"))
    text = said("✗ *{what} to {who} did not get through*: {why}.", what=what, who=person(data.get("person")), why=why)
    return saying(joined(" ", [text, after]), still_open(record))


def _unseen_acknowledgement(data: Data, record: Record) -> Message:
    """Where the vendor's answers cannot be seen, calling people who may have answered would be wrong."""
    vendor = words.lane(str(data.get("lane") or "pagerduty"))
    text = said(
        "*Has anyone answered?* {vendor} has the page and goes on by its own policy, but Muster cannot see whether "
        "someone acknowledged there, and so calls nobody. If you are on it, say so here.",
        vendor=vendor,
    )
    return saying(text, still_open(record))


def _pager_blind(data: Data, record: Record) -> Message:
    vendor = words.lane(str(data.get("lane", "")))
    text = said(
        "⚠ *{vendor} cannot be asked who has answered*: {reason}. {vendor} goes on ringing by its own policy; until it "
        "can be asked again Muster calls nobody who may have answered there. If you are on it, say so here.",
        vendor=vendor,
        reason=_reason(data),
    )
    return saying(text, still_open(record))


def _pager_sighted(data: Data, record: Record) -> Message:
    vendor = words.lane(str(data.get("lane", "")))
    text = said("{vendor} can be asked again: nobody has answered there, and the ladder goes on.", vendor=vendor)
    return saying(text, still_open(record))


def _pager_news(data: Data, record: Record) -> Message:
    """What happened in the pager's app; a resolution there leaves the incident to those who know whether it is over."""
    what, text = str(data.get("what", "")), data.get("text")
    happened = said(
        PAGER_NEWS[what if what in PAGER_NEWS else "other"],
        by=_by(data),
        vendor=words.lane(str(data.get("lane", ""))),
        what=what.replace("_", " "),
        text=text,
        to=said(" to {text}", text=text) if text else None,
    )
    over = said("Is it over here too? `/incident resolve {key} …`", key=record.incident.key)
    return saying(joined("\n", [happened, over if what == "resolved" and record.incident.open else None]))


def _tracker_closed(data: Data, record: Record) -> Message:
    """Which of the two is right, the issue or the incident, only the people in it know."""
    text = said(
        "*{by} closed {issue} in {vendor}*; {key} stays {status}. Is it over here too? `/incident resolve {key} …` "
        "If not, the next update opens {issue} again.",
        by=_by(data),
        issue=_issue(data),
        vendor=words.lane(str(data.get("lane", ""))),
        key=record.incident.key,
        status=record.incident.status,
    )
    return saying(text)


def _tracker_reopened(data: Data, _: Record) -> Message:
    vendor = words.lane(str(data.get("lane", "")))
    return saying(said("{by} opened {issue} in {vendor} again.", by=_by(data), issue=_issue(data), vendor=vendor))


def _issue(data: Data) -> str:
    return one_line(str(data.get("issue") or "the issue"))


def _failed(data: Data, record: Record) -> Message:
    """Also a direct message, which must say what it is about."""
    about = said("{title}: ", title=headline(record.incident)) if data.get("user") else None
    where = said(" in {channel}", channel=data["where"]) if data.get("where") else None
    text = said(
        "{about}✗ *{what}{where} failed*: {reason}", about=about, what=_effect(data), where=where, reason=_reason(data)
    )
    value = actions.retry_value(record.incident.number, int(data["owed"])) if data.get("owed") else None
    return message(text, section(text, button("Retry", actions.RETRY, value) if value else None))


def _problem(data: Data, _: Record) -> Message:
    return saying(said("⚠ {text}", text=data.get("text")))


def _ask_status_page(data: Data, record: Record) -> Message:
    """Words for the public are shown exactly as they would be published."""
    number = str(record.incident.number)
    asked = said("{commander}*Tell the public?* The status page would say:", commander=_commander(record))
    draft = str(data.get("body") or data.get("text") or "")
    return message(
        said("Tell the public on the status page? {draft}", draft=draft),
        section(asked),
        *fenced_sections(draft),
        row(
            button("Publish to the status page", actions.PUBLISH_STATUS, number, style="primary"),
            button("Not now", actions.DECLINE_STATUS, number),
        ),
    )


def _postmortem(data: Data, record: Record) -> Message:
    markdown = postmortem.postmortem(record, Written(**data["fields"]), data["names"])
    edit = button("Edit postmortem", actions.DRAFT_POSTMORTEM, str(record.incident.number))
    title = said("*Postmortem of {key}*, kept by {by}", key=record.incident.key, by=_by(data))
    return saying(title, *fenced_sections(markdown), row(edit))


def _room_renamed(data: Data, _: Record) -> Message:
    name = said(" to {name}", name=data["name"]) if data.get("name") else None
    return saying(said("This room was renamed{name} by hand. Muster stays with it.", name=name))


def _room_moved(_: Data, record: Record) -> Message:
    rooms = [ref for ref in record.refs if ref.kind == "channel"]
    first = room(rooms[0].value) if rooms else typed("The first room")
    return saying(
        said("{first} stays archived: only people can bring it back. Muster goes on in this room.", first=first)
    )


def _room_unarchived(data: Data, _: Record) -> Message:
    return saying(said("{by} brought this room back from the archive.", by=_by(data)))


def _declared(_: Data, record: Record) -> Message:
    """For those who are told where nobody is paged."""
    incident, channel = record.incident, record.ref("channel")
    where = said(" in {room}", room=room(channel.value)) if channel else None
    what = said("{severity} *{title}*", severity=one_line(incident.severity), title=outside(incident))
    return saying(said("Declared{where}: {what}. Nobody is paged for it.", where=where, what=what))


def _room_gone(data: Data, record: Record) -> Message:
    """Said elsewhere: the room itself can no longer be written to."""
    how = str(data.get("how") or "archived or deleted")
    text = said("⚠ The war room of *{title}* was {how} by hand.", title=headline(record.incident), how=how)
    more = said("The incident goes on: `/incident update {key} …` still works.", key=record.incident.key)
    return saying(joined(" ", [text, more if record.incident.open else None]))


def _bot_removed(_: Data, record: Record) -> Message:
    channel = record.ref("channel")
    where = room(channel.value) if channel else typed("its war room")
    text = said(
        "⚠ Muster was removed from {room}, the war room of *{title}*, and cannot look after it any more. "
        "Invite it again with `/invite @Muster`.",
        room=where,
        title=headline(record.incident),
    )
    return saying(text)


def _effect(data: Data) -> str:
    return words.effect(str(data.get("what", "")), str(data.get("lane", "")))


def _handover(data: Data, _: Record) -> Message:
    by, to, text = (str(data.get(name) or "") for name in ("by", "to", "text"))
    return handover.in_room(by, to, text, [str(name) for name in data.get("roles") or ()])


def _reason(data: Data) -> str:
    return str(data.get("reason") or "no reason was given").rstrip(".")


def _commander(record: Record) -> Mrkdwn:
    commander = record.incident.commander
    return said("{commander} ", commander=person(commander)) if commander else typed(None)


SAYINGS: Mapping[str, Callable[[Data, Record], Message]] = {
    **ladder.SAYINGS,
    **endings.SAYINGS,
    **records.SAYINGS,
    **action_items.SAYINGS,
    **reminders.SAYINGS,
    **roles.SAYINGS,
    "handover": _handover,
    "severity": severity.in_room,
    "services": affected.in_room,
    "impact": scope.impact_in_room,
    "link": scope.link_in_room,
    "link_removed": scope.link_removed_in_room,
    "made_private": privacy.in_room,
    "declared": _declared,
    "room_moved": _room_moved,
    "room_unarchived": _room_unarchived,
    "update": _update,
    "acknowledged": _acknowledged,
    "status": _status,
    "resolved": _resolved,
    "reopened": _reopened,
    "closed": _closed,
    "page_failed": _page_failed,
    "ring_lost": _ring_lost,
    "unseen_acknowledgement": _unseen_acknowledgement,
    "pager_blind": _pager_blind,
    "pager_sighted": _pager_sighted,
    "pager_news": _pager_news,
    "tracker_closed": _tracker_closed,
    "tracker_reopened": _tracker_reopened,
    "failed": _failed,
    "problem": _problem,
    "ask_status_page": _ask_status_page,
    "postmortem": _postmortem,
    "room_renamed": _room_renamed,
    "room_gone": _room_gone,
    "bot_removed": _bot_removed,
    "runbook": runbook_message,
}
