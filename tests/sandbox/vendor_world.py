"""One stand-in behind a real HTTP server, a clock that can be moved and a bot that only listens. No Muster in it."""

import base64
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.vendors.pagerduty_account import INTEGRATION_KEY

BOT_URL = "http://127.0.0.1:8080"


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.at = datetime(2026, 10, 5, 3, 0, tzinfo=UTC)

    def now(self):
        return self.at

    def move(self, **by):
        self.at += timedelta(**by)


@dataclass
class Delivery:
    """One callback as the bot received it."""

    url: str
    body: bytes
    headers: dict

    @property
    def form(self) -> dict:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Bot:
    """Notes every callback; answers from `answers` by the URL's path, else with an empty 200."""

    got: list[Delivery] = field(default_factory=list)
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    down: bool = False

    async def post(self, url, *, body, headers):
        if self.down:
            raise ConnectionRefusedError("nobody listens")
        self.got.append(Delivery(url, body, headers))
        return self.answers.get(url.removeprefix(BOT_URL).split("?")[0], (200, ""))


@dataclass
class World:
    """What a test holds: the vendor, its HTTP client, the clock and the bot."""

    vendor: Any
    client: TestClient
    clock: Clock
    bot: Bot

    async def ask(self, method, path, status, headers=None, **more):
        """The parsed answer; the status is part of what is claimed."""
        async with self.client.request(method, f"/{self.vendor.name}{path}", headers=headers, **more) as response:
            assert response.status == status, await response.text()
            return await response.json()


@asynccontextmanager
async def standing(vendor_class):
    """The vendor at work; whatever it complained of must have been taken out by the test that provoked it."""
    clock, bot = Clock(), Bot()
    vendor = vendor_class(clock, bot.post)
    vendor.bot_url = BOT_URL
    await vendor.start()
    app = web.Application()
    app.add_routes(vendor.routes())
    async with TestClient(TestServer(app)) as client:
        vendor.environment(str(client.make_url("")).rstrip("/"))
        yield World(vendor, client, clock, bot)
        await vendor.settled()
    await vendor.stop()
    assert vendor.complaints == []


def basic(user, password):
    """The Authorization header of HTTP Basic."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


async def do(world, action, *args, **more):
    """What a person does at the vendor, and all that follows from it."""
    answer = await world.vendor.actions[action](*args, **more)
    await world.vendor.settled()
    return answer


def complaints(world):
    """What was complained of, taken out: `standing` fails on what is left."""
    taken, world.vendor.complaints[:] = list(world.vendor.complaints), []
    return taken


async def trigger(world, key="inc-1", action="trigger"):
    """An event at PagerDuty, as the integration sends it."""
    payload = {"summary": "SEV-1: db down", "source": "muster", "severity": "critical"}
    event = {"routing_key": INTEGRATION_KEY, "event_action": action, "dedup_key": key}
    await world.ask("POST", "/v2/enqueue", 202, json=event | ({"payload": payload} if action == "trigger" else {}))
