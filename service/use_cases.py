"""What every use case shares: load, decide, apply in one transaction; then wake the lanes. It decides nothing."""

from collections.abc import Callable, Iterable
from datetime import datetime

from domain import permissions
from domain.decision import Decision
from domain.grants import SEE_PRIVATE
from domain.incidents import Incident
from domain.policy import Policy
from domain.record import Record
from service.clock import Clock
from storage import incidents, seen, speaking
from storage.db import Store

Decide = Callable[[Record, datetime], Decision]


class Heard:
    """A decision that knows afterwards whether it was asked for: it is not where the request was there before. Then the
    answer is what it was the first time."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self.again = True

    def __call__(self, record: Record, now: datetime) -> Decision:
        self.again = False
        return self._decide(record, now)


class UseCases:
    """`wake` is given the lanes to which something new is owed."""

    def __init__(self, store: Store, clock: Clock, policy: Policy, wake: Callable[[Iterable[str]], None]) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy
        self._wake = wake

    async def _change(self, number: int, key: str, decide: Callable[[Record, datetime], Decision]) -> Incident:
        return (await self._decided(number, key, decide))[1].incident

    async def _decided(
        self, number: int, key: str, decide: Callable[[Record, datetime], Decision]
    ) -> tuple[Record, Decision]:
        """The record as it was, and what was decided: nothing where `key` was there before."""
        now = self._clock.now()

        def work() -> tuple[Record, Decision]:
            record = incidents.record(number, lock=True)
            self._must_see(record)
            if key and not seen.first_time(key, now):
                return record, Decision(record.incident)
            decision = decide(record, now)
            self._apply(decision, now, record)
            return record, decision

        record, decision = await self._store.transact(work)
        self._wake_for(decision)
        return record, decision

    def _apply(self, decision: Decision, now: datetime, before: Record | None) -> Incident:
        """The one door to the storage for what people ask for, inside the transaction. Raises Refused where whoever
        asks may not do what would follow, by whatever verb, button or form they ask."""
        if before:
            self._must_see(before)
        needed = permissions.needs(before, decision, self._policy)
        permissions.must(self._policy, speaking.current(), needed, before)
        return incidents.apply(decision, now, before.incident if before else None)

    def _by_itself(self, decision: Decision, now: datetime, before: Record) -> None:
        """What Muster does on the way, inside the transaction; nobody asks for it, so nobody needs leave."""
        incidents.apply(decision, now, before.incident)

    def _must_see(self, record: Record) -> None:
        """Raises Refused where a private incident is not for whoever speaks, who may have a button or a form from when
        it was public. Whoever was paged can answer, and whoever speaks in its room is inside."""
        speaker, room = speaking.current(), record.ref("channel")
        if not record.incident.private or speaker is None or speaker.told:
            return
        inside = room is not None and speaker.place == room.value
        if not inside and speaker.who not in permissions.taking_part(record):
            incidents.must_see(record.incident.number, self._eyes(speaker.who))

    def _eyes(self, who: str) -> str | None:
        """Whose private incidents are shown: theirs, or everybody's (None) where config.yaml says so."""
        return None if permissions.may(self._policy, speaking.current(), SEE_PRIVATE) else who

    def _wake_for(self, decision: Decision) -> None:
        """In the decision's own order, in which the page stands first: a set would wake its lane at random."""
        self._wake([effect.lane for effect in decision.effects])
