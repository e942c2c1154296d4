"""The use cases of roles: take, give and leave one, and what becomes of those of somebody who has gone."""

from dataclasses import dataclass
from datetime import datetime

from domain import room, seats
from domain.decision import Decision
from domain.duties import Role
from domain.incidents import Incident
from domain.record import Record
from service.use_cases import Decide, Heard, UseCases
from storage import incidents


@dataclass(frozen=True, slots=True)
class Seat:
    """Who has a role now, since when, and whether it was this that made it so."""

    incident: Incident
    role: Role
    holder: str | None
    since: datetime | None = None
    done: bool = True


class Roles(UseCases):
    """`by` is a Slack id, `key` the sender's own id of the request, to do it once."""

    async def take(self, number: int, role: Role, by: str, key: str = "", seen: str = "") -> Seat:
        """Of several who take it at once one gets it, and the others learn who. `seen` is whoever had it when they
        asked for it. Raises Refused when it is closed."""
        return await self._seat(number, key, role, by, lambda r, now: seats.claim(r, self._policy, role, by, now, seen))

    async def give(self, number: int, role: Role, to: str, by: str, key: str = "") -> Seat:
        """Make somebody it, whoever had it. Raises Refused when it is closed."""
        return await self._seat(number, key, role, to, lambda r, now: seats.give(r, self._policy, role, to, by, now))

    async def leave(self, number: int, role: Role, by: str, key: str = "") -> Seat:
        """They are it no longer. Raises Refused for whoever is not."""
        return await self._seat(number, key, role, None, lambda r, now: seats.leave(r, self._policy, role, by, now))

    async def gone(self, channel: str, who: str, key: str = "") -> None:
        """Somebody left a war room, or was taken out of it."""
        number = await self._store.transact(incidents.find_by_ref, "channel", channel)
        if number is None:
            return

        def decide(record: Record, now: datetime) -> Decision:
            room = record.ref("channel")
            if room is None or room.value != channel or room.data.get("archived"):
                return Decision(record.incident)
            return seats.gone(record, self._policy, who, now)

        await self._decided(number, key, decide)

    async def record(self, number: int) -> Record:
        """Everything known of it. Whether those who have a role are still there is looked for meanwhile. Raises Refused
        when unknown."""
        now = self._clock.now()

        def work() -> Record:
            record = incidents.record(number, lock=True)
            self._must_see(record)
            look = Decision(record.incident, effects=room.look_for_people(record))
            self._by_itself(look, now, record)
            return record

        record = await self._store.transact(work)
        self._wake({"slack"})
        return record

    async def _seat(self, number: int, key: str, role: Role, wanted: str | None, decide: Decide) -> Seat:
        heard = Heard(decide)
        record, decision = await self._decided(number, key, heard)
        if decision.entries:
            return Seat(decision.incident, role, wanted)
        holder = record.holders.get(role.id)
        return Seat(record.incident, role, holder, seats.since(record, role.id), heard.again and holder == wanted)
