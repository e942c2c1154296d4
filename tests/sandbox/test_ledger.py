"""The way to Muster's ledger: the token stays at the sandbox, and a bot that is away is a sentence."""

import aiohttp
import pytest
from aiohttp import web


@pytest.fixture
async def muster(sandbox):
    """Something that answers like Muster: the headers it got."""
    got = []

    async def answer(request):
        got.append(dict(request.headers))
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304)
        return web.json_response({"path": request.path}, headers={"ETag": '"1"', "Set-Cookie": "no=1"})

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.bot_at("http://{}:{}".format(*runner.addresses[0]))
    yield got
    await runner.cleanup()


async def look(sandbox, path, **headers):
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{sandbox.url}/control/{path}", headers=headers) as answer,
    ):
        return answer.status, answer.headers, await answer.text()


async def test_the_token_goes_to_the_bot_and_to_nobody_else(sandbox, muster):
    token = sandbox.environment()["MUSTER_DASHBOARD_TOKEN"]
    assert len(token) >= 32
    status, headers, text = await look(sandbox, "ledger/42")
    assert (status, text) == (200, '{"path": "/ledger/42.json"}')
    assert muster[0]["Authorization"] == f"Bearer {token}"
    assert token not in text + str(headers)
    assert "Set-Cookie" not in headers
    assert (await look(sandbox, "ledger"))[2] == '{"path": "/ledger.json"}'


async def test_what_is_known_already_is_not_sent_again(sandbox, muster):
    _, headers, _ = await look(sandbox, "ledger")
    assert (await look(sandbox, "ledger", **{"If-None-Match": headers["ETag"]}))[0] == 304


async def test_only_an_incident_s_number_leads_to_the_bot(sandbox, muster):
    assert (await look(sandbox, "ledger/..%2fmetrics"))[0] in (404, 405)
    assert muster == []


async def test_a_bot_that_is_away_is_a_sentence(sandbox, unused_tcp_port):
    sandbox.bot_at(f"http://127.0.0.1:{unused_tcp_port}")
    status, _, text = await look(sandbox, "ledger")
    assert status == 503
    assert "Muster does not answer" in text
