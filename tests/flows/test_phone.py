"""The telephone: keys, replies, machines that pick up, calls that fail, and calls that are ended."""

import aiohttp
import pytest

from tests.world import words

ANA, BEN = "+15550000001", "+15550000002"


@pytest.fixture
async def phones(world):
    """The world with Muster's own ladder."""
    world.changed |= {"PAGERDUTY_INTEGRATION_KEY": None, "PAGERDUTY_WEBHOOK_SECRET": None, "PAGERDUTY_API_KEY": None}
    await world.restart()
    return world


@pytest.fixture
async def unreachable(phones):
    """The same where Twilio cannot reach Muster."""
    phones.changed |= {"MUSTER_PUBLIC_URL": None}
    await phones.restart()
    return phones


def telephone(world):
    return world.sandbox.vendors["twilio"].actions


async def ringing(world, title="db down") -> str:
    """An incident for which Ana's phone rings, and its room."""
    room = await world.declare(title=title)
    world.move("+2m")
    await world.until(lambda: [call for call in world.calls if call["status"] == "ringing"])
    await world.until(lambda: [text for text in world.texts if text["to"] == ANA])
    return room


async def metric(world, line: str) -> bool:
    _, figures = await world.get("/metrics")
    return line in figures


async def in_card(world, room, *expected):
    await world.until(lambda: all(each in world.card(room) for each in expected))


async def explained(world, number=1):
    answer = await world.say("ana", f"/incident explain INC-{number}")
    return "\n".join(words(said) for said in answer.ephemerals)


async def test_a_1_on_the_phone_acknowledges_and_a_9_repeats(phones):
    room = await ringing(phones)

    answered = await telephone(phones)["answer"](to="ana", digits="91")

    said = " ".join(answered["said"])
    assert said.count("SEV 1 incident, I N C 1. db down.") >= 2
    assert said.endswith("I N C 1 is acknowledged. It is yours. Goodbye.")
    await in_card(phones, room, "*Acknowledged* by <@U0001> by phone")
    assert phones.calls[0]["status"] == "completed"
    phones.move("+30m")
    await phones.settled()
    assert len(phones.calls) == len(phones.texts) == 1


async def test_a_2_on_the_phone_pages_the_next_level(phones):
    room = await ringing(phones)

    answered = await telephone(phones)["answer"](to="ana", digits="2")

    assert answered["said"][-1] == "I N C 1 is escalated. Ben is paged now. Goodbye."
    await phones.until(lambda: [call for call in phones.calls if call["to"] == BEN])
    await phones.until(lambda: "*<@U0001> escalated*" in phones.room_text(room))
    assert "*Not acknowledged yet*" in phones.card(room)


async def test_three_keys_that_mean_nothing_end_the_call_and_acknowledge_nothing(phones):
    room = await ringing(phones)

    answered = await telephone(phones)["answer"](to="ana", digits="7777")

    assert sum("That key means nothing here." in said for said in answered["said"]) == 3
    assert "Press 1" not in answered["said"][-1]
    await in_card(phones, room, "*Not acknowledged yet*", "picked up and ended without an answer key")


async def test_a_machine_that_picks_up_is_no_acknowledgement(phones):
    room = await ringing(phones)

    await telephone(phones)["voicemail"](to="ana")

    await in_card(phones, room, "*Not acknowledged yet*", "phone call ✗ a machine picked up")
    assert "a machine picked up; that is no acknowledgement" in await explained(phones)
    phones.move("+3m")
    await phones.until(lambda: [call for call in phones.calls if call["to"] == BEN])


@pytest.mark.parametrize(
    ("how", "told"),
    [("busy", "busy"), ("hang_up", "busy"), ("ring out", "nobody picked up"), ("no key", "without an answer key")],
)
async def test_a_call_that_nobody_answers_with_a_key_is_told_and_is_no_acknowledgement(phones, how, told):
    room = await ringing(phones)

    if how == "ring out":
        phones.move("+31s")
        await telephone(phones)["phones"]()
    else:
        await telephone(phones)["answer" if how == "no key" else how](to="ana")

    await in_card(phones, room, "*Not acknowledged yet*", f"{told}")


