"""The page without a mouse: from the first screen to an answered phone, by keys alone."""

TITLE, ROOM = "cable cut", "cable-cut"


async def test_a_newcomer_declares_opens_the_room_and_answers_the_phone_by_keys(inhabited, hands):
    ana = await hands(inhabited.url)
    calls = len(inhabited.vendors["twilio"].telephone.calls)
    keys = ana.page.keyboard

    await ana.sees(ana.page.locator("#composer-text:focus"))
    await keys.type("/inc")
    await ana.sees(ana.page.get_by_role("option", name="/incident"))
    await keys.press("Enter")
    await ana.sees(ana.page.get_by_role("option", name="start"))
    await keys.type(f'start SEV-1 "{TITLE}"')
    await keys.press("Enter")
    await ana.sees(ana.row(f"declared: SEV-1 critical, {TITLE}"))

    await ana.sees(ana.page.locator("#sidebar .entry", has_text=ROOM))
    await keys.press("Control+k")
    await ana.sees(ana.page.get_by_role("menuitem", name=ROOM))
    await keys.press("End")
    while ROOM not in await ana.page.evaluate("document.activeElement.textContent"):
        await keys.press("ArrowUp")
    await keys.press("Enter")
    await ana.page.locator("#channel-head h1", has_text=ROOM).wait_for()

    await _walk(ana, "F6", "[role=tab]")
    await _walk(ana, "ArrowRight", "#tab-of-phone")
    await _walk(ana, "Tab", '[data-key="wait"]')
    await keys.press("Enter")
    await ana.sees(ana.phone.get_by_role("button", name="Answer"))
    await _walk(ana, "Tab", '[data-key="answer"]')
    await keys.press("Enter")
    await ana.sees(ana.phone.get_by_text("Press 1 to acknowledge"))
    await ana.sees(ana.phone.locator(":focus"))
    await _walk(ana, "Tab", '[data-key="1"]')
    await keys.press("Enter")
    await ana.sees(ana.stage.locator(".row.pinned").get_by_text("Acknowledged by"))
    assert len(inhabited.vendors["twilio"].telephone.calls) == calls + 1


async def test_messages_are_walked_and_acted_on_by_keys(sandbox, hands):
    for words in ("first", "second", "third"):
        sandbox.people.post("ben", "#general", words)
    ana = await hands(sandbox.url)
    keys = ana.page.keyboard
    await ana.sees(ana.row("third"))
    await ana.page.locator("#composer-text").focus()
    await keys.press("ArrowUp")
    await keys.press("ArrowUp")
    await ana.sees(ana.stage.locator(".row:focus", has_text="second"))
    await keys.type("/inc")
    await ana.sees(ana.page.get_by_role("option", name="/incident"))
    await keys.press("Escape")
    await keys.press("Control+A")
    await keys.press("Delete")
    await keys.press("ArrowUp")
    await keys.press("ArrowUp")
    await _walk(ana, "Tab", ".row .more")
    await keys.press("Enter")
    await ana.sees(ana.page.get_by_role("menuitem", name="Declare from this"))
    await _walk(ana, "ArrowDown", "[role=menuitem]:nth-of-type(3)")
    await keys.press("Enter")
    await ana.sees(ana.stage.locator(".row.pinned", has_text="second"))


async def _walk(ana, key, selector, most=60):
    """Presses the key until what has the focus is the one wanted."""
    for _ in range(most):
        if await ana.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        await ana.page.keyboard.press(key)
    raise AssertionError(f"{key} never leads to {selector}")
