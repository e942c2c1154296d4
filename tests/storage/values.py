"""Invented incidents for the tests of storage. Every function runs inside Store.transact."""

from datetime import UTC, datetime, timedelta

from domain.decision import Decision, Effect
from domain.incidents import Incident
from storage import incidents, queue

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LEASE = timedelta(seconds=20)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def incident(**changes) -> Incident:
    return Incident(**{"title": "db down", "severity": "SEV-1", "reporter": "U0001", "detected_at": NOW, **changes})


def declare(*effects: Effect, timers=(), now=NOW, **changes) -> int:
    """An incident with what it owes; its number."""
    return incidents.apply(Decision(incident(**changes), effects=effects, timers=tuple(timers)), now).number


def post(target: str = "room", **changes) -> Effect:
    return Effect(**{"lane": "slack", "kind": "post", "target": target, **changes})


def claim(lane: str = "slack", limit: int = 50, owner: str = "a", now=NOW, lease=LEASE, paused=()):
    return queue.claim(lane, limit, owner, now, lease, paused)


def claim_all(lane: str = "slack", owner: str = "a", now=NOW) -> list[int]:
    """The ids that are claimed."""
    return [owed.id for owed in claim(lane, owner=owner, now=now)]
