"""The kit's test page, emptied: blocks are shown on it, touched, and what the app would have been sent is read.

Blocks go there and back as JSON in one string: Playwright looks at each value of anything else, which takes seconds.
"""

import json

RENDER = """async (given) => {
  const [blocks, more] = JSON.parse(given);
  const { renderBlocks } = await import("/page/kit/index.js");
  const { context } = await import("/page/kit/catalogue_page.js");
  document.querySelector("#catalogue").replaceChildren(renderBlocks(blocks, { ...context, ...more }));
}"""
MODAL = """async ([name, given]) => {
  const view = JSON.parse(given);
  const kit = await import("/page/kit/index.js");
  const { context } = await import("/page/kit/catalogue_page.js");
  kit[name](view, window.app ? { ...context, ...window.app } : context);
}"""
SENT = """async ([what, count]) => {
  const { sent } = await import("/page/kit/catalogue_page.js");
  const found = () => sent.filter((each) => each.what === what);
  for (let n = 0; n < 500 && found().length < count; n += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  return JSON.stringify(found());
}"""
FOCUS = "() => document.activeElement.closest('#catalogue') !== null"
OVERFLOW = """() => [...document.querySelectorAll("#catalogue, #catalogue .kit-block, dialog.kit, .kit-modal-body")]
  .filter((node) => node.scrollWidth > node.clientWidth + 1 || node.getBoundingClientRect().right > innerWidth + 1)
  .map((node) => `${node.className}: ${node.textContent.slice(0, 80)}`)"""
CATALOGUE = """async (name) => JSON.stringify((await import("/page/kit/catalogue.js"))[name])"""


class Stage:
    def __init__(self, page):
        self.page = page

    @classmethod
    async def at(cls, open_page, site, query="?empty", kind="kit", **options):
        page = await open_page(f"{site}/page/kit.html{query}", kind=kind, **options)
        await page.wait_for_selector("html[data-ready]")
        return cls(page)

    async def show(self, *blocks, **context):
        """Render a message in place of whatever is on the page."""
        await self.page.evaluate(RENDER, json.dumps([list(blocks), context]))

    async def modal(self, view, name="openModal"):
        await self.page.evaluate(MODAL, [name, json.dumps(view)])

    async def catalogue(self, name):
        return json.loads(await self.page.evaluate(CATALOGUE, name))

    async def sent(self, what="act", count=1):
        """All of a kind that the app would have been sent, once there are so many."""
        found = json.loads(await self.page.evaluate(SENT, [what, count]))
        assert len(found) >= count, f"{what} was sent {len(found)} times: {found}"
        return found

    async def sent_now(self, what):
        return json.loads(await self.page.evaluate(SENT, [what, 0]))

    async def reach(self):
        """Tab into what is shown."""
        for _ in range(20):
            await self.page.keyboard.press("Tab")
            if await self.page.evaluate(FOCUS):
                return
        raise AssertionError("the keyboard does not get there")

    async def keys(self, *keys):
        """Keys by their names; `"words` types words; `?selector` waits until that is shown."""
        for key in keys:
            if key.startswith('"'):
                await self.page.keyboard.type(key[1:])
            elif key.startswith("?"):
                await self.page.wait_for_selector(key[1:])
            else:
                await self.page.keyboard.press(key)

    async def focused(self):
        return await self.page.evaluate("() => document.activeElement.className")

    async def overflowing(self):
        return await self.page.evaluate(OVERFLOW)

    async def fallbacks(self):
        return await self.page.locator(".kit-fallback").all_text_contents()


def text(words):
    return {"type": "plain_text", "text": words}


def option(words, value=None):
    return {"text": text(words), "value": value or words.lower()}


def actions(*elements):
    return {
        "type": "actions",
        "block_id": "row",
        "elements": [{"action_id": f"a{n}", **element} for n, element in enumerate(elements)],
    }


def field(element, block_id="field", **more):
    element = {"action_id": "value", **element}
    return {"type": "input", "block_id": block_id, "label": text(block_id), "element": element, **more}


def modal(*blocks, **more):
    view = {"type": "modal", "id": "V1", "title": text("Form"), "submit": text("Send"), "blocks": list(blocks)}
    return view | more


def jsonable(payload):
    return json.loads(json.dumps(payload, default=str))
