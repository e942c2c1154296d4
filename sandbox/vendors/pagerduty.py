"""PagerDuty on localhost: Events API v2 in, signed v3 webhooks out. It pages nobody."""

import json
import uuid
from dataclasses import asdict, dataclass, field
from datetime import datetime

from aiohttp import web

from sandbox.vendors import signatures, words
from sandbox.vendors.base import RefusedError, Vendor, impossible, stamp

INTEGRATION_KEY = "5a4db0c5000000000000000000000001"
OTHER_INTEGRATION_KEY = "5a4db0c5000000000000000000000002"  # another service of the same account: its own alerts
WEBHOOK_SECRET = "sandbox-pagerduty-webhook-secret"

SEVERITIES = ("critical", "error", "warning", "info")
EVENT_ACTIONS = ("trigger", "acknowledge", "resolve")
TOP_FIELDS = {
    "trigger": {"routing_key", "event_action", "dedup_key", "payload", "client", "client_url", "links", "images"},
    "acknowledge": {"routing_key", "event_action", "dedup_key"},
    "resolve": {"routing_key", "event_action", "dedup_key"},
}
PAYLOAD_FIELDS = {"summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"}
MOST_BYTES, LONGEST_KEY, LONGEST_SUMMARY = 512 * 1024, 255, 1024


@dataclass
class Alert:
    """One alert and the incident that PagerDuty opens for it."""

    number: int
    routing_key: str
    dedup_key: str
    created_at: str
    payload: dict
    status: str = "triggered"
    triggers: int = 1
    history: list[dict] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"P{self.number:06X}"


@dataclass
class Webhook:
    """One signed request to the bot; `alert` is the number of the alert that it is about."""

    alert: int
    event_type: str
    url: str
    body: bytes
    headers: dict[str, str]


