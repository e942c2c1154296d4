"""The use cases of an incident: load, decide, apply in one transaction; then wake the lanes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain import decisions, likeness, recording, room_by_hand, runbooks, stable, ticks, trials
from domain.checklists import Checklist
from domain.decision import Decision, Entry
from domain.errors import Refused
from domain.incidents import STATUSES, Incident
from domain.paging import people_of
from domain.record import Record, Ref
from domain.recording import Message
from domain.room import say
from service import metrics
from service.asking import Asking
from service.endings import Endings
from service.publishing import Publishing
from storage import incidents, overrides, postmortems, queue, seen

SAME_TITLE_WITHIN = timedelta(seconds=60)
"""People retype a command that timed out: the same title by the same person is the same incident."""

LIST_AT_MOST = 100
COMPARED_MOST = 50
ALIKE_MOST = 3


@dataclass(frozen=True, slots=True)
class Declared:
    """`again` says that this incident existed already: same envelope (`repeat`) or same title a moment ago. `paged`
    are the Slack ids of those who were paged first, `alike` open incidents that may be the same."""

    incident: Incident
    again: bool = False
    repeat: bool = False
    paged: tuple[str, ...] = ()
    alike: tuple[Incident, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """`won` is False for whoever came second; the incident says who was first. `others` are those of the same call that
    are theirs now."""

    incident: Incident
    won: bool
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Incidents, and the channels of those that have a room, by number."""

    incidents: tuple[Incident, ...]
    rooms: Mapping[int, str]


