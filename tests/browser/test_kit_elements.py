"""Every element by keyboard alone, and its value in Slack's shape."""

import pytest
import pytest_asyncio

from tests.browser.stage import Stage, actions, field, modal, option, text

SEV1, SEV2, SEV3 = (
    option("SEV-1") | {"description": text("Complete outage")},
    option("SEV-2") | {"description": text("Major function broken")},
    option("SEV-3"),
)
OPEN = "?.kit-option.kit-lit"


def incident(number):
    return {"text": text(f"INC-{number} incident number {number}"), "value": f"{number}"}


CHOSEN = {
    "static_select": (("Enter", '"sev-2', "Enter"), {"selected_option": SEV2}),
    "multi_static_select": (
        ("Enter", "Enter", "ArrowDown", "ArrowDown", "Enter", "Escape"),
        {"selected_options": [SEV1, SEV3]},
    ),
    "external_select": (
        ("Enter", OPEN, '"12', "Enter", "?.kit-trigger[data-value='12']"),
        {"selected_option": incident(12)},
    ),
    "multi_external_select": (
        ("Enter", '"7', OPEN, "Enter", "ArrowDown", "Enter", "Escape"),
        {"selected_options": [incident(7), incident(17)]},
    ),
    "users_select": (('"b', OPEN, "Enter"), {"selected_user": "U0002"}),
    "multi_users_select": (
        ("ArrowDown", "Enter", "End", "Enter", "Escape"),
        {"selected_users": ["U0001", "U0009"]},
    ),
    "conversations_select": (("Enter", '"secret', "Enter"), {"selected_conversation": "C0SECRET"}),
    "multi_conversations_select": (
        ("Enter", '"ben', "Enter", "Escape"),
        {"selected_conversations": ["D0001"]},
    ),
    "channels_select": (("Enter", '"inc', "Enter"), {"selected_channel": "C0INCIDENTS"}),
    "multi_channels_select": (("Enter", "Enter", "Escape"), {"selected_channels": ["C0GENERAL"]}),
    "datepicker": (('"02032026', "Enter"), {"selected_date": "2026-02-03"}),
    "timepicker": (('"0930AM', "Enter"), {"selected_time": "09:30"}),
    "datetimepicker": (('"02032026', "Tab", "Tab", '"0930AM', "Enter"), {"selected_date_time": 1770111000}),
    "checkboxes": (("Space", "Tab", "Space"), {"selected_options": [SEV1, SEV2]}),
    "radio_buttons": (("Space", "ArrowDown"), {"selected_option": SEV2}),
}
ACTS_TWICE = {"checkboxes", "radio_buttons"}


@pytest_asyncio.fixture(loop_scope="session")
async def stage(open_page, site):
    return await Stage.at(open_page, site)


async def element_of(stage, kind):
    all_elements = await stage.catalogue("ELEMENTS") + await stage.catalogue("TYPED")
    return next(each for each in all_elements if each["type"] == kind)


async def test_the_catalogue_has_a_way_by_keyboard_for_each_element(stage):
    assert {each["type"] for each in await stage.catalogue("ELEMENTS")} == set(CHOSEN)


@pytest.mark.parametrize("kind", CHOSEN)
async def test_an_element_is_chosen_by_keyboard_and_sent_in_slacks_shape(stage, kind):
    keys, held = CHOSEN[kind]
    await stage.show(actions(await element_of(stage, kind)))
    await stage.reach()
    await stage.keys(*keys)

    sent = await stage.sent("act", 2 if kind in ACTS_TWICE else 1)
    last = sent[-1]
    assert last["value"] == {"type": kind, **held}
    assert (last["surface"], last["container"]) == ("message", {"channel": "C0GENERAL", "ts": "0"})
    assert (last["block_id"], last["action_id"]) == ("row", "a0")
    assert last["state"] == {"row": {"a0": last["value"]}}
    assert len(sent) == (2 if kind in ACTS_TWICE else 1)


@pytest.mark.parametrize("kind", CHOSEN)
async def test_the_same_element_in_a_form_sends_nothing_until_it_is_submitted(stage, kind):
    keys, held = CHOSEN[kind]
    await stage.modal(modal(field(await element_of(stage, kind))))
    await stage.keys(*keys)
    await stage.page.locator(".kit-submit").press("Enter")

    assert (await stage.sent("submit"))[0]["values"] == {"field": {"value": {"type": kind, **held}}}
    assert await stage.sent_now("act") == []


