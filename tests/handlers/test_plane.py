"""Plane's webhook over real HTTP: signed or refused, known once, 202 for whatever is signed; it resolves nothing."""

import hmac
import json
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import REGISTRY

from domain import decisions
from domain.incidents import Incident
from domain.policy import Policy
from domain.record import Ref
from handlers.http import plane
from service import config
from service.clock import Clock
from service.trackers import Trackers
from storage import incidents, queue
from tests.policies import EVERY_VENDOR
from tests.storage.conftest import opened, store, url
from tests.world import ROOT

__all__ = ["opened", "store", "url"]

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SECRET = "the-secret-of-the-webhook"
SETTINGS = config.load(ROOT / "config.yaml", {**EVERY_VENDOR, "PLANE_WEBHOOK_SECRET": SECRET})
PATH = "/callbacks/plane/webhook"
ISSUE = "5a4db0c5-0000-4000-8000-000000000001"
BEN = {"id": "b", "first_name": "Ben", "display_name": "ben", "email": "ben@example.com"}


class Door:
    """The webhook's address before a real database."""

    def __init__(self, store, client):
        self.store, self.client = store, client

    async def declare(self):
        draft = Incident("db down", "SEV-1", "U0001", NOW)

        def work():
            incident = incidents.apply(decisions.declare(draft, Policy(SETTINGS), NOW), NOW)
            [row] = queue.claim("plane", 1, "a", NOW, NOW - NOW)
            queue.deliver(row.id, "a", NOW, ISSUE, "ROOSE-1")
            incidents.remember(incident.number, [Ref("issue", ISSUE, "plane", data={"key": "ROOSE-1"})])

        await self.store.transact(work)

    async def send(self, event, delivery="one", secret=SECRET, signature=None):
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        signed = hmac.new(secret.encode(), body, "sha256").hexdigest()
        headers = {"X-Plane-Signature": signed if signature is None else signature, "X-Plane-Delivery": delivery}
        async with self.client.post(PATH, data=body, headers=headers) as answer:
            return answer.status

    async def record(self):
        return await self.store.transact(incidents.record, 1)

    async def told(self):
        """What the room is told: by whom, and what was done."""
        rows = [row.data for row in (await self.record()).owed if row.kind == "post"]
        return [(data["by"], data["say"]) for data in rows if data["say"].startswith("tracker")]


def changed(group, actor=BEN, field="state_id", at="2026-11-20T03:05:00Z", **data):
    """An event in the form of Plane's open source."""
    state = {"id": "s", "name": "Any name", "color": "#fff", "group": group}
    return {
        "event": "issue", "action": "updated", "webhook_id": "w", "workspace_id": "w",
        "data": {"id": ISSUE, "name": "db down", "state": state, "updated_at": at} | data,
        "activity": {"field": field, "old_value": "o", "new_value": "s", "actor": actor},
    }  # fmt: skip


def counted(name):
    return REGISTRY.get_sample_value(name, {"vendor": "plane"}) or 0.0


@pytest.fixture
async def door(store):
    trackers = Trackers(store, Clock(machine=lambda: NOW), Policy(SETTINGS), lambda _: None)
    app = web.Application()
    app.add_routes(plane.routes(trackers, SETTINGS))
    async with TestClient(TestServer(app)) as client:
        made = Door(store, client)
        await made.declare()
        yield made


def test_without_a_secret_there_is_no_door():
    assert plane.routes(None, config.load(ROOT / "config.yaml", EVERY_VENDOR)) == []


@pytest.mark.parametrize("group", ["completed", "cancelled"])
async def test_whoever_closes_it_is_named_and_the_incident_goes_on(door, group):
    assert await door.send(changed(group)) == 202
    assert await door.told() == [("U0002", "tracker_closed")]
    assert (await door.record()).incident.status == "investigating"


@pytest.mark.parametrize(
    ("actor", "name"),
    [
        ({"display_name": "eve", "email": "eve@example.com"}, "eve (Plane)"),
        ({"first_name": "Eve"}, "Eve (Plane)"),
        ({"display_name": "\ud800\x00*eve*"}, "??*eve* (Plane)"),
        ({}, "somebody (Plane)"),
        (None, "somebody (Plane)"),
    ],
)
async def test_a_stranger_is_named_as_in_plane(door, actor, name):
    assert await door.send(changed("completed", actor)) == 202
    assert await door.told() == [(name, "tracker_closed")]


async def test_closed_and_opened_again_are_two(door):
    await door.send(changed("completed"), "one")
    await door.send(changed("started", at="2026-11-20T03:06:00Z"), "two")
    assert await door.told() == [("U0002", "tracker_closed"), ("U0002", "tracker_reopened")]


@pytest.mark.parametrize(("at", "said"), [("2026-11-20T03:05:59Z", 0), ("2026-11-20T03:06:01Z", 1), (7, 1)])
async def test_a_late_word_of_before_our_last_write_is_taken_in_silence(door, at, said):
    ref = Ref("issue", ISSUE, "plane", data={"key": "ROOSE-1", "written": "2026-11-20T03:06:00Z"})
    await door.store.transact(incidents.remember, 1, [ref])
    assert await door.send(changed("completed", at=at)) == 202
    assert len(await door.told()) == said


@pytest.mark.parametrize("delivery", ["one", "another", ""])
async def test_a_repeat_is_taken_in_silence_and_counted(door, delivery):
    before = counted("muster_replayed_callbacks_total")
    await door.send(changed("completed"), "one")
    await door.send(changed("started", at="2026-11-20T03:06:00Z"), "two")
    assert await door.send(changed("completed"), delivery) == 202
    assert len(await door.told()) == 2
    assert counted("muster_replayed_callbacks_total") == before + 1


@pytest.mark.parametrize(
    "event",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        changed("completed", field="name"),
        changed("completed", field=None),
        changed("invented"),
        changed("completed", id="another"),
        changed("completed", id=7),
        changed("completed", state="s"),
        changed("completed") | {"event": "issue_comment"},
        changed("completed") | {"activity": []},
        changed("completed") | {"data": None},
    ],
)
async def test_what_is_of_no_use_is_taken_and_changes_nothing(door, event):
    before = await door.record()
    assert await door.send(event) == 202
    assert await door.record() == before


@pytest.mark.parametrize("signature", ["", "0" * 64, "sha256=" + "0" * 64, "é"])
async def test_a_wrong_signature_is_refused_and_counted(door, signature):
    before = counted("muster_forged_callbacks_total")
    assert await door.send(changed("completed"), signature=signature) == 401
    assert await door.send(changed("completed"), secret="other") == 401
    assert await door.told() == []
    assert counted("muster_forged_callbacks_total") == before + 2


async def test_a_forged_event_does_not_use_up_the_real_ones_id(door):
    await door.send(changed("completed"), secret="other")
    await door.send(changed("completed"))
    assert len(await door.told()) == 1


async def test_more_than_plane_ever_sends_is_too_much(door):
    assert await door.send(b" " * (plane.BODY_AT_MOST + 1)) == 413
