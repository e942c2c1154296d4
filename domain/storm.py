"""Many incidents at once ring a person once, with the count. Pure; what is held back is said on its own incident."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.decision import Effect
from domain.paging import MESSAGES
from domain.record import DELIVERED, Owed
from domain.settings import Paging

GATHER = timedelta(seconds=30)
"""Once somebody has had their messages, the next ones gather for so long."""

LOOK_AGAIN = timedelta(seconds=2)
"""A ring that named this one is on the wire: whether it arrived is known soon. So is the answer to what a call that is
to end rings for besides."""


@dataclass(frozen=True, slots=True)
class Ring:
    """It goes out, and names these other incidents, by number."""

    covers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Covered:
    """Another ring named it: nobody is rung twice for it."""

    by: Owed


@dataclass(frozen=True, slots=True)
class Held:
    """It waits: this person was rung for something else just now. `quietly`: too short for a line."""

    until: datetime
    by: Owed
    quietly: bool = False


@dataclass(frozen=True, slots=True)
class Capped:
    """This person was called often enough; somebody else is needed."""

    count: int


Verdict = Ring | Covered | Held | Capped


def concerns(owed: Owed) -> bool:
    """Whether this rings one person, who may be rung for other incidents too. What a person asked for always goes."""
    by_person = owed.kind in ("call", "text") or (owed.lane, owed.kind) == (MESSAGES, "page")
    return by_person and not owed.data.get("asked")


def in_doubt(owed: Owed) -> bool:
    """Whether nobody knows if it rang: whoever had it in hand is gone. What was answered by an error did not."""
    return owed.repeat and not owed.error


def whose(ring: Owed | Effect) -> str:
    """Whom it rings: a key of config.yaml, or the Slack id of somebody who does not stand there."""
    return str(ring.data.get("person") or ring.data.get("user") or "")


def judge(
    owed: Owed,
    rung: Iterable[Owed],
    coming: Iterable[int],
    rules: Paging,
    now: datetime,
    spent: Collection[str] = (),
) -> Verdict:
    """`rung` are this person's other rings of the same kind that went out lately or are on the wire (without those that
    another one covered); `coming` the incidents, by number, that would ring this person so before the next ring may go.

    `spent` are the rings, by the vendor's id, that stand for an earlier ring of this incident: for one each.
    """
    rung = sorted(rung, key=lambda each: _at(each, now))
    lately = _since(now - rules.group_within, rung, now)
    named = [each for each in lately if owed.incident in _covers(each) and each.vendor_id not in spent]
    if named:
        return Covered(named[-1]) if named[-1].state == DELIVERED else _once_known(named[-1], now)
    if in_doubt(owed):
        return Ring(_covers(owed))
    if owed.kind == "page" and len(lately) < rules.messages_per_person:
        return Ring()
    window = rules.group_within if owed.kind != "page" else GATHER
    others = [each for each in _since(now - window, rung, now) if each.incident != owed.incident]
    if others and not _stands_in(owed):
        last = others[-1]
        return Held(_at(last, now) + window, last) if last.state == DELIVERED else _once_known(last, now)
    calls = len(_since(now - rules.calls_within, rung, now))
    if owed.kind == "call" and calls >= rules.calls_per_person:
        return Capped(calls)
    return Ring(tuple(sorted(set(coming) - {owed.incident})))


def _since(then: datetime, rung: Iterable[Owed], now: datetime) -> list[Owed]:
    return [each for each in rung if _at(each, now) > then]


def _once_known(ring: Owed, now: datetime) -> Held:
    """Whether anybody is rung by what is on the wire is known soon."""
    return Held(now + LOOK_AGAIN, ring, quietly=True)


def _covers(owed: Owed) -> tuple[int, ...]:
    return tuple(owed.data.get("covers") or ())


def _stands_in(owed: Owed) -> bool:
    """What stands in for a means that failed waits for nobody, whether it was owed before or is owed for that."""
    return bool(owed.data.get("instead_of") or owed.data.get("freed"))


def _at(owed: Owed, now: datetime) -> datetime:
    """What is on the wire rings now."""
    return owed.sent_at or now
