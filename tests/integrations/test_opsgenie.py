"""Opsgenie: a page counts when it is confirmed, a repeat asks before it sends, and what failed later is a refusal."""

import asyncio
from dataclasses import replace

import pytest

from domain.decision import Entry
from domain.errors import Permanent, Temporary
from domain.pager import Page, Sighting, Who
from integrations import opsgenie
from integrations.opsgenie import Opsgenie
from tests.integrations.edge import reply, reset
from tests.integrations.records import KEY, NAMES, ROOM, T0, owed, record, resolved

API_KEY = "eb243592-faa2-4ba2-a551-1afdf565c889"
TAKEN = reply(202, {"result": "Request will be processed", "took": 0.1, "requestId": "req-1"})
CREATE, STATUS, ALERT = ("POST", "/v2/alerts"), ("GET", "/v2/alerts/requests/req-1"), ("GET", f"/v2/alerts/{KEY}")
ACKNOWLEDGE, CLOSE = ("POST", f"/v2/alerts/{KEY}/acknowledge"), ("POST", f"/v2/alerts/{KEY}/close")
UNKNOWN = reply(404, {"message": "Alert with alias does not exist"})


def done(success=True, **more):
    return reply(200, {"data": {"isSuccess": success, "status": "Created alert", "alertId": "a1", **more}})


def alert(**values):
    return reply(200, {"data": {"id": "a1", "alias": KEY, "status": "open", "acknowledged": False, **values}})


@pytest.fixture
def pager(edge, session):
    return Opsgenie(
        session,
        api_key=API_KEY,
        severities={"SEV-1": "critical", "SEV-2": "error", "SEV-3": "warning"},
        responders=("team:Platform", "user:ana@example.com", "schedule:4513b7ea-3b91-438f-b7e4-e3e54af9147c"),
        schedules=("Primary on-call",),
        emails={"U0001": "ana@example.com"},
        names=NAMES,
        url=edge.url,
    )


async def test_a_page_is_an_alert_that_is_confirmed(edge, pager):
    edge.on(*CREATE, TAKEN)
    edge.on(*STATUS, done())
    receipt = await pager.page(record(ROOM), owed("page", "1"))
    assert (receipt.vendor_id, receipt.result) == (KEY, "accepted")
    sent = edge.to(*CREATE)[0]
    assert sent.headers["Authorization"] == f"GenieKey {API_KEY}"
    assert {name: sent.json[name] for name in ("message", "alias", "priority", "description", "source")} == {
        "message": "[SEV-1] db down",
        "alias": KEY,
        "priority": "P1",
        "description": "nothing answers",
        "source": "muster",
    }
    assert sent.json["responders"] == [
        {"type": "team", "name": "Platform"},
        {"type": "user", "username": "ana@example.com"},
        {"type": "schedule", "id": "4513b7ea-3b91-438f-b7e4-e3e54af9147c"},
    ]
    assert sent.json["tags"] == ["muster", "SEV-1", "api"]
    assert sent.json["details"]["room"] == ROOM.url
    assert sent.json["details"]["reporter"] == "Ana"


async def test_a_result_that_is_not_there_for_a_moment_is_waited_for(edge, pager):
    edge.on(*CREATE, TAKEN)
    edge.on(*STATUS, reply(404, {"message": "Request not found. It might not be processed, yet."}), done())
    assert (await pager.page(record(), owed("page", "1"))).result == "accepted"
    assert (len(edge.to(*CREATE)), len(edge.to(*STATUS))) == (1, 2)


async def test_a_page_that_opsgenie_failed_later_is_refused_with_its_reason(edge, pager):
    edge.on(*CREATE, TAKEN)
    edge.on(*STATUS, done(success=False, status="No responder found for team Platform"))
    with pytest.raises(Permanent) as caught:
        await pager.page(record(), owed("page", "1"))
    assert caught.value.reason == (
        "Opsgenie took the request and failed it (No responder found for team Platform): "
        "check integrations.opsgenie.responders"
    )


async def test_an_unconfirmed_page_is_asked_for_again_and_not_sent_again(edge, pager, monkeypatch):
    monkeypatch.setattr(opsgenie, "ASKED_AFTER_S", (0.0,))
    edge.on(*CREATE, TAKEN)
    edge.on(*STATUS, reply(404, {}))
    with pytest.raises(Temporary, match="has not said yet"):
        await pager.page(record(), owed("page", "1"))
    edge.on(*STATUS, done())
    await pager.page(record(), owed("page", "1", attempts=2))
    assert len(edge.to(*CREATE)) == 1


