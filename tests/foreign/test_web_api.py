"""Slack's own libraries find in the sandbox what they find at Slack: each method, each refusal, each shape."""

import pytest

from sandbox.slack.methods import METHODS
from tests.contracts.slack_web import SlackWeb
from tests.foreign.places import furnish
from tests.foreign.table import APP, calls, make, refusals

# Errors that no call of the table can meet, and the test that meets them.
ELSEWHERE = {
    ("apps.connections.open", "missing_args"): "test_slack_errors: only a token in the body brings it",
    ("chat.postMessage", "not_in_channel"): "test_slack_errors: it needs an app without chat:write.public",
    ("conversations.leave", "cant_leave_general"): "test_slack_errors: it needs a bot that is in #general",
    ("views.publish", "not_enabled"): "test_slack_views: it needs an app without a Home tab",
}


@pytest.fixture
async def words(sandbox):
    return furnish(sandbox)


@pytest.fixture
async def answered(sandbox, client, words):
    """What all the calls were answered, and what was wrong with it."""
    sandbox.slack.workspace.bots_may_unarchive = True
    return await walk(client, calls(), words)


@pytest.fixture
def slack_web():
    return SlackWeb()


async def walk(client, table, words):
    """[(call, answer)] of the whole table, and everything that went otherwise than it says."""
    answers, problems = [], []
    for call in table:
        body, wrong = await make(client, call, words)
        answers.append((call, body))
        problems += wrong
    return answers, problems


async def test_every_call_is_answered(sandbox, answered):
    _, problems = answered

    assert not problems, "\n".join(problems)
    assert sandbox.record.violations == []


async def test_every_refusal_has_its_code(sandbox, client, words):
    _, problems = await walk(client, refusals(), words)

    assert not problems, "\n".join(problems)
    assert not [each for each in sandbox.record.violations if "does not document" in each or "unknown argument" in each]


async def test_every_answer_has_the_shape_that_slack_documents(answered, slack_web):
    answers, _ = answered

    wrong = [each for call, body in answers for each in slack_web.answer_violations(call.method, body)]
    assert not wrong, "\n".join(wrong)


async def test_every_refusal_is_documented(client, words, slack_web):
    answers, _ = await walk(client, refusals(), words)

    wrong = [each for call, body in answers for each in slack_web.error_violations(call.method, body.get("error"))]
    assert not wrong, "\n".join(wrong)


def test_the_table_passes_only_arguments_that_slack_knows(slack_web):
    table = [*calls(), *refusals()]
    assert [each for call in table for each in slack_web.call_violations(call.method, call.args)] == []


def test_the_table_calls_every_method_and_meets_every_error():
    met = {(call.method, call.error) for call in [*calls(), *refusals()]}
    wanted = {(name, None) for name in METHODS} | {(n, error) for n, row in METHODS.items() for error in row.errors}
    assert wanted - met == set(ELSEWHERE)


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", "xoxb-other", "invalid_auth"),
        ("auth.test", APP, "not_allowed_token_type"),
        ("apps.connections.open", "xoxb-sandbox", "not_allowed_token_type"),
        ("chat.scribble", "xoxb-sandbox", "unknown_method"),
    ],
)
async def test_a_wrong_token_or_method_is_refused(client, method, token, error):
    assert (await client.call(method, {}, token))["error"] == error


async def test_a_missing_scope_is_named(client, granted):
    granted.discard("pins:write")
    answer = await client.call("pins.add", {"channel": "C0INCIDENTS", "timestamp": "1.000001"})
    assert (answer["error"], answer["needed"]) == ("missing_scope", "pins:write")


async def test_a_client_over_the_rate_is_told_how_long_to_wait(sandbox, client):
    sandbox.faults.tiers = True
    answers = [await client.call("team.info", {}) for _ in range(51)]
    if hasattr(client, "refusal"):  # Slack's library for Node keeps the body to itself
        assert (client.refusal["code"], client.refusal["retryAfter"]) == ("slack_webapi_rate_limited_error", 60)
    else:
        assert [each.get("error") for each in answers[-2:]] == [None, "ratelimited"]
