"""Slack's own Socket Mode libraries live on the sandbox's socket: envelopes, acknowledgements, a new connection."""

import pytest

from sandbox.slack.objects import BOT_USER
from tests.foreign.bots import BOTS

BUTTON = {"type": "button", "action_id": "press", "value": "7", "text": {"type": "plain_text", "text": "Press me"}}


@pytest.fixture(params=BOTS)
async def heard(request, sandbox):
    """What the connected bot was told, growing."""
    async with BOTS[request.param](sandbox) as heard:
        await sandbox.until(lambda: sandbox.socket.connections, 10)
        yield heard


async def test_a_command_a_button_and_an_event_arrive_and_are_acknowledged(sandbox, heard):
    workspace = sandbox.slack.workspace

    answer = await sandbox.people.say("ana", '/incident start SEV-1 "db down"', "#incidents")
    assert [each.text for each in answer.ephemerals] == ['you said start SEV-1 "db down"']

    workspace.post(workspace.channel("#incidents"), BOT_USER, "card", [{"type": "actions", "elements": [BUTTON]}])
    clicked = await sandbox.people.click("ben", "Press me", "#incidents")
    assert not clicked.timeout

    sandbox.people.post("chris", "#incidents", "looking")
    await sandbox.until(lambda: {("interactive", "7"), ("message", "looking")} <= set(heard))
    assert sandbox.record.violations == []


async def test_a_bot_that_is_told_to_go_comes_back_on_a_new_connection(sandbox, heard):
    [before] = sandbox.socket.connections

    await sandbox.socket.disconnect("refresh_requested")

    await sandbox.until(lambda: [each for each in sandbox.socket.connections if each is not before], 10)
    await sandbox.until(lambda: before not in sandbox.socket.connections, 10)
    answer = await sandbox.people.say("ana", "/incident list", "#incidents")
    assert [each.text for each in answer.ephemerals] == ["you said list"]
