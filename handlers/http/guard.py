"""Who may read what only operators may: the token of the dashboard. It never says or logs what was sent."""

import logging
import time
from collections.abc import Callable

from aiohttp import web

from domain import signatures
from service import metrics

log = logging.getLogger("muster.http")

SAY_EVERY_S = 60.0
CLOSED = "This is closed: set MUSTER_DASHBOARD_TOKEN and send it as `Authorization: Bearer <token>`."
WRONG = "Send the dashboard's token as `Authorization: Bearer <token>`."


class Guard:
    """Lets a request with the token pass. Without a token of its own it lets nobody pass."""

    def __init__(self, token: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._token = token
        self._monotonic = monotonic
        self._said_at = float("-inf")
        self._unsaid = 0

    def refusal(self, request: web.Request) -> web.Response | None:
        """403 while there is no token, 401 for whoever does not send it, None for whoever does."""
        if not self._token:
            return web.json_response({"error": CLOSED}, status=403)
        if signatures.bearer(self._token, request.headers.get("Authorization")):
            return None
        metrics.UNAUTHORIZED.inc()
        self._count(request.remote or "an unknown address")
        return web.json_response({"error": WRONG}, status=401, headers={"WWW-Authenticate": 'Bearer realm="Muster"'})

    def _count(self, remote: str) -> None:
        """A line for the first, then one a minute with how many there were: guessing must not fill the disk."""
        self._unsaid += 1
        now = self._monotonic()
        if now - self._said_at >= SAY_EVERY_S:
            log.warning("refused for want of the dashboard's token: %d requests, last from %s", self._unsaid, remote)
            self._said_at, self._unsaid = now, 0
