"""The people's phones behind Twilio's stand-in: ringing, speaking, keys, texts and the signed callbacks."""

from xml.sax.saxutils import quoteattr

import pytest

from sandbox.vendors import signatures, twiml
from sandbox.vendors.account import ACCOUNT_SID, AUTH_TOKEN, PHONE_NUMBER
from sandbox.vendors.telephone import APPLICATION_ERROR
from sandbox.vendors.twilio import Twilio
from tests.sandbox.vendor_world import BOT_URL, basic, complaints, do, standing

ANA = "+15550000001"
ACCOUNT = f"/2010-04-01/Accounts/{ACCOUNT_SID}"
STATUS = f"{BOT_URL}/callbacks/twilio/status"
GATHER = f"{BOT_URL}/callbacks/twilio/gather?incident=1&step=2"
ASK = (
    f"<Response><Gather numDigits='1' action={quoteattr(GATHER)} method='POST' timeout='10'>"
    "<Say>INC-1 db down. Press 1.</Say></Gather><Say>The next person is called.</Say></Response>"
)
THANKS = "<Response><Say>Acknowledged. Thank you.</Say><Hangup/></Response>"


@pytest.fixture
async def world():
    async with standing(Twilio) as world:
        yield world


async def ring(world, twiml=ASK, **more):
    form = [("To", ANA), ("From", PHONE_NUMBER), ("Twiml", twiml)]
    for name, value in more.items():
        form += [(name, each) for each in (value if isinstance(value, list) else [value])]
    headers = basic(ACCOUNT_SID, AUTH_TOKEN)
    return await world.ask("POST", f"{ACCOUNT}/Calls.json", 201, headers=headers, data=form)


def statuses(world):
    return [delivery.form["CallStatus"] for delivery in world.bot.got if delivery.url == STATUS]


async def test_who_listens_without_a_key_hears_everything(world):
    await ring(world)
    answer = await do(world, "answer", ANA)

    assert answer["said"] == ["INC-1 db down. Press 1.", "The next person is called."]
    assert answer["call"]["status"] == "completed"
    assert world.bot.got == []


async def test_a_key_is_posted_to_the_action_and_what_it_answers_is_spoken(world):
    call = await ring(world)
    world.bot.answers["/callbacks/twilio/gather"] = (200, THANKS)
    answer = await do(world, "answer", ANA, digits="1")

    [delivery] = world.bot.got
    assert answer["said"] == ["INC-1 db down. Press 1.", "Acknowledged. Thank you."]
    assert delivery.url == GATHER
    assert delivery.form == {
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "CallSid": call["sid"],
        "Direction": "outbound-api",
        "From": PHONE_NUMBER,
        "To": ANA,
        "Caller": PHONE_NUMBER,
        "Called": ANA,
        "CallStatus": "in-progress",
        "Digits": "1",
        "FinishedOnKey": "",
        "msg": "Gather End",
    }
    assert delivery.headers["X-Twilio-Signature"] == signatures.twilio(AUTH_TOKEN, GATHER, delivery.form)
    assert delivery.headers["Content-Type"].startswith("application/x-www-form-urlencoded")


async def test_a_second_question_takes_the_next_digit(world):
    await ring(world)
    world.bot.answers["/callbacks/twilio/gather"] = (200, ASK.replace("/gather", "/sure"))
    world.bot.answers["/callbacks/twilio/sure"] = (200, THANKS)
    answer = await do(world, "answer", ANA, "12")

    assert [delivery.form["Digits"] for delivery in world.bot.got] == ["1", "2"]
    assert answer["call"]["pressed"] == ["1", "2"]


async def test_an_action_may_be_relative_to_the_url_it_came_from(world):
    world.bot.answers["/voice/start"] = (200, "<Response><Gather action='keys'/></Response>")
    world.bot.answers["/voice/keys"] = (200, THANKS)
    await ring(world, Url=f"{BOT_URL}/voice/start")
    await do(world, "answer", "ana", "12#")

    assert [delivery.url for delivery in world.bot.got] == [f"{BOT_URL}/voice/start", f"{BOT_URL}/voice/keys"]
    assert world.bot.got[1].form["Digits"] == "12"


async def test_a_silent_gather_calls_its_action_only_when_it_asks_to(world):
    await ring(world, ASK.replace("numDigits", "actionOnEmptyResult='true' numDigits"))
    world.bot.answers["/callbacks/twilio/gather"] = (200, THANKS)
    await do(world, "answer", ANA)

    assert [delivery.form["Digits"] for delivery in world.bot.got] == [""]


