"""A small bot on each of Slack's Socket Mode libraries: answers a command, acknowledges the rest, tells what it heard.

`heard` fills with (type, what): the words of a command, the value of a button, the text of a message of an event.
"""

import asyncio
import contextlib
import json

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.foreign.clients import ended, node
from tests.foreign.table import APP


@contextlib.asynccontextmanager
async def python_bot(sandbox):
    heard = []

    async def listener(client, request):
        payload = request.payload
        match request.type:
            case "slash_commands":
                what, answer = payload["text"], {"text": f"you said {payload['text']}"}
            case "interactive":
                what, answer = payload["actions"][0]["value"], None
            case _:
                what, answer = payload["event"].get("text"), None
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))
        heard.append((payload["event"]["type"] if request.type == "events_api" else request.type, what))

    web = AsyncWebClient(base_url=f"{sandbox.url}/slack/api/")
    client = SocketModeClient(APP, web_client=web)
    client.socket_mode_request_listeners.append(listener)
    await client.connect()
    try:
        yield heard
    finally:
        await client.close()


@contextlib.asynccontextmanager
async def node_bot(sandbox):
    heard = []
    process = await node("socket.mjs", f"{sandbox.url}/slack/api/", APP)

    async def listen():
        while line := await process.stdout.readline():
            told = json.loads(line)
            heard.append((told["type"], told["what"]))

    listening = asyncio.create_task(listen())
    try:
        yield heard
    finally:
        await ended(process)
        await listening


BOTS = {"slack_sdk": python_bot, "node": node_bot}
