"""What the phone company tells of calls and texts, with the same consequence whether it told by itself or was asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import paging, phone
from domain.decision import Decision
from domain.incidents import Incident
from domain.people import Person
from domain.phone import Line, News
from domain.record import Owed, Record, Ref
from service import metrics
from service.use_cases import UseCases
from storage import incidents, seen, storm

VENDOR = "twilio"
LISTENS_FOR = timedelta(minutes=10)
"""After an acknowledgement late replies are still heard for so long, to say who was first."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What has not come to its end, and since when somebody may have replied: None while no page is open."""

    lines: tuple[Line, ...] = ()
    since: datetime | None = None


class Phones(UseCases):
    """`marks` are the sender's own keys of a message: where one was there before, nothing changes and it is counted."""

    async def told(self, news: News, marks: Iterable[str] = ()) -> bool:
        """What became of a call or a text. False for a repeat."""
        now = self._clock.now()

        def work() -> tuple[bool, list[Decision]]:
            if news.status in paging.NEVER_ARRIVED:
                storm.alone()
            record = incidents.record(news.number, lock=True)
            fresh = [seen.first_time(mark, now) for mark in marks]
            if not all(fresh):
                return False, []
            if not phone.is_news(phone.ref_of(record, news), news):
                return True, []
            lost = phone.lost(record, news)
            return True, [self._heard(record, news, now), *(self._named_by(lost, news, now) if lost else ())]

        new, followed = await self._store.transact(work)
        if not new:
            metrics.REPLAYED.labels(VENDOR).inc()
        for decision in followed:
            self._wake_for(decision)
        return new

    def _heard(self, record: Record, news: News, now: datetime) -> Decision:
        ref = phone.ref_of(record, news)
        decision = phone.told(record, self._policy, ref, news, now)
        incidents.remember(record.incident.number, (phone.changed(ref, news),))
        self._apply(decision, now, record)
        return decision

    def _named_by(self, lost: Owed, news: News, now: datetime) -> Iterator[Decision]:
        """A ring that reached nobody told nobody of the others that it named: each rings on by itself. What still
        waits for this ring's outcome, or for the time after it, waits no longer."""
        storm.note(lost.id, {**lost.data, "lost": True})
        storm.free(lost, now)
        for number in sorted(lost.data.get("covers") or ()):
            record = incidents.record(number, lock=True)
            if phone.concerns(record, news):
                yield self._heard(record, news, now)

    async def pressed(self, number: int, sid: str, person: str, key: str) -> None:
        """Keep that a key was pressed on a call: its end tells what it was by that."""

        def work() -> None:
            record = incidents.record(number, lock=True)
            known = (ref for ref in record.refs if (ref.kind, ref.value) == (phone.CALL, sid))
            ref = next(known, Ref(phone.CALL, sid, name=person))
            incidents.remember(number, (phone.pressed(ref, key),))

        await self._store.transact(work)

    async def is_new(self, marks: Iterable[str]) -> bool:
        """Whether none of these was there before; otherwise the repeat is counted."""
        if await self._store.transact(seen.known, tuple(marks)):
            metrics.REPLAYED.labels(VENDOR).inc()
            return False
        return True

    async def mark(self, marks: Iterable[str]) -> None:
        """What these stand for is done."""
        now = self._clock.now()
        await self._store.transact(lambda: [seen.first_time(mark, now) for mark in marks])

    async def open_for(self, person: Person) -> tuple[Incident, ...]:
        """What this person was called or texted for and is not over, the gravest first."""
        return await self._store.transact(
            lambda: tuple(incidents.get(number) for number in incidents.rung_by_phone(person.id))
        )

    async def watch(self) -> Watch:
        """What to ask the phone company for, where it cannot reach us."""
        now = self._clock.now()

        def work() -> Watch:
            records = [incidents.record(number) for number in incidents.rung_by_phone()]
            lines = tuple(line for record in records for line in phone.lines(record))
            listening = [
                record.incident.detected_at
                for record in records
                if not record.incident.acknowledged_at or now - record.incident.acknowledged_at < LISTENS_FOR
            ]
            return Watch(lines, min(listening, default=None))

        return await self._store.transact(work)
