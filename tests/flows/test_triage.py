"""Whoever declares is helped: how bad is it, and is it perhaps open already?"""

import pytest

from tests.flows.asking import ask
from tests.world import _texts

pytestmark = pytest.mark.asyncio(loop_scope="module")


def form(world, who):
    """Everything that can be read in the form in front of somebody."""
    view = world.people.modal(who)
    return "\n".join(_texts(view.content["blocks"])) if view else ""


def told(world, user):
    """All that only this person was told."""
    return "\n".join(said.text for said in (*world.workspace.ephemerals.get(user, ()), *world.workspace.dms(user)))


def severity(world, who):
    """What stands in the menu of the form."""
    view = world.people.modal(who)
    [block] = [block for block in view.content["blocks"] if block["block_id"].startswith("severity")]
    chosen = view.state.get(block["block_id"], {}).get("severity") or {}
    return (chosen.get("selected_option") or block["element"].get("initial_option") or {}).get("value")


async def answer(world, who, question):
    await world.people.select(who, "triage", question)


async def choose(world, who, name):
    """In the menu itself, of which nothing is sent."""
    view = world.people.modal(who)
    [block] = [block for block in view.content["blocks"] if block["block_id"].startswith("severity")]
    option = next(each for each in block["element"]["options"] if each["value"] == name)
    chosen = {"severity": {"type": "static_select", "selected_option": option}}
    view.state[block["block_id"]] = chosen


async def test_an_answer_proposes_a_severity_another_answer_another_and_what_somebody_chose_stays(shared_world):
    await ask(shared_world, "start payroll is stuck")
    assert severity(shared_world, "ana") is None

    await answer(shared_world, "ana", "Is a core feature broken?")
    await shared_world.until(lambda: severity(shared_world, "ana") == "SEV-2")
    await answer(shared_world, "ana", "Is the service down or data at risk?")
    await shared_world.until(lambda: severity(shared_world, "ana") == "SEV-1")
    await choose(shared_world, "ana", "SEV-4")
    await answer(shared_world, "ana", "Degraded but usable?")
    await shared_world.until(lambda: "This answer proposes SEV-3" in form(shared_world, "ana"))
    assert severity(shared_world, "ana") == "SEV-4"

    assert await shared_world.people.submit("ana", {"Description": "since noon"}) == {}
    await shared_world.until(lambda: "SEV-4 low, payroll is stuck" in told(shared_world, "U0001"))


async def test_the_proposal_is_what_is_declared(shared_world):
    await shared_world.people.shortcut("ben", "declare_incident")
    await answer(shared_world, "ben", "Degraded but usable?")
    await shared_world.until(lambda: severity(shared_world, "ben") == "SEV-3")
    assert await shared_world.people.submit("ben", {"Title": "search lags"}) == {}

    await shared_world.until(lambda: "SEV-3 medium, search lags" in told(shared_world, "U0002"))


async def test_one_that_is_open_already_is_shown_first_and_joined_instead(shared_world):
    await ask(shared_world, 'start SEV-3 "checkout is slow in Europe"')
    # Not simply the newest one: that of the story before may still be on its way.
    room = await shared_world.until(lambda: next((each for each in shared_world.rooms() if "checkout" in each), None))
    count = shared_world.rows("SELECT count(*) FROM incident")
    await ask(shared_world, 'start "slow checkout"', who="chris")
    assert form(shared_world, "chris").startswith("Open already, and perhaps the same:")

    await shared_world.people.click("chris", "Join instead")
    await shared_world.until(lambda: "Nothing new was declared." in form(shared_world, "chris"))
    assert "You are joining" in form(shared_world, "chris")
    await shared_world.until(lambda: "U0003" in shared_world.workspace.channel(room).members)
    assert shared_world.rows("SELECT count(*) FROM incident") == count


async def test_one_on_the_same_service_is_shown_once_the_service_is_chosen(shared_world):
    await ask(shared_world, "start")
    api = {"Title": "errors everywhere", "Severity": "SEV-4", "Affected services": ["api"]}
    assert await shared_world.people.submit("ana", api) == {}
    await shared_world.until(lambda: "errors everywhere" in told(shared_world, "U0001"))

    await ask(shared_world, "start something else", who="ben")
    assert "errors everywhere" not in form(shared_world, "ben")
    await shared_world.people.select("ben", "services", ["api"])
    await shared_world.until(lambda: "errors everywhere" in form(shared_world, "ben"))


async def test_a_command_declares_at_once_and_names_what_may_be_the_same(shared_world):
    first = await ask(shared_world, 'start SEV-4 "mail queue is full"')
    told = await ask(shared_world, 'start SEV-4 "the queue of mail is full"', who="ben")

    key = first.split("*")[1]
    assert "declared: SEV-4 low, the queue of mail is full." in told
    assert f"Open already, and perhaps the same: *{key}* mail queue is full." in told
