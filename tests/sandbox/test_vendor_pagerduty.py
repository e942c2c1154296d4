"""PagerDuty's stand-in refuses, joins, drops and calls back as PagerDuty does."""

import json

import pytest

from sandbox.vendors import signatures
from sandbox.vendors.pagerduty import PagerDuty
from sandbox.vendors.pagerduty_account import INTEGRATION_KEY, OTHER_INTEGRATION_KEY
from sandbox.vendors.pagerduty_webhooks import WEBHOOK_SECRET
from tests.sandbox.vendor_world import standing


@pytest.fixture
async def world():
    async with standing(PagerDuty) as world:
        yield world


def event(action="trigger", key="inc-1", routing_key=INTEGRATION_KEY, **more):
    body = {"routing_key": routing_key, "event_action": action, "dedup_key": key, **more}
    if action == "trigger" and "payload" not in more:
        body["payload"] = {"summary": "SEV-1: db down", "source": "muster", "severity": "critical"}
    return body


def payload(**changes):
    return {"summary": "db down", "source": "muster", "severity": "critical"} | changes


async def send(world, body, status=202):
    return await world.ask("POST", "/v2/enqueue", status, json=body)


def alerts(world):
    return world.vendor.state()["alerts"]


def effects(world):
    return [event["effect"] for event in world.vendor.state()["events"]]


async def test_a_trigger_opens_an_alert_and_answers_with_its_key(world):
    answer = await send(world, event())

    assert answer == {"status": "success", "message": "Event processed", "dedup_key": "inc-1"}
    assert [(alert["dedup_key"], alert["status"], alert["number"]) for alert in alerts(world)] == [
        ("inc-1", "triggered", 1)
    ]


async def test_a_trigger_without_a_key_is_given_one(world):
    answer = await send(world, {name: value for name, value in event().items() if name != "dedup_key"})

    assert answer["dedup_key"] == alerts(world)[0]["dedup_key"] != ""


async def test_a_second_trigger_with_the_key_of_an_open_alert_joins_it(world):
    await send(world, event())
    await send(world, event("acknowledge"))
    await send(world, event())

    [alert] = alerts(world)
    assert (alert["triggers"], alert["status"]) == (2, "acknowledged")
    assert effects(world) == ["triggered", "acknowledged", "joined"]


async def test_after_a_resolve_the_same_key_opens_a_new_alert(world):
    for action in ("trigger", "resolve", "trigger"):
        await send(world, event(action))

    assert [(alert["number"], alert["status"]) for alert in alerts(world)] == [(1, "resolved"), (2, "triggered")]


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
async def test_answering_what_is_not_open_is_dropped_with_202(world, action):
    assert (await send(world, event(action)))["status"] == "success"

    assert effects(world) == ["dropped"]
    assert alerts(world) == []


async def test_another_integration_key_has_its_own_alerts(world):
    await send(world, event())
    await send(world, event("acknowledge", routing_key=OTHER_INTEGRATION_KEY))

    assert alerts(world)[0]["status"] == "triggered"
    assert effects(world) == ["triggered", "dropped"]


async def test_a_repeated_acknowledgement_changes_nothing(world):
    for action in ("trigger", "acknowledge", "acknowledge"):
        await send(world, event(action))

    assert [entry["what"] for entry in alerts(world)[0]["history"]] == ["triggered", "acknowledged"]


async def test_the_history_says_who_and_when(world):
    await send(world, event())
    world.clock.move(minutes=2)
    await world.vendor.actions["acknowledge"](by="Ben")

    assert alerts(world)[0]["history"] == [
        {"at": "2026-10-05T03:00:00.000Z", "what": "triggered", "by": "Events API"},
        {"at": "2026-10-05T03:02:00.000Z", "what": "acknowledged", "by": "Ben"},
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"event_action": "trigger", "payload": payload()}, "routing_key"),
        (event(routing_key="short"), "32 characters"),
        (event(routing_key="0" * 32), "Invalid routing key"),
        (event("explode"), "event_action"),
        (event("acknowledge", key=""), "dedup_key"),
        (event("resolve", key=""), "dedup_key"),
        (event(key="k" * 256), "dedup_key"),
        (event(payload=None), "payload"),
        (event(payload={}), "payload.summary"),
        (event(payload=payload(summary="")), "payload.summary"),
        (event(payload=payload(summary="x" * 1025)), "1024"),
        (event(payload=payload(source="")), "payload.source"),
        (event(payload=payload(severity="SEV-1")), "payload.severity"),
        (event(payload=payload(custom_details="text")), "custom_details"),
        (event(payload=payload(timestamp="yesterday")), "timestamp"),
        (event(links=[{"text": "no address"}]), "links"),
        (event(images=[{"src": "http://127.0.0.1/x.png"}]), "images"),
    ],
)
async def test_an_invalid_event_is_refused_with_the_reason(world, body, reason):
    answer = await send(world, body, status=400)

    assert answer["status"] == "invalid event"
    assert reason in " ".join(answer["errors"])
    assert alerts(world) == []


