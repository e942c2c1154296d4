"""A real browser for tests: Debian's chromium, one a session. Required where CI=true, elsewhere skipped with a reason.

Everything here runs on one loop of the session: an async fixture of a browser test says
`@pytest_asyncio.fixture(loop_scope="session")`; the tests themselves need say nothing.
"""

import os
import shutil
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from sandbox.app import Sandbox
from tests.browser.hands import Hands
from tests.world import World

WEB = Path(__file__).parents[2] / "sandbox" / "web"
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
WAIT_MS = 5000


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def _missing(what):
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI needs it")
    pytest.skip(f"{what} is missing here")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser():
    """Chromium, started once."""
    if (chromium := shutil.which("chromium")) is None:
        _missing("chromium")
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        _missing("playwright (make setup brings it)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser):
    """`await open_page(url, **context)`: a window of its own. What goes wrong in any of them fails the test."""
    contexts, problems = [], []

    async def open_page(url, **options):
        context = await browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("dialog", lambda dialog: problems.append(f"dialog: {dialog.message}"))
        await page.goto(url)
        return page

    open_page.problems = problems
    yield open_page
    for context in contexts:
        await context.close()
    assert problems == []


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site():
    """The files of the sandbox's page alone, under /page/: its url."""
    app = web.Application()
    app.router.add_static("/page/", WEB)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield "http://{}:{}".format(*runner.addresses[0][:2])
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def world(tmp_path):
    """The sandbox with the real bot in it."""
    async with World(tmp_path) as world:
        await world.boot()
        yield world


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(tmp_path):
    """The sandbox with nobody on Slack's line."""
    async with Sandbox(clock_file=tmp_path / "clock") as sandbox:
        yield sandbox


@pytest.fixture
def hands(open_page, request):
    """`await hands(url)`: a person at a new window, the tour left aside."""

    async def hands(url, tour=False, **options):
        page = await open_page("about:blank", **options)
        if not tour:
            await page.context.add_init_script("try { localStorage.setItem('muster-tour', 'seen') } catch {}")
        await page.goto(url)
        await page.locator("#sidebar .entry").first.wait_for()
        return Hands(page, request.config.getoption("--screenshots"))

    return hands
