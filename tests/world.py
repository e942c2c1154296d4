"""A whole world for a story: the sandbox in the test's own loop and the bot as a real process that can be killed."""

import asyncio
import contextlib
import os
import random
import re
import signal
import socket
import sqlite3
import sys
import time
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import psycopg

from sandbox.app import Sandbox
from tests import nursery

ROOT = Path(__file__).parent.parent
BOT = (sys.executable, str(ROOT / "bot.py"), "run")
UP_WITHIN_S = 20.0
SETTLED_WITHIN_S = 40.0
LOOK_EVERY_S = 0.1
LOOKS_AT_CLOCK_S = 0.15
"""MUSTER_CLOCK_FILE is read at most every 100 ms."""
OUTSIDE = re.compile("(SLACK|PAGERDUTY|OPSGENIE|TWILIO|PLANE|STATUSPAGE|SMTP|DATABASE|MUSTER)_(?!CONTRACTS)")


class World:
    """`await world.boot()` starts the bot; `kill` ends it as a power cut would; its log is in `world.log`."""

    def __init__(self, folder: Path, database: str = "", command=BOT) -> None:
        self.folder = folder
        self.sandbox = Sandbox(port=0, clock_file=folder / "clock")
        self.database = database or f"sqlite:///{folder / 'muster.db'}"
        self.command = command
        self.http_port = free_port()
        self.log = folder / "bot.log"
        self.changed = {}
        """Environment that this test changes; None takes a variable away."""
        self.process = None
        self._moved = float("-inf")

    async def __aenter__(self) -> "World":
        await self.sandbox.start()
        self.sandbox.bot_at(self.url)
        self.sandbox.kill.pid = lambda: self.process.pid
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.kill()
        await self.sandbox.stop()

    @property
    def url(self) -> str:
        """The bot's own HTTP server."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def people(self):
        return self.sandbox.people

    @property
    def workspace(self):
        return self.sandbox.slack.workspace

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not OUTSIDE.match(name)}
        own = {"MUSTER_HTTP_PORT": str(self.http_port), "MUSTER_PUBLIC_URL": self.url, "DATABASE_URL": self.database}
        merged = {**kept, **self.sandbox.environment(), **own, **self.changed}
        return {name: value for name, value in merged.items() if value is not None}

    async def boot(self, connected: bool = True) -> None:
        """Start the bot, and wait until Slack has it on the line."""
        await self.launch()
        if connected:
            await self.until(lambda: self.sandbox.socket.connections, UP_WITHIN_S)

    async def restart(self) -> None:
        """A power cut and a new start, with what `changed` says by now."""
        await self.kill()
        await self.until(lambda: not self.sandbox.socket.connections)
        await self.boot()

    async def launch(self, *arguments: str):
        """Start the bot and do not wait."""
        with self.log.open("ab") as log:
            self.process = await nursery.start(
                *self.command, *arguments, env=self.environment(), cwd=self.folder, log=log
            )
        return self.process

    async def kill(self) -> None:
        """SIGKILL: nothing is said, nothing is finished."""
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def stop(self) -> int:
        """SIGTERM: the polite end. The exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 20)

    async def until(self, condition, seconds: float = 20.0):
        """What the condition returns, once it is true. What goes wrong is told with the bot's last lines."""
        try:
            return await self.sandbox.until(condition, seconds)
        except TimeoutError as late:
            raise AssertionError(f"in vain for {seconds} s; the bot's last lines:\n{self.tail()}") from late

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    async def settled(self) -> None:
        """Until the bot is there, has looked at a clock that was moved, and owes nothing to anybody."""
        async with asyncio.timeout(SETTLED_WITHIN_S):
            while time.monotonic() - self._moved < LOOKS_AT_CLOCK_S or not await self._owes_nothing():  # noqa: ASYNC110 - what another process owes rings no bell
                await asyncio.sleep(LOOK_EVERY_S)

    async def _owes_nothing(self) -> bool:
        await self.sandbox.vendors["twilio"].settled()
        try:
            status, figures = await self.get("/metrics")
        except aiohttp.ClientError:
            return False
        return status == 200 and "muster_outbox_depth{" not in figures

    @asynccontextmanager
    async def second_bot(self):
        """Another process on the same Slack and the same database: its asyncio process."""
        own = {"MUSTER_HTTP_PORT": str(free_port())}
        with self.log.open("ab") as log:
            bot = await nursery.start(*self.command, env={**self.environment(), **own}, cwd=self.folder, log=log)
        try:
            await self.until(lambda: len(self.sandbox.socket.connections) == 4, UP_WITHIN_S)
            yield bot
        finally:
            with contextlib.suppress(ProcessLookupError):
                bot.kill()
            await bot.wait()

    def rows(self, query: str) -> list[tuple]:
        """What the bot's database says."""
        if self.database.startswith("sqlite"):
            connection = sqlite3.connect(f"file:{self.database.removeprefix('sqlite:///')}?mode=ro", uri=True)
        else:
            connection = psycopg.connect(self.database)
        with closing(connection):
            return connection.execute(query).fetchall()

    def move(self, by: str) -> None:
        """Move the clock: "+2m", "+24h"."""
        self.sandbox.clock.move(by)
        self._moved = time.monotonic()

    # What people do, in one line each

    async def say(self, who: str, text: str, channel: str = "#general"):
        return await self.people.say(who, text, channel=channel)

    async def declare(self, severity: str = "SEV-1", title: str = "db down", who: str = "ana") -> str:
        """Declare, and wait for the finished room: `#inc-…`."""
        known = len(self.rooms())
        answer = await self.say(who, f'/incident start {severity} "{title}"')
        assert not answer.timeout, self.tail()
        room = await self.until(lambda: len(self.rooms()) > known and self.rooms()[-1])
        await self.until(lambda: self.workspace.channel(room).pins)
        return f"#{room.name}" if hasattr(room, "name") else room

    def rooms(self) -> list[str]:
        """The war rooms, oldest first."""
        names = [channel.name for channel in self.workspace.channels.values()]
        return [f"#{name}" for name in names if name.startswith("inc-")]

    # What the outside world saw

    def room_text(self, room: str) -> str:
        """Every message of the room as it is now, its blocks included."""
        return "\n".join(words(message) for message in self.workspace.messages(room))

    def card(self, room: str) -> str:
        """The pinned message."""
        pinned = self.workspace.channel(room).pins
        return "\n".join(words(message) for message in self.workspace.messages(room) if message.ts in pinned)

    @property
    def alerts(self) -> list:
        return self.sandbox.vendors["pagerduty"].state()["alerts"]

    @property
    def calls(self) -> list:
        return self.sandbox.vendors["twilio"].state()["calls"]

    @property
    def texts(self) -> list:
        return self.sandbox.vendors["twilio"].state()["messages"]

    @property
    def issues(self) -> list:
        return self.sandbox.vendors["plane"].state()["items"]

    @property
    def status_incidents(self) -> list:
        return self.sandbox.vendors["statuspage"].state()["incidents"]

    def requests(self, service: str, method: str | None = None) -> list:
        return self.sandbox.record.to(service, method)

    async def get(self, path: str) -> tuple[int, str]:
        """What the bot's HTTP server answers."""
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as response:
            return response.status, await response.text()

    async def readyz(self, status: int, within: float = 10.0) -> str:
        """What /readyz answers, once it answers with this status."""
        answered = (0, "nothing")
        try:
            async with asyncio.timeout(within):
                while answered[0] != status:
                    answered = await self.get("/readyz")
                    await asyncio.sleep(0.1)
        except TimeoutError as late:
            raise AssertionError(f"in vain for {within} s; it answers {answered}") from late
        return answered[1]


def words(message) -> str:
    """A message's text and everything readable in its blocks."""
    return "\n".join([message.text, *_texts(message.blocks)])


def shown(answer) -> str:
    """All that a person was shown of an answer."""
    return "\n".join(words(said) for said in answer.ephemerals)


def _texts(value) -> list[str]:
    match value:
        case {"text": str(text), **rest}:
            return [text, *_texts(rest)]
        case dict():
            return [text for inner in value.values() for text in _texts(inner)]
        case list() | tuple():
            return [text for inner in value for text in _texts(inner)]
        case _:
            return []


def free_port() -> int:
    """One that nobody listens on, and that the system gives no outgoing connection while a bot is down."""
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", random.randrange(20_000, 32_000)))
            return probe.getsockname()[1]
