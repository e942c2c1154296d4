"""Opsgenie's stand-in accepts everything, tells later what became of it, and calls back when people act."""

import json

import pytest

from sandbox.vendors.opsgenie import API_KEY, READ_ONLY_KEY, Opsgenie
from sandbox.vendors.opsgenie_app import WEBHOOK_SECRET
from tests.sandbox.vendor_world import standing

LOGIN = {"Authorization": f"GenieKey {API_KEY}"}
ALIAS = {"identifierType": "alias"}


@pytest.fixture
async def world():
    async with standing(Opsgenie) as world:
        yield world


async def get(world, path, status=200, **params):
    return await world.ask("GET", f"/v2{path}", status, headers=LOGIN, params=params)


async def post(world, path, status=202, params=None, **given):
    return await world.ask("POST", f"/v2{path}", status, headers=LOGIN, params=params, json=given)


async def create(world, alias="inc-1", status=202, **given):
    return await post(world, "/alerts", status, **({"message": "SEV-1: db down", "alias": alias} | given))


async def outcome(world, accepted):
    """What became of a request, asked for a second time."""
    await get(world, f"/alerts/requests/{accepted['requestId']}", 404)
    return (await get(world, f"/alerts/requests/{accepted['requestId']}"))["data"]


async def alert(world, alias="inc-1"):
    return (await get(world, f"/alerts/{alias}", **ALIAS))["data"]


async def test_what_became_of_a_request_is_not_known_at_once(world):
    accepted = await create(world)
    assert accepted["result"] == "Request will be processed"
    done = await outcome(world, accepted)

    assert (done["isSuccess"], done["success"], done["status"], done["alias"]) == (True, True, "Created alert", "inc-1")
    assert (await get(world, f"/alerts/{done['alertId']}"))["data"]["message"] == "SEV-1: db down"
    await get(world, "/alerts/requests/5a4db0c5", 404)


async def test_the_alias_of_an_open_alert_joins_it_and_that_of_a_closed_one_does_not(world):
    for _ in range(2):
        await create(world)
    assert (await alert(world))["count"] == 2
    await post(world, "/alerts/inc-1/close", params=ALIAS)
    await create(world)

    assert [(each["tinyId"], each["status"], each["count"]) for each in world.vendor.account.alerts] == [
        ("1", "closed", 2), ("2", "open", 1),
    ]  # fmt: skip


async def test_an_alert_is_acknowledged_given_back_snoozed_noted_and_closed(world):
    await create(world)
    await post(world, "/alerts/inc-1/acknowledge", params=ALIAS, user="ben@example.com", note="On it")
    told = await alert(world)
    assert (told["acknowledged"], told["report"]["acknowledgedBy"], told["owner"]) == (
        True, "ben@example.com", "ben@example.com",
    )  # fmt: skip
    await post(world, "/alerts/1/unacknowledge", params={"identifierType": "tiny"})
    assert (await alert(world))["acknowledged"] is False
    await post(world, f"/alerts/{told['id']}/snooze", endTime="2026-10-05T04:00:00Z")
    assert (await alert(world))["snoozedUntil"] == "2026-10-05T04:00:00.000Z"
    await post(world, "/alerts/inc-1/notes", params=ALIAS, note="Restarting", user="Ben")
    await post(world, "/alerts/inc-1/close", params=ALIAS)

    assert (await alert(world))["status"] == "closed"
    notes = (await get(world, "/alerts/inc-1/notes", **ALIAS))["data"]
    assert [note["note"] for note in notes] == ["Restarting", "On it"]


@pytest.mark.parametrize("action", ["acknowledge", "close", "unacknowledge"])
async def test_what_cannot_be_done_is_accepted_and_told_by_the_status_alone(world, action):
    missing = await outcome(world, await post(world, f"/alerts/nothing/{action}", params=ALIAS))
    assert (missing["isSuccess"], missing["status"], missing["alertId"]) == (False, "Alert does not exist", "")
    await create(world)
    await post(world, "/alerts/inc-1/close", params=ALIAS)
    closed = await outcome(world, await post(world, f"/alerts/inc-1/{action}", params=ALIAS))
    assert (closed["isSuccess"], closed["status"]) == (False, "Alert is closed")


