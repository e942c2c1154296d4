"""What an Opsgenie account holds: alerts, what became of each request, who is on call. No HTTP.

A request is only ever accepted; whether it worked is told by its status, which is not there for a moment. Not known
from any document, and decided here: an acknowledgement of what is acknowledged succeeds and changes nothing, and an
alias reaches the open alert, or for reading the newest closed one.
"""

import re
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from uuid import uuid4

from sandbox.vendors.base import stamp
from sandbox.vendors.rotation import Rotation, last_monday

USERS = {name: f"{name.lower()}@example.com" for name in ("Ana", "Ben", "Chris")}
TEAM_ID, ESCALATION_ID = "5a4db0c5-0000-4000-8000-0000000000e1", "5a4db0c5-0000-4000-8000-0000000000e2"
SCHEDULES = {"5a4db0c5-0000-4000-8000-0000000000e3": "Primary", "5a4db0c5-0000-4000-8000-0000000000e4": "Secondary"}
RESPONDERS = {
    "team": {TEAM_ID: "Engineering"},
    "escalation": {ESCALATION_ID: "Engineering_escalation"},
    "schedule": SCHEDULES,
    "user": {f"5a4db0c5-0000-4000-8000-0000000001e{n}": address for n, address in enumerate(USERS.values(), 1)},
}
INTEGRATION = {"id": "5a4db0c5-0000-4000-8000-0000000000ff", "name": "Muster", "type": "API"}
CONDITION = re.compile(r'(\w+)\s*(:|>=|<=|>|<)\s*("[^"]*"|\S+)')
SEARCHED = ("status", "alias", "acknowledged", "message", "tag", "priority", "tinyId", "owner", "createdAt", "count")


class UnreadableError(Exception):
    """A search that is not understood."""


