"""When a ring that did not get through is replaced."""

from datetime import UTC, datetime, timedelta

import pytest

from domain import fallback, pace, paging
from domain.incidents import Incident
from domain.paging import Step
from domain.policy import Policy
from domain.record import Owed, Record
from domain.settings import Settings

DECLARED = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ALARM = {"label": "critical", "means": "all is down", "acknowledge_within": "5m", "page": True, "call_after": "2m"}


@pytest.fixture
def policy():
    return Policy(
        Settings.model_validate(
            {
                "severities": {"SEV-1": ALARM},
                "people": {"ana": {"name": "Ana", "slack": "U0001", "phone": "+15550000001"}},
                "escalation_policies": {"default": {"levels": [{"people": ["ana"]}]}},
            }
        )
    )


def waiting(lane: str, kind: str, due_at: datetime) -> Record:
    row = Owed(7, 1, lane, kind, "ana", due_at, due_at, data={"level": 0, "round": 1})
    return Record(Incident("db down", "SEV-1", "U0001", DECLARED, number=1), "muster-1a2b3c4d-1", owed=(row,))


def test_a_page_that_waits_for_a_minute_is_replaced_by_the_next_means(policy):
    record = waiting("pagerduty", "page", DECLARED)
    decision = fallback.page_overdue(record, policy, Step(0), DECLARED + policy.fallback_after - pace.CLAIM_MARGIN)
    assert [effect.kind for effect in decision.effects if effect.lane == paging.MESSAGES] == ["page"]


def test_a_call_of_this_moment_is_not_replaced_because_an_earlier_page_was_due_to_be_looked_at(policy):
    after_a_gap = DECLARED + timedelta(minutes=2)
    record = waiting("twilio", "call", after_a_gap)
    decision = fallback.page_overdue(record, policy, Step(0), after_a_gap + timedelta(milliseconds=20))
    assert decision.effects == ()
    assert decision.entries == ()
