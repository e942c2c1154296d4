"""What a click on a box changes, whatever others did meanwhile."""

from dataclasses import replace

import pytest

from domain import decisions, ticks
from domain.checklists import Checklist
from domain.decision import Entry
from domain.record import WAITING, Owed, Ref
from tests.policies import policy
from tests.views.samples import ACKNOWLEDGED, RESOLVED, after

POLICY = policy()
TRIAGE = Checklist(id="triage", name="Triage", items=("one", "two", "three"))


def ticked(*items, by="U0001", step=ticks.TICKED, checklist="triage"):
    about = [{"step": step, "checklist": checklist, "text": item} for item in items]
    return tuple(Entry("checklist", by, each, at=after(minutes=1), id=50 + n) for n, each in enumerate(about))


def told(record, *entries):
    return replace(record, timeline=(*record.timeline, *entries))


@pytest.mark.parametrize(
    ("done", "seen", "boxes", "changes"),
    [
        ([], [], ["one"], [("ticked", "one")]),
        (["one"], [], ["two"], [("ticked", "two")]),  # somebody ticked `one` while I looked at a list without it
        (["one"], [], ["one"], []),
        (["one"], ["one"], [], [("unticked", "one")]),
        ([], ["one"], [], []),  # somebody took it back before me
        (["one", "two"], ["one"], ["one", "three"], [("ticked", "three")]),
        (["one"], ["one"], ["two"], [("unticked", "one"), ("ticked", "two")]),
        ([], [], ["gone from the list"], []),
    ],
)
def test_only_the_difference_to_what_was_seen_is_mine(done, seen, boxes, changes):
    decision = ticks.click(told(ACKNOWLEDGED, *ticked(*done)), TRIAGE, "U0002", boxes, seen)
    assert [(entry.data["step"], entry.data["text"]) for entry in decision.entries] == changes
    assert all(entry.author == "U0002" for entry in decision.entries)


def test_who_was_first_stands_there_and_what_was_taken_back_names_the_tick():
    record = told(ACKNOWLEDGED, *ticked("one"), *ticked("one", by="U0003"))
    assert ticks.ticks(record, "triage")["one"].by == "U0001"
    assert ticks.ticks(record, "another") == {}
    [entry] = ticks.click(record, TRIAGE, "U0002", [], ["one"]).entries
    assert entry.corrects == 50
    assert ticks.ticks(told(record, entry), "triage") == {}


def test_a_reopening_begins_all_anew():
    record = told(RESOLVED, *ticked("one"))
    record = replace(record, refs=(*record.refs, Ref("checklist", "17.1", "triage", data={"channel": "C0042"})))
    decision = decisions.reopen(record, POLICY, "U0001", "", after(hours=2))
    assert ticks.ticks(told(record, *decision.entries), "triage") == {}
    assert [e.target for e in decision.effects if e.kind == "refresh_checklist"] == ["checklist:triage"]


def test_every_message_of_a_list_is_kept_in_step_also_one_that_is_on_its_way():
    older, newer = (Ref("checklist", ts, "triage", data={"channel": "C0042"}) for ts in ("1.1", "2.2"))
    record = replace(ACKNOWLEDGED, refs=(*ACKNOWLEDGED.refs, older, newer))
    assert [e.target for e in ticks.refresh(record, "triage")] == ["checklist:triage", "checklist:triage:1.1"]
    coming = Owed(9, 42, "slack", "post_checklist", "checklist:triage", after(), after(), state=WAITING)
    record = replace(record, owed=(*record.owed, coming))
    targets = ["checklist:triage", "checklist:triage:1.1", "checklist:triage:2.2"]
    assert [e.target for e in ticks.refresh(record, "triage")] == targets
    assert ticks.refresh(ACKNOWLEDGED, "triage") == ()


@pytest.mark.parametrize(("severity", "posted"), [("SEV-1", ["verification"]), ("SEV-3", []), ("SEV-4", [])])
def test_as_delivered_only_a_grave_resolution_brings_a_list_with_it(severity, posted):
    record = replace(ACKNOWLEDGED, incident=replace(ACKNOWLEDGED.incident, severity=severity))
    moves = {
        "monitoring": decisions.set_status(record, POLICY, "U0001", "monitoring", "", after(hours=1)),
        "resolve": decisions.resolve(record, POLICY, "U0001", "done", after(hours=1)),
    }
    found = {at: [e.data["checklist"] for e in d.effects if e.kind == "post_checklist"] for at, d in moves.items()}
    assert found == {"monitoring": [], "resolve": posted}
