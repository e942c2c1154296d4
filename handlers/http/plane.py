"""Plane's webhooks: signature, size, repeat; then one use case. It decides nothing about an incident."""

import hashlib
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from domain import signatures
from domain.settings import Settings
from domain.tracker import CLOSED, REOPENED, News, moment
from handlers.http.bodies import limited, member, parsed
from service import metrics
from service.trackers import Trackers

LANE = "plane"
BODY_AT_MOST = 1024 * 1024
"""A work item comes with the whole of its description."""

DONE = ("completed", "cancelled")
GROUPS = (*DONE, "backlog", "unstarted", "started")
"""What a state is in Plane, whatever a project calls it."""

STATE = ("state", "state_id")


def routes(trackers: Trackers, settings: Settings) -> list[web.RouteDef]:
    """The webhook's address, where its secret is known."""
    plane = settings.integrations.plane
    if not plane.on or not plane.webhook_secret:
        return []
    hook = Webhook(trackers, plane.webhook_secret.get_secret_value())
    return [web.post("/callbacks/plane/webhook", hook.event)]


class Webhook:
    """Whatever is signed is answered with 202, of use or not."""

    def __init__(self, trackers: Trackers, secret: str) -> None:
        self._trackers = trackers
        self._secret = secret

    async def event(self, request: web.Request) -> web.Response:
        """One event. A repeat is known by X-Plane-Delivery, which is not signed, and by the body itself, which is: it
        holds when the work item was changed."""
        body = await limited(request, BODY_AT_MOST)
        if not signatures.plane(self._secret, body, request.headers.get("X-Plane-Signature")):
            metrics.FORGED.labels(LANE).inc()
            raise web.HTTPUnauthorized(text="the signature does not fit")
        news = self._news(parsed(body))
        if news:
            marks = [request.headers.get("X-Plane-Delivery"), hashlib.sha256(body).hexdigest()]
            await self._trackers.take(news, [f"{LANE}:{mark}" for mark in marks if mark])
        return web.Response(status=202)

    def _news(self, event: Mapping[str, Any]) -> News | None:
        """That a work item's state was changed, and nothing else."""
        data, activity = member(event, "data"), member(event, "activity")
        group, issue = member(data, "state").get("group"), data.get("id")
        known = group in GROUPS and isinstance(issue, str)
        if not known or event.get("event") != "issue" or activity.get("field") not in STATE:
            return None
        what, by = CLOSED if group in DONE else REOPENED, self._by(member(activity, "actor"))
        return News(LANE, str(issue), what, by, moment(data.get("updated_at")))

    def _by(self, actor: Mapping[str, Any]) -> str:
        name = str(actor.get("display_name") or actor.get("first_name") or "somebody")
        return self._trackers.who(str(actor.get("email") or ""), f"{name} (Plane)")
