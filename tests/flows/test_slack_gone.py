"""Slack away for ten minutes, at the start, or deaf on its socket: the phone rings, and everything is built later."""

import pytest

from tests.world import shown, words

WELL_AGAIN_S = 16.0
"""The watchdog replaces a connection after 10 s; the rest is for a busy machine."""


async def test_the_phone_rings_while_slack_is_gone_for_ten_minutes_and_the_room_is_built_once_afterwards(world):
    world.sandbox.faults.add("slack", "unreachable", "/slack/api/")
    answer = await world.say("ana", '/incident start SEV-1 "db down"')
    assert "INC-1" in shown(answer)
    world.sandbox.faults.add("slack", "unreachable")
    await world.until(lambda: world.alerts)

    world.move("+2m")
    await world.until(lambda: world.calls and world.texts)
    world.move("+3m")
    await world.until(lambda: [call["to"] for call in world.calls] == ["+15550000001", "+15550000002"])
    await world.sandbox.vendors["twilio"].actions["answer"](to="ben", digits="1")
    await world.until(lambda: world.alerts[0]["status"] == "acknowledged")
    world.move("+5m")
    assert world.rooms() == []

    world.sandbox.faults.clear("slack")
    world.move("+76s")
    await world.until(lambda: world.sandbox.socket.connections, WELL_AGAIN_S)
    await world.until(lambda: world.rooms() and world.workspace.channel(world.rooms()[0]).pins)
    room = world.rooms()[0]
    await world.until(lambda: "*Acknowledged* by <@U0002> by phone" in world.card(room))
    await world.until(lambda: "Nobody has acknowledged" in world.room_text(room))
    await world.until(lambda: [m for m in world.workspace.messages("#incidents") if "db down" in words(m)])
    assert len(world.rooms()) == 1
    assert len(world.workspace.channel(room).pins) == 1
    assert len(world.issues) == len(world.status_incidents) == len(world.alerts) == 1
    assert len(world.calls) == len(world.texts) == 2


@pytest.mark.parametrize("trouble", ["unreachable", "hang"])
@pytest.mark.long
async def test_a_bot_that_starts_without_slack_still_calls_for_what_is_owed_and_connects_later(world, trouble):
    world.sandbox.faults.add("pagerduty", "unreachable")
    world.sandbox.faults.add("slack", "unreachable", "/slack/api/")
    await world.say("ana", '/incident start SEV-1 "db down"')
    await world.kill()
    world.sandbox.faults.clear()
    world.sandbox.faults.add("slack", trouble)

    await world.boot(connected=False)
    await world.until(lambda: len(world.alerts) == 1)
    world.move("+2m")
    await world.until(lambda: len(world.calls) == 1)
    assert not world.sandbox.socket.connections

    world.sandbox.faults.clear("slack")
    world.move("+76s")
    await world.until(lambda: world.sandbox.socket.connections, WELL_AGAIN_S)
    await world.until(lambda: world.rooms() and world.workspace.channel(world.rooms()[0]).pins, 20)
    assert "*Not acknowledged yet*" in world.card(world.rooms()[0])
    assert len(world.rooms()) == len(world.alerts) == len(world.calls) == 1


async def cut(socket):
    socket.cut()


async def deaf_for_a_while(socket):
    socket.deaf()
    socket.hear()


async def reset(socket):
    socket.abort()


async def refresh(socket):
    await socket.disconnect("refresh_requested")


async def warn(socket):
    await socket.disconnect("warning")


async def heard_again(world):
    """A word may still go into a line that is being replaced: people say it again, once."""
    if (await world.say("ana", "/incident list")).timeout:
        assert not (await world.say("ana", "/incident list")).timeout, world.tail()


async def disable_and_enable(socket):
    await socket.disconnect("link_disabled")


@pytest.mark.parametrize("happens", [cut, deaf_for_a_while, reset, refresh, warn, disable_and_enable])
async def test_commands_work_again_on_two_connections_after(world, happens):
    socket = world.sandbox.socket
    await world.until(lambda: len(socket.connections) == 2)
    before = set(socket.connections)
    await happens(socket)
    await world.until(lambda: len(set(socket.connections) - before) >= 2, WELL_AGAIN_S)
    await heard_again(world)

    for _ in range(2):
        answer = await world.say("ana", "/incident list")
        assert "No incident is open" in shown(answer)
    await world.until(lambda: len(socket.connections) == 2)


@pytest.mark.long
async def test_a_deaf_bot_says_so_on_readyz_and_is_ready_once_it_hears_again(world):
    assert '"ready": true' in await world.readyz(200)

    world.sandbox.socket.deaf()
    assert "Slack's socket has not been heard for 1" in await world.readyz(503, within=WELL_AGAIN_S)
    assert (await world.get("/healthz"))[0] == 200

    world.sandbox.socket.hear()
    await world.readyz(200, within=WELL_AGAIN_S)
    answer = await world.say("ana", "/incident list")
    assert "No incident is open" in shown(answer)
