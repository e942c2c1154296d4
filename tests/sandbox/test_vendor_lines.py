"""Calls and texts that do not reach a person: machines, busy and dead lines, refusals, queues and caps."""

import pytest

from sandbox.vendors.account import ACCOUNT_SID, AUTH_TOKEN, PHONE_NUMBER
from sandbox.vendors.twilio import Twilio
from tests.sandbox.vendor_world import BOT_URL, basic, do, standing

ANA, BEN = "+15550000001", "+15550000002"
ACCOUNT = f"/2010-04-01/Accounts/{ACCOUNT_SID}"
STATUS = f"{BOT_URL}/callbacks/twilio/status"
VOICE = f"{BOT_URL}/callbacks/twilio/voice"
LOGIN = basic(ACCOUNT_SID, AUTH_TOKEN)


@pytest.fixture
async def world():
    async with standing(Twilio) as world:
        world.bot.answers["/callbacks/twilio/voice"] = (200, "<Response><Say>INC-1 db down.</Say></Response>")
        yield world


async def ring(world, to=ANA, status=201, **more):
    form = {"To": to, "From": PHONE_NUMBER, "Url": VOICE, "StatusCallback": STATUS} | more
    answer = await world.ask("POST", f"{ACCOUNT}/Calls.json", status, headers=LOGIN, data=form)
    await world.vendor.settled()
    return answer


async def text(world, to=ANA, status=201):
    form = {"To": to, "From": PHONE_NUMBER, "Body": "INC-1 db down", "StatusCallback": STATUS}
    answer = await world.ask("POST", f"{ACCOUNT}/Messages.json", status, headers=LOGIN, data=form)
    await world.vendor.settled()
    return answer


async def read(world, what, sid):
    return await world.ask("GET", f"{ACCOUNT}/{what}/{sid}.json", 200, headers=LOGIN)


def forms(world, url=STATUS):
    return [delivery.form for delivery in world.bot.got if delivery.url == url]


@pytest.mark.parametrize(
    ("asked", "action", "given", "heard"),
    [
        ("Enable", "voicemail", {}, "machine_start"),
        ("DetectMessageEnd", "voicemail", {}, "machine_end_beep"),
        ("DetectMessageEnd", "voicemail", {"heard_as": "machine_end_silence"}, "machine_end_silence"),
        ("Enable", "fax", {}, "fax"),
        ("Enable", "answer", {"heard_as": "unknown"}, "unknown"),
        ("Enable", "answer", {}, "human"),
    ],
)
async def test_what_answered_is_told_to_the_document_and_the_callback(world, asked, action, given, heard):
    call = await ring(world, MachineDetection=asked)
    await do(world, action, ANA, **given)

    assert [form["AnsweredBy"] for form in (*forms(world, VOICE), *forms(world))] == [heard, heard]
    assert (await read(world, "Calls", call["sid"]))["answered_by"] == heard


async def test_without_detection_nobody_knows_that_a_machine_answered(world):
    await ring(world)
    await do(world, "voicemail", ANA)

    assert forms(world)[0]["CallStatus"] == "completed"
    assert "AnsweredBy" not in forms(world)[0] | forms(world, VOICE)[0]
    assert (await do(world, "answer", ANA, heard_as="robot"))["ok"] is False


async def test_detection_is_spelled_as_twilio_spells_it(world):
    await ring(world, status=400, MachineDetection="true")
    await ring(world, MachineDetection="Enable", AsyncAmd="true")

    complaints, world.vendor.complaints[:] = list(world.vendor.complaints), []
    assert "AsyncAmd" in complaints[0]


@pytest.mark.parametrize(
    ("calls", "status", "sip"),
    [("busy", "busy", "486"), ("no-answer", "no-answer", "487"), ("failed", "failed", "404")],
)
async def test_a_spoiled_line_ends_each_call_by_itself(world, calls, status, sip):
    await do(world, "spoil", "ana", calls=calls)
    call = await ring(world)

    [form] = forms(world)
    assert (form["CallStatus"], form["SipResponseCode"], form.get("ErrorCode")) == (
        status, sip, "13224" if calls == "failed" else None,
    )  # fmt: skip
    assert (await read(world, "Calls", call["sid"]))["status"] == status
    await do(world, "mend", "ana")
    again = await ring(world)
    assert (await read(world, "Calls", again["sid"]))["status"] == "ringing"


async def test_a_line_can_lead_to_voicemail(world):
    await do(world, "spoil", "ana", calls="voicemail")
    await ring(world, MachineDetection="Enable")

    assert (forms(world)[0]["CallStatus"], forms(world)[0]["AnsweredBy"]) == ("completed", "machine_start")
    assert world.vendor.story()[0]["lines"][2]["text"] == "Says: INC-1 db down."


