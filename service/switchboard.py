"""Keys and replies: who pressed or wrote what, and what came of it. What is said to them is worded elsewhere."""

from dataclasses import replace

from domain import heard, replies
from domain.errors import Refused
from domain.heard import Heard
from domain.incidents import Incident
from domain.people import Person
from domain.policy import Policy
from domain.replies import Reply
from domain.speaker import PHONE, SMS, Speaker
from service import metrics
from service.incidents import Incidents
from service.phones import VENDOR, Phones
from storage import speaking

BY_KEY, BY_TEXT = PHONE, SMS
"""The means of an acknowledgement."""


class Switchboard:
    """A key or a reply changes an incident once: `mark`s that were there before are answered as things stand."""

    def __init__(self, incidents: Incidents, phones: Phones, policy: Policy) -> None:
        self._incidents = incidents
        self._phones = phones
        self._policy = policy

    async def key(self, number: int, person: Person, sid: str, digits: str, marks: tuple[str, ...] = ()) -> Heard:
        """A key on the call `sid` about an incident. Raises Refused where there is no such incident."""
        incident = (await self._incidents.record(number)).incident
        if not incident.open and not incident.test:
            return Heard(heard.OVER, incident, others=await self._others(incident, person) if digits == "1" else 0)
        verb = {"1": replies.ACK, "2": "" if incident.test else replies.ESCALATE}.get(digits, "")
        if digits == "9":
            return Heard(heard.REPEAT, incident)
        if not verb:
            return Heard(heard.WRONG, incident)
        if not await self._phones.is_new(marks):
            theirs = await self._theirs(incident, person) if verb == replies.ACK else 0
            return replace(self._as_it_stands(incident, person), others=theirs)
        await self._phones.pressed(number, sid, person.id, digits)
        done = await self._do(verb, incident, person, BY_KEY, marks[0] if marks else "")
        await self._phones.mark(marks)
        return done

    async def _others(self, incident: Incident, person: Person) -> int:
        """How many more of the same call are theirs now, though what it told of is over."""
        with speaking.speaking(Speaker(person.slack, BY_KEY, told=True)):
            await self._incidents.acknowledge_named(incident.number, person.slack, BY_KEY)
        return await self._theirs(incident, person)

    async def _theirs(self, incident: Incident, person: Person) -> int:
        """How many more of the same call their key has taken on, this time or when it was brought before."""
        return len(await self._incidents.taken_with(incident.number, person.slack, BY_KEY))

    async def text(self, sender: str, body: str, sid: str, marks: tuple[str, ...] = ()) -> Heard | None:
        """An SMS from `sender` (E.164). None is no answer: to what Twilio answers itself, to strangers, to repeats."""
        marks = (f"{VENDOR}:{sid}", *marks)
        if not await self._phones.is_new(marks):
            return None
        done = await self._answer(self._policy.person_at(sender), body, marks[0])
        await self._phones.mark(marks)
        return done

    async def _answer(self, person: Person | None, body: str, mark: str) -> Heard | None:
        if person is None:
            metrics.STRANGERS.labels(VENDOR).inc()
            return None
        if replies.for_the_carrier(body):
            return None
        waiting = await self._phones.open_for(person)
        reply = replies.parse(body)
        wanted = await self._meant(reply, person, waiting)
        if wanted is None or not reply.verb:
            return Heard(heard.UNKNOWN, waiting=_unanswered(waiting))
        if not wanted.open and not wanted.test:
            return Heard(heard.OVER, wanted)
        return await self._do(reply.verb, wanted, person, BY_TEXT, f"{mark}:do")

    async def _meant(self, reply: Reply, person: Person, waiting: tuple[Incident, ...]) -> Incident | None:
        """The incident that was named, if they may know of it; without a name the only one there is."""
        if reply.number is None:
            unanswered = _unanswered(waiting) or waiting
            return unanswered[0] if len(unanswered) == 1 else None
        known = next((each for each in waiting if each.number == reply.number), None)
        return known or await self._visible(reply.number, person)

    async def _visible(self, number: int, person: Person) -> Incident | None:
        try:
            await self._incidents.must_see(number, person.slack)
            return (await self._incidents.record(number)).incident
        except Refused:
            return None

    async def _do(self, verb: str, incident: Incident, person: Person, means: str, key: str) -> Heard:
        try:
            with speaking.speaking(Speaker(person.slack, means, told=True)):
                return await self._done(verb, incident, person, means, key)
        except Refused:  # it ended meanwhile
            return Heard(heard.OVER, (await self._incidents.record(incident.number)).incident)

    async def _done(self, verb: str, incident: Incident, person: Person, means: str, key: str) -> Heard:
        if verb == replies.ACK:
            done = await self._incidents.acknowledge(incident.number, person.slack, means)
            told = Heard(heard.ACKNOWLEDGED, done.incident) if done.won else self._as_it_stands(done.incident, person)
            return replace(told, others=len(done.others))
        if incident.test:
            return Heard(heard.UNKNOWN, waiting=(incident,))
        paged = await self._incidents.escalate(incident.number, person.slack, means, f"{key}:esc" if key else "")
        what = heard.ESCALATED_BEFORE if paged.again else heard.ESCALATED
        return Heard(what, paged.incident, self._names(paged.people))

    def _as_it_stands(self, incident: Incident, person: Person) -> Heard:
        if incident.acknowledged_by is None:
            return Heard(heard.REPEAT, incident)
        if incident.acknowledged_by == person.slack:
            return Heard(heard.ACKNOWLEDGED, incident)
        return Heard(heard.TAKEN, incident, self._names((incident.acknowledged_by,)))

    def _names(self, people: tuple[str, ...]) -> tuple[str, ...]:
        """Who answered elsewhere has no Slack id, but a name."""
        return tuple(self._policy.names.get(id, id) for id in people)


def _unanswered(waiting: tuple[Incident, ...]) -> tuple[Incident, ...]:
    return tuple(each for each in waiting if not each.acknowledged_at)
