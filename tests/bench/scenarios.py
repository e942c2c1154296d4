"""What is measured, one function a situation, each in a world of its own. All figures come from the stage's record."""

from dataclasses import dataclass

from tests.bench.figures import Figure, median, quantile
from tests.bench.ladders import ladders
from tests.bench.on_call import who_is_on_call
from tests.bench.processes import world
from tests.bench.timers import timers

SEQUENTIAL_CALLS = 3
ROOM_MARGIN = 1.1


@dataclass(frozen=True, slots=True)
class Size:
    """How often, how many, how long (seconds)."""

    boots: int = 3
    commands: int = 40
    crowds: tuple[int, ...] = (50, 500)
    crowd_s: float = 60.0
    tiers_s: float = 12.0
    timers: int = 100_000
    due: int = 500
    ladders: int = 500
    ladders_s: float = 5.0
    people: int = 1000
    schedules: int = 200


QUICK = Size(
    boots=1,
    commands=3,
    crowds=(5,),
    crowd_s=10.0,
    tiers_s=2.0,
    timers=200,
    due=20,
    ladders=10,
    ladders_s=1.0,
    people=50,
    schedules=10,
)


async def everything(ms: float, size: Size):
    """Every figure with so many milliseconds added to each of Slack's calls, as soon as it is known."""
    yield await starts(ms, size.boots)
    yield await one_at_a_time(ms, size.commands)
    yield await page_alone(ms, size.commands)
    for count in size.crowds:
        yield await crowd(ms, count, size.crowd_s)
        yield await crowd_within_tiers(ms, count, size.tiers_s)
    yield await timers(ms, size.timers, size.due)
    yield await ladders(ms, size.ladders, size.ladders_s)
    yield who_is_on_call(size.people, size.schedules)


async def starts(ms: float, boots: int) -> list[Figure]:
    seconds, megabytes = [], []
    for _ in range(boots):
        async with world() as bot:
            await bot.stage.order("slow", ms=ms)
            seconds.append(await bot.start())
            megabytes.append(bot.megabytes)
    return [
        Figure("start -> socket ready", median(seconds), "s", aim=1.5 + 2 * ms / 1000),
        Figure("memory idle", median(megabytes), "MB", aim=110),
    ]


async def one_at_a_time(ms: float, commands: int) -> list[Figure]:
    """Each command after the room of the one before is complete."""
    async with world() as bot:
        await bot.start()
        await bot.stage.order("slow", ms=ms)
        await bot.stage.order("declare", count=1, seconds=10)
        told = [each for _ in range(commands) for each in await bot.stage.order("declare", count=1, seconds=10)]
    acks, rooms = _acks(told), _since_sent(told, "room")
    calls = max(each["calls"] for each in told)
    slack = SEQUENTIAL_CALLS * ms * ROOM_MARGIN if ms else None
    figures = [
        Figure("command -> ack p50", median(acks), "ms", aim=25),
        Figure("command -> ack p99", quantile(acks, 0.99), "ms"),
        Figure("command -> page p50", median(_since_sent(told, "page")), "ms"),
        Figure("command -> page p99", quantile(_since_sent(told, "page"), 0.99), "ms"),
        Figure("command -> room complete p50", median(rooms), "ms", aim=slack),
        Figure("calls that build the room", calls, "calls"),
    ]
    # Without latency calls that were sent side by side are answered one after another.
    sequential = median([each["sequential"] for each in told])
    return [*figures, Figure("sequential calls of the room", sequential, "calls", aim=3.5)] if ms else figures


async def page_alone(ms: float, commands: int) -> list[Figure]:
    """Every vendor hangs but the pager."""
    async with world() as bot:
        await bot.start()
        await bot.stage.order("slow", ms=ms)
        await bot.stage.order("declare", count=1, seconds=10)
        await bot.stage.order("hang")
        told = []
        for _ in range(commands):
            told += await bot.stage.order("declare", count=1, seconds=10, rooms=False)
    pages = _since_sent(told, "page")
    return [
        Figure("all others hang: command -> page p50", median(pages), "ms", aim=30),
        Figure("all others hang: command -> page p99", quantile(pages, 0.99), "ms"),
    ]


async def crowd(ms: float, count: int, seconds: float) -> list[Figure]:
    async with world() as bot:
        await bot.start()
        await bot.stage.order("slow", ms=ms)
        before = bot.processor_seconds
        told = await bot.stage.order("declare", count=count, seconds=seconds)
        figures = _crowd(f"{count} at once", told)
        rooms = _since_sent(told, "room")
        all_rooms = max(rooms) / 1000 if len(rooms) == count else None
        return [
            *figures,
            Figure(f"{count} at once: all rooms", all_rooms, "s"),
            Figure(f"{count} at once: processor time each", (bot.processor_seconds - before) / count * 1000, "ms"),
            Figure(f"memory after {count}", bot.megabytes, "MB"),
        ]


async def crowd_within_tiers(ms: float, count: int, seconds: float) -> list[Figure]:
    """Slack lets a workspace open 20 rooms a minute: what is there when the time given is over is counted."""
    async with world() as bot:
        await bot.start()
        await bot.stage.order("slow", ms=ms)
        await bot.stage.order("tiers")
        told = await bot.stage.order("declare", count=count, seconds=seconds)
        figures = _crowd(f"{count} at once, tiers", told)
        return [*figures, Figure(f"{count} at once, tiers: rooms in {seconds:g} s", len(_since_sent(told, "room")), "")]


def _crowd(name: str, told: list[dict]) -> list[Figure]:
    acks, pages = _acks(told), _since_sent(told, "page")
    return [
        Figure(f"{name}: ack p50", median(acks), "ms"),
        Figure(f"{name}: ack p99", quantile(acks, 0.99), "ms"),
        Figure(f"{name}: ack max", max(acks, default=None) if len(acks) == len(told) else None, "ms", aim=2000),
        Figure(f"{name}: errors", sum(bool(each["error"]) for each in told), "", aim=1),
        Figure(f"{name}: page p99", quantile(pages, 0.99) if len(pages) == len(told) else None, "ms"),
    ]


def _acks(told: list[dict]) -> list[float]:
    return [each["ack_ms"] for each in told if each["ack_ms"] is not None]


def _since_sent(told: list[dict], what: str) -> list[float]:
    """Milliseconds since the command, for those that came so far."""
    return [(each[what] - each["sent"]) * 1000 for each in told if each[what] is not None]
