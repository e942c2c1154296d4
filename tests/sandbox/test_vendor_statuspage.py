"""Statuspage's stand-in: incidents with every update, components, and the two enums that must not be mixed."""

import json

import pytest

from sandbox.vendors.statuspage import API_KEY, COMPONENTS, PAGE_ID, Statuspage
from tests.sandbox.vendor_world import complaints, standing

PAGE = f"/v1/pages/{PAGE_ID}"
API, DATABASE = COMPONENTS["api"], COMPONENTS["database"]


@pytest.fixture
async def world():
    async with standing(Statuspage) as world:
        yield world


async def ask(world, method, path, status=200, key=f"OAuth {API_KEY}", **more):
    headers = {"Authorization": key} if key else {}
    return await world.ask(method, path, status, headers=headers, **more)


async def create(world, answers=201, **fields):
    return await ask(world, "POST", f"{PAGE}/incidents", answers, json={"incident": {"name": "API errors"} | fields})


async def update(world, incident, answers=200, method="PATCH", **fields):
    return await ask(world, method, f"{PAGE}/incidents/{incident['id']}", answers, json={"incident": fields})


async def component(world, identifier):
    return await ask(world, "GET", f"{PAGE}/components/{identifier}")


async def test_an_incident_begins_investigating_with_its_first_update(world):
    incident = await create(world, body="We are looking.")

    assert incident["status"] == "investigating"
    assert [(each["status"], each["body"]) for each in incident["incident_updates"]] == [
        ("investigating", "We are looking.")
    ]
    assert incident["shortlink"].startswith("http://127.0.0.1:")
    assert await ask(world, "GET", f"{PAGE}/incidents/{incident['id']}") == incident


async def test_an_update_joins_the_incident_and_keeps_what_was_said_before(world):
    incident = await create(world, body="We are looking.")
    world.clock.move(minutes=5)
    changed = await update(world, incident, status="identified", body="Found it.")

    assert [each["body"] for each in changed["incident_updates"]] == ["Found it.", "We are looking."]
    assert changed["updated_at"] == "2026-10-05T03:05:00.000Z"
    assert len(world.vendor.state()["incidents"]) == 1


async def test_a_second_create_is_a_second_incident(world):
    await create(world)
    await create(world)

    assert len(await ask(world, "GET", f"{PAGE}/incidents")) == 2


async def test_resolved_at_and_monitoring_at_follow_the_status(world):
    incident = await create(world)
    watched = await update(world, incident, status="monitoring")
    resolved = await update(world, incident, status="resolved")
    reopened = await update(world, incident, status="investigating", method="PUT")

    assert watched["monitoring_at"] == resolved["resolved_at"] == "2026-10-05T03:00:00.000Z"
    assert reopened["resolved_at"] is None


async def test_a_patch_that_says_nothing_new_writes_no_update(world):
    incident = await create(world, body="a")
    changed = await update(world, incident, name="API is slow", status="investigating")

    assert (changed["name"], len(changed["incident_updates"])) == ("API is slow", 1)


async def test_components_change_with_the_incident_and_give_its_impact(world):
    incident = await create(world, component_ids=[API], components={API: "partial_outage"})

    assert (await component(world, API))["status"] == "partial_outage"
    assert incident["impact"] == "major"
    assert [each["id"] for each in incident["components"]] == [API]
    assert incident["incident_updates"][0]["affected_components"] == [
        {"code": API, "name": "API", "old_status": "operational", "new_status": "partial_outage"}
    ]


async def test_naming_a_component_alone_leaves_its_status(world):
    incident = await create(world, component_ids=[DATABASE])

    assert (await component(world, DATABASE))["status"] == "operational"
    assert incident["impact"] == "none"


async def test_component_ids_replace_the_list_and_a_status_adds_to_it(world):
    incident = await create(world, component_ids=[API])
    moved = await update(world, incident, component_ids=[DATABASE])
    joined = await update(world, incident, components={API: "partial_outage"})

    assert [each["id"] for each in moved["components"]] == [DATABASE]
    assert [each["id"] for each in joined["components"]] == [DATABASE, API]


