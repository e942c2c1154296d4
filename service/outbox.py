"""Carries out what is owed: one lane a vendor, side by side, until each effect is delivered. Only it retries."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import outcomes, paging
from domain.decision import Decision
from domain.errors import Permanent, Temporary, Unavailable
from domain.policy import Policy
from domain.record import Owed, Receipt, Record
from service import metrics
from service.clock import Clock
from service.deliveries import Verb, disconnected
from service.loops import Loop
from storage import incidents, queue
from storage.db import Store

log = logging.getLogger("muster.outbox")

URGENT_LANES_TIMEOUT_S = 5.0
TIMEOUT_S = 15.0
LEASE_MARGIN_S = 5.0
AT_ONCE = 8
SLACK_AT_ONCE = 24
URGENT_PATIENCE_S = 0.5
PATIENCE_S = 2.0
"""By so much people's commands go before what rings somebody, and that before everything else."""

POLL_S = 1.0
"""How soon another process's row, or one whose time has come, is seen."""

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 60.0
LONGEST_PAGE_RETRY_S = 10.0
REFUSED_PAGE_RETRY_S = 60.0
GIVE_UP_AFTER = timedelta(hours=24)
DATABASE_RETRY_S = 0.3
STOP_WITHIN_S = 5.0
"""Containers are killed 10 s after they were asked to stop."""

SAME_METHOD = (("post_card", "announce", "post", "tell"), ("refresh_card", "refresh_announcement"))
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
    at_once = SLACK_AT_ONCE if lane == "slack" else AT_ONCE
    return Limits(URGENT_LANES_TIMEOUT_S if rings else TIMEOUT_S, at_once)


class Outbox:
    """All lanes. `wake` after a commit; `start` and `stop` with the process."""

    def __init__(
        self, store: Store, clock: Clock, policy: Policy, owner: str, verbs: Mapping[str, Mapping[str, Verb]]
    ) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy
        self._owner = owner
        self._verbs = verbs
        self._lanes: dict[str, Lane] = {}
        self._polling = Loop("outbox", self._poll)

    def start(self) -> None:
        """Begin with whatever is owed already."""
        for lane in self._verbs:
            self._open(lane)
        self._polling.start()

    async def stop(self) -> None:
        """Take nothing more and let what is on the wire finish; a row that does not is claimed again later."""
        await asyncio.gather(self._polling.stop(), *(lane.stop() for lane in self._lanes.values()))

    def wake(self, lanes: Iterable[str]) -> None:
        """Something new is owed to these."""
        for lane in lanes:
            self._open(lane).wake()

    def _open(self, name: str) -> "Lane":
        if name not in self._lanes:
            verbs = self._verbs.get(name, {})
            worker = Worker(self._store, self._clock, self._policy, self._owner, name, verbs, self.wake)
            self._lanes[name] = Lane(worker)
            self._lanes[name].start()
        return self._lanes[name]

    async def _poll(self) -> None:
        while True:
            try:
                self.wake(await self._store.transact(queue.lanes_due, self._clock.now()))
            except Unavailable as error:
                log.warning("the database does not answer: %s", error)
            await asyncio.sleep(POLL_S)


