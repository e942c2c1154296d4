"""A private incident is for whoever declared it and for the people in its room, and for nobody else."""

import asyncio

import pytest

from tests.flows.asking import ask, last_words
from tests.world import shown, words

VERBS = ("show", "explain", "status", "ack", "update", "resolve", "close", "reopen")
PRIVATE = "#inc-1-payroll-leak"


@pytest.fixture
async def private(world):
    """Declared by Ana in the form; Ana is on call too. Chris has no part in it."""
    await ask(world, "start")
    form = {"Title": "payroll leak", "Severity": "SEV-1", "Visibility": ["private"]}
    assert await world.people.submit("ana", form) == {}
    await world.until(lambda: PRIVATE in world.rooms() and world.workspace.channel(PRIVATE).pins)
    return world


async def answered(world, who, text, hoped, within=10):
    """Ask until the answer is the one hoped for: events are heard a moment after they happened."""
    async with asyncio.timeout(within):
        while hoped not in await ask(world, text, who=who):
            pass


async def test_its_room_is_private_and_nothing_about_it_is_public(private):
    await private.until(lambda: private.issues)

    assert private.workspace.channel(PRIVATE).private
    assert private.workspace.messages("#incidents") == []
    assert private.status_incidents == []


async def test_whoever_declared_it_reads_that_it_was_done(private):
    await private.until(lambda: "declared" in last_words(private))
    assert "🔒 *INC-1* declared: SEV-1 critical, payroll leak." in "\n".join(
        map(words, private.workspace.ephemerals["U0001"])
    )


@pytest.mark.parametrize("verb", VERBS)
async def test_others_are_told_that_it_is_private_whatever_they_try(private, verb):
    told = await ask(private, f"{verb} INC-1", who="chris")

    assert told.startswith("INC-1 is private: only the people in its room see it.")
    assert "payroll" not in told


async def test_it_is_in_nobody_elses_list_and_picker(private):
    assert "payroll leak" in await ask(private, "list")
    assert await ask(private, "list", who="chris") == (
        'No incident is open. Declare one: `/incident start "what is broken"`'
    )
    assert "none to resolve" in await ask(private, "resolve it is over", who="chris")


async def test_who_is_let_into_the_room_sees_it_until_they_leave(private):
    private.people.join(PRIVATE, "chris")
    await answered(private, "chris", "show INC-1", "payroll leak")
    assert "payroll leak" in await ask(private, "list", who="chris")

    private.workspace.leave(private.workspace.channel(PRIVATE), "U0003")
    await answered(private, "chris", "show INC-1", "is private")


async def test_inside_the_room_everything_is_answered_even_before_slack_has_said_who_joined(private):
    assert "payroll leak" in await ask(private, "show", channel=PRIVATE, who="chris")


async def test_declaring_it_again_on_purpose_is_private_too(private):
    again = await private.say("ana", '/incident start SEV-1 "payroll leak"')
    assert "You declared this a moment ago" in shown(again)

    await ask(private, "start")
    form = {"Title": "payroll leak", "Severity": "SEV-1", "Visibility": ["private"]}
    told = len(private.workspace.ephemerals["U0001"])
    assert await private.people.submit("ana", form) == {}
    await private.until(lambda: len(private.workspace.ephemerals["U0001"]) > told)
    assert "You declared this a moment ago" in last_words(private)
    await private.people.click("ana", "Declare anyway", channel="#general")

    await private.until(lambda: "#inc-2-payroll-leak" in private.rooms())
    assert private.workspace.channel("#inc-2-payroll-leak").private


async def test_a_form_opened_by_the_shortcut_is_answered_by_direct_message(world):
    await world.people.shortcut("chris", "declare_incident")
    assert await world.people.submit("chris", {"Title": "logo is blurred", "Severity": "SEV-4"}) == {}

    await world.until(lambda: any("*INC-1* declared" in m.text for m in world.workspace.dms("U0003")))


async def test_a_button_from_when_it_was_public_lets_nobody_in(world):
    room = await world.declare("SEV-2", "payroll leak")
    await world.people.click("ana", "Acknowledge", channel=room)
    await world.settled()
    await ask(world, "roles INC-1", who="chris")
    await ask(world, "private", channel=room)
    await world.people.click("ana", "Make it private", channel=room)
    await world.until(lambda: len(world.rooms()) == 2)
    await world.settled()

    await world.people.click("chris", "Take: Scribe", channel="#general")
    await world.until(lambda: "INC-1 is private" in last_words(world, "U0003"))
    assert world.rows("SELECT count(*) FROM role WHERE person = 'U0003'") == [(0,)]
    hidden = next(each for each in world.workspace.channels.values() if each.private)
    assert "U0003" not in hidden.members