class Account:
    """The rules of alerts. Every change is a method that returns the words of the request's status."""

    def __init__(self, clock):
        self._clock = clock
        self.alerts: list[dict] = []
        self.requests: dict[str, dict] = {}
        self.looks = 1  # how often the status of a request is asked for in vain
        began = last_monday(clock.now())
        self.rotations = {
            "Primary": Rotation((USERS["Ana"], USERS["Ben"]), began),
            "Secondary": Rotation((USERS["Ben"], USERS["Chris"]), began),
        }

    def now(self) -> str:
        return stamp(self._clock.now())

    # requests

    def accept(self, action, alert, outcome, success=True) -> str:
        """Notes what a request came to; its id."""
        request = str(uuid4())
        known = alert if success else None
        self.requests[request] = {
            "success": success, "action": action, "processedAt": self.now(), "integrationId": INTEGRATION["id"],
            "isSuccess": success, "status": outcome, "alertId": known["id"] if known else "",
            "alias": known["alias"] if known else "", "looks": self.looks,
        }  # fmt: skip
        return request

    def status(self, request) -> dict | None:
        """What became of it; None while that is not known, and for a request that never was."""
        held = self.requests.get(request)
        if held is None:
            return None
        held["looks"] -= 1
        return None if held["looks"] >= 0 else {name: value for name, value in held.items() if name != "looks"}

    # alerts

    def create(self, given) -> tuple[dict | None, str]:
        """The alert (None: it failed) and the words of the status. The alias of an open alert joins it."""
        unknown = [each for each in given.get("responders", ()) if not _known(each)]
        if unknown:
            return None, f"No responder is known as {_named(unknown[0])}"
        alert = self.open_by_alias(given.get("alias"))
        if alert is not None:
            alert.update(count=alert["count"] + 1, lastOccurredAt=self.now(), updatedAt=self.now())
            self._log(alert, f"Alert count is now {alert['count']}", given.get("user"))
            return alert, "Alert count is increased"
        alert = self._new(given)
        self.alerts.append(alert)
        self._log(alert, "Alert created", given.get("user"))
        if given.get("note"):
            self.add_note(alert, given["note"], given.get("user"))
        return alert, "Created alert"

    def _new(self, given) -> dict:
        identifier, now = str(uuid4()), self.now()
        return {
            "id": identifier, "tinyId": str(len(self.alerts) + 1), "alias": given.get("alias") or identifier,
            "message": given["message"], "status": "open", "acknowledged": False, "isSeen": False,
            "tags": given.get("tags", []), "snoozed": False, "count": 1, "lastOccurredAt": now, "createdAt": now,
            "updatedAt": now, "source": given.get("source", "127.0.0.1"), "owner": "",
            "priority": given.get("priority", "P3"), "responders": [_responder(e) for e in given.get("responders", ())],
            "integration": INTEGRATION, "report": {}, "actions": given.get("actions", []),
            "entity": given.get("entity", ""), "description": given.get("description", ""),
            "details": given.get("details", {}), "notes": [], "log": [],
        }  # fmt: skip

    def acknowledge(self, alert, by) -> str:
        if not alert["acknowledged"]:
            alert.update(acknowledged=True, isSeen=True, owner=by or alert["owner"], snoozed=False)
            alert["report"] |= {"ackTime": self._since(alert), "acknowledgedBy": by or INTEGRATION["name"]}
            self._log(alert, "Alert acknowledged", by)
        return "Acknowledged alert"

    def unacknowledge(self, alert, by) -> str:
        alert.update(acknowledged=False)
        self._log(alert, "Alert unacknowledged", by)
        return "Unacknowledged alert"

    def close(self, alert, by) -> str:
        alert.update(status="closed", snoozed=False)
        alert["report"] |= {"closeTime": self._since(alert), "closedBy": by or INTEGRATION["name"]}
        self._log(alert, "Alert closed", by)
        return "Closed alert"

    def snooze(self, alert, until, by) -> str:
        alert.update(snoozed=True, snoozedUntil=until)
        self._log(alert, f"Alert snoozed until {until}", by)
        return "Snoozed alert"

    def add_note(self, alert, text, by) -> str:
        alert["notes"].append({"note": text, "owner": by or INTEGRATION["name"], "createdAt": self.now()})
        self._log(alert, f"Note: {text}", by)
        return "Added note to alert"

    def _log(self, alert, text, by):
        alert["updatedAt"] = self.now()
        alert["log"].append({"at": self.now(), "text": text, "by": by or INTEGRATION["name"]})

    def _since(self, alert) -> int:
        """Milliseconds since the alert was made."""
        created = datetime.fromisoformat(alert["createdAt"])
        return int((self._clock.now() - created).total_seconds() * 1000)

    # finding

    def open_by_alias(self, alias) -> dict | None:
        mine = (each for each in reversed(self.alerts) if each["status"] == "open" and each["alias"] == alias)
        return next(mine, None) if alias else None

    def find(self, identifier, kind="id") -> dict | None:
        """By `id`, `tiny` or `alias`."""
        if kind == "alias" and (alert := self.open_by_alias(identifier)):
            return alert
        name = {"id": "id", "tiny": "tinyId", "alias": "alias"}[kind]
        return next((each for each in reversed(self.alerts) if each[name] == identifier), None)

    def search(self, query) -> list[dict]:
        """Conditions joined by AND. UnreadableError: anything else."""
        conditions = CONDITION.findall(query)
        rest = re.sub(r"\b(AND|and)\b", "", CONDITION.sub("", query)).strip()
        unknown = [name for name, _sign, _value in conditions if name not in SEARCHED]
        if rest or unknown:
            raise UnreadableError(rest or ", ".join(unknown))
        return [alert for alert in self.alerts if all(_matches(alert, *each) for each in conditions)]

    # schedules

    def schedule(self, identifier, kind="id") -> tuple[str, str] | None:
        """(id, name) of a schedule, found by `id` or `name`."""
        return next((each for each in SCHEDULES.items() if identifier == each[kind == "name"]), None)

    def on_call(self, name, at) -> list[str]:
        return [person for _start, _end, person in self.rotations[name].shifts(at, at)]

    def next_on_call(self, name, at) -> list[str]:
        """Who takes over at the end of the shift."""
        return [
            self.on_call(name, end)[0]
            for _start, end, _person in self.rotations[name].shifts(at, at)
        ]  # fmt: skip

    def put_on_call(self, name, people) -> None:
        self.rotations[name].put([USERS[each] for each in people], self._clock.now())


def _known(responder) -> bool:
    known = RESPONDERS[responder["type"]]
    return bool({responder.get(name) for name in ("id", "name", "username")} & {*known, *known.values()})


def _named(responder) -> str:
    return responder.get("name") or responder.get("username") or responder.get("id")


def _responder(responder) -> dict:
    known = RESPONDERS[responder["type"]]
    names = {responder.get("id"), responder.get("name"), responder.get("username")}
    return {"type": responder["type"], "id": next(id for id, name in known.items() if names & {id, name})}


def _matches(alert, name, sign, value) -> bool:
    value = value.strip('"')
    if name == "tag":
        return value in alert["tags"]
    held = alert[name]
    if isinstance(held, bool):
        return str(held).lower() == value.lower()
    if sign != ":":
        held = _milliseconds(held) if name == "createdAt" else held
        return {">": held > int(value), "<": held < int(value), ">=": held >= int(value), "<=": held <= int(value)}[
            sign
        ]
    if name == "message":
        return value.lower() in held.lower()
    return fnmatchcase(str(held), value)


def _milliseconds(text) -> int:
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp() * 1000)
