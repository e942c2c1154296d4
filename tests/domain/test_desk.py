"""What a person's Home tab knows: their shifts as the schedules have them, and what is due from whoever leads."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.decision import Timer
from domain.desk import AHEAD, due, is_theirs, turns
from domain.incidents import RESOLVED, Incident
from domain.overrides import Override
from domain.rotations import Shift
from domain.schedules import Layer, Schedule, rotas
from tests.policies import policy

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOW = MONDAY + timedelta(days=2)
WEEK = timedelta(weeks=1)
ROTAS = rotas(
    {
        "primary": Schedule(id="primary", layers=(Layer(people=("ana", "ben"), starts=MONDAY.date()),)),
        "always": Schedule(id="always", layers=(Layer(people=("ana",)),)),
    },
    "UTC",
).values()
OPEN = Incident("db down", "SEV-1", "U0001", NOW, 42, commander="U0002", sla_due_at=NOW + timedelta(minutes=5))
OVER = replace(OPEN, number=41, status=RESOLVED, resolved_at=NOW)


def test_a_turn_lasts_until_the_hand_over_and_names_the_next_one():
    primary, always = turns("ana", ROTAS, (), NOW)
    assert primary.now == Shift("ana", None, MONDAY + WEEK)
    assert primary.following == Shift("ana", MONDAY + 2 * WEEK, MONDAY + 3 * WEEK)
    assert (always.now, always.following) == (Shift("ana", None, None), None)


def test_whoever_is_not_on_call_reads_when_they_are_next():
    [primary] = turns("ben", ROTAS, (), NOW)
    assert (primary.now, primary.following) == (None, Shift("ben", MONDAY + WEEK, MONDAY + 2 * WEEK))
    assert turns("chris", ROTAS, (), NOW) == ()


def test_who_stands_in_is_on_call_and_who_is_relieved_is_not():
    standing_in = Override("primary", "chris", NOW - timedelta(hours=1), NOW + timedelta(hours=3), "U0001", 1)
    [chris] = turns("chris", ROTAS, (standing_in,), NOW)
    assert chris.now == Shift("chris", None, NOW + timedelta(hours=3))
    assert turns("ana", ROTAS, (standing_in,), NOW)[0].now is None


def test_a_shift_behind_the_horizon_is_none():
    far = Override("primary", "chris", NOW + AHEAD, NOW + AHEAD + WEEK, "U0001", 1)
    assert turns("chris", ROTAS, (far,), NOW) == ()


def test_what_is_due_is_due_from_whoever_leads_the_soonest_first():
    timers = {42: [Timer("internal_update_due", NOW + timedelta(minutes=1)), Timer("notice", NOW)]}
    found = due("U0002", [OPEN], [OVER, replace(OVER, severity="SEV-4")], timers, policy())
    assert [(each.incident.number, each.what, each.at) for each in found] == [
        (42, "internal_update_due", NOW + timedelta(minutes=1)),
        (42, "acknowledge", OPEN.sla_due_at),
        (41, "postmortem", None),
    ]
    assert due("U0001", [OPEN], [OVER], timers, policy()) == ()


def test_once_acknowledged_nothing_waits_for_it():
    assert due("U0002", [replace(OPEN, acknowledged_at=NOW, acknowledged_by="U0003")], [], {}, policy()) == ()


def test_an_incident_is_theirs_who_declared_lead_or_answered_it():
    taken = replace(OPEN, acknowledged_by="U0003")
    assert [is_theirs(taken, who) for who in ("U0001", "U0002", "U0003", "U0004")] == [True, True, True, False]
