"""The use cases that say what an incident is and whom it concerns: severity, services, impact, links, guests."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain import affected, details, going_private, inviting, outcomes, severity_change
from domain.affected import Changes
from domain.decision import Decision
from domain.going_private import Reach
from domain.incidents import Incident
from domain.inviting import Guests
from domain.record import Record
from service.use_cases import UseCases
from storage import affected as services
from storage import incidents, queue, seen


class Scope(UseCases):
    """`by` is a Slack id, `key` the sender's own id of the request, to do it once."""

    async def change_severity(
        self, number: int, by: str, severity: str, why: str, key: str = ""
    ) -> tuple[Incident, Mapping[str, Any]]:
        """The incident, and what followed, as the timeline keeps it. Raises Refused."""

        def decide(record: Record, now: datetime) -> Decision:
            decision = severity_change.change(record, self._policy, by, severity, why, now)
            for ring in severity_change.unsent(record, self._policy, severity):
                queue.drop(ring.id, severity_change.LOWERED)
            return decision

        record, decision = await self._decided(number, key, decide)
        told = (*record.entries(severity_change.KIND), *decision.entries)
        followed = [entry.data for entry in told if entry.kind == severity_change.KIND]
        return decision.incident, followed[-1] if followed else {}

    async def change_services(self, number: int, by: str, changes: Changes, key: str = "") -> tuple[Incident, bool]:
        """Some more or fewer are affected; and whether the status page follows. Raises Refused."""
        return await self._affected(number, key, lambda r, now: affected.change(r, self._policy, by, changes, now))

    async def replace_services(
        self, number: int, by: str, impacts: Mapping[str, str | None], key: str = ""
    ) -> tuple[Incident, bool]:
        """As a form says it. Raises Refused."""
        return await self._affected(number, key, lambda r, now: affected.replaced(r, self._policy, by, impacts, now))

    async def describe_impact(self, number: int, by: str, text: str, key: str = "") -> Incident:
        """Who is hit and how."""
        return await self._change(number, key, lambda r, now: details.impact(r, self._policy, by, text, now))

    async def add_link(self, number: int, by: str, url: str, title: str, key: str = "") -> Incident:
        """For the card and the top of the room."""
        return await self._change(number, key, lambda r, now: details.link(r, self._policy, by, url, title, now))

    async def remove_link(self, number: int, by: str, place: int, key: str = "") -> Incident:
        """Off the card and the top of the room."""
        return await self._change(number, key, lambda r, now: details.remove_link(r, self._policy, by, place, now))

    async def invite(self, number: int, by: str, guests: Guests, key: str = "") -> Incident:
        """Into the room."""
        return await self._change(number, key, lambda r, now: inviting.invite(r, self._policy, by, guests, now))

    async def reach(self, number: int) -> tuple[Incident, Reach]:
        """How far an incident is known. Raises Refused when unknown."""
        record = await self._store.transact(incidents.record, number)
        return record.incident, going_private.reach(record)

    async def make_private(self, number: int, by: str, key: str = "") -> tuple[Incident, Reach]:
        """Move it to a private room. The reach it had. Raises Refused."""

        now = self._clock.now()

        def work() -> tuple[Record, Decision]:
            concerned = {number, *going_private.went_into(incidents.record(number))}
            records = {each: incidents.record(each, lock=True) for each in sorted(concerned)}
            record = records.pop(number)
            self._must_see(record)
            if key and not seen.first_time(key, now):
                return record, Decision(record.incident)
            decision = going_private.make_private(record, self._policy, by, now)
            incidents.remember(number, going_private.room_left(record))
            for other in records.values():
                self._unname(record.incident, other, now)
            self._apply(decision, now, record)
            return record, decision

        record, decision = await self._store.transact(work)
        self._wake_for(decision)
        return decision.incident, going_private.reach(record)

    def _unname(self, incident: Incident, other: Record, now: datetime) -> None:
        """Its title goes from what was said of it in the other one's room, and from what is still to be said there."""
        self._by_itself(going_private.unnamed(other, incident), now, other)
        for owed in going_private.unsaid(other, incident):
            if owed.attempts:
                queue.reword(owed.id, going_private.nameless(owed))
            else:
                queue.drop(owed.id, going_private.REASON)
                self._by_itself(outcomes.dropped(other, owed, going_private.REASON, now), now, other)

    async def _affected(self, number: int, key: str, decide: Any) -> tuple[Incident, bool]:
        def kept(record: Record, now: datetime) -> Decision:
            decision: Decision = decide(record, now)
            services.keep(decision.incident)
            return decision

        _, decision = await self._decided(number, key, kept)
        return decision.incident, any(entry.data.get("public") for entry in decision.entries)
