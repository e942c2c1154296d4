"""What `note`, `timeline`, `correct` and `catchup` do and how they are answered, and who is offered to be caught up."""

import re
from collections.abc import Mapping

from domain.errors import Refused
from domain.policy import Policy
from domain.record import Record
from domain.record_grammar import Catchup, Correct, Note, Timeline
from domain.recording import correctable
from domain.words import prose
from handlers.slack.answering import Body, Listener
from handlers.slack.family import Deed, Family, Form, Hearing, Outcome, Said, about_one, opened, ourselves, value_of
from service.action_items import ActionItems
from service.clock import Clock
from service.incidents import Incidents
from service.ports import Replies
from service.recording import Recording
from views import actions, answers, modals
from views import catchup as catchup_words
from views import record as words

NOTHING = "Nothing was written that could be corrected. `/incident note …` writes something."


class RecordVerbs(Family):
    """One method a verb; the timeline is shown to whoever asks, and to nobody else."""

    def __init__(
        self,
        recording: Recording,
        items: ActionItems,
        incidents: Incidents,
        replies: Replies,
        policy: Policy,
        clock: Clock,
    ) -> None:
        self._recording = recording
        self._incidents = incidents
        self._items = items
        self._replies = replies
        self._policy = policy
        self._clock = clock

    def deeds(self) -> Mapping[type, Deed]:
        return {
            Note: self._note,
            Timeline: lambda command, said: self._page(command.number, 0),
            Correct: lambda command, said: self._correct(command.number, said, command.text),
            Catchup: lambda command, said: self.catch_up(command.number, said),
        }

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        return {
            actions.EARLIER: self._turned,
            actions.LATER: self._turned,
            actions.CORRECT: about_one(self._correct),
            actions.CATCH_UP: about_one(self._catch_up_pressed),
        }

    def forms(self) -> Mapping[str, Form]:
        return {words.NOTE: (words.TEXT, self._noted), words.CORRECT: (words.TEXT, self._corrected)}

    def hearings(self) -> Mapping[str, Hearing]:
        return {"member_joined_channel": self._joined}

    async def _note(self, command: Note, said: Said) -> Outcome:
        if not command.text:
            incident = (await self._incidents.record(command.number or 0)).incident
            return await opened(self._replies, words.note_form(incident, "", said.response_url), said)
        return words.noted(await self._recording.note(command.number or 0, said.by, command.text, said.key))

    async def _noted(self, body: Body) -> Outcome:
        number, _ = modals.read_about(body["view"])
        text = prose(modals.read_text(body["view"]))
        return words.noted(await self._recording.note(number, body["user"]["id"], text, body["view"]["id"]))

    async def _page(self, number: int, page: int) -> Outcome:
        return words.timeline(await self._incidents.record(number), page, self._policy.slack_ids)

    async def _turned(self, body: Body) -> Outcome:
        number, page = actions.read_page(value_of(body))
        await self._incidents.must_see(number, body["user"]["id"])
        return answers.in_place(await self._page(number, page))

    async def _correct(self, number: int, said: Said, text: str = "") -> Outcome:
        await self._incidents.must_see(number, said.by)
        record = await self._incidents.record(number)
        if not correctable(record):
            raise Refused(NOTHING)
        zone = self._policy.zone_of(said.by)
        view = words.correct_form(record, self._policy.names, zone, said.by, text, said.response_url)
        return await opened(self._replies, view, said)

    async def _corrected(self, body: Body) -> Outcome:
        number, _ = modals.read_about(body["view"])
        entry, text = words.read_correction(body["view"])
        by, key = body["user"]["id"], body["view"]["id"]
        incident = await self._recording.correct(number, by, entry, prose(text), key)
        record = await self._incidents.record(number)
        return words.corrected(incident, any(each.id == entry and each.public for each in record.timeline))

    async def catch_up(self, number: int, said: Said) -> Outcome:
        """What, since when, who, what was tried, what is next."""
        record = await self._incidents.record(number)
        return catchup_words.catchup(
            record,
            self._clock.now(),
            roles=self._roles(record),
            badge=self._policy.severity_of(record.incident).badge,
            people=self._policy.slack_ids,
            services=self._policy.service_names,
            checklists=self._policy.checklists,
            items=await self._items.of_incident(number),
        )

    def _roles(self, record: Record) -> dict[str, str]:
        """Who has which role, by its name."""
        names = {role.id: role.name for role in self._policy.roles}
        return {names.get(role, role): who for role, who in record.holders.items()}

    async def _catch_up_pressed(self, number: int, said: Said) -> Outcome:
        await self._incidents.must_see(number, said.by)
        return await self.catch_up(number, said)

    async def _joined(self, event: Body, body: Body) -> None:
        """Late joiners are asked whether they want it: nobody is talked at who only looks in."""
        channel, who = str(event.get("channel") or ""), str(event.get("user") or "")
        record = await self._recording.late_joiner(channel, who, _key(body))
        if record is not None and who not in ourselves(body):
            await self._replies.whisper(channel, who, words.offer(record, self._clock.now()))


def _key(body: Body) -> str:
    """Of this use of the event: others may do something else with it."""
    return f"late:{body['event_id']}" if body.get("event_id") else ""
