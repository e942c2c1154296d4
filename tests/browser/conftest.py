"""A real browser for tests: Debian's chromium, one a session. Required where CI=true, elsewhere skipped with a reason.

Everything here runs on one loop of the session: an async fixture of a browser test says
`@pytest_asyncio.fixture(loop_scope="session")`; the tests themselves need say nothing.
"""

import asyncio
import functools
import json
import os
import shutil
from collections import defaultdict
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from sandbox import run
from sandbox.app import Sandbox
from tests import nursery
from tests.browser.hands import Hands
from tests.world import BOT, UP_WITHIN_S, World

WEB = Path(__file__).parents[2] / "sandbox" / "web"
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
WAIT_MS = 15_000
ON_A_DESK = {"width": 1280, "height": 800}
FORGETFUL = "try { localStorage.clear(); localStorage.setItem('muster-tour', 'seen') } catch {}"


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


@pytest.fixture(scope="session")
def kept():
    """Windows that are used again, by kind and options: a new one fetches and compiles every module anew."""
    return defaultdict(list)


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser, kept):
    """`await open_page(url, **context)`: a window of its own. What goes wrong in any of them fails the test.
    One of a `kind` may have been used before by others of that kind, and is loaded anew."""
    ends, problems = [], []

    def heard(page):
        listeners = {
            "pageerror": lambda error: problems.append(f"uncaught: {error}"),
            "console": lambda said: problems.append(said.text) if said.type == "error" else None,
            "dialog": lambda dialog: problems.append(f"dialog: {dialog.message}"),
        }
        for event, listener in listeners.items():
            page.on(event, listener)
        return listeners

    async def open_page(url, kind="", **options):
        spare = kept[kind, json.dumps(options, sort_keys=True)]
        page = spare.pop() if spare and kind else await _window(browser, options)
        ends.append((page, heard(page), spare if kind else None))
        await page.goto(url)
        return page

    open_page.problems = problems
    yield open_page
    for page, listeners, spare in ends:
        await _end(page, listeners, spare)
    assert problems == []


async def _window(browser, options):
    context = await browser.new_context(**{"viewport": ON_A_DESK} | options)
    context.set_default_timeout(WAIT_MS)
    return await context.new_page()


async def _end(page, listeners, spare):
    if spare is None:
        return await page.context.close()
    for other in page.context.pages:
        if other != page:
            await other.close()
    await page.goto("about:blank")
    await page.emulate_media(color_scheme="null")
    await page.set_viewport_size(ON_A_DESK)
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    return spare.append(page)


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


@pytest.fixture(scope="session")
def port(unused_tcp_port_factory):
    """One for all sandboxes of the session, so that windows find in their cache what they had from the last."""
    return unused_tcp_port_factory()


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(tmp_path, port):
    """The sandbox with nobody on Slack's line."""
    async with Sandbox(port, clock_file=tmp_path / "clock") as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def house(tmp_path_factory):
    """The sandbox with the bot as its child, as `make run` starts it: it can be killed from the page and comes back."""
    folder = tmp_path_factory.mktemp("house")
    async with Sandbox(clock_file=folder / "clock") as sandbox:
        with (folder / "bot.log").open("w") as log:
            begin = functools.partial(nursery.start, cwd=folder)
            child = run.inhabit(sandbox, BOT, run.free_port(), log, begin)
            running = asyncio.create_task(child.run())
            await sandbox.until(lambda: sandbox.socket.connections, UP_WITHIN_S)
            yield sandbox
            child.hold()
            running.cancel()


@pytest_asyncio.fixture(loop_scope="session")
async def inhabited(house):
    """The house, in which no incident is open and nobody was rung lately."""
    house.clock.move("+1h")
    yield house
    rooms = [each for each in house.slack.workspace.channels.values() if each.name.startswith("inc-")]
    for room in [each for each in rooms if not each.archived]:
        await house.people.say("ana", "/incident resolve it is over", room.name)


@pytest.fixture
def hands(open_page, request):
    """`await hands(url)`: a person at a new window, the tour left aside."""

    async def hands(url, tour=False, **options):
        page = await open_page("about:blank", kind="" if tour else "hands", **options)
        if not tour and not hasattr(page, "forgets"):
            await page.context.add_init_script(FORGETFUL)
            page.forgets = True
        await page.goto(url)
        await page.locator("#sidebar .entry").first.wait_for()
        return Hands(page, request.config.getoption("--screenshots"))

    return hands
