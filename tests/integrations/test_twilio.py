"""The phone: one call and one text each, found again after a crash, and no number in any reason."""

import asyncio
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest

from domain.errors import Permanent, Temporary
from domain.record import Ref
from integrations.twilio import Twilio
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
    assert gather.attrib["action"] == "https://muster.example.com/callbacks/twilio/gather?incident=42&person=ana"
    assert "I N C 42" in gather.find("Say").text
    assert "Press 1 to acknowledge" in gather.find("Say").text
    assert edge.asked[0].headers["Authorization"] == "Basic " + b64encode(f"{SID}:t0ken".encode()).decode()


async def test_a_persons_name_cannot_change_the_callback(edge, phone):
    edge.on("POST", CALLS, reply(201, {"sid": "CA1"}))
    await phone.call(record(), owed("call", phone=PHONE, person="a&incident=1#ü"))
    query = parse_qs(urlsplit(dict(edge.asked[0].form)["StatusCallback"]).query)
    assert query == {"incident": ["42"], "person": ["a&incident=1#ü"]}


async def test_without_a_public_address_the_call_sends_people_to_slack(edge, session):
    edge.on("POST", CALLS, reply(201, {"sid": "CA1"}))
    await client(session, edge, callback_url=None).call(record(), owed("call", **ANA))
    form = dict(edge.asked[0].form)
    assert "Acknowledge in Slack." in form["Twiml"]
    assert "Gather" not in form["Twiml"]
    assert not any(name.startswith("StatusCallback") for name in form)


async def test_a_text_says_what_and_where(edge, phone):
    edge.on("POST", MESSAGES, reply(201, {"sid": "SM1", "status": "queued"}))
    receipt = await phone.text(record(ROOM, title="“db” down…"), owed("text", **ANA))
    assert (receipt.vendor_id, receipt.result, receipt.refs) == ("SM1", "sent", (Ref("text", "SM1", name="ana"),))
    assert dict(edge.asked[0].form) == {
        "To": PHONE,
        "From": OURS,
        "Body": f'[SEV-1] INC-42 "db" down... Acknowledge in Slack {ROOM.url}',
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
        (21211, "their number is not valid): check the phone of ana in config.yaml"),
        (21610, "they replied STOP to an earlier text): check the phone of ana in config.yaml"),
        (21212, "'From' [number] is odd): check TWILIO_PHONE_NUMBER"),
        (99999, "'From' [number] is odd)"),
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
