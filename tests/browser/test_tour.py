"""A newcomer is led from the first incident to an answered phone; each step goes on by itself when it is done."""


async def test_the_tour_goes_on_by_itself_and_leaves_time_for_what_the_phone_says(inhabited, hands):
    ana = await hands(inhabited.url)

    def at(number):
        return ana.page.get_by_role("dialog", name=f"Step {number} of 6")

    await ana.says('/incident start SEV-1 "tour"')
    await ana.sees(ana.page.locator("#sidebar .entry", has_text="tour"))
    await ana.page.get_by_role("button", name="Show me around").first.click()
    await ana.presses("Next", within=at(2))
    await ana.presses("+2 min", within=at(3))
    await ana.sees(at(4))
    await ana.presses("Answer", within=ana.phone)
    for key, answer in (("9", "Press 1 to acknowledge"), ("7", "That key means nothing here")):
        await ana.presses(f"Key {key}", within=ana.phone)
        await ana.sees(ana.phone.get_by_text(f"You pressed {key}"))
        await ana.sees(ana.phone.get_by_text(answer).last)
    await ana.presses("Key 1", within=ana.phone)
    await ana.sees(ana.phone.get_by_text("is acknowledged"))
    said_at = await ana.page.evaluate("performance.now()")
    await ana.sees(at(5))
    assert await ana.page.evaluate("performance.now()") - said_at > 3000
    await ana.presses("Watch the ledger", within=at(5))
    await ana.sees(ana.page.get_by_role("heading", name="The ledger"))
    await ana.presses("Back to the trouble", within=at(5))
    await ana.sees(ana.page.get_by_role("button", name="Break it"))
    await ana.page.keyboard.press("Escape")
    await at(5).wait_for(state="detached")
