"""Who has no token is refused in a sentence, counted, and logged without what was sent."""

import logging

import aiohttp
import pytest
from aiohttp import web

from handlers.http import server
from handlers.http.guard import SAY_EVERY_S, Guard

TOKEN = "hidden-5f3a-1234"


class Moment:
    """A clock that stands until it is moved."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Moment()


@pytest.fixture
async def ask(clock):
    """ask(header) -> (status, answer, headers) of something behind the guard; ask(header, token="") of a closed one."""
    runners = []

    async def ask(*authorization, token=TOKEN, guard=None):
        guard = guard or Guard(token, clock)

        async def guarded(request):
            return guard.refusal(request) or web.json_response({"secret": True})

        runners.append(await server.serve([web.get("/guarded", guarded)], "127.0.0.1", 0))
        port = runners[-1].addresses[0][1]
        headers = [("Authorization", value) for value in authorization]
        url = f"http://127.0.0.1:{port}/guarded"
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
            return answer.status, await answer.json(), answer.headers

    yield ask
    for runner in runners:
        await runner.cleanup()


async def test_whoever_has_the_token_passes(ask):
    assert (await ask(f"Bearer {TOKEN}"))[:2] == (200, {"secret": True})


@pytest.mark.parametrize("header", [None, "", "Bearer", f"Basic {TOKEN}", "Bearer wrong", "Bearer \u00fc\u20ac", TOKEN])
async def test_whoever_has_not_is_told_what_to_send(ask, header):
    status, answer, headers = await ask(*([] if header is None else [header]))
    assert (status, list(answer)) == (401, ["error"])
    assert "Authorization: Bearer <token>" in answer["error"]
    assert headers["WWW-Authenticate"] == 'Bearer realm="Muster"'


@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer", "Bearer None", f"Bearer {TOKEN}"])
async def test_without_a_token_of_its_own_it_is_closed_to_everybody(ask, header):
    status, answer, _ = await ask(*([] if header is None else [header]), token="")
    assert status == 403
    assert "set MUSTER_DASHBOARD_TOKEN" in answer["error"]


async def test_refusals_are_logged_once_a_minute_with_their_number_and_without_what_was_sent(ask, clock, caplog):
    guard = Guard(TOKEN, clock)
    with caplog.at_level(logging.INFO):
        for n in range(5):
            await ask(f"Bearer guess-{n}", guard=guard)
        clock.now += SAY_EVERY_S
        await ask("Bearer guess-5", guard=guard)

    said = [record.getMessage() for record in caplog.records if record.name == "muster.http"]
    assert [line.split(": ")[1] for line in said] == [
        "1 requests, last from 127.0.0.1",
        "5 requests, last from 127.0.0.1",
    ]
    assert "guess" not in caplog.text
    assert TOKEN not in caplog.text
