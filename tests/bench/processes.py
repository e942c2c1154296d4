"""The two other processes of a measurement, as the driver sees them: the stage (the sandbox) and the bot."""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.world import BOT, OUTSIDE, ROOT, free_port

STAGE = (sys.executable, "-m", "tests.bench.stage")
UP_WITHIN_S = 30.0
LONGEST_ANSWER = 2**26


class Stage:
    """`await stage.order("declare", count=50, seconds=30)`: what the stage answers."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def order(self, do: str, **given):
        self._process.stdin.write(json.dumps({"do": do, **given}).encode() + b"\n")
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the stage ended while it was to {do}")
        return json.loads(line)


class Bot:
    """One bot on one stage, with a database of its own."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage = stage
        self.folder = folder
        self.database = f"sqlite:///{folder / 'muster.db'}"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, *arguments: str) -> float:
        """Start it; the seconds until Slack has it on the line."""
        environment = await self._environment()
        began = time.monotonic()
        with (self.folder / "bot.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *BOT, *arguments, env=environment, stdout=log, stderr=log, cwd=self.folder
            )
        return await self.stage.order("connected", seconds=UP_WITHIN_S) - began

    async def stop(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    @property
    def megabytes(self) -> float:
        """Resident memory."""
        return psutil.Process(self._process.pid).memory_info().rss / 2**20

    @property
    def processor_seconds(self) -> float:
        """Time on a processor since it was started."""
        times = psutil.Process(self._process.pid).cpu_times()
        return times.user + times.system

    async def _environment(self) -> dict[str, str]:
        port = str(free_port())
        outside = await self.stage.order("environment", bot_url=f"http://127.0.0.1:{port}")
        kept = {name: value for name, value in os.environ.items() if not OUTSIDE.match(name)}
        return {**kept, **outside, "MUSTER_HTTP_PORT": port, "DATABASE_URL": self.database}


@contextlib.asynccontextmanager
async def world():
    """A stage and a bot that is not started yet."""
    stage = await asyncio.create_subprocess_exec(
        *STAGE, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LONGEST_ANSWER
    )
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        bot = Bot(Stage(stage), Path(folder))
        try:
            yield bot
            faults = [line for line in (bot.folder / "bot.log").read_text().splitlines() if "Traceback" in line]
            if faults:
                raise RuntimeError(f"the bot had {len(faults)} faults while it was measured")
        finally:
            await bot.stop()
            stage.stdin.close()
            await stage.wait()
