"""What people do in Opsgenie's own app, and the webhooks that tell the bot. No REST.

Opsgenie signs no webhook; its webhook integration can send a header of one's own with each. This one sends
`Authorization: Bearer <OPSGENIE_WEBHOOK_SECRET>` to /callbacks/opsgenie/webhook.
"""

import json
from datetime import datetime
from uuid import uuid4

from sandbox.vendors.base import impossible
from sandbox.vendors.opsgenie_account import INTEGRATION, USERS

WEBHOOK_SECRET = "sandbox-opsgenie-webhook-secret"


class App:
    """Alerts are named by alias or by tiny id; without a name it is the newest open one."""

    def __init__(self, vendor, account):
        self._vendor, self._account = vendor, account
        self.webhooks: list[dict] = []
        self.last: tuple | None = None

    async def acknowledge(self, alias=None, tiny=None, by="Ana"):
        alert = self._open(alias, tiny)
        if alert is not None and alert["acknowledged"]:
            return impossible(f"alert {alert['tinyId']} is already acknowledged")
        return await self._done("Acknowledge", alert, by, self._account.acknowledge)

    async def unacknowledge(self, alias=None, tiny=None, by="Ana"):
        return await self._done("UnAcknowledge", self._open(alias, tiny), by, self._account.unacknowledge)

    async def close(self, alias=None, tiny=None, by="Ana"):
        return await self._done("Close", self._open(alias, tiny), by, self._account.close)

    async def add_note(self, text, alias=None, tiny=None, by="Ana"):
        def write(alert, who):
            self._account.add_note(alert, text, who)

        return await self._done("AddNote", self._open(alias, tiny), by, write, note=text)

    async def redeliver(self):
        """The last webhook once more, byte for byte."""
        if self.last is None:
            return impossible("no webhook was sent yet")
        return {"ok": True, "webhook": await self._deliver()}

    async def put_on_call(self, who, schedule="Primary"):
        """`who` is a list of names that take turns, the first of them now; empty: nobody is on call."""
        names = [name.capitalize() for name in who]
        if schedule not in self._account.rotations or not set(names) <= set(USERS):
            return impossible("there is no such person or schedule")
        self._account.put_on_call(schedule, names)
        return {"ok": True}

    async def _done(self, action, alert, by, do, **more):
        if alert is None:
            return impossible("there is no such open alert")
        do(alert, _address(by))
        return {"ok": True, "alert": alert, "webhook": await self.tell(action, alert, by, **more)}

    def _open(self, alias, tiny):
        for alert in reversed(self._account.alerts):
            mine = alias in (None, alert["alias"]) and (tiny is None or str(tiny) == alert["tinyId"])
            if mine and alert["status"] == "open":
                return alert
        return None

    async def tell(self, action, alert, by, kind="web", **more) -> dict:
        """The bot's answer to a webhook about the alert; `kind`: what acted, a person in the app or the API."""
        created = datetime.fromisoformat(alert["createdAt"]).timestamp()
        told = {
            "alertId": alert["id"], "alias": alert["alias"], "tinyId": alert["tinyId"], "message": alert["message"],
            "username": _address(by), "userId": str(uuid4()), "entity": alert["entity"], "source": alert["source"],
            "tags": alert["tags"], "teams": [], "recipients": [], "priority": alert["priority"],
            "createdAt": int(created * 1000), "updatedAt": int(self._vendor.clock.now().timestamp() * 1000) * 10**6,
        }  # fmt: skip
        body = {
            "source": {"name": "", "type": kind}, "alert": told | more, "action": action,
            "integrationId": INTEGRATION["id"], "integrationName": INTEGRATION["name"],
        }  # fmt: skip
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {WEBHOOK_SECRET}"}
        url = f"{self._vendor.bot_url.rstrip('/')}/callbacks/opsgenie/webhook"
        self.last = (action, alert["tinyId"], (url, json.dumps(body).encode(), headers))
        return await self._deliver()

    async def _deliver(self):
        action, tiny, request = self.last
        result = await self._vendor.call_back(*request)
        self.webhooks.append({"at": self._account.now(), "action": action, "alert": tiny, **result})
        return result


def _address(name) -> str:
    return USERS.get(str(name).capitalize(), str(name))