async def test_an_unknown_responder_makes_no_alert_and_only_the_status_says_so(world):
    known = [{"type": "team", "name": "Engineering"}, {"type": "user", "username": "ana@example.com"}]
    assert (await outcome(world, await create(world, responders=known)))["isSuccess"]
    failed = await outcome(world, await create(world, "inc-2", responders=[{"type": "team", "name": "Nobody"}]))

    assert (failed["isSuccess"], failed["status"]) == (False, "No responder is known as Nobody")
    await get(world, "/alerts/inc-2", 404, **ALIAS)
    assert {each["title"] for each in world.vendor.story()} == {"Create came to nothing", "#1 P3 SEV-1: db down"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"message": ""}, "message"), ({"message": "x" * 131}, "message"), ({"alias": "x" * 513}, "alias"),
        ({"description": "x" * 15_001}, "description"), ({"entity": "x" * 513}, "entity"),
        ({"source": "x" * 101}, "source"), ({"user": "x" * 101}, "user"), ({"note": "x" * 25_001}, "note"),
        ({"priority": "P0"}, "priority"), ({"tags": ["x"] * 21}, "tags"), ({"tags": ["x" * 51]}, "tags"),
        ({"tags": "x"}, "tags"), ({"actions": ["x"] * 11}, "actions"), ({"details": {"x": 1}}, "details"),
        ({"details": {"x": "y" * 8_000}}, "details"), ({"responders": [{"type": "robot", "id": "1"}]}, "responders"),
        ({"responders": [{"type": "user"}]}, "responders"),
    ],
)  # fmt: skip
async def test_what_is_too_long_or_malformed_is_refused_with_422(world, given, field):
    assert list((await create(world, status=422, **({"alias": "inc-1"} | given)))["errors"]) == [field]
    assert world.vendor.account.alerts == []


async def test_what_is_no_json_is_refused_with_400(world):
    await world.ask("POST", "/v2/alerts", 400, headers=LOGIN, data=b"{not json")
    await create(world)
    await post(world, "/alerts/inc-1/snooze", 422, params=ALIAS, endTime="2026-10-05T02:00:00Z")
    await post(world, "/alerts/inc-1/notes", 422, params=ALIAS)
    await post(world, "/alerts/inc-1/close", 422, params={"identifierType": "name"})


async def test_alerts_are_searched_and_paged(world):
    for number in range(1, 4):
        await create(world, f"inc-{number}", tags=["sev-1"] if number == 1 else [])
    await post(world, "/alerts/inc-3/acknowledge", params=ALIAS)

    async def found(query, **more):
        return [each["alias"] for each in (await get(world, "/alerts", query=query, **more))["data"]]

    assert await found("status:open AND acknowledged: false", order="asc") == ["inc-1", "inc-2"]
    assert await found('alias:"inc-2"') == ["inc-2"]
    assert await found("alias: inc-* AND tag:sev-1") == ["inc-1"]
    assert await found("createdAt > 0 AND message: DB", limit=2, sort="tinyId") == ["inc-3", "inc-2"]
    assert (await get(world, "/alerts/count", query="status:open"))["data"] == {"count": 3}
    assert "next" in (await get(world, "/alerts", limit=2))["paging"]
    await get(world, "/alerts", 422, query="status:open OR x")
    await get(world, "/alerts", 422, limit=101)


async def test_who_is_on_call_now_and_next(world):
    by_name = {"scheduleIdentifierType": "name"}
    flat = (await get(world, "/schedules/Primary/on-calls", flat="true", **by_name))["data"]
    assert (flat["onCallRecipients"], flat["_parent"]["name"]) == (["ana@example.com"], "Primary")
    whole = (await get(world, "/schedules/Primary/on-calls", **by_name))["data"]["onCallParticipants"]
    assert [(each["name"], each["type"]) for each in whole] == [("ana@example.com", "user")]
    following = (await get(world, "/schedules/Primary/next-on-calls", flat="true", **by_name))["data"]
    assert following["nextOnCallParticipants"] == ["ben@example.com"]
    later = await get(world, "/schedules/Primary/on-calls", flat="true", date="2026-10-05T09:00:00Z", **by_name)
    assert later["data"]["onCallRecipients"] == ["ben@example.com"]
    schedules = {each["name"]: each["id"] for each in (await get(world, "/schedules"))["data"]}
    await get(world, f"/schedules/{schedules['Secondary']}/on-calls")
    assert len((await get(world, "/schedules/on-calls"))["data"]) == 2
    await get(world, "/schedules/Tertiary/on-calls", 404, **by_name)


async def test_nobody_may_be_on_call(world):
    await world.vendor.actions["put_on_call"](who=["chris"])
    path, flat = "/schedules/Primary/on-calls", {"scheduleIdentifierType": "name", "flat": "true"}
    assert (await get(world, path, **flat))["data"]["onCallRecipients"] == ["chris@example.com"]
    await world.vendor.actions["put_on_call"](who=[])
    assert (await get(world, path, **flat))["data"]["onCallRecipients"] == []
    following = await get(world, "/schedules/Primary/next-on-calls", **flat)
    assert following["data"]["nextOnCallParticipants"] == []


