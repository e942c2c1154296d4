"""What `runbook` and the card's button do and how they are answered."""

import re
from collections.abc import Mapping

from domain import runbooks
from domain.grammar import Runbook
from domain.record import Record
from domain.ticks import has_room
from handlers.slack.answering import Answer, Body, Listener
from handlers.slack.family import Deed, Family, Outcome, Said, about_one, said_by, value_of
from service.clock import Clock
from service.incidents import Incidents
from service.runbooks import Shelf
from views import actions, answers
from views import runbooks as words


class RunbookVerbs(Family):
    """Said in a war room, a runbook is shown there for all; said elsewhere, to whoever asked."""

    def __init__(self, shelf: Shelf, incidents: Incidents, clock: Clock) -> None:
        self._shelf = shelf
        self._incidents = incidents
        self._clock = clock

    def deeds(self) -> Mapping[type, Deed]:
        return {Runbook: self._show}

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        return {
            actions.RUNBOOKS: about_one(self._button),
            actions.WHOLE_RUNBOOK: self._whole,
            re.compile(f"^{actions.PICK_RUNBOOK}"): self._picked,
        }

    async def _show(self, command: Runbook, said: Said) -> Outcome:
        """By name, or what fits the incident; a picker where that is not one. Raises Refused."""
        number = command.number
        if number is not None and number != said.room:
            await self._incidents.must_see(number, said.by)
        record = await self._incidents.record(number) if number is not None else None
        return await self._choose(record, command.name, said, in_room=number is not None and number == said.room)

    async def _button(self, number: int, said: Said) -> Outcome:
        """The card's, which stands in the room; a runbook that stands elsewhere was opened by it."""
        record = await self._incidents.record(number)
        fit = await self._shelf.fitting(record)
        if not fit.books and len(fit.links) == 1:
            return None
        return await self._choose(record, "", said, in_room=True)

    async def _picked(self, body: Body) -> Outcome:
        """From the menu; no number: for whoever picked."""
        action = body["actions"][0]
        number, name = actions.read_picked_for(action["action_id"]), action["selected_option"]["value"]
        record = await self._incidents.record(number) if number else None
        return answers.in_place(await self._choose(record, name, said_by(body), in_room=bool(number)))

    async def _whole(self, body: Body) -> Outcome:
        """All of it, for whoever wants to read on."""
        name = value_of(body)
        shelved = await self._shelf.shelved()
        found = next((book for book in shelved.books if book.name == name), None)
        return words.whole(found, self._clock.now().date()) if found else words.gone(name)

    async def _choose(self, record: Record | None, name: str, said: Said, in_room: bool) -> Answer:
        shelved = await self._shelf.shelved()
        fit = await self._shelf.fitting(record) if record else runbooks.Fit()
        found = runbooks.named(shelved.books, name) if name else fit.books
        incident = record.incident if record else None
        if len(found) != 1 or (fit.links and not name):
            number = incident.number if incident and in_room else 0
            return words.picker(shelved, runbooks.Fit(found, () if name else fit.links), name, incident, number)
        if record and in_room and has_room(record):
            await self._incidents.show_runbook(record.incident.number, said.by, found[0], said.key)
            return words.shown_in_room(found[0])
        return words.shown(found[0], self._clock.now().date())