TYPED = {
    "plain_text_input": ("db is down", "db is down"),
    "email_text_input": ("ana@example.com", "ana@example.com"),
    "url_text_input": ("https://example.com/x", "https://example.com/x"),
    "number_input": ("1.5", "1.5"),
}


@pytest.mark.parametrize("kind", TYPED)
async def test_what_is_typed_is_submitted_by_enter(stage, kind):
    words, value = TYPED[kind]
    await stage.modal(modal(field(await element_of(stage, kind))))
    await stage.keys('"' + words, "Enter")
    assert (await stage.sent("submit"))[0]["values"] == {"field": {"value": {"type": kind, "value": value}}}


async def test_rich_text_is_written_with_marks_and_submitted_as_slack_would(stage):
    await stage.modal(modal(field({"type": "rich_text_input"})))
    await stage.keys(
        '"*db* is down & ', "Control+b", '"out', "End", '" <https://example.com|see>', "Enter", '"• one', "Enter"
    )
    await stage.keys('"• two', "Enter", '"> said', "Control+Enter")

    value = (await stage.sent("submit"))[0]["values"]["field"]["value"]
    section, bullets, quote = value["rich_text_value"]["elements"]
    assert value["type"] == "rich_text_input"
    assert section["elements"] == [
        {"type": "text", "text": "db", "style": {"bold": True}},
        {"type": "text", "text": " is down & "},
        {"type": "text", "text": "out", "style": {"bold": True}},
        {"type": "text", "text": " "},
        {"type": "link", "url": "https://example.com", "text": "see"},
    ]
    assert (bullets["style"], [item["elements"][0]["text"] for item in bullets["elements"]]) == (
        "bullet",
        ["one", "two"],
    )
    assert quote == {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]}


async def test_an_untouched_form_submits_the_emptiness_that_slack_does(stage):
    form = await stage.catalogue("FORM")
    for block in form["blocks"]:
        block["optional"] = True
    await stage.modal(form)
    await stage.page.locator(".kit-submit").press("Enter")

    held = {}
    for elements in (await stage.sent("submit"))[0]["values"].values():
        held |= {state.pop("type"): state for state in elements.values()}
    assert held["plain_text_input"] == {"value": None}
    assert held["rich_text_input"] == {"rich_text_value": None}
    assert held["static_select"] == {"selected_option": None}
    assert held["multi_users_select"] == {"selected_users": []}
    assert held["checkboxes"] == {"selected_options": []}
    assert held["datetimepicker"] == {"selected_date_time": None}
    assert set(held) == set(CHOSEN) | set(TYPED) | {"rich_text_input"}


async def test_what_an_element_begins_with_is_its_value(stage):
    begun = [
        {"type": "static_select", "options": [SEV1, SEV2], "initial_option": SEV2},
        {"type": "multi_users_select", "initial_users": ["U0001"]},
        {"type": "datepicker", "initial_date": "2026-02-03"},
        {"type": "conversations_select", "default_to_current_conversation": True},
        {"type": "button", "text": text("Go")},
    ]
    await stage.show(actions(*begun))
    await stage.page.get_by_role("button", name="Go", exact=True).press("Enter")
    state = (await stage.sent())[0]["state"]["row"]
    assert state["a0"]["selected_option"] == SEV2
    assert state["a1"]["selected_users"] == ["U0001"]
    assert state["a2"]["selected_date"] == "2026-02-03"
    assert state["a3"]["selected_conversation"] == "C0GENERAL"
    assert "a4" not in state


async def test_buttons_send_and_open_their_address(stage):
    await stage.show(
        actions(
            {"type": "button", "text": text("Runbook"), "url": "https://example.com/r", "value": "1"},
            {"type": "button", "text": text("Evil"), "url": "javascript:document.title='ran'"},
        )
    )
    await stage.reach()
    await stage.keys("Enter", "Tab", "Space")
    assert [each["value"] for each in await stage.sent("act", 2)] == [None, None]
    assert [each["url"] for each in await stage.sent_now("link")] == ["https://example.com/r"]


