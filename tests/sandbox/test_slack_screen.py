"""A page in a browser at the stand-in: elements touched by their ids, external menus, forms, the Home tab."""

import pytest

from sandbox.slack.screen import TROUBLE
from sandbox.slack.values import REQUIRED
from tests.sandbox.slack_client import Answering

OPTIONS = [{"text": {"type": "plain_text", "text": label}, "value": label.lower()} for label in ("SEV-1", "SEV-2")]
TYPED = {"type": "plain_text_input", "value": "x"}


def text(words):
    return {"type": "plain_text", "text": words}


def field(block_id, optional=True, dispatch=False, **element):
    element = {"type": "plain_text_input", "action_id": "a"} | element
    more = {"dispatch_action": True} if dispatch else {}
    return (
        {"type": "input", "block_id": block_id, "label": text(block_id), "optional": optional}
        | more
        | {"element": element}
    )


def row(*elements, block_id="row"):
    return {"type": "actions", "block_id": block_id, "elements": [{"action_id": "a", **e} for e in elements]}


def modal(*blocks, **more):
    return {"type": "modal", "title": text("Form"), "submit": text("Send"), "blocks": list(blocks), **more}


class Replying:
    """A bot that answers each type of payload with what `replies` holds for it."""

    def __init__(self):
        self.replies = {}

    def __call__(self, envelope):
        return self.replies.get(envelope["payload"].get("type"))


@pytest.fixture
async def replying(slack):
    replying = Replying()
    replying.bot = Answering(await slack.connect(), replying)
    replying.last = lambda: replying.bot.heard[-1]["payload"]
    return replying


@pytest.fixture
def shown(sandbox, slack, replying):
    """Show a view to Ana: `await shown(view)` opens it, and is its id."""

    async def shown(view):
        answer = await sandbox.people.say("ana", "/incident")
        opened = await slack("views.open", trigger_id=answer.trigger_id, view=view)
        return opened["view"]["id"]

    return shown


async def posted(slack, *blocks):
    return (await slack("chat.postMessage", channel="C0INCIDENTS", text="card", blocks=list(blocks)))["ts"]


SHAPES = [
    ({"type": "static_select", "options": OPTIONS}, {"selected_option": OPTIONS[1]}),
    ({"type": "multi_static_select", "options": OPTIONS}, {"selected_options": OPTIONS}),
    ({"type": "external_select"}, {"selected_option": {"text": text("any"), "value": "any"}}),
    ({"type": "multi_external_select"}, {"selected_options": [{"text": text("any"), "value": "any"}]}),
    ({"type": "users_select"}, {"selected_user": "U0002"}),
    ({"type": "multi_users_select"}, {"selected_users": ["U0002", "U0003"]}),
    ({"type": "conversations_select"}, {"selected_conversation": "C0GENERAL"}),
    ({"type": "multi_conversations_select"}, {"selected_conversations": ["C0GENERAL"]}),
    ({"type": "channels_select"}, {"selected_channel": "C0GENERAL"}),
    ({"type": "multi_channels_select"}, {"selected_channels": []}),
    ({"type": "datepicker"}, {"selected_date": "2026-02-03"}),
    ({"type": "timepicker"}, {"selected_time": "23:59"}),
    ({"type": "datetimepicker"}, {"selected_date_time": 1770076800}),
    ({"type": "checkboxes", "options": OPTIONS}, {"selected_options": [OPTIONS[0]]}),
    ({"type": "radio_buttons", "options": OPTIONS}, {"selected_option": OPTIONS[0]}),
]


@pytest.mark.parametrize(("element", "held"), SHAPES, ids=lambda value: value.get("type", ""))
async def test_every_menu_of_a_message_sends_what_was_chosen(slack, replying, element, held):
    ts = await posted(slack, row(element))
    value = {"type": element["type"], **held}
    touched = await slack.control("act", channel="C0INCIDENTS", ts=ts, block_id="row", action_id="a", value=value)

    assert (touched.status, touched.body["timeout"]) == (200, False)
    action = replying.last()["actions"][0]
    assert {k: v for k, v in action.items() if k in value} == value
    assert (action["block_id"], action["action_id"]) == ("row", "a")
    assert replying.last()["state"]["values"]["row"]["a"] == value


