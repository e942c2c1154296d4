"""An incident turns out to be worse, or less, or about something else; and the room has what people need on top."""

import re

import pytest

from tests.flows.asking import OPEN, ask, begin, last_words, room_of
from tests.world import words

pytestmark = pytest.mark.asyncio(loop_scope="module")


def titles(world, room):
    """The links on top of a room."""
    return {each["title"]: each["link"] for each in world.workspace.channel(room).bookmarks.values()}


async def in_room(world, room, hoped):
    """Once the room reads it: the message."""
    said = await world.until(lambda: [m for m in world.workspace.messages(room) if hoped in words(m)])
    return words(said[-1])


async def announced(world, key):
    """The announcement's words, as they are now."""
    mine = [words(m) for m in world.workspace.messages("#incidents") if f"{key} " in words(m)]
    return mine[-1] if mine else ""


async def test_raised_it_gets_a_room_a_page_an_announcement_and_a_public_incident_and_lowered_it_rings_nobody(
    shared_world,
):
    world = shared_world
    key = await begin(world, OPEN, "SEV-4")
    alerts, public = len(world.alerts), len(world.status_incidents)

    told = await ask(world, f"severity {key} SEV-1 nobody can log in")
    assert told == (
        f"*{key}* is raised to *SEV-1* from SEV-4: <@U0001> is paged, <@U0002> is told, a war room is opened, "
        "announced in <#C0INCIDENTS>, the status page tells the public."
    )
    room = await room_of(world, key)
    line = await in_room(world, room, "*Raised to SEV-1*")
    assert "from SEV-4 by <@U0001> (nobody can log in)" in line
    await world.until(lambda: len(world.alerts) == alerts + 1 and len(world.status_incidents) == public + 1)
    await world.until(lambda: f"{key} " in "".join(words(m) for m in world.workspace.messages("#incidents")))
    assert "SEV-1 critical" in world.card(room)

    told = await ask(world, "severity SEV-3 it was one customer", channel=room)
    assert told == (
        f"*{key}* is lowered to *SEV-3* from SEV-1: nothing rings any more, the components on the status page follow."
    )
    await world.until(lambda: world.alerts[-1]["status"] == "resolved")
    await world.until(lambda: "SEV-3" in world.workspace.channel(room).topic)
    item = await world.until(lambda: next((each for each in world.issues if "[INCIDENT] SEV-3" in each["name"]), None))
    assert item["priority"] == "medium"
    await world.settled()
    assert "SEV-3 medium" in await announced(world, key)
    rung = len(world.calls), len(world.alerts)
    world.move("+10m")
    await world.settled()
    assert (len(world.calls), len(world.alerts)) == rung
    assert (await ask(world, f"show {key}")).count("changed the severity") == 2


async def test_the_cards_three_dots_open_the_form_that_shows_what_each_severity_means(shared_world):
    world = shared_world
    key = await begin(world, OPEN, "SEV-3")
    room = await room_of(world, key)
    await world.people.select("ana", "more", "Change severity", channel=room)
    form = await world.until(lambda: world.people.modal("ana"))
    shown = str(form.content)
    assert "Complete outage, data loss or a security breach" in shown
    assert "*Chosen now, it tells the public at once.*" in shown

    assert await world.people.submit("ana", {"New severity": "SEV-2", "Why?": "two teams are blocked"}) == {}
    await in_room(world, room, "*Raised to SEV-2* from SEV-3 by <@U0001> (two teams are blocked)")
    again = await world.people.select("ana", "more", "Change severity", channel=room)
    assert not again.timeout
    errors = await world.people.submit("ana", {"New severity": "SEV-2"})
    assert errors == {"severity": f"{key} is SEV-2 already."}
    await world.people.dismiss("ana")


async def test_what_is_affected_is_on_card_announcement_and_status_page(shared_world):
    world = shared_world
    key = await begin(world, OPEN, "SEV-1")
    room = await room_of(world, key)
    await world.until(lambda: world.status_incidents)

    told = await ask(world, "services api=degraded, database", channel=room)
    assert told == f"*{key}* affects API (degraded), Database. The components on the status page follow."
    await in_room(world, room, "*Affected*: API (degraded), Database – <@U0001>")
    await world.until(lambda: components(world) == {"API": "degraded_performance", "Database": "major_outage"})
    updates = world.status_incidents[-1]["incident_updates"]
    assert updates[0]["deliver_notifications"] is False
    assert "*Affected* API (degraded), Database" in world.card(room)

    assert "There is no service `apo`. Did you mean `api`?" in await ask(world, "services apo=down", channel=room)
    shown = await ask(world, "services", channel=room)
    assert f"*{key}* affects API (degraded), Database." in shown
    await world.people.click("ana", "Change", channel=room)
    await world.until(lambda: world.people.modal("ana"))
    assert await world.people.submit("ana", {"API": "not affected", "Web app": "partial outage"}) == {}
    await world.until(lambda: "affects Database, Web app (partial outage)" in last_words(world))
    await world.until(lambda: components(world)["API"] == "operational")


