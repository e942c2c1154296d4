"""All that Muster can show, and all that could do harm: nothing falls back, runs or breaks out."""

import json
import time

import pytest_asyncio

from tests.browser.stage import Stage, actions, field, jsonable, modal, text
from tests.views import samples
from tests.views.everything import surfaces
from tests.views.hostile import hostile

WORDS = "db is down & <nobody> *knows* why"
LONG = "W" * 300 + " " + "it was the disk again " * 50
ON_A_DESK, NARROW = ({"width": width, "height": 800} for width in (1280, 390))
SHOWN = """async (views) => {
  views = JSON.parse(views);
  const kit = await import("/page/kit/index.js");
  const { context } = await import("/page/kit/catalogue_page.js");
  const found = [];
  for (const [name, payload] of views) {
    const host = document.createElement("div");
    document.querySelector("#catalogue").replaceChildren(host);
    if (payload.type === "modal") kit.openModal({ id: name, ...payload }, context);
    else if (payload.type === "home") host.append(kit.renderHome({ id: name, ...payload }, context));
    else if (payload.blocks?.length) host.append(kit.renderBlocks(payload.blocks, context));
    else host.append(kit.renderMrkdwn(payload.text, context));
    const root = payload.type === "modal" ? document.querySelector("dialog.kit") : host;
    const places = [root, ...root.querySelectorAll(".kit-block, .kit-modal-body")];
    const wide = places.some((node) =>
      node.scrollWidth > node.clientWidth + 1 || node.getBoundingClientRect().right > innerWidth + 1);
    found.push({
      name, wide, words: root.textContent.length,
      fallbacks: [...root.querySelectorAll(".kit-fallback")].map((node) => node.textContent),
      foreign: [...root.querySelectorAll("script, iframe, object, svg, style, form")].map((node) => node.tagName),
      links: [...root.querySelectorAll("[href], [src]")].map((node) => node.href || node.src),
    });
    kit.closeModal();
  }
  return JSON.stringify(found);
}"""
NAMED = """async (words) => {
  const kit = await import("/page/kit/index.js");
  const { context } = await import("/page/kit/catalogue_page.js");
  const user = { id: "U1", name: words, real_name: words };
  const names = { user: () => user, channel: () => ({ id: "C1", name: words }), usergroup: () => ({ handle: words }) };
  const mean = { ...context, names, people: () => [user], channels: () => [{ id: "C1", name: words, kind: "public" }] };
  const option = { text: { type: "plain_text", text: words.slice(0, 75) }, value: "1" };
  window.app = { ...mean, submit: async () => ({ errors: { field: words } }), act: async () => ({ error: words }) };
  const blocks = [
    { type: "section", text: { type: "mrkdwn",
      text: "<@U1> <#C1> <!subteam^S1> <!date^1^{date}^javascript:1|" + words } },
    { type: "actions", block_id: "r", elements: [
      { type: "users_select", action_id: "u", initial_user: "U1" },
      { type: "static_select", action_id: "s", options: [option], initial_option: option },
      { type: "multi_channels_select", action_id: "c", initial_channels: ["C1"] },
      { type: "overflow", action_id: "o", options: [option] },
      { type: "button", action_id: "b", text: option.text } ] },
  ];
  document.querySelector("#catalogue").replaceChildren(kit.renderBlocks(blocks, { ...context, ...window.app }));
}"""
SPEED = """async ([given, count]) => {
  const payloads = JSON.parse(given);
  const kit = await import("/page/kit/index.js");
  const { context } = await import("/page/kit/catalogue_page.js");
  const host = document.querySelector("#catalogue");
  host.replaceChildren();
  const begun = performance.now();
  for (let n = 0; n < count; n += 1) {
    const { blocks, text } = payloads[n % payloads.length];
    const own = { ...context, container: { channel: "C0GENERAL", ts: String(n) } };
    const body = document.createElement("div");
    body.append(blocks?.length ? kit.renderBlocks(blocks, own) : kit.renderMrkdwn(text, own));
    host.append(body);
  }
  return (performance.now() - begun) / count;
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def stage(open_page, site):
    return await Stage.at(open_page, site)


@pytest_asyncio.fixture(loop_scope="session")
async def heavy(open_page, site):
    """Of a page that thousands of nodes have been on nobody shall come after."""
    return await Stage.at(open_page, site, kind="")


def everything():
    for state, record in samples.STATES.items():
        for name, payload in surfaces(WORDS, record):
            yield f"{state}: {name}", jsonable(payload)


def attacked(words):
    """The fullest record, with these words wherever a person or a vendor could have put them."""
    for name, payload in surfaces(words, hostile(words, samples.TROUBLED)):
        yield name, jsonable(payload)


async def shown(stage, views):
    found = json.loads(await stage.page.evaluate(SHOWN, json.dumps(list(views))))
    assert all(each["words"] for each in found), [each["name"] for each in found if not each["words"]]
    assert [each for each in found if each["fallbacks"] or each["foreign"]] == []
    assert [
        link for each in found for link in each["links"] if not link.startswith(("http:", "https:", "mailto:"))
    ] == []
    assert [each["name"] for each in found if each["wide"]] == []
    return found


async def test_every_message_form_and_home_of_muster_is_shown_without_a_fallback(heavy):
    found = await shown(heavy, everything())
    assert len(found) > 100


async def test_hostile_words_in_every_view_run_nothing_and_break_no_layout(heavy):
    hostile = (await heavy.catalogue("HOSTILE")).encode("utf-8", "replace").decode()
    for words in (hostile, LONG):
        views = list(attacked(words))
        for size in (ON_A_DESK, NARROW):
            await heavy.page.set_viewport_size(size)
            await shown(heavy, views)
    assert await heavy.page.title() == "Every Block Kit element and its limits"


async def test_hostile_names_options_errors_and_typed_words_are_only_words(stage):
    words = await stage.catalogue("HOSTILE")
    await stage.page.evaluate(NAMED, words)
    for button in await stage.page.locator("#catalogue .kit-trigger, #catalogue .kit-button").all():
        await button.click()
        await stage.page.keyboard.press("Escape")
    await stage.page.wait_for_selector(".kit-warning")
    await stage.modal(modal(field({"type": "plain_text_input"}), title=text(words)))
    await stage.page.locator("dialog input").fill("".join(words.split("\n")))
    await stage.keys("Enter", "?.kit-wrong")
    assert await stage.page.locator("script, svg, iframe, dialog img").count() == 1  # the page's own script
    assert await stage.overflowing() == []
    assert await stage.page.title() == "Every Block Kit element and its limits"


async def test_every_entry_of_the_catalogue_is_shown_without_a_fallback_and_within_its_place(open_page, site):
    stage = await Stage.at(open_page, site, query="")
    assert await stage.page.locator(".entry").count() > 80
    for size in (ON_A_DESK, NARROW):
        await stage.page.set_viewport_size(size)
        assert await stage.fallbacks() == []
        assert await stage.overflowing() == []


async def test_what_cannot_be_shown_says_so_and_takes_nothing_else_with_it(stage):
    broken = {"type": "section", "text": {"type": "mrkdwn", "text": "fine"}, "accessory": {"type": "hologram"}}
    await stage.show(
        {"type": "hologram"}, broken, {"type": "toString"}, actions({"type": "button", "text": text("Go")})
    )
    assert await stage.fallbacks() == [
        f"This {kind} cannot be shown here." for kind in ("hologram", "hologram", "toString")
    ]
    assert await stage.page.get_by_role("button", name="Go", exact=True).is_visible()


async def test_links_are_of_the_web_or_of_mail_and_open_elsewhere(stage):
    words = "<https://example.com/a?b=1&amp;c=2|see> <mailto:ana@example.com|mail> <javascript:alert(1)|no> <ftp://x.example|no>"
    await stage.show({"type": "section", "text": {"type": "mrkdwn", "text": words}})
    links = stage.page.locator("#catalogue a")
    assert [await link.get_attribute("href") for link in await links.all()] == [
        "https://example.com/a?b=1&c=2",
        "mailto:ana@example.com",
    ]
    assert await links.first.get_attribute("rel") == "noopener noreferrer nofollow"
    assert await links.first.get_attribute("target") == "_blank"


async def test_dates_are_told_in_the_readers_zone(stage):
    date = "<!date^1770076800^{date_num} {time}|fallback> <!date^1770076800^{unknown}|fallback>"
    for zone, words in (("Asia/Tokyo", "2026-02-03 9:00 AM"), ("America/New_York", "2026-02-02 7:00 PM")):
        await stage.show({"type": "section", "text": {"type": "mrkdwn", "text": date}}, zone=zone)
        assert await stage.page.locator("#catalogue .kit-text").text_content() == f"{words} fallback"


async def test_a_message_takes_less_than_a_millisecond(heavy):
    payloads = [jsonable(payload) for _, payload in surfaces(WORDS, samples.STATES["acknowledged"])]
    said = [each for each in payloads if each.get("type") != "modal" and len(json.dumps(each)) < 20_000]
    taken = []
    while len(taken) < 3 and not any(each < 1 for each in taken):  # others share the machine
        taken.append(await heavy.page.evaluate(SPEED, [json.dumps(said), 5000]))
    assert min(taken) < 1, f"{taken} ms a message"


async def test_the_worst_words_are_read_without_a_pause(stage):
    begun = time.monotonic()
    for worst in ("*a ", "_*~", "<", "`a", "**a", "[a](", "h", ":a", "\\", "| a |\n|-|\n", "> > > ", "- "):
        words = (worst * 12_000)[:12_000]
        await stage.show(
            {"type": "markdown", "text": words}, {"type": "section", "text": {"type": "mrkdwn", "text": words[:3000]}}
        )
    assert time.monotonic() - begun < 10
