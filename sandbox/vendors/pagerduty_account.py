"""What a PagerDuty account holds: alerts with their incidents, people, schedules, who is on call. No HTTP."""

import uuid
from dataclasses import asdict, dataclass, field

from sandbox.vendors.base import stamp
from sandbox.vendors.rotation import Rotation, last_monday

INTEGRATION_KEY = "5a4db0c5000000000000000000000001"
OTHER_INTEGRATION_KEY = "5a4db0c5000000000000000000000002"  # another service of the same account: its own alerts
EVENTS = "Events API"
SERVICES = {"PSERVIC": "Muster", "PSERVI2": "Elsewhere"}
INTEGRATIONS = {INTEGRATION_KEY: "PSERVIC", OTHER_INTEGRATION_KEY: "PSERVI2"}
SCHEDULES = {"PSCHED1": "Primary", "PSCHED2": "Secondary"}
PRIORITIES = {"PPRIO01": "P1", "PPRIO02": "P2", "PPRIO03": "P3"}
TEAM = ("PTEAM01", "Engineering")
ANA, BEN, CHRIS, MUSTER = "PUSERANA", "PUSERBEN", "PUSERCHRIS", "PUSERMUSTER"
USERS = {ANA: "Ana", BEN: "Ben", CHRIS: "Chris", MUSTER: "Muster"}
POLICIES = {
    "PPOLICY": ("Default", (("PSCHED1",), ("PSCHED2",), (CHRIS,))),
    "PPOLIC2": ("Database", ((BEN,),)),
}


@dataclass
class Alert:
    """One alert and the incident that PagerDuty opens for it. Times are ISO 8601; people are user ids."""

    number: int
    routing_key: str
    dedup_key: str
    created_at: str
    payload: dict
    status: str = "triggered"
    triggers: int = 1
    history: list[dict] = field(default_factory=list)
    updated_at: str = ""
    policy: str = "PPOLICY"
    level: int = 1
    assignees: list[str] = field(default_factory=list)
    acknowledgements: list[dict] = field(default_factory=list)
    notes: list[dict] = field(default_factory=list)
    responders: list[dict] = field(default_factory=list)
    priority: str | None = None
    urgency: str = "high"

    @property
    def id(self) -> str:
        return f"P{self.number:06X}"

    @property
    def title(self) -> str:
        return self.payload["summary"]

    @property
    def service(self) -> str:
        return INTEGRATIONS[self.routing_key]

    def to_state(self) -> dict:
        return asdict(self) | {"id": self.id}


