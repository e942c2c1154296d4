"""How many connections Muster's server holds, and for how long one may say nothing. Each takes one of the process's
files: without an end, whoever opens many would leave none for Slack and the vendors, and so for a page."""

import asyncio
from typing import Any

from aiohttp import web

AT_MOST = 256
"""A process may open 1,024 files, where nobody has changed that."""

SPEAKS_WITHIN_S = 30.0
KEPT_S = 75.0

_silent: dict[Any, asyncio.TimerHandle] = {}
"""Those that have not sent a whole head of a request yet, with their end."""


class Runner(web.AppRunner):
    """aiohttp's own, at whose door connections are counted."""

    @property
    def server(self) -> Any:
        return self._admit if super().server else None

    def _admit(self) -> asyncio.Protocol:
        serve: Any = super().server
        if len(serve.connections) >= AT_MOST:
            return _Full()
        protocol: Any = serve()
        _silent[protocol] = asyncio.get_running_loop().call_later(SPEAKS_WITHIN_S, _hang_up, protocol)
        return protocol  # type: ignore[no-any-return]


def has_spoken(request: web.Request) -> None:
    """From here on its silences are aiohttp's to end."""
    end = _silent.pop(request.protocol, None)
    if end:
        end.cancel()


def _hang_up(protocol: Any) -> None:
    del _silent[protocol]
    protocol.force_close()


class _Full(asyncio.Protocol):
    def connection_made(self, transport: Any) -> None:
        transport.write(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n\r\n")
        transport.close()
