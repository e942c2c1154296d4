"""PagerDuty on localhost: Events API v2 and REST in, signed v3 webhooks out. It pages nobody."""

import uuid

from aiohttp import web

from sandbox.vendors import pagerduty_events as events
from sandbox.vendors import words
from sandbox.vendors.base import RefusedError, Vendor, impossible
from sandbox.vendors.pagerduty_account import (
    EVENTS,
    INTEGRATION_KEY,
    MUSTER,
    PRIORITIES,
    USERS,
    Account,
    email,
)
from sandbox.vendors.pagerduty_rest import API_KEY, Rest
from sandbox.vendors.pagerduty_webhooks import WEBHOOK_SECRET, Webhooks


class PagerDuty(Vendor):
    """The events that came in, the alerts they made, and the people who answer them.

    `rest`: whether the bot is given a key for the REST API. `echoes`: whether what the bot did by the API comes back
    to it as a webhook too, as it does from PagerDuty.
    """

    name = "pagerduty"
    title = "PagerDuty"

    def __init__(self, clock, post):
        super().__init__(clock, post)
        self.rest = True
        self.echoes = False
        self.account = Account(clock)
        self.webhooks = Webhooks(self, self.account)
        self.events: list[dict] = []
        self._rest = Rest(self, self.account)
        self.actions = {
            "acknowledge": self.acknowledge, "resolve": self.resolve, "unacknowledge": self.unacknowledge,
            "escalate": self.escalate, "reassign": self.reassign, "annotate": self.annotate,
            "prioritize": self.prioritize, "add_responder": self.add_responder, "reply": self.reply,
            "ping": self.ping, "redeliver": self.redeliver, "change_secret": self.change_secret,
            "put_on_call": self.put_on_call,
        }  # fmt: skip

    def routes(self):
        return [
            web.post("/pagerduty/v2/enqueue", self.door(self._enqueue)),
            web.route("*", "/pagerduty/v2/{tail:.*}", self.door(_unknown)),
            *self._rest.routes(),
        ]

    def environment(self, base_url):
        self.base_url = self.account.base_url = base_url
        rest = {
            "PAGERDUTY_API_KEY": API_KEY,
            "PAGERDUTY_API_URL": f"{base_url}/pagerduty",
            "PAGERDUTY_FROM_EMAIL": email(MUSTER),
        }
        return {
            "PAGERDUTY_INTEGRATION_KEY": INTEGRATION_KEY,
            "PAGERDUTY_EVENTS_URL": f"{base_url}/pagerduty",
            "PAGERDUTY_WEBHOOK_SECRET": WEBHOOK_SECRET,
        } | (rest if self.rest else {})

    def state(self):
        alerts = [alert.to_state() for alert in self.account.alerts]
        return {"alerts": alerts, "events": self.events, "webhooks": self.webhooks.sent}

    def story(self):
        return words.pagerduty(self.state())

    def offers(self):
        again = [words.action("Send the last webhook again", "redeliver")] if self.webhooks.last else []
        return [words.action("Send a test event", "ping"), *again]

    def authenticate(self, request):
        if not request.path.startswith("/pagerduty/v2/"):  # an event's key is a field like any other
            self._rest.authenticate(request)

    def refusal(self, kind, retry_after=None, path=""):
        if path and not path.startswith("/pagerduty/v2/"):
            return self._rest.refusal(kind, retry_after)
        if kind == "ratelimit":
            headers = {"Retry-After": str(retry_after)} if retry_after is not None else None
            return events.answer(429, "throttle exceeded", "Too many events for this integration key", headers=headers)
        if kind == "refuse_token":
            return events.invalid(["Invalid routing key"])
        return events.answer(500, "internal error", "Internal Server Error")

    # Events API v2

    async def _enqueue(self, request):
        event = events.read(await request.read())
        errors = events.faults(event)
        if errors:
            raise RefusedError(events.invalid(errors))
        action = event["event_action"]
        self.complain_of_unknown(f"{action} event", event, events.TOP_FIELDS[action])
        self.complain_of_unknown("payload", event.get("payload", {}), events.PAYLOAD_FIELDS)
        key = event.get("dedup_key") or uuid.uuid4().hex
        self._take(action, event["routing_key"], key, event.get("payload"))
        return events.answer(202, "success", "Event processed", dedup_key=key)

    def _take(self, action, routing_key, key, payload):
        account = self.account
        alert = account.open.get((routing_key, key))
        if action == "trigger":
            effect = account.join(alert, payload) if alert else "triggered"
            alert = alert or account.create(routing_key, key, payload)
        elif alert is None:
            effect = "dropped"
        else:
            effect = account.move(alert, action, by=EVENTS)
        number = alert.number if alert else None
        self.events.append({
            "at": account.now(), "action": action, "dedup_key": key, "effect": effect, "alert": number,
        })  # fmt: skip
        if effect in ("triggered", "acknowledged", "resolved"):
            self.echo(effect, alert, EVENTS)

    def echo(self, event_type, alert, by) -> None:
        """What the bot itself did, told back to it."""
        if self.echoes:
            self.soon(self.webhooks.incident(event_type, alert, by))

    # what people do

    async def acknowledge(self, dedup_key=None, number=None, by="Ana"):
        """Somebody takes the alert in PagerDuty's own app; without a name for it, the newest open one."""
        return await self._moved("acknowledge", dedup_key, number, by)

    async def resolve(self, dedup_key=None, number=None, by="Ana"):
        return await self._moved("resolve", dedup_key, number, by)

    async def unacknowledge(self, dedup_key=None, number=None, by=None):
        """Nobody has it any more: the time of an acknowledgement ran out (by nobody), or somebody gave it back."""
        alert = self.account.find_open(dedup_key, number)
        if alert is not None and alert.status != "acknowledged":
            return impossible(f"alert {alert.number} is not acknowledged")
        return await self._moved("unacknowledge", dedup_key, number, by)

    async def escalate(self, dedup_key=None, number=None, by="Ana"):
        """To the next level of its policy."""
        return await self._done("escalated", dedup_key, number, by, lambda alert: self.account.escalate(alert, by))

    async def reassign(self, to, dedup_key=None, number=None, by="Ana"):
        user = self.account.user_of(to)
        if user is None:
            return _no_user(to)
        return await self._done(
            "reassigned", dedup_key, number, by, lambda alert: self.account.reassign(alert, [user], by)
        )

    async def prioritize(self, priority="P1", dedup_key=None, number=None, by="Ana"):
        identifier = next((each for each, name in PRIORITIES.items() if name == priority), None)
        if identifier is None:
            return impossible(f"there is no priority {priority}; there are {', '.join(PRIORITIES.values())}")

        def change(alert):
            alert.priority = identifier
            self.account.note(alert, f"priority {priority} given", by)

        return await self._done("priority_updated", dedup_key, number, by, change)

    async def annotate(self, content, dedup_key=None, number=None, by="Ana"):
        """A note on the incident."""
        alert = self.account.find_open(dedup_key, number)
        if alert is None:
            return _no_alert()
        data = self.webhooks.note(alert, self.account.annotate(alert, content, by))
        return await self._told(alert, "annotated", data, by)

    async def add_responder(self, to, dedup_key=None, number=None, by="Ana", message="Please help"):
        alert, user = self.account.find_open(dedup_key, number), self.account.user_of(to)
        if alert is None or user is None:
            return _no_alert() if alert is None else _no_user(to)
        responder = {"user": user, "state": "pending", "message": message}
        alert.responders.append(responder)
        self.account.note(alert, f"{USERS[user]} asked to help", by)
        return await self._told(alert, "responder.added", self.webhooks.responder(alert, responder), by)

    async def reply(self, by, dedup_key=None, number=None, accepts=True):
        """Who was asked to help accepts or declines."""
        alert, user = self.account.find_open(dedup_key, number), self.account.user_of(by)
        asked = [each for each in alert.responders if each["user"] == user] if alert else []
        if not asked:
            return impossible(f"{by} was not asked to help")
        asked[-1]["state"] = "accepted" if accepts else "declined"
        self.account.note(alert, f"request to help {asked[-1]['state']}", by)
        return await self._told(alert, "responder.replied", self.webhooks.responder(alert, asked[-1]), by)

    async def ping(self):
        """ "Send Test Event" on the page of the webhook subscription."""
        data = {"message": "Hello from your friend Pagey!", "type": "ping"}
        return {"ok": True, "webhook": await self.webhooks.send("pagey.ping", data)}

    async def redeliver(self):
        """The last webhook once more, byte for byte: PagerDuty delivers at least once."""
        if self.webhooks.last is None:
            return impossible("no webhook was sent yet")
        return {"ok": True, "webhook": await self.webhooks.deliver()}

    async def change_secret(self, secret=None):
        """From now on each webhook is signed with a new secret and the old one; again without one: the old alone."""
        self.webhooks.secrets = [secret, WEBHOOK_SECRET] if secret else [WEBHOOK_SECRET]
        return {"ok": True}

    async def put_on_call(self, who, schedule="PSCHED1"):
        """`who` is a list of names that take turns, the first of them now; empty: nobody is on call."""
        users = [self.account.user_of(name) for name in who]
        if None in users or schedule not in self.account.schedules:
            return impossible("there is no such person or schedule")
        self.account.put_on_call(schedule, users)
        return {"ok": True}

    async def _moved(self, action, dedup_key, number, by):
        alert = self.account.find_open(dedup_key, number)
        if alert is None:
            return _no_alert()
        status = self.account.move(alert, action, by)
        if status == "unchanged":
            return impossible(f"alert {alert.number} is already acknowledged")
        event_type = "unacknowledged" if action == "unacknowledge" else status
        return await self._told(alert, event_type, self.webhooks.data(alert), by)

    async def _done(self, event_type, dedup_key, number, by, change):
        alert = self.account.find_open(dedup_key, number)
        if alert is None:
            return _no_alert()
        change(alert)
        return await self._told(alert, event_type, self.webhooks.data(alert), by)

    async def _told(self, alert, event_type, data, by):
        webhook = await self.webhooks.send(f"incident.{event_type}", data, by, alert)
        return {"ok": True, "alert": alert.to_state(), "webhook": webhook}


def _no_alert():
    return impossible("there is no such open alert")


def _no_user(name):
    return impossible(f"{name} is no user here; there are {', '.join(USERS.values())}")


async def _unknown(request):
    return events.answer(404, "not found", f"Nothing is at {request.path}")