class PagerDuty(Vendor):
    """The events that came in, the alerts they made, and the people who answer them."""

    name = "pagerduty"
    title = "PagerDuty"

    def __init__(self, clock, post):
        super().__init__(clock, post)
        self.alerts: list[Alert] = []
        self.events: list[dict] = []
        self.webhooks: list[dict] = []
        self.actions = {"acknowledge": self.acknowledge, "resolve": self.resolve, "redeliver": self.redeliver}
        self._open: dict[tuple[str, str], Alert] = {}
        self._last_webhook: Webhook | None = None

    def routes(self):
        return [
            web.post("/pagerduty/v2/enqueue", self.door(self._enqueue)),
            web.route("*", "/pagerduty/{tail:.*}", self.door(_unknown)),
        ]

    def environment(self, base_url):
        self.base_url = base_url
        return {
            "PAGERDUTY_INTEGRATION_KEY": INTEGRATION_KEY,
            "PAGERDUTY_EVENTS_URL": f"{base_url}/pagerduty",
            "PAGERDUTY_WEBHOOK_SECRET": WEBHOOK_SECRET,
        }

    def state(self):
        alerts = [asdict(alert) | {"id": alert.id} for alert in self.alerts]
        return {"alerts": alerts, "events": self.events, "webhooks": self.webhooks}

    def story(self):
        return words.pagerduty(self.state())

    def offers(self):
        return [words.action("Send the last webhook again", "redeliver")] if self._last_webhook else []

    def refusal(self, kind, retry_after=None):
        if kind == "ratelimit":
            headers = {"Retry-After": str(retry_after)} if retry_after is not None else None
            return _answer(429, "throttle exceeded", "Too many events for this integration key", headers=headers)
        if kind == "refuse_token":  # the Events API knows no 401: the key is a field like any other
            return _invalid(["Invalid routing key"])
        return _answer(500, "internal error", "Internal Server Error")

    # Events API v2

    async def _enqueue(self, request):
        event = _event(await request.read())
        errors = _faults(event)
        if errors:
            raise RefusedError(_invalid(errors))
        action = event["event_action"]
        self.complain_of_unknown(f"{action} event", event, TOP_FIELDS[action])
        self.complain_of_unknown("payload", event.get("payload", {}), PAYLOAD_FIELDS)
        key = event.get("dedup_key") or uuid.uuid4().hex
        self._take(action, event["routing_key"], key, event.get("payload"))
        return _answer(202, "success", "Event processed", dedup_key=key)

    def _take(self, action, routing_key, key, payload):
        alert = self._open.get((routing_key, key))
        if action == "trigger":
            effect = self._join(alert, payload) if alert else "triggered"
            alert = alert or self._new(routing_key, key, payload)
        elif alert is None:
            effect = "dropped"
        else:
            effect = self._move(alert, action, by="Events API")
        number = alert.number if alert else None
        at = stamp(self.clock.now())
        self.events.append({"at": at, "action": action, "dedup_key": key, "effect": effect, "alert": number})

    def _new(self, routing_key, key, payload):
        alert = Alert(len(self.alerts) + 1, routing_key, key, stamp(self.clock.now()), payload)
        self.alerts.append(alert)
        self._open[routing_key, key] = alert
        self._note(alert, "triggered", "Events API")
        return alert

    def _join(self, alert, payload):
        alert.triggers += 1
        alert.payload = payload
        return "joined"

    def _move(self, alert, action, by):
        """Acknowledged stays acknowledged; resolved leaves the open alerts, so the next trigger makes a new one."""
        if action == "resolve":
            alert.status = "resolved"
            del self._open[alert.routing_key, alert.dedup_key]
        elif alert.status == "acknowledged":
            return "unchanged"
        else:
            alert.status = "acknowledged"
        self._note(alert, alert.status, by)
        return alert.status

    def _note(self, alert, what, by):
        alert.history.append({"at": stamp(self.clock.now()), "what": what, "by": by})

    # what people do

    async def acknowledge(self, dedup_key=None, number=None, by="Ana"):
        """Somebody takes the alert in PagerDuty's own app; without a name for it, the newest open one."""
        return await self._answered("acknowledge", dedup_key, number, by)

    async def resolve(self, dedup_key=None, number=None, by="Ana"):
        return await self._answered("resolve", dedup_key, number, by)

    async def redeliver(self):
        """The last webhook once more, byte for byte: PagerDuty delivers at least once."""
        if self._last_webhook is None:
            return impossible("no webhook was sent yet")
        return {"ok": True, "webhook": await self._deliver()}

    async def _answered(self, action, dedup_key, number, by):
        alert = self._find(dedup_key, number)
        if alert is None:
            return impossible("there is no such open alert")
        if self._move(alert, action, by) == "unchanged":
            return impossible(f"alert {alert.number} is already acknowledged")
        self._last_webhook = Webhook(alert.number, f"incident.{alert.status}", *self._webhook(alert, by))
        return {"ok": True, "alert": asdict(alert), "webhook": await self._deliver()}

    def _find(self, dedup_key, number):
        for alert in reversed(self._open.values()):
            if dedup_key in (None, alert.dedup_key) and (number is None or int(number) == alert.number):
                return alert
        return None

    async def _deliver(self):
        webhook = self._last_webhook
        result = await self.call_back(webhook.url, webhook.body, webhook.headers)
        told = {"at": stamp(self.clock.now()), "alert": webhook.alert, "event_type": webhook.event_type}
        self.webhooks.append(told | result)
        return result

    def _webhook(self, alert, by):
        event = {
            "id": f"01{uuid.uuid4().hex[:24].upper()}",
            "event_type": f"incident.{alert.status}",
            "resource_type": "incident",
            "occurred_at": stamp(self.clock.now()),
            "agent": self._reference("user", f"PUSER{by.upper()}", by),
            "client": {"name": "PagerDuty"},
            "data": self._incident(alert, by),
        }
        body = json.dumps({"event": event}).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "PagerDuty-Webhook/V3.0",
            "X-Webhook-Id": str(uuid.uuid4()),
            "X-Webhook-Subscription": "PSANDBX",
            "X-PagerDuty-Signature": signatures.pagerduty(WEBHOOK_SECRET, body),
        }
        return f"{self.bot_url.rstrip('/')}/callbacks/pagerduty/webhook", body, headers

    def _incident(self, alert, by):
        assignee = self._reference("user", f"PUSER{by.upper()}", by)
        return {
            "id": alert.id,
            "type": "incident",
            "self": f"{self.base_url}/pagerduty/incidents/{alert.id}",
            "html_url": f"{self.base_url}/pagerduty/incidents/{alert.id}",
            "number": alert.number,
            "status": alert.status,
            "incident_key": alert.dedup_key,
            "created_at": alert.created_at,
            "title": alert.payload["summary"],
            "incident_type": {"name": "incident_default"},
            "service": self._reference("service", "PSERVIC", "Muster"),
            "assignees": [] if alert.status == "resolved" else [assignee],
            "escalation_policy": self._reference("escalation_policy", "PPOLICY", "Default"),
            "teams": [self._reference("team", "PTEAM01", "Engineering")],
            "priority": None,
            "urgency": "high",
            "conference_bridge": None,
            "resolve_reason": None,
        }

    def _reference(self, kind, identifier, summary):
        plural = "escalation_policies" if kind == "escalation_policy" else f"{kind}s"
        url = f"{self.base_url}/pagerduty/{plural}/{identifier}"
        return {"html_url": url, "id": identifier, "self": url, "summary": summary, "type": f"{kind}_reference"}


