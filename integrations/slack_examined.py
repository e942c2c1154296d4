"""What Slack says of us and of what config.yaml names, for `doctor`: reads only, and holds no connection."""

import asyncio
import json
from datetime import datetime

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from domain.doctor import Group, Introduction, Room
from domain.errors import Permanent, Temporary
from integrations import slack_members
from integrations.http import sent_at
from integrations.slack_api import SlackRefused, answered, call
from integrations.slack_identity import BadToken, refused_bot_token, socket_address

AT_ONCE = 16
CLOSED_WITHIN_S = 1.0
UNSEEN = ("channel_not_found", "method_not_supported_for_channel_type")


class SlackExamined:
    """A Workspace. `app_token` opens Socket Mode; the client has the bot's."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, app_token: str) -> None:
        self._client = client
        self._session = session
        self._app_token = app_token
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def introduce(self) -> tuple[Introduction, datetime | None]:
        """Who we are and what we may do, and the time on Slack's clock, to the second."""
        try:
            response = await answered(self._client, "auth.test")
        except Temporary as failure:
            if refusal := refused_bot_token(failure):
                raise Permanent(refusal) from None
            raise
        headers = {str(name).lower(): value for name, value in dict(response.headers).items()}
        listed = headers.get("x-oauth-scopes")
        scopes = None if listed is None else frozenset(filter(None, (each.strip() for each in listed.split(","))))
        known = response.data
        return Introduction(str(known.get("user")), str(known.get("team")), scopes), sent_at(headers.get("date", ""))

    async def socket(self, connect: bool) -> None:
        """Whether Slack gives out a socket and, with `connect`, says hello on it. It is closed at once: while it is
        open, Slack may send it a command that the bot then does not hear of."""
        try:
            address = await socket_address(self._client, self._app_token)
        except BadToken as refusal:
            raise Permanent(str(refusal)) from None
        if connect:
            await self._hear_hello(address)

    async def _hear_hello(self, address: str) -> None:
        patience = aiohttp.ClientWSTimeout(ws_close=CLOSED_WITHIN_S)
        try:
            async with self._session.ws_connect(address, timeout=patience) as socket:
                frame = await socket.receive()
        except (aiohttp.ClientError, ConnectionError) as failure:
            raise Temporary(f"Slack's socket cannot be connected to ({type(failure).__name__})") from failure
        said = _parsed(frame)
        if said.get("type") != "hello":
            raise Temporary(f"Slack's socket said no hello ({said.get('reason') or said.get('type') or 'it closed'})")

    async def channel(self, id: str) -> Room | None:
        """A channel, or None where Slack shows none to us. Private channels are shown to their members only."""
        try:
            async with self._gate:
                found = (await call(self._client, "conversations.info", channel=id))["channel"]
        except SlackRefused as refused:
            if refused.error in UNSEEN:
                return None
            raise
        flags = [bool(found.get(name)) for name in ("is_archived", "is_member", "is_private")]
        return Room(str(found.get("name")), *flags)

    async def groups(self) -> dict[str, Group]:
        """The user groups by id; a workspace has few, and Slack shows one by its id in no other way."""
        answer = await call(self._client, "usergroups.list", include_disabled=True)
        return {
            str(each["id"]): Group(str(each.get("handle")), bool(each.get("date_delete")))
            for each in answer["usergroups"]
        }

    async def member(self, id: str) -> str:
        """One of domain.reach: found, unknown, deactivated, not_checked."""
        async with self._gate:
            return (await slack_members.members(self._client, [id]))[id]


def _parsed(frame: aiohttp.WSMessage) -> dict[str, object]:
    try:
        said = json.loads(frame.data) if frame.type == aiohttp.WSMsgType.TEXT else {}
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
