"""One message into a channel or to a person, and its changes. A repeat finds what an earlier attempt has posted."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from domain.errors import Permanent
from domain.record import Owed
from integrations.slack_api import SlackRefused, call
from integrations.slack_rooms import SKEW
from views import blocks


class Posts:
    """Each message carries the mark of the row that owes it."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def post(self, channel: str, message: blocks.Message, owed: Owed, under: str = "") -> tuple[str, str]:
        """Channel and ts of the message; a repeat looks first whether the earlier attempt is there. `under` is the ts
        of the message in whose thread it belongs."""
        if owed.repeat:
            ts = await self._find(channel, owed, under)
            if ts:
                return channel, ts
        thread = {"thread_ts": under} if under else {}
        stamped = blocks.stamp(message, _stamp(owed))
        answer = await call(self._client, "chat.postMessage", channel=channel, **thread, **stamped)
        return str(answer["channel"]), str(answer["ts"])

    async def direct(self, user: str, message: blocks.Message, owed: Owed) -> tuple[str, str]:
        """To one person. Of whoever is deactivated Slack says only that there is no such channel."""
        try:
            if owed.repeat:
                opened = await call(self._client, "conversations.open", users=user)
                return await self.post(str(opened["channel"]["id"]), message, owed)
            return await self.post(user, message, owed)
        except SlackRefused as refusal:
            if refusal.error == "channel_not_found":
                await self._must_be_here(user)
            raise

    async def _must_be_here(self, user: str) -> None:
        """Raises Permanent for whoever Slack does not know, or does no more."""
        if (await call(self._client, "users.info", user=user))["user"].get("deleted"):
            raise Permanent("their account in Slack is deactivated")

    async def edit(self, channel: str, ts: str, message: blocks.Message, owed: Owed) -> None:
        stamped = blocks.stamp(message, _stamp(owed))
        await call(self._client, "chat.update", channel=channel, ts=ts, **stamped)

    async def _find(self, channel: str, owed: Owed, under: str = "") -> str | None:
        """The ts of the message that carries this row's mark, written since the row was planned."""
        oldest = f"{(owed.due_at - SKEW).timestamp():.6f}"
        cursor = ""
        while True:
            arguments: dict[str, Any] = {"channel": channel, "oldest": oldest, "limit": 200}
            if under:
                arguments["ts"] = under
            method = "conversations.replies" if under else "conversations.history"
            page = await call(self._client, method, **arguments, **_cursor(cursor))
            for message in page["messages"]:
                if any(block.get("block_id") == _stamp(owed) for block in message.get("blocks") or ()):
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return None


def _cursor(cursor: str) -> dict[str, str]:
    return {"cursor": cursor} if cursor else {}


def _stamp(owed: Owed) -> str:
    return f"muster-{owed.id}"
