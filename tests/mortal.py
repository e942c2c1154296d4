"""A world whose bot may die at any commit or request and is started again, as an init system would."""

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.world import ROOT, World

LAUNCHER = str(ROOT / "tests" / "launcher.py")
UP_WITHIN_S = 60.0
"""Many worlds start at once."""

MOMENTS = {"commit": ("before", "after"), "request": ("before", "between", "after")}


@dataclass(frozen=True)
class Point:
    """The n-th commit or request since a story began, and when around it."""

    what: str
    n: int
    moment: str

    def __str__(self) -> str:
        return f"{self.moment} {self.what} {self.n}"


class Commits:
    """Orders for tests/launcher.py, worded like those of the sandbox's `kill`."""

    def __init__(self, order: Path) -> None:
        self.order = order
        self._serial = 0

    def arm(self, n: int, moment: str) -> None:
        self._serial += 1
        self.order.with_suffix(".count").unlink(missing_ok=True)
        draft = self.order.with_suffix(".new")
        draft.write_text(f"{self._serial} {n} {moment}")
        draft.replace(self.order)

    def disarm(self) -> None:
        self.order.unlink(missing_ok=True)

    @property
    def count(self) -> int:
        return int(self.order.with_suffix(".count").read_text())


class MortalWorld(World):
    """`arm` a point, live a story; `deaths` says whether the point was reached."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.commits = Commits(folder / "commits")
        super().__init__(folder, database, (sys.executable, LAUNCHER, str(self.commits.order), "run"))
        self.deaths = 0
        self.ready = 0.0
        """When the bot was last ready, in seconds of time.monotonic()."""
        self.asked = 0.0
        """When somebody last typed a command, or the clock was last moved."""
        self.before = []
        """The timeline as the dead bot left it."""
        self._tending = None
        self._up = asyncio.Event()

    async def __aenter__(self) -> "MortalWorld":
        await super().__aenter__()
        await self.boot()
        self._tending = asyncio.create_task(self._tend())
        return self

    async def __aexit__(self, *problem: object) -> None:
        self._tending.cancel()
        await asyncio.gather(self._tending, return_exceptions=True)
        await super().__aexit__(*problem)

    async def boot(self) -> None:
        await self.launch()
        await self.until(lambda: self.sandbox.socket.connections, UP_WITHIN_S)
        self.ready = time.monotonic()
        self._up.set()

    async def _tend(self) -> None:
        while True:
            await self.process.wait()
            self._up.clear()
            self.commits.disarm()
            self.deaths += 1
            self.before = self.timeline()
            await self.until(lambda: not self.sandbox.socket.connections)
            await self.boot()

    async def settled(self) -> None:
        """A bot just started again pays its debts before it is ready: until it is that, too."""
        await super().settled()
        await self._up.wait()

    def move(self, by: str) -> None:
        super().move(by)
        self.asked = time.monotonic()

    def arm(self, point: Point) -> None:
        self.deaths, self.before = 0, []
        self.commits.arm(point.n if point.what == "commit" else 0, point.moment)
        self.sandbox.kill.arm(point.n if point.what == "request" else 0, point.moment)

    def points(self) -> list[Point]:
        """All that could have been armed since `arm`, each at each of its moments."""
        counted = {"commit": self.commits.count, "request": self.sandbox.kill.count}
        return [
            Point(what, n, moment) for what in MOMENTS for n in range(1, counted[what] + 1) for moment in MOMENTS[what]
        ]

    async def persist(self, who: str, text: str, channel: str = "#general"):
        """Type a command, and again while there is no answer: a person waits 3 s, or sees at once that nobody is
        there."""
        while True:
            await self.until(lambda: self.sandbox.socket.connections, 20)
            self.asked = time.monotonic()
            answer = await self.say(who, text, channel)
            if not answer.timeout:
                return answer

    def timeline(self) -> list[tuple]:
        """(id, incident, kind, author, data as JSON text) in order of writing."""
        return self.rows("SELECT id, incident, kind, author, data FROM timeline ORDER BY id")
