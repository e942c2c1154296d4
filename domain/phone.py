"""What becomes of calls and texts once the phone company has taken them. None of it is an acknowledgement; only a key
or a reply is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain import fallback, ladder, pace, paging, rings, room
from domain.decision import MUSTER, Decision, Effect, Entry, both
from domain.paging import MESSAGES, paged, step_of
from domain.people import Person
from domain.policy import WITH_PHONE, Level, Policy
from domain.record import Owed, Record, Ref

CALL, TEXT = LINES = ("call", "text")
"""The kinds of ring that the phone company carries, and of the references to them."""

VOICEMAIL, FAX, NO_KEY = "voicemail", "fax", "no_key"
"""How a call may end although it was picked up: Muster's own words beside Twilio's."""

FINAL = ("completed", VOICEMAIL, FAX, NO_KEY, "busy", "no-answer", "failed", "canceled", "delivered", "undelivered")
UNANSWERED = (VOICEMAIL, FAX, NO_KEY, "busy", "no-answer", *paging.NEVER_ARRIVED)
"""Ends that no person answered by; the timeline says them."""

RINGING = ("", "queued", "initiated", "ringing")
"""Nobody has picked up yet."""

RINGS_AT_MOST = timedelta(minutes=4)
"""Half a minute, and before that a queue: a call of which nothing is heard for so long rings nowhere."""

KEYS_THAT_COUNT = "12"


@dataclass(frozen=True, slots=True)
class News:
    """What is told of a `call` or a `text`: Twilio's own word `status`, `heard` as (AnsweredBy), the error's `code` (0:
    none) and its place in the order of what happened (`sequence`, -1 where that is not told).

    `number` is the incident, `person` their key in config.yaml and `ring` the outbox row, as the callback's own address
    says: the news may be here before the answer to the request.
    """

    kind: str
    sid: str
    status: str
    number: int
    person: str = ""
    ring: int = 0
    heard: str = ""
    code: int = 0
    sequence: int = -1


@dataclass(frozen=True, slots=True)
class Line:
    """A call or a text that has not come to its end."""

    number: int
    kind: str
    sid: str
    person: str


@dataclass(frozen=True, slots=True)
class TextIn:
    """An SMS to our number; `sender` in E.164, `at` aware UTC."""

    sid: str
    sender: str
    body: str
    at: datetime


def ref_of(record: Record, news: News) -> Ref:
    """The reference as it is known, or as it begins."""
    known = (ref for ref in record.refs if (ref.kind, ref.value) == (news.kind, news.sid))
    return next(known, Ref(news.kind, news.sid, name=news.person))


def is_news(ref: Ref, news: News) -> bool:
    """Whether it changes what is known: an end is final, and what was overtaken says nothing any more."""
    if not news.status or ref.data.get("status") in FINAL:
        return False
    if 0 <= news.sequence < int(ref.data.get("sequence", -1)):
        return False
    return (outcome(ref, news), news.sequence) != (ref.data.get("status"), ref.data.get("sequence"))


def outcome(ref: Ref, news: News) -> str:
    """Twilio's word, or what a call that was picked up came to: a machine picks up too, and so does whoever presses
    nothing."""
    if news.kind != CALL or news.status != "completed":
        return news.status
    if news.heard.startswith("machine"):
        return VOICEMAIL
    if news.heard == FAX:
        return FAX
    return "completed" if set(str(ref.data.get("keys", ""))) & set(KEYS_THAT_COUNT) else NO_KEY


def changed(ref: Ref, news: News) -> Ref:
    """The reference with the news."""
    told: Mapping[str, Any] = {"status": outcome(ref, news), "sequence": news.sequence, "code": news.code}
    return replace(ref, data={**ref.data, **told})


def pressed(ref: Ref, key: str) -> Ref:
    """The reference with one more key that was pressed on the call."""
    return replace(ref, data={**ref.data, "keys": f"{ref.data.get('keys', '')}{key}"[-20:]})


def told(record: Record, policy: Policy, ref: Ref, news: News, now: datetime) -> Decision:
    """What follows from the news. A ring that was taken and then failed counts like one that was refused."""
    incident, status = record.incident, outcome(ref, news)
    owed = _row(record, news)
    of = step_of(owed.data) if owed else None
    wanted = incident.open and not incident.test and (not incident.acknowledged_at or (of is not None and of.asked))
    if status in paging.NEVER_ARRIVED and owed and wanted:
        return _lost(replace(record, refs=_with(record, changed(ref, news))), policy, owed, status, news.code, now)
    data = {"step": f"{news.kind}_status", "person": ref.name, "status": status, "code": news.code}
    shown = (room.card(),) if not incident.test else ()
    return Decision(incident, (Entry("page", MUSTER, data),), shown)


def lost(record: Record, news: News) -> Owed | None:
    """The row whose ring was taken and reached nobody, as this says."""
    reached = outcome(ref_of(record, news), news) not in paging.NEVER_ARRIVED
    return None if reached else _row(record, news)


def concerns(record: Record, news: News) -> bool:
    """Whether this incident was named by the ring of another one, and hears of its end for the first time."""
    ref, row = ref_of(record, news), _row(record, news)
    return row is not None and bool(row.data.get("covered")) and is_news(ref, news)


def hang_up(record: Record, policy: Policy, by: str = "", means: str = "") -> tuple[Effect, ...]:
    """The calls that still ring or are queued are ended, once each. Not so a conversation, the call on which the answer
    was given, and what a person asked for, as long as it is wanted."""
    if not policy.phone:
        return ()
    had = {owed.target for owed in record.owed if owed.kind == "hang_up"}
    asked = {owed.vendor_id for owed in record.owed if owed.data.get("asked")} if record.incident.open else set()
    theirs = policy.person_of(by) if means == "phone" else None
    return tuple(
        Effect(policy.phone, "hang_up", f"hang_up:{ref.value}", {"sid": ref.value, "person": ref.name})
        for ref in record.refs
        if ref.kind == CALL
        and ref.data.get("status", "") in RINGING
        and ref.value not in asked
        and f"hang_up:{ref.value}" not in had
        and not (theirs and ref.name == theirs.id)
    )


def late_call(record: Record, policy: Policy, owed: Owed, sid: str) -> tuple[Effect, ...]:
    """A call that was on the wire while somebody answered is ended as soon as it is known."""
    if owed.kind != CALL or record.incident.test or not paging.answered(record.incident):
        return ()
    if owed.data.get("asked") and record.incident.open:
        return ()
    return tuple(effect for effect in hang_up(record, policy) if effect.data["sid"] == sid)


def may_ring(record: Record, end: Owed, now: datetime) -> bool:
    """Whether the call that `end` is to end may ring still: nothing says that somebody picked up or that it is over."""
    told = [ref.data.get("status", "") for ref in record.refs if (ref.kind, ref.value) == (CALL, end.data["sid"])]
    return all(status in RINGING for status in told) and now - end.due_at < RINGS_AT_MOST


def lines(record: Record) -> tuple[Line, ...]:
    """What of it has not come to its end."""
    return tuple(
        Line(record.incident.number, ref.kind, ref.value, ref.name)
        for ref in record.refs
        if ref.kind in LINES and ref.data.get("status") not in FINAL
    )


def _lost(record: Record, policy: Policy, owed: Owed, status: str, code: int, now: datetime) -> Decision:
    """Their other means at once; where there is none and nobody of the level is reached, the next level."""
    of, person = step_of(owed.data), policy.person(str(owed.data.get("person") or ""))
    rung = _other_means(record, policy, owed, person) if person else ()
    held = [each for each in rings.held(record.owed, of) if each.data.get("person") == owed.data.get("person")]
    means = sorted({*(effect.lane for effect in rung), *(each.lane for each in held)})
    about: dict[str, Any] = {"ring": owed.kind, "status": status, "code": code}
    slack = person.slack if person else str(owed.data.get("person") or "")
    ringing = Decision(
        record.incident,
        entries=(paged("ring_lost", means, (person,) if person else (), of, **about),),
        effects=(*rung, room.say("ring_lost", **about, person=slack, next=means), room.card()),
        timers=(pace.overdue(record, policy, of, now),) if means else (),
        freed=tuple(each.id for each in held),
    )
    if means or of.ask or record.incident.acknowledged_at or not fallback.is_lost(record, owed, of):
        return ringing
    return both(ringing, ladder.page_level(record, policy, of.level + 1, of.round, now))


def _other_means(record: Record, policy: Policy, owed: Owed, person: Person) -> tuple[Effect, ...]:
    of, alone = step_of(owed.data), Level((person,), timedelta(), WITH_PHONE)
    instead = {"instead_of": owed.lane}
    messages = rings.messages(record.owed, alone, of, **instead) if owed.lane != MESSAGES else ()
    return (*messages, *rings.calls(record.owed, policy, alone, of, **instead))


def _row(record: Record, news: News) -> Owed | None:
    """The row of the outbox that rang; the answer to its request may still be on its way."""
    named = (owed for owed in record.owed if owed.kind == news.kind)
    return next((each for each in named if each.vendor_id == news.sid or each.id == news.ring), None)


def _with(record: Record, ref: Ref) -> tuple[Ref, ...]:
    return (*(each for each in record.refs if (each.kind, each.value) != (ref.kind, ref.value)), ref)
