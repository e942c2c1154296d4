"""What every stand-in shares: the door that authenticates and refuses, the way back to the bot. No vendor's rules."""

import asyncio

import aiohttp
from aiohttp import web


class RefusedError(Exception):
    """A vendor says no; carries its whole answer."""

    def __init__(self, response: web.Response):
        super().__init__(response.status)
        self.response = response


class Calm:
    """The edge of a stand-in that stands alone: nothing is recorded, and there is never any trouble."""

    def note(self, method, path, body, status, response) -> None:
        pass

    async def meet(self, path):
        return None

    def moment(self, path):
        return None

    def kill(self) -> None:
        pass


class Vendor:
    """A stand-in. `complaints` holds what the real vendor would have swallowed without a word; `edge` is what stands
    before a service that is not spoken to over HTTP."""

    name = ""
    title = ""

    def __init__(self, clock, post):
        self.clock = clock
        self.post = post
        self.bot_url = ""
        self.offered = True  # whether the bot is given this vendor's secrets
        self.base_url = "http://127.0.0.1"
        self.complaints: list[str] = []
        self.edge = Calm()
        self.actions: dict = {}
        self._running: set[asyncio.Task] = set()

    def authenticate(self, request) -> None:
        """Raises RefusedError; a vendor without credentials lets everyone in."""

    def story(self) -> list[dict]:
        """What it received, in words, as words.py shapes it."""
        return []

    def offers(self) -> list[dict]:
        """What a person may do at any time, whatever was received; actions as in words.py."""
        return []

    def told(self) -> dict:
        """The vendor as the page shows it."""
        told = {"name": self.name, "title": self.title, "offered": self.offered}
        return told | {"items": self.story(), "actions": self.offers()}

    def door(self, handler):
        """The handler behind authentication, its refusals turned into answers."""

        async def handle(request):
            try:
                self.authenticate(request)
                return await handler(request)
            except RefusedError as refused:
                return refused.response

        return handle

    def complain(self, sentence: str) -> None:
        self.complaints.append(f"{self.name}: {sentence}")

    def complain_of_unknown(self, where: str, given, known) -> None:
        for field in given:
            if field not in known:
                self.complain(f"{where} does not know {field!r} and ignores it")

    async def call_back(self, url: str, body: bytes, headers: dict[str, str]) -> dict:
        """The bot's answer to a callback. A bot that is down is status 0: what the person did happened all the same."""
        try:
            status, text = await self.post(url, body=body, headers=headers)
        except (aiohttp.ClientError, OSError) as error:
            return {"url": url, "status": 0, "body": str(error)}
        return {"url": url, "status": status, "body": text}

    def soon(self, coroutine) -> None:
        """What the vendor does after it has answered."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def settled(self) -> None:
        """Returns when everything begun by `soon` has ended."""
        while self._running:
            await asyncio.gather(*self._running)

    def routes(self) -> list:
        """What it answers on the sandbox's HTTP server."""
        return []

    async def start(self) -> None:
        """Opens what it needs beside the sandbox's HTTP server, before the bot's environment is made."""

    async def stop(self) -> None:
        """Forgets what was still to be sent."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


def stamp(moment) -> str:
    """ISO 8601 in UTC with milliseconds and Z, the form that three of the four use."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def impossible(sentence: str) -> dict:
    """The answer to a person who wants what cannot be done."""
    return {"ok": False, "error": sentence}
