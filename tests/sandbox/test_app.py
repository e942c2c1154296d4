"""The sandbox as one world: every service on one port, with its own way of refusing, under one record."""

import pytest

from sandbox.app import Sandbox

REFUSALS = {
    "pagerduty": ("/pagerduty/v2/enqueue", {"ratelimit": 429, "status": 503}),
    "twilio": ("/twilio/2010-04-01/Accounts/AC/Calls.json", {"ratelimit": 429, "status": 503, "refuse_token": 401}),
    "plane": ("/plane/api/v1/workspaces/", {"ratelimit": 429, "status": 503, "refuse_token": 403}),
    "statuspage": ("/statuspage/v1/pages/", {"ratelimit": 429, "status": 503, "refuse_token": 401}),
}


@pytest.mark.parametrize(
    ("vendor", "kind"), [(vendor, kind) for vendor, (_, kinds) in REFUSALS.items() for kind in kinds]
)
async def test_a_vendor_in_trouble_refuses_in_its_own_way(sandbox, slack, vendor, kind):
    path, statuses = REFUSALS[vendor]
    sandbox.faults.add(vendor, kind, code=503, retry_after=7, times=1)

    async with slack.session.post(sandbox.url + path, json={}) as answer:
        assert answer.status == statuses[kind]

    assert sandbox.record.requests[-1].service == vendor
    assert sandbox.record.requests[-1].status == statuses[kind]


async def test_the_environment_leads_to_this_world_alone(sandbox):
    environment = sandbox.environment()
    urls = {name: value for name, value in environment.items() if name.endswith("_URL")}
    assert {"SLACK_API_URL", "PAGERDUTY_EVENTS_URL", "TWILIO_API_URL", "PLANE_API_URL"} <= set(urls)
    mail = urls.pop("SMTP_URL")
    assert all(url.startswith(sandbox.url) for url in urls.values())
    assert mail.startswith("smtp://127.0.0.1:")
    assert environment["SLACK_INCIDENTS_CHANNEL_ID"] == "C0INCIDENTS"
    assert "MUSTER_CLOCK_FILE" not in environment


async def test_the_clock_file_is_named_where_there_is_one(tmp_path):
    async with Sandbox(clock_file=tmp_path / "clock") as world:
        assert world.environment()["MUSTER_CLOCK_FILE"] == str(tmp_path / "clock")


async def test_what_a_vendor_would_swallow_is_a_violation(sandbox):
    for vendor in sandbox.vendors.values():
        vendor.complain("something")
    assert len(sandbox.record.violations) == len(sandbox.vendors) == 6


async def test_a_vendors_people_are_reached_over_the_control_api(sandbox, slack):
    phones = (await slack.control("twilio/phones")).body["phones"]
    assert {phone["name"] for phone in phones.values()} == {"ana", "ben", "chris"}
    assert (await slack.look("state"))["vendors"]["twilio"]["calls"] == []


async def test_one_waits_for_what_does_not_ring_too(sandbox, tmp_path):
    file = tmp_path / "later"
    sandbox.bell.ring()
    looks = []

    def there():
        looks.append(1)
        if len(looks) == 2:
            file.touch()
        return file.exists()

    assert await sandbox.until(there)
