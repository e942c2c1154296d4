"""The record as people read and write it: notes, the timeline page by page, corrections, messages that are kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.decision import Entry
from domain.incidents import Incident
from domain.record import Record
from domain.recording import CORRECTION, WITHDRAWN, Message, correctable, text_of
from views import actions, submitted
from views.answers import Answer, answer
from views.blocks import (
    Block,
    View,
    button,
    context,
    fenced_sections,
    input_block,
    message,
    modal,
    option,
    plain_text_input,
    row,
    saying,
    section,
    sections,
    select,
)
from views.blocks import (
    Message as Posted,
)
from views.card import headline
from views.markup import Mrkdwn, cut, joined, link, one_line, person, said, short
from views.plain import readable
from views.timeline import quiet, unmarked, worded
from views.times import duration, slack_date, slack_time

NOTE, CORRECT, KEEP = "note", "correct_entry", "keep_message"
"""The callback_ids."""

TEXT, ENTRY, INCIDENT = "text", "entry", "incident"
"""The fields."""

A_PAGE = 20
TEXT_MOST = 500
QUOTED_MOST = 300
A_DAY = timedelta(hours=20)
BODY_MOST = 25_000


def noted(incident: Incident) -> Answer:
    return answer(said("Noted in the timeline of *{key}*.", key=incident.key))


def kept(incident: Incident, by: str, asker: str) -> Answer:
    """Somebody else may have been quicker."""
    whose = said(" already, kept by {who}", who=person(by)) if by != asker else None
    return answer(
        said("It stands in the timeline of *{key}*{whose}, at the time it was written.", key=incident.key, whose=whose)
    )


def corrected(incident: Incident, public: bool) -> Answer:
    """Words that went out are not called back by a correction in here."""
    done = said("Corrected. The timeline of *{key}* shows both.", key=incident.key)
    more = said("The status page still says what it said: `/incident update --public …` corrects it there.")
    return answer(joined(" ", [done, more if public else None]))


def timeline(record: Record, page: int = 0, people: Mapping[str, str] | None = None) -> Answer:
    """One page of all that happened, in the order in which it happened; 0 is the newest page."""
    told = sorted((e for e in record.timeline if not quiet(e)), key=lambda e: e.at or datetime.min.replace(tzinfo=UTC))
    pages = max(1, -(-len(told) // A_PAGE))
    page = min(page, pages - 1)
    end = len(told) - page * A_PAGE
    shown = told[max(0, end - A_PAGE) : end]
    head = said("*Timeline of {title}*", title=headline(record.incident))
    place = said("{first}–{last} of {all}", first=end - len(shown) + 1, last=end, all=len(told)) if pages > 1 else None
    lines = [joined(" – ", [head, place]), *_lines(record, shown, people or {})]
    number = record.incident.number
    turning = row(
        button("Earlier", actions.EARLIER, actions.page_value(number, page + 1)) if page + 1 < pages else None,
        button("Later", actions.LATER, actions.page_value(number, page - 1)) if page else None,
        button("Correct an entry", actions.CORRECT, str(number)) if correctable(record) else None,
    )
    return answer(joined("\n", lines), *sections(lines), turning)


def _lines(record: Record, shown: Sequence[Entry], people: Mapping[str, str]) -> list[Mrkdwn]:
    at = [entry.at for entry in shown if entry.at]
    time = slack_date if at and max(at) - min(at) > A_DAY else slack_time
    after = {entry.corrects: entry.kind for entry in record.entries(CORRECTION, WITHDRAWN)}
    return [_line(entry, time, after.get(entry.id or None, ""), people) for entry in shown]


def _line(entry: Entry, time: Callable[[datetime], Mrkdwn], after: str, people: Mapping[str, str]) -> Mrkdwn:
    brief = replace(entry, data={**entry.data, "text": short(str(entry.data.get("text") or ""), TEXT_MOST)})
    marks = {CORRECTION: "(corrected later)", WITHDRAWN: "(taken back)"}
    parts = [
        "•",
        time(entry.at) if entry.at else None,
        cut(worded(brief, people), 3 * TEXT_MOST),
        link(entry.permalink, "message") if entry.permalink else None,
        "(published)" if entry.public else None,
        marks.get(after),
    ]
    return joined(" ", parts)


def offer(record: Record, now: datetime) -> Answer:
    """To whoever comes late: a button, and no wall of words."""
    since = duration(now - record.incident.detected_at)
    asked = said("*{title}* has gone on for {since}.", title=headline(record.incident), since=since)
    return answer(asked, section(asked, button("Catch me up", actions.CATCH_UP, str(record.incident.number))))


def note_form(incident: Incident, text: str = "", response_url: str = "") -> View:
    """What the timeline should know."""
    return modal(
        f"Note for {incident.key}",
        NOTE,
        context(said("Nobody is told, and no announcement changes.")),
        input_block("Note", TEXT, plain_text_input(TEXT, text, multiline=True)),
        submit="Write it down",
        private_metadata=submitted.carry(incident.number, response_url),
    )


def correct_form(
    record: Record, names: Mapping[str, str], zone: str, by: str, text: str = "", response_url: str = ""
) -> View:
    """Which entry, and what it should say; one's own newest is chosen at first. Times are in `zone`."""
    found = list(reversed(correctable(record)))[:100]
    own = next((entry for entry in found if entry.author == by), found[0])
    choices = [option(_choice(record, entry, names, zone), str(entry.id)) for entry in found]
    return modal(
        f"Correct {record.incident.key}",
        CORRECT,
        input_block("Entry", ENTRY, select("Which one?", ENTRY, choices, str(own.id))),
        input_block("What it should say", TEXT, plain_text_input(TEXT, text, multiline=True)),
        context(said("The entry stays as it is, with this beside it.")),
        submit="Correct it",
        private_metadata=submitted.carry(record.incident.number, response_url),
    )


