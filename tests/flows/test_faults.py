"""Each vendor in trouble: the page goes out, the room says what is late and why, and all arrives once in the end."""

import asyncio

import pytest

from tests.flows.troubles import IN_SLACK, TROUBLES, begin, each
from tests.world import shown, words

AT_ONCE_S = 3.0
"""A busy machine's "at once"."""


def paged_within(world, answer) -> float:
    """Seconds from the command to the first page on the wire."""
    return world.requests("pagerduty")[0].arrived - answer.delivery.sent


async def declared(world, severity: str = "SEV-1", title: str = "db down"):
    """The answer and the finished room."""
    answer = await world.say("ana", f'/incident start {severity} "{title}"')
    await world.until(lambda: world.rooms() and world.workspace.channel(world.rooms()[0]).pins, 20)
    return answer, world.rooms()[0]


def announcements(world) -> list[str]:
    return [words(message) for message in world.workspace.messages("#incidents") if "db down" in words(message)]


def said(world, room: str, text: str) -> list:
    """The room's messages with these words."""
    return [message for message in world.workspace.messages(room) if text in words(message)]


def cards(world, room: str) -> list:
    return said(world, room, "*Paged*")


def direct(world, who: str) -> list[str]:
    return [words(message) for message in world.workspace.dms(who)]


def trackers_and_pages(world) -> tuple[int, int, int]:
    return len(world.alerts), len(world.issues), len(world.status_incidents)


TRACKERS = {
    "plane": ("Issue (Plane)", "Plane", "/work-items/", lambda world: world.issues),
    "statuspage": ("Status page (Statuspage)", "Statuspage", "/incidents", lambda world: world.status_incidents),
}


@pytest.mark.parametrize("trouble", each(TROUBLES))
@pytest.mark.parametrize("vendor", TRACKERS)
async def test_what_is_late_stands_on_the_card_with_its_reason_and_arrives_once(world, vendor, trouble):
    what, name, path, made = TRACKERS[vendor]
    begin(world, vendor, trouble, path)
    answer, room = await declared(world)
    assert paged_within(world, answer) < AT_ONCE_S
    says = TROUBLES[trouble].says.format(name=name)
    await world.until(lambda: f"… {what}: {says}" in world.card(room), 25)
    await world.say("ana", "/incident update failing over", channel=room)

    world.sandbox.faults.clear(vendor)
    world.move("+30s")

    await world.until(lambda: f"✓ {what}" in world.card(room))
    await world.until(lambda: world.issues and any("failing over" in c["comment_html"] for c in comments(world)))
    assert f"… {what}" not in world.card(room)
    assert trackers_and_pages(world) == (1, 1, 1)
    assert sum("failing over" in comment["comment_html"] for comment in comments(world)) == 1
    assert world.calls == []
    assert len(made(world)) == 1


def comments(world) -> list[dict]:
    return [comment for issue in world.issues for comment in issue["comments"]]


@pytest.mark.parametrize(
    ("vendor", "reason"),
    [
        ("plane", "Plane refused (403: Given API token is not valid): check PLANE_API_KEY"),
        ("statuspage", "Statuspage refused (401: Could not authenticate): check STATUSPAGE_API_KEY"),
    ],
)
async def test_a_refused_token_is_said_in_the_room_and_retry_delivers_once_it_is_accepted(world, vendor, reason):
    what = TRACKERS[vendor][0]
    begin(world, vendor, "refuses the token")
    answer, room = await declared(world)
    await world.until(lambda: f"✗ *{what} failed*: {reason}" in world.room_text(room))
    await world.until(lambda: f"✗ *{what}*: {reason}" in world.card(room))
    assert paged_within(world, answer) < AT_ONCE_S

    world.sandbox.faults.clear(vendor)
    pressed = await world.people.click("ben", "Retry", channel=room)

    await world.until(lambda: trackers_and_pages(world) == (1, 1, 1))
    await world.until(lambda: "It is tried again now." in shown(pressed))
    await world.until(lambda: f"✗ *{what}*" not in world.card(room))
    again = await world.people.click("ben", "Retry", channel=room)
    await world.until(lambda: "Nothing to retry" in shown(again))
    assert trackers_and_pages(world) == (1, 1, 1)