def components(world):
    return {each["name"]: each["status"] for each in world.status_incidents[-1]["components"]}


async def test_impact_and_links_are_on_the_card_and_links_on_top_of_the_room(shared_world):
    world = shared_world
    key = await begin(world, OPEN, "SEV-3")
    room = await room_of(world, key)
    await world.until(lambda: len(titles(world, room)) == 2)
    assert set(titles(world, room)) == {f"{key} card", re.search(r"ROOSE-\d+", world.card(room))[0]}

    assert "written down" in await ask(world, 'impact "every checkout fails"', channel=room)
    assert "is kept with" in await ask(world, "link https://grafana.example.com/d/1 Dashboard", channel=room)
    assert "is kept with" in await ask(world, "link https://grafana.example.com/d/1 The dashboard", channel=room)
    assert "is no link" in await ask(world, "link javascript:alert(1)", channel=room)
    await world.until(lambda: titles(world, room).get("The dashboard") == "https://grafana.example.com/d/1")
    assert "Dashboard" not in titles(world, room)
    await world.until(lambda: "*Impact* every checkout fails" in world.card(room))
    await world.until(lambda: "<https://grafana.example.com/d/1|The dashboard>" in world.card(room))

    assert "is kept with" in await ask(world, "link https://wiki.example.com/x", channel=room)
    await world.until(lambda: "https://wiki.example.com/x" in titles(world, room).values())
    await world.people.click("ana", "Remove", channel=room)
    await world.until(lambda: "https://wiki.example.com/x is off the card" in last_words(world))
    await ask(world, "link https://wiki.example.com/x The Dashboard", channel=room)
    asked = await ask(world, "link remove the dashboard", channel=room)
    assert asked.startswith(f"2 links of *{key}* are called The Dashboard. Which one is to go?")
    assert "The Dashboard: https://wiki" in asked
    assert "The dashboard: https://grafana" in asked
    await world.people.click("ana", "Remove", channel=room)
    await world.until(lambda: "The Dashboard is off the card" in last_words(world))
    told = await ask(world, "link remove the dashboard", channel=room)
    assert told.startswith(f"The dashboard is off the card of *{key}* and off the top of its room.")
    await world.until(lambda: len(titles(world, room)) == 2)
    await world.until(lambda: "grafana" not in world.card(room))
    assert "Nobody added a link" in await ask(world, "link remove", channel=room)
    assert "No link here is called `the dashboard`" in await ask(world, "link remove the dashboard", channel=room)
    assert "took a link off: The dashboard" in await in_room(world, room, "took a link off: The dashboard")

    await ask(world, "link", channel=room)
    assert await world.people.submit("ana", {"Address": "ftp://x.example.com"}) == {
        "url": "`ftp://x.example.com` is no link. Only links of the web can be added: "
        "`/incident link https://grafana.example.com/d/1 Dashboard`."
    }
    await world.people.dismiss("ana")


async def test_people_and_user_groups_are_let_in_and_a_large_group_is_cut_aloud(shared_world):
    world = shared_world
    key = await begin(world, OPEN, "SEV-3")
    room = await room_of(world, key)
    for n in range(103):
        world.workspace.add_user(type(world.workspace.user("ana"))(f"U9{n:03}", f"u{n}", "U", f"u{n}@example.com"))
    world.workspace.add_usergroup("crowd", [f"U9{n:03}" for n in range(103)], id="S0CROWD")

    told = await ask(world, "invite <!subteam^S0CROWD|@crowd> @dba", channel=room)
    assert told.startswith(f"Inviting S0CROWD, @dba to the room of *{key}*.")
    await world.until(lambda: {"U0002", "U0003", "U9099"} <= set(world.workspace.channel(room).members))
    await in_room(world, room, "S0CROWD has 103 people: the first 100 were invited")
    assert "Did you mean `dba`?" in await ask(world, "invite @dbas", channel=room)
    await world.settled()
    assert f"{key}" in world.card(room)
