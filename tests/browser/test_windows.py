"""The page's windows: each is somebody, all are live, nothing typed is markup, and they come back by themselves."""

from sandbox.app import Sandbox
from sandbox.slack.workspace import BOT_USER

HOSTILE = """<img src=x onerror="window.broken=1"><script>window.broken=1</script> &lt;b&gt; " onload='broken=1' """
ANA, BEN, GUEST = "U0001", "U0002", "U0009"


def post(sandbox, channel, user, text, **fields):
    return sandbox.slack.workspace.post(sandbox.slack.workspace.channel(channel), user, text, **fields)


async def test_two_windows_are_two_people_and_both_are_live(sandbox, hands):
    ana, ben = await hands(f"{sandbox.url}/?as=ana"), await hands(f"{sandbox.url}/?as=ben&at=C0INCIDENTS")
    await ana.says("good morning @ben")
    await ana.sees(ana.row("good morning").get_by_text("@Ben"))
    assert await (await ben.sees(ben.channel("general").locator(".count"))).inner_text() == "1"

    await ben.opens("general")
    await ben.row("good morning").hover()
    await ben.presses("Reply in thread", within=ben.row("good morning"))
    field = await ben.sees(ben.thread.get_by_label("Reply", exact=True))
    await field.fill("morning, Ana")
    await ben.page.keyboard.press("Enter")
    await ben.sees(ben.thread.locator(".row").filter(has_text="morning, Ana"))
    await ana.presses("1 reply", within=ana.row("good morning"))
    await ana.sees(ana.thread.get_by_text("morning, Ana"))

    await ana.stage.locator(".row").filter(has_text="good morning").hover()
    await ana.presses("Add a reaction", within=ana.row("good morning"))
    await ana.page.get_by_role("menuitem", name="eyes").click()
    await ben.sees(ben.row("good morning").locator(".chip"))
    await ben.row("good morning").locator(".chip").click()
    await ana.sees(ana.row("good morning").locator(".chip").filter(has_text="2"))
    assert await ben.channel("general").locator(".count").count() == 0


async def test_words_for_one_person_are_not_on_another_s_screen(sandbox, hands):
    workspace = sandbox.slack.workspace
    ana, ben = await hands(f"{sandbox.url}/?as=ana"), await hands(f"{sandbox.url}/?as=ben")
    workspace.whisper(workspace.channel("#general"), ANA, "between us", (), "chat.postEphemeral")
    post(sandbox, "#general", BOT_USER, "for everybody")
    row = await ana.sees(ana.row("between us"))
    assert "Only visible to you" in await row.inner_text()
    await ben.sees(ben.row("for everybody"))
    assert await ben.row("between us").count() == 0

    await ana.presses("Dismiss", within=row)
    await row.wait_for(state="detached")
    assert workspace.ephemerals[ANA] == []


async def test_one_window_becomes_another_person_who_sees_what_they_may(sandbox, hands):
    secret = sandbox.slack.workspace.add_channel("secret", ANA, (ANA, BEN), kind="private")
    ana = await hands(sandbox.url)
    await ana.opens("secret")
    await ana.page.locator("#person").click()
    await ana.page.get_by_role("menuitemradio", name="Guest").click()
    await ana.page.locator("#person", has_text="Guest").wait_for()
    assert "as=guest" in ana.page.url
    await ana.sees(ana.page.locator("#channel-head h1", has_text="App Home"))
    assert await ana.page.locator("#sidebar .entry .hash").count() == 0

    sandbox.slack.workspace.join(secret, GUEST, inviter=ANA)
    await ana.opens("secret")
    await ana.sees(ana.row("Guest joined the channel"))


async def test_what_anybody_typed_is_text_everywhere(sandbox, hands):
    workspace = sandbox.slack.workspace
    room = workspace.add_channel("hostile", ANA, (ANA, BOT_USER))
    workspace.set_topic(room, HOSTILE, ANA)
    room.bookmarks["Bk1"] = {"id": "Bk1", "title": HOSTILE, "link": "javascript:window.broken=1", "emoji": ""}
    workspace.users[BEN].real_name = HOSTILE
    first = post(sandbox, "#hostile", BEN, HOSTILE)
    post(sandbox, "#hostile", BEN, HOSTILE, thread_ts=first.ts)
    workspace.pin(first, BEN)
    workspace.react(first, "</span><img src=x onerror=window.broken=1>", BEN)
    sandbox.record.violate(HOSTILE)
    ana = await hands(f"{sandbox.url}/?at={room.id}")
    row = await ana.sees(ana.stage.locator(".row:not(.system)", has_text="<img src=x"))
    assert "<script>window.broken=1</script>" in await row.inner_text()
    await ana.presses("1 reply", within=row)
    await ana.sees(ana.thread.locator(".row").nth(1))
    await ana.page.locator(".bookmark").click()
    await ana.tab("Trouble")
    await ana.sees(ana.page.locator("#violations li"))
    await ana.says(HOSTILE)
    await ana.sees(ana.stage.locator(".row").nth(2))
    assert await ana.page.evaluate("window.broken") is None
    assert await ana.page.locator("img, script:not([src])").count() == 0


