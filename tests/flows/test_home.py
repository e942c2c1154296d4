"""The Home tab: what is mine and what is on, and the two buttons that matter."""

import pytest

from tests.flows.asking import ask, begin
from tests.flows.test_permissions import GUEST
from tests.world import _texts

pytestmark = pytest.mark.asyncio(loop_scope="module")


def home(world, who):
    """All that can be read on somebody's tab."""
    view = world.people.home(who)
    return "\n".join(_texts(view.content["blocks"])) if view else ""


def line(text, key):
    """What stands below an incident's title."""
    return text.split(f"*{key}*")[1].split("\n")[1]


async def opened(world, who, words):
    """Open it, and wait until it says so."""
    world.people.open_home(who)
    await world.until(lambda: words in home(world, who))
    return home(world, who)


async def test_it_says_who_is_on_call_what_is_mine_first_and_what_is_due(shared_world):
    theirs = await begin(shared_world)
    mine = await begin(shared_world, severity="SEV-3")
    await ask(shared_world, f"ack {theirs}", who="ben")
    await ask(shared_world, "start SEV-4 chris has one", who="chris")

    told = await opened(shared_world, "ana", f"*{mine}*")
    assert "*primary*: <@U0001>" in told
    assert "*You are on call* on *primary*, with no change in sight." in told
    assert "Due from you" in told
    assert f"*{mine}*" in told.split("Due from you")[1]
    told = await opened(shared_world, "chris", "chris has one")
    assert "You have no shift in the next 8 weeks." in told
    assert told.index("chris has one") < told.index("Of others") < told.index(f"*{mine}*")


async def test_what_is_done_from_it_shows_on_it_at_once(shared_world):
    key = await begin(shared_world)
    assert "*not acknowledged*" in line(await opened(shared_world, "ana", key), key)

    await shared_world.people.click("ana", "Acknowledge")
    await shared_world.until(lambda: "investigating" in line(home(shared_world, "ana"), key))
    await shared_world.people.click("ana", "Declare an incident")
    await shared_world.until(lambda: shared_world.people.modal("ana"))
    assert await shared_world.people.submit("ana", {"Title": "from the tab", "Severity": "SEV-4"}) == {}
    await shared_world.until(lambda: "from the tab" in home(shared_world, "ana"))

    [act] = shared_world.rows(f"SELECT who, door FROM audit WHERE what = 'acknowledged' AND incident = {key[4:]}")
    assert act == ("U0001", "home")


async def test_my_page_is_tested_from_it(shared_world):
    await opened(shared_world, "ben", "Test my page")
    await shared_world.people.click("ben", "Test my page")
    told = shared_world.workspace.dms
    await shared_world.until(lambda: any("Your test page is on its way" in each.text for each in told("U0002")))


async def test_a_private_incident_is_on_the_tabs_of_its_people_only(shared_world):
    await ask(shared_world, "start", who="ben")
    form = {"Title": "payroll leak", "Severity": "SEV-4", "Visibility": ["private"]}
    assert await shared_world.people.submit("ben", form) == {}

    assert "🔒" in await opened(shared_world, "ben", "payroll leak")
    await begin(shared_world)
    await opened(shared_world, "chris", "Open incidents")
    assert "payroll leak" not in home(shared_world, "chris")


async def test_guests_read_a_sentence_and_nothing_of_what_goes_on(shared_world):
    assert await opened(shared_world, "guest", "You are a guest") == GUEST
    assert [block["type"] for block in shared_world.people.home("guest").content["blocks"]] == ["section"]
