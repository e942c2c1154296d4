"""Twilio's stand-in: the REST API, as Twilio's documents have it."""

import json

import pytest

from sandbox.vendors.account import ACCOUNT_SID, AUTH_TOKEN, PHONE_NUMBER, segments
from sandbox.vendors.twilio import Twilio
from tests.sandbox.vendor_world import basic, complaints, standing

ANA, BEN = "+15550000001", "+15550000002"
ACCOUNT = f"/2010-04-01/Accounts/{ACCOUNT_SID}"
SAY = "<Response><Say>db down</Say></Response>"
STATUS = "http://127.0.0.1:8080/callbacks/twilio/status"


@pytest.fixture
async def world():
    async with standing(Twilio) as world:
        yield world


async def ask(world, method, path, status=200, auth=(ACCOUNT_SID, AUTH_TOKEN), **more):
    headers = basic(*auth) if auth else {}
    return await world.ask(method, path, status, headers=headers, **more)


async def call(world, status=201, **changes):
    form = {"To": ANA, "From": PHONE_NUMBER, "Twiml": SAY} | changes
    form = {name: value for name, value in form.items() if value is not None}
    return await ask(world, "POST", f"{ACCOUNT}/Calls.json", status, data=form)


async def text(world, status=201, **changes):
    form = {"To": ANA, "From": PHONE_NUMBER, "Body": "db down"} | changes
    form = {name: value for name, value in form.items() if value is not None}
    return await ask(world, "POST", f"{ACCOUNT}/Messages.json", status, data=form)


async def listed(world, kind, **query):
    return (await ask(world, "GET", f"{ACCOUNT}/{kind}.json", params=query))[kind.lower()]


async def test_a_call_is_answered_queued_and_rings(world):
    created = await call(world)

    fetched = await ask(world, "GET", f"{ACCOUNT}/Calls/{created['sid']}.json")
    assert (created["status"], fetched["status"]) == ("queued", "ringing")
    assert created["start_time"] is None
    assert fetched["start_time"] == "Mon, 05 Oct 2026 03:00:00 +0000"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": "12345"}, 21211),
        ({"To": "+0123456789"}, 21211),
        ({"To": "ana@example.com"}, 21211),
        ({"To": None}, 21201),
        ({"From": None}, 21213),
        ({"From": "555"}, 21212),
        ({"From": "+15559999999"}, 21210),
        ({"Twiml": None}, 21205),
        ({"Url": "no address"}, 21205),
        ({"Twiml": f"<Response><Say>{'x' * 4000}</Say></Response>"}, 20001),
        ({"Timeout": "601"}, 20001),
        ({"Timeout": "soon"}, 20001),
        ({"StatusCallback": "nowhere"}, 21609),
    ],
)
async def test_an_impossible_call_is_refused_with_its_code(world, changes, code):
    error = await call(world, 400, **changes)

    assert (error["code"], error["status"]) == (code, 400)
    assert set(error) == {"code", "message", "more_info", "status"}
    assert world.vendor.state()["calls"] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": "12345"}, 21211),
        ({"To": None}, 21604),
        ({"From": None}, 21603),
        ({"From": "+15559999999"}, 21606),
        ({"Body": None}, 21602),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"StatusCallback": "nowhere"}, 21609),
    ],
)
async def test_an_impossible_message_is_refused_with_its_code(world, changes, code):
    assert (await text(world, 400, **changes))["code"] == code
    assert world.vendor.state()["messages"] == []


@pytest.mark.parametrize("auth", [None, (ACCOUNT_SID, "wrong"), ("AC" + "0" * 32, AUTH_TOKEN)])
async def test_wrong_credentials_are_20003(world, auth):
    error = await ask(world, "GET", f"{ACCOUNT}.json", 401, auth=auth)

    assert error["code"] == 20003


@pytest.mark.parametrize(
    "path",
    [
        f"{ACCOUNT}/Calls/CA{'0' * 32}.json",
        f"{ACCOUNT}/Messages/SM{'0' * 32}.json",
        f"/2010-04-01/Accounts/AC{'0' * 32}/Calls.json",
        f"{ACCOUNT}/Faxes.json",
    ],
)
async def test_what_does_not_exist_is_20404(world, path):
    error = await ask(world, "GET", path, 404)

    assert error["code"] == 20404
    assert path in error["message"]


async def test_the_account_tells_that_the_credentials_are_good(world):
    account = await ask(world, "GET", f"{ACCOUNT}.json")

    assert (account["sid"], account["status"]) == (ACCOUNT_SID, "active")


async def test_form_fields_that_twilio_does_not_know_are_complained_of(world):
    await call(world, Priority="urgent")
    await text(world, body="lower case")
    await listed(world, "Calls", to=ANA)

    assert [complaint.split("'")[1] for complaint in complaints(world)] == ["Priority", "body", "to"]


async def test_several_events_in_one_parameter_are_complained_of(world):
    await call(world, StatusCallback=STATUS, StatusCallbackEvent="answered completed")

    assert "answered completed" in complaints(world)[0]


