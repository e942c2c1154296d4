"""A bare Slack client and a bot of one line, to drive the sandbox without Muster or a Slack library."""

import asyncio
import json
from types import SimpleNamespace

import aiohttp

BOT, APP = "xoxb-sandbox", "xapp-sandbox"


class Client:
    """What any program can do to the sandbox over HTTP: no Slack library."""

    def __init__(self, sandbox, session):
        self.sandbox, self.session = sandbox, session

    async def __call__(self, method, token=BOT, **args):
        """The body of a JSON call."""
        return (await self.raw(method, token, json=args)).body

    async def form(self, method, token=BOT, **args):
        """The body of a form call; lists and objects go as JSON strings."""
        fields = {k: json.dumps(v) if isinstance(v, list | dict) else str(v) for k, v in args.items()}
        return (await self.raw(method, token, data=fields)).body

    async def raw(self, method, token=BOT, type=None, **options):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Content-Type": type} if type else {}
        url = f"{self.sandbox.url}/slack/api/{method}"
        async with self.session.post(url, headers=headers, **options) as answer:
            return SimpleNamespace(status=answer.status, headers=answer.headers, body=await answer.json())

    async def respond(self, url, **payload):
        async with self.session.post(url, json=payload) as answer:
            return SimpleNamespace(status=answer.status, text=await answer.text())

    async def connect(self):
        """An open Socket Mode connection that has said hello."""
        url = (await self("apps.connections.open", APP))["url"]
        socket = await self.session.ws_connect(url, autoping=False)
        assert (await socket.receive_json())["type"] == "hello"
        return socket

    async def control(self, path, **given):
        async with self.session.post(f"{self.sandbox.url}/control/{path}", json=given) as answer:
            return SimpleNamespace(status=answer.status, body=await answer.json())

    async def look(self, path):
        async with self.session.get(f"{self.sandbox.url}/control/{path}") as answer:
            return await answer.json()


async def receive(socket, kind):
    """The next envelope of a type; others are acknowledged and passed over."""
    while True:
        frame = await asyncio.wait_for(socket.receive_json(), 2)
        if frame["type"] == kind:
            return frame
        await socket.send_json({"envelope_id": frame["envelope_id"]})


class Answering:
    """A bot of one line: acknowledges each envelope with what `answer(envelope)` says, and keeps them all."""

    def __init__(self, socket, answer=lambda envelope: None):
        self.socket, self.answer, self.heard = socket, answer, []
        self._task = asyncio.create_task(self._listen())

    async def _listen(self):
        async for message in self.socket:
            if message.type != aiohttp.WSMsgType.TEXT:
                continue
            envelope = json.loads(message.data)
            self.heard.append(envelope)
            if "envelope_id" in envelope:
                payload = self.answer(envelope)
                await self.socket.send_json(
                    {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
                )

    def stop(self):
        """Go on listening to nothing."""
        self._task.cancel()

    def events(self, type):
        return [e["payload"]["event"] for e in self.heard if e["type"] == "events_api" and _type(e) == type]


def _type(envelope):
    return envelope["payload"]["event"]["type"]


class Seconds:
    """Real time that a test can turn."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now
