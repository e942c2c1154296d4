"""The pager: one key a page, and nothing that PagerDuty would refuse."""

import asyncio
import json

import pytest

from domain.errors import Permanent, Temporary
from integrations.pagerduty import PagerDuty
from tests.integrations.edge import reply, reset
from tests.integrations.records import KEY, NAMES, ROOM, owed, record

ROUTING_KEY = "0" * 31 + "f"
ENQUEUE = ("POST", "/v2/enqueue")
ACCEPTED = reply(202, {"status": "success", "message": "Event processed", "dedup_key": KEY})


@pytest.fixture
def pager(edge, session):
    levels = {"SEV-1": "critical", "SEV-3": "warning"}
    return PagerDuty(session, routing_key=ROUTING_KEY, severities=levels, names=NAMES, url=edge.url)


async def test_a_page_carries_the_incident_and_its_key(edge, pager):
    edge.on(*ENQUEUE, ACCEPTED)
    receipt = await pager.page(record(ROOM), owed("page", "1"))
    assert (receipt.vendor_id, receipt.result) == (KEY, "accepted")
    [asked] = edge.asked
    payload = asked.json.pop("payload")
    assert {name: asked.json[name] for name in ("routing_key", "event_action", "dedup_key", "client_url")} == {
        "routing_key": ROUTING_KEY,
        "event_action": "trigger",
        "dedup_key": KEY,
        "client_url": ROOM.url,
    }
    assert (payload["summary"], payload["severity"], payload["source"]) == ("[SEV-1] db down", "critical", "muster")
    assert payload["custom_details"]["reporter"] == "Ana"
    assert payload["custom_details"]["description"] == "nothing answers"


async def test_a_page_that_waits_for_no_room_has_no_link(edge, pager):
    edge.on(*ENQUEUE, ACCEPTED)
    await pager.page(record(), owed("page"))
    assert {"client_url", "links"}.isdisjoint(edge.asked[0].json)


@pytest.mark.parametrize(("target", "key"), [("", KEY), ("1", KEY), ("2", f"{KEY}-2"), ("3", f"{KEY}-3")])
async def test_acknowledge_and_resolve_name_the_same_alert_as_the_page(edge, pager, target, key):
    edge.on(*ENQUEUE, ACCEPTED)
    for verb in (pager.page, pager.acknowledge, pager.resolve):
        assert (await verb(record(), owed("x", target))).vendor_id == key
    assert [asked.json["dedup_key"] for asked in edge.asked] == [key] * 3
    assert [asked.json["event_action"] for asked in edge.asked] == ["trigger", "acknowledge", "resolve"]
    assert set(edge.asked[1].json) == set(edge.asked[2].json) == {"routing_key", "event_action", "dedup_key"}


@pytest.mark.parametrize(("severity", "level"), [("SEV-1", "critical"), ("SEV-3", "warning"), ("new", "critical")])
async def test_a_severity_nobody_mapped_is_as_loud_as_possible(edge, pager, severity, level):
    edge.on(*ENQUEUE, ACCEPTED)
    await pager.page(record(severity=severity), owed("page"))
    assert edge.asked[0].json["payload"]["severity"] == level


async def test_long_words_are_cut_below_pagerdutys_limits(edge, pager):
    edge.on(*ENQUEUE, ACCEPTED)
    long = "\N{PILE OF POO}" * 600_000
    await pager.page(record(title=long, description=long, impact=long, services=(long,)), owed("page"))
    assert len(edge.asked[0].json["payload"]["summary"]) == 1024
    assert len(edge.asked[0].raw) < 512 * 1024


async def test_a_refused_key_says_which_setting_and_never_the_key(edge, pager):
    body = {"status": "invalid event", "message": "Event object is invalid", "errors": [f"'{ROUTING_KEY}' is wrong"]}
    edge.on(*ENQUEUE, reply(400, body))
    with pytest.raises(Permanent) as caught:
        await pager.page(record(), owed("page"))
    assert caught.value.reason == (
        "PagerDuty refused (400: Event object is invalid; '[secret]' is wrong): check PAGERDUTY_INTEGRATION_KEY"
    )


async def test_a_stranger_who_answers_in_pagerdutys_place_does_not_swallow_the_page(edge, pager):
    edge.on(*ENQUEUE, reply(200, {"portal": "please log in"}))
    with pytest.raises(Temporary, match="did not accept"):
        await pager.page(record(), owed("page"))


@pytest.mark.parametrize("verb", ["page", "acknowledge", "resolve"])
async def test_each_verb_is_tried_again_after_trouble(edge, pager, verb):
    for trouble in (reply(429, {}, Retry_After="60"), reply(500), reset):
        edge.on(*ENQUEUE, trouble)
        with pytest.raises(Temporary):
            await getattr(pager, verb)(record(), owed(verb))


async def test_a_hanging_pagerduty_is_left_when_time_is_up(edge, pager):
    edge.on(*ENQUEUE, edge.hang)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await pager.page(record(), owed("page"))


async def test_unreadable_characters_do_not_reach_the_pager(edge, pager):
    edge.on(*ENQUEUE, ACCEPTED)
    await pager.page(record(title="db\x00\u202e down\n now"), owed("page"))
    assert json.loads(edge.asked[0].raw)["payload"]["summary"] == "[SEV-1] db down now"
