"""What people did is kept, and nothing changes it afterwards."""

import ast
from dataclasses import replace
from pathlib import Path

import peewee
import pytest

from domain.decision import MUSTER, Decision, Entry
from domain.incidents import IDENTIFIED
from domain.speaker import Speaker
from storage import audit, incidents, speaking
from storage.db import database
from tests.storage.values import NOW, declare, incident

ROOT = Path(__file__).resolve().parent.parent.parent


def change(store, number, *entries, **changes):
    """What people did to the incident by now."""

    def work():
        before = incidents.get(number)
        incidents.apply(Decision(replace(before, **changes), tuple(entries)), NOW, before)

    store.transact_now(work)
    return store.transact_now(audit.of, number)


def test_each_line_that_a_person_wrote_is_an_act_with_what_changed_and_from_where(store):
    number = store.transact_now(declare)
    lines = [
        Entry("status", "U0002", {"before": "investigating", "status": "identified"}),
        Entry("x", "U0002", {"a": 1}),
    ]
    with speaking.speaking(Speaker("U0002", "button", "C1")):
        acts = change(store, number, *lines, Entry("page", MUSTER), status=IDENTIFIED, mitigated_at=NOW)

    assert [(act.who, act.what, act.door, act.place, act.at) for act in acts] == [
        ("U0002", "status", "button", "C1", NOW),
        ("U0002", "x", "button", "C1", NOW),
    ]
    assert acts[0].before == {"status": "investigating", "mitigated_at": None}
    assert acts[0].after == {"status": "identified", "mitigated_at": NOW.isoformat()}
    assert (acts[1].before, acts[1].after) == ({}, {"a": 1})


def test_what_changes_without_a_line_is_whoever_asked_for_it(store):
    number = store.transact_now(declare)
    with speaking.speaking(Speaker("U0002", "form")):
        [act] = change(store, number, impact="everybody")
    assert (act.who, act.what, act.before, act.after) == ("U0002", "changed", {"impact": ""}, {"impact": "everybody"})


def test_what_muster_does_by_itself_is_nobodys_act(store):
    number = store.transact_now(declare)
    assert change(store, number, Entry("page", MUSTER), impact="everybody") == []


def test_whoever_answers_elsewhere_says_by_what_means(store):
    number = store.transact_now(declare)
    [act] = change(store, number, Entry("acknowledged", "Dana (PagerDuty)", {"means": "pagerduty"}))
    assert (act.who, act.door) == ("Dana (PagerDuty)", "pagerduty")


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_what_stands_there(store, statement):
    declared = Decision(incident(), (Entry("detected", "U0001"),))
    number = store.transact_now(lambda: incidents.apply(declared, NOW)).number

    with pytest.raises(peewee.DatabaseError, match="append-only"):
        store.transact_now(lambda: database.execute_sql(statement))
    assert [act.who for act in store.transact_now(audit.of, number)] == ["U0001"]


MACHINES = {"timers.py", "pagers.py", "trackers.py", "worker.py", "storm.py"}
"""What nobody asks for: the clock's work, what is delivered, and what was done in a pager's or a tracker's own app."""


def test_no_use_case_writes_but_through_the_door_that_asks_whether_they_may():
    found = set()
    for path in (ROOT / "service").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "incidents.apply":
                found.add(path.name)
    assert found == MACHINES | {"use_cases.py"}
