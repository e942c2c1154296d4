"""What people are reminded of, over moved time and restarts: once each, in one place, and not while it is quiet."""

import re

from tests.flows.asking import ask, last_words
from tests.world import words


def standing(world, room, sentence):
    """The messages in the room that say this now."""
    return [text for text in map(words, world.workspace.messages(room)) if sentence in text]


async def test_an_update_is_asked_for_again_in_the_place_of_the_last_reminder_also_over_a_restart(world):
    room = await world.declare("SEV-1")
    await ask(world, "ack", room)
    await ask(world, "role tech @ben", room)
    await ask(world, "role comms @chris", room)
    await world.settled()
    world.move("+16m")
    await world.until(lambda: standing(world, room, "<@U0001>: no update for 1"))
    await world.settled()
    assert not standing(world, room, "*An update is due.*")
    world.move("+15m")
    await world.until(lambda: standing(world, room, "<@U0001> *An update is due.* Nobody has said for 3"))

    await world.kill()
    world.move("+16m")
    await world.boot()
    await world.until(lambda: standing(world, room, "Nobody has said for 4"))
    await world.until(lambda: standing(world, room, "<@U0003> *An update for the public is due.*"))
    await world.settled()
    assert len(standing(world, room, "*An update is due.*")) == 1

    await world.people.click("ana", "Send update", channel=room, action_id="add_update")
    await world.until(lambda: world.people.modal("ana"))
    assert await world.people.submit("ana", {"What is new?": "failing over"}) == {}
    await world.until(lambda: not standing(world, room, "*An update is due.*"))
    # The public has heard nothing.
    assert len(standing(world, room, "*An update for the public is due.*")) == 1
    await world.people.click("chris", "Send update", channel=room, action_id="add_public_update")
    await world.until(lambda: world.people.modal("chris"))
    for _ in ("the next step shows it", "and it goes out"):
        await world.people.submit("chris", {"In public words": "we are moving to a spare"})
    await world.until(lambda: "we are moving to a spare" in str(world.status_incidents))
    await world.until(lambda: not standing(world, room, "*An update for the public is due.*"))
    await ask(world, "resolve restarted the primary", room)
    await world.settled()
    world.move("+20m")
    await world.settled()
    assert not standing(world, room, "*An update")


async def test_a_snooze_keeps_reminders_quiet_and_pages_loud_until_it_is_taken_back(world):
    room = await world.declare("SEV-1")
    told = await ask(world, "snooze 1h", room)
    assert re.search(r"quiet until <!date\^\d+\^.*Pages, and the time to acknowledge, are never snoozed", told)
    await world.until(lambda: standing(world, room, "Reminders are quiet until"))
    world.move("+16m")
    await world.until(lambda: world.calls and standing(world, room, "*Nobody has acknowledged*"))
    await world.until(lambda: standing(world, room, "*Not acknowledged in time*"))
    await world.settled()
    assert not standing(world, room, "*An update is due.*")
    assert not standing(world, room, "*Who does it?*")

    await world.people.click("ben", "Wake them", channel=room)
    await world.until(lambda: standing(world, room, "*An update is due.*"))
    await world.until(lambda: not standing(world, room, "Reminders are quiet"))
    await world.people.click("ben", "Snooze", channel=room)
    await world.until(lambda: standing(world, room, "Reminders are quiet until"))
    await world.until(lambda: not standing(world, room, "*An update is due.*"))
    assert "were not snoozed" not in await ask(world, "snooze off", room)
    assert "were not snoozed" in await ask(world, "snooze off", room)
    assert "A snooze lasts 1d at most" in await ask(world, "snooze 3d", room)
    assert "How long is `a while`?" in await ask(world, "snooze a while", room)


async def test_roles_that_the_severity_wants_are_asked_for_and_taken_there(world):
    room = await world.declare("SEV-1")
    await ask(world, "ack", room)
    await world.settled()
    world.move("+11m")
    await world.until(lambda: standing(world, room, "Nobody is *Technical lead* or *Communications* yet."))
    await world.people.click("ben", "Take: Technical lead", channel=room)
    await world.until(lambda: standing(world, room, "Nobody is *Communications* yet."))
    await world.until(lambda: len(standing(world, room, "*Who does it?*")) == 1)
    await world.people.click("chris", "Take: Communications", channel=room)
    await world.until(lambda: not standing(world, room, "*Who does it?*"))


async def test_the_promise_to_acknowledge_is_warned_of_broken_and_kept_on_the_incident(world):
    room = await world.declare("SEV-2")
    await world.until(lambda: "(promised by" in world.card(room))
    world.move("+13m")
    await world.until(lambda: standing(world, room, "*Not acknowledged yet.* It was promised within 15 min"))
    world.move("+3m")
    await world.until(lambda: standing(world, room, "*Not acknowledged in time*: it was promised within 15 min."))
    await world.until(lambda: not standing(world, room, "*Not acknowledged yet.*"))
    await world.until(lambda: "later than promised" in world.card(room))
    assert world.rows("SELECT sla_breached IN (1, true) FROM incident") in ([(1,)], [(True,)])

    quick = await world.declare("SEV-2", "cache down")
    world.move("+13m")
    await world.until(lambda: standing(world, quick, "*Not acknowledged yet.*"))
    await ask(world, "ack", quick)
    await world.until(lambda: not standing(world, quick, "*Not acknowledged yet.*"))
    world.move("+3m")
    await world.settled()
    assert not standing(world, quick, "*Not acknowledged in time*")


async def test_whether_it_is_stable_is_asked_and_asked_again_before_it_is_closed_and_all_are_thanked(world):
    room = await world.declare("SEV-2")
    await ask(world, "ack", room, who="ben")
    await ask(world, "resolve restarted the primary", room)
    await world.until(lambda: standing(world, room, "Stable for 30 min? Muster asks then, and before it is closed."))
    assert "nobody has said yet that it is stable: nothing was closed" in await ask(world, "close", room)
    assert world.rows("SELECT status FROM incident") == [("resolved",)]
    await world.settled()
    world.move("+31m")
    await world.until(lambda: standing(world, room, "<@U0001> *Stable for 3"))
    await world.people.click("chris", "Yes, it is stable", channel=room)
    await world.until(lambda: standing(world, room, "*Stable*, says <@U0003>."))
    await world.until(lambda: not standing(world, room, "*Stable for 3"))
    await world.people.click("ana", "Close", channel=room)
    await world.until(lambda: standing(world, room, "Thank you, <@U0001>, <@U0002> and <@U0003>."))
    await world.until(lambda: not standing(world, room, "*Stable*, says"))

    hasty = await world.declare("SEV-2", "cache down")
    await ask(world, "resolve restarted it", hasty)
    await ask(world, "close", hasty)
    await world.people.click("ana", "Close it all the same", channel=hasty)
    await world.until(lambda: "*INC-2* is closed" in last_words(world))