async def test_an_overflow_menu_is_walked_with_arrows_and_letters(stage):
    await stage.show(actions({"type": "overflow", "options": [option("Edit"), option("Snooze"), option("Close")]}))
    await stage.reach()
    await stage.keys("Enter", "ArrowUp", "Enter")
    await stage.keys("ArrowDown", "s", "Enter")
    values = [each["value"] for each in await stage.sent("act", 2)]
    assert values == [
        {"type": "overflow", "selected_option": option("Close")},
        {"type": "overflow", "selected_option": option("Snooze")},
    ]
    await stage.keys("Enter", "Escape")
    assert "kit-more" in await stage.focused()
    assert await stage.page.locator("[role=menu]").count() == 0


CONFIRM = {"title": text("Sure?"), "text": text("It rings."), "confirm": text("Yes"), "deny": text("No")}


async def test_a_confirmation_is_asked_first_and_no_takes_it_back(stage):
    menu = {"type": "static_select", "options": [SEV1, SEV2], "initial_option": SEV1, "confirm": CONFIRM}
    await stage.show(actions(menu))
    await stage.reach()
    await stage.keys("Enter", '"sev-2', "Enter", "?dialog.kit-confirm", "Escape")
    await stage.page.wait_for_selector("dialog.kit-confirm", state="detached")
    assert await stage.page.locator(".kit-chosen").text_content() == "SEV-1"
    assert await stage.sent_now("act") == []

    await stage.keys("Enter", '"sev-2', "Enter", "?dialog.kit-confirm", "Enter")
    assert (await stage.sent())[0]["value"]["selected_option"] == SEV2


async def test_a_menu_can_be_emptied_where_it_is_optional(stage):
    await stage.modal(modal(field({"type": "static_select", "options": [SEV1], "initial_option": SEV1}, optional=True)))
    await stage.keys("Backspace")
    await stage.page.locator(".kit-submit").press("Enter")
    assert (await stage.sent("submit"))[0]["values"]["field"]["value"]["selected_option"] is None


async def test_many_are_no_more_than_the_most_and_the_last_is_taken_back(stage):
    menu = {"type": "multi_static_select", "options": [SEV1, SEV2, SEV3], "max_selected_items": 2}
    await stage.show(actions(menu))
    await stage.reach()
    await stage.keys("Enter", "Enter", "ArrowDown", "Enter", "ArrowDown", "Enter", "Escape")
    assert (await stage.sent())[0]["value"]["selected_options"] == [SEV1, SEV2]
    await stage.keys("Backspace")
    assert (await stage.sent("act", 2))[-1]["value"]["selected_options"] == [SEV1]


async def test_an_input_that_dispatches_sends_on_enter_or_at_every_character(stage):
    enter = field({"type": "plain_text_input"}, "enter", dispatch_action=True)
    wanted = {"trigger_actions_on": ["on_character_entered"]}
    keys = field({"type": "plain_text_input", "dispatch_action_config": wanted}, "keys", dispatch_action=True)
    await stage.show(enter, keys, field({"type": "plain_text_input"}, "silent"))
    await stage.reach()
    await stage.keys('"db', "Enter", "Tab", '"abc')
    sent = await stage.sent("act", 2)
    assert [(each["block_id"], each["value"]["value"]) for each in sent] == [("enter", "db"), ("keys", "abc")]
    await stage.keys("Tab", '"never', "Enter")
    assert len(await stage.sent_now("act")) == 2


async def test_an_external_menu_waits_for_enough_characters_and_says_when_the_app_is_silent(stage):
    await stage.show(actions({"type": "external_select"}, {"type": "external_select", "action_id": "timeout"}))
    await stage.reach()
    await stage.keys("Enter", "?text=Type at least 3 characters", '"INC', "?.kit-option", "Escape")
    assert [each["query"] for each in await stage.sent_now("options")] == ["INC"]
    await stage.keys("Tab", "Enter", '"INC', "?text=did not answer in time")


async def test_an_app_that_does_not_answer_gets_a_triangle_until_it_does(stage):
    silent = {"type": "button", "action_id": "timeout", "text": text("Silent")}
    await stage.show(actions(silent))
    await stage.reach()
    await stage.keys("Enter", "?.kit-warning")
    assert "did not respond" in await stage.page.locator(".kit-warning").get_attribute("title")
    await stage.show(actions(silent))
    assert await stage.page.locator(".kit-warning").count() == 1
    slow = {"type": "button", "action_id": "slow", "text": text("Slow")}
    await stage.show(actions(slow))
    await stage.reach()
    await stage.keys("Enter", "?.kit-busy", "Enter")
    assert len(await stage.sent("act", 2)) == 2  # the second press found it busy
