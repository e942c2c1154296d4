"""The use cases that end an incident otherwise than by a resolution, and that take such an end back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from domain import decisions, endings, merging, outcomes
from domain.decision import Decision
from domain.errors import Refused
from domain.incidents import Incident
from domain.merging import Joined, Outlook
from domain.record import Record
from service.use_cases import UseCases
from storage import affected, incidents, queue, seen
from storage import endings as stored


class Endings(UseCases):
    """`by` is a Slack id, `key` the sender's own id of the request, to do it once. All raise Refused."""

    async def outlook(self, number: int, into: int, by: str, outcome: str) -> Outlook:
        """What a merge, or the end of a duplicate, would do."""

        def work() -> Outlook:
            incidents.must_see(into, by)
            return merging.outlook(incidents.record(number), incidents.record(into), self._policy, outcome)

        return await self._store.transact(work)

    async def merge(self, number: int, into: int, by: str, outcome: str, key: str = "") -> Incident:
        """The one incident goes into the other, in one transaction."""
        now = self._clock.now()

        def work() -> tuple[Incident, Joined | None]:
            incidents.must_see(into, by)
            # In the order in which the lanes lock what they claim, so that nobody waits for anybody in a circle.
            records = {each: incidents.record(each, lock=True) for each in sorted({number, into})}
            if key and not seen.first_time(key, now):
                return records[number].incident, None
            joined = merging.join(records[number], records[into], self._policy, by, outcome, now)
            if joined.handed:
                incidents.remember(into, (joined.handed,))
                incidents.forget(number, joined.handed)
            affected.keep(joined.into.incident)
            self._apply(joined.into, now, records[into])
            return self._apply(joined.incident, now, records[number]), joined

        incident, joined = await self._store.transact(work)
        if joined:
            self._wake_for(joined.incident)
            self._wake_for(joined.into)
        return incident

    async def false_alarm(self, number: int, by: str, why: str, key: str = "") -> Incident:
        """Nothing was wrong."""
        return await self._change(
            number, key, lambda record, now: endings.false_alarm(record, self._policy, by, why, now)
        )

    async def withdraw(self, number: int, by: str, key: str = "") -> Incident:
        """It was declared by mistake."""
        return await self._change(number, key, lambda record, now: endings.withdraw(record, self._policy, by, now))

    async def undo(self, number: int | None, by: str, key: str = "") -> Incident:
        """What this person did last to the incident; without a number to the one that they declared last."""
        chosen = number or await self._store.transact(stored.declared_last, by)
        if chosen is None:
            raise Refused("You have declared nothing that could be undone. `/incident help undo` says what can.")
        return await self._change(chosen, key, lambda record, now: endings.undo(record, self._policy, by, now))

    async def reopen(
        self, number: int, by: str, text: str = "", key: str = ""
    ) -> tuple[Incident, Mapping[str, object]]:
        """It is back; the incident that it went into is told. What the timeline says of it."""
        now = self._clock.now()

        def work() -> tuple[Decision, Decision | None, Mapping[str, object]]:
            into = incidents.get(number).merged_into
            records = {each: incidents.record(each, lock=True) for each in sorted({number, into or number})}
            record = records[number]
            if key and not seen.first_time(key, now):
                return Decision(record.incident), None, record.entries("status")[-1].data
            public, record = self._given_back(records, record, now)
            decision = decisions.reopen(record, self._policy, by, text, now, public)
            self._apply(decision, now, record)
            return decision, self._released(records, record, by, now, public), decision.entries[0].data

        decision, released, told = await self._store.transact(work)
        self._wake_for(decision)
        if released:
            self._wake_for(released)
        return decision.incident, told

    def _given_back(self, records: dict[int, Record], record: Record, now: datetime) -> tuple[str, Record]:
        """Its public incident, where the other one has no use for it any more; what that one still owes to it goes.
        Raises Refused while that is on the wire."""
        into, number = record.incident.merged_into, record.incident.number
        if into is None or into not in records:
            return "", record
        public, ref = merging.given_back(record, records[into], self._policy)
        if ref is None:
            return public, record
        for owed in merging.overtaken(record, records[into]):
            queue.drop(owed.id, merging.REASON)
            self._by_itself(outcomes.dropped(records[into], owed, merging.REASON, now), now, records[into])
        incidents.remember(number, (ref,))
        incidents.forget(into, ref)
        return public, replace(record, refs=(*record.refs, ref))

    def _released(
        self, records: dict[int, Record], record: Record, by: str, now: datetime, public: str
    ) -> Decision | None:
        into = record.incident.merged_into
        if into is None or into not in records:
            return None
        released = merging.released(records[into], record.incident, self._policy, by, public)
        self._apply(released, now, records[into])
        return released
