"""What each severity and a private incident bring with them, and what they leave out."""

from tests.world import shown, words


async def declared_privately(world):
    """Ana fills in the form; the answer to her command."""
    answer = await world.say("ana", "/incident start")
    await world.until(lambda: world.people.modal("ana"))
    fields = {"Title": "laptop stolen", "Severity": "SEV-1 critical", "Visibility": "private"}
    assert await world.people.submit("ana", fields) == {}
    return answer


async def test_a_private_incident_has_a_private_room_and_is_said_to_nobody_else(world):
    answer = await declared_privately(world)
    await world.until(lambda: world.rooms() and world.workspace.channel(world.rooms()[0]).pins)
    room = world.workspace.channel(world.rooms()[0])
    await world.until(lambda: "U0001" in room.members)
    await world.until(lambda: f"<#{room.id}>" in shown(answer))
    await world.until(lambda: world.alerts and world.issues)

    assert room.kind == "private"
    assert answer.messages == []
    assert "🔒" in world.card(f"#{room.name}")
    for text in ("looking", "still looking"):
        await world.say("ana", f"/incident update {text}", channel=f"#{room.name}")
        await world.until(lambda text=text: text in world.room_text(f"#{room.name}"))
    await world.say("ana", "/incident resolve found it", channel=f"#{room.name}")
    await world.until(lambda: world.issues[0]["group"] == "completed")
    public = [channel for channel in world.workspace.channels.values() if channel.kind == "public"]
    assert not [m for channel in public for m in channel.messages if "laptop" in words(m) or "INC-1" in words(m)]
    assert world.status_incidents == []


async def test_a_sev_4_has_no_room_no_page_and_no_announcement_and_can_be_resolved(world):
    answer = await world.say("ana", '/incident start SEV-4 "logo blurred"')
    assert "Nobody is paged." in shown(answer)
    assert "war room" not in shown(answer)
    await world.until(lambda: world.issues)
    assert "Update posted" in shown(await world.say("ana", "/incident update INC-1 asked the designer"))
    assert "is resolved" in shown(await world.say("ana", "/incident resolve INC-1 new logo"))
    await world.until(lambda: world.issues[0]["group"] == "completed")
    world.move("+25h")
    await world.settled()

    assert world.rooms() == world.alerts == world.calls == world.status_incidents == []
    assert world.workspace.messages("#incidents") == world.workspace.dms("ben") == []


async def test_what_fails_where_there_is_no_room_is_said_to_the_commander(world):
    world.sandbox.faults.add("plane", "refuse_token")
    await world.say("ana", '/incident start SEV-4 "logo blurred"')
    await world.until(lambda: world.workspace.dms("ana"))
    said = words(world.workspace.dms("ana")[0])
    assert "INC-1 logo blurred: ✗ *Issue (Plane) failed*: Plane refused (403" in said

    world.sandbox.faults.clear("plane")
    await world.people.click("ana", "Retry", channel="dm")
    await world.until(lambda: len(world.issues) == 1)


async def test_a_sev_3_tells_the_lead_and_the_team_and_rings_nobody(world):
    room = await world.declare("SEV-3", "search is slow")
    await world.until(lambda: world.workspace.dms("ben"))
    assert "SEV-3 *INC-1 search is slow*. Nobody is paged for it." in words(world.workspace.dms("ben")[0])
    for channel in ("#incidents", "#dev-team"):
        await world.until(lambda channel=channel: len(world.workspace.messages(channel)) == 1)
        assert "search is slow" in words(world.workspace.messages(channel)[0])
    await world.say("ana", "/incident resolve added an index", channel=room)
    for channel in ("#incidents", "#dev-team"):
        await world.until(lambda channel=channel: "added an index" in words(world.workspace.messages(channel)[0]))
        assert len(world.workspace.messages(channel)) == 1
    assert world.alerts == world.calls == world.status_incidents == []


async def test_a_sev_2_asks_before_the_status_page_and_publishes_the_draft_when_told_to(world):
    room = await world.declare("SEV-2", "checkout slow")
    draft = "Our service: partial outage. We are investigating."
    await world.until(lambda: draft in world.room_text(room))
    assert "<@U0001> *Tell the public?*" in world.room_text(room)
    assert world.status_incidents == []

    pressed = await world.people.click("ana", "Publish to the status page", channel=room)
    await world.until(lambda: len(world.status_incidents) == 1)
    await world.until(lambda: "It goes to the status page now." in shown(pressed))
    update = world.status_incidents[0]["incident_updates"][0]
    assert (update["status"], update["body"]) == ("investigating", draft)
    again = await world.people.click("ben", "Publish to the status page", channel=room)
    await world.until(lambda: "is on the status page already" in shown(again))
    await world.say("ana", "/incident resolve added workers", channel=room)
    await world.until(lambda: world.status_incidents[0]["status"] == "resolved")
    assert len(world.status_incidents) == 1
    assert "checkout" not in str(world.status_incidents)


async def test_a_postmortem_is_drafted_kept_and_shown_as_markdown(world):
    room = await world.declare()
    await world.say("ana", "/incident resolve restarted the primary", channel=room)
    await world.until(lambda: "Draft postmortem" in world.room_text(room))
    await world.people.click("ben", "Draft postmortem", channel=room)
    await world.until(lambda: world.people.modal("ben"))
    given = {"summary": "The primary ran out of disk", "root_cause": "No alert on the disk", "action_item": "Add one"}
    assert await world.people.submit("ben", given) == {}
    await world.until(lambda: "kept by <@U0002>" in world.room_text(room))
    for part in ("# ", "The primary ran out of disk", "No alert on the disk", "Add one"):
        assert part in world.room_text(room)

    await world.people.click("ana", "Edit postmortem", channel=room)
    await world.until(lambda: world.people.modal("ana"))
    assert "The primary ran out of disk" in str(world.people.modal("ana").content)
