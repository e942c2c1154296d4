"""PagerDuty's webhook over real HTTP: signed or refused, too large refused, known once, 202 for whatever is signed."""

import json
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import REGISTRY

from domain import decisions
from domain.incidents import Incident
from domain.policy import Policy
from handlers.http import pagerduty
from integrations.pagerduty_rest import PagerDutyRest
from sandbox.vendors import signatures
from service import config
from service.clock import Clock
from service.pagers import Pagers
from storage import incidents, queue
from tests.contracts_folder import FOLDER, contract
from tests.integrations.conftest import edge, session
from tests.integrations.edge import reply
from tests.policies import EVERY_VENDOR
from tests.storage.conftest import opened, store, url
from tests.world import ROOT

__all__ = ["edge", "opened", "session", "store", "url"]

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SECRET = "the-secret-of-the-webhook"
SETTINGS = config.load(ROOT / "config.yaml", {**EVERY_VENDOR, "PAGERDUTY_WEBHOOK_SECRET": SECRET})
PATH = "/callbacks/pagerduty/webhook"
ANA = {"id": "PANA001", "type": "user_reference", "summary": "Ana"}
SAMPLES = ("acknowledged", "annotated", "resolved", "triggered")


class Door:
    """The webhook's address before a real database; PagerDuty's REST API at the edge."""

    def __init__(self, store, client):
        self.store, self.client = store, client
        self.key = ""

    async def declare(self):
        draft = Incident("db down", "SEV-1", "U0001", NOW)

        def work():
            incident = incidents.apply(decisions.declare(draft, Policy(SETTINGS), NOW), NOW)
            [row] = queue.claim("pagerduty", 1, "a", NOW, NOW - NOW)
            queue.deliver(row.id, "a", NOW, "id", "accepted")
            return incidents.record(incident.number).key

        self.key = await self.store.transact(work)

    def event(self, kind, number=1, **data):
        named = {
            "id": "PALERT1",
            "type": "incident",
            "incident_key": self.key,
            "html_url": "https://acme.example.com/1",
        }
        return {"event": {"id": f"01EVENT{number}", "event_type": kind, "agent": ANA, "data": {**named, **data}}}

    async def send(self, event, delivery="", secret=SECRET, signature=None):
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        headers = {"X-PagerDuty-Signature": signature or signatures.pagerduty(secret, body)}
        headers |= {"X-Webhook-Id": delivery} if delivery else {}
        async with self.client.post(PATH, data=body, headers=headers) as answer:
            return answer.status

    async def record(self):
        return await self.store.transact(incidents.record, 1)

    async def told(self):
        return [
            (o.data["what"], o.data["text"]) for o in (await self.record()).owed if o.data.get("say") == "pager_news"
        ]


def counted(name):
    return REGISTRY.get_sample_value(name, {"vendor": "pagerduty"}) or 0.0


@pytest.fixture
async def door(store, edge, session):
    rest = PagerDutyRest(session, api_key="invented", url=edge.url)
    edge.on("GET", "/users/PANA001", reply(200, {"user": {**ANA, "email": "ana@example.com"}}))
    pagers = Pagers(store, Clock(machine=lambda: NOW), Policy(SETTINGS), lambda _: None, {"pagerduty": rest})
    app = web.Application(client_max_size=1024 * 1024)
    app.add_routes(pagerduty.routes(pagers, SETTINGS))
    async with TestClient(TestServer(app)) as client:
        made = Door(store, client)
        await made.declare()
        yield made


async def test_an_acknowledgement_names_the_person_by_their_address(door):
    assert await door.send(door.event("incident.acknowledged")) == 202
    incident = (await door.record()).incident
    assert (incident.acknowledged_by, incident.acknowledged_means) == ("U0001", "pagerduty")


async def test_an_api_that_cannot_name_the_person_costs_the_name_only(door, edge):
    edge.on("GET", "/users/PANA001", reply(500))
    assert await door.send(door.event("incident.acknowledged")) == 202
    assert (await door.record()).incident.acknowledged_by == "Ana (PagerDuty)"


@pytest.mark.parametrize("agent", [None, "?", {"type": "integration_reference", "id": "P1", "summary": "Muster"}])
async def test_whoever_acknowledged_need_not_be_named_and_an_integration_is_nobody(door, agent):
    event = door.event("incident.acknowledged")
    event["event"]["agent"] = agent
    assert await door.send(event) == 202
    acknowledged = (await door.record()).incident.acknowledged_by
    assert acknowledged == (None if isinstance(agent, dict) else "somebody (PagerDuty)")


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        ("incident.unacknowledged", {}, ""),
        ("incident.escalated", {"assignees": [{"summary": "Ben"}]}, "Ben"),
        ("incident.reassigned", {"assignees": [{"summary": "Ben"}, {"summary": "Chris"}, 7]}, "Ben, Chris"),
        ("incident.priority_updated", {"priority": {"summary": "P1"}}, "P1"),
        ("incident.priority_updated", {"priority": None}, ""),
        ("incident.reopened", {}, ""),
        ("incident.responder.added", {"user": {"summary": "Ben"}}, "Ben"),
    ],
)
async def test_what_happens_over_there_is_told(door, kind, data, told):
    assert await door.send(door.event(kind, **data)) == 202
    assert await door.told() == [(kind.removeprefix("incident."), told)]
    assert (await door.record()).incident.acknowledged_at is None