@pytest.mark.parametrize("broken", [(500, "boom"), (404, "")])
async def test_an_action_that_fails_is_an_application_error_to_the_caller(world, broken):
    await ring(world)
    world.bot.answers["/callbacks/twilio/gather"] = broken
    answer = await do(world, "answer", ANA, "1")

    assert answer["said"][-1] == APPLICATION_ERROR
    assert answer["call"]["errors"] == [f"11200 {GATHER} answered {broken[0]}"]


async def test_a_bot_that_is_down_is_an_application_error_to_the_caller(world):
    await ring(world)
    world.bot.down = True
    answer = await do(world, "answer", ANA, "1")

    assert answer["said"][-1] == APPLICATION_ERROR
    assert answer["call"]["status"] == "completed"


@pytest.mark.parametrize(
    "document",
    [
        "<Response><Say>R&D is down</Say></Response>",
        "<Say>no root</Say>",
        "<Response><Play>http://127.0.0.1/x.mp3</Play></Response>",
        "<Response><Say colour='red'>x</Say></Response>",
        "<Response><Gather numDigits='one'/></Response>",
        "<Response><Gather><Hangup/></Gather></Response>",
        "",
    ],
)
async def test_twiml_that_twilio_would_not_speak_is_accepted_and_fails_on_the_phone(world, document):
    if document:
        await ring(world, document)
    else:
        world.bot.answers["/voice"] = (200, "")
        await ring(world, Url=f"{BOT_URL}/voice")
    answer = await do(world, "answer", ANA)

    assert answer["said"] == [APPLICATION_ERROR]
    assert complaints(world)[0].startswith("twilio: 12100")


async def test_an_action_that_cannot_be_reached_is_complained_of(world):
    await ring(world, "<Response><Gather action='/relative'/></Response>")
    answer = await do(world, "answer", ANA, "1")

    assert answer["said"] == [APPLICATION_ERROR]
    assert "action" in complaints(world)[0]


def test_a_say_of_more_than_4096_characters_is_not_twiml():
    with pytest.raises(twiml.NotTwimlError, match="4096"):
        twiml.parse(f"<Response><Say>{'x' * 4097}</Say></Response>")


def test_words_between_tags_are_spoken_unescaped():
    [say, pause] = twiml.parse("<Response><Say>R&amp;D &lt;down&gt;</Say><Pause length='2'/></Response>")

    assert (say.text, pause.attributes) == ("R&D <down>", {"length": "2"})


async def test_only_completed_is_reported_unless_more_is_asked_for(world):
    await ring(world, StatusCallback=STATUS)
    await do(world, "answer", ANA)

    assert statuses(world) == ["completed"]


async def test_every_event_asked_for_is_reported_in_order_and_signed(world):
    await ring(world, StatusCallback=STATUS, StatusCallbackEvent=["initiated", "ringing", "answered", "completed"])
    await world.vendor.settled()
    await do(world, "pick_up", ANA)
    world.clock.move(seconds=61)
    await do(world, "hang_up", ANA)

    assert statuses(world) == ["queued", "ringing", "in-progress", "completed"]
    assert [delivery.form["SequenceNumber"] for delivery in world.bot.got] == ["0", "1", "2", "3"]
    last = world.bot.got[-1]
    assert (last.form["CallDuration"], last.form["Duration"]) == ("61", "2")
    assert last.form["Timestamp"] == "Mon, 05 Oct 2026 03:01:01 +0000"
    assert last.headers["X-Twilio-Signature"] == signatures.twilio(AUTH_TOKEN, STATUS, last.form)


async def test_a_call_that_nobody_answers_stops_ringing_after_its_timeout(world):
    await ring(world, Timeout="20", StatusCallback=STATUS)
    world.clock.move(seconds=19)
    assert (await do(world, "phones"))["phones"][ANA]["ringing"] != []
    world.clock.move(hours=1)

    [call] = world.vendor.state()["calls"]
    await world.vendor.settled()
    assert (call["status"], call["end_time"]) == ("no-answer", "Mon, 05 Oct 2026 03:00:20 +0000")
    assert call["duration"] is None
    assert statuses(world) == ["no-answer"]
    assert (await do(world, "answer", ANA))["ok"] is False


@pytest.mark.parametrize(("action", "status"), [("busy", "busy"), ("hang_up", "busy"), ("voicemail", "completed")])
async def test_a_phone_that_is_not_answered_by_a_person(world, action, status):
    await ring(world, StatusCallback=STATUS)
    answer = await do(world, action, ANA)

    assert answer["call"]["status"] == status
    assert statuses(world) == [status]


async def test_a_machine_is_told_apart_only_where_the_call_asked(world):
    await ring(world, StatusCallback=STATUS)
    await do(world, "voicemail", ANA)
    await ring(world, StatusCallback=STATUS, MachineDetection="Enable")
    await do(world, "voicemail", ANA)

    assert [delivery.form.get("AnsweredBy") for delivery in world.bot.got] == [None, "machine_start"]