@pytest.mark.parametrize("trouble", each(TROUBLES))
async def test_a_pager_in_trouble_is_replaced_within_a_minute_and_rings_once_when_it_is_back(world, trouble):
    begin(world, "pagerduty", trouble)
    answer, room = await declared(world)
    assert paged_within(world, answer) < AT_ONCE_S
    says = TROUBLES[trouble].says.format(name="PagerDuty")
    await world.until(lambda: f"PagerDuty … {says}" in world.card(room), 20)
    assert direct(world, "ana") == []
    assert world.calls == []

    world.move("+56s")
    await world.until(lambda: world.calls and world.texts and direct(world, "ana"))
    await world.until(lambda: "*The page by PagerDuty did not get through*" in world.room_text(room))
    assert says in world.room_text(room)
    assert "Muster pages by Slack and Twilio now." in world.room_text(room)
    assert [call["to"] for call in world.calls] == ["+15550000001"]
    assert "You are paged" in direct(world, "ana")[0]

    world.sandbox.faults.clear("pagerduty")
    world.move("+30s")
    await world.until(lambda: "PagerDuty ✓" in world.card(room))
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.until(lambda: [alert["status"] for alert in world.alerts] == ["acknowledged"])
    world.move("+10m")
    await world.until(lambda: "Nobody else is rung" in world.room_text(room))
    assert len(world.calls) == len(world.texts) == len(direct(world, "ana")) == 1
    assert len(said(world, room, "*The page by PagerDuty did not get through*")) == len(cards(world, room)) == 1


async def test_a_pager_that_refuses_the_key_is_replaced_at_once_and_rings_when_it_accepts_it(world):
    begin(world, "pagerduty", "refuses the token")
    answer, room = await declared(world)
    await world.until(lambda: world.calls and world.texts and direct(world, "ana"))
    assert world.calls
    assert world.requests("twilio")[0].arrived - answer.delivery.sent < AT_ONCE_S
    await world.until(lambda: "*The page by PagerDuty did not get through*" in world.room_text(room))
    assert "check PAGERDUTY_INTEGRATION_KEY" in world.room_text(room)

    world.sandbox.faults.clear("pagerduty")
    world.move("+61s")
    await world.until(lambda: "PagerDuty ✓" in world.card(room))
    assert len(world.alerts) == len(world.calls) == len(world.texts) == len(direct(world, "ana")) == 1


@pytest.mark.parametrize("trouble", each(TROUBLES))
async def test_a_phone_in_trouble_is_replaced_within_a_minute_and_rings_once_when_it_is_back(world, trouble):
    begin(world, "twilio", trouble)
    answer, room = await declared(world)
    assert paged_within(world, answer) < AT_ONCE_S
    world.move("+2m")
    says = TROUBLES[trouble].says.format(name="Twilio")
    await world.until(lambda: f"phone call … {says}" in world.card(room), 20)
    assert direct(world, "ana") == []

    world.move("+56s")
    await world.until(lambda: direct(world, "ana"))
    await world.until(lambda: "*The page by Twilio did not get through*" in world.room_text(room))
    assert says in world.room_text(room)
    assert "Muster pages by Slack now." in world.room_text(room)

    world.sandbox.faults.clear("twilio")
    world.move("+30s")
    await world.until(lambda: says not in world.card(room) and "SMS ✓" in world.card(room))
    assert len(world.calls) == len(world.texts) == len(direct(world, "ana")) == len(world.alerts) == 1
    assert len(said(world, room, "*The page by Twilio did not get through*")) == 1


async def test_a_phone_that_refuses_the_token_is_replaced_at_once_and_rings_when_it_accepts_it(world):
    begin(world, "twilio", "refuses the token")
    _, room = await declared(world)
    world.move("+2m")
    await world.until(lambda: direct(world, "ana"))
    await world.until(lambda: "check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN" in world.room_text(room))

    world.sandbox.faults.clear("twilio")
    world.move("+61s")
    await world.until(lambda: len(world.calls) == len(world.texts) == 1)
    assert len(direct(world, "ana")) == 1
    assert len(said(world, room, "*The page by Twilio did not get through*")) == 1


async def explained(world, words: str) -> str:
    """What `explain` says once these words are there: a command is answered before an outcome is written down."""
    async with asyncio.timeout(10):
        while words not in (told := shown(await world.say("ana", "/incident explain INC-1"))):
            pass
    return told


