"""Invented incidents in every state, for the tests of what people see."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.decision import Entry, Timer
from domain.incidents import Incident
from domain.record import DELIVERED, DROPPED, FAILED, Owed, Record, Ref

START = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
PEOPLE = {"ana": "U0001", "ben": "U0002", "chris": "U0003"}
RUNBOOKS = [("API", "http://127.0.0.1:9000/runbooks/api")]
SEVERITIES = [
    ("SEV-1", "critical", "complete outage, data loss, breach"),
    ("SEV-2", "high", "a major function is broken"),
]
SERVICES = [("api", "API"), ("web", "Web app")]
LOOK = {"badge": "🔴", "label": "critical", "people": PEOPLE}


def after(**span: float) -> datetime:
    return START + timedelta(**span)


def owed(number: int, lane: str, kind: str, **values: object) -> Owed:
    due = values.pop("due_at", START)
    return Owed(number, 42, lane, kind, str(values.pop("target", "")), due, due, **values)


def done(number: int, lane: str, kind: str, **values: object) -> Owed:
    sent = values.pop("sent_at", after(seconds=1))
    return owed(number, lane, kind, state=DELIVERED, attempts=1, sent_at=sent, **values)


DECLARED = Incident(
    "db down",
    "SEV-1",
    "U0001",
    START,
    number=42,
    description="Every write fails.",
    services=("api",),
    commander="U0001",
)
DECLARED_NEW = replace(DECLARED, number=0)
PAGE = done(1, "pagerduty", "page", vendor_id="muster-1a2b3c4d-42", result="accepted", target="1")
ROOM = Ref("channel", "C0042", data={"name": "inc-42-db-down"})
ISSUE = Ref("issue", "9f0c", "plane", "http://127.0.0.1:9000/issues/9f0c", {"key": "ROOSE-17"})
STATUS = Ref("status_incident", "p31zjtct2jer", "statuspage", "http://127.0.0.1:9000/status/p31zjtct2jer")

FRESH = Record(
    DECLARED,
    "muster-1a2b3c4d-42",
    timeline=(Entry("detected", "U0001", at=START, id=1),),
    owed=(
        owed(1, "pagerduty", "page", target="1"),
        owed(2, "slack", "create_room"),
        owed(3, "slack", "announce", after=2),
        owed(4, "plane", "create_issue"),
    ),
    timers=(
        Timer("phone_call", after(minutes=2)),
        Timer("acknowledge_timeout", after(minutes=5), {"people": ["U0002"]}),
    ),
)

TROUBLED = replace(
    FRESH,
    refs=(ROOM,),
    owed=(
        PAGE,
        done(2, "slack", "create_room"),
        owed(3, "slack", "announce", state=FAILED, attempts=1, error="the channel C0099 does not exist"),
        owed(4, "plane", "create_issue", attempts=3, error="Plane answered 503"),
        owed(5, "plane", "comment", after=4, data={"text": "x"}),
        owed(
            6, "twilio", "call", due_at=after(minutes=2), data={"person": "ana"}, attempts=1, error="no answer in 5 s"
        ),
    ),
)

ACKNOWLEDGED = replace(
    FRESH,
    incident=replace(
        DECLARED,
        acknowledged_at=after(minutes=3),
        acknowledged_by="U0002",
        acknowledged_means="phone",
        status="identified",
    ),
    timeline=(
        *FRESH.timeline,
        Entry("page", data={"people": ["ana"], "means": "pagerduty", "level": 1}, at=START, id=2),
        Entry("acknowledged", "U0002", {"means": "phone"}, at=after(minutes=3), id=3),
        Entry("update", "U0002", {"text": "a replica is promoted", "status": "identified"}, at=after(minutes=9), id=4),
    ),
    refs=(ROOM, ISSUE, STATUS, Ref("call", "CA01", "ana", data={"status": "no-answer"})),
    owed=(
        PAGE,
        done(2, "slack", "create_room"),
        done(3, "slack", "announce"),
        done(4, "plane", "create_issue"),
        done(
            6,
            "twilio",
            "call",
            due_at=after(minutes=2),
            sent_at=after(minutes=2, seconds=1),
            data={"person": "ana"},
            vendor_id="CA01",
            result="calling",
        ),
        owed(7, "twilio", "call", due_at=after(minutes=3), data={"person": "ben"}, state=DROPPED, error="acknowledged"),
    ),
    timers=(),
)

RESOLVED = replace(
    ACKNOWLEDGED,
    incident=replace(
        ACKNOWLEDGED.incident,
        status="resolved",
        resolved_at=after(minutes=65),
        resolution="the primary was restarted",
        root_cause="the disk was full",
    ),
    timeline=(
        *ACKNOWLEDGED.timeline,
        Entry("resolution", "U0002", {"text": "the primary was restarted"}, at=after(minutes=65), id=5),
    ),
    timers=(Timer("archive_channel", after(minutes=65, hours=24)),),
)

CLOSED = replace(
    RESOLVED,
    incident=replace(RESOLVED.incident, status="closed", closed_at=after(hours=5)),
    timeline=(*RESOLVED.timeline, Entry("status", "U0001", {"status": "closed"}, at=after(hours=5), id=6)),
)

STATES = {"fresh": FRESH, "troubled": TROUBLED, "acknowledged": ACKNOWLEDGED, "resolved": RESOLVED, "closed": CLOSED}
