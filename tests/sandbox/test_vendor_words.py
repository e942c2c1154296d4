"""What the vendors received is told in words, and every action that they offer can be done."""

import json
from datetime import UTC, datetime
from inspect import signature

import aiohttp
import pytest

from sandbox.vendors import account, opsgenie, plane, plane_project, statuspage, words
from sandbox.vendors.mail import Mail
from sandbox.vendors.opsgenie import Opsgenie
from sandbox.vendors.pagerduty import PagerDuty
from sandbox.vendors.plane import Plane
from sandbox.vendors.statuspage import Statuspage
from sandbox.vendors.twilio import Twilio
from tests.sandbox.vendor_world import basic, standing, trigger

ANA = "+15550000001"
LOGIN = basic(account.ACCOUNT_SID, account.AUTH_TOKEN)
ACCOUNT = f"/2010-04-01/Accounts/{account.ACCOUNT_SID}"
PROJECT = f"/api/v1/workspaces/{plane_project.WORKSPACE}/projects/{plane_project.PROJECT_ID}"


def texts(item):
    return [line["text"] for line in item["lines"]]


def labels(item):
    return [action["label"] for action in item["actions"]]


async def test_pagerduty_tells_who_did_what_and_what_can_be_done_now():
    async with standing(PagerDuty) as world:
        await trigger(world)
        assert labels(world.vendor.story()[0])[:2] == ["Acknowledge", "Resolve"]
        await do(world, world.vendor.story()[0], "Acknowledge", by="Ben")
        [item] = world.vendor.story()

    assert (item["title"], item["state"]) == ("#1 SEV-1: db down", "acknowledged")
    assert texts(item) == [
        "Triggered over the Events API",
        "Acknowledged by Ben",
        "Told the bot (incident.acknowledged): it answered 200",
    ]
    assert "Acknowledge" not in labels(item)


async def test_twilio_tells_what_was_heard_and_pressed():
    async with standing(Twilio) as world:
        numbers = {"To": ANA, "From": account.PHONE_NUMBER}
        twiml = "<Response><Say>SEV-1 db down</Say></Response>"
        await world.ask("POST", f"{ACCOUNT}/Calls.json", 201, headers=LOGIN, data=numbers | {"Twiml": twiml})
        await world.ask("POST", f"{ACCOUNT}/Messages.json", 201, headers=LOGIN, data=numbers | {"Body": "db down"})
        call = next(item for item in world.vendor.story() if item["state"] == "ringing")
        assert call["title"] == f"Call to Ana ({ANA})"
        await do(world, call, "Answer and press 1")
        thread = next(item for item in world.vendor.story() if item["title"].startswith("Texts"))
        await do(world, thread, "Reply", text="1 ack")
        thread, call = sorted(world.vendor.story(), key=lambda item: item["title"], reverse=True)

    assert texts(call) == ["Rings for up to 60 seconds", "A person answered", "Says: SEV-1 db down", "Ended"]
    assert texts(thread) == ["The bot wrote: db down", "They wrote: 1 ack"]
    assert labels(call) == []


async def test_a_call_is_told_in_its_order():
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    call = account.Call(to=ANA, from_=account.PHONE_NUMBER, created=noon, answered=noon)
    call.said, call.pressed, call.pressed_after = ["Press 1", "Press 1", "Thank you"], ["9", "1"], [1, 2]
    [told] = words.twilio({"calls": [call.to_state()], "messages": []}, {})
    assert texts(told)[2:] == ["Says: Press 1", "Key 9 pressed", "Says: Press 1", "Key 1 pressed", "Says: Thank you"]


async def test_plane_tells_the_life_of_a_work_item():
    async with standing(Plane) as world:
        login = {"X-API-Key": plane.API_KEY}
        given = {"name": "db down", "priority": "urgent"}
        made = await world.ask("POST", f"{PROJECT}/work-items/", 201, headers=login, json=given)
        comment = {"comment_html": "<p>We <b>look</b> at 5 &lt; 6</p>"}
        await world.ask("POST", f"{PROJECT}/work-items/{made['id']}/comments/", 201, headers=login, json=comment)
        world.clock.move(seconds=1)
        await do(world, world.vendor.story()[0], "Close")
        [item] = world.vendor.story()

    assert (item["title"], item["state"]) == ("ROOSE-1 db down", "Done")
    assert texts(item)[:3] == ["Created with priority urgent", "Comment by Ana: We look at 5 < 6", "Moved to Done"]
    assert "Close" not in labels(item)


