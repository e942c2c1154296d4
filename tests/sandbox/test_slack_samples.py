"""What the sandbox sends beside Slack's samples: no member is missing or of another type."""

import pytest

from sandbox.slack.objects import BOT_USER
from tests.contracts_folder import contract
from tests.sandbox.slack_client import Answering

FREE = {"event", "values", "blocks"}  # what stands in them depends on what was done
FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Declare", "emoji": True},
    "submit": {"type": "plain_text", "text": "Declare", "emoji": True},
    "blocks": [
        {
            "type": "input",
            "block_id": "title_block",
            "label": {"type": "plain_text", "text": "Title"},
            "element": {"type": "plain_text_input", "action_id": "title"},
        }
    ],
}
BUTTON = {
    "type": "button",
    "action_id": "incident_ack",
    "value": "INC-42",
    "text": {"type": "plain_text", "text": "Acknowledge", "emoji": True},
}


def sample(name):
    return contract(f"slack/samples/{name}.json")


def lacking(sample, ours, where="$"):
    """The members of a sample that ours has not, or has of another type. None fits everything."""
    if sample is None or ours is None:
        return []
    if type(sample) is not type(ours):
        return [f"{where} is {type(ours).__name__}, not {type(sample).__name__}"]
    if isinstance(sample, list):
        return [each for one in sample[:1] for other in ours for each in lacking(one, other, f"{where}[]")]
    if not isinstance(sample, dict):
        return []
    missing = [f"{where}.{name} is missing" for name in sample if name not in ours]
    shared = [name for name in sample if name in ours and name not in FREE]
    return missing + [each for name in shared for each in lacking(sample[name], ours[name], f"{where}.{name}")]


@pytest.fixture
async def envelopes(sandbox, bot):
    """One of each type that Ana caused, by the name of its sample."""
    workspace = sandbox.slack.workspace
    room = workspace.channel("#incidents")
    await sandbox.people.say("ana", '/incident start SEV-1 "Production down"', "#incidents")
    workspace.post(room, BOT_USER, "SEV-1: Production down", [{"type": "actions", "elements": [BUTTON]}])
    await sandbox.people.click("ana", "Acknowledge", "#incidents")
    sandbox.slack.views.open(sandbox.slack.views.pull_trigger("U0001"), FORM)
    await sandbox.people.submit("ana", {"Title": "Production down"})
    sandbox.people.post("ana", "#incidents", "hello")
    await sandbox.until(lambda: [e for e in bot.events("message") if e["text"] == "hello"])
    return {
        "envelope-slash-command": _of(bot, "slash_commands"),
        "envelope-block-actions": _of(bot, "interactive", "block_actions"),
        "envelope-view-submission": _of(bot, "interactive", "view_submission"),
        "envelope-events-api": _of(bot, "events_api"),
    }


def _of(bot, type, inner=None):
    return next(e for e in bot.heard if e["type"] == type and inner in (None, e["payload"].get("type")))


@pytest.mark.parametrize("name", ["slash-command", "block-actions", "view-submission", "events-api"])
async def test_an_envelope_has_all_that_slacks_has(envelopes, name):
    assert lacking(sample(f"envelope-{name}"), envelopes[f"envelope-{name}"]) == []


async def test_the_first_frame_and_the_address_are_slacks(slack):
    opened = await slack("apps.connections.open", "xapp-sandbox")
    socket = await slack.session.ws_connect(opened["url"])

    assert lacking(sample("apps.connections.open-response"), opened) == []
    assert lacking(sample("hello"), await socket.receive_json()) == []


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_a_farewell_is_slacks(sandbox, slack, reason):
    socket = await slack.connect()
    await sandbox.socket.disconnect(reason)
    assert lacking(sample(f"disconnect-{reason}"), await socket.receive_json()) == []


async def test_what_slacks_acknowledgements_say_is_understood(sandbox, slack):
    error = sample("ack-view-submission-errors")["payload"]
    block = next(iter(error["errors"]))
    form = {**FORM, "blocks": [{**FORM["blocks"][0], "block_id": block}]}
    said = sample("ack-slash-command-message")["payload"]
    answers = {"slash_commands": said, "interactive": error}
    Answering(await slack.connect(), lambda envelope: answers.get(envelope["type"]))

    answer = await sandbox.people.say("ana", "/incident list", "#incidents")
    sandbox.slack.views.open(sandbox.slack.views.pull_trigger("U0001"), form)
    errors = await sandbox.people.submit("ana", {"Title": "Production down"})

    assert [each.text for each in [*answer.ephemerals, *answer.messages]] == [said["text"]]
    assert errors == error["errors"]
    assert sandbox.record.violations == []


async def test_refusals_look_like_slacks(sandbox, slack, granted):
    room = (await slack("conversations.create", name="inc-1"))["channel"]["id"]
    header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    taken = await slack("conversations.create", name="inc-1")
    partial = await slack("conversations.invite", channel=room, users="U0009")
    blocks = await slack("chat.postMessage", channel=room, text="x", blocks=[header])
    granted.discard("channels:manage")
    granted.discard("channels:write")
    scope = await slack("conversations.create", name="inc-2")

    assert taken == sample("web-api-error-conversations.create-name_taken")
    assert lacking(sample("web-api-conversations.invite-partial"), partial) == []
    assert blocks == sample("web-api-error-invalid_blocks")
    assert lacking(sample("web-api-error-missing_scope"), scope) == []


async def test_a_limited_call_is_answered_as_slack_does(sandbox, slack):
    sandbox.faults.tiers = True
    answers = [await slack.raw("team.info", data={}) for _ in range(51)]
    wanted = sample("web-api-error-ratelimited")
    assert (answers[-1].status, answers[-1].body) == (wanted["_http_status"], wanted["body"])
    assert answers[-1].headers["Retry-After"].isdigit()
