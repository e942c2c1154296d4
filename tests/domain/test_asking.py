"""What people ask of the ladder: the next level once, somebody by name at any time, a place beside the others."""

from datetime import timedelta

import pytest

from domain import asking, decisions, paging
from domain.asking import Wanted
from domain.errors import Refused
from domain.paging import Step
from tests.domain.ledger import Ledger, effects, said
from tests.policies import policy


@pytest.fixture
def ledger():
    """Muster's own ladder, declared."""
    own = Ledger(policy("PAGERDUTY", "OPSGENIE"))
    own.declare()
    return own


def escalate(ledger, by="U0001", **more):
    return ledger.apply(asking.escalate(ledger.record, ledger.policy, by, "button", ledger.now, **more))


def rung_by(decision):
    return {each.data.get("person") for each in decision.effects if each.kind in paging.RINGS}


def test_however_often_people_have_gone_round_the_top_is_asked_an_hour_after_it_was_asked_last(ledger):
    for who in ("U0001", "U0002", "U0003", "U0001", "U0002", "U0003"):
        ledger.wait(minutes=1)
        escalate(ledger, who, cannot=True)
    ledger.wait(minutes=130)
    asked = [(minute, who) for minute, kind, who in ledger.rung if kind == "page"]
    assert asked[6:] == [
        (6, "ana"),
        (11, "ben"),
        (26, "chris"),
        (66, "ana"),
        (71, "ben"),
        (86, "chris"),
        (126, "ana"),
        (131, "ben"),
    ]


def test_the_next_level_is_paged_now_and_its_own_time_begins(ledger):
    ledger.wait(minutes=1)
    assert rung_by(escalate(ledger)) == {"ben"}
    ledger.wait(minutes=15)
    assert [(minute, who) for minute, kind, who in ledger.rung if kind == "page"] == [
        (0, "ana"),
        (1, "ben"),
        (16, "chris"),
    ]


def test_whoever_asks_a_moment_later_means_the_same_level(ledger):
    escalate(ledger)
    ledger.now += timedelta(seconds=29)
    assert escalate(ledger, "U0003").entries == ()
    assert asking.latest(ledger.record) == ("U0002",)
    ledger.now += timedelta(seconds=2)
    assert rung_by(escalate(ledger, "U0009")) == {"chris"}


def test_whoever_was_paged_a_moment_ago_and_cannot_means_the_level_after_theirs(ledger):
    escalate(ledger, cannot=True, seen=Step(0))
    ledger.now += timedelta(seconds=20)
    assert rung_by(escalate(ledger, "U0002", cannot=True, seen=Step(1))) == {"chris"}
    ledger.now += timedelta(seconds=5)
    assert rung_by(escalate(ledger, "U0002")) == set()


def test_after_the_last_level_comes_the_first(ledger):
    ledger.wait(minutes=21)
    assert rung_by(escalate(ledger, "U0003")) == {"ana"}


def test_whoever_calls_for_help_is_not_rung_themselves_nor_whoever_is_on_it(ledger):
    ledger.do(decisions.acknowledge, "U0002", "button")
    decision = escalate(ledger, "U0002")
    assert rung_by(decision) == {"chris"}
    [passed] = [e.data for e in decision.entries if e.data["step"] == "passed_over"]
    assert (passed["level"], passed["holes"]) == (1, [{"kind": "here", "schedule": ""}])
    ledger.now += timedelta(minutes=1)
    assert rung_by(escalate(ledger, "U0003")) == {"ana"}
    ledger.now += timedelta(minutes=1)
    assert rung_by(escalate(ledger, "U0009")) == {"chris"}


def test_whoever_cannot_come_is_not_called_and_says_so_once(ledger):
    escalate(ledger, cannot=True, seen=Step(0))
    ledger.now += timedelta(minutes=1)
    assert escalate(ledger, cannot=True, seen=Step(0)).entries == ()
    [also] = escalate(ledger, "U0009", cannot=True, seen=Step(0)).entries
    assert also.data["step"] == "cannot"
    ledger.wait(minutes=3)
    assert ("call", "ana") not in [(kind, who) for _, kind, who in ledger.rung]
    assert paging.unable(ledger.record) == ("U0001", "U0009")


def test_the_level_is_still_called_at_its_time_when_somebody_else_escalates(ledger):
    escalate(ledger, "U0003")
    ledger.wait(minutes=2)
    assert (2, "call", "ana") in ledger.rung


