"""An incident that is back: in its room while that can be had, else in a second one that is linked."""

import asyncio

from tests.world import shown, words


async def resolved(world):
    await world.say("ana", "/incident resolve INC-1 restarted the primary")
    await world.until(lambda: world.status_incidents and world.status_incidents[0]["status"] == "resolved")


async def archived(world, room: str):
    await resolved(world)
    world.move("+24h")
    await world.until(lambda: world.workspace.channel(room).archived)
    await world.until(lambda: world.issues[0]["group"] == "completed")


def announcement(world) -> str:
    return "\n".join(words(message) for message in world.workspace.messages("#incidents"))


async def test_reopening_cancels_the_archive(world):
    room = await world.declare()
    await resolved(world)
    answer = await world.say("ben", "/incident reopen INC-1 it is back")
    assert "is open again and investigating. It rings nobody: `/incident escalate INC-1` does." in shown(answer)
    await world.until(
        lambda: (
            "*Reopened* by <@U0002>, investigating again: it is back\nReopening rings nobody." in world.room_text(room)
        )
    )
    await world.until(lambda: world.issues[0]["group"] == "started")

    world.move("+30h")
    await world.say("ana", "/incident update INC-1 looking again")
    await world.until(lambda: "looking again" in world.room_text(room))
    assert not world.requests("slack", "conversations.archive")
    assert "Status: investigating" in world.workspace.channel(room).topic


async def test_a_room_whose_archive_was_never_confirmed_is_opened_again_when_the_incident_is_reopened(world):
    room = await world.declare()
    await resolved(world)
    world.workspace.bots_may_unarchive = True
    world.sandbox.faults.add("slack", "reset_after", "conversations.archive", times=1)
    world.move("+24h")
    await world.until(lambda: world.workspace.channel(room).archived)
    await world.say("ben", "/incident reopen INC-1 it is back")

    world.move("+76s")
    await world.until(lambda: "*Reopened* by <@U0002>" in world.room_text(room))
    assert not world.workspace.channel(room).archived
    assert world.rooms() == [room]


async def test_an_archive_that_slack_holds_up_is_dropped_when_the_incident_is_reopened_meanwhile(world):
    room = await world.declare()
    await resolved(world)
    world.sandbox.faults.add("slack", "status", "conversations.archive")
    world.move("+24h")
    await world.until(lambda: world.requests("slack", "conversations.archive"))
    await world.say("ben", "/incident reopen INC-1")
    tried = len(world.requests("slack", "conversations.archive"))

    world.sandbox.faults.clear("slack")
    world.move("+76s")
    async with asyncio.timeout(10):
        while "reopened before it was archived" not in shown(await world.say("ana", "/incident explain INC-1")):
            pass
    assert not world.workspace.channel(room).archived
    assert len(world.requests("slack", "conversations.archive")) <= tried + 1


async def test_where_only_people_may_unarchive_a_second_room_opens_with_a_card_and_both_are_linked(world):
    room = await world.declare()
    await world.people.click("ben", "Acknowledge", channel=room)
    await archived(world, room)
    first = world.workspace.channel(room)
    await world.say("chris", "/incident reopen INC-1 it is back")

    await world.until(lambda: world.workspace.find_channel(f"{room}-2"))
    second = world.workspace.channel(f"{room}-2")
    await world.until(lambda: second.pins and second.topic)
    await world.until(lambda: {"U0001", "U0002", "U0003"} <= set(second.members))
    await world.until(lambda: f"<#{first.id}> stays archived" in world.room_text(second.name))
    await world.until(lambda: f"Room <#{second.id}>" in announcement(world))
    assert "*Reopened* by <@U0003>" in world.room_text(second.name)
    assert "Status: investigating" in second.topic
    assert first.archived
    assert "*Status* investigating" in world.card(second.name)
    assert announcement(world).count("Room <#") == 1

    await world.say("ana", "/incident update it is the replica", channel=f"#{second.name}")
    await world.until(lambda: "it is the replica" in world.room_text(second.name))
    await world.say("ana", "/incident resolve fixed for good", channel=f"#{second.name}")
    await world.settled()
    world.move("+24h")
    await world.until(lambda: second.archived)
    assert world.workspace.dms("ana") == []


async def test_where_muster_may_unarchive_the_first_room_goes_on(world):
    world.workspace.bots_may_unarchive = True
    room = await world.declare()
    await archived(world, room)
    await world.say("ben", "/incident reopen INC-1 it is back")

    channel = world.workspace.channel(room)
    await world.until(lambda: not channel.archived)
    await world.until(lambda: "*Reopened* by <@U0002>" in world.room_text(room))
    await world.until(lambda: "*Status* investigating" in world.card(room))
    await world.until(lambda: "Status: investigating" in channel.topic)
    assert world.rooms() == [room]
    assert world.workspace.dms("ana") == []


async def test_a_room_that_a_person_brings_back_is_brought_up_to_date(world):
    room = await world.declare()
    world.people.archive(room, who="ben")
    await world.until(lambda: world.workspace.dms("ana"))
    await world.say("ana", "/incident status INC-1 identified a bad deploy")
    await world.until(lambda: "identified" in announcement(world))

    world.people.unarchive(room, who="ben")
    await world.until(lambda: "<@U0002> brought this room back" in world.room_text(room))
    await world.until(lambda: "*Status* identified" in world.card(room))
    await world.until(lambda: "Status: identified" in world.workspace.channel(room).topic)
