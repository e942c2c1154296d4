"""The ladder at a moment: who is on a level, by what means, why nobody; and that what rings follows it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from domain import asking, decisions, paging
from domain.incidents import Incident
from domain.overrides import Override
from domain.policy import Hole, Policy
from domain.settings import Settings
from tests.domain.ledger import Ledger

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""When Ben takes over from Ana."""

SEVERITY = {"label": "x", "means": "x", "acknowledge_within": "5m", "page": True}
TWILIO = {"account_sid": "AC1", "auth_token": "x", "phone_number": "+15550009999"}


def person(number, name):
    return {"name": name.title(), "slack": f"U000{number}", "phone": f"+1555000000{number}"}


def rules(*levels, severities=None, services=None, policies=None, schedules=None):
    weekly = {"layers": [{"people": ["chris", "ana", "ben"], "starts": "2026-11-09"}]}
    office = {"layers": [{"people": ["dana"], "restrictions": [{"days": ["mon"], "begin": "09:00", "end": "17:00"}]}]}
    return Policy(
        Settings.model_validate(
            {
                "severities": severities or {"SEV-1": {**SEVERITY, "call_after": "2m"}, "SEV-2": SEVERITY},
                "services": services or {},
                "people": {name: person(n, name) for n, name in enumerate(("ana", "ben", "chris", "dana"), 1)},
                "schedules": {
                    "primary": weekly,
                    "office": office,
                    "second": {"follows": "primary"},
                    **(schedules or {}),
                },
                "escalation_policies": {"default": {"levels": levels}, **(policies or {})},
                "integrations": {"twilio": TWILIO},
            }
        )
    )


def level(minutes=None, **names):
    return {**names, **({"acknowledge_within": f"{minutes}m"} if minutes else {})}


def at(moment, *levels, overrides=(), severity="SEV-1", **more):
    policy = rules(*levels, **more)
    return policy.levels_at(Incident("", severity, "", moment), moment, overrides)


def names(level):
    return [person.id for person in level.people]