def test_an_escalation_after_an_answer_rings_once_and_does_not_climb(ledger):
    ledger.do(decisions.acknowledge, "U0001", "button")
    decision = escalate(ledger)
    assert rung_by(decision) == {"ben"}
    assert all(each.data["asked"] for each in decision.effects if each.kind in paging.RINGS)
    before = ledger.rung
    ledger.wait(hours=3)
    assert ledger.rung == before


def test_after_an_answer_the_vendor_gets_a_new_alert_and_whoever_joins_answers_it():
    ledger = Ledger()
    ledger.declare()
    ledger.do(decisions.acknowledge, "U0001", "button")
    assert ("page", "2") in effects(escalate(ledger), "pagerduty")
    joined = ledger.apply(asking.join(ledger.record, ledger.policy, "U0002"))
    assert effects(joined, "pagerduty") == [("acknowledge", "2")]


def test_joining_is_no_answer_and_counts_once(ledger):
    joined = ledger.apply(asking.join(ledger.record, ledger.policy, "U0002"))
    assert said(joined) == ["joining"]
    assert joined.incident.acknowledged_at is None
    assert joined.cancel == ()
    assert asking.join(ledger.record, ledger.policy, "U0002").effects == ()


def test_somebody_is_paged_by_name_acknowledged_or_not_each_time(ledger):
    ledger.do(decisions.acknowledge, "U0001", "button")
    for n in (1, 2):
        decision = ledger.apply(
            asking.page(ledger.record, ledger.policy, Wanted(("U0003",)), "U0001", "why", ledger.now)
        )
        assert [target for _, target in effects(decision, paging.MESSAGES)] == [f"U0003:a{n}"]
        assert rung_by(decision) == {"chris"}


def test_a_page_by_name_that_does_not_get_through_goes_by_what_is_left(ledger):
    ledger.vendors_answer = False
    ledger.apply(asking.page(ledger.record, ledger.policy, Wanted(("U0003",)), "U0001", "", ledger.now))
    assert {each.kind for each in ledger.last.timers} == {"page_overdue"}
    ledger.wait(seconds=60)
    again = [e for e in ledger.record.entries("page") if e.data.get("step") == "next_means" and e.data.get("ask")]
    assert [each.data["people"] for each in again] == [["U0003"]]


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("@ben", ("U0002",)),
        ("<@U0003|chris>", ("U0003",)),
        ("primary", ("U0001",)),
        ("api", ("U0001",)),
        ("@U0777", ("U0777",)),
    ],
)
def test_who_is_meant(ledger, typed, people):
    assert asking.who_is(ledger.policy, typed, "U0001", ledger.record, ledger.now).people == people


@pytest.mark.parametrize(
    ("typed", "words"), [("@nobody", "not among"), ("<!subteam^S1|@ops>", "user groups"), ("@DBA", "user groups")]
)
def test_who_is_not(ledger, typed, words):
    with pytest.raises(Refused, match=words):
        asking.who_is(ledger.policy, typed, "U0001", ledger.record, ledger.now)


def test_nothing_is_asked_of_what_is_over(ledger):
    ledger.do(decisions.resolve, "U0001", "restarted")
    for ask in (lambda: escalate(ledger), lambda: asking.join(ledger.record, ledger.policy, "U0001")):
        with pytest.raises(Refused):
            ask()


@pytest.mark.parametrize("typed", [("@ben,", "<@U0003|chris>:"), ("ben", "@Ben", "chris;")])
def test_several_who_are_named_are_paged_together_each_once_and_a_comma_is_no_part_of_a_name(ledger, typed):
    wanted = asking.everybody(ledger.policy, typed, "U0001", ledger.record, ledger.now)
    assert wanted == Wanted(("U0002", "U0003"))


def test_of_several_who_are_named_none_is_told_to_be_on_a_schedule(ledger):
    wanted = asking.everybody(ledger.policy, ("primary", "@ben"), "U0001", ledger.record, ledger.now)
    assert wanted == Wanted(("U0001", "U0002"))


def test_of_whoever_was_mentioned_and_is_not_known_no_id_is_told(ledger):
    with pytest.raises(Refused, match=r"whoever you mentioned: they are not among `people`"):
        ledger.policy.person_named("<@U0DEAC>", "U0001")
