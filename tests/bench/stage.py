"""The sandbox in a process of its own: takes one order a line, answers with figures. It knows no aim and no bot.

Times are seconds of time.monotonic(), which is one clock for all processes of a machine.
"""

import asyncio
import contextlib
import json
import sys
import time

from sandbox.app import Sandbox
from sandbox.slack.objects import BOT_USER, User
from tests.bench.traces import Traces, number_in, title

ALL_BUT_THE_PAGER = (("slack", "/slack/api"), ("twilio", None), ("plane", None), ("statuspage", None))


class Stage:
    """What the driver may order, one method each; the answer is whatever it returns."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._traces = Traces(sandbox.record)
        self._commands = 0
        self._read = 0
        self._messages: list[tuple[int, str, float]] = []

    async def environment(self, bot_url: str) -> dict[str, str]:
        self._sandbox.bot_at(bot_url)
        return self._sandbox.environment()

    async def connected(self, seconds: float) -> float:
        """When the first connection of the bot was there."""
        await self._sandbox.until(lambda: self._sandbox.socket.connections, seconds)
        return time.monotonic()

    async def slow(self, ms: float) -> None:
        """Every call of Slack's Web API takes so much longer."""
        if ms:
            self._sandbox.faults.add("slack", "latency", match="/slack/api", ms=ms)

    async def hang(self) -> None:
        """Nobody answers but the pager."""
        for service, match in ALL_BUT_THE_PAGER:
            self._sandbox.faults.add(service, "hang", match=match)

    async def tiers(self) -> None:
        """Slack's own rate limits hold."""
        self._sandbox.faults.tiers = True

    async def declare(self, count: int, seconds: float, rooms: bool = True) -> list[dict]:
        """So many commands at once; what became of each, when all pages (and rooms) are there or the time is over."""
        first, self._commands = self._commands, self._commands + count
        names = [title(number) for number in range(first, first + count)]
        said = await asyncio.gather(*(self._say(name) for name in names))
        with contextlib.suppress(TimeoutError):
            await self._sandbox.until(lambda: self._traces.complete(names, rooms), seconds)
        return [{**answer, **self._traces.of(name)} for name, answer in zip(names, said, strict=True)]

    async def _say(self, name: str) -> dict:
        answer = await self._sandbox.people.say("ana", f'/incident start SEV-1 "{name}"')
        shown = "\n".join(said.text for said in answer.ephemerals)
        error = "no answer" if answer.timeout else "" if "declared" in shown else shown or "nothing shown"
        return {"sent": answer.delivery.sent, "ack_ms": answer.ack_ms, "error": error}

    async def rooms(self, count: int) -> list[str]:
        """So many channels of the bot's; their ids."""
        add = self._sandbox.slack.workspace.add_channel
        return [add(f"old-{number}", BOT_USER, (BOT_USER,)).id for number in range(count)]

    async def archived(self, count: int, seconds: float) -> list[float]:
        """When the requests to archive arrived."""
        record = self._sandbox.record
        with contextlib.suppress(TimeoutError):
            await self._sandbox.until(lambda: len(record.to("slack", "conversations.archive")) >= count, seconds)
        return [request.arrived for request in record.to("slack", "conversations.archive")]

    async def hire(self, ids: list[str]) -> None:
        """People come into the workspace."""
        for id in ids:
            self._sandbox.slack.workspace.add_user(User(id, id.lower(), id, f"{id.lower()}@example.com"))

    async def climb(self, commands: list[str], over: float, rings: int, seconds: float) -> list[tuple[int, str, float]]:
        """The commands, evenly over so many seconds; then each direct message as (number of the title, whom, when it
        arrived), once there are so many or the time is over."""
        begun, said = time.monotonic(), []
        for place, command in enumerate(commands):
            await asyncio.sleep(begun + place * over / len(commands) - time.monotonic())
            said.append(asyncio.create_task(self._sandbox.people.say("ana", command)))
        with contextlib.suppress(TimeoutError):
            await self._sandbox.until(lambda: len(self._rung) >= rings, begun + seconds - time.monotonic())
        await asyncio.gather(*said)
        return self._rung

    @property
    def _rung(self) -> list[tuple[int, str, float]]:
        """What the record has of messages to one person; each request is read once."""
        requests = self._sandbox.record.requests
        for request in requests[self._read :]:
            if request.method == "chat.postMessage" and request.body["channel"].startswith("U"):
                self._messages.append((number_in(json.dumps(request.body)), request.body["channel"], request.arrived))
        self._read = len(requests)
        return self._messages

    async def violations(self) -> list[str]:
        return self._sandbox.record.violations


async def main() -> None:
    reader = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with Sandbox(port=0) as sandbox:
        stage = Stage(sandbox)
        while line := await reader.readline():
            order = json.loads(line)
            answer = await getattr(stage, order.pop("do"))(**order)
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
