"""The phone: one call and one text each, found again after a crash, and no number in any reason."""

import asyncio
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest

from domain import heard
from domain.errors import Permanent, Temporary
from domain.heard import Heard
from domain.phone import Line, News, TextIn
from domain.record import Ref
from integrations.twilio import Twilio
from integrations.twilio_inbox import Inbox
from tests.integrations.edge import reply, reset
from tests.integrations.records import ROOM, T0, owed, record

SID = "AC" + "0" * 32
PHONE, OURS = "+15550000001", "+15550000000"
CALLS = f"/2010-04-01/Accounts/{SID}/Calls.json"
MESSAGES = f"/2010-04-01/Accounts/{SID}/Messages.json"
ANA = {"phone": PHONE, "person": "ana"}


def client(session, edge, callback_url="https://muster.example.com"):
    return Twilio(
        session, account_sid=SID, auth_token="t0ken", phone_number=OURS, callback_url=callback_url, url=edge.url
    )


@pytest.fixture
def phone(edge, session):
    return client(session, edge)


def call(sid="CA1", after=timedelta(seconds=1), **changes):
    return {"sid": sid, "status": "queued", "start_time": None, "date_created": format_datetime(T0 + after), **changes}


async def test_a_call_rings_the_person_and_asks_for_a_key(edge, phone):
    edge.on("POST", CALLS, reply(201, {"sid": "CA1", "status": "queued"}))
    receipt = await phone.call(record(), owed("call", **ANA))
    assert (receipt.vendor_id, receipt.result, receipt.refs) == ("CA1", "calling", (Ref("call", "CA1", name="ana"),))
    form = edge.asked[0].form
    assert (dict(form)["To"], dict(form)["From"], dict(form)["Timeout"]) == (PHONE, OURS, "30")
    assert [value for name, value in form if name == "StatusCallbackEvent"] == [
        "initiated",
        "ringing",
        "answered",
        "completed",
    ]
    gather = ET.fromstring(dict(form)["Twiml"]).find("Gather")
    assert gather.attrib["action"] == "https://muster.example.com/callbacks/twilio/gather?incident=42&person=ana&ring=7"
    assert "I N C 42" in gather.find("Say").text
    assert "Press 1 to acknowledge" in gather.find("Say").text
    assert dict(form)["MachineDetection"] == "Enable"
    assert edge.asked[0].headers["Authorization"] == "Basic " + b64encode(f"{SID}:t0ken".encode()).decode()


async def test_a_persons_name_cannot_change_the_callback(edge, phone):
    edge.on("POST", CALLS, reply(201, {"sid": "CA1"}))
    await phone.call(record(), owed("call", phone=PHONE, person="a&incident=1#ü"))
    query = parse_qs(urlsplit(dict(edge.asked[0].form)["StatusCallback"]).query)
    assert query == {"incident": ["42"], "person": ["a&incident=1#ü"], "ring": ["7"]}


async def test_a_call_for_many_offers_one_key_for_all_only_where_a_key_is_taken(edge, session):
    edge.on("POST", CALLS, *[reply(201, {"sid": f"CA{n}"}) for n in (1, 2)])
    for address in ("https://muster.example.com", None):
        await client(session, edge, callback_url=address).call(record(), owed("call", **ANA, covers=[43, 44]))
    with_keys, without = [dict(asked.form)["Twiml"] for asked in edge.asked]
    assert "3 incidents page you. One acknowledges all of them. The gravest is this." in with_keys
    assert "3 incidents page you. The gravest is this." in without


async def test_without_a_public_address_the_call_sends_people_to_slack(edge, session):
    edge.on("POST", CALLS, reply(201, {"sid": "CA1"}))
    await client(session, edge, callback_url=None).call(record(), owed("call", **ANA))
    form = dict(edge.asked[0].form)
    assert "Acknowledge in Slack or by SMS reply." in form["Twiml"]
    assert "Gather" not in form["Twiml"]
    assert not any(name.startswith("StatusCallback") for name in form)


async def test_a_text_says_what_and_where(edge, phone):
    edge.on("POST", MESSAGES, reply(201, {"sid": "SM1", "status": "queued"}))
    receipt = await phone.text(record(ROOM, title="“db” down…"), owed("text", **ANA))
    assert (receipt.vendor_id, receipt.result, receipt.refs) == ("SM1", "sent", (Ref("text", "SM1", name="ana"),))
    assert dict(edge.asked[0].form) == {
        "To": PHONE,
        "From": OURS,
        "Body": f'SEV-1 INC-42 "db" down... Reply 42 ack or 42 esc {ROOM.url}',
        "StatusCallback": "https://muster.example.com/callbacks/twilio/text?incident=42&person=ana&ring=7",
    }