@pytest.mark.parametrize(
    ("how", "told", "code"),
    [
        ({"texts": "undelivered"}, ["sent", "undelivered"], 30003),
        ({"texts": "failed", "code": 30008}, ["failed"], 30008),
        ({"texts": "sent"}, ["sent"], None),
        ({}, ["sent", "delivered"], None),
    ],
)
async def test_a_text_may_not_arrive_and_twilio_says_why(world, how, told, code):
    await do(world, "spoil", ANA, **how)
    message = await text(world)

    assert message["status"] == "queued"
    assert [form["MessageStatus"] for form in forms(world)] == told
    assert forms(world)[-1].get("ErrorCode") == (str(code) if code else None)
    kept = await read(world, "Messages", message["sid"])
    assert (kept["status"], kept["error_code"]) == (told[-1], code)
    assert bool(kept["error_message"]) is bool(code)
    shown = (await do(world, "phones"))["phones"][ANA]["texts"]
    assert [each["sid"] for each in shown] == ([] if code else [message["sid"]])


@pytest.mark.parametrize("code", [21211, 21214, 21215, 21219])
async def test_a_number_can_be_refused_at_once(world, code):
    await do(world, "spoil", ANA, refuse=code)

    assert (await ring(world, status=400))["code"] == code
    assert (await text(world, status=400))["code"] == code
    assert world.vendor.state()["calls"] == world.vendor.state()["messages"] == []


async def test_who_writes_stop_gets_no_texts_until_start(world):
    await do(world, "reply", ANA, "stop")
    assert (await text(world, status=400))["code"] == 21610
    await ring(world)  # calls still come
    await do(world, "reply", ANA, "START")
    await text(world)


async def test_nobody_can_spoil_a_line_in_ways_that_do_not_exist(world):
    for how in ({"calls": "melted"}, {"texts": "eaten"}, {"refuse": 20003}):
        assert (await do(world, "spoil", ANA, **how))["ok"] is False


async def test_calls_wait_for_each_other_where_that_is_asked_for(world):
    world.vendor.calls_per_second = 1
    sids = [(await ring(world, to, StatusCallbackEvent="ringing"))["sid"] for to in (ANA, BEN, ANA)]

    async def states():
        return [(await read(world, "Calls", sid))["status"] for sid in sids]

    assert await states() == ["ringing", "queued", "queued"]
    world.clock.move(seconds=1)
    assert await states() == ["ringing", "ringing", "queued"]
    await world.ask("POST", f"{ACCOUNT}/Calls/{sids[2]}.json", 200, headers=LOGIN, data={"Status": "canceled"})
    world.clock.move(seconds=60)
    await world.vendor.settled()
    assert await states() == ["no-answer", "no-answer", "canceled"]
    assert [form["To"] for form in forms(world)] == [ANA, BEN]
    starts = [(await read(world, "Calls", sid))["start_time"] for sid in sids[:2]]
    assert [start[-14:-6] for start in starts] == ["03:00:00", "03:00:01"]


async def test_a_new_account_has_a_cap_on_calls_at_the_same_time(world):
    world.vendor.most_calls = 1
    await ring(world)
    assert (await ring(world, BEN, status=429))["code"] == 20429
    await do(world, "busy", ANA)
    await ring(world, BEN)


async def test_every_answer_tells_how_many_requests_are_served(world):
    async with world.client.get(f"/twilio{ACCOUNT}/Calls.json", headers=LOGIN) as answer:
        assert answer.headers["Twilio-Concurrent-Requests"] == "1"


async def test_a_poller_finds_the_replies_of_a_person(world):
    await text(world)
    world.clock.move(minutes=1)
    await do(world, "reply", ANA, "42 ack")
    since = "2026-10-05T03:00:30Z"
    query = {"From": ANA, "To": PHONE_NUMBER, "DateSent>": since}
    found = await world.ask("GET", f"{ACCOUNT}/Messages.json", 200, headers=LOGIN, params=query)

    assert [(each["body"], each["direction"]) for each in found["messages"]] == [("42 ack", "inbound")]


async def test_the_story_says_why_a_text_or_a_call_failed(world):
    await do(world, "spoil", ANA, calls="failed", texts="undelivered", code=30005)
    await ring(world)
    await text(world)
    stories = {item["title"].split()[0]: item for item in world.vendor.story()}

    assert [line["text"] for line in stories["Texts"]["lines"]] == [
        "The bot wrote (undelivered, error 30005): INC-1 db down"
    ]
    assert stories["Call"]["lines"][-1]["text"] == "Failed (error 30005)"
    assert [action["action"] for action in world.vendor.offers()] == ["mend", *["spoil"] * 4]