def ring_minutes(ledger):
    start = ledger.record.incident.detected_at
    rings = [each for each in ledger.record.owed if each.kind in paging.RINGS]
    return [((each.due_at - start) // MINUTE, each.kind, each.data["person"]) for each in rings]


def declared(policy, moment, overrides=(), severity="SEV-1", **more):
    """A ledger whose clock begins at the moment, with what stands in."""
    ledger = Ledger(policy)
    ledger.now = moment
    draft = Incident("db down", severity, "U0009", moment, **more)
    ledger.record = replace(Ledger.blank(draft), overrides=tuple(overrides))
    ledger.apply(decisions.declare(draft, policy, moment, overrides=overrides))
    return ledger


# who


def test_a_level_has_its_people_who_is_on_call_then_and_everybody_on_a_schedule_each_once():
    [found] = at(MONDAY - MINUTE, level(people=["ben"], schedules=["primary", "second"], everyone_on=["primary"]))
    assert names(found) == ["ben", "ana", "chris"]
    assert found.holes == ()


@pytest.mark.parametrize(("moment", "who"), [(MONDAY - MINUTE, "ana"), (MONDAY, "ben")])
def test_a_schedule_s_level_is_who_is_on_call_at_the_moment_that_is_asked_for(moment, who):
    assert names(at(moment, level(schedules=["primary"]))[0]) == [who]


def test_an_override_is_part_of_it():
    override = Override("primary", "dana", MONDAY, MONDAY + HOUR, id=1)
    assert names(at(MONDAY, level(schedules=["primary"]), overrides=[override])[0]) == ["dana"]
    assert names(at(MONDAY + HOUR, level(schedules=["primary"]), overrides=[override])[0]) == ["ben"]


def test_nobody_on_call_is_a_hole_and_an_empty_level_says_why():
    levels = (level(5, schedules=["office"]), level(5, schedules=["office", "primary"]), level(people=["ana"]))
    empty, half, whole = at(MONDAY - HOUR, *levels)
    assert (empty.empty, empty.holes) == (True, (Hole("on_call", "office"),))
    assert (names(half), half.holes) == (["ana"], (Hole("on_call", "office"),))
    assert (whole.empty, whole.holes) == (False, ())


@pytest.mark.parametrize(
    ("moment", "filled"),
    [(MONDAY, [True, False]), (MONDAY - MINUTE, [False, True]), (MONDAY + 8 * HOUR, [False, True])],
    ids=["at nine", "before nine", "at five"],
)
def test_a_level_may_be_for_working_hours_or_for_the_others_and_keeps_its_place(moment, filled):
    levels = (level(5, people=["ana"], when="working_hours"), level(people=["ben"], when="outside_working_hours"))
    found = at(moment, *levels)
    assert [not each.empty for each in found] == filled
    assert {each.holes for each in found if each.empty} == {(Hole("hours"),)}


def test_an_override_by_somebody_who_has_gone_from_the_configuration_is_none():
    override = Override("primary", "gone", MONDAY, MONDAY + HOUR, id=1)
    [found] = at(MONDAY, level(schedules=["primary"]), overrides=[override])
    assert (names(found), found.holes) == (["ben"], ())


# how and how long


@pytest.mark.parametrize(("severity", "means"), [("SEV-1", ("slack", "phone", "sms")), ("SEV-2", ("slack",))])
def test_means_are_the_level_s_own_else_phone_and_sms_where_the_severity_calls(severity, means):
    levels = (level(5, people=["ana"]), level(people=["ben"], means=["sms"]))
    assert [each.means for each in at(MONDAY, *levels, severity=severity)] == [means, ("sms",)]


def test_the_last_level_waits_until_the_ladder_begins_again():
    waits = [each.acknowledge_within for each in at(MONDAY, level(5, people=["ana"]), level(people=["ben"]))]
    assert waits == [5 * MINUTE, 55 * MINUTE]


# which policy


@pytest.mark.parametrize(
    ("severity", "services", "name"),
    [
        ("SEV-1", (), "grave"),
        ("SEV-2", (), "default"),
        ("SEV-1", ("web",), "grave"),
        ("SEV-1", ("api",), "team"),
        ("SEV-2", ("web", "api"), "team"),
        ("SEV-2", ("gone",), "default"),
    ],
)
def test_a_service_s_own_policy_comes_before_the_severity_s_and_that_before_the_default(severity, services, name):
    policies = {each: {"levels": [level(people=["ana"])]} for each in ("grave", "team")}
    policy = rules(
        level(people=["ana"]),
        severities={"SEV-1": {**SEVERITY, "escalation_policy": "grave"}, "SEV-2": SEVERITY},
        services={"api": {"name": "API", "escalation_policy": "team"}, "web": {"name": "Web"}},
        policies=policies,
    )
    assert policy.escalation_name(Incident("", severity, "", MONDAY, services=services)) == name


@pytest.mark.parametrize(
    ("schedules", "sentence"),
    [
        ({"third": {"follows": "second"}}, "third follows second, which has no layers of its own"),
        ({"third": {"follows": "primary", "by": 3}}, "both would always be the same person"),
        ({"third": {"follows": "office"}}, "both would always be the same person"),
        ({"third": {}}, "needs either layers of its own or follows"),
        ({"third": {"follows": "primary", "timezone": "UTC"}}, "leave timezone out"),
    ],
)
def test_a_follower_that_would_relieve_nobody_is_refused(schedules, sentence):
    with pytest.raises(ValidationError, match=sentence):
        rules(level(people=["ana"]), schedules=schedules)


# what rings


def test_after_a_hand_over_the_ladder_rings_who_is_on_call_by_then():
    """Declared a minute before the hand-over: the phone rings whoever is on call when it rings."""
    ledger = declared(rules(level(5, schedules=["primary"]), level(schedules=["second"])), MONDAY - MINUTE)
    ledger.wait(minutes=62)
    assert ring_minutes(ledger) == [
        (0, "page", "ana"),
        *((2, kind, "ben") for kind in ("call", "text")),
        *((5, kind, "ana") for kind in ("page", "call", "text")),
        *((60, kind, "ben") for kind in ("page", "call", "text")),
    ]


def test_an_override_that_begins_while_the_ladder_runs_is_rung():
    override = Override("primary", "dana", MONDAY + MINUTE, MONDAY + HOUR, id=1)
    ledger = declared(rules(level(5, schedules=["primary"])), MONDAY, [override])
    ledger.wait(minutes=3)
    assert ring_minutes(ledger) == [(0, "page", "ben"), (2, "call", "dana"), (2, "text", "dana")]


def test_a_level_that_nobody_is_on_is_passed_over_at_once_and_written_down():
    levels = (level(5, schedules=["office"]), level(5, people=["ana"]), level(5, schedules=["office"]))
    ledger = declared(rules(*levels, level(people=["ben"])), MONDAY - HOUR, severity="SEV-2")
    ledger.wait(minutes=6)
    assert ring_minutes(ledger) == [(0, "page", "ana"), (5, "page", "ben")]
    passed = [each.data for each in ledger.record.entries("page") if each.data["step"] == "passed_over"]
    assert [(each["level"], each["holes"]) for each in passed] == [
        (0, [{"kind": "on_call", "schedule": "office"}]),
        (2, [{"kind": "on_call", "schedule": "office"}]),
    ]


def test_whoever_asks_is_rung_themselves_where_nobody_else_is_on_the_ladder():
    ledger = declared(rules(level(people=["ana"])), MONDAY, severity="SEV-2")
    ledger.apply(asking.escalate(ledger.record, ledger.policy, "U0001", "button", ledger.now + MINUTE))
    assert [who for _, _, who in ring_minutes(ledger)] == ["ana", "ana"]


def test_a_ladder_that_nobody_is_on_begins_again_until_somebody_is():
    ledger = declared(rules(level(5, schedules=["office"])), MONDAY - 90 * MINUTE, severity="SEV-2")
    ledger.wait(minutes=125)
    assert ring_minutes(ledger) == [(120, "page", "dana")]


def test_a_gap_of_a_week_is_not_made_up_for_round_by_round_where_nobody_can_be_rung():
    ledger = declared(rules(level(5, schedules=["office"])), MONDAY + 12 * HOUR, severity="SEV-2")
    ledger.now += timedelta(days=5, minutes=10)
    ledger.wait(minutes=0)
    assert len([each for each in ledger.record.entries("page") if each.data["step"] == "nobody"]) == 2
    ledger.wait(minutes=55)
    assert len([each for each in ledger.record.entries("page") if each.data["step"] == "nobody"]) == 3


def test_where_a_shift_has_ended_without_a_successor_the_phone_of_whoever_was_paged_rings():
    ledger = declared(rules(level(5, schedules=["office"])), MONDAY + 8 * HOUR - MINUTE)
    ledger.wait(minutes=3)
    assert ring_minutes(ledger) == [(0, "page", "dana"), (2, "call", "dana"), (2, "text", "dana")]


@pytest.mark.parametrize(
    ("means", "rung"),
    [
        (["phone"], [(0, "call", "ana"), (5, "call", "ben")]),
        (["sms"], [(0, "text", "ana"), (5, "text", "ben")]),
        (["slack"], [(0, "page", "ana"), (5, "page", "ben")]),
        (["email"], [(0, "page", "ana"), (5, "page", "ben")]),
    ],
    ids=["phone", "SMS", "Slack", "what is not connected: a message instead"],
)
def test_a_level_rings_by_its_own_means(means, rung):
    levels = (level(5, people=["ana"], means=means), level(people=["ben"], means=means))
    ledger = declared(rules(*levels), MONDAY, severity="SEV-2")
    ledger.wait(minutes=6)
    assert ring_minutes(ledger) == rung
