"""PagerDuty's REST stand-in shares its alerts with the events, and minds who asks."""

import json

import pytest

from sandbox.vendors.pagerduty import PagerDuty
from sandbox.vendors.pagerduty_rest import API_KEY, MEDIA_TYPE
from tests.sandbox.vendor_world import standing, trigger

LOGIN = {"Authorization": f"Token token={API_KEY}", "Accept": MEDIA_TYPE}
ANA = LOGIN | {"From": "ana@example.com"}


@pytest.fixture
async def world():
    async with standing(PagerDuty) as world:
        yield world


async def get(world, path, status=200, **params):
    return await world.ask("GET", path, status, headers=LOGIN, params=params)


async def put(world, alert, status=200, headers=ANA, **given):
    body = {"incident": {"type": "incident_reference", **given}}
    return await world.ask("PUT", f"/incidents/{alert}", status, headers=headers, json=body)


async def found(world, **params):
    return [incident["incident_key"] for incident in (await get(world, "/incidents", **params))["incidents"]]


async def test_an_alert_of_the_events_api_is_found_by_its_key(world):
    await trigger(world, "inc-1")
    await trigger(world, "inc-2")
    [incident] = (await get(world, "/incidents", incident_key="inc-2"))["incidents"]

    assert (incident["incident_number"], incident["status"], incident["title"]) == (2, "triggered", "SEV-1: db down")
    assert incident["assignments"][0]["assignee"]["summary"] == "Ana"
    assert (await get(world, f"/incidents/{incident['id']}"))["incident"] == incident
    assert (await get(world, "/incidents/PNONE00", 404))["error"]["code"] == 2100


async def test_lists_filter_and_page(world):
    for number in range(1, 5):
        await trigger(world, f"inc-{number}")
    await trigger(world, "inc-1", "resolve")

    assert await found(world, **{"statuses[]": "resolved"}) == ["inc-1"]
    assert await found(world, **{"user_ids[]": "PUSERANA"}) == ["inc-2", "inc-3", "inc-4"]
    assert await found(world, **{"service_ids[]": "PSERVI2"}) == []
    assert await found(world, sort_by="created_at:desc", limit=1) == ["inc-4"]
    page = await get(world, "/incidents", limit=3, offset=3, total="true")
    assert (len(page["incidents"]), page["more"], page["total"]) == (1, False, 4)
    assert (await get(world, "/incidents", limit=3))["more"] is True
    await get(world, "/incidents", 400, offset=9_999)
    await get(world, "/incidents", 400, **{"statuses[]": "open"})


async def test_who_acknowledges_and_resolves_is_the_user_of_from(world):
    await trigger(world)
    acknowledged = (await change(world, "acknowledged"))["incident"]
    assert acknowledged["acknowledgements"][0]["acknowledger"]["summary"] == "Ana"
    resolved = (await change(world, "resolved", headers=LOGIN | {"From": "ben@example.com"}))["incident"]
    assert resolved["last_status_change_by"]["summary"] == "Ben"
    assert [each["by"] for each in world.vendor.state()["alerts"][0]["history"]] == ["Events API", "Ana", "Ben"]
    assert world.bot.got == []


async def change(world, status, expected=200, headers=ANA, **more):
    body = {"incident": {"type": "incident_reference", "status": status, **more}}
    return await world.ask("PUT", "/incidents/P000001", expected, headers=headers, json=body)


async def test_what_is_done_already_has_its_own_code(world):
    await trigger(world)
    await change(world, "acknowledged")
    assert (await change(world, "acknowledged", 400))["error"]["code"] == 1002
    await change(world, "resolved", resolution="restarted")
    assert (await change(world, "resolved", 400))["error"]["code"] == 1001
    assert (await change(world, "acknowledged", 400))["error"]["code"] == 1001

    notes = await get(world, "/incidents/P000001/notes")
    assert [note["content"] for note in notes["notes"]] == ["Resolution Note: restarted"]
    await trigger(world)
    assert world.vendor.state()["alerts"][1]["status"] == "triggered"


@pytest.mark.parametrize(("address", "code"), [(None, 2001), ("nobody@example.com", 1008)])
async def test_nothing_is_written_without_a_known_user(world, address, code):
    await trigger(world)
    headers = LOGIN | ({"From": address} if address else {})

    assert (await change(world, "acknowledged", 400, headers))["error"]["code"] == code
    note = {"note": {"content": "x"}}
    await world.ask("POST", "/incidents/P000001/notes", 400, headers=headers, json=note)
    assert world.vendor.state()["alerts"][0]["status"] == "triggered"


