"""SIGKILL along the whole ladder, Ana, Ben, Chris and an answer: everybody is rung, at most once more than else."""

import asyncio
from collections import Counter
from itertools import count

import pytest

from tests.flows.test_kill_sweep import ABSENT_AT_MOST, AT_ONCE, NOWHERE
from tests.mortal import MortalWorld
from tests.world import words

PEOPLE = {"ana": "+15550000001", "ben": "+15550000002", "chris": "+15550000003"}
OWN_LADDER = dict.fromkeys(("PAGERDUTY_INTEGRATION_KEY", "PAGERDUTY_API_KEY", "OPSGENIE_API_KEY"))


def pages(world, who):
    return [m for m in world.workspace.dms(who) if "You are paged" in words(m) or "is on it (" in words(m)]


def rung(world, who):
    return PEOPLE[who] in {call["to"] for call in world.calls} and pages(world, who)


async def climb(world):
    """From the declaration to Chris's answer."""
    await world.persist("ana", '/incident start SEV-1 "db down"')
    await world.settled()
    for span, who in (("+2m", "ana"), ("+3m", "ben"), ("+15m", "chris")):
        world.move(span)
        await world.until(lambda who=who: rung(world, who), 60)
        await world.settled()
    (room,) = world.rooms()
    await world.persist("chris", "/incident ack", room)
    await world.settled()
    world.move("+2h")
    await world.settled()


def judge(world):
    """Nobody is left out, nobody is rung twice but where the answer to the call was lost, nothing is forgotten."""
    assert world.timeline()[: len(world.before)] == world.before, "an entry of the timeline was lost"
    calls = Counter(call["to"] for call in world.calls)
    assert set(calls) == set(PEOPLE.values())
    assert sum(calls.values()) <= len(PEOPLE) + world.deaths
    for who in PEOPLE:
        assert len({m.ts for m in pages(world, who) if "You are told" not in words(m)}) == 1
    assert world.rows("SELECT acknowledged_by FROM incident") == [("U0003",)]
    assert world.rows(
        "SELECT count(*) FROM timer WHERE kind IN ('acknowledge_timeout', 'phone_call', 'repeat_ladder')"
    ) == [(0,)]
    assert not world.sandbox.record.violations
    assert "Traceback" not in world.log.read_text(errors="replace")


@pytest.fixture
def make_world(tmp_path):
    number = count()

    def make():
        folder = tmp_path / str(next(number))
        folder.mkdir()
        world = MortalWorld(folder)
        world.changed |= OWN_LADDER
        return world

    return make


async def lived(make_world, point):
    """What was not as it must be after a death at this point, empty where all was; and whether there was one: lives
    differ by how many edits were joined."""
    async with make_world() as world:
        try:
            world.arm(point)
            await climb(world)
            judge(world)
        except (AssertionError, TimeoutError, LookupError) as wrong:
            return f"{point}: {wrong!r}\n{world.tail(15)}", True
        return "", bool(world.deaths)


async def counted(make_world):
    async with make_world() as world:
        world.arm(NOWHERE)
        await climb(world)
        judge(world)
        return world.points()


async def sweep(make_world, choose):
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(point):
        async with gate:
            return await lived(make_world, point)

    lives = await asyncio.gather(*map(one, choose(await counted(make_world))))
    assert not any(wrong for wrong, _ in lives), "\n\n".join(wrong for wrong, _ in lives if wrong)
    absent = sum(1 for _, reached in lives if not reached)
    assert absent <= ABSENT_AT_MOST * len(lives), f"only {len(lives) - absent} of {len(lives)} points were reached"


@pytest.mark.slow
async def test_a_kill_at_every_fifth_commit_and_request_of_the_ladder_leaves_nobody_out(make_world):
    await sweep(make_world, lambda points: points[::5])
