"""Who is rung, when and by what means, until somebody answers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain import room
from domain.decision import MUSTER, Decision, Effect, Entry, Timer
from domain.incidents import Incident
from domain.overrides import Override
from domain.people import Person
from domain.policy import OWN_PAGER, WITH_PHONE, Level, Policy
from domain.record import DELIVERED, WAITING, Owed, Record, Ref
from domain.severities import Severity

LADDER = ("acknowledge_timeout", "phone_call", "page_overdue", "repeat_ladder")
"""The timers that may still ring somebody."""

RINGS = ("page", "call", "text")
"""The kinds of effect that ring somebody."""

MESSAGES = "slack-page"
"""The lane of pages by direct message."""

CLAIM_MARGIN = timedelta(seconds=5)
"""The next means is claimed this long before the 60 s are over, so that it is on the wire when they are."""


def first_page(incident: Incident, policy: Policy, now: datetime, overrides: Iterable[Override] = ()) -> Decision:
    """Ring the first level that somebody is on, and set the timers that ring on until somebody answers."""
    if not policy.severity_of(incident).page:
        return Decision(incident)
    overrides = tuple(overrides)
    levels = policy.levels_at(incident, now, overrides)
    level = first_filled(levels) or 0
    people = levels[level].people
    if policy.pager == OWN_PAGER:
        effects = _first_rings(policy, policy.severity_of(incident), levels[level], level)
    else:
        effects = (Effect(policy.pager, "page", "1", {"level": level, "round": 1}),)
    draft = Record(incident, "", overrides=overrides)
    return Decision(
        incident,
        entries=(*_passed_over(levels, 0, level), _paged("page", policy.pager, people, level)),
        effects=effects,
        timers=(*_ladder_timers(draft, policy, level, 1, now), *_phone_timer(draft, policy, level, now)),
    )


def first_means(level: Level, severity: Severity) -> tuple[str, ...]:
    """What rings a first level at once by Muster itself: the phone waits where the severity gives Slack a while."""
    waits = severity.call_after is not None and "slack" in level.means
    return ("slack",) if waits else level.means


def _first_rings(policy: Policy, severity: Severity, level: Level, number: int) -> tuple[Effect, ...]:
    at_once = replace(level, means=first_means(level, severity))
    messages = _messages((), level.people, number, 1)
    calls = _calls((), policy, at_once, number, 1)
    # Whatever the means: a page that nothing would carry goes by message.
    return (*(messages if "slack" in at_once.means or not calls else ()), *calls)


def people_of(decision: Decision) -> tuple[str, ...]:
    """The Slack ids of those whom a decision pages."""
    told = (person for entry in decision.entries if entry.kind == "page" for person in entry.data["people"])
    return tuple(dict.fromkeys(told))


def first_filled(levels: Sequence[Level], start: int = 0) -> int | None:
    """The number of the first level from `start` on that somebody is on; None where there is none."""
    return next((n for n, level in enumerate(levels) if n >= start and not level.empty), None)


def _passed_over(levels: Sequence[Level], start: int, stop: int) -> tuple[Entry, ...]:
    """Levels that nobody is on are not waited for, and are written down with the reason."""
    return tuple(
        _paged("passed_over", "", (), n, holes=[{"kind": hole.kind, "schedule": hole.schedule} for hole in level.holes])
        for n, level in enumerate(levels)
        if start <= n < stop
    )


def _phone_timer(record: Record, policy: Policy, level: int, now: datetime) -> tuple[Timer, ...]:
    wait = policy.severity_of(record.incident).call_after
    if wait is None or not policy.phone:
        return ()
    data = {"level": level, "round": 1, **_named(record, policy, level, now + wait)}
    return (Timer("phone_call", now + wait, data),)


def _ladder_timers(record: Record, policy: Policy, level: int, round: int, now: datetime) -> tuple[Timer, ...]:
    levels = policy.levels_at(record.incident, now, record.overrides)
    due = now + levels[level].acknowledge_within
    return (
        _overdue(record, policy, level, round, now),
        Timer("acknowledge_timeout", due, {"level": level, "round": round, **_named(record, policy, level + 1, due)}),
    )


def _overdue(record: Record, policy: Policy, level: int, round: int, now: datetime) -> Timer:
    """Whatever rings is looked at again: what has not got through by then is replaced."""
    due = now + _patience(policy)
    return Timer("page_overdue", due, {"level": level, "round": round, **_named(record, policy, level, due)})


def _patience(policy: Policy) -> timedelta:
    return policy.fallback_after - CLAIM_MARGIN


def _named(record: Record, policy: Policy, level: int, at: datetime) -> dict[str, list[str]]:
    """Whom the timer would ring at its time, as far as is known now: for `explain`."""
    levels = policy.levels_at(record.incident, at, record.overrides)
    filled = first_filled(levels, level)
    return {} if filled is None else {"people": [person.slack for person in levels[filled].people]}


def phone_call(record: Record, policy: Policy, level: int, round: int, now: datetime) -> Decision:
    """Nobody has answered the page: call and text those who are on the level now."""
    incident = record.incident
    levels = policy.levels_at(incident, now, record.overrides)
    if _answered(incident) or level >= len(levels):
        return Decision(incident)
    if not _is_seen(record, policy):
        return _ask_in_room(incident, policy)
    people = levels[level].people
    calls = _calls(record.owed, policy, levels[level], level, round)
    if not calls:
        return Decision(incident)
    return Decision(
        incident,
        entries=(_paged("call", policy.phone, people, level),),
        effects=(*calls, room.card()),
        timers=(_overdue(record, policy, level, round, now),),
    )


def acknowledge_timeout(record: Record, policy: Policy, level: int, round: int, now: datetime) -> Decision:
    """The level's time is over: page the next one, by message and, where the severity phones, by phone at once."""
    incident = record.incident
    if _answered(incident):
        return Decision(incident)
    if not _is_seen(record, policy):
        return _ask_in_room(incident, policy)
    return _page_level(record, policy, level + 1, round, now)


