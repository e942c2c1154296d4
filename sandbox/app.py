"""The sandbox: one server on localhost with Slack, the vendors, their faults, the control API and the page."""

import importlib.util
import time

import aiohttp
from aiohttp import web

from . import asked, guard, page
from .bell import Bell
from .clock import Clock
from .control import Control
from .edge import Edge
from .faults import Faults, Kill
from .ledger import Ledger
from .live import Live
from .record import Record
from .sight import Sight
from .slack.slack import Slack

PAGERS = ("pagerduty", "opsgenie")


class Sandbox:
    """`port` 0 = any. With a `clock_file` the clock's offset is kept there for the bot to read. Also a context."""

    def __init__(self, port=0, clock_file=None, manifest=None, monotonic=time.monotonic):
        self._port = port
        self.clock_file = clock_file
        self.bell = Bell()
        self.clock = Clock(clock_file, self.bell.ring)
        self.record = Record(self.clock, self.bell)
        self.faults = Faults()
        self.kill = Kill(self.bell)
        self.slack = Slack(self.clock, self.record, self.faults, self.bell, manifest, monotonic)
        self.vendors = {vendor.name: vendor for vendor in _vendors(self.clock, self._post)}
        self.page_by("pagerduty")
        self.ledger = Ledger()
        self.sight = Sight(self.slack.workspace)
        self.live = Live(self, self.sight)
        self.child = None  # the bot's process, where somebody here keeps it: see run.Child
        self._runner = self._http = None
        self._wire()

    def _wire(self):
        self.faults.gone["slack"] = self.slack.socket.abort
        for service in (self.slack, *self.vendors.values()):
            self.faults.refusals[service.name] = service.refusal
        edge = Edge(self.record, self.faults, self.kill)
        for vendor in self.vendors.values():
            vendor.complaints, vendor.edge = self.record.violations, edge

    def page_by(self, pager):
        """One pager at a time: whose secrets the bot is given when it starts next. Raises ValueError."""
        if pager not in PAGERS:
            raise ValueError(f"nobody is paged by {pager!r}; there are {', '.join(PAGERS)}")
        for name in PAGERS:
            self.vendors[name].offered = name == pager

    @property
    def people(self):
        return self.slack.people

    @property
    def socket(self):
        return self.slack.socket

    @property
    def until(self):
        """`await sandbox.until(condition, seconds=5)`: what the condition returns once it is true."""
        return self.bell.until

    async def start(self):
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15))
        middlewares = [guard.middleware, self.record.middleware, self.kill.middleware, self.faults.middleware]
        middlewares.append(asked.middleware)
        app = web.Application(middlewares=middlewares, client_max_size=8 * 2**20)
        for service in (self.live, self.ledger, self.slack, *self.vendors.values(), Control(self), page):
            app.add_routes(service.routes())
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        for vendor in self.vendors.values():
            await vendor.start()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=1024)
        try:
            await site.start()
        except OSError:
            await self.stop()
            raise
        host, port = self._runner.addresses[0]
        self.url = f"http://{host}:{port}"
        self.slack.at(self.url)

    async def stop(self):
        self.faults.clear()
        for service in (self.live, self.ledger, self.slack.socket, *self.vendors.values()):
            await service.stop()
        await self._runner.cleanup()
        await self._http.close()

    async def __aenter__(self):
        await self.start()
        return self

    async def __aexit__(self, *problem):
        await self.stop()

    def bot_at(self, url):
        """Where the vendors call the bot back."""
        self.ledger.url = url
        for vendor in self.vendors.values():
            vendor.bot_url = url

    def environment(self):
        """What the bot's environment must hold to live in this world."""
        result = self.ledger.environment()
        for service in (self.slack, *self.vendors.values()):
            needed = service.environment(self.url)
            result |= needed if service is self.slack or service.offered else {}
        return result | ({"MUSTER_CLOCK_FILE": str(self.clock_file)} if self.clock_file else {})

    async def _post(self, url, *, data=None, json=None, body=None, headers=None):
        """How a vendor calls the bot: (status, text)."""
        async with self._http.post(url, data=body if body is not None else data, json=json, headers=headers) as answer:
            return answer.status, await answer.text()


def _vendors(clock, post):
    if importlib.util.find_spec("sandbox.vendors") is None:
        return []
    from . import vendors

    return vendors.all(clock, post)
