"""The ladder as the clock climbs it: level after level, and from the top again, until somebody answers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain import alerts, pace, rings, room
from domain.decision import MUSTER, Decision, Effect, Entry, Timer
from domain.incidents import Incident
from domain.overrides import Override
from domain.paging import (
    RINGS,
    Step,
    answered,
    is_seen,
    never_arrived,
    paged,
    paged_for,
    refused,
    standing,
    step_of,
    unable,
)
from domain.policy import OWN_PAGER, Level, Policy
from domain.record import DELIVERED, WAITING, Record
from domain.severities import Severity

CLIMBING = ("acknowledge_timeout", "repeat_ladder")
"""The timers that go on to the next level; whoever goes there takes their place. The level's phone rings still."""

AT_ONCE = ("slack", "email")  # what wakes nobody need not wait

NOTHING = timedelta()


def first_page(incident: Incident, policy: Policy, now: datetime, overrides: Iterable[Override] = ()) -> Decision:
    """Ring the first level that can be reached, and set the timers that ring on until somebody answers."""
    if not policy.severity_of(incident).page:
        return Decision(incident)
    draft = Record(incident, "", overrides=tuple(overrides))
    if policy.pager != OWN_PAGER:
        return _page_by_vendor(draft, policy, "1", now)
    levels = policy.levels_at(incident, now, draft.overrides)
    level = pace.first_filled(levels)
    if level is None:
        return _nobody(draft, policy, levels, 0, 1, now)
    of = Step(level)
    severity = policy.severity_of(incident)
    at_once = replace(levels[level], means=first_means(levels[level], severity))
    return Decision(
        incident,
        entries=(*_passed_over(levels, 0, level), paged("page", OWN_PAGER, levels[level].people, of)),
        effects=rings.rung((), policy, at_once, of),
        timers=(*pace.level(draft, policy, of, now), *pace.phone(draft, policy, of, severity.call_after, now)),
    )


def first_means(level: Level, severity: Severity) -> tuple[str, ...]:
    """What rings a first level at once by Muster itself: the phone waits where the severity gives Slack a while."""
    waits = severity.call_after is not None and "slack" in level.means
    return tuple(means for means in level.means if means in AT_ONCE) if waits else level.means


def page_again(record: Record, policy: Policy, now: datetime) -> Decision:
    """A new page from the top, such as after the severity was raised: a new alert with the pager's vendor, or the
    ladder's next round; also where somebody had acknowledged before.

    `record` holds the incident as it shall be: its severity says who is paged and by what. This owes the page and all
    that rings on until somebody answers; while an acknowledgement stands, the page alone and the watch over it. The
    caller owes what else has changed (timeline, card, announcement, SLA), and takes the acknowledgement back where the
    ladder shall climb anew.
    """
    if not policy.severity_of(record.incident).page:
        return Decision(record.incident)
    if policy.pager == OWN_PAGER:
        page = page_level(record, policy, 0, standing(record).round + 1, now, asked=True, again=True)
    else:
        page = _page_by_vendor(record, policy, alerts.next_target(record, policy.pager), now, asked=True)
    return replace(page, cancel=() if answered(record.incident) else (*CLIMBING, "phone_call"))


def _page_by_vendor(record: Record, policy: Policy, target: str, now: datetime, asked: bool = False) -> Decision:
    """The vendor's own policy rings; Muster keeps the time, and names whom its own first level would be."""
    levels = policy.levels_at(record.incident, now, record.overrides)
    level = pace.first_filled(levels) or 0
    of = Step(level, max(standing(record).round, 1) + int(target != alerts.FIRST), asked=asked)
    later = policy.severity_of(record.incident).call_after
    phone = () if answered(record.incident) else pace.phone(record, policy, of, later, now)
    return Decision(
        record.incident,
        entries=(*_passed_over(levels, 0, level), paged("page", policy.pager, levels[level].people, of)),
        effects=(Effect(policy.pager, "page", target, of.data),),
        timers=(*_ladder_or_watch(record, policy, of, now), *phone),
    )


def phone_call(record: Record, policy: Policy, level: int, round: int, now: datetime) -> Decision:
    """Nobody has answered the page: call and text those who are on the level now; where nobody is any more, those whom
    it paged."""
    incident, of = record.incident, Step(level, round)
    levels = policy.levels_at(incident, now, record.overrides)
    if answered(incident) or level >= len(levels):
        return Decision(incident)
    if not is_seen(record, policy):
        return _ask_in_room(record, policy)
    people = levels[level].people or paged_for(record, policy, of)
    able = [each for each in people if each.slack not in unable(record)]
    calls = rings.calls(record.owed, policy, replace(levels[level], people=tuple(able)), of)
    if not calls:
        return Decision(incident)
    return Decision(
        incident,
        entries=(paged("call", policy.phone, able, of),),
        effects=(*calls, room.card()),
        timers=(pace.overdue(record, policy, of, now),),
    )


def acknowledge_timeout(record: Record, policy: Policy, level: int, round: int, now: datetime) -> Decision:
    """The level's time is over: page the next one."""
    incident = record.incident
    if answered(incident):
        return Decision(incident)
    if not is_seen(record, policy):
        again = pace.top(record, policy, round, now)
        return replace(_ask_in_room(record, policy), timers=(Timer("repeat_ladder", again, {"round": round + 1}),))
    return page_level(record, policy, level + 1, round, now)


def repeat_ladder(record: Record, policy: Policy, round: int, now: datetime) -> Decision:
    """From the top, until somebody answers."""
    if answered(record.incident):
        return Decision(record.incident)
    if not is_seen(record, policy):
        return acknowledge_timeout(record, policy, -1, round, now)
    return page_level(record, policy, 0, round, now)