async def test_a_call_that_fails_goes_to_the_next_level_at_once_and_says_why(phones):
    """Ana's text fails as well, and she has had her message: nothing else of hers is left."""
    await telephone(phones)["spoil"](to="ana", calls="failed", texts="undelivered", code=30003)

    room = await phones.declare()
    phones.move("+2m")

    await phones.until(lambda: "✗ *SMS to <@U0001> did not get through*" in phones.room_text(room))
    assert "their phone is off or out of reach, Twilio 30003" in phones.room_text(room)
    await in_card(phones, room, "could not be delivered: their phone is off or out of reach, Twilio 30003")
    assert "*Not acknowledged yet*" in phones.card(room)


async def test_a_call_that_fails_rings_on_for_every_incident_that_it_named(phones):
    rooms = [await phones.declare(title=title) for title in ("db down", "api slow")]
    await telephone(phones)["spoil"](to="ana", calls="failed", code=13224)

    phones.move("+2m")

    for room in rooms:
        await phones.until(lambda room=room: "✗ *Phone call to <@U0001> did not get through*" in phones.room_text(room))
        await in_card(phones, room, "*Not acknowledged yet*", "Twilio 13224")


async def test_a_refused_number_is_said_with_its_reason_and_never_with_the_number(phones):
    await telephone(phones)["spoil"](to="ana", refuse=21211)

    room = await phones.declare()
    phones.move("+2m")

    await in_card(phones, room, "their number is not valid, Twilio 21211")
    assert ANA not in phones.room_text(room) + phones.log.read_text()


async def test_who_presses_second_hears_who_was_first(phones):
    await ringing(phones)
    await telephone(phones)["pick_up"](to="ana")
    await phones.until(lambda: phones.calls[0]["status"] == "in-progress")
    await phones.say("ben", "/incident ack INC-1")

    answered = await telephone(phones)["answer"](to="ana", digits="1")

    assert answered["said"][-1] == "I N C 1 is already acknowledged by Ben. Thank you. Goodbye."


async def test_a_call_that_rings_while_somebody_else_acknowledges_is_ended_once(phones):
    room = await ringing(phones)

    await phones.people.click("ben", "Acknowledge", channel=room)

    await phones.until(lambda: phones.calls[0]["status"] == "canceled")
    await in_card(phones, room, "ended before anybody picked up")
    await phones.settled()
    assert len([each for each in phones.requests("twilio", "POST") if "/Calls/CA" in each.path]) == 1


async def test_a_reply_acknowledges(phones):
    room = await ringing(phones)

    replied = await telephone(phones)["reply"](to="ana", text="1 ACK")

    assert replied["answers"] == ["INC-1 is yours. Nobody else is rung."]
    await in_card(phones, room, "*Acknowledged* by <@U0001> by SMS")
    await phones.until(lambda: phones.calls[0]["status"] == "canceled")


async def test_replies_without_a_code_name_the_only_page_or_get_the_list(phones):
    await ringing(phones)
    listed = await telephone(phones)["reply"](to="ana", text="what?")
    assert listed["answers"] == ["Reply a code: 1 ack or 1 esc. Open:\n1 SEV-1 db down"]
    escalated = await telephone(phones)["reply"](to="ana", text="Esc")
    assert escalated["answers"] == ["INC-1: Ben is paged now."]
    acknowledged = await telephone(phones)["reply"](to="ana", text="ack")
    assert acknowledged["answers"] == ["INC-1 is yours. Nobody else is rung."]
    taken = await telephone(phones)["reply"](to="ben", text="ack inc-1")
    assert taken["answers"] == ["INC-1 is already acknowledged by Ana."]


async def test_a_stranger_is_told_nothing_and_is_counted_and_the_carriers_words_are_left_to_it(phones):
    await ringing(phones)
    stranger = await telephone(phones)["reply"](to="+15559999999", text="1 ack")
    stop = await telephone(phones)["reply"](to="ben", text="Stop")

    assert stranger["answers"] == stop["answers"] == []
    assert stranger["callback"]["status"] == 200
    assert await metric(phones, 'muster_texts_from_strangers_total{vendor="twilio"} 1.0')


async def test_a_repeated_reply_or_key_changes_nothing_and_is_counted(phones):
    room = await ringing(phones)
    await telephone(phones)["reply"](to="ana", text="1 esc")
    await telephone(phones)["redeliver"](field="Body")
    await telephone(phones)["answer"](to="ana", digits="1")
    again = await telephone(phones)["redeliver"](field="Digits")

    assert "is acknowledged. It is yours." in again["callback"]["body"]
    assert await metric(phones, 'muster_replayed_callbacks_total{vendor="twilio"} 2.0')
    await phones.settled()
    messages = [words(message) for message in phones.workspace.messages(room)]
    for said in ("escalated*", "is on it*"):
        assert len([message for message in messages if said in message]) == 1