def repeat_ladder(record: Record, policy: Policy, round: int, now: datetime) -> Decision:
    """From the top, until somebody answers."""
    if _answered(record.incident):
        return Decision(record.incident)
    return _page_level(record, policy, 0, round, now)


def page_overdue(record: Record, policy: Policy, level: int, round: int, now: datetime) -> Decision:
    """What rings this level has been owed for a minute: the next means at once. What was asked for just now has its
    own timer: after a gap both fall due together."""
    undelivered = [
        owed
        for owed in record.owed
        if owed.kind in RINGS
        and owed.state == WAITING
        and owed.due_at <= now - _patience(policy)
        and (owed.data.get("level"), owed.data.get("round")) == (level, round)
    ]
    waiting = [owed for owed in undelivered if not _was_replaced(record, owed.lane, level, round)]
    if not waiting:
        return Decision(record.incident)
    return next_means(record, policy, waiting[0], waiting[0].error or "no answer for a minute", now)


def next_means(record: Record, policy: Policy, owed: Owed, reason: str, now: datetime) -> Decision:
    """`owed`, a ring, is refused or silent: its level is rung by what is left, once, and the room is told."""
    incident, level, round = record.incident, int(owed.data.get("level", 0)), int(owed.data.get("round", 1))
    levels = policy.levels_at(incident, now, record.overrides)
    if _answered(incident) or _was_replaced(record, owed.lane, level, round) or level >= len(levels):
        return Decision(incident)
    people = levels[level].people
    # A page must get through: whatever means the level would choose, all that are left are used.
    every = replace(levels[level], means=WITH_PHONE)
    messages = _messages(record.owed, people, level, round) if owed.lane != MESSAGES else ()
    calls = _calls(record.owed, policy, every, level, round) if owed.lane != policy.phone else ()
    if messages and policy.severity_of(incident).call_after is None:
        calls = ()
    means = sorted({effect.lane for effect in (*messages, *calls)})
    return Decision(
        incident,
        entries=(_paged("next_means", means, people, level, instead_of=owed.lane, round=round, why=reason),),
        effects=(*messages, *calls, room.say("page_failed", lane=owed.lane, reason=reason, next=means), room.card()),
        timers=(_overdue(record, policy, level, round, now),),
    )


def unwanted(owed: Owed, incident: Incident) -> str:
    """Why this ring must not go out any more; empty while it must. Pages that a person asked for always go."""
    if owed.kind not in RINGS or owed.data.get("asked"):
        return ""
    if not incident.open:
        return "resolved before it was sent"
    return "acknowledged before it was sent" if incident.acknowledged_at else ""


def pages_of(record: Record, lane: str) -> tuple[str, ...]:
    """The numbers of the pages that this pager was asked to ring; acknowledge and resolve go to all."""
    return tuple(dict.fromkeys(o.target for o in record.owed if o.lane == lane and o.kind == "page"))


def tell_paged(refs: Iterable[Ref]) -> tuple[Effect, ...]:
    """The direct messages that paged say who is on it, or that all is over."""
    sent = [ref for ref in refs if ref.kind == "direct_message"]
    return tuple(Effect(MESSAGES, "refresh_page", ref.value, {"channel": ref.name}, refresh=True) for ref in sent)


def late_page(incident: Incident, owed: Owed, refs: Iterable[Ref]) -> tuple[Effect, ...]:
    """A page that was on the wire while somebody answered: whoever got it is told what the others were told."""
    return tell_paged(refs) if owed.kind == "page" and _answered(incident) else ()