async def test_an_incident_is_reassigned_or_escalated(world):
    await trigger(world)
    chris = [{"assignee": {"id": "PUSERCHRIS", "type": "user_reference"}}]
    told = (await put(world, "P000001", assignments=chris))["incident"]
    assert [each["assignee"]["summary"] for each in told["assignments"]] == ["Chris"]
    told = (await put(world, "P000001", escalation_level=2))["incident"]
    assert [each["assignee"]["summary"] for each in told["assignments"]] == ["Ben"]
    await put(world, "P000001", 400, escalation_level=9)
    await put(world, "P000001", 400, assignments=[{"assignee": {"id": "PNOBODY"}}])


async def test_an_incident_can_be_made_and_its_open_key_only_once(world):
    service = {"id": "PSERVIC", "type": "service_reference"}
    body = {"incident": {"type": "incident", "title": "db down", "service": service, "incident_key": "inc-1"}}
    made = await world.ask("POST", "/incidents", 201, headers=ANA, json=body)
    await world.ask("POST", "/incidents", 400, headers=ANA, json=body)
    await trigger(world, "inc-1", "acknowledge")

    assert (await get(world, f"/incidents/{made['incident']['id']}"))["incident"]["status"] == "acknowledged"


async def test_a_note_has_its_author(world):
    await trigger(world)
    body = {"note": {"content": "Looking"}}
    note = (await world.ask("POST", "/incidents/P000001/notes", 200, headers=ANA, json=body))["note"]

    assert (note["content"], note["user"]["summary"]) == ("Looking", "Ana")
    await world.ask("POST", "/incidents/P000001/notes", 400, headers=ANA, json={"note": {"content": ""}})


async def on_call(world, **params):
    entries = (await get(world, "/oncalls", **params))["oncalls"]
    return [(each["escalation_level"], each["user"]["summary"], each["start"]) for each in entries]


async def test_on_call_means_now_and_somebody_may_be_on_call_for_ever(world):
    policy = {"escalation_policy_ids[]": "PPOLICY"}
    assert await on_call(world, **policy) == [
        (1, "Ana", "2026-09-28T09:00:00Z"),
        (2, "Ben", "2026-09-28T09:00:00Z"),
        (3, "Chris", None),
    ]
    world.clock.move(hours=6)  # Monday 09:00: the hand-over
    assert (await on_call(world, **policy))[0] == (1, "Ben", "2026-10-05T09:00:00Z")
    assert await on_call(world, **{"schedule_ids[]": "PSCHED2"}) == [(2, "Chris", "2026-10-05T09:00:00Z")]
    assert {who for _level, who, _start in await on_call(world, **{"schedule_ids[]": "null"})} == {"Chris", "Ben"}


async def test_on_call_over_a_time_holds_each_shift_and_the_earliest_only_if_asked(world):
    span = {"since": "2026-10-05T03:00:00Z", "until": "2026-10-19T03:00:00Z", "schedule_ids[]": "PSCHED1"}
    assert [who for _level, who, _start in await on_call(world, **span)] == ["Ana", "Ben", "Ana"]
    assert [who for _level, who, _start in await on_call(world, earliest="true", **span)] == ["Ana", "Ben"]
    users = await get(world, "/schedules/PSCHED1/users", since=span["since"], until=span["until"])
    assert [user["email"] for user in users["users"]] == ["ana@example.com", "ben@example.com"]
    await get(world, "/oncalls", 400, since="2026-10-05", until="2026-10-01")
    await get(world, "/oncalls", 400, until="2027-10-05T00:00:00Z")
    await get(world, "/schedules/PNONE/users", 404)


async def test_nobody_may_be_on_call(world):
    assert (await world.vendor.actions["put_on_call"](who=["Chris", "Ana"]))["ok"]
    assert (await on_call(world, **{"schedule_ids[]": "PSCHED1"}))[0][1] == "Chris"
    await world.vendor.actions["put_on_call"](who=[])
    assert await on_call(world, **{"schedule_ids[]": "PSCHED1"}) == []
    await trigger(world)
    assert world.vendor.state()["alerts"][0]["assignees"] == []


async def test_users_and_policies_are_found(world):
    assert [user["name"] for user in (await get(world, "/users", query="ben@example"))["users"]] == ["Ben"]
    assert (await get(world, "/users/PUSERANA"))["user"]["email"] == "ana@example.com"
    await get(world, "/users/PNOBODY", 404)
    [policy] = (await get(world, "/escalation_policies", query="default"))["escalation_policies"]
    assert [rule["targets"][0]["type"] for rule in policy["escalation_rules"]] == [
        "schedule_reference", "schedule_reference", "user_reference",
    ]  # fmt: skip
    included = (await get(world, "/oncalls", **{"include[]": "users"}))["oncalls"][0]
    assert included["user"]["email"] == "ana@example.com"
    assert (await get(world, "/abilities"))["abilities"]


