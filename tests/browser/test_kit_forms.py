"""Modals at the kit, and what survives when a message or a form is rendered again."""

import pytest_asyncio

from tests.browser.stage import Stage, actions, field, modal, option, text

FIELD = {"type": "plain_text_input"}
SEVERITIES = [option("SEV-1"), option("SEV-2"), option("SEV-3")]
UPDATE = """async ([blocks, ts]) => {
  const { updateBlocks } = await import("/page/kit/index.js");
  const { context } = await import("/page/kit/catalogue_page.js");
  updateBlocks(document.querySelector("#catalogue"), blocks, { ...context, container: { channel: "C0GENERAL", ts } });
}"""
VIEWS = """async (views) => {
  const { showModals } = await import("/page/kit/index.js");
  const { context } = await import("/page/kit/catalogue_page.js");
  showModals(views, context);
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def stage(open_page, site):
    return await Stage.at(open_page, site)


# what survives


async def test_half_typed_text_and_the_caret_survive_a_new_rendering(stage):
    blocks = [field(FIELD, dispatch_action=True), {"type": "section", "text": text("before")}]
    await stage.show(*blocks)
    await stage.reach()
    await stage.keys('"half typed', "ArrowLeft", "ArrowLeft")
    blocks[1] = {"type": "section", "text": text("after")}
    await stage.show(*blocks)
    await stage.keys('"!', "Enter")
    assert (await stage.sent())[0]["value"]["value"] == "half typ!ed"


async def test_an_open_menu_survives_and_what_is_picked_is_sent_once(stage):
    blocks = [actions({"type": "static_select", "options": SEVERITIES})]
    await stage.show(*blocks)
    await stage.reach()
    await stage.keys("Enter", '"sev', "ArrowDown")
    await stage.show(*blocks)
    assert await stage.page.locator(".kit-search").input_value() == "sev"
    await stage.keys("Enter")
    assert [each["value"]["selected_option"]["value"] for each in await stage.sent()] == ["sev-2"]
    assert await stage.page.locator("#catalogue .kit-chosen").text_content() == "SEV-2"
    assert "kit-trigger" in await stage.focused()


async def test_a_menu_of_many_keeps_what_was_ticked_before_it_is_closed(stage):
    blocks = [actions({"type": "multi_static_select", "options": SEVERITIES})]
    await stage.show(*blocks)
    await stage.reach()
    await stage.keys("Enter", "Enter")
    await stage.show(*blocks)
    await stage.keys("ArrowDown", "Enter", "Escape")
    assert [each["value"] for each in (await stage.sent())[0]["value"]["selected_options"]] == ["sev-1", "sev-2"]


async def test_a_menu_whose_message_is_gone_is_closed(stage):
    await stage.show(actions({"type": "static_select", "options": SEVERITIES}))
    await stage.reach()
    await stage.keys("Enter", "?.kit-popup")
    await stage.show({"type": "divider"})
    await stage.page.wait_for_selector(".kit-popup", state="detached")


async def test_another_message_or_person_does_not_see_what_was_typed(stage):
    await stage.show(field(FIELD))
    await stage.reach()
    await stage.keys('"mine')
    for other in ({"container": {"channel": "C0GENERAL", "ts": "2"}}, {"me": "U0002"}):
        await stage.show(field(FIELD), **other)
        assert await stage.page.locator("#catalogue input").input_value() == ""
    await stage.show(field(FIELD))
    assert await stage.page.locator("#catalogue input").input_value() == "mine"


async def test_an_edit_keeps_the_nodes_of_what_did_not_change(stage):
    card = [{"type": "header", "text": text("db down")}, field(FIELD), {"type": "divider"}]
    await stage.page.evaluate("() => document.querySelector('#catalogue').replaceChildren()")
    await stage.page.evaluate(UPDATE, [card, "1"])
    await stage.page.evaluate("() => (window.before = document.querySelector('#catalogue input'))")
    await stage.page.locator("#catalogue input").focus()
    changed = [{"type": "header", "text": text("db is back")}, {"type": "divider"}, card[1]]
    await stage.page.evaluate(UPDATE, [changed, "1"])
    assert await stage.page.evaluate("() => document.activeElement === window.before")
    assert "db is back" in await stage.page.locator("#catalogue").text_content()
    assert await stage.page.locator("#catalogue .kit-block").count() == 3
    await stage.page.evaluate(UPDATE, [changed, "2"])
    assert not await stage.page.evaluate("() => window.before.isConnected")


# modals


async def test_the_client_asks_before_it_sends_and_forgives_what_is_typed(stage):
    await stage.modal(
        modal(field(FIELD, "title"), field({"type": "users_select"}, "who"), field(FIELD, "note", optional=True))
    )
    await stage.page.locator(".kit-submit").press("Enter")
    wrong = stage.page.locator(".kit-wrong .kit-error")
    assert await wrong.all_text_contents() == ["Please complete this required field."] * 2
    assert await stage.page.locator("dialog input").first.get_attribute("aria-invalid") == "true"
    assert await stage.sent_now("submit") == []
    await stage.keys('"db')  # the focus went to the first that is wrong
    assert await wrong.count() == 1


async def test_the_apps_errors_stand_under_their_inputs_and_the_form_stays(stage):
    await stage.modal(modal(field(FIELD, "title"), callback_id="errors"))
    await stage.keys('"db', "Enter", "?text=Say more than that.")
    described = await stage.page.locator("dialog input").get_attribute("aria-describedby")
    texts = [await stage.page.locator(f"#{each}").text_content() for each in described.split()]
    assert "Say more than that." in texts
    assert await stage.page.locator("dialog input").input_value() == "db"


async def test_an_app_that_does_not_answer_is_a_line_in_the_form_and_the_wait_is_seen(stage):
    await stage.modal(modal(field(FIELD, "title"), callback_id="timeout"))
    await stage.keys('"db', "Enter", "?.kit-submit.kit-busy", "Enter", "?.kit-trouble:not([hidden])")
    assert await stage.page.locator(".kit-trouble").text_content() == "The app did not respond in time."
    assert len(await stage.sent_now("submit")) == 1
    assert await stage.page.locator("dialog input").input_value() == "db"


async def test_a_form_without_a_further_word_closes_and_gives_the_focus_back(stage):
    await stage.show(actions({"type": "button", "text": text("Open")}))
    await stage.reach()
    await stage.modal(modal(field(FIELD, "title")))
    await stage.keys('"db', "Enter")
    await stage.page.wait_for_selector("dialog", state="detached")
    assert "kit-button" in await stage.focused()


async def test_tab_goes_round_within_a_form(stage):
    await stage.modal(modal(field(FIELD, "title")))
    seen = []
    for _ in range(8):
        seen.append(
            await stage.page.evaluate(
                "() => document.activeElement.closest('dialog') && document.activeElement.textContent"
            )
        )
        await stage.keys("Tab")
    assert seen[:5] == ["", "Cancel", "Send", "✕", ""]
    await stage.page.locator("dialog .kit-icon:visible").focus()
    await stage.keys("Shift+Tab")
    assert "kit-submit" in await stage.focused()


async def test_escape_closes_the_menu_then_the_form_and_the_app_is_told(stage):
    await stage.modal(modal(field({"type": "static_select", "options": SEVERITIES}, "s"), id="V7"))
    await stage.keys("Enter", "?.kit-popup", "Escape")
    assert await stage.page.locator("dialog").count() == 1
    await stage.keys("Escape")
    await stage.page.wait_for_selector("dialog", state="detached")
    assert await stage.sent_now("closed") == [{"what": "closed", "id": "V7", "value": {"everything": False}}]


async def test_a_stack_goes_back_one_by_one_or_all_at_once(stage):
    first, second = (
        modal(field(FIELD, "a"), title=text("First")),
        modal(field(FIELD, "b"), id="V2", title=text("Second")),
    )
    await stage.modal(first)
    await stage.keys('"kept')
    await stage.modal(second)
    assert await stage.page.locator(".kit-modal-title").text_content() == "Second"
    await stage.page.get_by_role("button", name="Back").press("Enter")
    assert await stage.page.locator(".kit-modal-title").text_content() == "First"
    assert await stage.page.locator("dialog input").input_value() == "kept"
    await stage.modal(second | {"id": "V3"})
    await stage.page.get_by_role("button", name="Close", exact=True).press("Enter")
    await stage.page.wait_for_selector("dialog", state="detached")
    assert (await stage.sent_now("closed"))[-1]["value"] == {"everything": True}


async def test_an_update_keeps_what_was_typed_under_the_same_ids(stage):
    await stage.modal(modal(field(FIELD, "title"), hash="1"))
    await stage.keys('"db down')
    more = modal(field(FIELD, "title"), field({"type": "users_select"}, "who"), title=text("Asked more"), hash="2")
    await stage.modal(more, "updateModal")
    assert await stage.page.locator(".kit-modal-title").text_content() == "Asked more"
    assert await stage.page.locator("dialog input").input_value() == "db down"
    await stage.keys('"!')  # the focus is where it was
    assert await stage.page.locator("dialog input").input_value() == "db down!"


async def test_the_feed_may_show_the_same_stack_again_and_again(stage):
    views = [modal(field(FIELD, "a"), hash="1"), modal(field(FIELD, "b"), id="V2", hash="2")]
    for _ in range(3):
        await stage.page.evaluate(VIEWS, views)
        await stage.keys('"x')
    assert await stage.page.locator("dialog input").input_value() == "xxx"
    await stage.keys("Escape")
    await stage.page.evaluate(VIEWS, views)  # a state from before the form was closed
    assert await stage.page.locator("dialog input").input_value() == ""
    assert await stage.page.locator(".kit-icon:visible").count() == 1
    await stage.page.evaluate(VIEWS, [])
    assert await stage.page.locator("dialog").count() == 0


async def test_the_answer_to_a_submission_pushes_and_updates(stage):
    await stage.modal(modal(field(FIELD, "title", optional=True), callback_id="push"))
    await stage.keys("Control+Enter", "?text=Third view", "Control+Enter", "?text=Updated")
    assert await stage.page.locator(".kit-submit").count() == 0
    assert await stage.page.locator(".kit-icon:visible").count() == 1  # what was answered is the whole stack


async def test_light_and_dark_are_legible(stage):
    contrast = """() => {
      const style = getComputedStyle(document.documentElement);
      const probe = document.createElement("i");
      document.body.append(probe);
      const light = (name) => {
        probe.style.color = style.getPropertyValue(name);
        const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map((n) => n / 255);
        const linear = parts.map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
      };
      const pairs = ["text surface", "muted surface", "muted raised", "link surface", "link mention", "code sunken",
        "error raised", "on-colour primary", "on-colour danger", "on-colour lit", "text me", "warning surface"];
      return pairs.map((pair) => {
        const [a, b] = pair.split(" ");
        const [x, y] = [light(`--kit-${a}`), light(`--kit-${b}`)].sort((m, n) => n - m);
        return [pair, (x + 0.05) / (y + 0.05)];
      }).filter(([, ratio]) => ratio < 4.5);
    }"""
    for scheme, theme in (("light", ""), ("dark", ""), ("light", "dark")):
        await stage.page.emulate_media(color_scheme=scheme)
        await stage.page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
        assert await stage.page.evaluate(contrast) == []


async def test_a_press_on_submit_that_has_begun_is_kept_through_an_update_of_the_form(stage):
    before, after = ({"type": "section", "text": text(words)} for words in ("before", "after"))
    await stage.modal(modal(before, field(FIELD, optional=True)))
    await stage.page.get_by_role("button", name="Send").hover()
    await stage.page.mouse.down()
    await stage.modal(modal(after, field(FIELD, optional=True)), "updateModal")
    await stage.page.mouse.up()
    assert (await stage.sent("submit"))[0]["id"] == "V1"
