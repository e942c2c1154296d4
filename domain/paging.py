"""Who is rung, when and by what means, until somebody answers."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from domain import room
from domain.decision import MUSTER, Decision, Effect, Entry, Timer
from domain.incidents import Incident
from domain.people import Person
from domain.policy import OWN_PAGER, Level, Policy
from domain.record import DELIVERED, WAITING, Owed, Record, Ref

LADDER = ("acknowledge_timeout", "phone_call", "page_overdue", "repeat_ladder")
"""The timers that may still ring somebody."""

RINGS = ("page", "call", "text")
"""The kinds of effect that ring somebody."""

MESSAGES = "slack-page"
"""The lane of pages by direct message."""

CLAIM_MARGIN = timedelta(seconds=5)
"""The next means is claimed this long before the 60 s are over, so that it is on the wire when they are."""


def first_page(incident: Incident, policy: Policy, now: datetime) -> Decision:
    """Ring the first level, and set the timers that ring on until somebody answers."""
    severity = policy.severity_of(incident)
    if not severity.page or not policy.levels:
        return Decision(incident)
    level = policy.levels[0]
    if policy.pager == OWN_PAGER:
        effects = _messages((), level.people, 0, 1)
    else:
        effects = (Effect(policy.pager, "page", "1", {"level": 0, "round": 1}),)
    return Decision(
        incident,
        entries=(_paged("page", policy.pager, level.people, 0),),
        effects=effects,
        timers=(*_ladder_timers(policy, 0, 1, now), *_phone_timer(incident, policy, now)),
    )


def _phone_timer(incident: Incident, policy: Policy, now: datetime) -> tuple[Timer, ...]:
    wait = policy.severity_of(incident).call_after
    if wait is None or not policy.phone:
        return ()
    return (Timer("phone_call", now + wait, {"level": 0, "round": 1, **_named(policy.levels[0])}),)


def _ladder_timers(policy: Policy, level: int, round: int, now: datetime) -> tuple[Timer, ...]:
    data = {"level": level, "round": round}
    following = policy.levels[level + 1 : level + 2]
    patience = policy.levels[level].acknowledge_within
    return (
        _overdue(policy, level, round, now),
        Timer("acknowledge_timeout", now + patience, {**data, **(_named(following[0]) if following else {})}),
    )


def _overdue(policy: Policy, level: int, round: int, now: datetime) -> Timer:
    """Whatever rings is looked at again: what has not got through by then is replaced."""
    data = {"level": level, "round": round, **_named(policy.levels[level])}
    return Timer("page_overdue", now + _patience(policy), data)


def _patience(policy: Policy) -> timedelta:
    return policy.fallback_after - CLAIM_MARGIN


def _named(level: Level) -> dict[str, list[str]]:
    """Whom the timer would ring, for `explain`."""
    return {"people": [person.slack for person in level.people]}


def phone_call(record: Record, policy: Policy, level: int, round: int, now: datetime) -> Decision:
    """Nobody has answered the page: call and text the level's people."""
    incident = record.incident
    if _answered(incident) or level >= len(policy.levels):
        return Decision(incident)
    if not _is_seen(record, policy):
        return _ask_in_room(incident, policy)
    people = policy.levels[level].people
    calls = _calls(record.owed, policy, people, level, round)
    if not calls:
        return Decision(incident)
    return Decision(
        incident,
        entries=(_paged("call", policy.phone, people, level),),
        effects=(*calls, room.card()),
        timers=(_overdue(policy, level, round, now),),
    )


def acknowledge_timeout(record: Record, policy: Policy, level: int, round: int, now: datetime) -> Decision:
    """The level's time is over: page the next one, by message and, where the severity phones, by phone at once."""
    incident = record.incident
    if _answered(incident):
        return Decision(incident)
    if not _is_seen(record, policy):
        return _ask_in_room(incident, policy)
    following = level + 1
    if following >= len(policy.levels):
        top = Timer("repeat_ladder", _from_the_top(record, policy, round, now), {"round": round + 1})
        return Decision(incident, effects=(room.say("nobody_acknowledged", level=level + 1),), timers=(top,))
    return _page_level(record, policy, following, round, now)


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
    if _answered(incident) or _was_replaced(record, owed.lane, level, round) or level >= len(policy.levels):
        return Decision(incident)
    people = policy.levels[level].people
    messages = _messages(record.owed, people, level, round) if owed.lane != MESSAGES else ()
    calls = _calls(record.owed, policy, people, level, round) if owed.lane != policy.phone else ()
    if messages and policy.severity_of(incident).call_after is None:
        calls = ()
    means = sorted({effect.lane for effect in (*messages, *calls)})
    return Decision(
        incident,
        entries=(_paged("next_means", means, people, level, instead_of=owed.lane, round=round, why=reason),),
        effects=(*messages, *calls, room.say("page_failed", lane=owed.lane, reason=reason, next=means), room.card()),
        timers=(_overdue(policy, level, round, now),),
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


def _page_level(record: Record, policy: Policy, level: int, round: int, now: datetime) -> Decision:
    people = policy.levels[level].people
    calls: tuple[Effect, ...] = ()
    if policy.severity_of(record.incident).call_after is not None:
        calls = _calls(record.owed, policy, people, level, round)
    slack_ids = [person.slack for person in people]
    return Decision(
        record.incident,
        entries=(_paged("escalated", OWN_PAGER, people, level),),
        effects=(
            *_messages(record.owed, people, level, round),
            *calls,
            room.invite(*slack_ids),
            room.say("nobody_acknowledged", level=level, people=slack_ids),
            room.card(),
        ),
        timers=_ladder_timers(policy, level, round, now),
    )


def _from_the_top(record: Record, policy: Policy, round: int, now: datetime) -> datetime:
    """Rounds start `repeat_after` apart, counted from the declaration; never in the past."""
    return max(record.incident.detected_at + policy.repeat_after * round, now)


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


def _calls(had: Iterable[Owed], policy: Policy, people: Iterable[Person], level: int, round: int) -> tuple[Effect, ...]:
    """A call and a text to each person who has not had theirs at this level in this round."""
    return _not_had(
        had,
        (
            Effect(
                policy.phone,
                kind,
                f"{kind}:{person.id}:{round}:{level}",
                {"person": person.id, "phone": person.phone, "level": level, "round": round},
            )
            for person in people
            for kind in ("call", "text")
            if policy.phone and person.phone
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
    """The first level's timers that asked in the room instead of ringing, due at their own times or else at once."""
    begun = [owed.due_at for owed in record.owed if owed.lane == policy.pager and owed.kind == "page"]
    waiting = {timer.kind for timer in record.timers}
    if not begun:
        return ()
    timers = (*_ladder_timers(policy, 0, 1, begun[0]), *_phone_timer(record.incident, policy, begun[0]))
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