@pytest.mark.parametrize("key", [None, "Token token=wrong", f"Bearer {API_KEY}"])
async def test_a_wrong_key_is_refused(world, key):
    headers = {"Authorization": key} if key else {}

    assert (await world.ask("GET", "/abilities", 401, headers=headers))["error"]["code"] == 2006


async def test_what_pagerduty_ignores_is_complained_of(world):
    await get(world, "/incidents", statuses="triggered")
    await world.ask("GET", "/users", 200, headers={"Authorization": LOGIN["Authorization"]})

    complaints, world.vendor.complaints[:] = list(world.vendor.complaints), []
    assert ["'statuses'" in complaints[0], "Accept" in complaints[1]] == [True, True]


async def test_a_429_comes_with_headers_or_without(world):
    limited, bare = (world.vendor.refusal("ratelimit", after, "/pagerduty/incidents") for after in (7, None))

    assert (limited.headers["ratelimit-reset"], limited.status) == ("7", 429)
    assert "ratelimit-reset" not in bare.headers
    assert json.loads(bare.body)["error"]["code"] == 2020


async def test_the_trouble_of_the_sandbox_has_the_shape_of_each_api(sandbox, slack):
    sandbox.faults.add("pagerduty", "ratelimit", retry_after=3)
    async with slack.session.get(f"{sandbox.url}/pagerduty/abilities", headers=LOGIN) as answer:
        assert (await answer.json())["error"]["code"] == 2020
        assert answer.headers["ratelimit-reset"] == "3"
    async with slack.session.post(f"{sandbox.url}/pagerduty/v2/enqueue", json={}) as answer:
        assert (await answer.json())["status"] == "throttle exceeded"


async def test_what_the_bot_did_comes_back_as_a_webhook_where_that_is_asked_for(world):
    world.vendor.echoes = True
    await trigger(world)
    await change(world, "acknowledged")
    await trigger(world, action="resolve")
    await world.vendor.settled()

    events = [json.loads(delivery.body)["event"] for delivery in world.bot.got]
    assert [event["event_type"] for event in events] == [
        "incident.triggered", "incident.acknowledged", "incident.resolved",
    ]  # fmt: skip
    assert [event["agent"] and event["agent"]["summary"] for event in events] == [None, "Ana", None]


@pytest.mark.parametrize(
    ("action", "given", "event_type", "history"),
    [
        ("escalate", {}, "incident.escalated", "escalated to level 2, Ben,"),
        ("reassign", {"to": "chris"}, "incident.reassigned", "reassigned to Chris"),
        ("prioritize", {"priority": "P2"}, "incident.priority_updated", "priority P2 given"),
        ("annotate", {"content": "Looking"}, "incident.annotated", "note “Looking”"),
        ("add_responder", {"to": "ben"}, "incident.responder.added", "Ben asked to help"),
    ],
)
async def test_what_people_do_is_told_by_its_own_event(world, action, given, event_type, history):
    await trigger(world)
    answer = await world.vendor.actions[action](number=1, by="Ana", **given)

    event = json.loads(world.bot.got[0].body)["event"]
    assert answer["ok"]
    assert (event["event_type"], event["agent"]["summary"]) == (event_type, "Ana")
    assert world.vendor.state()["alerts"][0]["history"][-1]["what"] == history
    assert (await world.vendor.actions[action](number=9, **given))["ok"] is False


async def test_an_acknowledgement_can_run_out(world):
    await trigger(world)
    assert (await world.vendor.actions["unacknowledge"]())["ok"] is False
    await trigger(world, action="acknowledge")
    await world.vendor.actions["unacknowledge"]()

    event = json.loads(world.bot.got[0].body)["event"]
    assert (event["event_type"], event["agent"], event["data"]["status"]) == (
        "incident.unacknowledged", None, "triggered",
    )  # fmt: skip


async def test_who_was_asked_replies(world):
    await trigger(world)
    assert (await world.vendor.actions["reply"](by="Ben"))["ok"] is False
    await world.vendor.actions["add_responder"](to="Ben")
    await world.vendor.actions["reply"](by="Ben", accepts=False)

    event = json.loads(world.bot.got[1].body)["event"]
    assert (event["event_type"], event["data"]["state"]) == ("incident.responder.replied", "declined")
    assert event["data"]["incident"]["id"] == "P000001"


async def test_while_a_secret_is_changed_both_sign(world):
    await world.vendor.actions["change_secret"]("the-new-secret")
    await world.vendor.actions["ping"]()
    await world.vendor.actions["change_secret"]()
    await world.vendor.actions["ping"]()

    both, one = (delivery.headers["X-PagerDuty-Signature"].split(",") for delivery in world.bot.got)
    assert (len(both), len(one)) == (2, 1)
    assert all(each.startswith("v1=") and len(each) == 67 for each in both)
    assert json.loads(world.bot.got[0].body)["event"]["event_type"] == "pagey.ping"