async def test_resolving_leaves_components_as_they_were_unless_told(world):
    incident = await create(world, components={API: "major_outage", DATABASE: "degraded_performance"})
    await update(world, incident, status="resolved", components={API: "operational"})

    assert (await component(world, API))["status"] == "operational"
    assert (await component(world, DATABASE))["status"] == "degraded_performance"


async def test_an_impact_can_be_overridden(world):
    assert (await create(world, impact_override="critical"))["impact"] == "critical"


async def test_only_what_is_not_resolved_is_unresolved(world):
    first, second = await create(world), await create(world, name="Login")
    await update(world, first, status="resolved")

    assert [each["id"] for each in await ask(world, "GET", f"{PAGE}/incidents/unresolved")] == [second["id"]]
    assert [each["id"] for each in await ask(world, "GET", f"{PAGE}/incidents")] == [second["id"], first["id"]]


async def test_incidents_can_be_searched_and_come_in_pages(world):
    for name in ("Login", "API", "API again"):
        await create(world, name=name)

    found = await ask(world, "GET", f"{PAGE}/incidents", params={"q": "api"})
    paged = await ask(world, "GET", f"{PAGE}/incidents", params={"limit": "2", "page": "2"})
    assert [each["name"] for each in found] == ["API again", "API"]
    assert [each["name"] for each in paged] == ["Login"]
    await ask(world, "GET", f"{PAGE}/incidents", 400, params={"limit": "all"})


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"name": ""}, "blank"),
        ({"name": None}, "blank"),
        ({"name": "x" * 256}, "255"),
        ({"body": "x" * 25_001}, "25000"),
        ({"status": "operational"}, "incident status"),
        ({"status": "major_outage"}, "incident status"),
        ({"status": "scheduled"}, "incident status"),
        ({"impact_override": "major_outage"}, "Impact override"),
        ({"components": {API: "investigating"}}, "component status"),
        ({"components": {"nosuchcompon": "operational"}}, "does not exist"),
        ({"component_ids": ["nosuchcompon"]}, "does not exist"),
        ({"component_ids": API}, "not a list"),
        ({"backfilled": True, "component_ids": [API]}, "backfilled"),
        ({"metadata": {"muster": "42"}}, "objects"),
    ],
)
async def test_a_wrong_incident_is_refused_with_422_at_create_and_at_update(world, fields, word):
    error = await create(world, 422, **fields)
    assert word in " ".join(error["error"])
    assert world.vendor.state()["incidents"] == []

    incident = await create(world)
    assert word in " ".join((await update(world, incident, 422, **fields))["error"])


async def test_an_incident_needs_a_name(world):
    assert await ask(world, "POST", f"{PAGE}/incidents", 422, json={"incident": {}}) == {
        "error": ["Name can't be blank"]
    }


@pytest.mark.parametrize("body", [b"{not json", b"[]", b'{"name": "without its wrapper"}', b'{"incident": "db"}'])
async def test_a_body_without_an_incident_is_refused(world, body):
    assert "error" in await ask(world, "POST", f"{PAGE}/incidents", 400, data=body)


async def test_fields_that_statuspage_does_not_know_are_complained_of(world):
    incident = await create(world, component_statuses={API: "major_outage"})
    await update(world, incident, message="text")
    await ask(world, "PATCH", f"{PAGE}/components/{API}", json={"component": {"state": "major_outage"}})

    assert [complaint.split("'")[1] for complaint in complaints(world)] == ["component_statuses", "message", "state"]
    assert (await component(world, API))["status"] == "operational"


async def test_metadata_is_kept(world):
    incident = await create(world, metadata={"muster": {"key": "muster-1a2b3c4d-1"}})

    [found] = await ask(world, "GET", f"{PAGE}/incidents/unresolved")
    assert found["metadata"] == incident["metadata"] == {"muster": {"key": "muster-1a2b3c4d-1"}}


async def test_an_update_says_whether_subscribers_were_told(world):
    incident = await create(world, deliver_notifications=False)
    changed = await update(world, incident, body="b")

    assert [each["deliver_notifications"] for each in changed["incident_updates"]] == [True, False]