async def test_a_call_picked_up_waits_for_its_key(world):
    await ring(world)
    assert (await do(world, "pick_up", ANA))["call"]["status"] == "in-progress"
    world.clock.move(minutes=5)
    world.bot.answers["/callbacks/twilio/gather"] = (200, THANKS)

    assert (await do(world, "answer", ANA, "1"))["said"][-1] == "Acknowledged. Thank you."


async def test_who_rings_and_what_was_called_and_texted_is_seen_on_the_phones(world):
    call = await ring(world)
    await do(world, "reply", "ben", "who is on it?")
    phones = (await do(world, "phones"))["phones"]

    assert phones[ANA]["name"] == "ana"
    assert phones[ANA]["ringing"] == [call["sid"]]
    assert [message["body"] for message in phones["+15550000002"]["texts"]] == ["who is on it?"]
    assert phones["+15550000003"]["calls"] == []


async def test_a_reply_reaches_the_bot_signed_and_its_answer_comes_back_as_sms(world):
    world.bot.answers["/callbacks/twilio/sms"] = (200, "<Response><Message>INC-1 is yours.</Message></Response>")
    answer = await do(world, "reply", ANA, "ACK INC-1")

    [delivery] = world.bot.got
    assert delivery.url == f"{BOT_URL}/callbacks/twilio/sms"
    assert (delivery.form["From"], delivery.form["To"], delivery.form["Body"]) == (ANA, PHONE_NUMBER, "ACK INC-1")
    assert delivery.headers["X-Twilio-Signature"] == signatures.twilio(AUTH_TOKEN, delivery.url, delivery.form)
    assert answer["answers"] == ["INC-1 is yours."]
    assert [message["direction"] for message in world.vendor.state()["messages"]] == ["inbound", "outbound-reply"]


async def test_an_answer_to_a_reply_that_is_not_twiml_is_complained_of(world):
    world.bot.answers["/callbacks/twilio/sms"] = (200, "thanks")
    await do(world, "reply", ANA, "ACK")

    assert complaints(world)[0].startswith("twilio: 12300")


async def test_a_messages_way_is_reported_where_it_asked(world):
    headers = basic(ACCOUNT_SID, AUTH_TOKEN)
    form = {"To": ANA, "From": PHONE_NUMBER, "Body": "db down", "StatusCallback": STATUS}
    await world.ask("POST", f"{ACCOUNT}/Messages.json", 201, headers=headers, data=form)
    await world.vendor.settled()

    assert [delivery.form["MessageStatus"] for delivery in world.bot.got] == ["sent", "delivered"]


async def test_a_key_can_be_redelivered_to_the_byte(world):
    await ring(world, StatusCallback=STATUS)
    world.bot.answers["/callbacks/twilio/gather"] = (200, THANKS)
    await do(world, "answer", ANA, "1")
    await do(world, "redeliver", field="Digits")

    gathers = [delivery for delivery in world.bot.got if delivery.url == GATHER]
    assert (gathers[0].body, gathers[0].headers) == (gathers[1].body, gathers[1].headers)


@pytest.mark.parametrize("action", ["answer", "pick_up", "hang_up", "busy", "voicemail", "redeliver"])
async def test_a_silent_phone_can_only_say_so(world, action):
    answer = await do(world, action, *(() if action == "redeliver" else (ANA,)))

    assert answer["ok"] is False
    assert answer["error"]


async def test_a_line_is_held_at_the_question_until_a_key_is_pressed(world):
    await ring(world)
    world.bot.answers["/callbacks/twilio/gather"] = (200, THANKS)
    heard = await do(world, "hear", ANA)
    assert heard["said"] == ["INC-1 db down. Press 1."]
    assert heard["call"]["status"] == "in-progress"

    pressed = await do(world, "press", ANA, digits="1")
    assert pressed["said"] == ["Acknowledged. Thank you."]
    assert pressed["call"]["status"] == "completed"
    assert [delivery.form["Digits"] for delivery in world.bot.got] == ["1"]


async def test_a_second_question_holds_the_line_again_and_silence_goes_on(world):
    await ring(world)
    world.bot.answers["/callbacks/twilio/gather"] = (200, ASK)
    await do(world, "hear", ANA)
    again = await do(world, "press", ANA, digits="9")
    assert again["call"]["status"] == "in-progress"
    silent = await do(world, "press", ANA)
    assert silent["said"] == ["The next person is called."]
    assert silent["call"]["status"] == "completed"


async def test_a_line_that_nobody_holds_takes_no_key(world):
    assert (await do(world, "press", ANA, digits="1"))["ok"] is False
    assert (await do(world, "hear", ANA))["ok"] is False