async def test_an_overflow_sends_its_option_and_holds_nothing(slack, replying):
    ts = await posted(slack, row({"type": "overflow", "options": OPTIONS}))
    value = {"type": "overflow", "selected_option": OPTIONS[0]}
    await slack.control("act", channel="C0INCIDENTS", ts=ts, block_id="row", action_id="a", value=value)
    assert replying.last()["actions"][0]["selected_option"] == OPTIONS[0]
    assert replying.last()["state"]["values"] == {}


async def test_a_button_among_equals_is_pressed_by_its_ids(slack, replying):
    buttons = [row({"type": "button", "text": text("Go"), "value": v}, block_id=v) for v in ("one", "two", "three")]
    ts = await posted(slack, *buttons)
    await slack.control("act", **{"as": "ben"}, channel="C0INCIDENTS", ts=ts, block_id="two", action_id="a")
    assert replying.last()["actions"][0]["value"] == "two"
    assert replying.last()["user"]["id"] == "U0002"
    nowhere = await slack.control("act", channel="C0INCIDENTS", ts=ts, block_id="four", action_id="a")
    assert (nowhere.status, "nothing to touch" in nowhere.body["error"]) == (400, True)


async def test_an_action_carries_what_the_client_holds_of_the_other_elements(slack, replying):
    ts = await posted(slack, row({"type": "button", "text": text("Go")}, block_id="go"), field("note"))
    state = {"note": {"a": {"type": "plain_text_input", "value": "half typed"}}, "gone": {"a": TYPED}}
    await slack.control("act", channel="C0INCIDENTS", ts=ts, block_id="go", action_id="a", state=state)
    assert replying.last()["state"]["values"] == {"note": {"a": state["note"]["a"]}}


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "static_select", "options": OPTIONS}, {"selected_option": {"value": "sev-9"}}),
        ({"type": "users_select"}, {"selected_user": "U9999"}),
        ({"type": "channels_select"}, {"selected_channel": "C9999"}),
        ({"type": "datepicker"}, {"selected_date": "tomorrow"}),
        ({"type": "timepicker"}, {"selected_time": "25:00"}),
        ({"type": "datetimepicker"}, {"selected_date_time": "soon"}),
    ],
)
async def test_what_an_element_cannot_hold_is_not_sent(slack, replying, element, value):
    ts = await posted(slack, row(element))
    value = {"type": element["type"], **value}
    refused = await slack.control("act", channel="C0INCIDENTS", ts=ts, block_id="row", action_id="a", value=value)
    assert refused.status == 400
    assert [e for e in replying.bot.heard if e["type"] == "interactive"] == []


async def test_a_bot_that_does_not_acknowledge_is_reported(sandbox, slack, replying):
    sandbox.socket.ack_seconds = 0.05
    replying.bot.stop()
    ts = await posted(slack, row({"type": "button", "text": text("Go")}))
    touched = await slack.control("act", channel="C0INCIDENTS", ts=ts, block_id="row", action_id="a")
    assert touched.body["timeout"] is True


async def test_a_private_room_is_not_touched_from_outside(sandbox, slack, replying):
    room = (await slack("conversations.create", name="inc-1", is_private=True))["channel"]["id"]
    ts = (await slack("chat.postMessage", channel=room, text="x", blocks=[row({"type": "users_select"})]))["ts"]
    outside = await slack.control("act", channel=room, ts=ts, block_id="row", action_id="a", value="ben")
    assert (outside.status, "sees no such message" in outside.body["error"]) == (400, True)


# external menus

EXTERNAL = {"type": "external_select", "min_query_length": 0}


