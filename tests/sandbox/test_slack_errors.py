"""Every refusal of the stand-in Web API, by plain HTTP: the code, and whether a test must hear of it."""

import pytest

from sandbox.slack.methods import METHODS
from tests.foreign.places import furnish
from tests.foreign.table import filled, refusals


@pytest.fixture
async def places(sandbox):
    """One channel of each kind and one message of each author."""
    return furnish(sandbox)


@pytest.mark.parametrize("call", refusals(), ids=str)
async def test_slack_refuses_with_its_own_code(slack, places, call):
    answer = await slack.form(call.method, **filled(call.args, places))

    assert (answer["ok"], answer["error"]) == (False, call.error)
    assert not [v for v in slack.sandbox.record.violations if "does not document" in v]


async def test_posting_to_a_channel_without_the_bot_needs_the_public_scope(slack, granted):
    granted.discard("chat:write.public")
    assert (await slack("chat.postMessage", channel="C0GENERAL", text="x"))["error"] == "not_in_channel"

    granted.add("chat:write.public")
    assert (await slack("chat.postMessage", channel="C0GENERAL", text="x"))["ok"]


async def test_the_bot_cannot_leave_general(sandbox, slack):
    sandbox.people.join("#general", "muster")
    assert (await slack("conversations.leave", channel="C0GENERAL"))["error"] == "cant_leave_general"


@pytest.mark.parametrize(
    ("method", "token", "code"),
    [
        ("auth.test", None, "not_authed"),
        ("auth.test", "xoxb-other", "invalid_auth"),
        ("auth.test", "xapp-sandbox", "not_allowed_token_type"),
        ("apps.connections.open", "xoxb-sandbox", "not_allowed_token_type"),
        ("apps.connections.open", "xapp-other", "invalid_auth"),
        ("apps.connections.open", None, "not_authed"),
        ("chat.scribble", "xoxb-sandbox", "unknown_method"),
    ],
)
async def test_a_wrong_token_or_method_is_refused_and_recorded(slack, method, token, code):
    assert (await slack(method, token))["error"] == code
    assert len(slack.sandbox.record.violations) == 1


async def test_a_connection_is_not_opened_with_the_token_as_an_argument(slack):
    answer = await slack.raw("apps.connections.open", None, data={"token": "xapp-sandbox"})
    assert answer.body["error"] == "missing_args"


@pytest.mark.parametrize("method", sorted(m for m, row in METHODS.items() if row.scopes))
async def test_a_method_without_its_scope_is_refused_naming_the_scope(slack, granted, places, method):
    needed = METHODS[method].scopes
    granted.difference_update(needed)
    values = {"channel": places["room"], "channel_id": places["room"], "is_private": "false"}
    args = {name: values.get(name, "x") for name in METHODS[method].required}

    answer = await slack.form(method, **args)

    assert answer["error"] == "missing_scope"
    assert answer["needed"] in needed
    assert answer["needed"] not in answer["provided"].split(",")
    assert f"{method}: missing_scope {answer['needed']}" in slack.sandbox.record.violations


@pytest.mark.parametrize(("private", "needed"), [("true", "groups:write"), ("false", "channels:manage")])
async def test_the_scope_follows_the_kind_of_channel(slack, granted, private, needed):
    granted.discard(needed)
    granted.discard("channels:write")

    assert (await slack.form("conversations.create", name="inc-9", is_private=private))["needed"] == needed

    granted.add(needed)
    assert (await slack.form("conversations.create", name="inc-9", is_private=private))["ok"]


async def test_an_unknown_argument_is_ignored_and_recorded(slack):
    answer = await slack("chat.postMessage", channel="C0INCIDENTS", text="x", priority="urgent")
    assert answer["ok"]
    assert slack.sandbox.record.violations == ["chat.postMessage: unknown argument 'priority', which Slack ignores"]


async def test_a_missing_argument_is_refused_and_recorded(slack):
    answer = await slack("chat.update", channel="C0INCIDENTS", text="x")
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: ts"]
    assert slack.sandbox.record.violations == ["chat.update: invalid_arguments [ERROR] missing required field: ts"]


async def test_a_number_where_a_string_belongs_is_recorded(slack):
    await slack("chat.update", channel="C0INCIDENTS", ts=1760000000.0002, text="x")
    assert "chat.update: wrong type of ts: 1760000000.0002" in slack.sandbox.record.violations


async def test_a_reading_method_ignores_a_json_body(slack):
    answer = await slack("conversations.info", channel="C0INCIDENTS")
    assert answer["error"] == "invalid_arguments"
    assert any("ignores a JSON body" in v for v in slack.sandbox.record.violations)

    assert (await slack.form("conversations.info", channel="C0INCIDENTS"))["ok"]


async def test_a_body_that_is_no_json_is_refused(slack):
    answer = await slack.raw("chat.postMessage", data=b"{", type="application/json; charset=utf-8")
    assert answer.body["error"] == "invalid_arguments"


async def test_a_breach_of_block_kit_is_worded_as_slack_does(slack):
    header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}

    answer = await slack("chat.postMessage", channel="C0INCIDENTS", text="x", blocks=[header])

    words = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert answer == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [words],
        "response_metadata": {"messages": [f"[ERROR] {words}"]},
    }
    assert slack.sandbox.record.violations