async def test_a_gone_sandbox_is_said_and_found_again(tmp_path, unused_tcp_port, hands, open_page):
    async with Sandbox(port=unused_tcp_port, clock_file=tmp_path / "clock") as sandbox:
        ana = await hands(sandbox.url)
        banner = ana.page.locator("#banner")
        await ana.sees(banner.get_by_text("Muster is not on Slack's line yet"))
        await ana.opens("incidents")
    await ana.sees(banner.get_by_text("The sandbox does not answer"))
    async with Sandbox(port=unused_tcp_port, clock_file=tmp_path / "clock") as sandbox:
        await banner.get_by_text("The sandbox does not answer").wait_for(state="hidden")
        post(sandbox, "#incidents", BEN, "back again")
        await ana.sees(ana.row("back again"))
    expected = ("ERR_CONNECTION", "WebSocket")
    open_page.problems[:] = [said for said in open_page.problems if not any(words in said for words in expected)]


async def test_a_window_of_nobody_says_so_and_becomes_ana_s(sandbox, hands):
    window = await hands(f"{sandbox.url}/?as=nobody&at=C0GENERAL")
    await window.sees(window.page.get_by_text("nobody here is called 'nobody'"))
    await window.page.locator("#person", has_text="Ana").wait_for()


async def test_a_narrow_window_shows_the_channel_first_and_a_wide_one_is_not_narrowed_by_it(sandbox, hands):
    ana = await hands(sandbox.url)
    folded = ana.page.locator("body.panel-folded")
    await ana.page.set_viewport_size({"width": 800, "height": 600})
    await folded.wait_for()
    await ana.tab("Clock")
    await ana.sees(ana.page.locator("#clock-by"))
    await ana.opens("incidents")
    await folded.wait_for()
    await ana.page.set_viewport_size({"width": 1280, "height": 800})
    await folded.wait_for(state="detached")


async def test_in_a_hand_the_channel_has_the_width_and_the_others_come_in(sandbox, hands):
    ana = await hands(sandbox.url)
    await ana.page.set_viewport_size({"width": 390, "height": 800})
    channels = ana.page.get_by_role("button", name="Channels")
    await channels.click()
    await ana.opens("incidents")
    await ana.channel("general").wait_for(state="hidden")
    await channels.click()
    await ana.page.mouse.click(380, 400)
    await ana.channel("general").wait_for(state="hidden")
    assert await ana.page.evaluate(WIDTHS) == {"#main": 390, "#panel": 390}
    for name in ("Phone", "Vendors", "Clock", "Trouble"):
        await ana.tab(name)
        assert await ana.page.evaluate("document.documentElement.scrollWidth") == 390
        await ana.presses("Fold this panel")


async def test_a_channel_is_managed_from_its_head(sandbox, hands):
    ana = await hands(f"{sandbox.url}/?at=C0DEVTEAM")
    await ana.page.locator("#channel-head .topic").click()
    await ana.page.get_by_label("Topic").last.fill("who is on call: ask Ben")
    await ana.page.keyboard.press("Enter")
    await ana.sees(ana.page.locator("#channel-head .topic", has_text="ask Ben"))

    await ana.presses("4 members")
    await ana.page.get_by_role("menuitem", name="Invite Guest").click()
    await ana.sees(ana.row("Guest joined the channel"))

    await ana.presses("More about this channel")
    await ana.page.get_by_role("menuitem", name="Archive the channel").click()
    await ana.presses("Unarchive it")
    await ana.sees(ana.page.locator("#composer-text"))
    assert not sandbox.slack.workspace.channel("#dev-team").archived


async def test_a_link_to_a_message_shows_it_among_its_neighbours(sandbox, hands):
    posted = [post(sandbox, "#general", BEN, f"line {number}") for number in range(300)]
    wanted = posted[40]
    ana = await hands(f"{sandbox.url}/archives/C0GENERAL/p{wanted.ts.replace('.', '')}")
    await ana.sees(ana.stage.locator(".row.flash", has_text="line 40"))
    await ana.presses("Newest")
    await ana.sees(ana.row("line 299"))


async def test_words_stand_out_from_their_ground(sandbox, hands):
    """WCAG AA: 4.5 to 1 for the letters of the page's own parts."""
    post(sandbox, "#general", BEN, "hello")
    ana = await hands(sandbox.url)
    await ana.sees(ana.row("hello"))
    parts = ["#channel-head .topic", ".who time", ".entry", ".quiet", "[role=tab]", "button.main", ".side-head small"]
    for scheme in ("light", "dark"):
        await ana.page.emulate_media(color_scheme=scheme)
        assert await ana.page.evaluate(CONTRAST, parts) == {}, scheme


WIDTHS = """() => Object.fromEntries(["#main", "#panel"].map((part) =>
  [part, document.querySelector(part).getBoundingClientRect().width]))"""
CONTRAST = """(selectors) => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = {};
  for (const selector of selectors) for (const node of document.querySelectorAll(selector)) {
    if (!node.offsetParent) continue;
    const [one, other] = [light(numbers(getComputedStyle(node).color)), light(ground(node))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) faint[`${selector} ${node.textContent.slice(0, 20)}`] = ratio.toFixed(2);
  }
  return faint;
}"""


async def test_a_window_that_shrinks_still_shows_what_was_said_last(sandbox, hands):
    for number in range(12):
        post(sandbox, "#general", BEN, f"line {number}")
    ana = await hands(sandbox.url)
    await ana.sees(ana.row("line 11"))
    await ana.page.set_viewport_size({"width": 800, "height": 400})
    await ana.page.wait_for_function(
        "() => document.querySelector('#stage .row:last-child').getBoundingClientRect().bottom <= innerHeight"
    )


async def test_nobody_is_asked_to_declare_the_first_incident_once_there_is_a_room(sandbox, hands):
    ana = await hands(sandbox.url)
    await ana.sees(ana.page.locator("#declare-first"))
    sandbox.slack.workspace.add_channel("inc-1-db-down", BOT_USER, (ANA, BOT_USER))
    await ana.sees(ana.stage.get_by_text("Nothing has been said here yet."))


async def test_a_press_ends_where_it_began_though_words_arrive_meanwhile(sandbox, hands):
    ana = await hands(sandbox.url)
    await ana.opens("general")
    mouse, presses = ana.page.mouse, 0

    async def pressed_while_ben_speaks(place, channel):
        nonlocal presses
        await (await ana.sees(place)).hover()
        await mouse.down()
        post(sandbox, channel, BEN, f"words {(presses := presses + 1)}")
        if channel == "#general":
            await ana.sees(ana.row(f"words {presses}"))
        else:
            await ana.sees(ana.page.locator("#sidebar .count", has_text=str(presses)))
        await mouse.up()

    await pressed_while_ben_speaks(ana.channel("incidents"), "#incidents")
    await ana.page.locator("#channel-head h1", has_text="incidents").wait_for()
    await ana.opens("general")
    await pressed_while_ben_speaks(ana.page.get_by_role("button", name="3 members"), "#general")
    await ana.sees(ana.page.get_by_role("menuitem", name="Invite Guest"))


async def test_whoever_is_at_a_message_by_keys_stays_there_though_it_is_edited(sandbox, hands):
    workspace = sandbox.slack.workspace
    first = post(sandbox, "#general", BEN, "hello")
    post(sandbox, "#general", BEN, "a reply", thread_ts=first.ts)
    workspace.react(first, "eyes", BEN)
    ana = await hands(sandbox.url)
    for name in ("1 reply", "1"):
        await (await ana.sees(ana.row("hello").get_by_role("button", name=name).last)).focus()
        workspace.edit(first, f"hello, edited {name}", [])
        await ana.sees(ana.row(f"hello, edited {name}"))
        await ana.sees(ana.row("hello").locator(".extras button:focus"))
    await ana.presses("1 reply", within=ana.row("hello"))
    await ana.sees(ana.thread.locator("#thread-text:focus"))
    await ana.page.keyboard.press("Escape")
    await ana.sees(ana.stage.locator(".row:focus", has_text="hello"))
