"""Claims what one lane owes, calls the vendor, and settles. Only it retries; what it carries out, a verb knows."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from domain import outcomes, paging
from domain.decision import Decision
from domain.errors import Permanent, Temporary, Unavailable
from domain.policy import Policy
from domain.record import Owed, Receipt, Record
from service import metrics, storm
from service.clock import Clock
from service.deliveries import Verb, disconnected
from service.loops import DATABASE_RETRY_S
from storage import incidents, queue
from storage import storm as rings
from storage.db import Store

T = TypeVar("T")
Claimed = list[tuple[Record, Owed]]

log = logging.getLogger("muster.outbox")

URGENT_LANES_TIMEOUT_S = 5.0
TIMEOUT_S = 15.0
LEASE_MARGIN_S = 5.0
AT_ONCE = 8
"""Calls of one vendor; MANY_AT_ONCE names those that take more."""

MANY_AT_ONCE = {"slack": 24, paging.MESSAGES: 64}
URGENT_PATIENCE_S = 0.5
PATIENCE_S = 2.0
"""By so much people's commands go before what rings somebody, and that before everything else."""

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 60.0
LONGEST_PAGE_RETRY_S = 10.0
REFUSED_PAGE_RETRY_S = 60.0
GIVE_UP_AFTER = timedelta(hours=24)
"""Since it was due. A page is never given up."""

SAME_METHOD = (
    ("post_card", "announce", "post", "reply", "post_reminder", "tell"),
    ("refresh_card", "refresh_announcement"),
)
"""Effects that are one Slack method: a 429 pauses them together."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one call may take (seconds), and how many go at once."""

    timeout: float
    at_once: int

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.timeout + LEASE_MARGIN_S)


def limits(lane: str, verbs: Mapping[str, Verb]) -> Limits:
    """Lanes that ring people are impatient; Slack carries the most."""
    rings = any(kind in verbs for kind in paging.RINGS)
    return Limits(URGENT_LANES_TIMEOUT_S if rings else TIMEOUT_S, MANY_AT_ONCE.get(lane, AT_ONCE))


