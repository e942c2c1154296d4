"""What is said at once to whoever typed or pressed: forms and private answers. Nothing here is owed or repeated."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from domain.errors import Permanent, Temporary
from integrations.slack_api import SlackRefused, call
from views.markup import typed

log = logging.getLogger("muster.replies")

FORM_WITHIN_S = 2.0
"""A trigger lives for 3 s, and the person waits."""

ANSWER_WITHIN_S = 10.0

OPEN_ALREADY = "exchanged_trigger_id"
"""The same click delivered again: its form is in front of the person."""


class SlackReplies:
    """Replies over Slack: True when Slack took it. `channel` is where Muster's own trouble is told."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, channel: str = "") -> None:
        self._client = client
        self._session = session
        self._channel = channel

    async def open_form(self, trigger_id: str, view: Mapping[str, Any]) -> bool:
        """Show a form, within 2 s or not at all."""
        try:
            async with asyncio.timeout(FORM_WITHIN_S):
                await call(self._client, "views.open", trigger_id=trigger_id, view=dict(view))
        except (Temporary, Permanent, TimeoutError) as failure:
            if isinstance(failure, SlackRefused) and failure.error == OPEN_ALREADY:
                return True
            log.warning("a form could not be opened: %s", failure or "no answer in time")
            return False
        return True

    async def change_form(self, view_id: str, hash: str, view: Mapping[str, Any]) -> bool:
        """Show another form in an open one's place, unless it has changed since `hash`."""
        return await self._shown("views.update", view_id=view_id, hash=hash, view=dict(view))

    async def show_home(self, user: str, view: Mapping[str, Any]) -> bool:
        """What somebody's Home tab shows."""
        return await self._shown("views.publish", user_id=user, view=dict(view))

    async def _shown(self, method: str, **arguments: Any) -> bool:
        try:
            async with asyncio.timeout(FORM_WITHIN_S):
                await call(self._client, method, **arguments)
        except (Temporary, Permanent, TimeoutError) as failure:
            log.warning("a view could not be shown: %s", failure or "no answer in time")
            return False
        return True

    async def send(self, response_url: str, answer: Mapping[str, Any]) -> bool:
        """Answer through the address that came with the command or the click."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S), self._session.post(response_url, json=answer) as response:
                return response.status < 300
        except (aiohttp.ClientError, TimeoutError) as failure:
            log.warning("an answer could not be sent: %s", type(failure).__name__)
            return False

    async def tell(self, user: str, answer: Mapping[str, Any]) -> bool:
        """Answer by direct message, where no address came with what was done."""
        message = {name: answer[name] for name in ("text", "blocks") if name in answer}
        return await self._posted(user, message)

    async def whisper(self, channel: str, user: str, answer: Mapping[str, Any]) -> bool:
        """Say something to one person in a channel, where nobody else sees it; else by direct message."""
        message = {name: answer[name] for name in ("text", "blocks") if name in answer}
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await call(self._client, "chat.postEphemeral", channel=channel, user=user, **message)
        except (Temporary, Permanent, TimeoutError) as failure:
            log.warning("words for one person could not be shown in the room: %s", failure or "no answer in time")
            return await self.tell(user, answer)
        return True

    async def announce_trouble(self, text: str) -> bool:
        """Say that Muster is in trouble, where the Web API still answers."""
        if not self._channel:
            return False
        return await self._posted(self._channel, {"text": f"⚠ {typed(text)}"})

    async def _posted(self, channel: str, message: Mapping[str, Any]) -> bool:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await call(self._client, "chat.postMessage", channel=channel, **message)
        except (Temporary, Permanent, TimeoutError) as failure:
            log.warning("a message could not be sent: %s", failure or "no answer in time")
            return False
        return True
