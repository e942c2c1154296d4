"""PagerDuty's v3 webhooks: their bodies, their signatures, their delivery. What happened is decided elsewhere."""

import json
import uuid
from dataclasses import dataclass

from sandbox.vendors import signatures
from sandbox.vendors.pagerduty_account import PRIORITIES, TEAM

WEBHOOK_SECRET = "sandbox-pagerduty-webhook-secret"


@dataclass
class Webhook:
    """One signed request to the bot; `alert` is the number of the alert that it is about, None for a test."""

    alert: int | None
    event_type: str
    url: str
    body: bytes
    headers: dict[str, str]


class Webhooks:
    """The one subscription of the account. While a secret is changed, each body is signed with the old and the new."""

    def __init__(self, vendor, account):
        self._vendor, self._account = vendor, account
        self.secrets = [WEBHOOK_SECRET]
        self.sent: list[dict] = []
        self.last: Webhook | None = None

    async def send(self, event_type, data, by=None, alert=None) -> dict:
        """The bot's answer. `by`: the person's name, None where a machine did it."""
        kind = "pagey" if event_type.startswith("pagey") else "incident"
        agent = self._account.agent(by)
        event = {
            "id": f"01{uuid.uuid4().hex[:24].upper()}",
            "event_type": event_type,
            "resource_type": kind,
            "occurred_at": self._account.now(),
            "agent": agent,
            "client": {"name": "PagerDuty"} if agent else None,
            "data": data,
        }
        self.last = self._signed(event_type, json.dumps({"event": event}).encode(), alert)
        return await self.deliver()

    async def incident(self, event_type, alert, by=None) -> dict:
        """A webhook whose data is the incident."""
        return await self.send(f"incident.{event_type}", self.data(alert), by, alert)

    async def deliver(self) -> dict:
        """Sends the last one, for the first time or once more, byte for byte."""
        webhook = self.last
        result = await self._vendor.call_back(webhook.url, webhook.body, webhook.headers)
        told = {"at": self._account.now(), "alert": webhook.alert, "event_type": webhook.event_type}
        self.sent.append(told | result)
        return result

    def _signed(self, event_type, body, alert):
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "PagerDuty-Webhook/V3.0",
            "X-Webhook-Id": str(uuid.uuid4()),
            "X-Webhook-Subscription": "PSANDBX",
            "X-PagerDuty-Signature": ",".join(signatures.pagerduty(secret, body) for secret in self.secrets),
        }
        url = f"{self._vendor.bot_url.rstrip('/')}/callbacks/pagerduty/webhook"
        return Webhook(alert.number if alert else None, event_type, url, body, headers)

    def data(self, alert) -> dict:
        account = self._account
        resolved = alert.status == "resolved"
        priority = alert.priority and account.reference("priority", alert.priority, PRIORITIES[alert.priority])
        return {
            "id": alert.id,
            "type": "incident",
            "self": f"{account.base_url}/pagerduty/incidents/{alert.id}",
            "html_url": f"{account.base_url}/pagerduty/incidents/{alert.id}",
            "number": alert.number,
            "status": alert.status,
            "incident_key": alert.dedup_key,
            "created_at": alert.created_at,
            "title": alert.title,
            "incident_type": {"name": "incident_default"},
            "service": account.service(alert.service),
            "assignees": [] if resolved else [account.user(user) for user in alert.assignees],
            "escalation_policy": account.policy(alert.policy),
            "teams": [account.reference("team", *TEAM)],
            "priority": priority,
            "urgency": alert.urgency,
            "conference_bridge": None,
            "resolve_reason": None,
        }

    def note(self, alert, note) -> dict:
        incident = self._account.incident(alert)
        told = {"id": note["id"], "content": note["content"], "trimmed": False, "type": "incident_note"}
        return {"incident": incident, **told}

    def responder(self, alert, responder) -> dict:
        return {
            "incident": self._account.incident(alert),
            "user": self._account.user(responder["user"]),
            "escalation_policy": None,
            "message": responder["message"],
            "state": responder["state"],
            "type": "incident_responder",
        }
