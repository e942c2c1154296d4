"""Whoever takes an action item on is reminded of it on its day, where they are, and the team lead a day later."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain import action_items as items
from domain.action_items import DONE, OPEN, WITHDRAWN, ActionItem
from domain.decision import Timer
from domain.errors import Refused
from tests.policies import policy
from tests.views.samples import ACKNOWLEDGED
from views.action_items import SAYINGS

POLICY = policy()
DUE = date(2026, 12, 1)
NOW = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
MORNING = datetime(2026, 12, 1, 9, tzinfo=UTC)
ITEM = ActionItem(42, "alert at 80 %", "U0001", "U0003", DUE, id=7)


def everybody(who):
    return True


def timers(item, now=NOW, rules=POLICY, record=ACKNOWLEDGED):
    return items.made(record, item, rules, now).timers


def told(decision):
    """(whom, late) of each message."""
    return [(effect.data["user"], effect.data["late"]) for effect in decision.effects if effect.kind == "tell"]


@pytest.mark.parametrize(
    ("now", "reminded"),
    [
        (NOW, MORNING),
        (MORNING - timedelta(seconds=1), MORNING),
        (MORNING, MORNING + timedelta(hours=8)),
        (MORNING + timedelta(hours=8), MORNING + timedelta(days=1)),
        (MORNING + timedelta(days=9, hours=12), MORNING + timedelta(days=10)),
    ],
)
def test_its_owner_is_reminded_in_the_morning_or_when_that_is_past_at_the_next_good_moment(now, reminded):
    assert timers(ITEM, now) == (Timer("action_due", reminded, {"item": 7, "people": ["U0001"]}),)


def test_the_morning_is_that_of_whoever_took_it_on():
    people = dict(POLICY._settings.people.items())
    people["ana"] = people["ana"].model_copy(update={"timezone": "America/New_York"})
    settings = POLICY._settings.model_copy(update={"people": people})
    [timer] = timers(ITEM, rules=type(POLICY)(settings))
    assert timer.due_at == datetime(2026, 12, 1, 14, tzinfo=UTC)


def test_what_has_no_day_reminds_nobody():
    assert timers(replace(ITEM, due=None)) == ()


@pytest.mark.parametrize("state", [DONE, WITHDRAWN])
def test_what_is_done_or_taken_back_reminds_nobody_and_what_else_is_due_still_does(state):
    other = Timer("action_due", MORNING, {"item": 8, "people": ["U0002"]})
    record = replace(ACKNOWLEDGED, timers=(*ACKNOWLEDGED.timers, *timers(ITEM), other))
    done = items.moved(record, ITEM, "U0002", state, POLICY, NOW)
    assert done.cancel == ("action_due",)
    assert done.timers == (other,)
    again = items.moved(replace(record, timers=(other,)), replace(ITEM, state=state), "U0002", OPEN, POLICY, NOW)
    assert again.timers == (other, *timers(ITEM))


def test_the_team_lead_is_told_a_day_later_of_what_is_still_open():
    first = items.due(ACKNOWLEDGED, ITEM, POLICY, False, everybody, MORNING)
    assert told(first) == [("U0001", False)]
    [later] = first.timers
    assert (later.due_at, later.data["late"]) == (MORNING + timedelta(days=1), True)
    second = items.due(ACKNOWLEDGED, ITEM, POLICY, True, everybody, later.due_at)
    assert (told(second), second.timers) == ([("U0002", True)], ())


@pytest.mark.parametrize(("now", "past"), [(MORNING, False), (MORNING + timedelta(days=1), True)])
def test_of_what_is_taken_up_again_after_its_day_the_reminder_says_that_it_was_due(now, past):
    [effect] = items.due(ACKNOWLEDGED, ITEM, POLICY, False, everybody, now).effects
    assert effect.data["past"] is past
    said = SAYINGS[items.DUE](effect.data, ACKNOWLEDGED)["text"]
    assert ("was due on Tue 1 Dec 2026, and is not done" in said) is past
    assert ("is due on Tue 1 Dec 2026" in said) is not past


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("item", [None, replace(ITEM, state=DONE), replace(ITEM, due=None)])
def test_nobody_is_told_of_what_is_not_open_any_more(item, late):
    assert items.due(ACKNOWLEDGED, item, POLICY, late, everybody, MORNING).effects == ()


@pytest.mark.parametrize("late", [False, True])
def test_who_may_not_see_the_incident_is_told_nothing_and_its_commander_is(late):
    commander = ACKNOWLEDGED.incident.commander
    told_of = items.due(ACKNOWLEDGED, replace(ITEM, owner="U0777"), POLICY, late, lambda who: False, MORNING)
    assert told(told_of) == [(commander, late)]


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    ("reporter", "may", "instead"),
    [("U0008", {"U0003", "U0008"}, "U0003"), ("U0008", {"U0008"}, "U0008"), ("prometheus", {"prometheus"}, None)],
)
def test_where_nobody_leads_it_either_somebody_who_may_see_it_is_told_or_the_room(reporter, may, instead, late):
    incident = replace(ACKNOWLEDGED.incident, commander=None, private=True, reporter=reporter)
    record, item = replace(ACKNOWLEDGED, incident=incident), replace(ITEM, owner="U0777")
    [effect] = items.due(record, item, POLICY, late, may.__contains__, MORNING).effects
    assert (effect.kind, effect.data.get("user")) == (("tell", instead) if instead else ("post", None))
    assert (effect.data["say"], effect.data["item"], effect.data["late"]) == ("action_due", 7, late)


def test_what_is_changed_is_said_with_what_it_was_and_reminds_on_its_new_day():
    wanted = replace(ITEM, owner="U0002", due=DUE + timedelta(days=3))
    record = replace(ACKNOWLEDGED, timers=(*ACKNOWLEDGED.timers, *timers(ITEM)))
    changed = items.changed(record, ITEM, wanted, "U0003", POLICY, NOW)
    [entry] = changed.entries
    assert entry.data["before"] == {"owner": "U0001", "due": "2026-12-01"}
    assert entry.data["after"] == {"owner": "U0002", "due": "2026-12-04"}
    assert changed.timers == (Timer("action_due", MORNING + timedelta(days=3), {"item": 7, "people": ["U0002"]}),)
    assert items.changed(record, ITEM, ITEM, "U0003", POLICY, NOW).entries == ()
    with pytest.raises(Refused, match="was taken back"):
        items.changed(record, replace(ITEM, state=WITHDRAWN), wanted, "U0003", POLICY, NOW)
