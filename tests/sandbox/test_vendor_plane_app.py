"""People act on Plane's board, and Plane calls the bot back with a signed webhook."""

import hashlib
import hmac
import json

import pytest

from sandbox.vendors.plane import API_KEY, Plane
from sandbox.vendors.plane_app import WEBHOOK_SECRET
from sandbox.vendors.plane_project import ANA, BEN, PROJECT_ID, WORKSPACE
from tests.sandbox.vendor_world import standing

ITEMS = f"/api/v1/workspaces/{WORKSPACE}/projects/{PROJECT_ID}/work-items/"


@pytest.fixture
async def world():
    async with standing(Plane) as world:
        yield world


async def ask(world, method, path, status, **given):
    return await world.ask(method, path, status, headers={"X-API-Key": API_KEY}, json=given)


def sent(world):
    return [json.loads(delivery.body) for delivery in world.bot.got]


async def test_what_people_do_on_the_board_is_told_with_the_work_item_written_out(world):
    await ask(world, "POST", ITEMS, 201, name="db down")
    for action, given in (("close", {}), ("reopen", {}), ("assign", {"to": "Ben"}), ("assign", {"to": None})):
        answer = await world.vendor.actions[action](sequence_id="ROOSE-1", by="Chris", **given)
        assert answer["webhook"]["status"] == 200

    assert [(each["event"], each["action"], each["activity"]["field"]) for each in sent(world)] == [
        *[("issue", "updated", "state_id")] * 2,
        *[("issue", "updated", "assignee_ids")] * 2,
    ]
    assert [each["data"]["state"]["group"] for each in sent(world)] == ["completed", "started", "started", "started"]
    assert sent(world)[0]["activity"]["actor"]["display_name"] == "chris"
    assert sent(world)[2]["data"]["assignees"][0]["id"] == BEN
    assert sent(world)[3]["activity"]["old_value"] == [BEN]


async def test_a_comment_is_escaped_and_has_its_author(world):
    made = await ask(world, "POST", ITEMS, 201, name="db down")
    await world.vendor.actions["comment"](sequence_id=1, text="5 < 6 & so on", by="ben")

    [told] = sent(world)
    assert (told["event"], told["action"], told["data"]["issue"]) == ("issue_comment", "created", made["id"])
    assert (told["data"]["comment_html"], told["data"]["actor"]) == ("<p>5 &lt; 6 &amp; so on</p>", BEN)
    assert "Comment by Ben: 5 < 6 & so on" in [line["text"] for line in world.vendor.story()[0]["lines"]]


async def test_a_webhook_is_signed_over_its_body_and_repeated_to_the_byte(world):
    await ask(world, "POST", ITEMS, 201, name="db down")
    await world.vendor.actions["close"](sequence_id=1)
    await world.vendor.actions["redeliver"]()

    first, second = world.bot.got
    digest = hmac.new(WEBHOOK_SECRET.encode(), first.body, hashlib.sha256).hexdigest()
    assert first == second
    assert first.url == "http://127.0.0.1:8080/callbacks/plane/webhook"
    assert (first.headers["X-Plane-Signature"], first.headers["X-Plane-Event"]) == (digest, "issue")
    assert world.vendor.environment("http://127.0.0.1:8400")["PLANE_WEBHOOK_SECRET"] == WEBHOOK_SECRET


async def test_what_happened_happened_even_while_the_bot_is_down(world):
    await ask(world, "POST", ITEMS, 201, name="db down")
    world.bot.down = True

    assert (await world.vendor.actions["close"](sequence_id=1))["webhook"]["status"] == 0
    assert world.vendor.state()["items"][0]["group"] == "completed"


@pytest.mark.parametrize("action", ["close", "reopen", "comment", "assign"])
async def test_nobody_can_act_on_what_does_not_exist(world, action):
    more = {"comment": {"text": "x"}, "assign": {"to": "Ben"}}.get(action, {})
    assert (await world.vendor.actions[action](sequence_id=2, **more))["ok"] is False
    await ask(world, "POST", ITEMS, 201, name="db down")
    assert (await world.vendor.actions["assign"](sequence_id=1, to="nobody"))["ok"] is False
    assert (await world.vendor.actions["redeliver"]())["ok"] is False


async def test_what_the_bot_did_comes_back_where_that_is_asked_for(world):
    world.vendor.echoes = True
    made = await ask(world, "POST", ITEMS, 201, name="db down")
    await ask(world, "PATCH", f"{ITEMS}{made['id']}/", 200, priority="high", name="db down")
    await ask(world, "POST", f"{ITEMS}{made['id']}/comments/", 201, comment_html="<p>x</p>")
    await world.vendor.settled()

    assert [(each["event"], each["action"], each["activity"]["new_value"]) for each in sent(world)] == [
        ("issue", "created", None), ("issue", "updated", "high"), ("issue_comment", "created", None),
    ]  # fmt: skip
    assert sent(world)[0]["activity"]["actor"]["id"] == ANA
