"""The whole story on PostgreSQL, with two bots that share the work."""

import asyncio

import pytest

from tests.world import World, shown

pytestmark = pytest.mark.postgres


@pytest.fixture
async def world(tmp_path, create_database):
    async with World(tmp_path, create_database()) as started:
        await started.boot()
        yield started
        assert not started.sandbox.record.violations
        assert "Traceback" not in started.log.read_text(errors="replace"), started.tail(60)


async def test_two_bots_carry_an_incident_from_its_declaration_to_the_archive_and_one_may_die(world):
    async with world.second_bot():
        room = await world.declare()
        await world.until(lambda: world.alerts and world.issues and world.status_incidents)
        world.move("+2m")
        await world.until(lambda: world.calls and world.texts)
        await world.people.click("ben", "Acknowledge", channel=room)
        await world.until(lambda: "Acknowledged* by <@U0002>" in world.card(room))
        await world.kill()
        world.move("+21s")  # what the dead bot was about to say is free when its lease is over

        await world.until(lambda: len(world.sandbox.socket.connections) == 2)
        answer = await world.say("ben", "/incident update a replica is promoted", channel=room)
        assert not answer.timeout
        await world.until(lambda: "a replica is promoted" in world.room_text(room))
        await world.say("ben", "/incident resolve restarted the primary", channel=room)
        await world.until(lambda: world.status_incidents[0]["status"] == "resolved")
        world.move("+24h")
        await world.until(lambda: world.workspace.channel(room).archived)

    assert len(world.alerts) == len(world.issues) == len(world.status_incidents) == len(world.rooms()) == 1
    assert [call["to"] for call in world.calls] == ["+15550000001"]
    assert len(world.requests("slack", "conversations.archive")) == 1
    assert world.alerts[0]["status"] == "resolved"


async def test_of_three_who_click_at_once_on_two_bots_one_wins_and_the_others_are_told_who(world):
    async with world.second_bot():
        room = await world.declare()
        await world.settled()
        clicks = (world.people.click(who, "Acknowledge", channel=room) for who in ("ana", "ben", "chris"))
        answers = await asyncio.gather(*clicks)
        await world.until(lambda: sum(1 for answer in answers if answer.ephemerals) == 2)
        await world.settled()

    ((winner,),) = world.rows("SELECT author FROM timeline WHERE kind = 'acknowledged'")
    told = [shown(answer) for answer in answers if shown(answer)]
    assert len(told) == 2
    assert all(f"<@{winner}>" in words for words in told)