async def test_a_request_that_stays_unknown_is_looked_for_by_its_alert_and_sent_again(edge, pager, monkeypatch):
    monkeypatch.setattr(opsgenie, "ASKED_AFTER_S", (0.0,))
    edge.on(*CREATE, TAKEN)
    edge.on(*STATUS, reply(404, {}))
    edge.on(*ALERT, UNKNOWN)
    for attempt in range(1, 6):
        with pytest.raises(Temporary):
            await pager.page(record(), owed("page", "1", attempts=attempt))
    assert len(edge.to(*CREATE)) == 2


async def test_a_repeat_whose_first_answer_was_lost_finds_the_alert(edge, pager):
    edge.on(*ALERT, alert())
    assert (await pager.page(record(), owed("page", "1", attempts=2))).result == "accepted"
    assert edge.to(*CREATE) == []
    assert edge.asked[0].query == [("identifierType", "alias")]


@pytest.mark.parametrize(("target", "alias"), [("1", KEY), ("2", f"{KEY}-2")])
async def test_each_page_has_an_alias_of_its_own(edge, pager, target, alias):
    edge.on(*CREATE, TAKEN)
    edge.on(*STATUS, done())
    await pager.page(record(), owed("page", target))
    assert edge.asked[0].json["alias"] == alias


@pytest.mark.parametrize(("severity", "priority"), [("SEV-2", "P2"), ("SEV-3", "P3"), ("new", "P1")])
async def test_a_severity_nobody_mapped_is_as_loud_as_possible(edge, pager, severity, priority):
    edge.on(*CREATE, TAKEN)
    edge.on(*STATUS, done())
    await pager.page(record(severity=severity), owed("page", "1"))
    assert edge.asked[0].json["priority"] == priority


async def test_long_words_are_cut_below_opsgenies_limits(edge, pager):
    edge.on(*CREATE, TAKEN)
    edge.on(*STATUS, done())
    long = "\N{PILE OF POO}" * 50_000
    await pager.page(record(title=long, description=long, impact=long, services=(long,) * 40), owed("page", "1"))
    sent = edge.asked[0].json
    assert (len(sent["message"]), len(sent["description"]), len(sent["entity"])) == (130, 15_000, 512)
    assert len(sent["tags"]) == 20
    assert all(len(tag) <= 50 for tag in sent["tags"])
    assert sum(map(len, [*sent["details"], *sent["details"].values()])) <= 8_000


async def test_an_acknowledgement_names_the_person(edge, pager):
    edge.on(*ACKNOWLEDGE, TAKEN)
    edge.on(*STATUS, done())
    await pager.acknowledge(record(acknowledged_by="U0001", acknowledged_at=T0), owed("acknowledge", "1"))
    [asked] = edge.to(*ACKNOWLEDGE)
    assert asked.json == {"user": "ana@example.com", "source": "muster"}
    assert asked.query == [("identifierType", "alias")]


async def test_a_resolution_closes_the_alert_with_its_words(edge, pager):
    edge.on(*CLOSE, TAKEN)
    edge.on(*STATUS, done())
    ended = resolved(timeline=(Entry("resolution", "U0002", {"text": "restarted"}, at=T0),))
    await pager.resolve(ended, owed("resolve", "1"))
    assert edge.to(*CLOSE)[0].json == {"user": "Ben", "source": "muster", "note": "restarted"}


@pytest.mark.parametrize(
    ("found", "result"),
    [
        (alert(acknowledged=True), "acknowledged already"),
        (alert(status="closed"), "acknowledged already"),
        (UNKNOWN, "there is no such alert"),
    ],
)
async def test_what_is_so_already_or_rings_nobody_is_success(edge, pager, found, result):
    edge.on(*ACKNOWLEDGE, TAKEN)
    edge.on(*STATUS, done(success=False, status="Alert is already acknowledged"))
    edge.on(*ALERT, found)
    assert (await pager.acknowledge(record(), owed("acknowledge", "1"))).result == result


async def test_an_acknowledgement_that_failed_is_a_refusal(edge, pager):
    edge.on(*ACKNOWLEDGE, TAKEN)
    edge.on(*STATUS, done(success=False, status="not allowed"))
    edge.on(*ALERT, alert())
    with pytest.raises(Permanent, match="not allowed"):
        await pager.acknowledge(record(), owed("acknowledge", "1"))


