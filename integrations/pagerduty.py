"""PagerDuty, Events API v2: rings whoever PagerDuty's own policy names. It sees no acknowledgement made over there."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from domain.alerts import key_of
from domain.errors import Temporary
from domain.incidents import Incident
from domain.record import Owed, Receipt, Record
from integrations.http import Vendor, request
from views.plain import lines, plain
from views.times import utc

ADVICE = {
    400: "check PAGERDUTY_INTEGRATION_KEY",
    401: "check PAGERDUTY_INTEGRATION_KEY",
    403: "check PAGERDUTY_INTEGRATION_KEY",
    404: "check PAGERDUTY_EVENTS_URL",
}


class PagerDuty:
    """A Pager. The page's key is the dedup_key, so one page sent twice rings once.

    `severities` says how loud each of ours is over there (critical, error, warning, info); one that is not named is
    critical. `names` gives people's names for Slack ids.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        routing_key: str,
        severities: Mapping[str, str],
        names: Mapping[str, str] | None = None,
        url: str = "https://events.pagerduty.com",
    ) -> None:
        self._session = session
        self._routing_key = routing_key
        self._severities = severities
        self._names = names or {}
        self._url = url.rstrip("/") + "/v2/enqueue"
        self._vendor = Vendor("PagerDuty", "PAGERDUTY_EVENTS_URL", ADVICE, (routing_key,))

    async def page(self, record: Record, owed: Owed) -> Receipt:
        incident = record.incident
        event: dict[str, Any] = {
            "payload": {
                "summary": plain(f"[{incident.severity}] {incident.title}", 1024),
                "source": "muster",
                "severity": self._severities.get(incident.severity, "critical"),
                "timestamp": incident.detected_at.isoformat(),
                "custom_details": self._details(incident),
            },
            "client": "Muster",
        }
        room = record.ref("channel")
        if room and room.url:
            event |= {"client_url": room.url, "links": [{"href": room.url, "text": "War room"}]}
        return await self._send("trigger", record, owed, event)

    async def acknowledge(self, record: Record, owed: Owed) -> Receipt:
        return await self._send("acknowledge", record, owed, {})

    async def resolve(self, record: Record, owed: Owed) -> Receipt:
        return await self._send("resolve", record, owed, {})

    async def _send(self, action: str, record: Record, owed: Owed, event: Mapping[str, Any]) -> Receipt:
        key = key_of(record, owed.target)
        body = {"routing_key": self._routing_key, "event_action": action, "dedup_key": key, **event}
        answer = await request(self._session, self._vendor, "POST", self._url, json=body)
        # A portal or a proxy answers 200 to anything; a page that it swallowed must be sent again.
        if answer.find("status") != "success":
            raise Temporary(f"PagerDuty answered {answer.status} but did not accept the event")
        return Receipt(vendor_id=key, result="accepted")

    def _details(self, incident: Incident) -> dict[str, str]:
        details = {
            "incident": incident.key,
            "severity": incident.severity,
            "reporter": plain(self._names.get(incident.reporter, incident.reporter), 200),
            "detected": utc(incident.detected_at),
            "services": plain(", ".join(incident.services), 1000),
            "impact": plain(incident.impact, 2000),
            "description": "\n".join(lines(incident.description, 10_000)),
        }
        return {name: value for name, value in details.items() if value}