async def test_calls_are_found_by_number_and_time(world):
    first = await call(world)
    world.clock.move(days=1)
    second = await call(world)
    other = await call(world, To=BEN)

    def sids(calls):
        return [each["sid"] for each in calls]

    assert sids(await listed(world, "Calls")) == [other["sid"], second["sid"], first["sid"]]
    assert sids(await listed(world, "Calls", To=ANA, From=PHONE_NUMBER)) == [second["sid"], first["sid"]]
    assert sids(await listed(world, "Calls", **{"To": ANA, "StartTime>": "2026-10-06"})) == [second["sid"]]
    assert sids(await listed(world, "Calls", **{"StartTime<": "2026-10-06"})) == [first["sid"]]
    assert sids(await listed(world, "Calls", StartTime="2026-10-05")) == [first["sid"]]
    assert sids(await listed(world, "Calls", **{"To": ANA, "StartTime>": "2026-10-05T03:00:01Z"})) == [second["sid"]]
    assert await listed(world, "Calls", From=ANA) == []


async def test_messages_are_found_by_number_and_day(world):
    first = await text(world)
    world.clock.move(days=1)
    second = await text(world)

    async def found(**query):
        return [each["sid"] for each in await listed(world, "Messages", To=ANA, **query)]

    assert await found(**{"DateSent>": "2026-10-06"}) == [second["sid"]]
    assert await found(**{"DateSent<": "2026-10-06"}) == [second["sid"], first["sid"]]
    assert await found(DateSent="2026-10-05") == [first["sid"]]


async def test_calls_are_found_by_status(world):
    await call(world)
    world.clock.move(seconds=60)
    second = await call(world)

    assert [each["sid"] for each in await listed(world, "Calls", Status="ringing")] == [second["sid"]]


async def test_a_plus_that_was_not_encoded_finds_nothing_and_is_complained_of(world):
    await call(world)
    answer = await ask(world, "GET", f"{ACCOUNT}/Calls.json?To={ANA}")

    assert answer["calls"] == []
    assert "%2B" in complaints(world)[0]


@pytest.mark.parametrize("query", [{"StartTime>": "yesterday"}, {"PageSize": "many"}])
async def test_a_filter_that_means_nothing_is_refused(world, query):
    await call(world)
    error = await ask(world, "GET", f"{ACCOUNT}/Calls.json", 400, params=query)

    assert error["code"] == 20001


async def test_long_lists_come_in_pages_that_lead_to_each_other(world):
    sent = [(await text(world, Body=f"text {number}"))["sid"] for number in range(5)]

    page, seen = await ask(world, "GET", f"{ACCOUNT}/Messages.json", params={"PageSize": "2"}), []
    while True:
        seen += [each["sid"] for each in page["messages"]]
        if page["next_page_uri"] is None:
            break
        page = await ask(world, "GET", page["next_page_uri"])
    assert seen == sent[::-1]
    assert (page["page"], page["start"], page["end"], page["page_size"]) == (2, 4, 4, 2)


async def test_a_ringing_call_can_be_canceled(world):
    sid = (await call(world))["sid"]

    updated = await ask(world, "POST", f"{ACCOUNT}/Calls/{sid}.json", data={"Status": "completed"})
    assert updated["status"] == "canceled"
    assert (await world.vendor.actions["answer"](ANA))["ok"] is False


@pytest.mark.parametrize(("status", "after"), [("completed", "completed"), ("canceled", "in-progress")])
async def test_only_completed_ends_a_conversation(world, status, after):
    sid = (await call(world))["sid"]
    await world.vendor.actions["pick_up"](ANA)

    updated = await ask(world, "POST", f"{ACCOUNT}/Calls/{sid}.json", data={"Status": status})
    assert updated["status"] == after


async def test_a_call_that_has_ended_cannot_be_ended_again(world):
    sid = (await call(world))["sid"]
    await world.vendor.actions["busy"](ANA)

    error = await ask(world, "POST", f"{ACCOUNT}/Calls/{sid}.json", 400, data={"Status": "completed"})
    assert error["code"] == 21220


async def test_a_call_knows_no_other_status_to_be_given(world):
    sid = (await call(world))["sid"]

    error = await ask(world, "POST", f"{ACCOUNT}/Calls/{sid}.json", 400, data={"Status": "busy"})
    assert error["code"] == 20001


@pytest.mark.parametrize(
    ("body", "count"),
    [("x" * 160, 1), ("x" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("é" * 160, 1), ("я" * 70, 1), ("я" * 71, 2)],
)
def test_segments_are_counted_by_alphabet(body, count):
    assert segments(body) == count


def test_one_emoji_makes_the_whole_text_ucs_2():
    assert segments("x" * 69) == 1
    assert segments("x" * 69 + "🔥") == 2


async def test_a_message_is_delivered_and_can_be_fetched(world):
    created = await text(world)

    fetched = await ask(world, "GET", f"{ACCOUNT}/Messages/{created['sid']}.json")
    assert (created["status"], fetched["status"], fetched["num_segments"]) == ("queued", "delivered", "1")


@pytest.mark.parametrize(
    ("kind", "status", "code"), [("ratelimit", 429, 20429), ("refuse_token", 401, 20003), ("error", 500, 20500)]
)
async def test_a_refusal_has_twilios_own_shape(world, kind, status, code):
    response = world.vendor.refusal(kind, 7)

    assert (response.status, json.loads(response.body)["code"]) == (status, code)
    assert response.headers.get("Retry-After") == ("7" if kind == "ratelimit" else None)
