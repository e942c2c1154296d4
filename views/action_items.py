"""Action items as people read, make and finish them. It decides nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from domain.action_items import DONE, DUE, KIND, OPEN, TEXT_MOST, ActionItem, Mine
from domain.incidents import Incident
from domain.record import Record
from domain.recording import Message
from views import actions, submitted
from views.answers import Answer, answer
from views.blocks import (
    Block,
    View,
    button,
    context,
    datepicker,
    header,
    input_block,
    modal,
    option,
    plain_text_input,
    row,
    saying,
    section,
    select,
    users_select,
)
from views.blocks import (
    Message as Posted,
)
from views.card import headline
from views.markup import Mrkdwn, clean, cut_plain, joined, link, one_line, person, said, short
from views.record import incident_menu, quotation

MAKE, CHANGE = "make_action", "change_action"
"""The callback_ids."""

TEXT, OWNER, DAY = "action_text", "action_owner", "action_due"
"""The fields."""

NAMES = {TEXT: "text", OWNER: "owner", DAY: "due"}
"""What an action item calls them."""

OPEN_MOST, DONE_MOST, HOME_MOST = 30, 5, 15
LINE_MOST, ID_MOST = 300, 50


def made(item: ActionItem | None, private: bool = False) -> Answer:
    """What was understood."""
    if item is None:
        return answer(said("That is an action item already."))
    what = said("Action item of *{key}* for {who}", key=item.key, who=person(item.owner))
    told = joined("", [what, _due(item), said(": {text}", text=one_line(item.text))])
    hidden = said("The incident is private: only people in its room see it.") if private else None
    return answer(joined(" ", [told, hidden]))


def listing(incident: Incident, items: Sequence[ActionItem], today: date) -> Answer:
    """An incident's, with a button each; what was done stands below, and can be taken up again."""
    waiting = [item for item in items if item.state == OPEN]
    shown = waiting[:OPEN_MOST]
    done = [item for item in items if item.state == DONE][-DONE_MOST:]
    head = said("*Action items of {title}*", title=headline(incident))
    none = said("None yet.") if not items else None
    lines = [head, none, *(line(item, today) for item in (*waiting, *done))]
    add = button("New action item", actions.NEW_ACTION, str(incident.number), style="primary")
    return answer(
        joined("\n", lines),
        section(joined("\n", [head, none])),
        *_open(waiting, today, actions.ACTION_DONE),
        *_done(done, today, actions.ACTION_REOPEN, at=False),
        row(add, _edit(shown, actions.EDIT_LISTED)),
    )


