"""Every view of one record, for properties that must hold for all of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from domain import desk
from domain.action_items import DONE, OPEN, ActionItem, Mine
from domain.checklists import Checklist
from domain.decision import Entry
from domain.details import Link
from domain.duties import Role
from domain.going_private import Reach
from domain.handover import Paging, Week
from domain.incidents import DUPLICATE, MERGED, OUTCOMES, REAL, Incident
from domain.inviting import Guests
from domain.merging import HANDED_OVER, KIND, TOOK_IN, Outlook
from domain.overrides import Override
from domain.pager import OnCall, Who
from domain.publishing import Preview
from domain.record import Record, Ref, Tenure
from domain.recording import Message
from domain.rotations import Shift
from domain.runbooks import Broken, Fit, Runbook, Shelved
from domain.ticks import TICKED
from domain.trials import Begun
from service.on_call import Duty
from service.roles import Seat
from service.rosters import Rostered, Watch
from tests.policies import policy
from tests.views import samples
from tests.views.every_form import forms
from tests.views.hostile import data
from views import (
    action_items,
    actions,
    affected,
    answers,
    catchup,
    checklists,
    endings,
    handover,
    home,
    merging,
    on_call,
    privacy,
    publish,
    reminders,
    roles,
    runbooks,
    scope,
    severity,
    trials,
)
from views import record as records
from views.announcement import announcement
from views.blocks import stamp
from views.card import card
from views.explain import explained
from views.names import topic
from views.page import page_dm
from views.room import SAYINGS, room_message

SEVERITIES = policy().severities


@dataclass(frozen=True)
class Verb:
    usage: str
    summary: str
    examples: tuple[str, ...]


def surfaces(words: str, record: Record) -> Iterator[tuple[str, Any]]:
    """Name and payload of each; `words` stand wherever a view takes words that are not in the record."""
    incident = record.incident
    people = {"ana": "U0001", "eve": words}
    books = [(words, "http://127.0.0.1:9000/r"), (words, words)]
    look: dict[str, Any] = {"badge": words[:9], "label": words, "people": people, "postmortem": True}
    yield "card", card(record, runbooks=books, services={"api": words}, **look)
    yield "announcement", announcement(record, **look)
    yield "page_dm", page_dm(record)
    asked = {"user": "U0001", "ask": 1, "by": words, "why": words, "covers": [words] * 30}
    yield "page_dm that somebody asked for", page_dm(record, asked)
    yield "handover", handover.message(_week(words, incident), samples.after(hours=1))
    yield "topic", {"text": topic(incident)}
    for say in SAYINGS:
        yield f"room {say}", stamp(room_message(say, data(words), record, people), "muster-17")
    yield from _answers(words, record)
    yield from _endings(words, record, look)
    yield from forms(words, incident)


def _answers(words: str, record: Record) -> Iterator[tuple[str, Any]]:
    incident, many = record.incident, [record.incident] * 120
    yield "declared", answers.declared(incident, words, words, alike=[incident] * 3)
    yield "declared_in_room", answers.declared_in_room(incident, words)
    yield "same_title", answers.same_title(incident, "[]")
    yield "same_title without a button", answers.same_title(incident, "")
    yield "refusal", answers.refusal(words)
    yield "plain", answers.plain(words)
    yield "plain in place", answers.in_place(answers.plain(words))
    for name in ("acknowledged", "already_acknowledged", "updated", "status", "resolved", "closed", "reopened", "kept"):
        yield name, getattr(answers, name)(incident)
    for public in endings.PUBLIC_AGAIN:
        yield f"reopened, {public}", answers.reopened(incident, told={"public": public, "into": words})
    yield "escalated", answers.escalated(incident, [words], again=True, cannot=True)
    yield "escalated to nobody", answers.escalated(incident, [], again=False)
    yield "paging", answers.paging(incident, [words])
    yield "joining", answers.joining(incident)
    yield "handed over", handover.told(words, both=False, room_too=True)
    yield "handed over with roles", handover.told(words, both=True, room_too=True, roles=[words, words])
    yield "listing", answers.listing(many, samples.after(hours=1), {incident.number: words})
    yield "listing of nothing", answers.listing([], samples.START, {}, words)
    yield "shown", answers.shown(record, words, {"eve": words}, {"api": words})
    yield "picker", answers.picker(many, "status", words)
    yield "picker of nothing", answers.picker([], words)
    verb = Verb(words, words, (words, words))
    yield "help_text", answers.help_text({words: (words,) * 40})
    yield "help_all", answers.help_all({words: verb}, {words: (words,) * 40})
    yield "help_verb", answers.help_verb(words, verb)
    yield from _on_call(words)
    yield from _trials(words, record)
    yield from _runbooks(words, incident)
    yield from _checklists(words, record)
    yield from _record(words, record)
    yield from _action_items(words, record)
    yield from _scope(words, record)
    yield from _roles(words, record)
    yield from _reminders(incident)
    yield "explained", explained(record, samples.after(hours=1), {"eve": words})


def _runbooks(words: str, incident: Incident) -> Iterator[tuple[str, Any]]:
    today, name = samples.START.date(), "disk-full"
    sections = {"symptoms": words, "mitigation": f"# {words}\n- {words}\n```\n{words}\n```\n[{words}]({words})"}
    book = Runbook(name, words, today, words, services=(words,), url=words, sections=sections, body=words * 3)
    linked = replace(book, updated=today.replace(year=2020), url="http://127.0.0.1:9000/r", sections={})
    shelved = Shelved((book,) * 120, (Broken(words, words),))
    for number, each in enumerate((book, linked)):
        yield f"runbook {number}", runbooks.shown(each, today)
        yield f"whole runbook {number}", runbooks.whole(each, today)
    yield "runbook in the room", runbooks.shown_in_room(book)
    yield "runbook gone", runbooks.gone(words)
    links = ((words, "http://127.0.0.1:9000/r"), (words, words))
    yield "runbooks", runbooks.picker(shelved, Fit((book, book), links), "", incident, 42)
    yield "runbook misnamed", runbooks.picker(shelved, Fit(), words, None, 0)
    yield "no runbooks", runbooks.picker(Shelved(), Fit(), words, incident, 0)


def _checklists(words: str, record: Record) -> Iterator[tuple[str, Any]]:
    items = (words[:75] or "empty", *(f"{n} {words}"[:75] for n in range(9)))
    listed = Checklist.model_construct(id="x" * 40, name=words or "empty", items=items, posted_at=(), severities=())
    about = {"step": TICKED, "checklist": listed.id}
    authors = (words, "U0001", words)
    ticked = [
        Entry("checklist", who, {**about, "text": item}, at=samples.START)
        for who, item in zip(authors, items, strict=False)
    ]
    done = replace(record, timeline=(*record.timeline, *ticked))
    yield "checklist", stamp(checklists.posted(done, listed), "muster-17")
    yield "checklist alone", checklists.alone(record, listed)
    yield "checklist in the room", checklists.posted_in_room(record, listed)
    yield "checklists", checklists.picker(done, [listed] * 120)
    yield "no checklists", checklists.picker(done, [])


def _endings(words: str, record: Record, look: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    incident, other = record.incident, replace(record.incident, number=7)
    about = {"key": "INC-7", "into": "INC-7", "title": words, "room": "C0042", "text": words}
    for outcome in (each for each in OUTCOMES if each != REAL):
        into = 7 if outcome in (MERGED, DUPLICATE) else None
        over = replace(incident, status="closed", outcome=outcome, merged_into=into)
        entry = Entry("status", words, {"step": outcome, "status": "closed", **about}, at=samples.START)
        ended = replace(record, incident=over, timeline=(*record.timeline, entry))
        yield f"card of what was {outcome}", card(ended, **look)
        yield f"announcement of what was {outcome}", announcement(ended, **look)
        yield f"page_dm of what was {outcome}", page_dm(ended)
        yield f"end of what was {outcome}", room_message("ended", {"by": words, "outcome": outcome, **about}, ended)
        yield f"all clear of what was {outcome}", room_message("all_clear", {"outcome": outcome, **about}, ended)
        yield f"answer of what was {outcome}", merging.undone(over)
    took = replace(record, timeline=(*record.timeline, Entry(KIND, words, {"step": TOOK_IN, **about})))
    yield "card of what took in another one", card(took, **look)
    outlook = Outlook(incident, other, words, (words,) * 40, words, HANDED_OVER, words)
    for outcome in (MERGED, DUPLICATE):
        yield f"question before {outcome}", merging.confirm(outlook, outcome)
        yield f"choice for {outcome}", merging.picker(incident, [other] * 120, outcome)
    yield "choice of none", merging.picker(incident, [], MERGED)
    yield "undone", merging.undone(incident)


def _record(words: str, record: Record) -> Iterator[tuple[str, Any]]:
    incident, at = record.incident, samples.START
    many = tuple(Entry("note", words, {"text": words or "x"}, at=at, id=100 + n, permalink=words) for n in range(21))
    long = replace(record, timeline=(*record.timeline, *many))
    for page in range(2):
        yield f"timeline {page}", records.timeline(long, page, {"eve": words})
    yield "timeline of little", records.timeline(record)
    yield "noted", records.noted(incident)
    yield "kept", records.kept(incident, "U0001", "U0001")
    yield "kept already", records.kept(incident, words, "U0001")
    yield "corrected", records.corrected(incident, public=True)
    yield "no incident", records.no_incident()
    yield "caught up late", records.offer(record, samples.after(hours=1))
    yield "note form", records.note_form(incident, words)
    yield "correct form", records.correct_form(long, {"U0001": words}, "UTC", words, words)
    message = Message("C0042", "1763647320.000100", words, words, words)
    yield "keep form", records.keep_form([incident] * 120, message, "http://127.0.0.1:9000/response/1")
    items = [ActionItem(incident.number, words, words, words, id=n) for n in range(9)]
    listed = Checklist.model_construct(id="x", name=words or "empty", items=(words, "b"), posted_at=(), severities=())
    posted = replace(long, refs=(*record.refs, Ref("checklist", "1.2", "x")))
    yield "catchup", catchup.catchup(posted, samples.after(hours=1), badge=words[:9], checklists=[listed], items=items)
    preview = Preview(words, "identified", words, ((words, words),))
    yield (
        "publish",
        publish.form(incident, preview, words, "http://127.0.0.1:9000/response/1", "identified", again=True),
    )
    yield "publish for which", publish.ask([incident] * 120, words)
    yield "published", publish.published(record)


def _action_items(words: str, record: Record) -> Iterator[tuple[str, Any]]:
    incident, today = record.incident, samples.START.date()
    states = (OPEN, OPEN, DONE, DONE)
    items = tuple(
        ActionItem(incident.number, words, words, words, today, words, id=n + 1, state=states[n % 4], done_by=words)
        for n in range(40)
    )
    yield "action items", action_items.listing(incident, items, today)
    yield "no action items", action_items.listing(incident, (), today)
    yield "action item", action_items.made(items[0], private=True)
    yield "action item again", action_items.made(None)
    for item in items[1:3]:
        yield f"action item {item.state}, in its reminder", action_items.reminded(item, today)
    mine = Mine(words, (incident,) * 50, items, today, done=items[2:8])
    yield "mine", action_items.mine(mine)
    yield "mine at home", home.tab(desk.Desk(), [], {}, samples.START, action_items.at_home(mine))
    yield "action item changed", action_items.change_form(items[0], incident, actions.EDIT_LISTED)
    yield "nothing of mine", action_items.mine(Mine(words, (), (), today))
    message = Message("C0042", "1763647320.000100", words, words, words)
    yield "action form", action_items.form("U0001", incident, (), words, message)
    yield "action form anywhere", action_items.form(words, None, [incident] * 120, words, message)


def _scope(words: str, record: Record) -> Iterator[tuple[str, Any]]:
    incident, names = record.incident, {"api": words, **{f"service{n}": words for n in range(60)}}
    yield "severity changed", severity.changed(incident, data(words) | {"raised": True, "people": ["U0001", words]})
    yield "severity lowered", severity.changed(incident, {"silenced": True, "room": True, "public": "opened"})
    yield "severity lowered a little", severity.changed(incident, {"goes_on": True, "no_phone": True})
    yield "services", affected.shown(incident, names)
    yield "services of nothing", affected.shown(replace(incident, services=()), {})
    yield "services changed", affected.changed(incident, names, public=True)
    yield "impact kept", scope.impact_kept(incident)
    link = Link(1, words, words)
    yield "link kept", scope.link_kept(incident, link)
    yield "links", scope.links(incident, [link] * 40)
    yield "no links", scope.links(incident, [])
    yield "which link", scope.which_link(incident, [link] * 40)
    yield "link removed", scope.link_removed(incident, link)
    yield "link gone", scope.link_removed(incident, None)
    yield "invited", scope.invited(replace(incident, private=True), Guests(("U0001", words), ("S1",)), [words])
    reach = Reach("C0042", True, ("C0042", words), ("issue", "status", "pages"))
    for known in (reach, Reach()):
        yield f"private? {known.room}", privacy.preview(incident, known)
        yield f"private {known.room}", privacy.done(incident, known)
    for what in ("card", "announcement", "merge"):
        yield f"withdrawn {what}", stamp(privacy.withdrawn(what), "muster-17")
    worded = {"label": words or "x", "means": words or "x", "badge": words[:9] or "x"}
    shown = [each.model_copy(update=worded) for each in SEVERITIES]
    yield "severity form", severity.form(incident, [severity.Meaning(each, True) for each in shown], words)
    yield "services form", affected.form(incident, names)
    yield "impact form", scope.impact_form(incident)
    yield "link form", scope.link_form(incident)
    yield "invite form", scope.invite_form(replace(incident, private=True), [("S1", words)] * 3)


def _roles(words: str, record: Record) -> Iterator[tuple[str, Any]]:
    named = [Role.model_construct(id="x" * 20, name=words or "empty", does=words)]
    known = [*named, *(Role.model_construct(id=f"r{n}", name=words or "empty", does=words) for n in range(9))]
    ended = Tenure("r1", words, samples.START, samples.after(minutes=5), words)
    held = Tenure("r2", words, samples.START, None, words)
    yield "roles", roles.board(replace(record, roles=(ended, held)), known, words)
    for done in (True, False):
        seat = Seat(record.incident, known[0], words, samples.START, done)
        yield f"role taken {done}", roles.taken(seat, words)
        yield f"role taken by another {done}", roles.taken(replace(seat, holder="U0002"), words)
        yield f"role given {done}", roles.given(seat, words)
        yield f"role of nobody {done}", roles.given(replace(seat, holder=None), words)
        yield f"role taken, of nobody {done}", roles.taken(replace(seat, holder=None), words)
        yield f"role left {done}", roles.left(seat)


def _reminders(incident: Incident) -> Iterator[tuple[str, Any]]:
    yield "snoozed", reminders.snoozed(incident, samples.after(hours=1))
    for done in (True, False):
        yield f"awake {done}", reminders.awake(incident, done)
    yield "stable", reminders.stable(incident)
    yield "is it stable", reminders.ask_stable(incident)


def _week(words: str, incident: Incident) -> Week:
    pages = (Paging(incident, samples.START, (words,)),) * 40
    return Week(words, words, words, (incident,) * 3, pages, {incident.number: words})


def _trials(words: str, record: Record) -> Iterator[tuple[str, Any]]:
    tested = replace(record, incident=replace(record.incident, test=True))
    yield "test page", page_dm(tested)
    yield "test pages", trials.latest([tested] * 3)
    yield "no test pages", trials.latest([])
    yield "test begun", trials.begun(Begun(tested.incident, ("slack", "phone", "sms"), words, words))
    yield "test of little", trials.begun(Begun(tested.incident, ("slack",), connected=False))
    yield "test repeated", trials.begun(None)


def _on_call(words: str) -> Iterator[tuple[str, Any]]:
    begin, end = samples.START, samples.after(hours=4)
    override = Override(words, words, begin, end, words, 3)
    nobody, somebody = Shift(None, begin, end), Shift(words, end, None)
    people = {"ana": "U0001"}
    yield (
        "on call",
        on_call.on_call([Duty(words, nobody, somebody, override), Duty(words, somebody, None, None)], people),
    )
    there = OnCall(Who(words, words), 2, words, words, end)
    vendors = (
        Rostered(words, (Watch(words, there),) * 120),
        Rostered("pagerduty", problem=words),
        Rostered("opsgenie"),
    )
    yield "on call at the vendors", on_call.on_call([], people, vendors)
    yield "on call of nothing", on_call.on_call([], people)
    yield "stood in", on_call.stood_in(override, [override] * 3, [None, words], people)
    yield "cancelled", on_call.cancelled(override, True, begin, people)
    yield "overrides", on_call.overrides([override] * 120, people)
    yield "no overrides", on_call.overrides([], people)
