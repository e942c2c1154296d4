"""A person at the sandbox's page: finds things by what stands on them, and has only a mouse and a keyboard."""

import asyncio
import re

from tests.browser.png import smaller


class Hands:
    """`page` is Playwright's. With a `folder`, `picture` keeps what is seen there."""

    def __init__(self, page, folder=None):
        self.page, self._folder = page, folder

    @property
    def stage(self):
        return self.page.locator("#stage")

    @property
    def phone(self):
        return self.page.locator(".handset")

    @property
    def thread(self):
        return self.page.locator("#thread")

    @property
    def modal(self):
        return self.page.get_by_role("dialog").filter(has=self.page.locator(".kit-modal-title, h1, h2, header"))

    def row(self, words):
        """The messages that hold these words."""
        return self.stage.locator(".row").filter(has_text=words)

    def channel(self, name):
        return self.page.locator("#sidebar .entry").filter(has_text=re.compile(rf"^#?{re.escape(name)}(\d+\+?)?$"))

    async def sees(self, place, seconds=20):
        """Waits until it is visible."""
        await place.first.wait_for(state="visible", timeout=seconds * 1000)
        return place.first

    async def opens(self, name):
        await (await self.sees(self.channel(name))).click()
        await self.page.locator("#channel-head h1", has_text=name).wait_for()

    async def says(self, words):
        field = self.page.locator("#composer-text")
        await field.click()
        await self.page.keyboard.type(words)
        await self.page.keyboard.press("Escape")  # the suggestions
        await self.page.keyboard.press("Enter")

    async def tab(self, name):
        await self.page.get_by_role("tab", name=name).click()

    async def skips_the_tour(self):
        await (await self.sees(self.page.get_by_role("button", name="Skip the tour"))).click()

    async def fills(self, label, words):
        await self.page.get_by_label(label, exact=False).first.click()
        await self.page.keyboard.type(words)

    async def chooses(self, label, words):
        """From a menu of a form."""
        await self.page.get_by_label(label, exact=False).first.click()
        await self.page.get_by_role("option").filter(has_text=words).first.click()

    async def presses(self, name, within=None):
        place = within or self.page
        await (await self.sees(place.get_by_role("button", name=name))).click()

    def vendor(self, name):
        return self.page.locator(f'[data-vendor="{name}"]')

    async def asks(self, vendor, label, words):
        """What wants words at a vendor; it may be folded away under More."""
        form = self.vendor(vendor).locator("form").filter(has=self.page.get_by_role("button", name=label, exact=True))
        if not await form.first.is_visible():
            await self.vendor(vendor).locator("summary", has_text="More").first.click()
        await form.first.locator("input").fill(words)
        await form.first.get_by_role("button").click()

    async def breaks(self, who, what, lasting="", only=""):
        """On the tab of trouble, already open."""
        for label, value in (("Who", who), ("What", what), ("How long", lasting)):
            await self.page.get_by_label(label, exact=True).select_option(value)
        await self.page.get_by_label("Only for this method or path").fill(only)
        await self.presses("Break it")

    async def picture(self, name, dark=False):
        """`dark`: in the dark theme too, beside the other."""
        if self._folder is None:
            return
        if dark:
            await self.page.emulate_media(color_scheme="dark")
            await self.picture(f"{name}-dark")
            await self.page.emulate_media(color_scheme="light")
        self._folder.mkdir(parents=True, exist_ok=True)
        await self.page.wait_for_timeout(400)  # what moves has come to rest
        seen = await self.page.screenshot(animations="disabled")
        # Beside the sandbox, which must go on answering meanwhile.
        (self._folder / f"{name}.png").write_bytes(await asyncio.to_thread(smaller, seen))
