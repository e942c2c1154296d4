"""A page in a browser at the stand-in: elements touched by their ids, external menus, the Home tab."""

import pytest

from tests.sandbox.touched import OPTIONS, TYPED, field, modal, posted, replying, row, shown, text

__all__ = ["replying", "shown"]

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
