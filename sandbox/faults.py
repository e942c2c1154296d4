"""Trouble on demand, over all services: hang, delay, refuse, reset, and killing the bot at a chosen request."""

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import struct
import time
from dataclasses import dataclass, field

from aiohttp import web

from .record import DROPPED, is_own

KINDS = ("hang", "latency", "status", "ratelimit", "reset_before", "reset_after", "refuse_token", "unreachable")
MOMENTS = ("before", "between", "after")


def drop(request):
    """Reset the connection: the caller gets no answer at all."""
    request[DROPPED] = True
    if request.transport is not None:
        request.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        request.transport.abort()
    return web.Response()


@dataclass(eq=False)
class Fault:
    """`service` is a first path segment or `*`; `match` a Slack method or part of a path. It ends after `times`
    requests, after `seconds` of real time, or when it is cleared."""

    service: str
    kind: str
    match: str | None = None
    times: int | None = None
    seconds: float | None = None
    ms: float = 0
    code: int = 500
    retry_after: int = 1
    since: float = field(default_factory=time.monotonic)
    began: float = field(default_factory=time.time)
    id: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"no fault is called {self.kind!r}; there are {', '.join(KINDS)}")

    @property
    def left(self):
        """Real seconds that it still lasts, None for ever."""
        return None if self.seconds is None else self.since + self.seconds - time.monotonic()

    @property
    def running(self):
        return not self.over.is_set() and (self.left is None or self.left > 0)

    @property
    def spent(self):
        return not self.running or self.times == 0

    def told(self):
        """For people who look; `ends` in milliseconds of the epoch, None: not by the clock."""
        ends = None if self.seconds is None else (self.began + self.seconds) * 1000
        kept = ("id", "service", "kind", "match", "times", "ms", "code", "retry_after")
        return {name: getattr(self, name) for name in kept} | {"ends": ends}

    def meets(self, service, path):
        return not self.spent and self.service in ("*", service) and (self.match is None or self.match in path)

    async def wait(self):
        try:
            await asyncio.wait_for(self.over.wait(), self.left)
        except TimeoutError:
            self.over.set()


class Faults:
    def __init__(self):
        self.active = []
        self._ids = itertools.count(1)
        self.tiers = False  # Slack's published rate limits
        self.refusals = {}  # service -> function(kind, retry_after, path) -> web.Response, in its own error shape
        self.gone = {}  # service -> function that cuts what is already connected

    def add(self, service, kind, match=None, **options):
        """Options: times, seconds (real), ms (latency), code (status), retry_after (ratelimit)."""
        fault = Fault(service, kind, match, **options)
        fault.id = next(self._ids)
        self.active.append(fault)
        if kind == "unreachable" and match is None:
            for name, cut in self.gone.items():
                if service in ("*", name):
                    cut()
        return fault

    def clear(self, service=None):
        self._end(f for f in self.active if service in (None, f.service))

    def end(self, id):
        """One fault, by its id; nothing when it is over already."""
        self._end(f for f in self.active if f.id == id)

    def standing(self):
        """Those that still meet somebody, or still hold a request that they met."""
        return [f for f in self.active if not f.spent or (f.kind == "hang" and f.running)]

    def _end(self, faults):
        for fault in list(faults):
            fault.over.set()
            self.active.remove(fault)

    async def meet(self, service, path):
        """The trouble that this request is in, or None; a delay has passed by then."""
        met = [] if is_own(path) else [f for f in self.active if f.meets(service, path)]
        for fault in met:
            if fault.times:
                fault.times -= 1
        for fault in met:
            if fault.kind == "latency":
                await asyncio.sleep(fault.ms / 1000)
        return next((f for f in met if f.kind != "latency"), None)

    @web.middleware
    async def middleware(self, request, handler):
        trouble = await self.meet(request.path.split("/")[1], request.path)
        if trouble is None:
            return await handler(request)
        return await self._suffer(trouble, request, handler)

    async def _suffer(self, fault, request, handler):
        match fault.kind:
            case "hang":
                await fault.wait()
                return drop(request)
            case "reset_before" | "unreachable":
                return drop(request)
            case "reset_after":
                await handler(request)
                return drop(request)
            case kind:
                return self._refuse(request, fault, "error" if kind == "status" else kind)

    def _refuse(self, request, fault, kind):
        service = request.path.split("/")[1]
        refusal = self.refusals[service](kind, fault.retry_after, request.path)
        if kind == "error":
            refusal.set_status(fault.code)
        return refusal


class Kill:
    """SIGKILL to the bot at the n-th request since `arm`: before its effect, between effect and answer, or after."""

    def __init__(self, bell):
        self._bell = bell
        self.pid = None  # function -> process id of the bot; a negative one means its process group
        self.count = 0
        self.done = False
        self._at = self._moment = None
        self._match = ""

    def arm(self, n, moment, pid=None, match=""):
        """Only requests whose path contains `match` are counted."""
        if moment not in MOMENTS:
            raise ValueError(f"no moment is called {moment!r}; there are {', '.join(MOMENTS)}")
        self.pid = pid or self.pid
        self.count, self.done, self._at, self._moment, self._match = 0, False, n, moment, match

    def now(self):
        if self.pid is None:
            raise ValueError("the sandbox does not know the bot's process")
        with contextlib.suppress(ProcessLookupError):  # it is dead already
            os.kill(self.pid(), signal.SIGKILL)
        self.done = True
        self._bell.ring()

    def moment(self, path):
        """Counts a request; at the armed one, the moment to die at, else None."""
        if is_own(path) or path == "/slack/socket" or self._match not in path:
            return None
        self.count += 1
        return self._moment if self.count == self._at else None

    @web.middleware
    async def middleware(self, request, handler):
        moment = self.moment(request.path)
        if moment == "before":
            self.now()
            return drop(request)
        response = await handler(request)
        if moment == "between":
            self.now()
            return drop(request)
        if moment == "after":
            await response.prepare(request)
            await response.write_eof()
            self.now()
        return response
