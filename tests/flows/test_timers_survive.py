"""Timers fire, and once, whatever holds the database, freezes the process or takes the month away."""

import os
import signal
import sqlite3
import sys
import time

import psutil
import pytest

from tests.mortal import LAUNCHER, Commits
from tests.world import BOT, World, shown

HELD_S = 5.0


@pytest.mark.long
async def test_a_foreign_writer_that_holds_the_file_for_five_seconds_delays_timers_and_leaves_no_command_unanswered(
    world,
):
    room = await world.declare()
    await world.settled()
    writer = sqlite3.connect(world.folder / "muster.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    held_at = time.monotonic()
    world.move("+2m")
    answers = [await world.say("ana", "/incident list") for _ in range(2)]
    await world.until(lambda: time.monotonic() - held_at >= HELD_S)
    assert world.calls == []
    writer.execute("ROLLBACK")
    writer.close()

    await world.until(lambda: world.calls and world.texts)
    await world.settled()
    assert [answer.timeout for answer in answers] == [False, False]
    assert all("database does not answer" in shown(answer) for answer in answers)
    assert [call["to"] for call in world.calls] == [text["to"] for text in world.texts] == ["+15550000001"]
    answer = await world.say("ben", "/incident ack", channel=room)
    assert not answer.timeout


@pytest.fixture
async def steppable(tmp_path):
    """(world, commits): its bot can be stopped after any commit."""
    commits = Commits(tmp_path / "commits")
    async with World(tmp_path, command=(sys.executable, LAUNCHER, str(commits.order), "run")) as started:
        await started.boot()
        yield started, commits
        os.kill(started.process.pid, signal.SIGCONT)
        assert "Traceback" not in started.log.read_text(errors="replace"), started.tail(60)


@pytest.mark.long
async def test_a_process_frozen_after_it_claimed_a_timer_and_thawed_past_its_lease_rings_nobody_twice(steppable):
    world, commits = steppable
    await world.declare()
    await world.settled()
    bot = psutil.Process(world.process.pid)

    async def step():
        """To the next commit, and no further."""
        commits.arm(1, "freeze")
        os.kill(bot.pid, signal.SIGCONT)
        await world.until(lambda: bot.status() == psutil.STATUS_STOPPED)
        return world.rows("SELECT owner FROM timer WHERE kind = 'phone_call' AND claimed_until IS NOT NULL")

    world.move("+2m")
    while not await step():
        assert world.calls == []
    commits.disarm()

    world.command = BOT
    async with world.second_bot():
        world.move("+31s")
        await world.until(lambda: world.calls and world.texts)
        os.kill(bot.pid, signal.SIGCONT)
        await world.settled()
        beaten = "SELECT count(*) FROM process WHERE seen_at >= (SELECT max(sent_at) FROM outbox WHERE kind = 'call')"
        await world.until(lambda: world.rows(beaten) == [(2,)], 20)

        assert [call["to"] for call in world.calls] == [text["to"] for text in world.texts] == ["+15550000001"]
        assert world.rows("SELECT count(*) FROM timer WHERE kind = 'phone_call'") == [(0,)]


async def test_after_thirty_days_without_power_what_fell_due_is_done_once_and_the_ladder_goes_on(world):
    solved = await world.declare(title="disk full")
    await world.say("ana", "/incident resolve made room", channel=solved)
    await world.declare(title="db down")
    await world.settled()
    await world.kill()
    world.move("+720h")
    await world.boot()

    await world.until(lambda: world.workspace.channel(solved).archived)
    await world.until(lambda: {call["to"] for call in world.calls} == {"+15550000001", "+15550000002"})
    await world.settled()
    assert len(world.requests("slack", "conversations.archive")) == 1
    assert sorted(call["to"] for call in world.calls) == ["+15550000001", "+15550000002"]
    status, _ = await world.get("/readyz")
    assert status == 200
