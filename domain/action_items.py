"""Action items: what somebody will do so that it does not happen again, by when. Values and what follows from them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain import room
from domain.decision import Decision, Effect, Entry, Timer
from domain.errors import Refused
from domain.incidents import Incident
from domain.people import is_slack_id, mentioned
from domain.policy import Policy
from domain.record import Record
from domain.recording import ACTION, confirm, in_thread, unconfirm
from domain.wall_clock import EPOCH, first_shown

KIND = ACTION
OPEN, DONE, WITHDRAWN = "open", "done", "withdrawn"
MADE, REOPENED, CHANGED = "made", "reopened", "changed"
TEXT_MOST = 500

DUE = "action_due"
"""The kind of the timers, and of what is said then: `item` is the item's id, `late` is whether a day has gone by since,
`past` whether its day is over where the owner is."""

MORNING, EVENING = time(9), time(17)
A_DAY = timedelta(days=1)

Seen = Callable[[str], bool]
"""Whether somebody (a Slack id) may see the incident."""


@dataclass(frozen=True, slots=True)
class ActionItem:
    """`owner`, `created_by` and `done_by` are Slack ids; `due` is a day of the owner's calendar, None for no day;
    `source` is the message that it was made of, with its permalink."""

    incident: int
    text: str
    owner: str
    created_by: str
    due: date | None = None
    permalink: str = ""
    source: str = ""
    state: str = OPEN
    id: int = 0
    created_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str = ""

    @property
    def key(self) -> str:
        """The incident's name."""
        return f"INC-{self.incident}"

    def overdue(self, today: date) -> bool:
        """Whether it should have been done by now."""
        return self.state == OPEN and self.due is not None and self.due < today


@dataclass(frozen=True, slots=True)
class Mine:
    """The open incidents that somebody has a part in, their action items, and which day it is where they are; `done`
    are those that were done lately, `roles` what they are beside commander, by incident."""

    who: str
    incidents: tuple[Incident, ...]
    items: tuple[ActionItem, ...]
    today: date
    roles: Mapping[int, Sequence[str]] = field(default_factory=dict)
    done: tuple[ActionItem, ...] = ()


def wanted(text: str) -> str:
    """The text, which says what is to be done. Raises Refused."""
    if not text:
        raise Refused('What is to be done? `/incident action "alert at 80 % of the disk" @ben friday`.')
    if len(text) > TEXT_MOST:
        raise Refused(
            f"An action item has at most {TEXT_MOST} characters, this one has {len(text):,}: one thing to do."
        )
    return text


def made(record: Record, item: ActionItem, policy: Policy, now: datetime) -> Decision:
    """Somebody takes something on, and is reminded of it when it is due."""
    confirmed = confirm(record, item.source) if item.source else ()
    told = in_thread(record, KIND, by=item.created_by, **_about(item, MADE))
    entry = Entry(KIND, item.created_by, _about(item, MADE, after=OPEN), permalink=item.permalink or None)
    return Decision(
        record.incident,
        (entry,),
        (*told, *confirmed),
        timers=_reminders(record, item, policy, now),
        cancel=(DUE,),
    )


def moved(record: Record, item: ActionItem, by: str, state: str, policy: Policy, now: datetime) -> Decision:
    """It is done, open again, or was never meant. What it is already changes nothing."""
    if item.state == state:
        return Decision(record.incident)
    step = REOPENED if state == OPEN else state
    made_by = next(
        (e.id for e in record.entries(KIND) if (e.data.get("item"), e.data.get("step")) == (item.id, MADE)), 0
    )
    about = _about(item, step, before=item.state, after=state)
    entry = Entry(KIND, by, about, corrects=made_by or None if state == WITHDRAWN else None)
    ended = unconfirm(record, item.source, KIND) if item.source and state == WITHDRAWN else ()
    return Decision(
        record.incident,
        (entry,),
        (*in_thread(record, KIND, by=by, **_about(item, step)), *ended),
        timers=_reminders(record, replace(item, state=state), policy, now),
        cancel=(DUE,),
    )


def owner_named(policy: Policy, typed: str, by: str) -> str:
    """The Slack id of whom somebody typed; nobody: whoever typed. Raises Refused."""
    word = mentioned(typed)
    if word.casefold() in ("", "me", "myself"):
        return by
    if is_slack_id(word):
        return word
    try:
        return policy.person_named(word, by).slack
    except Refused:
        raise Refused(
            f"By name Muster knows only the `people` of config.yaml, and `{typed[:40]}` is none of them. "
            "`/incident action` opens a form in which anybody can be chosen."
        ) from None