def _answer(status, short, message, headers=None, **more):
    return web.json_response({"status": short, "message": message, **more}, status=status, headers=headers)


def _invalid(errors):
    return _answer(400, "invalid event", "Event object is invalid", errors=errors)


async def _unknown(request):
    return _answer(404, "not found", f"Nothing is at {request.path}")


def _event(body: bytes) -> dict:
    if len(body) > MOST_BYTES:
        raise RefusedError(_invalid([f"Event is larger than {MOST_BYTES} bytes"]))
    try:
        event = json.loads(body)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        answer = _answer(400, "Unrecognized object", "Event object format is unrecognized", errors=["JSON parse error"])
        raise RefusedError(answer)
    return event


def _faults(event) -> list[str]:
    """Every reason for a 400, in PagerDuty's own manner."""
    errors = _key_faults(event)
    if event.get("event_action") not in EVENT_ACTIONS:
        return [*errors, f"'event_action' is missing or not one of {', '.join(EVENT_ACTIONS)}"]
    if event["event_action"] != "trigger":
        return errors if event.get("dedup_key") else [*errors, "'dedup_key' is missing or blank"]
    payload = event.get("payload")
    if not isinstance(payload, dict):
        return [*errors, "'payload' is missing or blank"]
    return errors + _payload_faults(payload) + _attachment_faults(event)


def _key_faults(event):
    errors = []
    key = event.get("routing_key")
    if not key or not isinstance(key, str):
        errors.append("'routing_key' is missing or blank")
    elif len(key) != len(INTEGRATION_KEY):
        errors.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    elif key not in (INTEGRATION_KEY, OTHER_INTEGRATION_KEY):
        errors.append("Invalid routing key")
    dedup_key = event.get("dedup_key", "")
    if not isinstance(dedup_key, str) or len(dedup_key) > LONGEST_KEY:
        errors.append(f"'dedup_key' is not a string of at most {LONGEST_KEY} characters")
    return errors


def _payload_faults(payload):
    errors = [
        f"'payload.{name}' is missing or blank"
        for name in ("summary", "source", "severity")
        if not payload.get(name) or not isinstance(payload[name], str)
    ]
    if len(str(payload.get("summary", ""))) > LONGEST_SUMMARY:
        errors.append(f"'payload.summary' is longer than {LONGEST_SUMMARY} characters")
    if payload.get("severity") and payload["severity"] not in SEVERITIES:
        errors.append(f"'payload.severity' is invalid (must be one of {', '.join(SEVERITIES)})")
    if not isinstance(payload.get("custom_details", {}), dict):
        errors.append("'payload.custom_details' is not an object")
    if "timestamp" in payload and not _is_moment(payload["timestamp"]):
        errors.append("'payload.timestamp' is not a valid ISO 8601 time")
    return errors


def _attachment_faults(event):
    links, images = event.get("links", []), event.get("images", [])
    errors = []
    if not _each_has(links, "href", ("http://", "https://")):
        errors.append("'links' is not a list of objects with an 'href'")
    if not _each_has(images, "src", ("https://",)):
        errors.append("'images' is not a list of objects with an https 'src'")
    return errors


def _each_has(items, name, starts):
    return isinstance(items, list) and all(
        isinstance(item, dict) and str(item.get(name, "")).startswith(starts) for item in items
    )


def _is_moment(text) -> bool:
    try:
        datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return True
