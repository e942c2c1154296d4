"""One whole incident at the sandbox's page, by mouse and keyboard only, with the real bot behind it."""

ROOM = "inc-1-checkout-returns-500"


async def test_an_incident_from_the_form_to_the_archive(world, hands):
    ana = await hands(world.sandbox.url, tour=True)
    await ana.sees(ana.page.get_by_role("dialog", name="Step 1 of 6"))
    await ana.picture("1-first-screen")
    await ana.skips_the_tour()

    await ana.presses("Declare your first incident")
    await ana.sees(ana.page.get_by_role("heading", name="Declare an incident"))
    await ana.fills("Title", "checkout returns 500")
    await ana.chooses("Severity", "SEV-1")
    await ana.picture("2-declare", dark=True)
    await ana.presses("Declare", within=ana.page.get_by_role("dialog"))

    await ana.opens(ROOM)
    card = ana.stage.locator(".row.pinned")
    await ana.sees(card.get_by_text("Not acknowledged yet"))
    await ana.sees(card.get_by_text("✓ Status page"))
    await ana.picture("3-room", dark=True)

    await ana.presses("Wait two minutes", within=ana.phone)
    await ana.sees(ana.phone.get_by_text("is calling you"))
    await ana.picture("4-phone-rings")
    await ana.presses("Answer", within=ana.phone)
    await ana.sees(ana.phone.get_by_text("Press 1 to acknowledge"))
    await ana.picture("5-on-the-line")
    await ana.presses("Key 1", within=ana.phone)
    await ana.sees(ana.phone.get_by_text("is acknowledged"))
    await ana.sees(card.get_by_text("Acknowledged by"))
    await ana.picture("6-acknowledged")

    await ana.says("/incident update the cache is full, clearing it")
    await ana.sees(ana.row("the cache is full, clearing it"))
    await ana.tab("Vendors")
    await ana.sees(ana.page.locator('[data-vendor="plane"]').get_by_text("clearing it"))
    await ana.picture("7-vendors")

    await ana.presses("Mark resolved", within=card)
    await ana.fills("What resolved it?", "cleared the cache and raised its limit")
    await ana.picture("11-resolve", dark=True)
    await ana.presses("Resolve", within=ana.page.get_by_role("dialog"))
    await ana.sees(ana.row("Resolved by"))
    await ana.tab("Ledger")
    await ana.sees(ana.page.locator("#ledger").get_by_text("What its clock will call"))
    await ana.picture("8-ledger")

    await ana.tab("Clock")
    await ana.presses("+24 h")
    await ana.page.get_by_text("It is now").last.click()  # it is read, and goes
    await ana.sees(ana.page.get_by_text("This channel is archived."))
    await ana.picture("9-archived")

    await ana.page.locator("#sidebar").get_by_text("App Home").click()
    await ana.sees(ana.stage.get_by_text("You are on call"))
    await ana.sees(ana.stage.get_by_role("button", name="Test my page"))
    await ana.picture("10-home", dark=True)

    assert world.sandbox.record.violations == []
    assert len(world.calls) == 1
    assert world.workspace.channel(f"#{ROOM}").archived