class Incidents(Asking, Publishing, Endings):
    """What people and machines may do to incidents. `key` is the sender's own id of the request, to do it once."""

    async def declare(
        self,
        severity: str,
        title: str,
        by: str,
        *,
        description: str = "",
        services: tuple[str, ...] = (),
        private: bool = False,
        respond_url: str = "",
        key: str = "",
        anyway: bool = False,
        source: Message | None = None,
    ) -> Declared:
        """Begin an incident; `source` is the message that it began with. Raises Refused for an unknown severity or an
        empty title."""
        if not title:
            raise Refused('An incident needs a title: `/incident start SEV-1 "db down"`.')
        now = self._clock.now()

        def work() -> tuple[Declared, Decision | None]:
            if key and not seen.first_time(key, now):
                return _declared_before(_led_to(key)), None
            same = None if anyway else incidents.find_same(by, title, now - SAME_TITLE_WITHIN)
            if same:
                return Declared(same, again=True), None
            draft = Incident(title, severity, by, now, description=description, services=services, private=private)
            decision = decisions.declare(draft, self._policy, now, respond_url, overrides.since(now))
            incident = self._apply(decision, now, None)
            if source:
                incidents.write(incident.number, [recording.entry_of(source, by)], now)
            if key:
                seen.about(key, incident.number)
            others = self._alike(by, title, (), incident.number)
            return Declared(incident, paged=people_of(decision), alike=others), decision

        declared, decision = await self._store.transact(work)
        if decision:
            metrics.INCIDENTS.labels(severity).inc()
            self._wake_for(decision)
        return declared

    async def acknowledge(self, number: int, by: str, means: str) -> Acknowledged:
        """Whoever is first stops the ladder; the others learn who was. A repeat finds it done, and needs no key. By
        phone it answers all the incidents that the call named."""
        now = self._clock.now()

        def work() -> tuple[Acknowledged, Decision | None]:
            record = incidents.record(number, lock=True)
            if record.incident.test:
                decision = trials.confirm(record, by, means, now)
                return Acknowledged(self._apply(decision, now, record), won=True), decision
            if record.incident.acknowledged_at and record.incident.open:
                return Acknowledged(record.incident, won=record.incident.acknowledged_by == by), None
            decision = decisions.acknowledge(record, self._policy, by, means, now)
            return Acknowledged(self._apply(decision, now, record), won=True), decision

        acknowledged, decision = await self._store.transact(work)
        if decision:
            self._wake_for(decision)
        others = await self.acknowledge_named(number, by, means) if means == "phone" else ()
        return replace(acknowledged, others=others)

    async def update(self, number: int, by: str, text: str, key: str = "") -> Incident:
        """Say where things stand."""
        return await self._change(number, key, lambda r, now: decisions.update(r, self._policy, by, text, now))

    async def set_status(self, number: int, by: str, status: str, text: str, key: str = "") -> Incident:
        """Move forward."""
        return await self._change(
            number, key, lambda r, now: decisions.set_status(r, self._policy, by, status, text, now)
        )

    async def resolve(self, number: int, by: str, text: str, root_cause: str = "", key: str = "") -> Incident:
        """The harm is over."""
        return await self._change(
            number, key, lambda r, now: decisions.resolve(r, self._policy, by, text, now, root_cause)
        )

    async def close(self, number: int, by: str, key: str = "", sure: bool = False) -> Incident:
        """Nothing is left to do. It stays resolved while nobody has said that it is stable, unless they are `sure`."""

        def decide(record: Record, now: datetime) -> Decision:
            if not sure and stable.is_asked(record, self._policy):
                return Decision(record.incident)
            return decisions.close(record, self._policy, by, now)

        return await self._change(number, key, decide)

    async def publish_status(self, number: int, by: str, key: str = "") -> Incident:
        """Put the draft on the status page."""
        return await self._change(number, key, lambda r, now: decisions.publish_status(r, self._policy, by))

    async def show_runbook(self, number: int, by: str, book: runbooks.Runbook, key: str = "") -> Incident:
        """Into the room with it."""
        return await self._change(number, key, lambda r, now: runbooks.shown(r, by, book, now.date()))

    async def post_checklist(self, number: int, by: str, checklist: Checklist, key: str = "") -> Incident:
        """Into the room with it."""
        return await self._change(number, key, lambda r, now: ticks.post(r, checklist, by))

    async def tick(
        self, number: int, by: str, checklist: Checklist, boxes: Collection[str], seen: Collection[str], key: str = ""
    ) -> Incident:
        """Tick and take back, as `domain.ticks.click` says."""
        return await self._change(number, key, lambda r, now: ticks.click(r, checklist, by, boxes, seen))

    async def keep_postmortem(self, number: int, by: str, fields: Mapping[str, Any], key: str = "") -> Incident:
        """Keep the draft, and show it in the room."""

        def decide(record: Record, now: datetime) -> Decision:
            postmortems.keep(number, fields, by, now)
            entry = Entry("note", by, {"text": "postmortem drafted"})
            return Decision(record.incident, (entry,), (say("postmortem", by=by, fields=dict(fields)),))

        return await self._change(number, key, decide)

    async def postmortem(self, number: int) -> dict[str, Any] | None:
        """The draft's fields, or None."""
        return await self._store.transact(postmortems.find, number)

    async def retry(self, number: int, owed: int, by: str) -> bool:
        """Try a failed effect again. False when it has not failed (any more)."""
        now = self._clock.now()

        def work() -> tuple[bool, str]:
            record = incidents.record(number, lock=True)
            row = next((o for o in record.owed if o.id == owed), None)
            if row is None or not queue.retry(owed, now):
                return False, ""
            note = Entry("note", by, {"text": f"retried {row.lane} {row.kind}"})
            self._apply(Decision(record.incident, (note,)), now, record)
            return True, row.lane

        done, lane = await self._store.transact(work)
        if done:
            self._wake({lane})
        return done

    async def room_changed(self, channel: str, what: str, by: str, name: str = "", key: str = "") -> Incident | None:
        """Somebody archived, renamed or deleted a room by hand, or took the bot out of it. None if it is no room."""
        number = await self._store.transact(incidents.find_by_ref, "channel", channel)
        if number is None:
            return None

        def decide(record: Record, now: datetime) -> Decision:
            incidents.remember(number, room_by_hand.room_found(record, channel, what, name))
            return room_by_hand.room_changed(record, self._policy, channel, what, by, name)

        return await self._change(number, key, decide)

    async def member_changed(self, channel: str, who: str, inside: bool) -> None:
        """Somebody came into a room or left it: a private incident is for the people inside, and not for those in a
        room that it has left."""

        def work() -> None:
            number = incidents.find_by_ref("channel", channel)
            if number is None or not incidents.get(number).private or incidents.rooms([number])[number] != channel:
                return
            member = Ref(incidents.MEMBER, channel, name=who)
            if inside:
                incidents.remember(number, (member,))
            else:
                incidents.forget(number, member)

        await self._store.transact(work)

    async def record(self, number: int) -> Record:
        """Everything known of it. Raises Refused when unknown, or private and none of whoever asks."""

        def work() -> Record:
            record = incidents.record(number)
            self._must_see(record)
            return record

        return await self._store.transact(work)

    async def must_see(self, number: int, who: str) -> None:
        """Raises Refused when the incident is unknown, or private and this person has no part in it."""
        await self._store.transact(incidents.must_see, number, self._eyes(who))

    async def listing(self, who: str, statuses: Collection[str] = STATUSES, severity: str = "") -> Listing:
        """What this person may see, the newest first, 100 at most."""

        def work() -> Listing:
            found = incidents.listing(self._eyes(who), statuses, severity, LIST_AT_MOST)
            return Listing(tuple(found), incidents.rooms([incident.number for incident in found]))

        return await self._store.transact(work)

    async def alike(self, who: str, title: str, services: Collection[str] = ()) -> Listing:
        """Open incidents that this person may see and that may be the same, by title, then by service."""

        def work() -> Listing:
            found = self._alike(who, title, services)
            return Listing(found, incidents.rooms([incident.number for incident in found]) if found else {})

        return await self._store.transact(work)

    def _alike(self, who: str, title: str, services: Collection[str], but: int = 0) -> tuple[Incident, ...]:
        titled = likeness.alike(title, incidents.open_titles(COMPARED_MOST))
        numbers = [each for each in (*titled, *(incidents.open_on(services) if services else ())) if each != but]
        if not numbers:
            return ()
        seen = incidents.seen_among(numbers, self._eyes(who))
        return tuple([seen[number] for number in dict.fromkeys(numbers) if number in seen][:ALIKE_MOST])

    async def named(self, channel: str, issue: str | None) -> tuple[int | None, int | None]:
        """The number of the incident whose room the channel is, and of that whose issue is called this (ROOSE-17). The
        room that a private incident has left is none of its rooms."""

        def work() -> tuple[int | None, int | None]:
            tracked = incidents.find_by_issue(issue) if issue else None
            number = incidents.find_by_ref("channel", channel)
            if number is not None and incidents.rooms([number])[number] != channel and incidents.get(number).private:
                number = None
            return number, tracked

        return await self._store.transact(work)


def _declared_before(number: int) -> Declared:
    """The answer to a repeat says what the first one said."""
    first = next((entry for entry in incidents.record(number).entries("page") if entry.data.get("people")), None)
    return Declared(incidents.get(number), again=True, repeat=True, paged=tuple(first.data["people"]) if first else ())


def _led_to(key: str) -> int:
    number = seen.led_to(key)
    if number is None:
        raise Refused("This was done already.")
    return number
