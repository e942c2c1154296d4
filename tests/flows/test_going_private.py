"""An incident that should not have been public is made private, as far as that can be had."""

from tests.flows.asking import ask
from tests.world import words


async def test_it_moves_to_a_private_room_and_its_announcement_and_first_room_tell_nothing_any_more(world):
    first = await world.declare("SEV-1", "payroll leak")
    await world.until(lambda: world.issues and world.status_incidents and world.workspace.messages("#incidents"))
    world.people.join(first, "ben")
    await world.settled()

    asked = await ask(world, "private", channel=first)
    assert "*Make INC-1 private?*" in asked
    assert "What nobody can take back" in asked
    assert not world.workspace.channel(first).archived
    await world.people.click("ana", "Make it private", channel=first)

    second = "#inc-1-payroll-leak-2"
    await world.until(lambda: second in world.rooms() and world.workspace.channel(second).pins)
    await world.settled()
    new, old = world.workspace.channel(second), next(iter_rooms(world, "inc-1-c"))
    assert new.private
    assert {"U0001", "U0002"} <= set(new.members)
    assert (old.archived, old.topic) == (True, "")
    assert "payroll" not in old.name
    assert "payroll" not in "".join(words(m) for m in world.workspace.messages("#incidents"))
    assert "An incident that was announced here is private now." in words(world.workspace.messages("#incidents")[0])
    pinned = [words(m) for m in old.messages if m.ts in old.pins]
    assert "payroll" not in "".join(pinned)
    assert "🔒 INC-1 payroll leak" in world.card(second)

    # Nobody outside sees it, wherever they ask, and the first room's name opens no door.
    assert "No incident is open" in await ask(world, "list", who="chris")
    assert "is private" in await ask(world, "show INC-1", who="chris")
    assert "payroll" not in await ask(world, "oncall", who="chris")
    assert "none to resolve" in await ask(world, "resolve it is over", who="chris")
    assert (await world.get("/ledger"))[0] in (403, 404)
    assert "payroll" not in (await world.get("/metrics"))[1]

    # And it goes on: the public is told the end of what it was told, in words that nobody typed.
    await ask(world, "update the logs are sealed", channel=second)
    await ask(world, "resolve access was closed", channel=second)
    await world.until(lambda: world.status_incidents[0]["status"] == "resolved")
    assert "payroll" not in str(world.status_incidents)
    assert "sealed" not in "".join(words(m) for m in world.workspace.messages("#incidents"))


async def test_private_after_a_merge_it_has_no_title_where_it_went_and_its_public_incident_comes_back_when_it_is_told(
    world,
):
    into = await world.declare("SEV-3", "database slow", who="chris")
    room = await world.declare("SEV-1", "payroll leak", who="ben")
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.settled()
    await ask(world, "merge INC-1", room, who="ben")
    await world.people.click("ben", "Merge", channel=room)
    await world.until(lambda: "payroll leak. Its people are invited here" in world.room_text(into))
    await world.settled()

    assert "Its incident on the status page stays with INC-1." in await ask(world, "reopen INC-2", who="ben")
    await ask(world, "merge INC-2 INC-1", who="ben")
    await world.people.click("ben", "Merge", channel="#general")
    await world.settled()

    await ask(world, "private INC-2", who="ben")
    await world.people.click("ben", "Make it private", channel="#general")
    await world.until(lambda: "payroll" not in world.room_text(into))
    await world.settled()
    for verb in ("show", "timeline", "catchup", "explain"):
        assert "payroll" not in await ask(world, verb, into, who="chris")
    assert "An incident that went into this one is private now" in world.room_text(into)


async def test_made_private_the_other_one_gives_the_public_incident_back(world):
    into = await world.declare("SEV-3", "database slow", who="chris")
    room = await world.declare("SEV-1", "login broken", who="ben")
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.settled()
    await ask(world, "merge INC-1", room, who="ben")
    await world.people.click("ben", "Merge", channel=room)
    await world.until(lambda: "login broken. Its people are invited here" in world.room_text(into))
    await ask(world, "private", into, who="chris")
    await world.people.click("chris", "Make it private", channel=into)
    await world.settled()

    told = await ask(world, "reopen INC-2", who="ben")
    assert "The status page tells of it again" in told
    await ask(world, 'update INC-2 --public "logins fail again"', who="ben")
    await world.settled()
    [public] = world.status_incidents
    assert public["status"] == "investigating"
    refs = world.rows("SELECT incident, value FROM external_ref WHERE kind = 'status_incident'")
    assert refs == [(2, public["id"])]


def iter_rooms(world, begins):
    return (each for each in world.workspace.channels.values() if each.name.startswith(begins))


async def test_killed_while_a_link_is_put_on_top_and_while_it_moves_all_is_there_once(world):
    await dies_at(world, "bookmarks.add", world.say("ana", '/incident start SEV-1 "payroll leak"'))
    first = "#inc-1-payroll-leak"
    await world.until(lambda: len(on_top(world, first)) == 3)
    await world.settled()
    assert sorted(on_top(world, first)) == ["INC-1 card", "ROOSE-1", "Status page"]

    await ask(world, "private", channel=first)
    await dies_at(world, "conversations.create", world.people.click("ana", "Make it private", channel=first))
    # Its name depends on whether the first room has given up its own by now.
    await world.until(lambda: [room for room in iter_rooms(world, "inc-1-p") if room.private and room.pins])
    await world.settled()
    [room] = iter_rooms(world, "inc-1-p")
    second = f"#{room.name}"
    assert sorted(on_top(world, second)) == ["INC-1 card", "ROOSE-1", "Status page"]
    assert next(iter_rooms(world, "inc-1-c")).archived
    assert len([m for m in world.workspace.messages(second) if "Made private" in words(m)]) == 1


async def dies_at(world, method, deed):
    """Slack has done it, and the bot never reads the answer; then it is started again."""
    world.sandbox.kill.arm(1, "between", match=method)
    await deed
    await world.until(lambda: world.sandbox.kill.done)
    await world.process.wait()
    await world.until(lambda: not world.sandbox.socket.connections)
    await world.boot()


def on_top(world, room):
    return [each["title"] for each in world.workspace.channel(room).bookmarks.values()]
