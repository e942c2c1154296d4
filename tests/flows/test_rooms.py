"""Rooms that people change by hand or that cannot be had: said where it can be read, and nothing else breaks."""

import pytest

from tests.world import shown, words


async def resolved(world, room: str, who: str = "ana"):
    answer = await world.say(who, "/incident resolve INC-1 restarted the primary")
    assert "*INC-1* is resolved" in shown(answer)
    await world.until(lambda: world.status_incidents and world.status_incidents[0]["status"] == "resolved")
    await world.until(lambda: world.issues[0]["group"] == "completed")


async def announced(world, text: str, channel: str = "#incidents") -> str:
    """The announcement, once it says this."""
    await world.until(lambda: any(text in words(message) for message in world.workspace.messages(channel)))
    return next(words(message) for message in world.workspace.messages(channel) if text in words(message))


def told(world, who: str = "ana") -> list[str]:
    """Direct messages that are no pages."""
    return [words(message) for message in world.workspace.dms(who) if "You are paged" not in words(message)]


def attempts(world) -> int:
    """Messages that Slack was asked for."""
    return len(world.requests("slack", "chat.postMessage"))


async def carries_on(world, room: str) -> None:
    """An update is answered, reaches the announcement and the tracker, and the incident can be resolved."""
    answer = await world.say("ana", "/incident update INC-1 failing over")
    assert "Update posted to *INC-1*" in shown(answer)
    await announced(world, "failing over")
    await resolved(world, room)
    await announced(world, "*Resolution* restarted the primary")


@pytest.mark.parametrize("deed", ["archive", "delete"])
async def test_a_room_archived_or_deleted_by_hand_is_said_to_the_commander_and_the_incident_goes_on(world, deed):
    room = await world.declare()
    await world.settled()
    getattr(world.people, deed)(room, who="ben")
    await world.until(lambda: told(world))
    assert f"The war room of *INC-1 db down* was {deed}d by hand." in told(world)[0]
    assert "`/incident update INC-1 …` still works" in told(world)[0]

    posted = attempts(world)
    await carries_on(world, room)
    assert attempts(world) == posted
    assert len(told(world)) == 1


async def test_a_room_archived_while_muster_did_not_hear_is_noticed_and_said_once(world):
    room = await world.declare()
    channel = world.workspace.channel(room)
    channel.archived = True
    await world.say("ana", "/incident update INC-1 failing over")
    await world.until(lambda: told(world))
    assert "INC-1 db down: ✗ *" in told(world)[0]
    assert "failed*: the channel is archived" in told(world)[0]

    await world.settled()
    posted = attempts(world)
    await world.say("ana", "/incident update INC-1 still failing over")
    await announced(world, "still failing over")
    await resolved(world, room)
    await announced(world, "*Resolution*")
    await world.until(lambda: attempts(world) >= posted + 3)
    assert len(told(world)) == 1
    assert attempts(world) == posted + 3  # the update, the resolution, the checklist


async def test_a_renamed_room_stays_the_room(world):
    room = await world.declare()
    world.people.rename(room, "db-war-room", who="ben")
    await world.until(lambda: "This room was renamed to db-war-room by hand" in world.room_text("#db-war-room"))
    answer = await world.say("ana", "/incident update failing over", channel="#db-war-room")
    assert "Update posted to *INC-1*" in shown(answer)
    await world.until(lambda: "failing over" in world.room_text("#db-war-room"))
    await resolved(world, "#db-war-room")
    world.move("+24h")
    await world.until(lambda: world.workspace.channel("#db-war-room").archived)


