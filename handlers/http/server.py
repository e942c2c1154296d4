"""The one HTTP server."""

import logging
from collections.abc import Iterable

from aiohttp import web

log = logging.getLogger("muster.http")

BODY_AT_MOST = 1024 * 1024


class PortInUse(Exception):
    """Somebody else listens there."""


async def serve(routes: Iterable[web.RouteDef], host: str, port: int) -> web.AppRunner:
    """Listen. Raises PortInUse."""
    app = web.Application(client_max_size=BODY_AT_MOST)
    app.add_routes(list(routes))
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2.0, auto_decompress=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise PortInUse(
            f"{host}:{port} cannot be listened on ({(error.strerror or str(error)).lower()}). "
            "Is another Muster running? End it, or choose another port: MUSTER_HTTP_PORT or http.port."
        ) from error
    return runner