async def test_a_repeat_adopts_the_call_that_went_out(edge, phone):
    edge.on("GET", CALLS, reply(200, {"calls": [call("CA9")]}))
    receipt = await phone.call(record(), owed("call", attempts=2, **ANA))
    assert (receipt.vendor_id, receipt.result) == ("CA9", "calling")
    assert [asked.method for asked in edge.asked] == ["GET"]
    assert dict(edge.asked[0].query) == {"To": PHONE, "From": OURS, "PageSize": "100"}


@pytest.mark.parametrize(
    "other",
    [
        call(status="failed"),
        call(status="canceled"),
        call(after=timedelta(minutes=-2)),
        call(date_created=None),
        call(date_created="yesterday"),
        call(sid=None),
        call(sid="CAother"),
    ],
)
async def test_a_repeat_calls_when_nothing_of_this_row_went_out(edge, phone, other):
    edge.on("GET", CALLS, reply(200, {"calls": [other]}))
    edge.on("POST", CALLS, reply(201, {"sid": "CA2"}))
    again = replace(owed("call", attempts=2, **ANA), taken=frozenset({"CAother"}))
    assert (await phone.call(record(), again)).vendor_id == "CA2"


async def test_a_call_a_minute_of_clock_skew_early_is_still_ours(edge, phone):
    edge.on("GET", CALLS, reply(200, {"calls": [call("CA9", after=timedelta(seconds=-59))]}))
    assert (await phone.call(record(), owed("call", attempts=2, **ANA))).vendor_id == "CA9"


async def test_the_call_of_another_incident_to_the_same_person_is_not_adopted(edge, phone):
    edge.on("POST", CALLS, reply(201, {"sid": "CA1"}), reply(201, {"sid": "CA2"}))
    edge.on("GET", CALLS, reply(200, {"calls": [call("CA1")]}))
    await phone.call(record(), owed("call", row=1, **ANA))
    assert (await phone.call(record(number=43), owed("call", row=2, attempts=2, **ANA))).vendor_id == "CA2"


async def test_a_repeat_adopts_the_text_of_this_incident_only(edge, phone):
    def message(sid, key):
        return call(sid) | {"body": f"[SEV-1] {key} db down. Acknowledge in Slack"}

    edge.on("GET", MESSAGES, reply(200, {"messages": [message("SM1", "INC-4"), message("SM2", "INC-42")]}))
    assert (await phone.text(record(), owed("text", attempts=2, **ANA))).vendor_id == "SM2"


async def test_a_repeat_that_cannot_look_does_not_ring_twice(edge, phone):
    edge.on("GET", CALLS, reply(500))
    with pytest.raises(Temporary):
        await phone.call(record(), owed("call", attempts=2, **ANA))
    assert edge.to("POST", CALLS) == []


async def test_refused_credentials_name_their_settings(edge, phone):
    edge.on("POST", CALLS, reply(401, {"code": 20003, "message": "Authenticate", "status": 401}))
    with pytest.raises(Permanent) as caught:
        await phone.call(record(), owed("call", **ANA))
    assert caught.value.reason == ("Twilio refused (401: Authenticate): check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (21211, "their number is not valid, Twilio 21211): check the phone of ana in config.yaml"),
        (21610, "they replied STOP to an earlier text, Twilio 21610): check the phone of ana in config.yaml"),
        (21212, "'From' [number] is odd): check TWILIO_PHONE_NUMBER"),
        (99999, "Twilio 99999: 'From' [number] is odd)"),
    ],
)
async def test_a_refused_number_says_whose_it_is_and_never_the_number(edge, phone, code, reason):
    edge.on("POST", MESSAGES, reply(400, {"code": code, "message": f"'From' {OURS} is odd", "status": 400}))
    with pytest.raises(Permanent) as caught:
        await phone.text(record(), owed("text", **ANA))
    assert caught.value.reason == f"Twilio refused (400: {reason}"


@pytest.mark.parametrize("verb", ["call", "text"])
async def test_trouble_is_temporary_for_calls_and_texts(edge, phone, verb):
    for trouble in (reply(429, {"code": 20429}, Retry_After="3"), reply(503), reset, reply(201, {})):
        edge.on("POST", CALLS, trouble)
        edge.on("POST", MESSAGES, trouble)
        with pytest.raises(Temporary):
            await getattr(phone, verb)(record(), owed(verb, **ANA))


async def test_a_hanging_twilio_is_left_when_time_is_up(edge, phone):
    edge.on("POST", CALLS, edge.hang)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await phone.call(record(), owed("call", **ANA))