async def test_a_bot_that_was_removed_says_how_to_bring_it_back_and_works_again_once_it_is(world):
    room = await world.declare()
    world.people.remove_bot(room, who="ben")
    await world.until(lambda: told(world))
    assert "Muster was removed from" in told(world)[0]
    assert "`/invite @Muster`" in told(world)[0]

    await world.say("ana", "/incident status INC-1 identified failing over")
    await world.until(lambda: len(told(world)) == 2)
    assert "*Topic failed*: Muster is not in the channel: invite it with /invite" in told(world)[1]
    await world.say("ana", "/incident status INC-1 monitoring")
    await announced(world, "monitoring")

    world.people.join(room, "muster")
    await world.people.click("ana", "Retry", channel="dm")
    await world.until(lambda: "monitoring" in world.workspace.channel(room).topic)
    await resolved(world, room)
    await world.until(lambda: "*Resolved* by <@U0001>" in world.room_text(room))
    assert len(told(world)) == 2


async def test_a_missing_announce_channel_is_said_in_the_room_with_retry(world):
    world.changed["SLACK_INCIDENTS_CHANNEL_ID"] = "C0NOWHERE"
    await world.restart()
    room = await world.declare()
    await world.until(lambda: "Announcement in C0NOWHERE failed" in world.room_text(room))
    assert "Slack knows no such channel, or Muster may not see it" in world.room_text(room)
    await world.until(lambda: "✗ *Announcement*" in world.card(room))

    await world.say("ana", "/incident update failing over", channel=room)
    await world.until(lambda: "failing over" in world.room_text(room))
    await resolved(world, room)
    await world.until(lambda: "*Resolved* by" in world.room_text(room))
    assert len([m for m in world.workspace.messages(room) if "Announcement in" in words(m)]) == 1
    world.move("+6m")
    await world.readyz(200)


async def test_an_archived_announce_channel_can_be_retried_once_somebody_brings_it_back(world):
    world.people.archive("#incidents")
    room = await world.declare()
    await world.until(lambda: "Announcement in C0INCIDENTS failed*: the channel is archived" in world.room_text(room))
    world.people.unarchive("#incidents")
    await world.people.click("ana", "Retry", channel=room)
    await announced(world, "INC-1 db down")


async def test_an_announce_channel_that_is_archived_later_is_said_once_and_breaks_nothing(world):
    room = await world.declare()
    await announced(world, "INC-1 db down")
    world.people.archive("#incidents")
    for text in ("failing over", "still failing over"):
        await world.say("ana", f"/incident update {text}", channel=room)
        await world.until(lambda text=text: f"\n{text}" in world.room_text(room))
    await resolved(world, room)
    await world.until(lambda: "*Resolved* by" in world.room_text(room))
    complaints = [m for m in world.workspace.messages(room) if "the channel is archived" in words(m)]
    assert len([m for m in complaints if "*Paged*" not in words(m)]) == 1


async def test_a_name_that_somebody_else_has_gets_a_number(world):
    world.workspace.add_channel("inc-1-db-down", "U0002", ("U0002",))
    await world.say("ana", '/incident start SEV-1 "db down"')
    await world.until(lambda: world.workspace.find_channel("#inc-1-db-down-2"))
    await world.until(lambda: world.workspace.channel("#inc-1-db-down-2").pins)
    assert world.workspace.messages("#inc-1-db-down") == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Größe überschritten", "#inc-1-grosse-uberschritten"),
        ("データベース停止", "#inc-1-"),
        ("🔥🔥🔥", "#inc-1"),
        ("x" * 200, "#inc-1-xxxx"),
        ("<!channel> & co", "#inc-1-channel-co"),
    ],
)
async def test_every_title_gives_a_good_name_and_a_finished_room(world, title, name):
    await world.say("ana", f'/incident start SEV-1 "{title}"')
    await world.until(lambda: world.rooms() and world.workspace.channel(world.rooms()[0]).pins)
    room = world.rooms()[0]
    assert room.startswith(name)
    assert len(room) <= 81
    assert not room.endswith("-")
    assert "--" not in room
    await world.until(lambda: world.workspace.channel(room).topic)
    await world.until(lambda: len(world.issues) == len(world.alerts) == 1)
