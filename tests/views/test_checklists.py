"""A checklist as it is posted, ticked and chosen."""

from dataclasses import replace

from domain.checklists import Checklist
from domain.decision import Entry
from domain.ticks import TICKED
from tests.views.samples import ACKNOWLEDGED, after
from views.actions import boxes_id, read_boxes
from views.blocks import stamp
from views.checklists import picker, posted

TRIAGE = Checklist(id="triage", name="Triage", items=("Is it real?", "How many are affected?", "Severity is right"))
TICK = Entry(
    "checklist", "U0002", {"step": TICKED, "checklist": "triage", "text": "Is it real?"}, at=after(minutes=4), id=9
)
BEGUN = replace(ACKNOWLEDGED, timeline=(*ACKNOWLEDGED.timeline, TICK))


def test_the_list_in_the_room(golden):
    golden("checklist-fresh.json", stamp(posted(ACKNOWLEDGED, TRIAGE), "muster-17"))
    golden("checklist-begun.json", stamp(posted(BEGUN, TRIAGE), "muster-18"))


def test_the_menu_says_how_far_each_is(golden):
    golden("checklist-picker.json", picker(BEGUN, [TRIAGE, TRIAGE.model_copy(update={"id": "other", "name": "Other"})]))


def test_the_boxes_stand_in_another_block_as_soon_as_one_is_ticked():
    fresh, begun = (posted(record, TRIAGE)["blocks"][1]["block_id"] for record in (ACKNOWLEDGED, BEGUN))
    assert fresh != begun
    assert read_boxes(begun)[0:2] == (42, "triage")
    assert len(read_boxes(begun)[2]) == 1


def test_what_a_block_says_is_read_back():
    assert read_boxes(boxes_id(42, "triage", ["1a2b3c", "ffffff"])) == (42, "triage", frozenset({"1a2b3c", "ffffff"}))
    assert read_boxes(boxes_id(1, "x", [])) == (1, "x", frozenset())
