"""Trouble on demand: what a caller meets, what had its effect, and when it is over."""

import asyncio
import subprocess
import sys

import aiohttp
import pytest

GONE = (aiohttp.ClientConnectionError, asyncio.TimeoutError)
POST = {"channel": "C0INCIDENTS", "text": "x"}


def said(sandbox):
    return [m.text for m in sandbox.slack.workspace.messages("#incidents")]


async def test_a_hanging_service_answers_nothing_until_it_is_cleared(sandbox, slack):
    sandbox.faults.add("slack", "hang", "chat.postMessage")
    hanging = asyncio.create_task(slack("chat.postMessage", **POST))
    await sandbox.until(lambda: sandbox.record.requests)
    assert (await slack("auth.test"))["ok"]
    assert not hanging.done()

    sandbox.faults.clear()

    with pytest.raises(GONE):
        await hanging
    assert said(sandbox) == []
    assert (await slack("chat.postMessage", **POST))["ok"]


async def test_a_caller_that_gives_up_on_a_hanging_service_leaves_no_effect(sandbox, slack):
    sandbox.faults.add("slack", "hang")
    with pytest.raises(GONE):
        await asyncio.wait_for(slack("chat.postMessage", **POST), 0.05)
    sandbox.faults.clear()
    assert said(sandbox) == []


@pytest.mark.parametrize(
    ("kind", "options", "status", "error"),
    [
        ("status", {"code": 503}, 503, "internal_error"),
        ("ratelimit", {"retry_after": 30}, 429, "ratelimited"),
        ("refuse_token", {}, 200, "invalid_auth"),
    ],
)
async def test_a_refusal_has_slacks_shape_and_no_effect(sandbox, slack, kind, options, status, error):
    sandbox.faults.add("slack", kind, times=1, **options)

    refused = await slack.raw("chat.postMessage", json=POST)

    assert (refused.status, refused.body["error"]) == (status, error)
    assert refused.headers.get("Retry-After") == ("30" if kind == "ratelimit" else None)
    assert said(sandbox) == []
    assert (await slack("chat.postMessage", **POST))["ok"]


@pytest.mark.parametrize(("kind", "effect"), [("reset_before", []), ("reset_after", ["x"]), ("unreachable", [])])
async def test_a_reset_comes_before_or_after_the_effect(sandbox, slack, kind, effect):
    sandbox.faults.add("slack", kind, "chat.postMessage", times=1)
    with pytest.raises(GONE):
        await slack("chat.postMessage", **POST)
    assert said(sandbox) == effect
    assert sandbox.record.requests[-1].status is None


async def test_latency_is_added_and_the_call_still_works(sandbox, slack):
    sandbox.faults.add("slack", "latency", ms=50)
    start = asyncio.get_running_loop().time()
    assert (await slack("auth.test"))["ok"]
    assert asyncio.get_running_loop().time() - start >= 0.05


async def test_a_fault_ends_by_itself_after_its_seconds(sandbox, slack):
    sandbox.faults.add("slack", "hang", seconds=0.05)
    with pytest.raises(GONE):
        await slack("auth.test")
    assert (await slack("auth.test"))["ok"]


async def test_a_slack_that_is_gone_takes_its_sockets_along(sandbox, slack):
    socket = await slack.connect()
    sandbox.faults.add("slack", "unreachable")
    message = await asyncio.wait_for(socket.receive(), 2)
    assert message.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    with pytest.raises(GONE):
        await slack.connect()
    sandbox.faults.clear("slack")
    await slack.connect()


async def test_another_services_trouble_is_not_slacks(sandbox, slack):
    sandbox.faults.add("pagerduty", "hang")
    assert (await slack("auth.test"))["ok"]
    sandbox.faults.add("*", "status", times=1)
    assert (await slack.raw("auth.test")).status == 500


async def test_an_unknown_fault_is_refused(sandbox):
    with pytest.raises(ValueError, match="no fault is called 'explode'"):
        sandbox.faults.add("slack", "explode")


@pytest.fixture
def victim():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.wait()
    process.stdin.close()


@pytest.mark.parametrize(("moment", "effect"), [("before", []), ("between", ["x"]), ("after", ["x"])])
async def test_the_bot_is_killed_at_a_chosen_request_and_moment(sandbox, slack, victim, moment, effect):
    sandbox.kill.arm(2, moment, lambda: victim.pid)
    await slack("auth.test")
    assert victim.poll() is None

    if moment == "after":
        assert (await slack("chat.postMessage", **POST))["ok"]
    else:
        with pytest.raises(GONE):
            await slack("chat.postMessage", **POST)

    await sandbox.until(lambda: sandbox.kill.done)
    assert victim.wait(5) == -9
    assert said(sandbox) == effect
    assert sandbox.kill.count == 2


async def test_the_kill_counts_anew_from_each_arming_and_happens_once(sandbox, slack, victim):
    await slack("auth.test")
    sandbox.kill.arm(1, "between", lambda: victim.pid)
    await slack.look("state")  # looking at the sandbox is no request of the bot
    assert not sandbox.kill.done
    with pytest.raises(GONE):
        await slack("auth.test")
    assert (await slack("auth.test"))["ok"]
