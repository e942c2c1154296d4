"""Action items: made by command, star, shortcut and form; done from the list and from one's own."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.flows.asking import RESOLVED, ask, begin, last_words, room_of, written
from tests.world import words

pytestmark = pytest.mark.asyncio(loop_scope="module")


def items(world, key):
    """(text, owner, due, state, who did it) of an incident's."""
    return world.rows(
        f"SELECT text, owner, due, state, done_by FROM action_item WHERE incident = {key[4:]} ORDER BY id"
    )


def reminders(world, who):
    """What this person was told of action items by direct message."""
    told = [words(message) for message in world.workspace.dms(who)]
    return [each for each in told if "alert at 80 %" in each or "drill it" in each]


async def test_one_is_made_listed_done_and_opened_again(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-3")
    room = await room_of(world, key)

    told = await ask(world, 'action "alert at 80 %" @ben 2099-12-01', room)
    assert "2099-12-01 is more than ten years away." in told
    told = await ask(world, 'action "alert at 80 %" @ben 2030-12-01', room)
    assert told == f"Action item of *{key}* for <@U0002>, due Sun 1 Dec 2030: alert at 80 %"
    assert "for <@U0001>: write the runbook" in await ask(world, f"action {key} write the runbook")
    assert "is past." in await ask(world, 'action "x" 2020-01-01', room)
    assert "is none of them. `/incident action` opens a form" in await ask(world, 'action "x" @zoe', room)

    told = await ask(world, "action", room)
    assert "☐ alert at 80 % – <@U0002> – due Sun 1 Dec 2030" in told
    before = written(world)
    await world.people.click("ana", "Done", channel=room)
    await world.until(lambda: "☑ alert at 80 % – <@U0002> – done by <@U0001>" in last_words(world))
    assert items(world, key)[0] == ("alert at 80 %", "U0002", "2030-12-01", "done", "U0001")
    assert written(world) == (before[0], before[1] + 1)
    await world.people.click("ana", "Reopen", channel=room)
    await world.until(lambda: "☑" not in last_words(world))
    assert items(world, key)[0] == ("alert at 80 %", "U0002", "2030-12-01", "open", "")
    thread = world.workspace.channel(room).threads
    await world.until(lambda: sum(len(each) for each in thread.values()) == 4)

    await world.people.select("ana", "Edit an action item", "alert at 80 %", channel=room)
    refused = await world.people.submit("ana", {"Until when?": "2020-01-01"})
    assert "is past" in refused["action_text"]
    other = {"What is to be done?": "alert at 70 %", "Who does it?": "ana", "Until when?": "2030-11-30"}
    assert await world.people.submit("ana", other) == {}
    await world.until(lambda: "☐ alert at 70 % – <@U0001> – due Sat 30 Nov 2030" in last_words(world))
    assert items(world, key)[0] == ("alert at 70 %", "U0001", "2030-11-30", "open", "")
    told = await ask(world, "timeline", room)
    assert "changed an action item, now for <@U0001>, due 2030-11-30: alert at 70 %" in told

    await ask(world, "action", room)
    await world.people.click("ana", "New action item", channel=room)
    refused = await world.people.submit("ana", {"What is to be done?": "drill it", "Until when?": "2020-01-01"})
    assert "is past" in refused["action_text"]
    filled = {"What is to be done?": "drill it", "Who does it?": "ben", "Until when?": "2030-01-02"}
    assert await world.people.submit("ana", filled) == {}
    await world.until(lambda: "for <@U0002>, due Wed 2 Jan 2030: drill it" in last_words(world))


async def test_a_star_makes_one_of_a_message_once_and_taking_it_off_takes_it_back(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-3")
    room = await room_of(world, key)
    said = world.people.post("ben", room, "we should have an alert on this")

    world.people.react("chris", "star", room, said.ts)
    await world.until(lambda: "white_check_mark" in said.reactions)
    assert items(world, key) == [("we should have an alert on this", "U0003", None, "open", "")]
    world.people.react("ana", "star", room, said.ts)
    world.people.unreact("ana", "star", room, said.ts)
    assert "☐ we should have an alert on this – <@U0003> – <http" in await ask(world, "action", room)

    world.people.unreact("chris", "star", room, said.ts)
    await world.until(lambda: "white_check_mark" not in said.reactions)
    assert [item[3] for item in items(world, key)] == ["withdrawn"]
    assert "None yet." in await ask(world, "action", room)
    assert "took back the action item of <@U0003>" in await ask(world, "timeline", room)


async def test_mine_shows_what_is_mine_and_its_button_does_it(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-3")
    room = await room_of(world, key)
    said = world.people.post("ben", "#general", "the dashboard lies\nby an hour")
    await world.people.message_shortcut("chris", "make_action_item", "#general", said.ts)
    assert await world.people.submit("chris", {"Incident": key[4:], "Until when?": "2030-05-06"}) == {}
    await world.until(lambda: "for <@U0003>, due Mon 6 May 2030: the dashboard lies" in last_words(world, "U0003"))

    told = await ask(world, "mine", who="chris")
    assert f"{key} – the dashboard lies – due Mon 6 May 2030 – <http" in told
    assert "*Your open incidents*" not in told
    await world.people.click("chris", "Done", channel="#general")
    await world.until(lambda: "☑" in last_words(world, "U0003"))
    await world.people.click("chris", "Reopen", channel="#general")
    await world.until(lambda: "☑" not in last_words(world, "U0003"))
    await world.people.select("chris", "Edit an action item", "the dashboard lies", channel="#general")
    assert await world.people.submit("chris", {"Who does it?": "ben"}) == {}
    await world.until(lambda: "Nothing is yours just now" in last_words(world, "U0003"))
    assert f"*{key} slow" in await ask(world, "mine")
    assert "– SEV-3 – investigating – commander, declared" in last_words(world)
    await world.people.click("ana", "Catch up", channel="#general")
    await world.until(lambda: "SEV-3 · *investigating*" in last_words(world))
    await world.until(lambda: any("Action item done" in words(m) for m in world.workspace.channel(room).messages))


async def test_whoever_took_one_on_is_reminded_on_its_day_and_the_lead_a_day_later_over_a_restart(shared_world):
    world = shared_world
    key = await begin(world, RESOLVED)
    day = (world.sandbox.clock.now() + timedelta(days=3)).date()
    await ask(world, f'action {key} "alert at 80 %" @chris {day}')
    await ask(world, f'action {key} "drill it" @chris {day}')
    await world.restart()

    noon = datetime.combine(day, time(12), UTC)
    world.move(f"{(noon - world.sandbox.clock.now()) // timedelta(minutes=1)}m")
    await world.until(lambda: len(reminders(world, "chris")) == 2)
    assert f"*An action item of <@U0003> is due on {day:%a} {day.day} {day:%b %Y}*: " in reminders(world, "chris")[0]
    assert reminders(world, "ben") == []
    await world.people.click("chris", "Done", channel=world.workspace.dm("U0003").id)
    await world.until(lambda: any("☑" in told for told in reminders(world, "chris")))
    left = next(text for text, _, _, state, _ in items(world, key) if state == "open")

    world.move("1d")
    await world.until(lambda: reminders(world, "ben"))
    [told] = reminders(world, "ben")
    assert f"was due on {day:%a} {day.day} {day:%b %Y}, and is not done*: {left}" in told
    assert len(reminders(world, "chris")) == 2