async def test_what_is_not_json_is_refused(world):
    answer = await world.ask("POST", "/v2/enqueue", 400, data=b"{not json")

    assert answer["errors"] == ["JSON parse error"]


async def test_an_event_over_512_kb_is_refused(world):
    answer = await send(world, event(payload=payload(custom_details={"log": "x" * 513 * 1024})), status=400)

    assert "524288" in answer["errors"][0]


async def test_fields_that_pagerduty_ignores_are_complained_of(world):
    await send(world, event(priority="urgent"))
    await send(world, event(payload=payload(colour="red")))
    await send(world, event("acknowledge", client="muster"))

    complaints, world.vendor.complaints[:] = list(world.vendor.complaints), []
    assert [complaint.split("'")[1] for complaint in complaints] == ["priority", "colour", "client"]


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
async def test_a_person_who_answers_calls_the_bot_back_with_a_signed_webhook(world, action):
    await send(world, event(key="muster-1a2b3c4d-42"))
    answer = await world.vendor.actions[action](dedup_key="muster-1a2b3c4d-42", by="Ben")

    [delivery] = world.bot.got
    body = json.loads(delivery.body)["event"]
    assert answer["webhook"]["status"] == 200
    assert delivery.url == "http://127.0.0.1:8080/callbacks/pagerduty/webhook"
    assert delivery.headers["X-PagerDuty-Signature"] == signatures.pagerduty(WEBHOOK_SECRET, delivery.body)
    assert body["event_type"] == f"incident.{alerts(world)[0]['status']}"
    assert body["data"]["incident_key"] == "muster-1a2b3c4d-42"
    assert body["agent"]["summary"] == "Ben"


async def test_a_redelivered_webhook_is_the_same_to_the_byte(world):
    await send(world, event())
    await world.vendor.actions["acknowledge"]()
    await world.vendor.actions["redeliver"]()

    first, second = world.bot.got
    assert (first.body, first.headers) == (second.body, second.headers)


async def test_two_webhooks_have_two_ids(world):
    await send(world, event())
    await world.vendor.actions["acknowledge"](number=1)
    await world.vendor.actions["resolve"](number="1")

    first, second = world.bot.got
    assert first.headers["X-Webhook-Id"] != second.headers["X-Webhook-Id"]


async def test_what_a_person_does_happens_even_while_the_bot_is_down(world):
    await send(world, event())
    world.bot.down = True
    answer = await world.vendor.actions["acknowledge"]()

    assert answer["webhook"]["status"] == 0
    assert alerts(world)[0]["status"] == "acknowledged"


async def test_nobody_can_acknowledge_twice_or_what_does_not_exist(world):
    assert (await world.vendor.actions["acknowledge"]())["ok"] is False
    assert (await world.vendor.actions["redeliver"]())["ok"] is False
    await send(world, event("trigger"))
    await send(world, event("acknowledge"))

    assert (await world.vendor.actions["acknowledge"](number=1))["ok"] is False
    assert (await world.vendor.actions["resolve"](number=2))["ok"] is False
    assert world.bot.got == []


async def test_another_path_is_not_found(world):
    assert (await world.ask("POST", "/v2/change", 404))["status"] == "not found"


@pytest.mark.parametrize(("kind", "status"), [("ratelimit", 429), ("refuse_token", 400), ("error", 500)])
async def test_a_refusal_has_pagerdutys_own_shape(world, kind, status):
    response = world.vendor.refusal(kind, 7)

    assert response.status == status
    assert set(json.loads(response.body)) >= {"status", "message"}
    assert response.headers.get("Retry-After") == ("7" if kind == "ratelimit" else None)


async def test_the_environment_points_a_bot_at_the_stand_in(world):
    environment = world.vendor.environment("http://127.0.0.1:8400")
    rest = {"PAGERDUTY_API_KEY", "PAGERDUTY_API_URL", "PAGERDUTY_FROM_EMAIL"}
    world.vendor.rest = False

    assert world.vendor.environment("http://127.0.0.1:8400") == {
        "PAGERDUTY_INTEGRATION_KEY": INTEGRATION_KEY,
        "PAGERDUTY_EVENTS_URL": "http://127.0.0.1:8400/pagerduty",
        "PAGERDUTY_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }
    assert environment.keys() - world.vendor.environment("http://127.0.0.1:8400").keys() == rest
    assert len(INTEGRATION_KEY) == 32
