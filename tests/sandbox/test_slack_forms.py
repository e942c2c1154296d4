"""A form in a browser at the stand-in: what it holds, what the client refuses, and the stack after the bot's answer."""

import pytest

from sandbox.slack.screen import TROUBLE
from sandbox.slack.values import REQUIRED
from tests.sandbox.touched import field, modal, replying, row, shown, text

__all__ = ["replying", "shown"]


async def test_a_form_arrives_with_the_value_of_every_element(slack, replying, shown):
    number = field("number", type="number_input", is_decimal_allowed=True)
    rich = field("rich", type="rich_text_input")
    view = await shown(modal(field("title"), number, rich, row({"type": "users_select"})))
    values = {
        "title": {"a": {"type": "plain_text_input", "value": "db down"}},
        "number": {"a": {"type": "number_input", "value": "1.5"}},
        "rich": {"a": {"type": "rich_text_input", "rich_text_value": {"type": "rich_text", "elements": []}}},
    }
    answer = await slack.control("submit_view", view_id=view, values=values)
    assert answer.body == {"errors": {}, "timeout": False, "views": []}
    menu = {"row": {"a": {"type": "users_select", "selected_user": None}}}
    assert replying.last()["view"]["state"]["values"] == values | menu


@pytest.mark.parametrize(
    ("element", "value", "words"),
    [
        ({"max_length": 3}, "long", "Please shorten this to 3 characters."),
        ({"min_length": 3}, "x", "Please write at least 3 characters."),
        ({"type": "number_input", "is_decimal_allowed": False}, "many", "Please enter a number."),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Please enter a whole number."),
        ({"type": "number_input", "min_value": "2"}, "1", "Please enter a number of at least 2."),
        ({"type": "number_input", "max_value": "2"}, "3", "Please enter a number of at most 2."),
        ({"type": "email_text_input"}, "ana", "Please enter a valid email address."),
        ({"type": "url_text_input"}, "javascript:alert(1)", "Please enter a valid URL."),
    ],
)
async def test_the_client_refuses_before_anything_is_sent(slack, replying, shown, element, value, words):
    view = await shown(modal(field("x", **element)))
    given = {"x": {"a": {"type": element.get("type", "plain_text_input"), "value": value}}}
    answer = await slack.control("submit_view", view_id=view, values=given)
    assert answer.body["errors"] == {"x": words}
    assert replying.last().get("type") != "view_submission"


async def test_an_empty_required_input_is_asked_for(slack, replying, shown):
    view = await shown(modal(field("x", optional=False), field("y", optional=False, type="multi_users_select")))
    answer = await slack.control("submit_view", view_id=view)
    assert answer.body["errors"] == {"x": REQUIRED, "y": REQUIRED}
    assert [v["id"] for v in answer.body["views"]] == [view]


async def test_the_answer_to_a_submission_is_the_stack_after_it(slack, replying, shown):
    view = await shown(modal(field("x")))
    replying.replies["view_submission"] = {"response_action": "push", "view": modal(field("y"), title=text("Second"))}
    pushed = (await slack.control("submit_view", view_id=view)).body["views"]
    assert [v["title"]["text"] for v in pushed] == ["Form", "Second"]
    assert pushed == await slack.look("views?who=ana")

    under = await slack.control("submit_view", view_id=view)
    assert (under.status, "no such form in front" in under.body["error"]) == (400, True)

    replying.replies["view_submission"] = {"response_action": "update", "view": modal(field("z"), title=text("Third"))}
    updated = (await slack.control("submit_view", view_id=pushed[1]["id"])).body["views"]
    assert [v["title"]["text"] for v in updated] == ["Form", "Third"]

    replying.replies["view_submission"] = {"response_action": "clear"}
    assert (await slack.control("submit_view", view_id=pushed[1]["id"])).body["views"] == []


async def test_errors_are_shown_and_an_answer_that_means_nothing_is_a_line(sandbox, slack, replying, shown):
    view = await shown(modal(field("x")))
    replying.replies["view_submission"] = {"response_action": "errors", "errors": {"x": "Say more"}}
    told = (await slack.control("submit_view", view_id=view)).body
    assert (told["errors"], "error" in told) == ({"x": "Say more"}, False)

    replying.replies["view_submission"] = {"response_action": "vanish"}
    assert (await slack.control("submit_view", view_id=view)).body["error"] == TROUBLE
    replying.replies["view_submission"] = {"response_action": "update", "view": {"type": "modal"}}
    assert (await slack.control("submit_view", view_id=view)).body["error"] == TROUBLE
    assert len(sandbox.record.violations) == 2


async def test_an_update_keeps_what_was_entered_under_the_same_ids(slack, replying, shown):
    view = await shown(modal(row({"type": "users_select"}), field("x", dispatch=True)))
    await slack.control("act", view_id=view, block_id="row", action_id="a", value="ben")
    await slack.control("act", view_id=view, block_id="x", action_id="a", value="typed")
    assert replying.last()["view"]["state"]["values"]["row"]["a"]["selected_user"] == "U0002"
    assert replying.last()["actions"][0]["value"] == "typed"

    changed = modal(row({"type": "users_select"}), field("x", type="number_input", is_decimal_allowed=False))
    await slack("views.update", view_id=view, view=changed)
    await slack.control("submit_view", view_id=view)
    values = replying.last()["view"]["state"]["values"]
    assert values["row"]["a"]["selected_user"] == "U0002"
    assert values["x"]["a"] == {"type": "number_input", "value": None}


async def test_an_input_that_dispatches_nothing_cannot_be_acted_on(slack, replying, shown):
    view = await shown(modal(field("x")))
    assert (await slack.control("act", view_id=view, block_id="x", action_id="a", value="y")).status == 400


async def test_a_form_names_where_its_answer_may_be_posted(slack, replying, shown):
    place = {"type": "conversations_select", "response_url_enabled": True}
    view = await shown(modal(field("where", **place)))
    given = {"where": {"a": {"type": "conversations_select", "selected_conversation": "C0GENERAL"}}}
    await slack.control("submit_view", view_id=view, values=given)
    url = replying.last()["response_urls"][0]
    assert (url["block_id"], url["action_id"], url["channel_id"]) == ("where", "a", "C0GENERAL")
    assert (await slack.respond(url["response_url"], text="done", response_type="in_channel")).status == 200


@pytest.mark.parametrize(
    ("more", "everything", "cleared"),
    [({}, False, [False]), ({}, True, [True, True]), ({"clear_on_close": True}, False, [True, True])],
)
async def test_the_bot_hears_of_each_form_that_was_closed(slack, replying, shown, more, everything, cleared):
    first = await shown(modal(field("x"), notify_on_close=True))
    second = modal(field("y"), notify_on_close=True, **more)
    replying.replies["view_submission"] = {"response_action": "push", "view": second}
    front = (await slack.control("submit_view", view_id=first)).body["views"][-1]["id"]

    stale = await slack.control("close_view", view_id=first)
    assert len(stale.body["views"]) == 2
    left = (await slack.control("close_view", view_id=front, everything=everything)).body["views"]
    told = [e["payload"] for e in replying.bot.heard if e["payload"].get("type") == "view_closed"]
    assert [payload["is_cleared"] for payload in told] == cleared
    assert len(left) == 2 - len(cleared)
