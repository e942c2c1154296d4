"""From `/incident start` to the archived channel."""

from tests.world import shown, words


async def test_a_declared_incident_has_a_page_a_room_with_a_pinned_card_an_issue_and_a_public_incident(world):
    answer = await world.say("ana", '/incident start SEV-1 "db down"')
    await world.until(lambda: world.rooms() and world.workspace.channel("#inc-1-db-down").pins)
    await world.until(lambda: world.alerts and world.issues and world.status_incidents)
    room = world.workspace.channel("#inc-1-db-down")

    assert "INC-1" in shown(answer)
    assert world.alerts[0]["status"] == "triggered"
    assert room.topic == "[SEV-1] db down | Status: investigating | IC <@U0001>"
    assert "U0001" in room.members
    assert "Not acknowledged yet" in world.card("#inc-1-db-down")
    assert "db down" in words(world.workspace.messages("#incidents")[0])
    assert world.issues[0]["name"] == "[INCIDENT] SEV-1: db down"


async def test_an_acknowledgement_shows_on_the_card_and_silences_the_phone(world):
    room = await world.declare()
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.until(lambda: "Acknowledged* by <@U0002>" in world.card(room))
    world.move("+10m")
    await world.settled()

    assert world.alerts[0]["status"] == "acknowledged"
    assert world.calls == []


async def test_the_phone_rings_at_two_minutes_and_the_next_person_at_five(world):
    await world.declare()
    world.move("+2m")
    await world.until(lambda: len(world.calls) == 1 and len(world.texts) == 1)
    world.move("+3m")
    await world.until(lambda: len(world.calls) == 2 and len(world.texts) == 2)

    assert [call["to"] for call in world.calls] == ["+15550000001", "+15550000002"]


async def test_a_key_pressed_on_the_phone_acknowledges(world):
    room = await world.declare()
    world.move("+2m")
    await world.until(lambda: world.calls)
    await world.sandbox.vendors["twilio"].actions["answer"](to="ana", digits="1")
    await world.until(lambda: "by <@U0001> by phone" in world.card(room))

    await world.until(lambda: world.alerts[0]["status"] == "acknowledged")


async def test_a_resolved_channel_is_archived_a_day_later_even_across_a_restart(world):
    room = await world.declare()
    await world.say("ana", "/incident resolve restarted the primary", channel=room)
    await world.until(lambda: world.status_incidents[0]["status"] == "resolved")
    await world.kill()
    world.move("+30h")
    await world.boot()
    await world.until(lambda: world.workspace.channel(room).archived)

    assert len(world.requests("slack", "conversations.archive")) == 1
    assert world.alerts[0]["status"] == "resolved"
    await world.until(lambda: world.issues[0]["group"] == "completed")
