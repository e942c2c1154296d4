"""The clients and the sandbox's vendors, written apart, agree: whole stories without one complaint from the vendor."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import signatures
from domain.decision import Entry
from domain.errors import Permanent
from integrations.pagerduty import PagerDuty
from integrations.plane import Plane
from integrations.statuspage import Statuspage
from integrations.twilio import Twilio
from sandbox import vendors
from sandbox.vendors.statuspage import COMPONENTS
from tests.integrations.records import KEY, ROOM, owed, record, resolved
from tests.sandbox.vendor_world import BOT_URL, standing
from views import twiml

ANA = {"phone": "+15550000001", "person": "ana"}
HOSTILE = '<b>"db" & co</b> \N{FIRE} \x00 שלום ' * 200


def environment(world):
    return world.vendor.environment(str(world.client.make_url("")).rstrip("/"))


def at(world, kind, target="", /, **data):
    return replace(owed(kind, target, **data), due_at=world.clock.now())


def pagerduty(world):
    env = environment(world)
    return PagerDuty(
        world.client.session,
        routing_key=env["PAGERDUTY_INTEGRATION_KEY"],
        severities={"SEV-1": "critical"},
        url=env["PAGERDUTY_EVENTS_URL"],
    )


def twilio(world, **changes):
    env = environment(world)
    given = {
        "account_sid": env["TWILIO_ACCOUNT_SID"],
        "auth_token": env["TWILIO_AUTH_TOKEN"],
        "phone_number": env["TWILIO_PHONE_NUMBER"],
        "callback_url": BOT_URL,
        "url": env["TWILIO_API_URL"],
    }
    return Twilio(world.client.session, **{**given, **changes})


def plane(world):
    env = environment(world)
    return Plane(
        world.client.session,
        api_key=env["PLANE_API_KEY"],
        workspace=env["PLANE_WORKSPACE"],
        project_id=env["PLANE_PROJECT_ID"],
        priorities={"SEV-1": "urgent"},
        labels=("incident", "{severity}"),
        url=env["PLANE_API_URL"],
    )


def statuspage(world):
    env = environment(world)
    return Statuspage(
        world.client.session,
        page_id=env["STATUSPAGE_PAGE_ID"],
        api_key=env["STATUSPAGE_API_KEY"],
        url=env["STATUSPAGE_API_URL"],
    )


async def test_pagerduty_has_one_alert_for_a_page_sent_twice_and_another_for_the_next_page():
    async with standing(vendors.PagerDuty) as world:
        pager = pagerduty(world)
        for target in ("1", "1", "2"):
            await pager.page(record(ROOM, title=HOSTILE, description=HOSTILE), at(world, "page", target))
        await pager.acknowledge(record(), at(world, "acknowledge", "1"))
        await pager.resolve(resolved(), at(world, "resolve", "2"))
        alerts = world.vendor.state()["alerts"]
        assert [(each["dedup_key"], each["status"]) for each in alerts] == [
            (KEY, "acknowledged"),
            (f"{KEY}-2", "resolved"),
        ]


async def test_the_phone_rings_once_and_the_key_that_is_pressed_comes_back_signed():
    async with standing(vendors.Twilio) as world:
        phone = twilio(world)
        first = await phone.call(record(title=HOSTILE), at(world, "call", **ANA))
        again = await twilio(world).call(record(title=HOSTILE), at(world, "call", attempts=2, **ANA))
        assert again.vendor_id == first.vendor_id
        world.bot.answers["/callbacks/twilio/gather"] = (200, twiml.acknowledged(record().incident))
        heard = await world.vendor.actions["answer"](to=ANA["phone"], digits="1")
        assert heard["ok"]
        await world.vendor.settled()
        [pressed] = [each for each in world.bot.got if "/gather?" in each.url]
        assert pressed.url == f"{BOT_URL}/callbacks/twilio/gather?incident=42&person=ana&ring=7"
        assert pressed.form["Digits"] == "1"
        signature = pressed.headers["X-Twilio-Signature"]
        token = environment(world)["TWILIO_AUTH_TOKEN"]
        assert signatures.twilio(token, pressed.url, list(pressed.form.items()), signature)
        [call] = world.vendor.state()["calls"]
        assert "acknowledged" in str(call["said"])


async def test_each_person_gets_one_text_however_often_it_is_tried():
    async with standing(vendors.Twilio) as world:
        first = await twilio(world).text(record(ROOM, title=HOSTILE), at(world, "text", **ANA))
        again = await twilio(world).text(record(ROOM, title=HOSTILE), at(world, "text", attempts=2, **ANA))
        other = await twilio(world).text(record(number=43), at(world, "text", attempts=2, **ANA))
        assert first.vendor_id == again.vendor_id != other.vendor_id
        assert len(world.vendor.state()["messages"]) == 2


async def test_an_odd_number_and_a_wrong_token_are_refused_in_words():
    async with standing(vendors.Twilio) as world:
        with pytest.raises(Permanent, match="check the phone of ana"):
            await twilio(world).call(record(), at(world, "call", phone="+1", person="ana"))
        with pytest.raises(Permanent, match="check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"):
            await twilio(world, auth_token="wrong").call(record(), at(world, "call", **ANA))


async def test_plane_has_one_item_that_starts_completes_and_starts_again():
    async with standing(vendors.Plane) as world:
        tracker = plane(world)
        made = await tracker.create_issue(record(title=HOSTILE, description=HOSTILE), at(world, "create_issue"))
        again = await plane(world).create_issue(record(), at(world, "create_issue", attempts=2))
        assert (made.result, again.vendor_id) == ("ROOSE-1", made.vendor_id)
        said = {"kind": "update", "by": "U0001", "text": HOSTILE, "at": world.clock.now().isoformat()}
        for attempts in (1, 2):
            await tracker.comment(record(*made.refs), at(world, "comment", attempts=attempts, **said))
        groups = []
        timeline = (Entry("update", "U0001", {"text": "looking"}, at=world.clock.now()),)
        for stage in (resolved(*made.refs, timeline=timeline), record(*made.refs)):
            await tracker.refresh_issue(stage, at(world, "refresh_issue"))
            [item] = world.vendor.project.items.values()
            groups.append(world.vendor.project.states[item["state"]]["group"])
        assert groups == ["completed", "started"]
        assert sorted(world.vendor.project.labels[each]["name"] for each in item["labels"]) == ["SEV-1", "incident"]
        [comments] = world.vendor.project.comments.values()
        assert len(comments) == 1


async def test_the_status_page_has_one_incident_that_is_updated_and_resolved():
    async with standing(vendors.Statuspage) as world:
        api = COMPONENTS["api"]
        down = {
            "name": "API is down",
            "status": "investigating",
            "body": "We look.",
            "components": {api: "major_outage"},
        }
        up = {"status": "resolved", "body": "All is well.", "components": {api: "operational"}}
        made = await statuspage(world).create_status(record(), at(world, "create_status", **down))
        again = await statuspage(world).create_status(record(), at(world, "create_status", attempts=2, **down))
        assert again.refs == made.refs
        world.clock.move(seconds=timedelta(minutes=5).total_seconds())
        for attempts in (1, 2):
            await statuspage(world).update_status(
                record(*made.refs), at(world, "update_status", attempts=attempts, **up)
            )
        state = world.vendor.state()
        [incident] = state["incidents"]
        assert incident["status"] == "resolved"
        assert sorted(each["status"] for each in incident["incident_updates"]) == ["investigating", "resolved"]
        assert {each["id"]: each["status"] for each in state["components"]}[api] == "operational"


async def test_an_unknown_component_is_refused_in_words():
    async with standing(vendors.Statuspage) as world:
        down = {"name": "x", "status": "investigating", "body": "y", "components": {"nosuch000000": "major_outage"}}
        with pytest.raises(Permanent, match="check the component ids"):
            await statuspage(world).create_status(record(), at(world, "create_status", **down))