@pytest.mark.parametrize("trouble", each(IN_SLACK))
async def test_slack_in_trouble_holds_up_no_page_and_the_room_is_built_once(world, trouble):
    begin(world, "slack", trouble, "/slack/api/")
    answer = await world.say("ana", '/incident start SEV-1 "db down"')
    assert "INC-1" in shown(answer)
    await world.until(lambda: len(world.alerts) == 1)
    assert paged_within(world, answer) < AT_ONCE_S
    await world.until(lambda: trackers_and_pages(world) == (1, 1, 1))
    await world.until(lambda: world.tail(200).count("create_room is late"), 20)
    told = await explained(world, f"*War room*: not sent yet: {IN_SLACK[trouble]}")
    assert "waits for War room" in told

    world.sandbox.faults.clear("slack")
    world.move("+31s")

    await world.until(lambda: world.rooms() and world.workspace.channel(world.rooms()[0]).pins)
    await world.until(lambda: announcements(world) and "✓ Announcement" in world.card(world.rooms()[0]))
    assert len(world.rooms()) == len(cards(world, world.rooms()[0])) == len(announcements(world)) == 1
    assert trackers_and_pages(world) == (1, 1, 1)
    assert world.calls == []


@pytest.mark.parametrize(
    "method",
    ["conversations.create", "conversations.setTopic", "conversations.invite", "chat.postMessage", "pins.add"],
)
async def test_an_answer_of_slack_that_was_lost_is_not_done_twice(world, method):
    world.sandbox.faults.add("slack", "reset_after", method, times=2)
    _, room = await declared(world)
    await world.until(lambda: announcements(world) and "✓ Announcement" in world.card(room))
    await world.until(lambda: "IC" in world.workspace.channel(room).topic)
    assert len(world.rooms()) == len(cards(world, room)) == len(announcements(world)) == 1
    assert set(world.workspace.channel(room).members) >= {"U0001"}
    assert len(world.workspace.channel(room).pins) == 1


@pytest.mark.parametrize("trouble", each(IN_SLACK))
async def test_musters_own_page_that_slack_does_not_take_is_a_call_within_a_minute(world, trouble):
    world.changed["PAGERDUTY_INTEGRATION_KEY"] = None
    await world.restart()
    begin(world, "slack", trouble, "/slack/api/")
    await world.say("ana", '/incident start SEV-2 "db down"')
    await world.until(lambda: "slack-page page is late" in world.tail(200), 20)
    assert world.calls == []
    world.move("+56s")
    await world.until(lambda: len(world.calls) == len(world.texts) == 1)

    world.sandbox.faults.clear("slack")
    world.move("+31s")
    await world.until(lambda: world.rooms() and world.workspace.channel(world.rooms()[0]).pins)
    room = world.rooms()[0]
    await world.until(lambda: said(world, room, "*The page to <@U0001> by Slack did not get through*"))
    assert "Muster pages by Twilio now." in world.room_text(room)
    await world.until(lambda: direct(world, "ana"))
    assert len(world.calls) == len(world.texts) == len(direct(world, "ana")) == len(world.rooms()) == 1


@pytest.mark.parametrize("trouble", ["answers 500", "resets after the effect"])
@pytest.mark.parametrize("vendor", ["plane", "statuspage", "pagerduty"])
async def test_a_resolution_that_a_vendor_does_not_confirm_is_late_on_the_card_and_arrives_once(world, vendor, trouble):
    _, room = await declared(world)
    await world.until(lambda: trackers_and_pages(world) == (1, 1, 1))
    await world.until(lambda: "✓ Status page" in world.card(room) and "✓ Issue" in world.card(room))
    begin(world, vendor, trouble)
    await world.say("ana", "/incident resolve restarted the primary", channel=room)
    says = TROUBLES[trouble].says.format(name={"plane": "Plane", "statuspage": "Statuspage"}.get(vendor, "PagerDuty"))
    await world.until(lambda: says in world.card(room))

    world.sandbox.faults.clear(vendor)
    world.move("+30s")
    await world.until(lambda: [alert["status"] for alert in world.alerts] == ["resolved"])
    await world.until(lambda: [page["status"] for page in world.status_incidents] == ["resolved"])
    await world.until(lambda: [issue["group"] for issue in world.issues] == ["completed"])
    await world.until(lambda: says not in world.card(room))
    updates = world.status_incidents[0]["incident_updates"]
    assert [update["status"] for update in updates] == ["resolved", "investigating"]
    assert sum("restarted the primary" in comment["comment_html"] for comment in comments(world)) == 1
