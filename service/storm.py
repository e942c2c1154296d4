"""Judges, within a claim, which rings go out and which another one covers. It calls nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain import outcomes, phone, storm
from domain.policy import Policy
from domain.record import Owed, Record
from storage import incidents, queue
from storage import storm as kept


def sifted(claimed: Sequence[tuple[Record, Owed]], policy: Policy, now: datetime) -> list[tuple[Record, Owed]]:
    """What goes out of a claim, with the other incidents that it names in its data; the rest is put down and said."""
    going: list[tuple[Record, Owed]] = []
    unjudged = [owed for _, owed in claimed]
    for record, owed in claimed:
        unjudged = [each for each in unjudged if each.id != owed.id]
        if not storm.concerns(owed):
            if not _rings_on(record, owed, now):
                going.append((record, owed))
            continue
        verdict = _judged(record, owed, unjudged, policy, now)
        if isinstance(verdict, storm.Ring):
            told = {name: value for name, value in _unheld(owed).items() if name != "covers"}
            data = {**told, **({"covers": list(verdict.covers)} if verdict.covers else {})}
            if data != owed.data:
                kept.note(owed.id, data)
            if verdict.covers:
                kept.free(owed, now + storm.LOOK_AGAIN, verdict.covers)
            going.append((record, replace(owed, data=data)))
        else:
            _put_down(incidents.record(owed.incident), owed, verdict, policy, now)
    return going


def _rings_on(record: Record, owed: Owed, now: datetime) -> bool:
    """Whether this is the end of a call that somebody has to hear for another incident: then it waits until nobody has
    to, or is put down once the call is over."""
    others = kept.still_ring(owed) if owed.kind == "hang_up" else ()
    if others and phone.may_ring(record, owed, now):
        kept.hold(owed.id, now + storm.LOOK_AGAIN, owed.data, f"it rings for INC-{others[0]} too")
    elif others:
        why = f"it rang for INC-{others[0]} too"
        queue.drop(owed.id, why)
        incidents.apply(outcomes.dropped(incidents.record(owed.incident), owed, why, now), now)
    return bool(others)


def _judged(record: Record, owed: Owed, unjudged: Sequence[Owed], policy: Policy, now: datetime) -> storm.Verdict:
    """What is claimed together and comes later counts as waiting still."""
    rules = policy.paging
    later = {each.id for each in unjudged}
    rung = [each for each in kept.rung(owed, now - max(rules.group_within, rules.calls_within)) if each.id not in later]
    same = [each for each in unjudged if _alike(each, owed) and not storm.in_doubt(each) and storm.concerns(each)]
    spent = {each.vendor_id for each in record.owed if each.data.get("covered") and _alike(each, owed)}
    return storm.judge(owed, rung, _coming(owed, same, policy, now + rules.group_within), rules, now, spent)


def _coming(owed: Owed, same: Sequence[Owed], policy: Policy, until: datetime) -> Iterator[int]:
    """Asked for only where the verdict depends on it."""
    yield from (each.incident for each in same)
    yield from (each.incident for each in kept.waiting(owed))
    person = policy.person(storm.whose(owed))
    if person and owed.kind in phone.LINES:
        yield from kept.to_be_phoned(person.slack, until)


def _alike(one: Owed, other: Owed) -> bool:
    return (one.kind, storm.whose(one)) == (other.kind, storm.whose(other))


def _unheld(owed: Owed) -> dict[str, Any]:
    """What is owed still, and is looked after like any other ring."""
    return {name: value for name, value in owed.data.items() if name != "held"}


def _put_down(record: Record, owed: Owed, verdict: storm.Verdict, policy: Policy, now: datetime) -> None:
    match verdict:
        case storm.Covered(by):
            result = f"rang with INC-{by.incident}"
            kept.cover(owed.id, now, owed.data, by.vendor_id, result)
            incidents.apply(outcomes.covered(record, owed, result, by.vendor_id, now), now)
        case storm.Held(until, by, quietly=True):
            kept.hold(owed.id, until, owed.data, owed.error)
        case storm.Held(until, by):
            why = f"waits until {until:%H:%M} UTC: rung for INC-{by.incident} just now, and the next ring names all"
            kept.hold(owed.id, until, {**owed.data, "held": until.isoformat()}, why)
            incidents.apply(outcomes.held(record, policy, owed, until, by), now)
        case storm.Capped(count):
            queue.drop(owed.id, f"called {count} times lately")
            incidents.apply(outcomes.capped(record, policy, owed, count, now), now)
