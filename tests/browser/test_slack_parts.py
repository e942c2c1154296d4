"""What Slack has beside messages and forms: what a person does there by mouse, and what the bot hears of it."""

import aiohttp
import pytest_asyncio

from tests.browser.stage import actions, option, text
from tests.sandbox.slack_client import Answering, Client

OPTIONS = [option("Snooze"), option("Hand over")]
HOME = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": text("Your incidents")},
        actions(
            {"type": "button", "text": text("On call now"), "value": "primary"},
            {"type": "static_select", "placeholder": text("Severity"), "options": [option("SEV-1"), option("SEV-2")]},
        ),
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*INC-7* db down, <!subteam^S0DBA> asked <@U0009>"},
            "accessory": {"type": "overflow", "action_id": "more", "options": OPTIONS},
        },
        *({"type": "section", "text": text(f"older {n}")} for n in range(40)),
        actions({"type": "button", "text": text("Load more"), "action_id": "last"}) | {"block_id": "foot"},
    ],
}


class Bot:
    """Acknowledges everything, and knows what it heard."""

    def __init__(self, client, answering):
        self.call, self._heard = client, answering.heard

    def heard(self, kind):
        """Payloads of that type, events as themselves."""
        payloads = [each["payload"] for each in self._heard]
        found = [each.get("event", each) for each in payloads]
        return [each for each in found if each.get("type") == kind]


@pytest_asyncio.fixture(loop_scope="session")
async def bot(sandbox):
    async with aiohttp.ClientSession() as session:
        client = Client(sandbox, session)
        yield Bot(client, Answering(await client.connect()))


async def test_app_home_is_opened_shown_touched_and_stays_where_it_was_read(sandbox, bot, hands):
    ana = await hands(sandbox.url)
    await ana.page.get_by_role("button", name="App Home").click()
    await sandbox.until(lambda: bot.heard("app_home_opened"))
    assert bot.heard("app_home_opened")[0]["tab"] == "home"
    view = (await bot.call("views.publish", user_id="U0001", view=HOME))["view"]
    home = ana.stage.locator(".home-view")
    await ana.sees(home.get_by_text("@dba"))
    assert await home.locator(".kit-fallback").count() == 0

    await ana.presses("On call now", within=home)
    await home.get_by_text("Severity").click()
    await ana.page.get_by_role("option", name="SEV-2").click()
    await home.locator(".kit-more").click()
    await ana.page.get_by_role("menuitem", name="Hand over").click()
    await sandbox.until(lambda: len(bot.heard("block_actions")) == 3)
    pressed, chosen, more = bot.heard("block_actions")
    assert (pressed["container"], pressed["view"]["id"]) == ({"type": "view", "view_id": view["id"]}, view["id"])
    assert pressed["actions"][0]["value"] == "primary"
    assert [each["actions"][0]["selected_option"]["value"] for each in (chosen, more)] == ["sev-2", "hand over"]

    await ana.presses("Load more", within=home)
    read = await home.evaluate("(node) => node.scrollTop")
    await bot.call("views.publish", user_id="U0001", view=HOME | {"blocks": [*HOME["blocks"], {"type": "divider"}]})
    await ana.sees(home.locator("hr, .kit-divider"))
    assert await home.evaluate("(node) => node.scrollTop") == read > 0


async def test_reactions_are_found_by_name_given_and_taken_back(sandbox, bot, hands):
    posted = await bot.call("chat.postMessage", channel="C0INCIDENTS", text="the replica lags")
    ana = await hands(f"{sandbox.url}/?at=C0INCIDENTS")
    row = await ana.sees(ana.row("the replica lags"))
    for name in ("pushpin", "star"):
        await row.hover()
        await ana.presses("Add a reaction", within=row)
        await ana.page.get_by_role("menuitem", name=name, exact=True).click()
    await row.hover()
    await ana.presses("Add a reaction", within=row)
    await ana.page.keyboard.type("meg")
    await ana.sees(ana.page.get_by_role("menuitem", name="mega", exact=True))
    await ana.page.keyboard.press("Enter")
    await ana.sees(row.locator(".chip", has_text="📣"))
    await row.locator(".chip", has_text="⭐").click()
    await sandbox.until(lambda: bot.heard("reaction_removed"))
    added = bot.heard("reaction_added")
    assert [each["reaction"] for each in added] == ["pushpin", "star", "mega"]
    assert added[0]["item"] == {"type": "message", "channel": "C0INCIDENTS", "ts": posted["ts"]}
    assert [each["reaction"] for each in bot.heard("reaction_removed")] == ["star"]


async def test_every_shortcut_of_the_manifest_is_reached(sandbox, bot, hands):
    sandbox.people.post("guest", "#general", "it is slow")
    told = sandbox.slack.manifest.told["shortcuts"]
    ana = await hands(sandbox.url)
    row = await ana.sees(ana.row("it is slow"))
    await ana.sees(row.get_by_text("GUEST"))
    for shortcut in (each for each in told if each["type"] == "message"):
        await row.hover()
        await ana.presses("More actions", within=row)
        await ana.page.get_by_role("menuitem", name=shortcut["name"]).click()
    await ana.page.locator("#composer").get_by_role("button", name="Shortcuts").focus()
    await ana.page.keyboard.press("Enter")
    await ana.page.keyboard.press("Enter")
    await sandbox.until(lambda: bot.heard("shortcut"))
    heard = [each["callback_id"] for each in (*bot.heard("message_action"), *bot.heard("shortcut"))]
    assert sorted(heard) == sorted(each["callback_id"] for each in told)


async def test_bookmarks_groups_and_the_words_of_a_command_are_at_hand(sandbox, bot, hands):
    ana = await hands(f"{sandbox.url}/?at=C0INCIDENTS")
    link = {"title": "Runbook", "type": "link", "link": f"{sandbox.url}/plane/browse/ROOSE-1"}
    mark = (await bot.call("bookmarks.add", channel_id="C0INCIDENTS", **link))["bookmark"]["id"]
    await ana.page.locator(".bookmark", has_text="Runbook").click()
    await ana.sees(ana.page.get_by_role("heading", name="The vendors"))
    await bot.call("bookmarks.edit", channel_id="C0INCIDENTS", bookmark_id=mark, title="Issue")
    await ana.sees(ana.page.locator(".bookmark", has_text="Issue"))
    await bot.call("bookmarks.remove", channel_id="C0INCIDENTS", bookmark_id=mark)
    await ana.page.locator(".bookmark").wait_for(state="detached")

    await ana.page.locator("#composer-text").click()
    await ana.page.keyboard.type("@db")
    await ana.sees(ana.page.get_by_role("option", name="@dba Database administrators"))
    await ana.page.keyboard.press("Tab")
    await ana.page.keyboard.type("please look")
    await ana.page.keyboard.press("Enter")
    await ana.sees(ana.row("@dba please look"))
    assert sandbox.slack.workspace.messages("#incidents")[-1].text == "<!subteam^S0DBA|@dba> please look"

    await ana.page.keyboard.type("/incident ")
    hints = sandbox.slack.manifest.told["slash_commands"][0]["usage_hint"].split("|")
    for hint in hints:
        await ana.sees(ana.page.get_by_role("option", name=hint.strip()))