@pytest.mark.parametrize("key", [None, "GenieKey wrong", f"Basic {API_KEY}"])
async def test_a_wrong_key_is_refused(world, key):
    await world.ask("GET", "/v2/alerts", 401, headers={"Authorization": key} if key else {})


async def test_a_key_that_may_only_read_is_forbidden_the_rest(world):
    reader = {"Authorization": f"GenieKey {READ_ONLY_KEY}"}
    await world.ask("GET", "/v2/alerts", 200, headers=reader)

    assert (await world.ask("POST", "/v2/alerts", 403, headers=reader, json={"message": "x"}))["code"] == 40301


async def test_a_throttled_request_has_the_headers_of_throttling(world):
    headers = world.vendor.refusal("ratelimit", 30).headers

    assert headers["X-RateLimit-State"] == "THROTTLED"
    assert headers["X-RateLimit-Period-In-Sec"] == "30"
    assert "X-RateLimit-Period-In-Sec" not in world.vendor.refusal("ratelimit").headers


async def test_a_person_who_acts_calls_the_bot_back_with_the_shared_secret(world):
    await create(world, "muster-1a2b3c4d-42")
    for action, given in (("acknowledge", {"by": "Ben"}), ("add_note", {"text": "On it"}), ("close", {})):
        assert (await world.vendor.actions[action](alias="muster-1a2b3c4d-42", **given))["ok"]

    sent = [json.loads(delivery.body) for delivery in world.bot.got]
    assert [each["action"] for each in sent] == ["Acknowledge", "AddNote", "Close"]
    assert (sent[0]["alert"]["alias"], sent[0]["alert"]["username"]) == ("muster-1a2b3c4d-42", "ben@example.com")
    assert (sent[0]["alert"]["createdAt"], sent[1]["alert"]["note"]) == (1791169200000, "On it")
    assert world.bot.got[0].url == "http://127.0.0.1:8080/callbacks/opsgenie/webhook"
    assert world.bot.got[0].headers["Authorization"] == f"Bearer {WEBHOOK_SECRET}"
    assert (await world.vendor.actions["redeliver"]())["ok"]
    assert world.bot.got[-1] == world.bot.got[-2]


async def test_nobody_can_acknowledge_twice_or_what_does_not_exist(world):
    assert (await world.vendor.actions["acknowledge"]())["ok"] is False
    assert (await world.vendor.actions["redeliver"]())["ok"] is False
    await create(world)
    await world.vendor.actions["acknowledge"]()
    assert (await world.vendor.actions["acknowledge"](tiny=1))["ok"] is False
    assert (await world.vendor.actions["unacknowledge"](tiny="1"))["ok"]
    assert (await world.vendor.actions["close"](tiny=2))["ok"] is False


async def test_what_the_bot_did_comes_back_where_that_is_asked_for(world):
    world.vendor.echoes = True
    await create(world)
    await post(world, "/alerts/inc-1/acknowledge", params=ALIAS, user="Ana")
    await world.vendor.settled()

    sent = [json.loads(delivery.body) for delivery in world.bot.got]
    assert [(each["action"], each["source"]["type"]) for each in sent] == [("Create", "API"), ("Acknowledge", "API")]


async def test_what_opsgenie_ignores_is_complained_of(world):
    await create(world, severity="SEV-1")
    await get(world, "/alerts", q="status:open")

    complaints, world.vendor.complaints[:] = list(world.vendor.complaints), []
    assert [complaint.split("'")[1] for complaint in complaints] == ["severity", "q"]


async def test_the_story_tells_who_did_what(world):
    await create(world, priority="P1")
    await world.vendor.actions["acknowledge"](by="Ben")
    [item] = world.vendor.story()

    assert (item["title"], item["state"]) == ("#1 P1 SEV-1: db down", "acknowledged")
    assert [line["text"] for line in item["lines"]] == [
        "Alert created by Muster",
        "Alert acknowledged by ben@example.com",
        "Told the bot (Acknowledge): it answered 200",
    ]
    assert [action["label"] for action in item["actions"]] == ["Give it back", "Close", "Add a note"]
    assert world.vendor.environment("http://127.0.0.1:8400") == {
        "OPSGENIE_API_KEY": API_KEY,
        "OPSGENIE_API_URL": "http://127.0.0.1:8400/opsgenie",
        "OPSGENIE_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }
