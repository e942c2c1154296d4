"""The world around the workspace, by mouse: what is done at the vendors or broken on purpose shows at Muster."""

import contextlib

from tests.world import UP_WITHIN_S


async def declared(ana, title):
    """By command; the card of its room."""
    await ana.says(f'/incident start SEV-1 "{title}"')
    room = ana.page.locator("#sidebar .entry", has_text=title.replace(" ", "-"))
    await (await ana.sees(room)).click()
    return await ana.sees(ana.stage.locator(".row.pinned", has_text=title))


async def comes_back(ana):
    """Muster, after its process has ended: the page says both."""
    await ana.sees(ana.page.locator("#banner").get_by_text("Muster"))
    await ana.page.locator("#banner").wait_for(state="hidden", timeout=UP_WITHIN_S * 1000)


async def _until_it_rings(sandbox):
    """Time goes on in steps that no call rings out in, for it may ring before the first of them."""
    calls = sandbox.vendors["twilio"].telephone.calls
    for _ in range(12):
        with contextlib.suppress(TimeoutError):
            await sandbox.until(lambda: any(call.status == "ringing" for call in calls), 1)
            break
        sandbox.clock.move("+10s")


async def test_trouble_of_every_kind_is_made_and_muster_says_what_it_means(inhabited, hands):
    ana = await hands(inhabited.url)
    standing, banner = ana.page.locator("#standing"), ana.page.locator("#banner")
    await ana.tab("Trouble")
    await ana.breaks("plane", "status")
    await ana.breaks("statuspage", "ratelimit")
    await ana.breaks("pagerduty", "refuse_token")
    await ana.breaks("twilio", "unreachable")
    await ana.breaks("slack", "hang", only="conversations.setTopic")
    await ana.breaks("slack", "latency", only="pins.add")
    await ana.breaks("slack", "reset_before", "1", only="chat.postMessage")
    await ana.breaks("slack", "reset_after", "3", only="chat.postMessage")
    await ana.sees(standing.get_by_text("Slack breaks the connection after it acted (chat.postMessage), 3 more"))
    assert await standing.locator("li").count() == 8

    card = await declared(ana, "all at once")
    await ana.sees(card.get_by_text("Plane is in trouble (500)"))
    await ana.sees(card.get_by_text("Statuspage asks to slow down (429)"))
    await ana.sees(ana.row("The page by PagerDuty did not get through").get_by_text("pages by Slack and Twilio now"))
    await ana.sees(card.get_by_text("Twilio cannot be reached: the connection broke off"))
    await ana.presses("End it", within=standing.locator("li", has_text="Twilio"))
    await ana.presses("End all trouble")
    await ana.sees(standing.get_by_text("All is well."))
    await _until_it_rings(inhabited)
    await ana.tab("Phone")
    await ana.presses("Busy", within=ana.phone)
    await ana.sees(card.get_by_text("phone call ✗ busy"))
    inhabited.clock.move("+1m")
    await ana.sees(card.get_by_text("✓ Issue (Plane)"))
    await ana.sees(card.get_by_text("✓ Status page (Statuspage)"))
    await ana.sees(card.get_by_text("PagerDuty ✓"))
    titled = [m for m in inhabited.slack.workspace.messages("#incidents") if "all at once" in str(m.blocks)]
    assert len(titled) == 1

    await ana.tab("Trouble")
    for label in ("Cut the cable", "Make it deaf"):
        await ana.presses(label)
        await ana.sees(ana.page.locator("#line").get_by_text("0 open connections"))
    await ana.sees(ana.page.locator("#bot").get_by_text("It hears nothing of Slack"))
    await ana.presses("Let it hear again")
    await ana.presses("Reset the connections")
    tiers = ana.page.get_by_label("Slack's published rate limits")
    for wanted in (True, False):
        await tiers.click()
        await inhabited.until(lambda wanted=wanted: inhabited.faults.tiers is wanted)

    await ana.presses("Kill it: it starts again")
    await ana.sees(ana.page.get_by_text("Killed as by a power cut."))
    await ana.presses("Kill it and leave it down")
    await ana.sees(banner.get_by_text("Muster is down, and stays down until you start it"))
    await ana.presses("Start it")
    await comes_back(ana)
    await ana.says("/incident list")
    await ana.sees(ana.row("all at once"))
    assert inhabited.record.violations == []


async def test_what_people_do_at_the_vendors_reaches_muster(inhabited, hands):
    ana = await hands(inhabited.url)
    card = await declared(ana, "db down")
    await ana.tab("Vendors")
    pager = ana.vendor("pagerduty")
    await ana.sees(pager.get_by_text("triggered", exact=True))

    await ana.presses("Escalate", within=pager)
    await ana.sees(ana.row("PagerDuty escalated to Ben"))
    await ana.asks("pagerduty", "Reassign", "Nobody")
    await ana.sees(ana.page.get_by_role("alert").filter(has_text="Nobody is no user here"))
    await ana.asks("pagerduty", "Reassign", "Chris")
    await ana.sees(ana.row("reassigned it in PagerDuty to Chris"))
    await ana.asks("pagerduty", "Add a note", "the disk is <b>full</b>")
    await ana.sees(ana.row("the disk is <b>full</b>"))
    await ana.asks("pagerduty", "Set the priority", "P1")
    await ana.sees(ana.row("changed the priority in PagerDuty to P1"))
    await ana.asks("pagerduty", "Ask somebody to help", "Ben")
    await ana.sees(ana.row("sent a request to help in PagerDuty to Ben"))
    await ana.presses("Acknowledge", within=pager)
    await ana.sees(card.get_by_text("in PagerDuty at"))
    await ana.presses("Give it back", within=pager)
    await ana.sees(ana.row("The acknowledgement in PagerDuty has ended"))
    await ana.presses("Resolve", within=pager)
    await ana.sees(ana.row("resolved the alert in PagerDuty"))
    for label in ("Send a test event", "Send the last webhook again"):
        await ana.presses(label, within=pager)
    webhooks = inhabited.vendors["pagerduty"].webhooks
    await inhabited.until(lambda: len(webhooks.sent) == 10)
    assert {each["status"] for each in webhooks.sent} == {202}
    await ana.sees(ana.page.get_by_role("status").filter(has_text="Muster was told of it."))

    plane = ana.vendor("plane")
    await ana.asks("plane", "Comment", "seen on the board")
    await ana.sees(plane.get_by_text("Comment by Ana: seen on the board"))
    await ana.asks("plane", "Assign", "Ben")
    await ana.sees(plane.get_by_text("Assigned to Ben"))
    item = plane.locator("article", has_text="db down")
    await ana.presses("Close", within=item)
    await ana.sees(item.get_by_text("Done", exact=True))
    await ana.sees(ana.row("stays investigating. Is it over here too?"))
    await ana.presses("Reopen", within=item)
    await ana.sees(item.get_by_text("In Progress", exact=True))
    await ana.sees(ana.row("in Plane again."))
    assert [each["status"] for each in inhabited.vendors["plane"].state()["webhooks"]] == [202] * 4

    await ana.asks("statuspage", "Subscribe to the page", "ana@example.com")
    await ana.asks("statuspage", "Resolve by hand", "It is over.")
    await ana.sees(ana.vendor("statuspage").get_by_text("Resolved. It is over."))
    await ana.asks("smtp", "A mailbox refuses", "ben@example.com")
    await ana.presses("ben@example.com takes mail again", within=ana.vendor("smtp"))
    lines = inhabited.vendors["twilio"].telephone.lines
    for label, spoiled in (("calls go to voicemail", lines.calls), ("texts do not arrive", lines.texts)):
        await ana.presses(f"Ana's {label}", within=ana.vendor("twilio"))
        await ana.presses("Ana's line works again", within=ana.vendor("twilio"))
        await inhabited.until(lambda spoiled=spoiled: not spoiled)

    await ana.presses("Let Muster page by Opsgenie")
    await comes_back(ana)
    card = await declared(ana, "cache full")
    genie = ana.vendor("opsgenie")
    await ana.asks("opsgenie", "Add a note", "looking")
    await ana.sees(genie.get_by_text("looking"))
    await ana.presses("Acknowledge", within=genie)
    inhabited.clock.move("+16s")  # Muster looks, for Opsgenie's webhooks are not signed
    await ana.sees(card.get_by_text("in Opsgenie at"))
    await ana.presses("Give it back", within=genie)
    await ana.sees(genie.get_by_role("button", name="Acknowledge"))
    await ana.presses("Send the last webhook again", within=genie)
    await ana.sees(ana.page.get_by_role("status").filter(has_text="it learns of it when it next looks"))
    await ana.presses("Close", within=genie)
    await ana.sees(genie.get_by_text("closed", exact=True))
    assert inhabited.record.violations == []


async def test_the_clock_is_moved_by_steps_and_freely(sandbox, hands):
    ana = await hands(sandbox.url)
    moved, back = ana.page.locator("#clock-moved"), ana.page.locator("#clock-back")
    await ana.tab("Clock")
    for label, total in (("+2 min", "2 min"), ("+30 min", "32 min"), ("+24 h", "1 d 32 min")):
        await ana.presses(label)
        await ana.sees(moved.get_by_text(f"Moved forward by {total}."))
        assert not await back.is_visible()
    for by, total in (
        ("90s", "forward by 1 d 33 min"),
        ("-1d", "forward by 33 min 30 s"),
        ("-2h", "back by 1 h 26 min"),
    ):
        await ana.page.get_by_label("Move by").fill(by)
        await ana.page.keyboard.press("Enter")
        await ana.sees(moved.get_by_text(f"Moved {total}"))
    await ana.sees(ana.page.get_by_role("alert").filter(has_text="Time went back"))
    await ana.sees(back.get_by_text("Until it is so again"))
    await ana.page.get_by_label("Move by").fill("3d")
    await ana.page.keyboard.press("Enter")
    await back.wait_for(state="hidden")


async def test_the_verbs_that_muster_tells_of_are_suggested_from_then_on(inhabited, hands):
    ana = await hands(inhabited.url)
    offered = ana.page.locator("#composer-text-list [role=option]")
    await ana.says("/incident help")
    await ana.sees(ana.row("Keep everybody posted"))
    await ana.page.keyboard.type("/incident re")
    await ana.sees(offered.filter(has_text="reopen"))
    assert await offered.locator("strong").all_inner_texts() == ["resolve", "reopen"]

    await ana.page.locator("#composer-text").fill("")
    await ana.says("/incident help all")
    await ana.sees(ana.row("Take a resolved or closed incident up again"))
    await ana.page.keyboard.type("/incident false")
    await ana.sees(offered.filter(has_text="false-alarm").get_by_text("[incident] [why]", exact=True))
