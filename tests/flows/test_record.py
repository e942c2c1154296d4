"""What people put on record while it burns: notes, messages they point at, corrections; and how it is read back."""

import re

import pytest

from tests.flows.asking import ask, begin, last_words, room_of, written
from tests.world import words

pytestmark = pytest.mark.asyncio(loop_scope="module")


def entries(world, key, *kinds):
    """(kind, author, permalink, corrects) of what people put there, in order of writing."""
    wanted = ", ".join(f"'{kind}'" for kind in kinds)
    return world.rows(
        "SELECT kind, author, permalink, corrects FROM timeline"
        f" WHERE incident = {key[4:]} AND kind IN ({wanted}) ORDER BY id"
    )


def in_thread(world, room):
    """What stands in the thread of the room's card."""
    [card] = world.workspace.channel(room).pins
    return [words(message) for message in world.workspace.channel(room).threads.get(card, ())]


def confirmed(message):
    return lambda: message.reactions.get("white_check_mark") == ["U0BOT0001"]


async def test_a_note_is_for_the_timeline_and_the_thread_and_disturbs_nobody(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-2")
    room = await room_of(world, key)
    await world.settled()
    before = len(world.workspace.messages("#incidents")[-1].revisions)

    assert f"Noted in the timeline of *{key}*." in await ask(world, 'note "the replica was 20 minutes behind"', room)
    await world.until(lambda: in_thread(world, room))

    assert "*Note* by <@U0001>\nthe replica was 20 minutes behind" in in_thread(world, room)[0]
    assert "20 minutes behind" not in words(world.workspace.messages("#incidents")[-1])
    assert len(world.workspace.messages("#incidents")[-1].revisions) == before
    told = await ask(world, "timeline", room, who="ben")
    assert "note by <@U0001>: the replica was 20 minutes behind" in told
    assert re.search(r"• <!date\^\d+\^\{time\}\|[^>]*> declared by <@U0001>", told)

    assert await ask(world, "note", room) == ""
    assert await world.people.submit("ana", {"Note": "asked the vendor"}) == {}
    await world.until(lambda: "Noted" in last_words(world))
    assert "asked the vendor" in await ask(world, f"timeline {key}")


async def test_a_message_that_is_pinned_keeps_its_author_its_time_and_its_link(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-3")
    room = await room_of(world, key)
    world.people.join(room, "ben")
    written = world.people.post("ben", room, "the disk of &lt;db1&gt; is full, <@U0003> looks")
    await ask(world, "note later than the message", room)

    world.people.react("ana", "pushpin", room, written.ts)
    await world.until(confirmed(written))
    world.people.react("chris", "pushpin", room, written.ts)
    world.people.react("ana", "tada", room, written.ts)

    told = await ask(world, "timeline", room)
    kept, noted = told.index("<@U0002> wrote: the disk of &lt;db1&gt; is full, @Chris looks"), told.index("later than")
    assert kept < noted
    link = f"{world.sandbox.url}/archives/{world.workspace.channel(room).id}/p{written.ts.replace('.', '')}"
    assert f"(kept by <@U0001>) <{link}|message>" in told

    world.people.unreact("ana", "pushpin", room, written.ts)
    assert "took back" not in await ask(world, "timeline", room)
    world.people.unreact("chris", "pushpin", room, written.ts)
    await world.until(lambda: "white_check_mark" not in written.reactions)
    told = await ask(world, "timeline", room)
    assert "took back: the disk of" in told
    assert "message> (taken back)" in told
    first, *_, last = entries(world, key, "message", "withdrawn")
    assert (first[0], first[2], last[0]) == ("message", link, "withdrawn")
    assert len(entries(world, key, "message", "withdrawn")) == 2

    reply = world.people.post("ben", room, "and its replica too", thread_ts=written.ts)
    world.people.react("ben", "pushpin", room, reply.ts)
    await world.until(confirmed(reply))
    assert "and its replica too" in await ask(world, "timeline", room)


async def test_reactions_elsewhere_and_to_what_muster_says_do_nothing(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-3")
    room = await room_of(world, key)
    said = world.people.post("ana", "#general", "nothing to do with it")
    card = next(m for m in world.workspace.messages(room) if m.user == "U0BOT0001")
    mine = world.people.post("ana", room, "this counts")

    world.people.react("ben", "pushpin", "#general", said.ts)
    world.people.react("ben", "star", room, card.ts)
    world.people.react("ben", "pushpin", room, mine.ts)
    await world.until(confirmed(mine))

    assert not said.reactions.get("white_check_mark")
    assert not card.reactions.get("white_check_mark")
    assert len(entries(world, key, "message", "action")) == 1


async def test_what_was_written_is_corrected_and_both_can_be_read(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-2")
    room = await room_of(world, key)
    await ask(world, "update the primary is down", room)
    await world.until(lambda: "the primary is down" in words(world.workspace.messages("#incidents")[-1]))

    assert await ask(world, "correct", room) == ""
    assert await world.people.submit("ana", {"What it should say": "the replica is down"}) == {}

    await world.until(lambda: "Corrected." in last_words(world))
    await world.until(lambda: "the replica is down" in words(world.workspace.messages("#incidents")[-1]))
    assert "the primary is down" not in words(world.workspace.messages("#incidents")[-1])
    told = await ask(world, "timeline", room)
    assert "<@U0001>: the primary is down (corrected later)" in told
    assert "<@U0001> corrected “the primary is down”: the replica is down" in told
    assert "Nothing was written that could be corrected." in await ask(world, f"correct {await begin(world)}")


async def test_a_long_timeline_is_turned_page_by_page(shared_world):
    world = shared_world
    key = await begin(world)
    for number in range(24):
        await ask(world, f"note {key} note number {number}.")

    told = await ask(world, f"timeline {key}")
    assert "6–25 of 25" in told
    assert "note number 4." in told
    assert "note number 3." not in told
    await world.people.click("ana", "Earlier", channel="#general")
    await world.until(lambda: "1–5 of 25" in last_words(world))
    assert "declared by <@U0001>" in last_words(world)
    await world.people.click("ana", "Later", channel="#general")
    await world.until(lambda: "6–25 of 25" in last_words(world))


async def test_a_late_joiner_is_offered_to_be_caught_up_and_reads_what_matters(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-1")
    room = await room_of(world, key)
    world.people.join(room, "ben")
    await ask(world, "ack", room)
    await ask(world, "note a deploy went out at noon", room)
    await ask(world, "update rolled back, errors fall", room)
    await ask(world, "runbook disk full", room)
    await ask(world, "checklist triage", room)
    await ask(world, 'action "alert at 80 %" @ben friday', room)
    await world.until(lambda: "*Triage*" in world.room_text(room))
    world.move("+7m")
    while "7 min" not in await ask(world, "catchup", room):
        """The bot looks at its clock ten times a second."""

    world.people.join(room, "chris")
    await world.until(
        lambda: any("has gone on for 7 min" in words(m) for m in world.workspace.ephemerals.get("U0003", ()))
    )
    assert not any("has gone on" in words(m) for m in world.workspace.ephemerals.get("U0002", ()))
    await world.people.click("chris", "Catch me up", channel=room)
    await world.until(lambda: "*Tried so far*" in last_words(world, "U0003"))

    told = last_words(world, "U0003")
    assert f"{key} slow" in told
    assert "SEV-1 · *investigating* · since" in told
    assert "*Who* Incident commander <@U0001> · paged <@U0001>" in told
    assert "<@U0001> is on it (acknowledged in Slack at" in told
    assert "note by <@U0001>: a deploy went out at noon" in told
    assert "<@U0001>: rolled back, errors fall" in told
    assert "showed the runbook: Disk full" in told
    assert "*Next*" in told
    assert "Triage, 5 open: Is it real?" in told
    assert "☐ alert at 80 % – <@U0002> – due Fri" in told
    assert "ROOSE-" in told
    assert len(told) < 2500


async def test_a_message_becomes_an_incident_or_part_of_one_from_anywhere(shared_world):
    world = shared_world
    said = world.people.post("ben", "#general", "checkout is <https://example.com/c|slow>\nsince the 14:00 deploy")
    await world.people.message_shortcut("ana", "declare_from_message", "#general", said.ts)
    title = next(b for b in world.people.modal("ana").content["blocks"] if b.get("block_id") == "title")
    assert title["element"]["initial_value"] == "checkout is slow (https://example.com/c)"
    assert await world.people.submit("ana", {"Severity": "SEV-4 low"}) == {}
    await world.until(lambda: "declared: SEV-4" in last_words(world))
    key = re.search(r"INC-\d+", last_words(world))[0]
    link = f"/archives/C0GENERAL/p{said.ts.replace('.', '')}|message>"
    assert link in await ask(world, f"timeline {key}")
    assert "since the 14:00 deploy" in await ask(world, f"show {key}")

    more = world.people.post("chris", "#general", "customers in Asia see it too")
    await world.people.message_shortcut("ben", "add_to_timeline", "#general", more.ts)
    assert await world.people.submit("ben", {"Incident": key[4:]}) == {}
    await world.until(lambda: f"It stands in the timeline of *{key}*, at" in last_words(world, "U0002"))
    assert "<@U0003> wrote: customers in Asia see it too (kept by <@U0002>)" in await ask(world, f"timeline {key}")

    room = await room_of(world, await begin(world, severity="SEV-3"))
    here = world.people.post("ben", room, "restarting the workers")
    await world.people.message_shortcut("ana", "add_to_timeline", room, here.ts)
    await world.until(lambda: "It stands in the timeline of" in last_words(world))
    await world.people.message_shortcut("ben", "add_to_timeline", room, here.ts)
    await world.until(lambda: "already, kept by <@U0001>" in last_words(world, "U0002"))
    await world.people.message_shortcut("ana", "add_to_timeline", room, next(iter(world.workspace.channel(room).pins)))
    await world.until(lambda: "That is Muster's own message" in last_words(world))


async def test_a_lost_answer_notes_once_and_a_reaction_that_slack_hides_is_said_to_have_done_nothing(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-3")
    room = await room_of(world, key)
    world.sandbox.faults.add("slack", "reset_after", "chat.postMessage", times=1)
    await ask(world, "note once is enough", room)
    await world.settled()
    assert sum("once is enough" in each for each in in_thread(world, room)) == 1

    said = world.people.post("ben", room, "is this kept?")
    fault = world.sandbox.faults.add("slack", "status", "conversations.history")
    world.people.react("ana", "pushpin", room, said.ts)
    await world.until(lambda: "Nothing was done for your reaction: Slack has trouble" in last_words(world))
    world.sandbox.faults.end(fault.id)
    assert entries(world, key, "message") == []
    world.people.unreact("ana", "pushpin", room, said.ts)
    world.people.react("ana", "pushpin", room, said.ts)
    await world.until(confirmed(said))


async def test_whatever_slack_delivers_again_changes_nothing(shared_world):
    world = shared_world
    await world.settled()
    said = {room: len(world.workspace.messages(room)) for room in world.rooms()}
    before = written(world)

    for delivery in list(world.sandbox.socket.deliveries):
        await world.sandbox.socket.redeliver(delivery.envelope["envelope_id"])
    await ask(world, "list")
    await world.settled()

    assert written(world) == before
    assert {room: len(world.workspace.messages(room)) for room in world.rooms()} == said