async def test_an_external_menu_offers_what_the_bot_answers(slack, replying):
    ts = await posted(slack, row(EXTERNAL))
    replying.replies["block_suggestion"] = {"options": OPTIONS}
    place = {"channel": "C0INCIDENTS", "ts": ts, "block_id": "row", "action_id": "a"}
    assert (await slack.control("options", **place, query="sev")).body == {"options": OPTIONS}

    payload = replying.last()
    assert (payload["type"], payload["value"], payload["block_id"], payload["action_id"]) == (
        "block_suggestion",
        "sev",
        "row",
        "a",
    )
    assert payload["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0INCIDENTS",
        "is_ephemeral": False,
    }
    assert replying.bot.heard[-1]["accepts_response_payload"] is True
    assert "trigger_id" not in payload


async def test_an_external_menu_of_a_form_asks_with_its_view(slack, replying, shown):
    view = await shown(modal(field("incident", **EXTERNAL)))
    groups = [{"label": text("Open"), "options": OPTIONS}]
    replying.replies["block_suggestion"] = {"option_groups": groups}
    answer = await slack.control("options", view_id=view, block_id="incident", action_id="a", query="")
    assert answer.body == {"option_groups": groups}
    assert replying.last()["container"] == {"type": "view", "view_id": view}
    assert replying.last()["view"]["id"] == view


async def test_options_that_slack_would_refuse_are_recorded(sandbox, slack, replying):
    ts = await posted(slack, row(EXTERNAL))
    replying.replies["block_suggestion"] = {"options": [{"text": text("x" * 76), "value": "1"}]}
    place = {"channel": "C0INCIDENTS", "ts": ts, "block_id": "row", "action_id": "a"}
    assert "could not be loaded" in (await slack.control("options", **place, query="")).body["error"]
    assert "block_suggestion a: must be less than 76 characters" in sandbox.record.violations[0]


async def test_an_external_menu_that_nobody_answers_says_so(sandbox, slack, replying):
    sandbox.socket.ack_seconds = 0.05
    ts = await posted(slack, row(EXTERNAL))
    replying.bot.stop()
    place = {"channel": "C0INCIDENTS", "ts": ts, "block_id": "row", "action_id": "a"}
    assert (await slack.control("options", **place, query="")).body == {"timeout": True}


# forms


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


# the Home tab


async def test_app_home_is_opened_and_touched(sandbox, slack, replying):
    assert (await slack.control("home", **{"as": "ben"})).body == {"view": None}
    await sandbox.until(lambda: replying.bot.events("app_home_opened"))
    event = replying.bot.events("app_home_opened")[0]
    assert (event["user"], event["tab"], "view" in event) == ("U0002", "home", False)

    home = {"type": "home", "blocks": [row({"type": "users_select"})]}
    await slack("views.publish", user_id="U0002", view=home)
    again = await slack.control("home", **{"as": "ben"})
    assert again.body["view"]["blocks"] == home["blocks"]
    place = {"as": "ben", "home": True, "block_id": "row", "action_id": "a"}
    assert (await slack.control("act", **place, value="chris")).status == 200
    assert replying.last()["view"]["type"] == "home"
    assert replying.last()["actions"][0]["selected_user"] == "U0003"
    assert (await slack.control("act", **(place | {"as": "ana"}), value="chris")).status == 400


async def test_an_ephemeral_that_replaced_another_can_be_touched(sandbox, slack, replying):
    await slack(
        "chat.postEphemeral", channel="C0INCIDENTS", user="U0001", text="x", blocks=[row({"type": "users_select"})]
    )
    words = sandbox.slack.workspace.ephemerals["U0001"][0]
    await slack.control("act", channel="C0INCIDENTS", ts=words.ts, block_id="row", action_id="a", value="ben")
    nameless = {"type": "actions", "elements": [{"type": "button", "text": text("Go")}]}
    await slack.respond(replying.last()["response_url"], replace_original=True, text="y", blocks=[nameless])
    block = words.blocks[0]
    ids = {"block_id": block["block_id"], "action_id": block["elements"][0]["action_id"]}
    touched = await slack.control("act", channel="C0INCIDENTS", ts=words.ts, **ids)
    assert touched.status == 200
    assert replying.last()["container"]["is_ephemeral"] is True
    stranger = await slack.control("act", **{"as": "ben"}, channel="C0INCIDENTS", ts=words.ts, **ids)
    assert stranger.status == 400
