"""Words reach the public only where somebody wrote them for the public and saw them as they would stand there."""

import pytest

from tests.flows.asking import ask, begin, last_words, room_of
from tests.world import words

pytestmark = pytest.mark.asyncio(loop_scope="module")


def public(world, number=-1):
    """(status, words) of what the status page says of an incident, the newest first."""
    return [(each["status"], each["body"]) for each in world.status_incidents[number]["incident_updates"]]


async def test_an_update_for_the_public_goes_to_the_room_and_the_page_in_the_same_words(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-3")
    room = await room_of(world, key)
    known = len(world.status_incidents)

    await ask(world, "update db1 of customer <X> is corrupt", room)
    told = await ask(world, 'update --public "Some payments fail. We are on it."', room)
    assert f"Update posted to *{key}* (investigating)." in told
    assert "Published by mistake? `/incident update --public …` puts it right there." in told
    await world.until(lambda: len(world.status_incidents) > known)
    await world.until(lambda: "Some payments fail." in world.room_text(room))
    assert public(world) == [("investigating", "Some payments fail. We are on it.")]

    await ask(world, "update --public Payments work again", room)
    await world.until(lambda: public(world)[0] == ("investigating", "Payments work again"))
    assert "(published)" in await ask(world, "timeline", room)
    assert "corrupt" not in str(world.status_incidents)


async def test_the_box_of_the_form_shows_exactly_what_goes_out_before_it_does(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-3")
    room = await room_of(world, key)
    known = len(world.status_incidents)

    await world.people.click("ana", "Add update", channel=room)
    filled = {"What is new?": "Logins fail & retry", "New status": "identified", "Status page": ["publish"]}
    assert await world.people.submit("ana", filled) == {}
    view = world.people.modal("ana")
    assert "Exactly this goes to the status page" in str(view.content)
    shown = view.content["blocks"][1]["text"]["text"]
    assert shown == "```\nOur service: degraded performance\nIdentified\n\nLogins fail &amp; retry\n```"
    assert len(world.status_incidents) == known
    assert "Logins fail" not in world.room_text(room)

    assert await world.people.submit("ana", {"In public words": "Logins fail for some"}) == {}
    view = world.people.modal("ana")
    assert "Logins fail for some" in str(view.content["blocks"][1])
    assert "It would read otherwise by now." in str(view.content)
    assert len(world.status_incidents) == known

    assert await world.people.submit("ana", {}) == {}
    assert world.people.modal("ana") is None
    await world.until(lambda: len(world.status_incidents) > known)
    assert public(world) == [("identified", "Logins fail for some")]
    await world.until(
        lambda: "set the status to *identified*, *for the public too*: Logins fail for some" in world.room_text(room)
    )
    assert f"*{key}* is *identified*" in await ask(world, "status", room)


async def test_a_reaction_drafts_and_only_a_person_publishes(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-3")
    room = await room_of(world, key)
    said = world.people.post("ben", room, "We restore from the backup.")
    known = len(world.status_incidents)

    world.people.react("chris", "mega", room, said.ts)
    await world.until(lambda: "*Draft for the public* by <@U0003>" in world.room_text(room))
    await world.people.click("ana", "Review and publish", channel=room)
    assert "We restore from the backup." in str(world.people.modal("ana").content["blocks"][1])
    assert len(world.status_incidents) == known
    assert await world.people.submit("ana", {}) == {}
    await world.until(lambda: len(world.status_incidents) > known)
    assert public(world) == [("investigating", "We restore from the backup.")]

    world.people.unreact("chris", "mega", room, said.ts)
    await world.until(lambda: "white_check_mark" not in said.reactions)
    await world.people.click("ana", "Review and publish", channel=room)
    await world.until(lambda: "This draft was taken back" in last_words(world))
    assert "<@U0003> drafted for the public: We restore from the backup." in await ask(world, "timeline", room)
    assert key in await ask(world, "list open")


async def test_a_message_from_anywhere_is_published_after_the_incident_is_named_and_the_words_were_seen(shared_world):
    world = shared_world
    key = await begin(world, severity="SEV-3")
    await room_of(world, key)
    known = len(world.status_incidents)
    said = world.people.post("ben", "#general", "Uploads are slow for some of you.")

    await world.people.message_shortcut("ana", "publish_update", "#general", said.ts)
    assert await world.people.submit("ana", {"Incident": key[4:]}) == {}
    assert "Uploads are slow for some of you." in str(world.people.modal("ana").content["blocks"][1])
    assert len(world.status_incidents) == known
    assert await world.people.submit("ana", {}) == {}
    await world.until(lambda: len(world.status_incidents) > known)
    assert public(world) == [("investigating", "Uploads are slow for some of you.")]


async def test_nothing_of_a_private_incident_goes_out(shared_world):
    world = shared_world
    await ask(world, "start")
    filled = {"Title": "leaked keys", "Severity": "SEV-3 medium", "Visibility": ["private"]}
    assert await world.people.submit("ana", filled) == {}
    room = await world.until(lambda: next((r for r in world.rooms() if "leaked-keys" in r), None))
    await world.until(lambda: world.workspace.channel(room).pins)
    known = len(world.status_incidents)

    told = await ask(world, "update --public keys leaked", room)
    assert "is private: nothing of it goes to the public." in told
    await world.people.click("ana", "Add update", channel=room)
    assert "Status page" not in str(world.people.modal("ana").content)
    await world.people.dismiss("ana")
    said = world.people.post("ana", room, "which keys?")
    world.people.react("ana", "mega", room, said.ts)
    await world.until(lambda: "is private: nothing of it" in last_words(world))
    assert "white_check_mark" not in said.reactions
    assert len(world.status_incidents) == known
    assert words(world.workspace.messages(room)[-1])
