"""Many timers pending, many due in one instant: how late their transactions and their effects are."""

import asyncio
import contextlib
import sqlite3
import time
from datetime import UTC, datetime, timedelta

from peewee import chunked

from storage import migrate, models
from storage.db import Store
from tests.bench.figures import Figure, quantile
from tests.bench.processes import Bot, world

PENDING_INCIDENTS = 500
DUE_IN = timedelta(seconds=6)
"""After the rows are written: the bot is long up by then."""

OVER_AFTER_S = 30.0
SAMPLE_S = 0.005


async def timers(ms: float, pending: int, count: int) -> list[Figure]:
    """The due ones archive rooms, so that each has an effect on the wire."""
    async with world() as bot:
        rooms = await bot.stage.order("rooms", count=count)
        due = _seed(bot, pending, rooms)
        await bot.start()
        await bot.stage.order("slow", ms=ms)
        begun = time.monotonic() + (due - datetime.now(UTC)).total_seconds()
        committed, arrived = await asyncio.gather(
            _committed(bot, due, begun),
            bot.stage.order("archived", count=count, seconds=DUE_IN.total_seconds() + OVER_AFTER_S),
        )
    name = f"{pending:,} timers, {count} due at once"
    on_wire = [moment - begun for moment in arrived]
    return [
        Figure(f"{name}: committed p99", quantile(committed, 0.99) if len(committed) == count else None, "s", aim=1),
        Figure(f"{name}: on the wire p99", quantile(on_wire, 0.99) if len(on_wire) == count else None, "s"),
    ]


def _seed(bot: Bot, pending: int, rooms: list[str]) -> datetime:
    """Write the incidents and their timers; when the due ones fall due."""
    store = Store(bot.database)
    try:
        store.migrate(migrate.upgrade)
        return store.transact_now(_write, pending, rooms)
    finally:
        store.close()


def _write(pending: int, rooms: list[str]) -> datetime:
    now = datetime.now(UTC)
    for number in range(1, PENDING_INCIDENTS + len(rooms) + 1):
        models.Incident.insert(
            number=number, title=f"old {number}", severity="SEV-1", status="resolved", reporter="U0001",
            detected_at=now, resolved_at=now,
        ).execute()  # fmt: skip
    later = (
        {**_timer(1 + n % PENDING_INCIDENTS), "due_at": now + timedelta(days=1, seconds=n)} for n in range(pending)
    )
    for chunk in chunked(later, 500):
        models.Timer.insert_many(chunk).execute()
    due = datetime.now(UTC) + DUE_IN
    for number, room in enumerate(rooms, PENDING_INCIDENTS + 1):
        models.ExternalRef.insert(incident=number, kind="channel", value=room, data={"name": room}).execute()
        models.Timer.insert(**_timer(number), due_at=due).execute()
    return due


def _timer(incident: int) -> dict:
    return {"incident": incident, "kind": "archive_channel", "data": {}}


async def _committed(bot: Bot, due: datetime, begun: float) -> list[float]:
    """Seconds from the instant until each timer's transaction was seen committed, by looking every few milliseconds."""
    seen = []
    with contextlib.closing(sqlite3.connect(bot.database.removeprefix("sqlite:///"))) as file:
        left = _left(file, due)
        while left and time.monotonic() < begun + OVER_AFTER_S:
            await asyncio.sleep(SAMPLE_S)
            now_left = _left(file, due)
            seen += [time.monotonic() - begun] * (left - now_left)
            left = now_left
    return seen


def _left(file: sqlite3.Connection, due: datetime) -> int:
    return file.execute("SELECT count(*) FROM timer WHERE due_at <= ?", [int(due.timestamp() * 1000)]).fetchone()[0]