async def test_a_scheduled_incident_is_not_among_the_unresolved(world):
    incident = await create(world, scheduled_for="2026-10-06T03:00:00Z")

    assert incident["status"] == "scheduled"
    assert await ask(world, "GET", f"{PAGE}/incidents/unresolved") == []
    assert (await update(world, incident, status="in_progress"))["status"] == "in_progress"


async def test_there_are_four_components_with_twelve_character_ids(world):
    found = await ask(world, "GET", f"{PAGE}/components")

    assert {each["name"]: each["id"] for each in found} == {
        "API": COMPONENTS["api"],
        "Web app": COMPONENTS["web app"],
        "Database": COMPONENTS["database"],
        "Payments": COMPONENTS["payments"],
    }
    assert all(len(each["id"]) == 12 and each["id"].isalnum() and each["id"].islower() for each in found)


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_a_component_can_be_set_alone(world, method):
    body = {"component": {"status": "degraded_performance"}}
    changed = await ask(world, method, f"{PAGE}/components/{API}", json=body)

    assert changed["status"] == "degraded_performance"
    assert await component(world, API) == changed


@pytest.mark.parametrize("fields", [{"status": "resolved"}, {"name": ""}])
async def test_a_wrong_component_is_refused(world, fields):
    await ask(world, "PATCH", f"{PAGE}/components/{API}", 422, json={"component": fields})

    assert (await component(world, API))["status"] == "operational"


@pytest.mark.parametrize("key", [None, "OAuth wrong", API_KEY, f"Bearer {API_KEY}"])
async def test_a_wrong_key_is_401(world, key):
    assert await ask(world, "GET", PAGE, 401, key=key) == {"error": "Could not authenticate"}


async def test_the_key_may_stand_in_the_query(world):
    assert (await ask(world, "GET", PAGE, key=None, params={"api_key": API_KEY}))["id"] == PAGE_ID


@pytest.mark.parametrize(
    "path",
    ["/v1/pages/anotherpage1/incidents", f"{PAGE}/incidents/nosuch", f"{PAGE}/components/nosuch", f"{PAGE}/metrics"],
)
async def test_what_does_not_exist_is_404(world, path):
    assert await ask(world, "GET", path, 404) == {"error": "Not found"}


@pytest.mark.parametrize(("kind", "status"), [("ratelimit", 429), ("refuse_token", 401), ("error", 500)])
async def test_a_refusal_has_statuspages_own_shape(world, kind, status):
    response = world.vendor.refusal(kind, 7)

    assert response.status == status
    assert "error" in json.loads(response.body)
    assert response.headers.get("Retry-After") == ("7" if kind == "ratelimit" else None)


async def test_who_subscribes_is_told_of_each_update_that_notifies(world):
    assert (await world.vendor.actions["subscribe"]("customer@example.com"))["ok"]
    assert (await world.vendor.actions["subscribe"]("customer@example.com"))["ok"] is False
    incident = await create(world, body="We are looking.")
    await update(world, incident, body="Still looking.", deliver_notifications=False)

    texts = [line["text"] for line in world.vendor.story()[0]["lines"]]
    assert texts == ["Investigating. We are looking. (sent to 1 who subscribed)", "Investigating. Still looking."]


async def test_somebody_resolves_an_incident_by_hand(world):
    first, second = await create(world), await create(world)
    assert (await world.vendor.actions["resolve"](incident=first["id"], body="All well."))["ok"]
    assert (await world.vendor.actions["resolve"](incident=first["id"]))["ok"] is False
    assert world.vendor.story()[0]["actions"][0]["given"] == {"incident": second["id"]}
    assert (await world.vendor.actions["resolve"]())["incident"]["id"] == second["id"]

    told = await ask(world, "GET", f"{PAGE}/incidents/{first['id']}")
    assert (told["status"], told["incident_updates"][0]["body"]) == ("resolved", "All well.")
    assert [item["actions"] for item in world.vendor.story()] == [[], []]