@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "OPSGENIE_API_KEY"), (402, "plan"), (403, "rights"), (422, "integrations.opsgenie")],
)
async def test_a_refusal_is_final_and_says_what_to_check_and_never_the_key(edge, pager, status, advice):
    edge.on(*CREATE, reply(status, {"message": f"key {API_KEY} is wrong", "code": 40301}))
    with pytest.raises(Permanent, match=advice) as caught:
        await pager.page(record(), owed("page", "1"))
    assert API_KEY not in caught.value.reason


async def test_the_throttle_says_for_how_long(edge, pager):
    headers = {"X_RateLimit_State": "THROTTLED", "X_RateLimit_Reason": "ACCOUNT", "X_RateLimit_Period_In_Sec": "60"}
    edge.on(*CREATE, reply(429, {"message": "You are making too many requests!"}, **headers))
    with pytest.raises(Temporary) as caught:
        await pager.page(record(), owed("page", "1"))
    assert (caught.value.retry_after, caught.value.pause) == (60, True)


@pytest.mark.parametrize("trouble", [reply(500), reset, reply(202, {"portal": 1}), reply(200, b"<html>")])
async def test_each_verb_is_tried_again_after_trouble(edge, pager, trouble):
    for path in (CREATE, ACKNOWLEDGE, CLOSE):
        edge.on(*path, trouble)
    for verb in (pager.page, pager.acknowledge, pager.resolve):
        with pytest.raises(Temporary):
            await verb(record(), owed("x", "1"))


async def test_trouble_after_the_request_was_taken_sends_nothing_twice(edge, pager):
    edge.on(*CREATE, TAKEN)
    edge.on(*STATUS, reply(500), done())
    with pytest.raises(Temporary):
        await pager.page(record(), owed("page", "1"))
    await pager.page(record(), owed("page", "1", attempts=2))
    assert len(edge.to(*CREATE)) == 1


async def test_a_hanging_opsgenie_is_left_when_time_is_up(edge, pager):
    edge.on(*CREATE, edge.hang)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await pager.page(record(), owed("page", "1"))


async def test_how_pages_stand_and_who_answered(edge, pager):
    keys = [KEY, f"{KEY}-2", f"{KEY}-3", f"{KEY}-4"]
    edge.on("GET", f"/v2/alerts/{keys[0]}", alert(acknowledged=True, report={"acknowledgedBy": "ana@example.com"}))
    edge.on("GET", f"/v2/alerts/{keys[1]}", alert(status="closed", report={"closedBy": "Ben"}))
    edge.on("GET", f"/v2/alerts/{keys[2]}", alert())
    edge.on("GET", f"/v2/alerts/{keys[3]}", UNKNOWN)
    assert await pager.look([Page(42, key, T0) for key in keys]) == (
        Sighting(keys[0], "acknowledged", Who("ana@example.com", "ana@example.com"), "a1"),
        Sighting(keys[1], "resolved", Who("Ben"), "a1"),
        Sighting(keys[2], "triggered", Who(), "a1"),
    )


async def test_an_acknowledged_alert_without_a_report_names_its_owner(edge, pager):
    edge.on(*ALERT, alert(acknowledged=True, owner="ana@example.com"))
    [seen] = await pager.look([Page(42, KEY, T0)])
    assert seen.who.email == "ana@example.com"


async def test_who_is_on_call_comes_by_schedule(edge, pager):
    path = "/v2/schedules/Primary on-call/on-calls"
    edge.on("GET", path, reply(200, {"data": {"onCallRecipients": ["ana@example.com"]}}))
    [found] = await pager.on_call()
    assert (found.who.email, found.schedule) == ("ana@example.com", "Primary on-call")
    assert edge.asked[0].query == [("scheduleIdentifierType", "name"), ("flat", "true")]


async def test_the_key_is_proved_by_a_read(edge, pager):
    edge.on("GET", "/v2/alerts", reply(200, {"data": []}), reply(403, {"message": "no read access"}))
    await pager.prove()
    with pytest.raises(Permanent, match="rights of OPSGENIE_API_KEY"):
        await pager.prove()
    assert {asked.method for asked in edge.asked} == {"GET"}


async def test_a_row_of_another_number_does_not_take_this_ones_answer(edge, pager):
    edge.on(*CREATE, TAKEN)
    edge.on(*STATUS, reply(500), done())
    with pytest.raises(Temporary):
        await pager.page(record(), owed("page", "1", row=7))
    await pager.page(replace(record(), key="muster-1a2b3c4d-43"), owed("page", "1", row=8))
    assert [asked.json["alias"] for asked in edge.to(*CREATE)] == [KEY, "muster-1a2b3c4d-43"]