def page_level(
    record: Record,
    policy: Policy,
    start: int,
    round: int,
    now: datetime,
    asked: bool = False,
    by: str = MUSTER,
    again: bool = False,
    here: Collection[str] = (),
    **more: Any,
) -> Decision:
    """Page the first level from `start` on that can be reached now, by message and, where it phones, by phone at once;
    where there is none, the ladder begins again. `again`: not because nobody answered. A level of nobody but those who
    are `here` is passed over. `more` is kept on the timeline's line."""
    levels = [each.besides(here) for each in policy.levels_at(record.incident, now, record.overrides)]
    level = pace.first_filled(levels, start)
    if level is None:
        return _nobody(record, policy, levels, start, round, now)
    of = Step(level, round, asked=asked)
    people = levels[level].people
    step, slack_ids = "page" if again else "escalated", [person.slack for person in people]
    said = room.say(**_why(again, by, more), level=level, people=slack_ids)
    return Decision(
        record.incident,
        (*_passed_over(levels, start, level, round), paged(step, OWN_PAGER, people, of, by, **more)),
        (*rings.rung(record.owed, policy, levels[level], of), room.invite(*slack_ids), said, room.card()),
        _ladder_or_watch(record, policy, of, now),
        cancel=() if answered(record.incident) else CLIMBING,
    )


def _why(again: bool, by: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """Which words tell the room that a level is asked: a person wanted it, it is a new page, or nobody answered."""
    if by != MUSTER:
        return {"say": "escalated", "by": by, **more}
    return {"say": "paged_again" if again else "nobody_acknowledged"}


def _ladder_or_watch(record: Record, policy: Policy, of: Step, now: datetime) -> tuple[Timer, ...]:
    """After an acknowledgement nothing climbs any more; what a person asked for must get through all the same."""
    if answered(record.incident):
        return (pace.overdue(record, policy, of, now),)
    return pace.level(record, policy, of, now)


def _nobody(record: Record, policy: Policy, levels: Sequence[Level], start: int, round: int, now: datetime) -> Decision:
    """The ladder is at its end: from the top when its round is over. Where nobody at all was rung, that is said by
    every means that is left, with the numbers that a person may dial."""
    incident = record.incident
    rang = _anybody_was_rung(record, round)
    again = (pace.top if rang else pace.later_top)(record, policy, round, now)
    top = Timer("repeat_ladder", again, {"round": round + 1})
    passed = _passed_over(levels, start, len(levels), round)
    timers = () if answered(incident) else (top,)
    cancel = () if answered(incident) else CLIMBING
    if rang:
        # Where the top is asked at once, that says so itself.
        said = (room.say("nobody_acknowledged", level=start, again=top.due_at.isoformat()),) if top.due_at > now else ()
        return Decision(incident, passed, said, timers, cancel)
    numbers = [] if incident.private else [list(each) for each in policy.dialable]
    spare, of = alerts.spare(record, policy, round), Step(len(levels), round, asked=answered(incident))
    alarm = paged("nobody", list(spare), (), of, numbers=numbers)
    pages = tuple(Effect(lane, "page", alerts.next_target(record, lane), {**of.data, "spare": True}) for lane in spare)
    watch = (pace.overdue(record, policy, of, now),) if spare else ()
    effects = (*pages, *_mailed(record, policy, levels, of), *_alarm(record, policy, top.due_at, spare))
    return Decision(incident, (*passed, alarm), effects, (*timers, *watch), cancel)


def _mailed(record: Record, policy: Policy, levels: Sequence[Level], of: Step) -> tuple[Effect, ...]:
    """To everybody whom the ladder would ask: who cannot be rung may read."""
    everybody = tuple(dict.fromkeys(person for level in levels for person in level.people))
    return rings.mails(record.owed, policy, Level(everybody, NOTHING, ("email",)), of, alarm=True)


def _alarm(record: Record, policy: Policy, again: datetime, spare: Sequence[str]) -> tuple[Effect, ...]:
    """The room, the announcement, and a message to whoever leads or is told of such incidents anyway."""
    incident = record.incident
    told = dict.fromkeys((incident.commander or "", *(person.slack for person in policy.noticed(incident))))
    words = {"numbers": [list(each) for each in policy.dialable], "again": again.isoformat(), "by": list(spare)}
    elsewhere = {**words, "numbers": []} if incident.private else words
    return (
        room.say("nobody_reachable", **words),
        *(room.tell(each, "nobody_reachable", **elsewhere) for each in told if each),
        *room.show(incident, policy),
    )


def _anybody_was_rung(record: Record, round: int) -> bool:
    """Whether this round has rung somebody, or may still."""
    return any(
        owed.kind in RINGS
        and owed.state in (WAITING, DELIVERED)
        and not refused(owed)
        and not never_arrived(record, owed)
        for owed in record.owed
        if step_of(owed.data).round == round and not owed.data.get("ask") and not owed.data.get("alarm")
    )


def _passed_over(levels: Sequence[Level], start: int, stop: int, round: int = 1) -> tuple[Entry, ...]:
    """Levels that nobody can be reached on are not waited for, and are written down with the reason."""
    return tuple(
        paged(
            "passed_over",
            "",
            (),
            Step(n, round),
            holes=[{"kind": hole.kind, "schedule": hole.schedule} for hole in level.holes],
        )
        for n, level in enumerate(levels)
        if start <= n < stop
    )


def _ask_in_room(record: Record, policy: Policy) -> Decision:
    return Decision(record.incident, effects=(room.say("unseen_acknowledgement", lane=policy.pager),))