def changed(record: Record, item: ActionItem, wanted: ActionItem, by: str, policy: Policy, now: datetime) -> Decision:
    """It says something else, is somebody else's, or is due on another day. What it is already changes nothing."""
    if item.state == WITHDRAWN:
        raise Refused("This action item was taken back. `/incident action` makes another one.")
    before, after = _differing(item, wanted), _differing(wanted, item)
    if not after:
        return Decision(record.incident)
    entry = Entry(KIND, by, _about(wanted, CHANGED, before=before, after=after))
    return Decision(
        record.incident,
        (entry,),
        in_thread(record, KIND, by=by, **_about(wanted, CHANGED)),
        timers=_reminders(record, wanted, policy, now),
        cancel=(DUE,),
    )


def _differing(item: ActionItem, other: ActionItem) -> dict[str, str]:
    """What of it can be changed and is not as in the other one."""
    names = [name for name in ("text", "owner", "due") if getattr(item, name) != getattr(other, name)]
    return {name: str(getattr(item, name) or "") for name in names}


def due(record: Record, item: ActionItem | None, policy: Policy, late: bool, seen: Seen, now: datetime) -> Decision:
    """It is due: whoever took it on is reminded, and the team lead a day later. Where they may not see the incident,
    whoever leads it is told, or else somebody who may."""
    if item is None or item.state != OPEN or item.due is None:
        return Decision(record.incident)
    leads = [person.slack for person in policy.people(policy.reminders.action_item_tells)]
    if late:
        return Decision(record.incident, effects=_remind(record, item, leads, late, seen, True))
    today = now.astimezone(ZoneInfo(policy.zone_of(item.owner))).date()
    a_day_later = Timer(DUE, now + A_DAY, {"item": item.id, "people": leads, "late": True})
    return Decision(
        record.incident,
        effects=_remind(record, item, (item.owner,), late, seen, item.overdue(today)),
        timers=(a_day_later,) if leads else (),
    )


def _remind(
    record: Record, item: ActionItem, wanted: Iterable[str], late: bool, seen: Seen, past: bool
) -> tuple[Effect, ...]:
    people = dict.fromkeys(who if seen(who) else _instead(record, item, seen) for who in wanted)
    about = {
        "item": item.id,
        "text": item.text,
        "due": str(item.due),
        "people": [item.owner],
        "late": late,
        "past": past,
    }
    return tuple(room.tell(who, "action_due", **about) if who else room.say("action_due", **about) for who in people)


def _instead(record: Record, item: ActionItem, seen: Seen) -> str | None:
    """Who is told in the place of somebody who may not see it: whoever leads it, made the item or declared it. None:
    the room."""
    incident = record.incident
    others = (who for who in (item.created_by, incident.reporter) if is_slack_id(who) and seen(who))
    return incident.commander or next(others, None)


def _reminders(record: Record, item: ActionItem, policy: Policy, now: datetime) -> tuple[Timer, ...]:
    """Those of the whole incident, as this item now is: a decision cancels by kind."""
    others = (each for each in record.timers if each.kind == DUE and each.data.get("item") != item.id)
    if item.state != OPEN or item.due is None:
        return tuple(others)
    at = _reminded_at(item.due, ZoneInfo(policy.zone_of(item.owner)), now)
    return (*others, Timer(DUE, at, {"item": item.id, "people": [item.owner]}))


def _reminded_at(day: date, zone: ZoneInfo, now: datetime) -> datetime:
    """In the morning of that day where the owner is. What is taken on later than that: in the evening, or on the next
    morning there is."""
    today = now.astimezone(zone).date()
    moments = ((day, MORNING), (day, EVENING), (today, MORNING), (today + A_DAY, MORNING))
    found = (first_shown(datetime.combine(on, clock) - EPOCH, zone) for on, clock in moments)
    return next(at for at in found if at > now)


def _about(item: ActionItem, step: str, **change: object) -> dict[str, object]:
    due = item.due.isoformat() if item.due else ""
    return {
        "step": step,
        "item": item.id,
        "text": item.text,
        "people": [item.owner],
        "due": due,
        "source": item.source,
        **change,
    }
