"""Messages that people point at: shortcuts on a message, and reactions to those of a war room."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from domain import recording
from domain.errors import Permanent, Refused, Temporary
from domain.incidents import STATUSES
from domain.policy import Policy
from domain.recording import Message
from domain.settings import Reactions
from handlers.slack.answering import Body, Listener
from handlers.slack.family import Family, Form, Hearing, Outcome, opened, ourselves, said_by
from service.action_items import ActionItems
from service.incidents import Incidents
from service.ports import Messages, Replies
from service.recording import Recording
from views import action_items as item_words
from views import answers, quoted, submitted
from views import record as words

log = logging.getLogger("muster.slack")

OURS = "That is Muster's own message: what it tells stands in the timeline already."
IN_VAIN = "Nothing was done for your reaction: {reason}. Take it off and put it on again to try once more."

React = Callable[[int, str, Message, str], Awaitable[bool]]
"""Incident, who reacted, the message, and the key of the event."""


class PointingVerbs(Family):
    """What is pointed at keeps its words, its author, its time and its link."""

    def __init__(
        self,
        recording: Recording,
        items: ActionItems,
        incidents: Incidents,
        messages: Messages,
        replies: Replies,
        policy: Policy,
        reactions: Reactions,
    ) -> None:
        self._recording = recording
        self._items = items
        self._incidents = incidents
        self._messages = messages
        self._replies = replies
        self._policy = policy
        self._reactions = reactions
        self._one_by_one = asyncio.Lock()

    def shortcuts(self) -> Mapping[str, Listener]:
        return {"add_to_timeline": self._keep, "make_action_item": self._make}

    def forms(self) -> Mapping[str, Form]:
        return {words.KEEP: (words.INCIDENT, self._kept)}

    def hearings(self) -> Mapping[str, Hearing]:
        return {"reaction_added": self._added, "reaction_removed": self._removed}

    # shortcuts

    async def _keep(self, body: Body) -> Outcome:
        """At once in a room; elsewhere a form asks which incident."""
        said, message = said_by(body), quoted.message(body, self._policy.names, "")
        if (body.get("message") or {}).get("app_id", "") == body.get("api_app_id"):
            raise Refused(OURS)
        number, _ = await self._incidents.named(message.channel, None)
        if number is not None:
            return await self._into(number, said.by, message, said.key)
        found = (await self._incidents.listing(said.by, STATUSES)).incidents
        if not found:
            return words.no_incident()
        return await opened(self._replies, words.keep_form(found, message, said.response_url), said)

    async def _kept(self, body: Body) -> Outcome:
        view, by = body["view"], body["user"]["id"]
        number, message = words.read_incident(view), submitted.message(view)
        await self._incidents.must_see(number, by)
        if message is None:
            raise Refused("The message is gone from this form. Use the shortcut once more.")
        return await self._into(number, by, message, view["id"])

    async def _into(self, number: int, by: str, message: Message, key: str) -> Outcome:
        linked = replace(message, permalink=await self._messages.permalink(message.channel, message.ts))
        await self._recording.keep(number, by, linked, key)
        record = await self._incidents.record(number)
        entry = recording.kept(record, recording.MESSAGE, message.source)
        return words.kept(record.incident, entry.author if entry else by, by)

    async def _make(self, body: Body) -> Outcome:
        """A form with the message's words, of the room's incident or of one that is chosen."""
        said, message = said_by(body), quoted.message(body, self._policy.names, "")
        number, _ = await self._incidents.named(message.channel, None)
        text = message.text.partition("\n")[0]
        if number is not None:
            incident = (await self._incidents.record(number)).incident
            view = item_words.form(said.by, incident, (), text, message, said.response_url)
            return await opened(self._replies, view, said)
        found = (await self._incidents.listing(said.by, STATUSES)).incidents
        if not found:
            return words.no_incident()
        view = item_words.form(said.by, None, found, text, message, said.response_url)
        return await opened(self._replies, view, said)

    # reactions

    async def _added(self, event: Body, body: Body) -> None:
        deeds: dict[str | None, React] = {
            self._reactions.timeline: self._while_it_stands(self._recording.keep, self._reactions.timeline),
            self._reactions.action_item: self._while_it_stands(self._starred, self._reactions.action_item),
            self._reactions.public_draft: self._while_it_stands(self._recording.draft, self._reactions.public_draft),
        }
        await self._reacted(event, body, deeds)

    async def _removed(self, event: Body, body: Body) -> None:
        deeds: dict[str | None, React] = {
            self._reactions.timeline: self._unless_it_stands(recording.MESSAGE, self._reactions.timeline),
            self._reactions.action_item: self._unless_it_stands("", self._reactions.action_item),
            self._reactions.public_draft: self._unless_it_stands(recording.DRAFT, self._reactions.public_draft),
        }
        await self._reacted(event, body, deeds)

    async def _reacted(self, event: Body, body: Body, deeds: Mapping[str | None, React]) -> None:
        """Only people's reactions to what others than Muster wrote in a room of an incident."""
        item, by, bots = event.get("item") or {}, str(event.get("user") or ""), ourselves(body)
        deed = deeds.get(str(event.get("reaction") or "").partition("::")[0])
        if deed is None or item.get("type") != "message" or by in bots or event.get("item_user") in bots:
            return
        number, _ = await self._incidents.named(item["channel"], None)
        if number is None:
            return
        try:
            async with self._one_by_one:
                if await self._messages.is_person(by):
                    message = await self._messages.read(item["channel"], item["ts"])
                    await deed(number, by, message, str(body.get("event_id") or ""))
        except Refused as refused:
            await self._replies.whisper(item["channel"], by, answers.refusal(refused.text))
        except (Temporary, Permanent) as failure:
            log.warning("INC-%s: a reaction did nothing: %s", number, failure.reason)
            told = answers.refusal(IN_VAIN.format(reason=failure.reason))
            await self._replies.whisper(item["channel"], by, told)

    async def _starred(self, number: int, by: str, message: Message, key: str) -> bool:
        text = message.text[: item_words.TEXT_MOST]
        return await self._items.make(number, by, text, key=key, of=message) is not None

    def _while_it_stands(self, deed: React, name: str | None) -> React:
        """Events overtake each other: what was taken off since then does nothing."""

        async def done(number: int, by: str, message: Message, key: str) -> bool:
            return name in message.reactions and await deed(number, by, message, key)

        return done

    def _unless_it_stands(self, kind: str, name: str | None) -> React:
        """What a reaction did ends with the last of its kind."""

        async def taken_back(number: int, by: str, message: Message, key: str) -> bool:
            if name in message.reactions:
                return False
            if kind:
                return await self._recording.withdraw(number, by, kind, message.source, key)
            return await self._items.withdraw(number, by, message.source, key)

        return taken_back
