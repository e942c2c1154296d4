"""Many ladders started in a few seconds and answered by nobody: how late each step rings whom it names."""

import contextlib
import sqlite3
import time
from collections import defaultdict
from pathlib import Path

import yaml

from tests.bench.figures import Figure, median, quantile
from tests.bench.processes import Bot, world
from tests.bench.traces import title

LEVELS = 3
PEOPLE_EACH = 2
LEVEL_S = 5.0
LADDERS_EACH = 5
"""Of a team: fewer than Muster keeps together in one message, so that each step rings by itself."""

OVER_AFTER_S = 30.0


async def ladders(ms: float, count: int, seconds: float) -> list[Figure]:
    """Muster's own ladder by direct message, with a room and an issue for each; every step is judged by the last of its
    people whose message reached Slack, against the time of the declaration."""
    teams = max(count // LADDERS_EACH, 1)
    async with world() as bot:
        await bot.stage.order("hire", ids=[_slack(*each) for each in _crowd(teams)])
        await bot.start("--config", str(_configured(bot.folder, teams)))
        await bot.stage.order("slow", ms=ms)
        commands = [f'/incident start T{number % teams} "{title(number)}"' for number in range(count)]
        rings = count * LEVELS * PEOPLE_EACH
        within = seconds + LEVELS * LEVEL_S + OVER_AFTER_S
        rung = await bot.stage.order("climb", commands=commands, over=seconds, rings=rings, seconds=within)
        late = _lateness(rung, _declared(bot))
    name = f"{count} ladders started over {seconds:g} s, levels of {LEVEL_S:g} s"
    steps = [late.get((number, level)) for number in range(count) for level in range(LEVELS)]
    found = [each for each in steps if each is not None]
    return [
        Figure(f"{name}: a step is late p50", median(found), "s"),
        Figure(f"{name}: a step is late p99", quantile(found, 0.99) if len(found) == len(steps) else None, "s", aim=1),
    ]


def _lateness(rung: list[list], declared: dict[str, float]) -> dict[tuple[int, int], float]:
    """(ladder, level) -> seconds from its time to the last of its people; of those of whom all were rung."""
    steps = defaultdict(list)
    for number, user, arrived in rung:
        level = int(user[-2])
        steps[number, level].append(arrived - declared[title(number)] - level * LEVEL_S)
    return {step: max(late) for step, late in steps.items() if len(late) == PEOPLE_EACH}


def _declared(bot: Bot) -> dict[str, float]:
    """When each began, by its title, in seconds of time.monotonic()."""
    ahead = time.time() - time.monotonic()
    with contextlib.closing(sqlite3.connect(bot.database.removeprefix("sqlite:///"))) as file:
        return {name: at / 1000 - ahead for name, at in file.execute("SELECT title, detected_at FROM incident")}


def _configured(folder: Path, teams: int) -> Path:
    """A severity and a policy for each team, and nothing else that is not as delivered."""
    means = {"label": "team", "means": "x", "page": True, "acknowledge_within": "5m", "tracker_priority": "high"}
    settings = {
        "severities": {f"T{n}": {**means, "escalation_policy": f"t{n}"} for n in range(teams)},
        "people": {_id(*each): {"name": _id(*each), "slack": _slack(*each)} for each in _crowd(teams)},
        "escalation_policies": {"default": _policy(0), **{f"t{n}": _policy(n) for n in range(teams)}},
        "paging": {"page_by": "muster"},
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(settings, sort_keys=False))
    return path


def _policy(team: int) -> dict:
    wait = {"acknowledge_within": f"{LEVEL_S:g}s"}
    return {"levels": [{"people": [_id(team, n, p) for p in range(PEOPLE_EACH)], **wait} for n in range(LEVELS)]}


def _crowd(teams: int) -> list[tuple[int, int, int]]:
    """(team, level, place) of everybody."""
    return [(t, n, p) for t in range(teams) for n in range(LEVELS) for p in range(PEOPLE_EACH)]


def _id(team: int, level: int, place: int) -> str:
    return f"t{team}l{level}p{place}"


def _slack(team: int, level: int, place: int) -> str:
    return f"UT{team:05}{level}{place}"
