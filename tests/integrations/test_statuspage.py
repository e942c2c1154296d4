"""The status page: one public incident, said once, with the components as they are."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Permanent, Temporary
from domain.record import Ref
from integrations.statuspage import Statuspage
from tests.integrations.edge import reply, reset
from tests.integrations.records import KEY, T0, owed, record

BASE = "/v1/pages/0123456789ab/incidents"
ONE, UNRESOLVED = BASE + "/inc000000001", BASE + "/unresolved"
API = "c00000000001"
PUBLISHED = Ref("status_incident", "inc000000001", name="statuspage")
MADE = {
    "id": "inc000000001",
    "shortlink": "https://status.example.com/x",
    "created_at": T0.isoformat(),
    "metadata": {"muster": {"key": KEY}},
}
DOWN = {
    "name": "API is down",
    "status": "investigating",
    "body": "We look into it.",
    "components": {API: "major_outage"},
}
UP = {"status": "resolved", "body": "All is well.", "components": {API: "operational"}}


@pytest.fixture
def site(edge, session):
    edge.on("POST", BASE, reply(201, MADE))
    edge.on("PATCH", ONE, reply(200, MADE))
    return Statuspage(session, page_id="0123456789ab", api_key="sp_key", url=edge.url)


async def test_an_incident_is_published_with_its_components(edge, site):
    receipt = await site.create_status(record(), owed("create_status", **DOWN))
    ref = Ref("status_incident", "inc000000001", name="statuspage", url="https://status.example.com/x")
    assert (receipt.vendor_id, receipt.refs, receipt.result) == ("inc000000001", (ref,), "published")
    [asked] = edge.asked
    assert asked.headers["Authorization"] == "OAuth sp_key"
    assert asked.json == {
        "incident": {
            "name": "API is down",
            "status": "investigating",
            "body": "We look into it.",
            "component_ids": [API],
            "components": {API: "major_outage"},
            "deliver_notifications": True,
            "metadata": {"muster": {"key": KEY}},
        }
    }


async def test_without_components_none_are_sent(edge, site):
    await site.create_status(record(), owed("create_status", **DOWN | {"components": {}}))
    await site.update_status(record(PUBLISHED), owed("update_status", status="monitoring", body="Better."))
    told = [set(asked.json["incident"]) for asked in edge.asked]
    assert len(told) == 2
    assert all({"components", "component_ids"}.isdisjoint(each) for each in told)


async def test_nothing_that_is_not_for_the_public_reaches_the_page(edge, site):
    private = record(title="secret title", description="secret words", impact="secret impact")
    await site.create_status(private, owed("create_status", **DOWN))
    await site.update_status(
        record(PUBLISHED, title="secret title", description="secret words"), owed("update_status", **UP)
    )
    assert [b"secret" in asked.raw for asked in edge.asked] == [False, False]


async def test_resolving_updates_the_same_incident_and_its_components(edge, site):
    assert (await site.update_status(record(PUBLISHED), owed("update_status", **UP))).vendor_id == "inc000000001"
    [asked] = edge.asked
    assert (asked.method, asked.path) == ("PATCH", ONE)
    assert asked.json["incident"] == {
        "status": "resolved",
        "body": "All is well.",
        "component_ids": [API],
        "components": {API: "operational"},
        "deliver_notifications": True,
    }


async def test_a_repeat_adopts_the_incident_that_carries_our_key(edge, site):
    others = [{"id": str(n), "metadata": None} for n in range(98)]
    full = [
        *others,
        {"id": "a", "metadata": {"muster": "odd"}},
        {"id": "b", "metadata": {"muster": {"key": KEY + "0"}}},
    ]
    edge.on("GET", UNRESOLVED, reply(200, full), reply(200, [MADE]))
    receipt = await site.create_status(record(), owed("create_status", attempts=2, **DOWN))
    assert (receipt.vendor_id, receipt.refs[0].url) == ("inc000000001", "https://status.example.com/x")
    assert edge.to("POST", BASE) == []
    assert [dict(asked.query)["page"] for asked in edge.asked] == ["1", "2"]


async def test_a_repeat_publishes_when_nothing_of_ours_is_there(edge, site):
    edge.on("GET", UNRESOLVED, reply(200, [{"id": "b", "metadata": {}}]))
    await site.create_status(record(), owed("create_status", attempts=2, **DOWN))
    assert len(edge.to("POST", BASE)) == 1


@pytest.mark.parametrize(
    ("other", "taken"),
    [
        ({"created_at": (T0 - timedelta(minutes=5)).isoformat()}, ()),
        ({"created_at": None}, ()),
        ({}, ("inc000000001",)),
    ],
)
async def test_a_repeat_does_not_adopt_what_was_published_before_and_handed_over_since(edge, site, other, taken):
    edge.on("GET", UNRESOLVED, reply(200, [MADE | other]))
    repeat = replace(owed("create_status", attempts=2, **DOWN), taken=frozenset(taken))
    await site.create_status(record(), repeat)
    [asked] = edge.to("POST", BASE)
    assert asked.json["incident"]["body"] == "We look into it."


async def test_a_repeat_adopts_its_own_though_an_older_one_carries_our_key_too(edge, site):
    older = MADE | {"id": "older", "created_at": (T0 - timedelta(hours=1)).isoformat()}
    edge.on("GET", UNRESOLVED, reply(200, [older, MADE]))
    receipt = await site.create_status(record(), owed("create_status", attempts=2, **DOWN))
    assert (receipt.vendor_id, edge.to("POST", BASE)) == ("inc000000001", [])


async def test_a_first_attempt_does_not_spend_a_request_on_looking(edge, site):
    await site.create_status(record(), owed("create_status", **DOWN))
    await site.update_status(record(PUBLISHED), owed("update_status", **UP))
    assert [asked.method for asked in edge.asked] == ["POST", "PATCH"]


def told(after=timedelta(seconds=5), **changes):
    update = {"status": "resolved", "body": "All is well.\n", "created_at": (T0 + after).isoformat()}
    return reply(200, MADE | {"incident_updates": [{"status": "investigating", "body": "x"}, update | changes]})


async def test_a_repeat_does_not_tell_subscribers_the_same_twice(edge, site):
    edge.on("GET", ONE, told())
    assert (await site.update_status(record(PUBLISHED), owed("update_status", attempts=2, **UP))).result == "published"
    assert edge.to("PATCH", ONE) == []


@pytest.mark.parametrize(
    "other",
    [
        told(body="Something else"),
        told(status="monitoring"),
        told(after=timedelta(minutes=-5)),
        told(created_at=None),
        told(created_at="2026-11-20T03:04:05"),
    ],
)
async def test_a_repeat_tells_what_was_not_told_since_the_first_attempt(edge, site, other):
    edge.on("GET", ONE, other)
    await site.update_status(record(PUBLISHED), owed("update_status", attempts=2, **UP))
    assert len(edge.to("PATCH", ONE)) == 1


async def test_an_update_without_an_incident_is_refused_in_words(site):
    with pytest.raises(Permanent, match="no incident on the status page"):
        await site.update_status(record(), owed("update_status", **UP))


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "check STATUSPAGE_API_KEY"),
        (404, "check STATUSPAGE_PAGE_ID"),
        (422, "check the component ids in config.yaml"),
    ],
)
async def test_a_refusal_says_what_to_check(edge, site, status, advice):
    edge.on("POST", BASE, reply(status, {"error": ["component sp_key not found"]}))
    with pytest.raises(Permanent, match=rf"\({status}: component \[secret\] not found\): {advice}"):
        await site.create_status(record(), owed("create_status", **DOWN))


@pytest.mark.parametrize("limit", [420, 429])
async def test_both_of_statuspages_limits_make_everybody_wait(edge, site, limit):
    edge.on("PATCH", ONE, reply(limit, {"error": "slow"}, Retry_After="60"))
    with pytest.raises(Temporary) as caught:
        await site.update_status(record(PUBLISHED), owed("update_status", **UP))
    assert (caught.value.retry_after, caught.value.pause) == (60.0, True)


async def test_trouble_is_temporary_and_a_repeat_that_cannot_look_publishes_nothing(edge, site):
    for trouble in (reply(500, b"<html>"), reset, reply(200, b"<html>"), reply(200, {"not": "a list"})):
        edge.on("GET", UNRESOLVED, trouble)
        with pytest.raises(Temporary):
            await site.create_status(record(), owed("create_status", attempts=2, **DOWN))
    assert edge.to("POST", BASE) == []


async def test_a_hanging_page_is_left_when_time_is_up(edge, site):
    edge.on("POST", BASE, edge.hang)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await site.create_status(record(), owed("create_status", **DOWN))


async def test_the_key_is_proved_by_reading_the_page(edge, site):
    edge.on("GET", "/v1/pages/0123456789ab", reply(200, {"id": "0123456789ab"}), reply(404, {"error": "Not found"}))
    await site.prove()
    assert [(asked.method, asked.path) for asked in edge.asked] == [("GET", "/v1/pages/0123456789ab")]
    with pytest.raises(Permanent, match="check STATUSPAGE_PAGE_ID"):
        await site.prove()


async def test_what_is_only_shown_is_written_to_nobody_and_needs_no_look(edge, site):
    edge.on("PATCH", ONE, reply(200, {"id": "inc1"}))
    quiet = DOWN | {"name": "API: degraded", "components": {API: "degraded_performance"}, "quiet": True}
    for attempts in (1, 2):
        await site.update_status(record(PUBLISHED), owed("update_status", attempts=attempts, **quiet))
    shown = {"component_ids": [API], "components": {API: "degraded_performance"}, "deliver_notifications": False}
    assert [(asked.method, asked.json["incident"]) for asked in edge.asked] == [
        ("PATCH", {"name": "API: degraded", **shown})
    ] * 2
