"""Two Socket Mode connections, and a watchdog that listens rather than asks whether they are connected."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from service import metrics

log = logging.getLogger("muster.socket")

SDK = logging.getLogger("muster.socket.sdk")
SDK.setLevel(logging.CRITICAL)
"""While Slack is away the SDK would log a traceback every 2 s for each connection; the watchdog says it in words."""

CONNECTIONS = 2
PING_S = 2.0
DEAF_AFTER_S = 10.0
"""Frames and pongs arrive every 2 s; a connection that was silent for so long is replaced by one made from nothing."""

LOOK_EVERY_S = 1.0
NEVER = float("-inf")


class Ear:
    """One connection, and when it was last heard (seconds of the monotonic clock)."""

    def __init__(self, app: AsyncApp, app_token: str, hello: asyncio.Event) -> None:
        self._handler = AsyncSocketModeHandler(app, app_token, logger=SDK, ping_interval=PING_S)
        self._client: Any = self._handler.client
        self._client.on_message_listeners.append(self._frame)
        self._hello = hello
        self._pong: float | None = None
        self._born = time.monotonic()
        self._connecting: asyncio.Task[None] | None = None
        self._heard = NEVER

    def open(self, address: str = "") -> None:
        """Begin to connect: to an address that Slack has just given out, else to one that is asked for."""
        self._client.wss_uri = address or None
        self._connecting = asyncio.create_task(self._handler.connect_async(), name="socket")

    async def close(self) -> None:
        if self._connecting:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        await asyncio.gather(asyncio.wait_for(self._handler.close_async(), 2.0), return_exceptions=True)

    @property
    def heard(self) -> float:
        """When the last frame or pong came. The client sets the first pong's time itself, when it pings: only a time
        that moves on was heard."""
        before, self._pong = self._pong, self._client.last_ping_pong_time
        if before and self._pong and before != self._pong:
            self._heard = time.monotonic()
        return self._heard

    def silent_for(self) -> float:
        """Seconds since anything was heard, or since it was made."""
        return time.monotonic() - max(self.heard, self._born)

    async def _frame(self, message: object) -> None:
        self._heard = time.monotonic()
        self._hello.set()


class Socket:
    """Keeps the connections open. `on_deaf` is told for how many seconds one was silent."""

    def __init__(self, app: AsyncApp, app_token: str, on_deaf: Callable[[float], None] = lambda seconds: None) -> None:
        self._app = app
        self._app_token = app_token
        self._on_deaf = on_deaf
        self._ears: list[Ear] = []
        self._watchdog: asyncio.Task[None] | None = None
        self._heard = NEVER
        self._hello = asyncio.Event()

    def open(self, first: str = "") -> None:
        """Begin to connect; Slack may be away. `first` is an address that it has just given out."""
        self._ears = [self._listen(address) for address in (first, *[""] * (CONNECTIONS - 1))]
        self._watchdog = asyncio.create_task(self._watch(), name="socket watchdog")

    async def close(self) -> None:
        if self._watchdog:
            self._watchdog.cancel()
            await asyncio.gather(self._watchdog, return_exceptions=True)
        await asyncio.gather(*(ear.close() for ear in self._ears))

    def silent_for(self) -> float:
        """Seconds since any connection was heard, replaced ones too; infinite before the first frame."""
        self._heard = max([self._heard, *(ear.heard for ear in self._ears)])
        return time.monotonic() - self._heard

    async def connected(self) -> None:
        """Returns once Slack has said its first word."""
        await self._hello.wait()

    def _listen(self, address: str = "") -> Ear:
        ear = Ear(self._app, self._app_token, self._hello)
        ear.open(address)
        return ear

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            metrics.LAST_FRAME.set(self.silent_for())
            for place, ear in enumerate(self._ears):
                if ear.silent_for() > DEAF_AFTER_S:
                    log.warning("a connection to Slack was silent for %.0f s and is replaced", ear.silent_for())
                    self._on_deaf(ear.silent_for())
                    self._ears[place] = self._listen()
                    await ear.close()
