"""Whatever is asked of the control API, the answer is a sentence, never a traceback."""

import itertools
import json

import aiohttp
import pytest
import pytest_asyncio

from sandbox.app import Sandbox
from sandbox.control import Control

NO_JSON = [b"", b"{", b"[]", b"1", b"null", b'"x"', b"[" * 50_000, b"\xff\xfe", b'{"as": NaN}', b'{"as": "\\ud800"}']
VALUES = [None, -1, 1.5, True, [], {}, [[]], {"a": {"b": []}}, "", "\x00", "x" * 50_000, "🧨" * 1000, "<!channel>"]
FIELDS = ("as", "text", "channel", "ts", "user", "name", "move", "do", "kind", "ms", "values", "view_id", "block_id")
GOOD = {"channel": "C0GENERAL", "text": "hi", "do": "hear", "service": "plane", "kind": "latency"}


@pytest_asyncio.fixture
async def world():
    async with Sandbox() as sandbox, aiohttp.ClientSession(sandbox.url) as http:
        yield sandbox, http


async def status(http, path, body, **headers):
    async with http.post(path, data=body, headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize("body", NO_JSON)
async def test_what_is_no_object_of_json_is_refused(world, body):
    http = world[1]
    for deed in ("say", "topic", "faults", "twilio/hear"):
        refused = await status(http, f"/control/{deed}", body)
        assert refused == 400 or (body in (b"", b"null") and refused < 500)


async def test_nothing_absurd_breaks_a_deed(world):
    sandbox, http = world
    deeds = [deed for deed in Control(sandbox)._deeds if deed not in ("kill", "bot")]
    for deed, field, value in itertools.product(deeds, FIELDS, VALUES):
        answered = await status(http, f"/control/{deed}", json.dumps({**GOOD, field: value}))
        assert answered < 500, (deed, field, value)
        sandbox.faults.clear()


@pytest.mark.parametrize(
    "path", ["log?since=x", "requests?since=x", "view?who=nobody", "views?who=nobody", "history?as=x"]
)
async def test_nothing_absurd_breaks_a_look(world, path):
    async with world[1].get(f"/control/{path}") as answer:
        assert 400 <= answer.status < 500
        assert (await answer.json())["error"]


@pytest.mark.parametrize("name", ["%00", "a" * 5000, "..%2f..%2fconfig.yaml", "index.html%00.js", "css"])
async def test_no_such_file_is_just_not_there(world, name):
    async with world[1].get(f"/page/{name}") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("by", ["+99999999d", "-99999999d", "+999999999999999999999s", "+3654d"])
async def test_the_clock_stays_where_calendars_reach(world, by):
    sandbox, http = world
    assert await status(http, "/control/clock", json.dumps({"move": by})) == 400
    assert sandbox.clock.offset.total_seconds() == 0


@pytest.mark.parametrize("options", [{"code": 99}, {"code": 1000}, {"ms": -1}, {"times": -1}, {"seconds": -1}])
async def test_a_fault_that_cannot_be_is_refused(world, options):
    sandbox, http = world
    assert await status(http, "/control/faults", json.dumps({"service": "plane", "kind": "status", **options})) == 400
    assert sandbox.faults.active == []


async def test_a_window_of_nobody_is_told_so(world):
    async with world[1].ws_connect("/control/live?as=nobody") as ws:
        assert "nobody here is called 'nobody'" in (await ws.receive_json(timeout=5))["refused"]


async def test_a_message_is_no_book(world):
    http = world[1]
    long = json.dumps({"channel": "C0GENERAL", "text": "x" * 40_001})
    assert await status(http, "/control/post", long) == 400
