"""Checklists ticked in the room by several people, and read from the timeline."""

import asyncio

from tests.flows.asking import ask, begin, last_words
from tests.world import shown


def boxes(world, room):
    """(message, block, element) of the newest list in a room."""
    for message in reversed(world.workspace.messages(room)):
        for block in message.blocks or ():
            if block["type"] == "actions" and block["elements"][0]["type"] == "checkboxes":
                return message, block, block["elements"][0]
    return None


def ticked(world, room):
    """What is ticked in it: the words of each item, and what stands below."""
    _, _, element = boxes(world, room)
    return {o["text"]["text"]: o["description"]["text"] for o in element.get("initial_options", ())}


def all_ticked(world, room, count):
    return lambda: len(ticked(world, room)) == count


async def test_a_list_is_ticked_with_who_and_when_and_taken_back_in_place(world):
    room = await world.declare()
    assert "*Triage* is posted in" in await ask(world, "checklist triage", room)
    await world.until(lambda: boxes(world, room))
    count = len(world.workspace.messages(room))

    first, second = "The severity is right", "How many are affected, and how?"
    await world.people.select("ana", "tick", [first], channel=room)
    await world.until(all_ticked(world, room, 1))
    assert ticked(world, room)[first].startswith("<@U0001> <!date^")
    await world.people.select("ben", "tick", [first, second], channel=room)
    await world.until(all_ticked(world, room, 2))
    assert ticked(world, room)[first].startswith("<@U0001>")
    assert ticked(world, room)[second].startswith("<@U0002>")

    await world.people.select("ben", "tick", [second], channel=room)
    await world.until(all_ticked(world, room, 1))
    told = await ask(world, "show", room)
    assert f"<@U0001> ticked: {first}" in told
    assert f"<@U0002> took back the tick: {first}" in told
    assert len(world.workspace.messages(room)) == count
    rows = world.rows("SELECT corrects FROM timeline WHERE kind = 'checklist' ORDER BY id")
    ids = world.rows("SELECT id FROM timeline WHERE kind = 'checklist' ORDER BY id")
    assert rows == [(None,), (None,), (None,), ids[1]]


async def test_two_people_who_click_at_once_both_count_and_the_same_box_twice_is_one_tick(world):
    room = await world.declare()
    await ask(world, "checklist afterwards", room)
    await world.until(lambda: boxes(world, room))
    first, second, third = [o["text"]["text"] for o in boxes(world, room)[2]["options"]][:3]
    # All have the list without ticks in front of them.
    world.sandbox.faults.add("slack", "hang")
    await asyncio.gather(
        world.people.select("ana", "tick", [first], channel=room),
        world.people.select("ben", "tick", [second], channel=room),
        world.people.select("chris", "tick", [second, third], channel=room),
    )
    world.sandbox.faults.clear()
    await world.until(all_ticked(world, room, 3))
    entries = world.rows("SELECT count(*) FROM timeline WHERE kind = 'checklist' AND author <> 'muster'")
    assert entries == [(4,)]


async def test_verification_comes_with_the_resolution_and_begins_anew_with_a_reopening(world):
    room = await world.declare()
    assert boxes(world, room) is None
    await ask(world, "resolve restarted the primary", room)
    await world.until(lambda: boxes(world, room))
    assert "*Verification* – 0 of 6 done" in world.room_text(room)
    texts = [message.text for message in world.workspace.messages(room)]
    assert texts.index(boxes(world, room)[0].text) > next(n for n, t in enumerate(texts) if t.startswith("*Resolved*"))

    await world.people.select("ana", "tick", ["The root cause is known"], channel=room)
    await world.until(all_ticked(world, room, 1))
    await ask(world, "reopen it is back", room)
    await world.until(all_ticked(world, room, 0))


async def test_each_list_comes_when_somebody_is_there_to_tick_it(world):
    room = await world.declare()
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.until(lambda: "*Triage* – 0 of 5 done" in world.room_text(room))
    await ask(world, "resolve restarted the primary", room)
    await world.until(lambda: "*Verification* – 0 of 6 done" in world.room_text(room))
    assert "*Afterwards*" not in world.room_text(room)
    await ask(world, "close yes", room)
    await world.until(lambda: "*Afterwards* – 0 of 6 done" in world.room_text(room))

    assert "Which checklist for INC-1?" in await ask(world, "checklist", room)
    await world.people.select("ana", "Choose a checklist", "Triage", channel=room)
    await world.until(lambda: sum("*Triage*" in message.text for message in world.workspace.messages(room)) == 2)


async def test_where_there_is_no_room_the_list_is_for_whoever_asked_and_the_only_one_needs_no_name(world):
    key = await begin(world)
    assert "*Triage* – 0 of 5 done" in await ask(world, f"checklist {key}")
    await world.people.select("ana", "tick", ["The severity is right"], channel="#general")
    await world.until(lambda: "*Triage* – 1 of 5 done" in last_words(world))
    assert "☑ The severity is right (<@U0001> <!date^" in last_words(world)
    assert world.rooms() == []
    refused = await world.say("ana", f"/incident checklist {key} triaje")
    assert "There is no checklist `triaje`. Did you mean `triage`?" in shown(refused)


async def test_ticks_outlive_a_kill_and_the_repeat_of_a_click_changes_nothing(world):
    room = await world.declare()
    await ask(world, "checklist triage", room)
    await world.until(lambda: boxes(world, room))
    await world.people.select("ana", "tick", ["The severity is right"], channel=room)
    await world.until(all_ticked(world, room, 1))
    await world.restart()
    await ask(world, "checklist triage", room)
    await world.until(lambda: sum("*Triage*" in m.text for m in world.workspace.messages(room)) == 2)
    await world.people.select("ben", "tick", ["The severity is right", "How many are affected, and how?"], channel=room)
    # The older message is kept in step.
    await world.until(lambda: world.room_text(room).count("*Triage* – 2 of 5 done") >= 2)
