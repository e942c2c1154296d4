"""Messages that somebody points at: read one by one, with their links. Nothing here is owed or repeated."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from domain.errors import Permanent, Temporary
from domain.recording import Message
from integrations.slack_api import call
from integrations.slack_identity import Identity
from views.quoted import address, plain_words

T = TypeVar("T")

log = logging.getLogger("muster.messages")

LINK_WITHIN_S = 1.0
"""Whoever asks stands before an answer that is due in three seconds."""

READ_WITHIN_S = 5.0


class SlackMessages:
    """Messages over Slack's Web API. `names` are people's by Slack id."""

    def __init__(self, client: AsyncWebClient, identity: Identity, names: Mapping[str, str]) -> None:
        self._client = client
        self._identity = identity
        self._names = names

    async def read(self, channel: str, ts: str) -> Message:
        """The message as it is now, a reply in a thread too. Raises Permanent where it is gone."""
        found = await _in_time(self._history(channel, ts)) or await _in_time(self._reply(channel, ts))
        if found is None:
            raise Permanent("the message was deleted")
        reactions = {
            each["name"].partition("::")[0]: tuple(each.get("users") or ()) for each in found.get("reactions") or ()
        }
        author, text = plain_words(found, self._names)
        return Message(channel, ts, author, text, await self.permalink(channel, ts), reactions)

    async def permalink(self, channel: str, ts: str) -> str:
        """Slack's own link, else the one that it would give to a message that is no reply."""
        try:
            async with asyncio.timeout(LINK_WITHIN_S):
                return str((await call(self._client, "chat.getPermalink", channel=channel, message_ts=ts))["permalink"])
        except (Temporary, Permanent, TimeoutError) as failure:
            log.info("a message's link was made by rule: %s", failure or "no answer in time")
        try:
            return address(self._identity.workspace, channel, ts)
        except Temporary:
            return ""

    async def is_person(self, user: str) -> bool:
        """Whether a member is a human. Raises Temporary or Permanent."""
        return not (await _in_time(call(self._client, "users.info", user=user)))["user"].get("is_bot")

    async def _history(self, channel: str, ts: str) -> Any:
        window = {"oldest": ts, "latest": ts, "inclusive": "true", "limit": 1}
        page = await call(self._client, "conversations.history", channel=channel, **window)
        return _of(page["messages"], ts)

    async def _reply(self, channel: str, ts: str) -> Any:
        """Of what stands in a thread the history knows nothing."""
        page = await call(self._client, "conversations.replies", channel=channel, ts=ts, limit=1)
        return _of(page["messages"], ts)


async def _in_time(asked: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            return await asked
    except TimeoutError:
        raise Temporary("Slack does not answer in time") from None


def _of(messages: Any, ts: str) -> Any:
    return next((each for each in messages if each.get("ts") == ts), None)
