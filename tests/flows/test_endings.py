"""Incidents that end otherwise than by a resolution: merged, repeated, false alarms, declared by mistake."""

from tests.flows.asking import ask, last_words
from tests.world import words


def dms(world, who):
    """All that this person was told by direct message, as it stands now."""
    return "\n".join(words(message) for message in world.workspace.dms(who))


def announced(world):
    return [words(message) for message in world.workspace.messages("#incidents")]


async def test_one_goes_on_in_the_other_and_both_say_so_until_it_is_reopened(world):
    into = await world.declare("SEV-1", "db down", who="chris")
    await world.declare("SEV-1", "login broken", who="ben")
    room = world.rooms()[-1]
    await world.until(lambda: len(world.status_incidents) == len(world.alerts) == 2)
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.settled()

    shown = await ask(world, "merge INC-1", room, who="ben")
    assert "*Merge INC-2 into INC-1?*" in shown
    assert "Its alert in PagerDuty is resolved" in shown
    assert "<@U0002>" in shown
    assert "Its incident on the status page is resolved, in the words of the template" in shown
    assert "comment and is closed" in shown
    assert [alert["status"] for alert in world.alerts] == ["triggered", "acknowledged"]

    await world.people.click("ben", "Merge", channel=room)
    await world.sandbox.socket.redeliver()
    await world.until(lambda: "merged *INC-2*" in world.room_text(into))
    await world.settled()
    first, second = world.workspace.channel(into), world.workspace.channel(room)
    assert "*INC-2* goes on in *INC-1*" in last_words(world, "U0002")
    assert world.alerts[1]["status"] == "resolved"
    assert world.alerts[0]["status"] == "triggered"
    assert f"*Merged* by <@U0002>: it goes on in *INC-1* <#{first.id}>." in world.room_text(room)
    assert f"*Merged into it* *INC-2* <#{second.id}>" in world.card(into)
    assert f"It goes on in *INC-1* <#{first.id}>" in world.card(room)
    assert "U0002" in first.members
    public = world.status_incidents[1]
    assert public["status"] == "resolved"
    assert public["incident_updates"][0]["body"].endswith("this is part of another incident, in which we go on.")
    assert world.issues[1]["group"] == "completed"
    assert "merged into INC-1" in str(world.issues[1]["comments"])
    assert "It goes on in *INC-1*" in announced(world)[1]
    assert "merged INC-2 into it" in await ask(world, "show", into)
    assert "<@U0002> merged it into INC-1" in await ask(world, "show", room)
    told = world.workspace.messages(into)
    assert sum("merged *INC-2*" in message.text for message in told) == 1

    world.move("+10m")
    await world.settled()
    assert "INC-2" not in " ".join(str(call) for call in world.calls)
    assert "INC-1 went into" not in await ask(world, "merge INC-1 INC-2", who="ben")
    assert "INC-2 is over already: merged into INC-1" in await ask(world, "merge INC-2 INC-1")

    await ask(world, "reopen it was something else", room, who="ben")
    await world.until(lambda: "no part of this incident any more" in world.room_text(into))
    await world.settled()
    assert "Merged into it" not in world.card(into)
    assert "goes on in" not in world.card(room)
    assert world.issues[1]["group"] == "started"


async def test_a_duplicate_is_picked_and_carries_nothing_over(world):
    await world.declare("SEV-2", "db down", who="chris")
    room = await world.declare("SEV-2", "database slow", who="ben")
    await world.settled()

    assert "Which one does it repeat?" in await ask(world, "duplicate", room, who="ben")
    await world.people.select("ben", "Choose the other incident", "INC-1 db down", channel=room)
    await world.until(lambda: "*End INC-2 as a duplicate of INC-1?*" in last_words(world, "U0002"))
    assert "Nothing is carried over" in last_words(world, "U0002")
    await world.people.click("ben", "Keep them apart", channel=room)
    await world.until(lambda: "Nothing was changed." in last_words(world, "U0002"))
    assert "*INC-2* is *investigating*" in await ask(world, "status", room)

    await ask(world, "duplicate INC-1", room, who="ben")
    await world.people.click("ben", "End as a duplicate", channel=room)
    await world.until(lambda: "It ended as a duplicate of this incident." in world.room_text(world.rooms()[0]))
    await world.settled()
    assert "U0002" not in world.workspace.channel(world.rooms()[0]).members
    assert world.issues[1]["group"] == "cancelled"