async def test_a_note_is_known_by_the_vendors_id_that_an_earlier_event_told(door):
    await door.send(door.event("incident.triggered"))
    note = {"id": "PNOTE1", "type": "incident_note", "content": "on it", "incident": {"id": "PALERT1"}}
    event = door.event("incident.annotated", 2)
    event["event"]["data"] = note
    assert await door.send(event) == 202
    [written] = (await door.record()).entries("note")
    assert (written.author, written.data["text"]) == ("U0001", "on it")


async def test_words_that_no_database_holds_are_kept_as_far_as_they_can_be(door):
    event = door.event("incident.annotated", content="\ud800 is \x00 it", incident={"id": "PALERT1\ud800"})
    event["event"]["agent"] = {"type": "user_reference", "summary": "E\ud800ve"}
    assert await door.send(event, "one") == 202
    [written] = (await door.record()).entries("note")
    assert (written.author, written.data["text"]) == ("E?ve (PagerDuty)", "? is ? it")


async def test_a_note_before_any_other_event_is_looked_up(door, edge):
    edge.on("GET", "/incidents/PALERT1", reply(200, {"incident": {"id": "PALERT1", "incident_key": door.key}}))
    event = door.event("incident.annotated")
    event["event"]["data"] = {"type": "incident_note", "content": "on it", "incident": {"id": "PALERT1"}}
    await door.send(event)
    assert await door.told() == [("annotated", "on it")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"number": 1, "delivery": "one"}, {"number": 1, "delivery": "one"}),
        ({"number": 1, "delivery": "one"}, {"number": 1, "delivery": "another"}),
        ({"number": 1, "delivery": "one"}, {"number": 2, "delivery": "one"}),
        ({"number": 1, "delivery": ""}, {"number": 1, "delivery": ""}),
    ],
)
async def test_a_repeat_is_taken_in_silence_and_counted(door, first, second):
    before = counted("muster_replayed_callbacks_total")
    for each in (first, second):
        assert await door.send(door.event("incident.escalated", each["number"]), each["delivery"]) == 202
    assert len(await door.told()) == 1
    assert counted("muster_replayed_callbacks_total") == before + 1


async def test_two_events_are_two(door):
    for number in (1, 2):
        await door.send(door.event("incident.escalated", number), f"delivery {number}")
    assert len(await door.told()) == 2


@pytest.mark.parametrize(
    "kind", ["pagey.ping", "incident.responder.replied", "incident.invented", "service.updated", None]
)
async def test_what_is_of_no_use_is_taken_and_changes_nothing(door, kind):
    before = await door.record()
    assert await door.send(door.event(kind)) == 202
    assert await door.record() == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"event": 7}',
        b'{"event": {"event_type": "incident.acknowledged"}}',
        b"[" * 100_000,
    ],
)
async def test_what_is_signed_and_senseless_is_taken_and_changes_nothing(door, body):
    before = await door.record()
    assert await door.send(body) == 202
    assert await door.record() == before


@pytest.mark.parametrize("key", ["muster-00000000-1", "other", "", 7, None, "muster-"])
async def test_an_alert_of_somebody_else_changes_nothing(door, key):
    before = await door.record()
    assert await door.send(door.event("incident.acknowledged", incident_key=key, id=None)) == 202
    assert await door.record() == before


async def test_a_key_of_ours_without_an_incident_changes_nothing(door):
    assert await door.send(door.event("incident.acknowledged", incident_key=door.key[:-1] + "999")) == 202
    assert (await door.record()).incident.acknowledged_at is None


@pytest.mark.parametrize("signature", ["v1=" + "0" * 64, "v0=abc", "é", ","])
async def test_a_wrong_signature_is_refused_and_counted(door, signature):
    before = counted("muster_forged_callbacks_total")
    assert await door.send(door.event("incident.acknowledged"), signature=signature) == 401
    assert await door.send(door.event("incident.acknowledged"), secret="other") == 401
    assert (await door.record()).incident.acknowledged_at is None
    assert counted("muster_forged_callbacks_total") == before + 2


async def test_a_forged_event_does_not_use_up_the_real_ones_id(door):
    await door.send(door.event("incident.escalated"), "one", secret="other")
    await door.send(door.event("incident.escalated"), "one")
    assert len(await door.told()) == 1


@pytest.mark.parametrize("bytes_", [256 * 1024 + 1, 900_000, 3_000_000])
async def test_more_than_pagerduty_ever_sends_is_too_much(door, bytes_):
    assert await door.send(b" " * bytes_) == 413


async def test_as_much_as_pagerduty_ever_sends_is_read(door):
    event = json.dumps(door.event("incident.acknowledged")).encode()
    assert await door.send(event + b" " * (256 * 1024 - len(event))) == 202
    assert (await door.record()).incident.acknowledged_by == "U0001"


@pytest.mark.parametrize("sample", SAMPLES)
async def test_pagerdutys_own_samples_are_understood(door, sample):
    event = contract(f"webhooks/pagerduty-v3-incident-{sample}.json")
    data = event["event"]["data"]
    named = data.get("incident", data)
    named["id"] = "PALERT1"
    if "incident_key" in data:
        data["incident_key"] = door.key
    await door.send(door.event("incident.triggered", 7))
    assert await door.send(event) == 202
    record = await door.record()
    assert (record.incident.acknowledged_by == "Tenex Engineer (PagerDuty)") is (sample in ("acknowledged", "resolved"))
    assert bool(await door.told()) is (sample in ("annotated", "resolved"))


async def test_the_ping_of_the_contract_is_answered(door):
    contract("webhooks/pagerduty-v3-pagey-ping.json")
    assert await door.send((FOLDER / "webhooks" / "pagerduty-v3-pagey-ping.json").read_bytes()) == 202
