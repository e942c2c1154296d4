"""The one HTTP server: its limits, and what it answers where nobody serves. No header tells what it is made of."""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import http_exceptions, web, web_response

from domain.errors import Unavailable
from handlers.http import connections

log = logging.getLogger("muster.http")

BODY_AT_MOST = 1024 * 1024
ARRIVES_WITHIN_S = 30.0
NAME = "Muster"

web_response.SERVER_SOFTWARE = NAME
"""What is no HTTP never becomes a request that a middleware sees, and is answered with this."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

IN_TROUBLE = web.RequestKey("in trouble", web.Response)
"""What whoever sent this request hears when Muster cannot do its part: set by the route that knows their language."""


def _is_ours(record: logging.LogRecord) -> bool:
    """Whoever sends what is no HTTP is answered with 400: no fault of Muster's, and no traceback in its log."""
    return not (record.exc_info and isinstance(record.exc_info[1], http_exceptions.HttpProcessingError))


logging.getLogger("aiohttp.server").addFilter(_is_ours)


class PortInUse(Exception):
    """Somebody else listens there, or nobody can."""


async def serve(routes: Iterable[web.RouteDef], host: str, port: int) -> web.AppRunner:
    """Listen. Raises PortInUse."""
    app = web.Application(client_max_size=BODY_AT_MOST, middlewares=[_in_json])
    app.on_response_prepare.append(_reticent)
    app.add_routes(list(routes))
    runner = connections.Runner(
        app, access_log=None, handle_signals=False, shutdown_timeout=2.0, auto_decompress=False,
        keepalive_timeout=connections.KEPT_S,
    )  # fmt: skip
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        why = os.strerror(error.errno) if (error.errno or 0) > 0 else error.strerror or str(error)
        raise PortInUse(f"{host}:{port} cannot be listened on ({why.lower()}). {_cure(error)}".strip()) from error
    return runner


def _cure(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "Is another Muster running? End it, or choose another port: MUSTER_HTTP_PORT or http.port."
    if error.errno in (errno.EACCES, errno.EADDRNOTAVAIL) or isinstance(error, socket.gaierror):
        return "Choose an address of this machine in http.host, and a port over 1023: MUSTER_HTTP_PORT or http.port."
    return ""


@web.middleware
async def _in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What the router refuses, what is too long, a database that is away and a fault of our own, each in a sentence for
    a machine. The one place in handlers/http that may catch Exception."""
    try:
        return await _in_time(request, handler)
    except web.HTTPMethodNotAllowed as refused:
        return _said(405, f"{refused.method} is not served here.", Allow=refused.headers["Allow"])
    except web.HTTPNotFound as refused:
        if request.match_info.http_exception is not refused:
            raise
        return _said(404, "Nothing is served here.")
    except web.HTTPRequestEntityTooLarge:
        return _said(413, f"A body has at most {BODY_AT_MOST:,} bytes.")
    except web.HTTPException:
        raise
    except Unavailable as error:
        log.warning("%s could not be answered, the database is away: %s", request.rel_url.raw_path, error)
        away = _said(503, "Muster's database does not answer. Try again.", **{"Retry-After": "5"})
        return request.get(IN_TROUBLE) or away
    except Exception:
        log.exception("%s met a fault", request.rel_url.raw_path)
        return request.get(IN_TROUBLE) or _said(500, "Muster met a fault of its own, which its log tells.")


async def _in_time(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A body that does not come would hold its connection for ever, and so would an answer."""
    connections.has_spoken(request)
    patience = asyncio.timeout(ARRIVES_WITHIN_S)
    try:
        async with patience:
            return await handler(request)
    except TimeoutError:
        if not patience.expired():
            raise
        if request.content.is_eof():  # it is here: whoever sent it may send it again
            return request.get(IN_TROUBLE) or _said(503, "Muster is too busy to answer. Send it again.")
        return request.get(IN_TROUBLE) or _said(408, f"A request has to arrive within {ARRIVES_WITHIN_S:g} s.")
    except ConnectionError:
        if request.transport is not None:
            raise
        return _said(400, "Whoever sent this hung up in the middle, and hears nothing.")


def _said(status: int, sentence: str, **headers: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status, headers=headers)


async def _reticent(request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = NAME
    response.headers["X-Content-Type-Options"] = "nosniff"