async def test_a_false_alarm_gives_the_all_clear_to_everybody_who_was_paged_and_asks_for_no_postmortem(world):
    room = await world.declare("SEV-1", "db down", who="chris")
    world.move("+2m")
    await world.until(lambda: world.calls and world.texts)
    await world.settled()
    told = await ask(world, "false-alarm the probe was broken", room, who="chris")
    assert "*INC-1* ended as a false alarm." in told
    await world.until(lambda: "*All clear* for INC-1 db down" in dms(world, "U0001"))
    await world.settled()

    assert "it was a false alarm, says <@U0003>: the probe was broken." in dms(world, "U0001")
    assert world.alerts[0]["status"] == "resolved"
    assert world.status_incidents[0]["incident_updates"][0]["body"].endswith("a false alarm. All is well.")
    assert world.issues[0]["group"] == "cancelled"
    assert "Draft postmortem" not in world.card(room)
    assert "postmortem" not in announced(world)[0]
    assert "*A false alarm*: the probe was broken" in announced(world)[0]
    assert world.rows("SELECT status, outcome FROM incident") == [("closed", "false_alarm")]
    pages = len(world.calls)
    world.move("+1h")
    await world.settled()
    assert len(world.calls) == pages


async def test_a_wrong_declaration_is_undone_within_a_minute_by_whoever_made_it(world):
    room = await world.declare("SEV-1", "db down", who="chris")
    await world.settled()
    refused = await world.people.click("ben", "Undo", channel=room)
    await world.until(lambda: "Only whoever declared INC-1 can undo that." in last_words(world, "U0002"))
    assert not refused.timeout
    await world.people.click("chris", "Undo", channel="#general")
    await world.until(lambda: "*INC-1* is withdrawn." in last_words(world, "U0003"))
    await world.settled()

    assert "<@U0003> declared it by mistake. There is nothing to do." in dms(world, "U0001")
    assert world.alerts[0]["status"] == "resolved"
    assert world.issues[0]["group"] == "cancelled"
    [line] = {text.splitlines()[0] for text in announced(world)}
    assert line.endswith("~ Withdrawn: declared by mistake.")
    assert "*Withdrawn* by <@U0003>" in world.room_text(room)
    world.move("+6m")
    await world.until(lambda: world.workspace.channel(room).archived)


async def test_after_a_minute_undo_says_what_to_use_instead_and_a_status_is_set_back(world):
    room = await world.declare("SEV-1", "db down", who="chris")
    world.move("+2m")
    await world.until(lambda: world.calls)
    told = await ask(world, "undo", room, who="chris")
    assert "`/incident false-alarm INC-1` ends it" in told
    await ask(world, "status monitoring looks good", room, who="chris")
    assert "Undone: *INC-1* is *investigating*." in await ask(world, "undo", room, who="chris")
    await world.until(lambda: "set the status back to *investigating*" in world.room_text(room))
    assert world.rows("SELECT status, mitigated_at FROM incident") == [("investigating", None)]
    assert "declared nothing that could be undone" in await ask(world, "undo")


async def test_a_wrong_declaration_that_was_undone_does_not_swallow_the_right_one(world):
    await world.declare("SEV-2", "db down")
    assert "INC-1" in await ask(world, "undo INC-1")
    assert "*INC-2* declared" in await ask(world, 'start SEV-1 "db down"')
    await world.until(lambda: [alert["status"] for alert in world.alerts] == ["resolved", "triggered"])


async def test_what_went_into_the_wrong_one_unanswered_rings_again_when_it_is_taken_up(world):
    await world.declare("SEV-1", "db down", who="chris")
    await world.declare("SEV-1", "login broken", who="ben")
    room = world.rooms()[-1]
    await ask(world, "merge INC-1", room, who="ben")
    await world.people.click("ben", "Merge", channel=room)
    await world.until(lambda: [alert["status"] for alert in world.alerts] == ["triggered", "resolved"])
    told = await ask(world, "reopen INC-2", who="ben")
    assert told == "*INC-2* is open again and investigating. Nobody had answered: it rings again."
    await world.until(lambda: [alert["status"] for alert in world.alerts] == ["triggered", "resolved", "triggered"])
    await world.until(lambda: "Nobody had answered: it rings again." in world.room_text(room))
