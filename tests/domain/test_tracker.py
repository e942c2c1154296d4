"""What people do to the issue in the tracker's app is said once for each time, and ends no incident."""

from datetime import timedelta

import pytest

from domain import decisions, tracker
from domain.decision import Entry
from domain.record import DELIVERED, Ref
from domain.tracker import CLOSED, REOPENED, News
from tests.domain.ledger import Ledger, said

ISSUE = "5a4db0c5-0000-4000-8000-000000000001"


@pytest.fixture
def ledger():
    """An incident whose issue is there, and to which nothing is owed."""
    ledger = Ledger()
    ledger.declare()
    ledger.know(Ref("issue", ISSUE, "plane", data={"key": "ROOSE-1"}))
    ledger.deliver()
    return ledger


def hear(ledger, what, issue=ISSUE, by="U0002", at=None):
    return ledger.apply(tracker.heard(ledger.record, News("plane", issue, what, by, at)))


def written(ledger):
    """A write of ours reaches the tracker."""
    ledger.deliver()
    kept = Entry("delivery", data={"kind": "refresh_issue", "lane": "plane", "state": DELIVERED})
    ledger.apply(decisions.Decision(ledger.record.incident, (kept,)))


def test_a_closed_issue_is_said_and_the_incident_goes_on(ledger):
    decision = hear(ledger, CLOSED)
    assert said(decision) == ["tracker_closed"]
    assert ledger.record.incident.status == "investigating"
    [line] = ledger.record.entries("tracker")
    assert (line.author, line.data["step"], line.data["key"]) == ("U0002", "closed", "ROOSE-1")


def test_only_what_changes_is_said(ledger):
    assert said(hear(ledger, REOPENED)) == []
    assert [said(hear(ledger, what)) for what in (CLOSED, CLOSED, REOPENED, REOPENED, CLOSED)] == [
        ["tracker_closed"], [], ["tracker_reopened"], [], ["tracker_closed"],
    ]  # fmt: skip


def test_what_the_tracker_tells_of_our_own_writes_is_not_said(ledger):
    hear(ledger, CLOSED)
    ledger.do(decisions.update, "U0001", "looking")
    assert said(hear(ledger, REOPENED)) == []
    written(ledger)
    assert said(hear(ledger, REOPENED)) == []
    assert said(hear(ledger, CLOSED)) == ["tracker_closed"]


def test_what_the_tracker_tells_late_of_before_our_last_write_is_not_said(ledger):
    ledger.know(tracker.written(ledger.record.ref("issue", "plane"), "2026-11-20T03:06:00.25Z"))
    written(ledger)
    wrote = tracker.moment("2026-11-20T03:06:00.250000+00:00")
    assert said(hear(ledger, CLOSED, at=wrote - timedelta(seconds=2))) == []
    assert said(hear(ledger, CLOSED, at=wrote)) == []
    assert said(hear(ledger, CLOSED, at=wrote + timedelta(seconds=1))) == ["tracker_closed"]
    assert said(hear(ledger, REOPENED, at=wrote)) == []
    assert ledger.record.ref("issue", "plane").data["key"] == "ROOSE-1"


@pytest.mark.parametrize("told", [None, "", 7, "yesterday", "2026-11-20", "2026-11-20T03:06:00"])
def test_a_time_that_is_none_is_no_reason_to_keep_silent(ledger, told):
    assert tracker.moment(told) is None
    ledger.know(tracker.written(ledger.record.ref("issue", "plane"), told))
    assert said(hear(ledger, CLOSED, at=ledger.now)) == ["tracker_closed"]


def test_nothing_is_said_of_another_issue_or_once_the_incident_is_over(ledger):
    assert said(hear(ledger, CLOSED, issue="another")) == []
    ledger.do(decisions.resolve, "U0001", "restarted")
    ledger.deliver()
    assert said(hear(ledger, CLOSED)) == []
    ledger.now += timedelta(hours=1)
    assert said(hear(ledger, REOPENED)) == []
