"""What `runbook` and the card's button do and how they are answered."""

from domain import runbooks
from domain.grammar import Runbook
from domain.record import Record
from domain.ticks import has_room
from handlers.slack.answering import Answer
from service.clock import Clock
from service.incidents import Incidents
from service.runbooks import Shelf
from views import runbooks as words


class RunbookVerbs:
    """Said in a war room, a runbook is shown there for all; said elsewhere, to whoever asked."""

    def __init__(self, shelf: Shelf, incidents: Incidents, clock: Clock) -> None:
        self._shelf = shelf
        self._incidents = incidents
        self._clock = clock

    async def show(self, command: Runbook, by: str, key: str, room: int | None) -> Answer | None:
        """By name, or what fits the incident; a picker where that is not one. Raises Refused."""
        number = command.number
        if number is not None and number != room:
            await self._incidents.must_see(number, by)
        record = await self._incidents.record(number) if number is not None else None
        return await self._choose(record, command.name, by, key, in_room=number is not None and number == room)

    async def button(self, number: int, by: str, key: str) -> Answer | None:
        """The card's; one that stands elsewhere was opened by it."""
        record = await self._incidents.record(number)
        fit = await self._shelf.fitting(record)
        if not fit.books and len(fit.links) == 1:
            return None
        return await self._choose(record, "", by, key, in_room=True)

    async def picked(self, number: int, name: str, by: str, key: str) -> Answer:
        """From the menu; no number: for whoever picked."""
        record = await self._incidents.record(number) if number else None
        return await self._choose(record, name, by, key, in_room=bool(number))

    async def whole(self, name: str) -> Answer:
        """All of it, for whoever wants to read on."""
        shelved = await self._shelf.shelved()
        found = next((book for book in shelved.books if book.name == name), None)
        return words.whole(found, self._clock.now().date()) if found else words.gone(name)

    async def _choose(self, record: Record | None, name: str, by: str, key: str, in_room: bool) -> Answer:
        shelved = await self._shelf.shelved()
        fit = await self._shelf.fitting(record) if record else runbooks.Fit()
        found = runbooks.named(shelved.books, name) if name else fit.books
        incident = record.incident if record else None
        if len(found) != 1 or (fit.links and not name):
            number = incident.number if incident and in_room else 0
            return words.picker(shelved, runbooks.Fit(found, () if name else fit.links), name, incident, number)
        if record and in_room and has_room(record):
            await self._incidents.show_runbook(record.incident.number, by, found[0], key)
            return words.shown_in_room(found[0])
        return words.shown(found[0], self._clock.now().date())
