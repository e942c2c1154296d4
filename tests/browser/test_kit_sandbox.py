"""The kit against the sandbox itself: what a person does in the browser is what the bot hears over Socket Mode."""

import aiohttp
import pytest_asyncio

from sandbox.app import Sandbox
from sandbox.slack.manifest import Manifest
from tests.browser.stage import Stage, actions, field, modal, option, text
from tests.sandbox.slack_client import Answering, Client

# The kit's context over the control API, as index.js describes it.
CONTEXT = """() => {
  const post = (path, given) => control(path, { as: "ana", ...given });
  const element = ({ container, block_id, action_id }) => ({ ...container, block_id, action_id });
  window.app = {
    act: (given) => post("act", { ...element(given), value: given.value, state: given.state }),
    options: (given) => post("options", { ...element(given), query: given.query }),
    submit: (view, values) => post("submit_view", { view_id: view.id, values }),
    closed: (view, { everything }) => post("close_view", { view_id: view.id, everything }),
  };
}"""
MESSAGE = """async ([blocks, container]) => {
  const { renderBlocks } = await import("/page/kit/index.js");
  const { context } = await import("/page/kit/catalogue_page.js");
  document.querySelector("#catalogue").replaceChildren(renderBlocks(blocks, { ...context, ...window.app, container }));
}"""
OPTIONS = [option("SEV-1"), option("SEV-2")]


class Replying:
    def __init__(self):
        self.replies, self.bot = {}, None

    def __call__(self, envelope):
        return self.replies.get(envelope["payload"].get("type"))

    def heard(self, kind):
        return [e["payload"] for e in self.bot.heard if e["payload"].get("type") == kind]


@pytest_asyncio.fixture(loop_scope="session")
async def world():
    """A sandbox with a bot of one line."""
    async with Sandbox(manifest=Manifest.everything()) as sandbox, aiohttp.ClientSession() as session:
        sandbox.client = Client(sandbox, session)
        sandbox.bot = Replying()
        sandbox.bot.bot = Answering(await sandbox.client.connect(), sandbox.bot)
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def given():
    """What the page asks of whichever sandbox is up; a function can be given to a page only once."""
    worlds = []

    async def control(path, given):
        return (await worlds[-1].client.control(path, **given)).body

    return worlds, control


@pytest_asyncio.fixture(loop_scope="session")
async def stage(open_page, site, world, given):
    worlds, control = given
    worlds.append(world)
    stage = await Stage.at(open_page, site, kind="kit and sandbox")
    if len(worlds) == 1:
        await stage.page.expose_function("control", control)
    await stage.page.evaluate(CONTEXT)
    return stage


async def posted(world, stage, *blocks):
    """Post a message as the bot, and show it as the page would."""
    ts = (await world.client("chat.postMessage", channel="C0INCIDENTS", text="card", blocks=list(blocks)))["ts"]
    message = world.slack.workspace.channel("#incidents").index[ts]
    await stage.page.evaluate(MESSAGE, [message.blocks, {"channel": "C0INCIDENTS", "ts": ts}])
    return ts


async def opened(world, stage, view):
    answer = await world.people.say("ana", "/incident")
    new = {key: value for key, value in view.items() if key != "id"}
    shown = (await world.client("views.open", trigger_id=answer.trigger_id, view=new))["view"]
    await stage.modal(shown)
    return shown["id"]


async def test_a_button_and_what_is_typed_beside_it_arrive(world, stage):
    note = field({"type": "plain_text_input"}, "note")
    ts = await posted(world, stage, actions({"type": "button", "text": text("Go"), "value": "42"}), note)
    await stage.page.locator("#catalogue input").fill("half typed")
    await stage.page.get_by_role("button", name="Go", exact=True).press("Enter")
    await world.until(lambda: world.bot.heard("block_actions"))
    payload = world.bot.heard("block_actions")[0]
    assert (payload["actions"][0]["value"], payload["message"]["ts"]) == ("42", ts)
    assert payload["state"]["values"]["note"]["value"]["value"] == "half typed"


async def test_an_external_menu_is_filled_by_the_bot_and_its_choice_arrives(world, stage):
    world.bot.replies["block_suggestion"] = {"options": OPTIONS}
    await posted(world, stage, actions({"type": "external_select", "min_query_length": 0}))
    await stage.reach()
    await stage.keys("Enter", "?.kit-option", "ArrowDown", "Enter")
    await world.until(lambda: world.bot.heard("block_actions"))
    assert world.bot.heard("block_actions")[0]["actions"][0]["selected_option"] == OPTIONS[1]


async def test_a_dead_bot_shows_the_triangle(world, stage):
    world.socket.ack_seconds = 0.05
    world.bot.bot.stop()
    await posted(world, stage, actions({"type": "button", "text": text("Go")}))
    await stage.reach()
    await stage.keys("Enter", "?.kit-warning")


async def test_a_form_is_refused_pushed_and_closed_as_the_bot_says(world, stage):
    await opened(world, stage, modal(field({"type": "plain_text_input"}, "title"), notify_on_close=True))
    world.bot.replies["view_submission"] = {"response_action": "errors", "errors": {"title": "Say more."}}
    await stage.keys('"db', "Enter", "?text=Say more.")

    second = modal(field({"type": "users_select"}, "who"), title=text("And who?"), notify_on_close=True)
    world.bot.replies["view_submission"] = {"response_action": "push", "view": second}
    await stage.keys("Enter", "?text=And who?", '"b', "?.kit-option.kit-lit", "Enter")
    del world.bot.replies["view_submission"]
    await stage.page.locator(".kit-submit").press("Enter")
    await stage.page.wait_for_selector("text=And who?", state="detached")
    assert world.bot.heard("view_submission")[-1]["view"]["state"]["values"]["who"]["value"]["selected_user"] == "U0002"

    await stage.keys("Escape")
    await world.until(lambda: world.bot.heard("view_closed"))
    assert [payload["is_cleared"] for payload in world.bot.heard("view_closed")] == [False]
    assert world.record.violations == []


async def test_every_element_of_the_catalogue_is_what_slack_takes(world, stage):
    entries = [entry for group in await stage.catalogue("CATALOGUE") for entry in group["entries"]]
    refused = {}
    for entry in entries:
        answer = await world.client("chat.postMessage", channel="C0INCIDENTS", text="x", blocks=entry["blocks"])
        if not answer["ok"]:
            refused[entry["name"]] = answer["response_metadata"]["messages"]
    assert refused == {}
    form = {k: v for k, v in (await stage.catalogue("FORM")).items() if k not in ("id", "hash")}
    answer = await world.people.say("ana", "/incident")
    assert (await world.client("views.open", trigger_id=answer.trigger_id, view=form))["ok"]