@pytest.mark.parametrize("path", ["gather?incident=1&person=ana", "sms", "call?incident=1&person=ana", "text"])
async def test_a_forged_callback_changes_nothing_and_is_counted(phones, path):
    room = await ringing(phones)
    form = {"Digits": "1", "CallSid": "CA1", "From": ANA, "Body": "1 ack", "MessageSid": "SM1", "CallStatus": "busy"}
    async with aiohttp.ClientSession() as session:
        address = f"{phones.url}/callbacks/twilio/{path}"
        async with session.post(address, data=form, headers={"X-Twilio-Signature": "Zm9yZ2Vk"}) as refused:
            assert refused.status == 401
        async with session.post(address, data=b"x" * 70_000) as refused:
            assert refused.status == 413

    assert await metric(phones, 'muster_forged_callbacks_total{vendor="twilio"} 1.0')
    assert "*Not acknowledged yet*" in phones.card(room)


async def test_where_twilio_cannot_reach_muster_replies_are_fetched(unreachable):
    room = await ringing(unreachable)
    assert "Gather" not in str(unreachable.requests("twilio", "POST")[0].body)

    await telephone(unreachable)["reply"](to="ana", text="1 ack")
    unreachable.move("+10s")

    await in_card(unreachable, room, "*Acknowledged* by <@U0001> by SMS")
    await unreachable.until(lambda: "INC-1 is yours." in str(unreachable.texts))
    assert [text["body"] for text in unreachable.texts if "is yours" in text["body"]] == [
        "INC-1 is yours. Nobody else is rung."
    ]


async def test_where_twilio_cannot_reach_muster_the_ends_of_calls_are_fetched(unreachable):
    room = await ringing(unreachable)

    await telephone(unreachable)["voicemail"](to="ana")
    unreachable.move("+10s")

    await in_card(unreachable, room, "*Not acknowledged yet*", "a machine picked up", "SMS ✓ delivered")


async def test_a_test_page_rings_only_the_tester_by_all_means_and_is_no_incident(phones):
    answer = await phones.say("ana", "/incident testpage")
    assert "Your test page is on its way: Slack, call (…01), SMS (…01), e-mail." in words(answer.ephemerals[0])
    await phones.until(lambda: phones.calls and phones.texts and phones.workspace.dms("ana"))
    assert "*This is a test page.* Nothing is wrong" in words(phones.workspace.dms("ana")[0])
    assert phones.texts[0]["body"].startswith("TEST by Muster, INC-1: nothing is wrong.")

    answered = await telephone(phones)["answer"](to="ana", digits="1")
    assert answered["said"][0].startswith("This is a test call from Muster. Nothing is wrong.")
    assert answered["said"][-1] == "The test has reached you. Thank you. Goodbye."
    replied = await telephone(phones)["reply"](to="ana", text="ack")
    assert replied["answers"] == ["Muster: the test INC-1 has reached you. Thank you."]
    await phones.people.click("ana", "It has reached me", channel="dm")
    await phones.until(lambda: "Confirmed." in words(phones.workspace.dms("ana")[0]))

    status = words((await phones.say("ben", "/incident testpage status")).ephemerals[0])
    assert "<@U0001>: Slack ✓ confirmed · call ✓ confirmed · SMS ✓ confirmed" in status
    again = await phones.say("ana", "/incident testpage")
    assert "once a minute is enough" in words(again.ephemerals[0])
    assert "INC-1" not in words((await phones.say("ana", "/incident list all")).ephemerals[0])
    assert "is private" in words((await phones.say("ben", "/incident show INC-1")).ephemerals[0])
    phones.move("+1h")
    await phones.settled()
    assert len(phones.calls) == 1
    assert phones.rooms() == phones.issues == phones.status_incidents == phones.workspace.dms("ben") == []


async def test_a_test_page_that_cannot_arrive_says_so_and_rings_nobody_else(phones):
    await telephone(phones)["spoil"](to="ana", refuse=21211)
    await phones.say("ana", "/incident testpage")

    async def told():
        answer = await phones.say("ana", "/incident testpage status")
        return words(answer.ephemerals[0])

    await phones.settled()
    status = await told()
    assert "call ✗ Twilio refused (400: their number is not valid, Twilio 21211)" in status
    phones.move("+30m")
    await phones.settled()
    assert phones.calls == phones.texts == phones.workspace.dms("ben") == []
