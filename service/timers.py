"""What the clock calls: each timer's work is one transaction that deletes the timer first, so that it acts once."""

from collections.abc import Callable, Iterable
from datetime import datetime

from domain import action_items as items
from domain import decisions, fallback, ladder, notices, paging, reminders, sla, trials
from domain.decision import Decision
from domain.policy import Policy
from domain.record import Record
from service.clock import Clock
from storage import action_items, incidents, timers
from storage.db import Store
from storage.timers import Due


class Timers:
    """Runs due timers. Any number of processes may run the same one; one of them acts."""

    def __init__(self, store: Store, clock: Clock, policy: Policy, wake: Callable[[Iterable[str]], None]) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy
        self._wake = wake

    async def fire(self, id: int) -> bool:
        """Do the timer's work. False when it was cancelled or another process has done it."""
        now = self._clock.now()

        def work() -> Decision | None:
            due = timers.find(id)
            if due is None:
                return None
            record = incidents.glance(due.incident, lock=True)
            if not timers.take(id):
                return None
            decision = self._decide(due, record, now)
            incidents.apply(decision, now, record.incident)
            return decision

        decision = await self._store.transact(work)
        if decision:
            self._wake([effect.lane for effect in decision.effects])
        return decision is not None

    def _decide(self, due: Due, record: Record, now: datetime) -> Decision:
        match due.kind:
            case kind if kind in paging.LADDER:
                return self._climb(due, record, now)
            case kind if kind in reminders.KINDS:
                return reminders.due(record, self._policy, kind, now)
            case "sla_warning":
                return sla.warning(record, self._policy, now)
            case "sla_breach":
                return sla.breach(record, self._policy, now)
            case notices.NOTICE:
                return notices.due(record, self._policy, due.data, now)
            case items.DUE:
                return self._remind_of_item(due, record, now)
            case "test_over":
                return trials.end(record, now)
            case "archive_channel":
                return decisions.archive_due(record)
            case _:
                raise ValueError(f"no work is known for the timer {due.kind!r}")

    def _remind_of_item(self, due: Due, record: Record, now: datetime) -> Decision:
        """Who may see the incident is known to the database alone."""
        number = record.incident.number

        def seen(who: str) -> bool:
            return number in incidents.visible(who, {number})

        item = action_items.find(int(due.data.get("item", 0)))
        return items.due(record, item, self._policy, bool(due.data.get("late")), seen, now)

    def _climb(self, due: Due, record: Record, now: datetime) -> Decision:
        """What may still ring somebody."""
        level, round = int(due.data.get("level", 0)), int(due.data.get("round", 1))
        match due.kind:
            case "phone_call":
                return ladder.phone_call(record, self._policy, level, round, now)
            case "acknowledge_timeout":
                return ladder.acknowledge_timeout(record, self._policy, level, round, now)
            case "page_overdue":
                return fallback.page_overdue(record, self._policy, paging.step_of(due.data), now)
            case _:
                return ladder.repeat_ladder(record, self._policy, round, now)
