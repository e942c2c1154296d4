"""PagerDuty's webhooks v3: signature, size, repeat; then one use case. It decides nothing about an incident."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from domain import signatures
from domain.pager import HEARD, News, Who
from domain.settings import Settings
from handlers.http.bodies import limited, member, parsed
from service import metrics
from service.pagers import Pagers

LANE = "pagerduty"
BODY_AT_MOST = 256 * 1024
"""PagerDuty drops a larger event itself."""

PERSON = "user_reference"


def routes(pagers: Pagers, settings: Settings) -> list[web.RouteDef]:
    """The webhook's address, where its secret is known."""
    pagerduty = settings.integrations.pagerduty
    if not pagerduty.on or not pagerduty.webhook_secret:
        return []
    hook = Webhook(pagers, pagerduty.webhook_secret.get_secret_value())
    return [web.post("/callbacks/pagerduty/webhook", hook.event)]


class Webhook:
    """Whatever is signed is answered with 202, of use or not: three refusals in a row would switch the webhook off."""

    def __init__(self, pagers: Pagers, secret: str) -> None:
        self._pagers = pagers
        self._secret = secret

    async def event(self, request: web.Request) -> web.Response:
        """One event. A repeat is known by X-Webhook-Id, which is not signed, and by the event's own id, which is."""
        body = await limited(request, BODY_AT_MOST)
        if not signatures.pagerduty(self._secret, body, request.headers.get("X-PagerDuty-Signature")):
            metrics.FORGED.labels(LANE).inc()
            raise web.HTTPUnauthorized(text="the signature does not fit")
        event = member(parsed(body), "event")
        kind = str(event.get("event_type")).removeprefix("incident.")
        if kind in HEARD:
            delivery = request.headers.get("X-Webhook-Id", "")
            await self._take(kind, event, delivery)
        return web.Response(status=202)

    async def _take(self, kind: str, event: Mapping[str, Any], delivery: str) -> None:
        data = member(event, "data")
        key, alert = data.get("incident_key"), str(_of_incident(data).get("id") or "")
        if not isinstance(key, str):
            key = await self._pagers.key_of(LANE, alert) if alert else ""
        who = _who(event.get("agent"))
        by = await self._pagers.who(LANE, who)
        url = str(_of_incident(data).get("html_url") or "")
        news = News(kind, LANE, key, by, _text(kind, data), who.human, alert, url)
        marks = [str(each) for each in (delivery, event.get("id")) if each]
        await self._pagers.take(news, [f"{LANE}:{mark}" for mark in dict.fromkeys(marks)])


def _of_incident(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The incident that an event is about: a note only names it."""
    return data if data.get("type") in (None, "incident") else member(data, "incident")


def _who(agent: Any) -> Who:
    """Nobody is named where PagerDuty itself acted; a service or an integration is nobody who answers."""
    if not isinstance(agent, dict):
        return Who()
    human = agent.get("type", PERSON) == PERSON
    return Who(str(agent.get("summary") or ""), id=str(agent.get("id") or "") if human else "", human=human)


def _text(kind: str, data: Mapping[str, Any]) -> str:
    """What was written, whom it went to, or what was chosen."""
    match kind:
        case "annotated":
            return str(data.get("content") or "")
        case "priority_updated":
            return str(member(data, "priority").get("summary") or "")
        case "responder.added":
            return str(member(data, "user").get("summary") or "")
        case "escalated" | "reassigned" | "delegated":
            assigned = data.get("assignees")
            people = [each for each in assigned if isinstance(each, dict)] if isinstance(assigned, list) else []
            return ", ".join(str(each.get("summary")) for each in people if each.get("summary"))
        case _:
            return ""