def mine(theirs: Mine) -> Answer:
    """What is somebody's: incidents with a button to catch up, action items with one to be rid of them."""
    nothing = said("Nothing is yours just now: no open incident, no action item.")
    if not (theirs.incidents or theirs.items or theirs.done):
        return answer(nothing)
    led = [(each, _part_in(each, theirs)) for each in theirs.incidents[: OPEN_MOST // 2]]
    yours = [said("*Your open incidents*")] if led else []
    items = [said("*Your action items*")] if theirs.items or theirs.done else []
    done = theirs.done[:DONE_MOST]
    lines = [*yours, *(said("• {line}", line=told) for _, told in led)]
    lines += [*items, *(line(item, theirs.today, at=True) for item in (*theirs.items, *done))]
    return answer(
        joined("\n", lines),
        *map(section, yours),
        *(section(told, button("Catch up", actions.CATCH_UP, str(each.number))) for each, told in led),
        *map(section, items),
        *_open(theirs.items, theirs.today, actions.MINE_DONE, at=True),
        *_done(done, theirs.today, actions.MINE_REOPEN),
        row(_edit(theirs.items[:OPEN_MOST], actions.EDIT_MINE)),
    )


def at_home(theirs: Mine) -> list[Block]:
    """Somebody's own, for their Home tab; nothing where they have none."""
    items, done = theirs.items[:HOME_MOST], theirs.done[:DONE_MOST]
    left = len(theirs.items) - len(items)
    found = [
        *_open(items, theirs.today, actions.HOME_DONE, at=True),
        *_done(done, theirs.today, actions.HOME_REOPEN),
        context(said("and {n} more: `/incident mine`", n=left)) if left else None,
        row(_edit(items, actions.EDIT_HOME)),
    ]
    return [header("My action items"), *filter(None, found)] if items or done else []


def line(item: ActionItem, today: date, people: Mapping[str, str] | None = None, at: bool = False) -> Mrkdwn:
    """One of them; `at` names its incident."""
    done = item.state == DONE
    parts = [
        said("{key}", key=item.key) if at else None,
        short(item.text, LINE_MOST),
        None if at else person(item.owner, people),
        said("done by {who}", who=person(item.done_by, people)) if done else _when(item, today),
        link(item.permalink, "message") if item.permalink else None,
    ]
    return said("{mark} {parts}", mark="☑" if done else "☐", parts=joined(" – ", parts))


def change_form(item: ActionItem, incident: Incident, place: str, response_url: str = "") -> View:
    """What it says, whose it is and until when, as it is now; `place` is what was pressed, by its action_id."""
    day = item.due.isoformat() if item.due else ""
    was = {TEXT: cut_plain(clean(item.text), TEXT_MOST), OWNER: cut_plain(clean(item.owner), ID_MOST), DAY: day}
    return modal(
        "Change action item",
        CHANGE,
        context(headline(incident)),
        input_block("What is to be done?", TEXT, plain_text_input(TEXT, item.text, multiline=True, most=TEXT_MOST)),
        input_block("Who does it?", OWNER, users_select("Somebody", OWNER, item.owner)),
        input_block("Until when?", DAY, datepicker("A day", DAY, item.due), optional=True),
        private_metadata=submitted.carry(incident.number, response_url, item=item.id, place=place, was=was),
    )


def read_change(view: Mapping[str, Any]) -> tuple[int, str, dict[str, str]]:
    """The item's id, where it was pressed, and what is not as it was when the form was opened: of the rest somebody may
    have thought better meanwhile."""
    carried, now = submitted.carried(view), dict(zip((TEXT, OWNER, DAY), read(view), strict=True))
    was = carried.get("was") or {}
    differs = {NAMES[name]: value for name, value in now.items() if value != was.get(name, "")}
    return int(carried.get("item") or 0), str(carried.get("place") or ""), differs


def form(
    by: str,
    incident: Incident | None = None,
    choices: Sequence[Incident] = (),
    text: str = "",
    of: Message | None = None,
    response_url: str = "",
) -> View:
    """What, who, until when; `choices` are offered where it is not clear which incident, `of` is a message."""
    return modal(
        "New action item",
        MAKE,
        *(quotation(of) if of else ()),
        context(headline(incident)) if incident else incident_menu(choices),
        input_block("What is to be done?", TEXT, plain_text_input(TEXT, text, multiline=True, most=TEXT_MOST)),
        input_block("Who does it?", OWNER, users_select("Somebody", OWNER, by), optional=True),
        input_block("Until when?", DAY, datepicker("A day", DAY), optional=True),
        submit="Make it",
        private_metadata=submitted.carry(incident.number if incident else 0, response_url, of),
    )


def read(view: Mapping[str, Any]) -> tuple[str, str, str]:
    """The text, the owner's Slack id and the day, empty where nothing was chosen."""
    return submitted.text(view, TEXT), submitted.user(view, OWNER), submitted.day(view, DAY)


def _open(items: Sequence[ActionItem], today: date, done: str, at: bool = False) -> list[Block | None]:
    shown = [section(line(item, today, at=at), button("Done", done, str(item.id))) for item in items[:OPEN_MOST]]
    more = len(items) - OPEN_MOST
    return [*shown, context(said("and {n} more", n=more)) if more > 0 else None]


def _done(items: Sequence[ActionItem], today: date, reopen: str, at: bool = True) -> list[Block]:
    return [section(line(item, today, at=at), button("Reopen", reopen, str(item.id))) for item in items]


def _edit(items: Sequence[ActionItem], action_id: str) -> Block | None:
    """One menu for all: a second button each would double the list."""
    choices = [option(item.text, str(item.id)) for item in items]
    return select("Edit an action item", action_id, choices) if choices else None


def _part_in(incident: Incident, theirs: Mine) -> Mrkdwn:
    """The incident, and what somebody is to it."""
    parts = {"commander": incident.commander, "acknowledged": incident.acknowledged_by, "declared": incident.reporter}
    part = [part for part, holder in parts.items() if holder == theirs.who]
    roles = ", ".join((*part, *theirs.roles.get(incident.number, ())))
    return joined(
        " – ", [said("*{title}*", title=headline(incident)), one_line(incident.severity), incident.status, roles]
    )


def _due(item: ActionItem) -> Mrkdwn | None:
    return said(", due {day}", day=day(item.due)) if item.due else None


def _when(item: ActionItem, today: date) -> Mrkdwn | None:
    if item.due is None:
        return None
    late = said(" *overdue*") if item.overdue(today) else None
    return said("due {day}{late}", day=day(item.due), late=late)


def day(due: date) -> str:
    """A day of the calendar, the same in every zone: Fri 27 Nov 2026."""
    return f"{due:%a} {due.day} {due:%b %Y}"


def _said(data: Mapping[str, Any], _: Record) -> Posted:
    """In the room's thread."""
    people, due = [person(str(who)) for who in data.get("people") or ()], str(data.get("due") or "")
    until = f", due {day(date.fromisoformat(due))}" if due else ""
    step, by = str(data.get("step") or ""), person(data.get("by"))
    heads = {
        "made": said("*Action item* for {who}{due}", who=joined(", ", people), due=until),
        "done": said("☑ *Action item done*, says {by}", by=by),
        "changed": said(
            "*Action item changed* by {by}, now for {who}{due}", by=by, who=joined(", ", people), due=until
        ),
        "reopened": said("*Action item* open again, says {by}", by=by),
        "withdrawn": said("*Action item* taken back by {by}", by=by),
    }
    head = heads.get(step, said("*Action item*, says {by}", by=by))
    text = said("{head}\n{text}", head=head, text=data.get("text"))
    return saying(text)


def _is_due(data: Mapping[str, Any], record: Record) -> Posted:
    """To whoever took it on; a day late to those who look after it."""
    incident, owner = record.incident, joined(", ", [person(str(who)) for who in data.get("people") or ()])
    when = said(" on {day}", day=day(date.fromisoformat(str(data["due"])))) if data.get("due") else None
    due = said("An action item of {owner} was due{when}, and is not done", owner=owner, when=when)
    lead = due if data.get("late") else said("An action item of {owner} is due{when}", owner=owner, when=when)
    text = said("*{lead}*: {text}\n{title}", lead=lead, text=one_line(data.get("text")), title=headline(incident))
    number = str(int(data.get("item") or 0))
    return saying(text, row(*_answers(number)))


def reminded(item: ActionItem, today: date) -> Answer:
    """What a reminder says once it was answered."""
    told, number = line(item, today, at=True), str(item.id)
    again = button("Reopen", actions.DUE_REOPEN, number)
    return answer(told, section(told), row(*(_answers(number) if item.state == OPEN else [again])))


def _answers(number: str) -> list[Block]:
    return [button("Done", actions.DUE_DONE, number), button("Edit", actions.EDIT_DUE, number)]


SAYINGS: Mapping[str, Callable[[Mapping[str, Any], Record], Posted]] = {KIND: _said, DUE: _is_due}