class Lane:
    """One vendor's loop: as many deliveries at once as the vendor may get, started as soon as there is room."""

    def __init__(self, worker: "Worker") -> None:
        self._worker = worker
        self._awake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._loop = Loop(f"the lane {worker.lane}", self._run)
        self._stopping = False

    def start(self) -> None:
        self._loop.start()

    def wake(self) -> None:
        self._awake.set()

    async def stop(self) -> None:
        """What is being claimed is still carried out: nobody else could for the length of its lease."""
        self._stopping = True
        self.wake()
        await self._loop.stop(within=STOP_WITHIN_S)
        if self._running:
            await asyncio.wait(self._running, timeout=STOP_WITHIN_S)

    async def _run(self) -> None:
        self.wake()
        while True:
            await self._awake.wait()
            self._awake.clear()
            if self._stopping:
                return
            room = self._worker.limits.at_once - len(self._running)
            if room <= 0:
                continue
            try:
                claimed = await self._worker.claim(room)
            except Unavailable as error:
                log.warning("%s: the database does not answer: %s", self._worker.lane, error)
                await asyncio.sleep(DATABASE_RETRY_S)
                self._awake.set()
                continue
            for record, owed in claimed:
                task = asyncio.create_task(self._worker.deliver(record, owed))
                self._running.add(task)
                task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._awake.set()


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
        self._wake = wake
        self._paused: dict[str, datetime] = {}
        self._held: set[int] = set()

    async def claim(self, at_most: int) -> list[tuple[Record, Owed]]:
        """What goes now, with each incident as it is in the claiming transaction."""
        now = self._clock.now()
        paused = [kind for kind, until in self._paused.items() if until > now]
        claimed = await self._store.transact(self._claim, at_most, paused)
        self._held |= {owed.id for _, owed in claimed}
        return claimed

    def _claim(self, at_most: int, paused: list[str]) -> list[tuple[Record, Owed]]:
        now = self._clock.now()
        claimed = queue.claim(self.lane, at_most, self._owner, now, self.limits.lease, paused, self._held)
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
        return wanted

    async def deliver(self, record: Record, owed: Owed) -> None:
        """One call and its outcome."""
        try:
            await self._attempt(record, owed)
        finally:
            self._held.discard(owed.id)

    async def _attempt(self, record: Record, owed: Owed) -> None:
        """One of the two places that may catch Exception."""
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
            await self._delivered(owed, receipt)

    async def _delivered(self, owed: Owed, receipt: Receipt) -> None:
        now = self._clock.now()
        if owed.kind == "page":
            metrics.TIME_TO_PAGE.observe((now - owed.due_at).total_seconds())

        def work() -> Decision | None:
            incidents.get(owed.incident, lock=True)
            if not queue.deliver(owed.id, self._owner, now, receipt.vendor_id, receipt.result):
                return None
            incidents.remember(owed.incident, receipt.refs)
            return self._apply(
                outcomes.delivered(incidents.record(owed.incident), self._policy, owed, receipt, now), now
            )

        await self._settle(work)

    async def _postpone(self, record: Record, owed: Owed, problem: Temporary) -> None:
        now = self._clock.now()
        if owed.kind not in paging.RINGS and now - owed.due_at > GIVE_UP_AFTER:
            await self._refused(record, owed, f"given up after a day: {problem.reason}")
            return
        wait = _wait(owed, problem)
        if problem.pause:
            self._pause(owed.kind, now + timedelta(seconds=wait))
        log.warning("%s: %s %s is late: %s", record.incident.key, self.lane, owed.kind, problem.reason)

        def work() -> Decision | None:
            incidents.get(owed.incident, lock=True)
            if not queue.postpone(owed.id, self._owner, problem.reason, now + timedelta(seconds=wait)):
                return None
            late = outcomes.late(incidents.record(owed.incident), self._policy, owed, problem.reason)
            return self._apply(late, now)

        await self._settle(work)

    async def _refused(self, record: Record, owed: Owed, reason: str) -> None:
        now = self._clock.now()
        log.warning("%s: %s refused %s: %s", record.incident.key, self.lane, owed.kind, reason)

        def work() -> Decision | None:
            incidents.get(owed.incident, lock=True)
            if not self._give_back(owed, reason, now):
                return None
            record = incidents.record(owed.incident)
            return self._apply(outcomes.failed(record, self._policy, owed, reason, now), now)

        await self._settle(work)

    def _give_back(self, owed: Owed, reason: str, now: datetime) -> bool:
        """A page never gives up: it is tried again later. Everything else has failed."""
        if owed.kind in paging.RINGS:
            return queue.postpone(owed.id, self._owner, reason, now + timedelta(seconds=REFUSED_PAGE_RETRY_S))
        return queue.fail(owed.id, self._owner, reason)

    def _apply(self, decision: Decision, now: datetime) -> Decision:
        incidents.apply(decision, now)
        return decision

    async def _settle(self, work: Callable[[], Decision | None]) -> None:
        """The outcome must be written: the effect has happened. Past the lease the row is claimed anew."""
        until = time.monotonic() + self.limits.lease.total_seconds()
        while True:
            try:
                decision = await self._store.transact(work)
            except Unavailable as error:
                log.warning("%s: an outcome could not be written yet: %s", self.lane, error)
                if time.monotonic() > until:
                    return
                await asyncio.sleep(DATABASE_RETRY_S)
            else:
                self._wake([*(effect.lane for effect in (decision.effects if decision else ())), self.lane])
                return

    def _pause(self, kind: str, until: datetime) -> None:
        group = next((kinds for kinds in SAME_METHOD if kind in kinds), (kind,))
        for name in group:
            self._paused[name] = until


def _wait(owed: Owed, problem: Temporary) -> float:
    """Seconds until the next attempt: what the vendor asked for, else twice as long each time, with jitter."""
    longest = LONGEST_PAGE_RETRY_S if owed.kind in paging.RINGS else LONGEST_RETRY_S
    if problem.retry_after is not None:
        return max(problem.retry_after, 0.05)
    wait: float = min(FIRST_RETRY_S * 2 ** min(owed.attempts - 1, 16), longest)
    return wait * random.uniform(0.75, 1.25)