def _page_level(record: Record, policy: Policy, start: int, round: int, now: datetime) -> Decision:
    """Page the first level from `start` on that somebody is on now; where there is none, the ladder begins again."""
    levels = policy.levels_at(record.incident, now, record.overrides)
    level = first_filled(levels, start)
    if level is None:
        return _nobody_left(record, policy, levels, start, round, now)
    people = levels[level].people
    messages = _messages(record.owed, people, level, round)
    calls = _calls(record.owed, policy, levels[level], level, round)
    slack_ids = [person.slack for person in people]
    return Decision(
        record.incident,
        entries=(*_passed_over(levels, start, level), _paged("escalated", OWN_PAGER, people, level)),
        effects=(
            *(messages if "slack" in levels[level].means or not calls else ()),
            *calls,
            room.invite(*slack_ids),
            room.say("nobody_acknowledged", level=level, people=slack_ids),
            room.card(),
        ),
        timers=_ladder_timers(record, policy, level, round, now),
    )


def _nobody_left(
    record: Record, policy: Policy, levels: Sequence[Level], start: int, round: int, now: datetime
) -> Decision:
    top = Timer("repeat_ladder", _from_the_top(record, policy, round, now), {"round": round + 1})
    return Decision(
        record.incident,
        entries=_passed_over(levels, start, len(levels)),
        effects=(room.say("nobody_acknowledged", level=start),),
        timers=(top,),
    )


def _from_the_top(record: Record, policy: Policy, round: int, now: datetime) -> datetime:
    """Rounds start `repeat_after` apart, counted from the declaration; never in the past."""
    return max(record.incident.detected_at + policy.repeat_after(record.incident) * round, now)


def _messages(had: Iterable[Owed], people: Iterable[Person], level: int, round: int) -> tuple[Effect, ...]:
    """A direct message to each person who has not had theirs at this level in this round."""
    return _not_had(
        had,
        (
            Effect(
                MESSAGES,
                "page",
                f"{person.slack}:{round}:{level}",
                {"user": person.slack, "person": person.id, "level": level, "round": round},
            )
            for person in people
        ),
    )


def _calls(had: Iterable[Owed], policy: Policy, level: Level, number: int, round: int) -> tuple[Effect, ...]:
    """A call and a text, as the level's means are, to each person who has not had theirs at it in this round."""
    return _not_had(
        had,
        (
            Effect(
                policy.phone,
                kind,
                f"{kind}:{person.id}:{round}:{number}",
                {"person": person.id, "phone": phone, "level": number, "round": round},
            )
            for person in level.people
            for kind, means, phone in (("call", "phone", person.phone), ("text", "sms", person.texted_at))
            if policy.phone and phone and means in level.means
        ),
    )


def _not_had(had: Iterable[Owed], rings: Iterable[Effect]) -> tuple[Effect, ...]:
    owed = {(each.kind, each.target) for each in had}
    return tuple(ring for ring in rings if (ring.kind, ring.target) not in owed)


def _was_replaced(record: Record, lane: str, level: int, round: int) -> bool:
    return any(
        e.data.get("step") == "next_means"
        and (e.data.get("instead_of"), e.data.get("level"), e.data.get("round")) == (lane, level, round)
        for e in record.entries("page")
    )


def is_blind(record: Record) -> bool:
    """Whether the pager's vendor cannot be asked just now who has answered."""
    steps = [e.data.get("step") for e in record.entries("pager")]
    return [step for step in steps if step in ("blind", "sighted")][-1:] == ["blind"]


def left_out(record: Record, policy: Policy, now: datetime) -> tuple[Timer, ...]:
    """The timers that asked in the room instead of ringing, due at their own times or else at once."""
    page = next((owed for owed in record.owed if owed.lane == policy.pager and owed.kind == "page"), None)
    if page is None:
        return ()
    level = int(page.data.get("level", 0))
    timers = (
        *_ladder_timers(record, policy, level, 1, page.due_at),
        *_phone_timer(record, policy, level, page.due_at),
    )
    waiting = {timer.kind for timer in record.timers}
    wanted = ("acknowledge_timeout", "phone_call")
    return tuple(replace(t, due_at=max(t.due_at, now)) for t in timers if t.kind in wanted and t.kind not in waiting)


def _is_seen(record: Record, policy: Policy) -> bool:
    """Whether somebody who answered would be known of here: a vendor that took no page has nobody who could answer."""
    pages = [owed for owed in record.owed if owed.lane == policy.pager and owed.kind == "page"]
    if pages and not any(owed.state == DELIVERED for owed in pages):
        return True
    return policy.pager_is_seen and not is_blind(record)


def _ask_in_room(incident: Incident, policy: Policy) -> Decision:
    return Decision(incident, effects=(room.say("unseen_acknowledgement", lane=policy.pager),))


def _answered(incident: Incident) -> bool:
    return incident.acknowledged_at is not None or not incident.open


def _paged(step: str, means: str | list[str], people: Iterable[Person], level: int, **more: object) -> Entry:
    data = {"step": step, "means": means, "people": [person.slack for person in people], "level": level, **more}
    return Entry("page", MUSTER, data)
