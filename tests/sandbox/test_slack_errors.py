"""Every refusal of the stand-in Web API, by plain HTTP: the code, and whether a test must hear of it."""

import pytest

from sandbox.slack.methods import METHODS
from sandbox.slack.workspace import BOT_USER

MARKDOWN = {"type": "markdown", "text": "x" * 7000}

# method, arguments (in braces: what `places` made), code
REFUSALS = [
    ("team.info", {"team": "T9"}, "team_not_found"),
    ("chat.postMessage", {"channel": "C9", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "{secret}", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "{archived}", "text": "x"}, "is_archived"),
    ("chat.postMessage", {"channel": "{room}"}, "no_text"),
    ("chat.postMessage", {"channel": "{room}", "text": ""}, "no_text"),
    ("chat.postMessage", {"channel": "{room}", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
    ("chat.postMessage", {"channel": "{room}", "blocks": "[{"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "{room}", "blocks": [MARKDOWN, MARKDOWN]}, "msg_blocks_too_long"),
    ("chat.postMessage", {"channel": "{room}", "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ("chat.postMessage", {"channel": "{room}", "text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
    ("chat.postMessage", {"channel": "{room}", "text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
    ("chat.update", {"channel": "C9", "ts": "{own}", "text": "x"}, "channel_not_found"),
    ("chat.update", {"channel": "{room}", "ts": "1.000001", "text": "x"}, "message_not_found"),
    ("chat.update", {"channel": "{room}", "ts": "{anas}", "text": "x"}, "cant_update_message"),
    ("chat.update", {"channel": "{archived}", "ts": "{stale}", "text": "x"}, "is_inactive"),
    ("chat.update", {"channel": "{room}", "ts": "{own}", "text": "x" * 4001}, "msg_too_long"),
    ("chat.update", {"channel": "{room}", "ts": "{own}"}, "no_text"),
    ("chat.update", {"channel": "{room}", "ts": "{own}", "blocks": [{"type": "header"}]}, "invalid_blocks"),
    ("chat.delete", {"channel": "C9", "ts": "{own}"}, "channel_not_found"),
    ("chat.delete", {"channel": "{room}", "ts": "1.000001"}, "message_not_found"),
    ("chat.delete", {"channel": "{room}", "ts": "{anas}"}, "cant_delete_message"),
    ("chat.postEphemeral", {"channel": "C9", "user": "U0001", "text": "x"}, "channel_not_found"),
    ("chat.postEphemeral", {"channel": "C0GENERAL", "user": "U0001", "text": "x"}, "not_in_channel"),
    ("chat.postEphemeral", {"channel": "{archived}", "user": "U0001", "text": "x"}, "is_archived"),
    ("chat.postEphemeral", {"channel": "{room}", "user": "U0003", "text": "x"}, "user_not_in_channel"),
    ("chat.postEphemeral", {"channel": "{room}", "user": "U0001", "text": "x" * 40_001}, "msg_too_long"),
    ("chat.postEphemeral", {"channel": "{room}", "user": "U0001"}, "no_text"),
    ("chat.getPermalink", {"channel": "C9", "message_ts": "{own}"}, "channel_not_found"),
    ("chat.getPermalink", {"channel": "{room}", "message_ts": "1.000001"}, "message_not_found"),
    ("conversations.create", {"name": "inc-1"}, "name_taken"),
    ("conversations.create", {"name": "inc-old"}, "name_taken"),  # archived channels keep their names
    ("conversations.create", {"name": ""}, "invalid_name_required"),
    ("conversations.create", {}, "missing_argument"),
    ("conversations.create", {"name": "x" * 81}, "invalid_name_maxlength"),
    ("conversations.create", {"name": "--__"}, "invalid_name_punctuation"),
    ("conversations.create", {"name": "Inc-2"}, "invalid_name_specials"),
    ("conversations.create", {"name": "inc 2"}, "invalid_name_specials"),
    ("conversations.create", {"name": "inc.2"}, "invalid_name_specials"),
    ("conversations.rename", {"channel": "{room}", "name": "general"}, "name_taken"),
    ("conversations.rename", {"channel": "{room}", "name": "Room"}, "invalid_name_specials"),
    ("conversations.rename", {"channel": "{archived}", "name": "other"}, "is_archived"),
    ("conversations.rename", {"channel": "C0INCIDENTS", "name": "other"}, "not_authorized"),
    ("conversations.rename", {"channel": "C0GENERAL", "name": "other"}, "not_in_channel"),
    ("conversations.archive", {"channel": "C9"}, "channel_not_found"),
    ("conversations.archive", {"channel": "{archived}"}, "already_archived"),
    ("conversations.archive", {"channel": "C0GENERAL"}, "cant_archive_general"),
    ("conversations.archive", {"channel": "{lounge}"}, "not_in_channel"),
    ("conversations.archive", {"channel": "{dm}"}, "method_not_supported_for_channel_type"),
    ("conversations.unarchive", {"channel": "{room}"}, "not_archived"),
    ("conversations.unarchive", {"channel": "{archived}"}, "not_in_channel"),
    ("conversations.invite", {"channel": "C9", "users": "U0003"}, "channel_not_found"),
    ("conversations.invite", {"channel": "{lounge}", "users": "U0003"}, "not_in_channel"),
    ("conversations.invite", {"channel": "{archived}", "users": "U0003"}, "is_archived"),
    ("conversations.invite", {"channel": "{room}", "users": "U0001"}, "already_in_channel"),
    ("conversations.invite", {"channel": "{room}", "users": BOT_USER}, "cant_invite_self"),
    ("conversations.invite", {"channel": "{room}", "users": "U0009"}, "cant_invite"),
    ("conversations.invite", {"channel": "{room}", "users": "U0404"}, "user_not_found"),
    ("conversations.invite", {"channel": "{room}", "users": ","}, "no_user"),
    ("conversations.kick", {"channel": "{room}", "user": "U0003"}, "not_in_channel"),
    ("conversations.kick", {"channel": "{room}", "user": "U0404"}, "user_not_found"),
    ("conversations.kick", {"channel": "{room}", "user": BOT_USER}, "cant_kick_self"),
    ("conversations.join", {"channel": "C9"}, "channel_not_found"),
    ("conversations.join", {"channel": "{archived}"}, "is_archived"),
    ("conversations.join", {"channel": "{dm}"}, "method_not_supported_for_channel_type"),
    ("conversations.leave", {"channel": "{archived}"}, "is_archived"),
    ("conversations.setTopic", {"channel": "{room}", "topic": "x" * 251}, "too_long"),
    ("conversations.setTopic", {"channel": "{archived}", "topic": "x"}, "is_archived"),
    ("conversations.setTopic", {"channel": "{lounge}", "topic": "x"}, "not_in_channel"),
    ("conversations.setPurpose", {"channel": "{room}", "purpose": "x" * 251}, "too_long"),
    ("conversations.info", {"channel": "{secret}"}, "channel_not_found"),
    ("conversations.history", {"channel": "{lounge}"}, "not_in_channel"),
    ("conversations.history", {"channel": "{secret}"}, "channel_not_found"),
    ("conversations.history", {"channel": "{room}", "oldest": "today"}, "invalid_ts_oldest"),
    ("conversations.history", {"channel": "{room}", "latest": "today"}, "invalid_ts_latest"),
    ("conversations.history", {"channel": "{room}", "cursor": "bogus"}, "invalid_cursor"),
    ("conversations.replies", {"channel": "{room}", "ts": "1.000001"}, "thread_not_found"),
    ("conversations.members", {"channel": "C9"}, "channel_not_found"),
    ("conversations.members", {"channel": "{room}", "limit": 5000}, "invalid_limit"),
    ("conversations.list", {"types": "everything"}, "invalid_types"),
    ("users.conversations", {"cursor": "bogus"}, "invalid_cursor"),
    ("conversations.open", {"users": "U0404"}, "user_not_found"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("users.info", {"user": "U0404"}, "user_not_found"),
    ("users.lookupByEmail", {"email": "nobody@example.com"}, "users_not_found"),
    ("usergroups.users.list", {"usergroup": "S9"}, "no_such_subteam"),
    ("pins.add", {"channel": "{room}", "timestamp": "{pinned}"}, "already_pinned"),
    ("pins.add", {"channel": "{room}", "timestamp": "1.000001"}, "message_not_found"),
    ("pins.add", {"channel": "{room}"}, "no_item_specified"),
    ("pins.add", {"channel": "C9", "timestamp": "{own}"}, "channel_not_found"),
    ("pins.add", {"channel": "{lounge}", "timestamp": "{own}"}, "not_in_channel"),
    ("pins.add", {"channel": "{archived}", "timestamp": "{stale}"}, "restricted_action"),
    ("pins.remove", {"channel": "{room}", "timestamp": "{own}"}, "no_pin"),
    ("pins.list", {"channel": "C9"}, "channel_not_found"),
    ("bookmarks.add", {"channel_id": "C9", "title": "t", "type": "link", "link": "http://x"}, "channel_not_found"),
    ("bookmarks.add", {"channel_id": "{room}", "title": "t", "type": "link", "link": "ftp://x"}, "invalid_link"),
    ("bookmarks.add", {"channel_id": "{room}", "title": "t", "type": "file"}, "invalid_bookmark_type"),
    ("bookmarks.add", {"channel_id": "{archived}", "title": "t", "type": "link"}, "permission_denied"),
    ("bookmarks.edit", {"channel_id": "{room}", "bookmark_id": "Bk9"}, "not_found"),
    ("bookmarks.remove", {"channel_id": "{room}", "bookmark_id": "Bk9"}, "not_found"),
    ("reactions.add", {"channel": "{room}", "timestamp": "{pinned}", "name": "eyes"}, "already_reacted"),
    ("reactions.add", {"channel": "{room}", "timestamp": "{own}", "name": ":eyes:"}, "invalid_name"),
    ("reactions.add", {"channel": "{room}", "timestamp": "1.000001", "name": "eyes"}, "message_not_found"),
    ("reactions.add", {"channel": "{archived}", "timestamp": "{stale}", "name": "eyes"}, "is_archived"),
    ("reactions.remove", {"channel": "{room}", "timestamp": "{own}", "name": "eyes"}, "no_reaction"),
    ("reactions.get", {"channel": "{room}"}, "no_item_specified"),
]


@pytest.fixture
async def places(sandbox):
    """One channel of each kind and one message of each author."""
    workspace = sandbox.slack.workspace
    room = workspace.add_channel("inc-1", BOT_USER, (BOT_USER, "U0001"))
    archived = workspace.add_channel("inc-old", BOT_USER, (BOT_USER, "U0001"))
    pinned = workspace.post(room, BOT_USER, "pinned")
    made = {
        "room": room.id,
        "archived": archived.id,
        "lounge": workspace.add_channel("lounge", "U0001", ("U0001",)).id,
        "secret": workspace.add_channel("secret", "U0001", ("U0001",), "private").id,
        "dm": workspace.dm("U0001").id,
        "own": workspace.post(room, BOT_USER, "own").ts,
        "anas": workspace.post(room, "U0001", "ana's").ts,
        "stale": workspace.post(archived, BOT_USER, "old").ts,
        "pinned": pinned.ts,
    }
    workspace.pin(pinned, BOT_USER)
    workspace.react(pinned, "eyes", BOT_USER)
    workspace.archive(archived, "U0001")
    return made


@pytest.mark.parametrize(("method", "args", "code"), REFUSALS, ids=lambda v: v if isinstance(v, str) else "")
async def test_slack_refuses_with_its_own_code(slack, places, method, args, code):
    filled = {k: v.format(**places) if isinstance(v, str) and v.startswith("{") else v for k, v in args.items()}

    answer = await slack.form(method, **filled)

    assert (answer["ok"], answer["error"]) == (False, code)
    assert not [v for v in slack.sandbox.record.violations if "does not document" in v]


async def test_posting_to_a_channel_without_the_bot_needs_the_public_scope(slack, granted):
    granted.discard("chat:write.public")
    assert (await slack("chat.postMessage", channel="C0GENERAL", text="x"))["error"] == "not_in_channel"

    granted.add("chat:write.public")
    assert (await slack("chat.postMessage", channel="C0GENERAL", text="x"))["ok"]


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