CALL_9 = CALLS.replace(".json", "/CA9.json")


async def test_a_call_that_rings_is_ended_and_a_conversation_is_left_alone(edge, phone):
    edge.on("POST", CALL_9, reply(200, {"sid": "CA9", "status": "canceled"}))
    receipt = await phone.hang_up(record(), owed("hang_up", sid="CA9", person="ana"))
    assert (receipt.vendor_id, receipt.result) == ("CA9", "ended")
    assert edge.asked[0].form == [("Status", "canceled")]


@pytest.mark.parametrize(
    ("status", "code"), [(400, 21220), (404, 20404)], ids=["it is over", "Twilio has forgotten it"]
)
async def test_a_call_that_is_over_needs_no_end(edge, phone, status, code):
    edge.on("POST", CALL_9, reply(status, {"code": code, "message": "no", "status": status}))
    assert (await phone.hang_up(record(), owed("hang_up", sid="CA9", person="ana"))).result == "had ended already"


async def test_a_hang_up_that_is_refused_says_so(edge, phone):
    edge.on("POST", CALL_9, reply(400, {"code": 20001, "message": "odd", "status": 400}))
    with pytest.raises(Permanent, match="odd"):
        await phone.hang_up(record(), owed("hang_up", sid="CA9", person="ana"))


def message(sid, body="42 ack", direction="inbound", after=timedelta(seconds=1)):
    sent = format_datetime(T0 + after)
    return {"sid": sid, "direction": direction, "body": body, "from": PHONE, "date_sent": sent, "date_created": sent}


async def test_replies_are_those_to_our_number_since_the_page(edge, phone):
    listed = [message("SM3"), message("SM2", direction="outbound-api"), message("SM1", after=timedelta(hours=-1))]
    edge.on("GET", MESSAGES, reply(200, {"messages": listed}))
    found = await Inbox(phone).texts(T0)
    assert found == [TextIn("SM3", PHONE, "42 ack", T0 + timedelta(seconds=1))]
    assert dict(edge.asked[0].query) == {"To": OURS, "DateSent>": "2026-11-20", "PageSize": "100"}


@pytest.mark.parametrize("odd", [{}, {"sid": "SM1", "direction": "inbound", "date_sent": "yesterday"}])
async def test_a_message_that_cannot_be_placed_is_passed_over(edge, phone, odd):
    edge.on("GET", MESSAGES, reply(200, {"messages": [odd]}))
    assert await Inbox(phone).texts(T0) == []


async def test_a_calls_end_is_asked_for(edge, phone):
    edge.on("GET", CALL_9, reply(200, {"sid": "CA9", "status": "completed", "answered_by": "machine_start"}))
    line = Line(42, "call", "CA9", "ana")
    assert await Inbox(phone).state(line) == News("call", "CA9", "completed", 42, "ana", heard="machine_start")


async def test_a_texts_end_is_asked_for_with_its_reason(edge, phone):
    path = MESSAGES.replace(".json", "/SM9.json")
    edge.on("GET", path, reply(200, {"sid": "SM9", "status": "undelivered", "error_code": 30003}))
    line = Line(42, "text", "SM9", "ana")
    assert await Inbox(phone).state(line) == News("text", "SM9", "undelivered", 42, "ana", code=30003)


async def test_a_reply_is_answered_by_sms_and_a_refused_answer_is_no_fault(edge, phone):
    edge.on("POST", MESSAGES, reply(201, {"sid": "SM1"}), reply(400, {"code": 21610, "message": "no"}))
    answer = Heard(heard.ACKNOWLEDGED, record().incident)
    assert await Inbox(phone).answer(PHONE, answer)
    assert dict(edge.asked[0].form)["Body"] == "INC-42 is yours. Nobody else is rung."
    assert not await Inbox(phone).answer(PHONE, answer)


async def test_the_account_is_proved_by_a_read_and_has_to_be_active(edge, session):
    account = f"/2010-04-01/Accounts/{SID}.json"
    edge.on("GET", account, reply(200, {"sid": SID, "status": "active"}), reply(200, {"status": "suspended"}))
    twilio = client(session, edge)
    await twilio.prove()
    [asked] = edge.asked
    assert asked.headers["Authorization"] == "Basic " + b64encode(f"{SID}:t0ken".encode()).decode()
    with pytest.raises(Permanent, match="the Twilio account is suspended"):
        await twilio.prove()
    edge.on("GET", account, reply(401, {"code": 20003, "message": "Authenticate"}))
    with pytest.raises(Permanent, match="check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"):
        await twilio.prove()