class Account:
    """The rules of alerts: what joins, what moves, what is dropped; and who is on call when."""

    def __init__(self, clock):
        self._clock = clock
        self.base_url = ""
        self.alerts: list[Alert] = []
        self.open: dict[tuple[str, str], Alert] = {}
        began = last_monday(clock.now())
        self.schedules = {"PSCHED1": Rotation((ANA, BEN), began), "PSCHED2": Rotation((BEN, CHRIS), began)}

    def now(self) -> str:
        return stamp(self._clock.now())

    # alerts

    def create(self, routing_key, key, payload, by=EVENTS) -> Alert:
        number = len(self.alerts) + 1
        alert = Alert(number, routing_key, key, self.now(), payload, assignees=self.answering("PPOLICY", 1))
        self.alerts.append(alert)
        self.open[routing_key, key] = alert
        self.note(alert, "triggered", by)
        return alert

    def join(self, alert, payload) -> str:
        alert.triggers += 1
        alert.payload = payload
        return "joined"

    def move(self, alert, action, by) -> str:
        """Acknowledged stays acknowledged; resolved leaves the open alerts, so the next trigger makes a new one."""
        if action == "resolve":
            alert.status = "resolved"
            del self.open[alert.routing_key, alert.dedup_key]
        elif action == "unacknowledge":
            alert.status, alert.acknowledgements = "triggered", []
        elif alert.status == "acknowledged":
            return "unchanged"
        else:
            alert.status = "acknowledged"
            alert.acknowledgements.append({"at": self.now(), "by": by})
        self.note(alert, "unacknowledged" if action == "unacknowledge" else alert.status, by)
        return alert.status

    def escalate(self, alert, by, level=None) -> None:
        """To the next level, or the one named; who answers there has it now, and it is triggered again."""
        alert.level = level or min(alert.level + 1, len(POLICIES[alert.policy][1]))
        alert.assignees, alert.status = self.answering(alert.policy, alert.level), "triggered"
        self.note(alert, f"escalated to level {alert.level}, {self.names(alert.assignees)},", by)

    def reassign(self, alert, users, by) -> None:
        alert.assignees, alert.status = list(users), "triggered"
        self.note(alert, f"reassigned to {self.names(users)}", by)

    def annotate(self, alert, content, by) -> dict:
        note = {"id": f"P{uuid.uuid4().hex[:6].upper()}", "content": content, "by": by, "at": self.now()}
        alert.notes.append(note)
        self.note(alert, f"note “{content}”", by)
        return note

    def note(self, alert, what, by) -> None:
        alert.updated_at = self.now()
        alert.history.append({"at": alert.updated_at, "what": what, "by": by})

    def find_open(self, dedup_key=None, number=None) -> Alert | None:
        """The newest open alert, or that of the key or the number."""
        for alert in reversed(self.open.values()):
            if dedup_key in (None, alert.dedup_key) and (number is None or int(number) == alert.number):
                return alert
        return None

    # people

    def user_of(self, name) -> str | None:
        """The id of a user by first name or e-mail address."""
        known = {user: (first.lower(), email(user)) for user, first in USERS.items()}
        return next((user for user, names in known.items() if str(name).lower() in names), None)

    def names(self, users) -> str:
        return ", ".join(USERS[user] for user in users) or "nobody"

    def answering(self, policy, level) -> list[str]:
        now = self._clock.now()
        entries = self.on_calls(now, now)
        who = [
            user
            for entry in entries
            if entry["policy"] == policy and entry["level"] == level
            for user in (entry["user"],)
        ]
        return list(dict.fromkeys(who))

    def on_calls(self, since, until) -> list[dict]:
        """Each stretch on call that touches the time; without a schedule it has no start and no end."""
        return [
            {"policy": policy, "level": level, "schedule": schedule, "user": user, "start": start, "end": end}
            for policy, (_name, levels) in POLICIES.items()
            for level, targets in enumerate(levels, 1)
            for target in targets
            for schedule, user, start, end in self._target(target, since, until)
        ]

    def _target(self, target, since, until):
        if target not in self.schedules:
            return [(None, target, None, None)]
        return [(target, user, start, end) for start, end, user in self.schedules[target].shifts(since, until)]

    def put_on_call(self, schedule, users) -> None:
        """From now on these take turns, the first of them now; none of them: nobody is on call."""
        self.schedules[schedule].put(users, self._clock.now())

    # references

    def reference(self, kind, identifier, summary) -> dict:
        plural = "escalation_policies" if kind == "escalation_policy" else f"{kind}s"
        url = f"{self.base_url}/pagerduty/{plural}/{identifier}"
        return {"html_url": url, "id": identifier, "self": url, "summary": summary, "type": f"{kind}_reference"}

    def user(self, identifier) -> dict:
        return self.reference("user", identifier, USERS[identifier])

    def policy(self, identifier) -> dict:
        return self.reference("escalation_policy", identifier, POLICIES[identifier][0])

    def service(self, identifier) -> dict:
        return self.reference("service", identifier, SERVICES[identifier])

    def schedule(self, identifier) -> dict:
        return self.reference("schedule", identifier, SCHEDULES[identifier])

    def incident(self, alert) -> dict:
        return self.reference("incident", alert.id, alert.title)

    def agent(self, by) -> dict | None:
        """Who did it, for a webhook: nobody where a machine did."""
        user = self.user_of(by)
        if user is not None:
            return self.user(user)
        return None if by in (EVENTS, None) else self.reference("user", f"PUSER{str(by).upper()}", str(by))


def email(user) -> str:
    return f"{USERS[user].lower()}@example.com"
