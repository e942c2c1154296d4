"""The use cases of action items: make one, say that it is done, list them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain import action_items as items
from domain.action_items import ActionItem, Mine
from domain.decision import Decision
from domain.due import day_named
from domain.record import Record
from domain.recording import Message
from service.use_cases import UseCases
from storage import action_items, incidents, roles

LISTED_MOST = 50
LATELY = timedelta(days=7)
"""For so long what was done can be taken up again where one's own is listed."""


class ActionItems(UseCases):
    """`by` is a Slack id, `key` the sender's own id of the request, to do it once."""

    def today(self, who: str) -> date:
        """Which day it is where somebody lives."""
        return self._clock.now().astimezone(ZoneInfo(self._policy.zone_of(who))).date()

    async def make(
        self, number: int, by: str, text: str, owner: str = "", due: str = "", key: str = "", of: Message | None = None
    ) -> ActionItem | None:
        """`owner` and `due` as they were typed. None where one was made of the same message before; a repeat gets what
        the first one got. Raises Refused for a text, a person or a day that is none."""
        wanted = self._wanted(number, by, text, owner, due)
        wanted = replace(wanted, source=of.source, permalink=of.permalink) if of else wanted
        made: list[ActionItem] = []

        def decide(record: Record, now: datetime) -> Decision:
            if wanted.source and action_items.of_source(number, wanted.source):
                return Decision(record.incident)
            made.append(action_items.keep(wanted, now))
            return items.made(record, made[-1], self._policy, now)

        await self._decided(number, key, decide)
        return made[-1] if made else await self._store.transact(action_items.newest_like, wanted)

    def _wanted(self, number: int, by: str, text: str, owner: str, due: str) -> ActionItem:
        day = day_named(due, self.today(by)) if due else None
        return ActionItem(number, items.wanted(text), items.owner_named(self._policy, owner, by), by, day)

    async def move(self, id: int, by: str, state: str, key: str = "") -> ActionItem:
        """To `done`, or back to `open`. Raises Refused when unknown, or not for these eyes."""
        before = await self.get(id, by)

        def decide(record: Record, now: datetime) -> Decision:
            decision = items.moved(record, action_items.get(id), by, state, self._policy, now)
            if decision.entries:
                action_items.move(id, state, by, now)
            return decision

        await self._change(before.incident, key, decide)
        return await self.get(id, by)

    async def change(self, id: int, by: str, wanted: Mapping[str, str], key: str = "") -> ActionItem:
        """`wanted` are what people typed in place of its text, owner and due, where it is something else; an empty day
        is none. Raises Refused for a text or a day that is none, when unknown, or not for these eyes."""
        before = await self.get(id, by)
        new: dict[str, Any] = dict(wanted)
        if "text" in wanted:
            new["text"] = items.wanted(wanted["text"])
        if "due" in wanted:
            new["due"] = day_named(wanted["due"], self.today(by)) if wanted["due"] else None

        def decide(record: Record, now: datetime) -> Decision:
            item = action_items.get(id)
            decision = items.changed(record, item, replace(item, **new), by, self._policy, now)
            action_items.change(replace(item, **new))
            return decision

        await self._change(before.incident, key, decide)
        return await self.get(id, by)

    async def withdraw(self, number: int, by: str, source: str, key: str = "") -> bool:
        """Take back the one that was made of a message. False where there is none, and where it is done: that stays."""

        def decide(record: Record, now: datetime) -> Decision:
            found = action_items.of_source(number, source)
            if found is None or found.state != items.OPEN:
                return Decision(record.incident)
            action_items.move(found.id, items.WITHDRAWN, by, now)
            return items.moved(record, found, by, items.WITHDRAWN, self._policy, now)

        _, decision = await self._decided(number, key, decide)
        return bool(decision.entries)

    async def get(self, id: int, who: str) -> ActionItem:
        """Raises Refused when unknown, or not for these eyes."""

        def work() -> ActionItem:
            found = action_items.get(id)
            incidents.must_see(found.incident, who)
            return found

        return await self._store.transact(work)

    async def of_incident(self, number: int) -> tuple[ActionItem, ...]:
        """What is due first stands first; what was taken back is left out."""
        return await self._store.transact(action_items.of_incident, number)

    async def mine(self, who: str) -> Mine:
        """What is somebody's."""

        def work() -> Mine:
            held = roles.of_person(who)
            theirs = tuple(incidents.mine(who, held, LISTED_MOST))
            lately = action_items.done_by_owner(who, self._clock.now() - LATELY)
            return Mine(who, theirs, action_items.open_of(who), self.today(who), held, lately)

        return await self._store.transact(work)