class Worker:
    """Claims, calls the vendor, and settles: each claim and each outcome is one transaction."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        policy: Policy,
        owner: str,
        lane: str,
        verbs: Mapping[str, Verb],
        wake: Callable[[Iterable[str]], None],
    ) -> None:
        self.lane = lane
        self.limits = limits(lane, verbs)
        self._store = store.patient(PATIENCE_S if self.limits.timeout == TIMEOUT_S else URGENT_PATIENCE_S)
        self._clock = clock
        self._policy = policy
        self._owner = owner
        self._verbs = verbs
        self._rings_people = lane == paging.MESSAGES or "call" in verbs
        self._wake = wake
        self._paused: dict[str, datetime] = {}
        self._held: set[int] = set()

    async def claim(self, at_most: int) -> Claimed:
        """What goes now, with each incident as it is in the claiming transaction."""
        return self._hold(await self._store.transact(self._claim, at_most))

    def _hold(self, claimed: Claimed) -> Claimed:
        self._held |= {owed.id for _, owed in claimed}
        return claimed

    def _claim(self, at_most: int, incident: int | None = None) -> Claimed:
        now = self._clock.now()
        if self._rings_people:
            rings.alone()
        paused = [kind for kind, until in tuple(self._paused.items()) if until > now]
        claimed = queue.claim(
            self.lane, at_most, self._owner, now, self.limits.lease, paused, tuple(self._held), incident
        )
        records = {number: incidents.record(number) for number in {owed.incident for owed in claimed}}
        wanted = []
        for owed in claimed:
            record = records[owed.incident]
            reason = outcomes.unwanted(owed, record.incident)
            if reason:
                queue.drop(owed.id, reason)
                incidents.apply(outcomes.dropped(record, owed, reason, now), now)
            else:
                wanted.append((record, owed))
        return storm.sifted(wanted, self._policy, now) if self._rings_people else wanted

    async def deliver(self, record: Record, owed: Owed, room: Callable[[], int]) -> Claimed:
        """One call and its outcome. What of the same incident may go now is claimed with it: a step costs one commit.

        `room` says, once the call has been answered, how many more the lane can carry.
        """
        try:
            return await self._attempt(record, owed, room)
        finally:
            self._held.discard(owed.id)

    async def _attempt(self, record: Record, owed: Owed, room: Callable[[], int]) -> Claimed:
        """One of the three places that may catch Exception (ADR 31)."""
        verb = self._verbs.get(owed.kind, disconnected)
        try:
            with metrics.DELIVERY.labels(self.lane, owed.kind).time():
                async with asyncio.timeout(self.limits.timeout):
                    receipt = await verb(record, owed)
        except Temporary as problem:
            await self._postpone(record, owed, problem)
        except TimeoutError:
            await self._postpone(record, owed, Temporary(f"no answer within {self.limits.timeout:.0f} s"))
        except Permanent as refusal:
            await self._refused(record, owed, refusal.reason)
        except Exception:
            log.exception("%s: a fault in %s %s", record.incident.key, self.lane, owed.kind)
            await self._postpone(record, owed, Temporary("a fault in Muster, see its log"))
        else:
            return await self._delivered(record, owed, receipt, room())
        return []

    async def _delivered(self, record: Record, owed: Owed, receipt: Receipt, room: int) -> Claimed:
        now = self._clock.now()
        if owed.error and owed.attempts > 1:  # the log has said that it was late
            late = (now - owed.due_at).total_seconds()
            log.info("%s: %s %s went through %.0f s late", record.incident.key, self.lane, owed.kind, late)
        if owed.kind == "page":
            metrics.TIME_TO_PAGE.observe((now - owed.due_at).total_seconds())

        def put_down() -> bool:
            if not queue.deliver(owed.id, self._owner, now, receipt.vendor_id, receipt.result):
                return False
            incidents.remember(owed.incident, receipt.refs)
            return True

        return await self._settle(
            owed, now, put_down, lambda r: outcomes.delivered(r, self._policy, owed, receipt, now), room
        )

    async def _postpone(self, record: Record, owed: Owed, problem: Temporary) -> None:
        now = self._clock.now()
        if not _never_gives_up(record, owed) and now - owed.due_at > GIVE_UP_AFTER:
            await self._refused(record, owed, f"given up after a day: {problem.reason}")
            return
        again = now + timedelta(seconds=_wait(owed, problem))
        if problem.pause:
            self._pause(owed.kind, again)
        log.warning("%s: %s %s is late: %s", record.incident.key, self.lane, owed.kind, problem.reason)

        def put_down() -> bool:
            return queue.postpone(owed.id, self._owner, problem.reason, again)

        await self._settle(owed, now, put_down, lambda r: outcomes.late(r, owed))

    async def _refused(self, record: Record, owed: Owed, reason: str) -> None:
        """A page never gives up: it is tried again later. Everything else has failed."""
        now = self._clock.now()
        log.warning("%s: %s refused %s: %s", record.incident.key, self.lane, owed.kind, reason)

        def put_down() -> bool:
            if _never_gives_up(record, owed):
                return queue.postpone(owed.id, self._owner, reason, now + timedelta(seconds=REFUSED_PAGE_RETRY_S))
            if outcomes.overtaken(incidents.glance(owed.incident), owed):
                return queue.deliver(owed.id, self._owner, now, "", outcomes.OVERTAKEN)
            return queue.fail(owed.id, self._owner, reason)

        await self._settle(owed, now, put_down, lambda r: outcomes.failed(r, self._policy, owed, reason, now))

    async def _settle(
        self,
        owed: Owed,
        now: datetime,
        put_down: Callable[[], bool],
        decide: Callable[[Record], Decision],
        room: int = 0,
    ) -> Claimed:
        """Put the row down, apply what follows and claim what it freed, unless the row is in other hands by now."""

        def work() -> tuple[Decision, Claimed] | None:
            incidents.lock(owed.incident)
            if not put_down():
                return None
            record = incidents.glance(owed.incident)
            decision = decide(record)
            incidents.apply(decision, now, record.incident)
            more = room > 0 and not self._rings_people
            return decision, self._claim(room, owed.incident) if more else []

        settled = await self._written(owed, work)
        decision, claimed = settled or (None, [])
        self._wake([*(effect.lane for effect in (decision.effects if decision else ())), self.lane])
        return self._hold(claimed)

    async def _written(self, owed: Owed, work: Callable[[], T | None]) -> T | None:
        """The outcome must be written: the effect has happened. Past the lease the row is claimed anew."""
        until = time.monotonic() + self.limits.lease.total_seconds()
        while True:
            try:
                return await self._store.transact(work)
            except Unavailable as error:
                log.warning(
                    "INC-%s: %s %s: its outcome could not be written yet: %s",
                    owed.incident, self.lane, owed.kind, error,
                )  # fmt: skip
                if time.monotonic() > until:
                    return None
                await asyncio.sleep(DATABASE_RETRY_S)

    def _pause(self, kind: str, until: datetime) -> None:
        group = next((kinds for kinds in SAME_METHOD if kind in kinds), (kind,))
        for name in group:
            self._paused[name] = until


def _never_gives_up(record: Record, owed: Owed) -> bool:
    """A page; a test of one has found out what it was for."""
    return owed.kind in paging.RINGS and not record.incident.test


def _wait(owed: Owed, problem: Temporary) -> float:
    """Seconds until the next attempt: what the vendor asked for, else twice as long each time, with jitter."""
    longest = LONGEST_PAGE_RETRY_S if owed.kind in paging.RINGS else LONGEST_RETRY_S
    if problem.retry_after is not None:
        return max(problem.retry_after, 0.05)
    wait: float = min(FIRST_RETRY_S * 2 ** min(owed.attempts - 1, 16), longest)
    return wait * random.uniform(0.75, 1.25)
