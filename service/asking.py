"""The use cases by which people ask more of the ladder: escalate, page somebody, join."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import asking, decisions, paging, seats
from domain.asking import Wanted
from domain.decision import Decision
from domain.handover import Week
from domain.incidents import Incident
from domain.paging import Step
from domain.record import Record
from service.use_cases import UseCases
from storage import handovers, incidents, storm

HANDED_OVER = timedelta(days=7)
"""Whose pages a hand-over tells: those of the week before."""


@dataclass(frozen=True, slots=True)
class Paged:
    """Whom it paged, by Slack id: nobody where the ladder has nobody left. `again`: they had been paged a moment ago,
    because somebody else asked for the same."""

    incident: Incident
    people: tuple[str, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The week, and the names of the roles that went over in the room where it was said."""

    week: Week
    roles: tuple[str, ...] = ()


class Asking(UseCases):
    """`by` is a Slack id, `key` the sender's own id of the request, to do it once."""

    async def escalate(
        self,
        number: int,
        by: str,
        means: str,
        key: str = "",
        *,
        why: str = "",
        cannot: bool = False,
        seen: Step | None = None,
    ) -> Paged:
        """Page the next level now, acknowledged or not. `cannot` says that it is because this person cannot come,
        `seen` which level they were paged on. Ten at once are one. Raises Refused when it is over."""

        def decide(record: Record, now: datetime) -> Decision:
            return asking.escalate(record, self._policy, by, means, now, why, cannot, seen)

        record, decision = await self._decided(number, key, decide)
        people = paging.people_of(decision)
        again = not people and not any(e.data.get("step") == "nobody" for e in decision.entries)
        return Paged(decision.incident, asking.latest(record) if again else people, again)

    async def page(self, number: int, by: str, names: Sequence[str], why: str, key: str = "") -> Paged:
        """Page whom Slack ids, people's names, schedules or policies mean now. Raises Refused for nobody."""
        found: list[Wanted] = []

        def decide(record: Record, now: datetime) -> Decision:
            found.append(asking.everybody(self._policy, names, by, record, now))
            return asking.page(record, self._policy, found[-1], by, why, now)

        _, decision = await self._decided(number, key, decide)
        return Paged(decision.incident, found[-1].people if found else (), again=not found)

    async def acknowledge_named(self, number: int, by: str, means: str) -> tuple[int, ...]:
        """Acknowledge the other incidents that the call about this one named, where nobody has yet; their numbers."""
        person = self._policy.person_of(by)
        named = await self._store.transact(storm.named_with, number, person.id if person else "")
        return tuple([each for each in named if await self._acknowledged(each, by, means)])

    async def taken_with(self, number: int, by: str, means: str) -> tuple[int, ...]:
        """Which of the other incidents that the call about this one named they have acknowledged by these means."""
        person = self._policy.person_of(by)

        def work() -> tuple[int, ...]:
            named = map(incidents.get, storm.named_with(number, person.id if person else ""))
            return tuple(e.number for e in named if (e.acknowledged_by, e.acknowledged_means) == (by, means))

        return await self._store.transact(work)

    async def _acknowledged(self, number: int, by: str, means: str) -> bool:
        def decide(record: Record, now: datetime) -> Decision:
            if paging.answered(record.incident):
                return Decision(record.incident)
            return decisions.acknowledge(record, self._policy, by, means, now)

        return bool((await self._decided(number, "", decide))[1].entries)

    async def handover(self, by: str, to: str, note: str, room: int | None, key: str = "") -> HandedOver:
        """What whoever takes the watch over should know: what both of them may see. In an incident's room all that
        `by` is there goes over with it, and the room is told."""
        now = self._clock.now()

        def work() -> Week:
            return handovers.week(by, to, note, now - HANDED_OVER, now)

        week = await self._store.transact(work)
        if room is None:
            return HandedOver(week)
        _, decision = await self._decided(
            room, key, lambda record, now: seats.hand_over(record, self._policy, by, to, note, now)
        )
        return HandedOver(week, tuple(e.data["name"] for e in decision.entries if e.kind == "role"))

    async def join(self, number: int, by: str, key: str = "") -> Incident:
        """Somebody comes, which is no acknowledgement. Raises Refused when it is over."""
        return await self._change(number, key, lambda record, now: asking.join(record, self._policy, by))
