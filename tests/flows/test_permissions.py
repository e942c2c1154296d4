"""Who may do what, by whatever they try it; and what is kept of what people did."""

import json
import sqlite3
from contextlib import closing

import pytest

from sandbox.slack.objects import User
from tests.flows.asking import ask, begin, last_words
from tests.world import shown

pytestmark = pytest.mark.asyncio(loop_scope="module")

GUEST = "You are a guest in this workspace, and guests may not use Muster. Ask Ana, Ben or Chris."
STRANGER = "You belong to another workspace, and only people of this one may use Muster. Ask Ana, Ben or Chris."


@pytest.fixture(scope="module")
def people(shared_world):
    """Dana, who stands in no file, and Eve of another workspace."""
    shared_world.workspace.add_user(User("U0004", "dana", "Dana"))
    shared_world.workspace.add_user(User("U0005", "eve", "Eve", team="T00000002"))
    return shared_world.people


async def known(world, who, refused):
    """Ask until Slack has said who they are: on a busy machine that may take longer than anybody is made to wait."""
    asked = [await ask(world, "help", who=who)]
    while refused not in asked[-1] and len(asked) < 50:
        asked.append(await ask(world, "help", who=who))
    assert refused in asked[-1]


def audit(world):
    """Every act, oldest first, as (who, what, door, before, after)."""
    query = "SELECT who, what, door, before, after FROM audit ORDER BY id"
    with closing(sqlite3.connect(f"file:{world.folder / 'muster.db'}?mode=ro", uri=True)) as database:
        return [(*row[:3], json.loads(row[3]), json.loads(row[4])) for row in database.execute(query)]


@pytest.mark.parametrize(("who", "words"), [("guest", GUEST), ("eve", STRANGER)])
async def test_guests_and_people_of_other_workspaces_are_told_whom_to_ask_whatever_they_try(
    shared_world, people, who, words
):
    key = await begin(shared_world)
    await known(shared_world, who, words)
    incidents = shared_world.rows("SELECT count(*) FROM incident")

    for typed in ('start SEV-4 "mine"', "start", f"resolve {key} done", "list", f"show {key}", "override @ben 4h"):
        assert await ask(shared_world, typed, who=who) == words
    await people.shortcut(who, "declare_incident")
    user = shared_world.workspace.user(who).id
    await shared_world.until(lambda: any(words in message.text for message in shared_world.workspace.dms(user)))
    assert people.modal(who) is None
    assert shared_world.rows("SELECT count(*) FROM incident") == incidents


async def test_a_guest_who_presses_a_button_in_a_room_changes_nothing(shared_world, people):
    room = await shared_world.declare("SEV-3", "cache cold")
    await known(shared_world, "guest", GUEST)
    people.join(room, "guest")

    answer = await people.click("guest", "Acknowledge", channel=room)
    await shared_world.until(lambda: answer.ephemerals)
    assert "guests may not work on incidents. Ask Ana." in shown(answer)
    await people.click("guest", "Add update", channel=room)
    await shared_world.until(lambda: last_words(shared_world, "U0009") == GUEST)
    assert people.modal("guest") is None
    assert "Acknowledge" in shared_world.card(room)


async def test_a_member_of_whom_no_file_knows_is_asked_for_once_and_may_do_what_members_may(shared_world, people):
    await known(shared_world, "dana", "")
    asked = [each for each in shared_world.requests("slack", "users.info") if "U0004" in str(each.body)]
    key = await begin(shared_world)

    assert f"*{key}* is resolved" in await ask(shared_world, f"resolve {key} restarted it", who="dana")
    assert len(asked) == 1
    assert [e for e in shared_world.requests("slack", "users.info") if "U0004" in str(e.body)] == asked


async def test_an_incident_does_not_wait_for_slack_to_say_who_somebody_is(shared_world, people):
    shared_world.workspace.add_user(User("U0006", "finn", "Finn"))
    shared_world.sandbox.faults.add("*", "hang")
    try:
        declared = await ask(shared_world, 'start SEV-4 "seen by Finn"', who="finn")
        assert "declared: SEV-4 low, seen by Finn." in declared
        key = declared.split("*")[1]
        assert "You are on it" in await ask(shared_world, f"ack {key}", who="finn")
        assert await ask(shared_world, "override @ben 4h", who="finn") == (
            "Slack does not say who you are just now, and until it does you may not change who is on call. "
            "Ask Ana, Ben or Chris."
        )
    finally:
        shared_world.sandbox.faults.clear()


async def test_what_people_do_is_kept_with_what_it_was_before_and_from_where(shared_world, people):
    key = await begin(shared_world)
    await ask(shared_world, f"status {key} identified a full disk", who="ben")
    await ask(shared_world, f"update {key} rolling back", who="ben")

    acts = audit(shared_world)[-3:]
    assert [act[:3] for act in acts] == [
        ("U0001", "detected", "command"),
        ("U0002", "status", "command"),
        ("U0002", "update", "command"),
    ]
    assert acts[1][3] == {"status": "investigating"}
    assert acts[1][4] == {"status": "identified", "text": "a full disk"}
    assert acts[2][4] == {"text": "rolling back"}


async def test_who_is_put_on_call_and_taken_off_again_is_kept_too(shared_world, people):
    await ask(shared_world, "override @ben 4h", who="ben")
    await people.click("ben", "Undo", channel="#general")
    await shared_world.until(lambda: audit(shared_world)[-1][1] == "override_cancelled")

    put, taken = audit(shared_world)[-2:]
    assert put[:3] == ("U0002", "override", "command")
    assert taken[:3] == ("U0002", "override_cancelled", "button")
    assert taken[3] == put[4]
    assert put[4]["person"] == "ben"
