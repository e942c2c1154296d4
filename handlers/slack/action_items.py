"""What `action` and `mine` do and how they are answered, from command, button and form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.action_items import DONE, OPEN, ActionItem
from domain.record_grammar import Action, Mine
from domain.words import prose
from handlers.slack.answering import Body, Listener
from handlers.slack.family import Deed, Family, Form, Outcome, Said, about_one, opened, said_by, value_of
from service.action_items import ActionItems
from service.incidents import Incidents
from service.ports import Messages, Replies
from views import action_items as words
from views import actions, answers, submitted
from views.blocks import Block
from views.record import read_incident

PLACES = (actions.EDIT_LISTED, actions.EDIT_MINE, actions.EDIT_HOME, actions.EDIT_DUE)
"""Where an action item is shown, by what edits it there."""


class ActionVerbs(Family):
    """An action item is made by whoever sees its incident, and done by anybody who does."""

    def __init__(self, items: ActionItems, incidents: Incidents, messages: Messages, replies: Replies) -> None:
        self._items = items
        self._messages = messages
        self._incidents = incidents
        self._replies = replies

    def deeds(self) -> Mapping[type, Deed]:
        return {Action: self._action, Mine: lambda command, said: self._mine(said.by)}

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        return {
            actions.NEW_ACTION: about_one(self.form),
            actions.ACTION_DONE: self._moves(DONE, actions.EDIT_LISTED),
            actions.ACTION_REOPEN: self._moves(OPEN, actions.EDIT_LISTED),
            actions.MINE_DONE: self._moves(DONE, actions.EDIT_MINE),
            actions.MINE_REOPEN: self._moves(OPEN, actions.EDIT_MINE),
            actions.HOME_DONE: self._moves(DONE, actions.EDIT_HOME),
            actions.HOME_REOPEN: self._moves(OPEN, actions.EDIT_HOME),
            actions.DUE_DONE: self._moves(DONE, actions.EDIT_DUE),
            actions.DUE_REOPEN: self._moves(OPEN, actions.EDIT_DUE),
            **dict.fromkeys(PLACES, self._edit),
        }

    def forms(self) -> Mapping[str, Form]:
        return {words.MAKE: (words.TEXT, self._submitted), words.CHANGE: (words.TEXT, self._changed)}

    async def _action(self, command: Action, said: Said) -> Outcome:
        number = command.number or 0
        if command.text:
            made = await self._items.make(number, said.by, command.text, command.owner, command.due, said.key)
            return words.made(made, (await self._incidents.record(number)).incident.private)
        return await self._listing(number, said.by)

    async def _listing(self, number: int, by: str) -> Outcome:
        incident = (await self._incidents.record(number)).incident
        return words.listing(incident, await self._items.of_incident(number), self._items.today(by))

    async def _mine(self, who: str) -> Outcome:
        return words.mine(await self._items.mine(who))

    async def form(self, number: int, said: Said) -> Outcome:
        """Ask what, who and until when."""
        await self._incidents.must_see(number, said.by)
        incident = (await self._incidents.record(number)).incident
        return await opened(self._replies, words.form(said.by, incident, response_url=said.response_url), said)

    async def _submitted(self, body: Body) -> Outcome:
        view, by = body["view"], body["user"]["id"]
        number, (text, owner, due) = read_incident(view), words.read(view)
        await self._incidents.must_see(number, by)
        of = submitted.message(view)
        of = replace(of, permalink=await self._messages.permalink(of.channel, of.ts)) if of else None
        made = await self._items.make(number, by, prose(text), owner, due, view["id"], of)
        return words.made(made, (await self._incidents.record(number)).incident.private)

    def _moves(self, state: str, place: str) -> Listener:
        """The listener of a button that stands at this place."""

        async def listener(body: Body) -> Outcome:
            said = said_by(body, "button")
            item = await self._items.move(actions.read_number(value_of(body)), said.by, state, said.key)
            return answers.in_place(await self._shown(item, said.by, place))

        return listener

    async def _shown(self, item: ActionItem, by: str, place: str) -> Outcome:
        """An item as it is now, where somebody pressed. The Home tab is shown anew by itself."""
        match place:
            case actions.EDIT_LISTED:
                return await self._listing(item.incident, by)
            case actions.EDIT_MINE:
                return await self._mine(by)
            case actions.EDIT_DUE:
                return words.reminded(item, self._items.today(by))
        return None

    async def _edit(self, body: Body) -> Outcome:
        """Ask how it should be instead."""
        said, pressed = said_by(body, "button"), body["actions"][0]
        chosen = pressed.get("selected_option") or pressed
        item = await self._items.get(actions.read_number(chosen.get("value") or ""), said.by)
        incident = (await self._incidents.record(item.incident)).incident
        view = words.change_form(item, incident, pressed["action_id"], said.response_url)
        return await opened(self._replies, view, said)

    async def _changed(self, body: Body) -> Outcome:
        by, (id, place, wanted) = body["user"]["id"], words.read_change(body["view"])
        if "text" in wanted:
            wanted["text"] = prose(wanted["text"])
        item = await self._items.change(id, by, wanted, body["view"]["id"])
        return answers.in_place(await self._shown(item, by, place))

    async def at_home(self, who: str) -> Sequence[Block]:
        """What somebody has to do, for their Home tab."""
        return words.at_home(await self._items.mine(who))