async def test_statuspage_tells_what_the_public_read():
    async with standing(Statuspage) as world:
        login = {"Authorization": f"OAuth {statuspage.API_KEY}"}
        api = statuspage.COMPONENTS["api"]
        given = {"name": "API errors", "body": "We are looking.", "components": {api: "major_outage"}}
        path = f"/v1/pages/{statuspage.PAGE_ID}/incidents"
        await world.ask("POST", path, 201, headers=login, json={"incident": given})
        [item] = world.vendor.story()

    assert item["title"] == "API errors (impact critical)"
    assert texts(item) == ["Investigating. We are looking. [API: major outage]"]


async def do(world, item, label, **more):
    """Does what the item offers, as the page would."""
    action = next(each for each in item["actions"] if each["label"] == label)
    assert {each["name"] for each in action["asks"]} == set(more) - {"by"}
    answer = await world.vendor.actions[action["action"]](**action["given"], **more)
    assert answer["ok"], answer
    await world.vendor.settled()


async def test_the_control_api_tells_all_of_them(sandbox):
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/control/vendors") as answer:
        told = await answer.json()

    assert [vendor["name"] for vendor in told] == list(sandbox.vendors)
    assert all(vendor["title"] and vendor["items"] == [] for vendor in told)


EVERY = [PagerDuty, Opsgenie, Twilio, Plane, Statuspage, Mail]
GIVEN = {
    "pagerduty": ("acknowledge", "unacknowledge", "resolve"),
    "opsgenie": ("acknowledge", "unacknowledge", "close"),
    "plane": ("close", "reopen"),
    "statuspage": ("resolve",),
    "twilio": ("voicemail", "busy"),
    "smtp": ("refuse", "accept"),
}


@pytest.mark.parametrize("vendor", EVERY)
async def test_a_story_is_plain_data_and_every_action_that_it_offers_exists(vendor):
    async with standing(vendor) as world:
        assert json.loads(json.dumps(world.vendor.told()))["items"] == []
        await something_for(world)
        told = [world.vendor.told()]
        for name in GIVEN[vendor.name]:
            offered = [action for action in actions_of(told[-1]) if action["action"] == name]
            typed = {each["name"]: "ana@example.com" for each in offered[0]["asks"]}
            assert (await world.vendor.actions[name](**offered[0]["given"], **typed))["ok"], name
            await world.vendor.settled()
            told.append(world.vendor.told())

    for action in [each for state in told for each in actions_of(state)]:
        names = [*action["given"], *(each["name"] for each in action["asks"]), *(["by"] if action["by"] else [])]
        signature(world.vendor.actions[action["action"]]).bind(**dict.fromkeys(names))
    assert json.loads(json.dumps(told)) == told


def actions_of(told):
    return [*told["actions"], *(action for item in told["items"] for action in item["actions"])]


async def something_for(world):
    """One thing received, so that people have something to act on."""
    post, numbers = world.ask, {"To": ANA, "From": account.PHONE_NUMBER}
    match world.vendor.name:
        case "pagerduty":
            await trigger(world)
        case "opsgenie":
            login = {"Authorization": f"GenieKey {opsgenie.API_KEY}"}
            await post("POST", "/v2/alerts", 202, headers=login, json={"message": "db down"})
        case "plane":
            login = {"X-API-Key": plane.API_KEY}
            await post("POST", f"{PROJECT}/work-items/", 201, headers=login, json={"name": "db down"})
        case "statuspage":
            login = {"Authorization": f"OAuth {statuspage.API_KEY}"}
            path = f"/v1/pages/{statuspage.PAGE_ID}/incidents"
            await post("POST", path, 201, headers=login, json={"incident": {"name": "API errors"}})
        case "twilio":
            for _ in range(2):
                form = numbers | {"Twiml": "<Response/>"}
                await post("POST", f"{ACCOUNT}/Calls.json", 201, headers=LOGIN, data=form)