def _choice(record: Record, entry: Entry, names: Mapping[str, str], zone: str) -> str:
    now = replace(entry, data={**entry.data, "text": text_of(record, entry)})
    at = f"{entry.at.astimezone(ZoneInfo(zone)):%H:%M}" if entry.at else ""
    return f"{at} {unmarked(now, names)}".strip()


def read_correction(view: Mapping[str, Any]) -> tuple[int, str]:
    """The entry's id, 0 for none, and its words."""
    return int(submitted.choice(view, ENTRY) or 0), submitted.text(view, TEXT)


def keep_form(incidents: Sequence[Incident], of: Message, response_url: str = "") -> View:
    """Into which timeline a message goes that stands in no incident's room."""
    return modal(
        "Add to timeline",
        KEEP,
        *quotation(of),
        incident_menu(incidents),
        submit="Add",
        private_metadata=submitted.carry(0, response_url, of),
    )


def quotation(of: Message) -> list[Block | None]:
    """The message that a form is about."""
    return [context(said("{who} wrote: {text}", who=person(of.author), text=short(of.text, QUOTED_MOST)))]


def incident_menu(incidents: Sequence[Incident]) -> Block:
    """Which incident it is."""
    choices = [
        option(headline(each), str(each.number), f"{one_line(each.severity)}, {each.status}") for each in incidents
    ]
    return input_block("Incident", INCIDENT, select("Which one?", INCIDENT, choices))


def read_incident(view: Mapping[str, Any]) -> int:
    """The incident that a form is about, or that was chosen in it; 0 for none."""
    return int(submitted.carried(view).get("incident") or submitted.choice(view, INCIDENT) or 0)


def no_incident() -> Answer:
    return answer(said('There is no incident to put it into. Declare one: `/incident start "what is broken"`'))


def _note(data: Mapping[str, Any], _: Record) -> Posted:
    return saying(said("*Note* by {by}\n{text}", by=person(data.get("by")), text=data.get("text")))


def _correction(data: Mapping[str, Any], _: Record) -> Posted:
    old = short(str(data.get("before") or ""), QUOTED_MOST)
    by = person(data.get("by"))
    return saying(said("*Correction* by {by} of “{old}”\n{text}", by=by, old=old, text=data.get("text")))


def _draft(data: Mapping[str, Any], record: Record) -> Posted:
    """Words for the public are shown exactly as they would be published."""
    body = readable(str(data.get("body") or ""), BODY_MOST)
    told = said(
        "*Draft for the public* by {by}. It goes nowhere until somebody publishes it.", by=person(data.get("by"))
    )
    value = actions.draft_value(record.incident.number, str(data.get("source") or ""))
    return message(
        said("{told} {body}", told=told, body=body),
        section(told),
        *fenced_sections(body),
        row(button("Review and publish", actions.REVIEW_DRAFT, value)),
    )


SAYINGS: Mapping[str, Callable[[Mapping[str, Any], Record], Posted]] = {
    "note": _note,
    "correction": _correction,
    "draft": _draft,
}
"""What is said in the room and in the thread of its card."""
