"""What people do on the tracker's board is said in the room; what Muster writes there is not said back."""


async def test_an_issue_closed_in_plane_is_said_in_the_room_and_the_incident_goes_on(world):
    plane = world.sandbox.vendors["plane"]
    plane.echoes = True  # as Plane does: it also tells what came in by its API
    room = await world.declare("SEV-1", "db down")
    await world.settled()
    await world.say("ana", "/incident update looking", room)
    await world.settled()
    [issue] = world.issues

    await plane.actions["close"](issue["sequence_id"], by="Ben")
    await world.until(lambda: "<@U0002> closed ROOSE-1 in Plane" in world.room_text(room))
    await plane.actions["reopen"](issue["sequence_id"], by="Ben")
    await world.until(lambda: "<@U0002> opened ROOSE-1 in Plane again" in world.room_text(room))
    await plane.actions["redeliver"]()
    await world.settled()
    assert "Status* investigating" in world.card(room)

    await world.say("ana", "/incident update not over yet", room)
    await world.settled()
    assert issue["state"] == plane.project.state_of_group("started")["id"]
    await world.say("ana", "/incident resolve restarted", room)
    await world.settled()
    told = [message.text for message in world.workspace.messages(room)]
    assert [sum(words in text for text in told) for words in ("closed ROOSE-1", "opened ROOSE-1")] == [1, 1]
    assert {each["status"] for each in plane.state()["webhooks"]} == {202}
