"""What is put on record stays there: repeats, corrections and what is taken back only ever add to it."""

from dataclasses import replace

import pytest

from domain import action_items, recording
from domain.action_items import DONE, MADE, OPEN, WITHDRAWN, ActionItem
from domain.decision import Entry
from domain.errors import Refused
from domain.recording import Message
from tests.policies import policy
from tests.views.samples import ACKNOWLEDGED, DECLARED, RESOLVED, after

POLICY = policy()
SAID = Message("C0042", "1795182120.000100", "U0002", "the disk is full", "http://127.0.0.1:9000/p1")
ELSEWHERE = replace(SAID, channel="C0GENERAL")


def written(record, decision):
    """The record once the decision is applied."""
    first = max((entry.id for entry in record.timeline), default=0) + 1
    new = (replace(entry, id=first + n) for n, entry in enumerate(decision.entries))
    return replace(record, incident=decision.incident, timeline=(*record.timeline, *new))


def kinds(decision):
    return [effect.kind for effect in decision.effects]


def test_a_message_is_kept_once_at_its_own_time_and_confirmed_in_its_room():
    done = recording.keep(ACKNOWLEDGED, "U0001", SAID)
    [entry] = done.entries
    assert (entry.at, entry.permalink, entry.author, entry.data["people"]) == (
        SAID.at,
        SAID.permalink,
        "U0001",
        ["U0002"],
    )
    assert kinds(done) == ["react"]
    assert recording.keep(written(ACKNOWLEDGED, done), "U0003", SAID).entries == ()
    assert kinds(recording.keep(ACKNOWLEDGED, "U0001", ELSEWHERE)) == []


def test_what_is_taken_back_can_be_kept_again():
    kept = written(ACKNOWLEDGED, recording.keep(ACKNOWLEDGED, "U0001", SAID))
    back = recording.withdraw(kept, "U0001", recording.MESSAGE, SAID.source)
    [entry] = back.entries
    assert entry.corrects == kept.timeline[-1].id
    assert back.effects[0].data["on"] is False
    gone = written(kept, back)
    assert recording.withdraw(gone, "U0001", recording.MESSAGE, SAID.source).entries == ()
    assert len(recording.keep(gone, "U0001", SAID).entries) == 1


def test_the_check_mark_stays_while_another_reaction_stands():
    both = written(ACKNOWLEDGED, recording.keep(ACKNOWLEDGED, "U0001", SAID))
    both = written(both, recording.draft(both, POLICY, "U0001", SAID))
    assert kinds(recording.withdraw(both, "U0001", recording.MESSAGE, SAID.source)) == []


def test_the_check_mark_stays_while_an_action_item_stands():
    item = ActionItem(42, "alert at 80 %", "U0002", "U0001", source=SAID.source, id=7)
    both = written(ACKNOWLEDGED, recording.keep(ACKNOWLEDGED, "U0001", SAID))
    both = written(both, action_items.made(both, item, POLICY, SAID.at))
    assert kinds(recording.withdraw(both, "U0001", recording.MESSAGE, SAID.source)) == []
    back = action_items.moved(both, item, "U0001", WITHDRAWN, POLICY, SAID.at)
    assert kinds(back) == ["reply"]
    assert kinds(recording.withdraw(written(both, back), "U0001", recording.MESSAGE, SAID.source)) == ["react"]


def test_a_correction_stands_beside_what_it_corrects_and_the_newest_counts():
    record = written(ACKNOWLEDGED, recording.note(ACKNOWLEDGED, "U0001", "it is db1"))
    note = record.timeline[-1]
    first = recording.correct(record, POLICY, "U0002", note.id, "it is db2")
    record = written(record, first)
    assert (first.entries[0].data["before"], first.entries[0].data["after"]) == ("it is db1", "it is db2")
    second = recording.correct(record, POLICY, "U0002", note.id, "it is db3")
    record = written(record, second)
    assert second.entries[0].data["before"] == "it is db2"
    assert note in record.timeline
    assert [each.data["text"] for each in recording.as_corrected(record, [note])] == ["it is db3"]
    assert "refresh_announcement" not in kinds(second)


@pytest.mark.parametrize("text", ["", "a replica is promoted"])
def test_a_correction_says_something_else(text):
    with pytest.raises(Refused):
        recording.correct(ACKNOWLEDGED, POLICY, "U0002", 4, text)


def test_what_was_never_written_or_was_taken_back_cannot_be_corrected():
    kept = written(ACKNOWLEDGED, recording.keep(ACKNOWLEDGED, "U0001", SAID))
    gone = written(kept, recording.withdraw(kept, "U0001", recording.MESSAGE, SAID.source))
    for record, id in ((ACKNOWLEDGED, 1), (ACKNOWLEDGED, 99), (gone, kept.timeline[-1].id)):
        with pytest.raises(Refused):
            recording.correct(record, POLICY, "U0002", id, "something else")


def test_a_corrected_resolution_is_the_incidents():
    done = recording.correct(RESOLVED, POLICY, "U0002", 5, "the primary was replaced")
    assert done.incident.resolution == "the primary was replaced"
    assert "refresh_announcement" in kinds(done)


def test_without_a_room_a_note_is_only_written_down():
    without = replace(ACKNOWLEDGED, refs=(), owed=())
    assert recording.note(without, "U0001", "x").effects == ()
    assert kinds(recording.note(ACKNOWLEDGED, "U0001", "x")) == ["reply"]


def test_only_who_comes_late_to_what_goes_on_is_offered_to_be_caught_up():
    assert not recording.is_late(ACKNOWLEDGED, "U0003", after(minutes=4))
    assert recording.is_late(ACKNOWLEDGED, "U0003", after(minutes=5))
    assert not recording.is_late(ACKNOWLEDGED, DECLARED.reporter, after(minutes=50))
    assert not recording.is_late(RESOLVED, "U0003", after(hours=3))


def test_an_action_item_tells_what_it_was_before():
    item = ActionItem(42, "alert at 80 %", "U0002", "U0001", source=SAID.source, id=7)
    made = action_items.made(ACKNOWLEDGED, item, POLICY, SAID.at)
    assert kinds(made) == ["reply", "react"]
    done = action_items.moved(written(ACKNOWLEDGED, made), item, "U0002", DONE, POLICY, SAID.at)
    assert (done.entries[0].data["before"], done.entries[0].data["after"]) == (OPEN, DONE)
    assert action_items.moved(ACKNOWLEDGED, item, "U0002", OPEN, POLICY, SAID.at).entries == ()
    record = written(ACKNOWLEDGED, made)
    back = action_items.moved(record, item, "U0002", WITHDRAWN, POLICY, SAID.at)
    assert back.entries[0].corrects == record.entries("action")[0].id
    assert record.entries("action")[0].data["step"] == MADE
    assert kinds(back) == ["reply", "react"]


@pytest.mark.parametrize(
    ("typed", "who"),
    [("", "U0009"), ("@me", "U0009"), ("@ben", "U0002"), ("<@U0777|zoe>", "U0777"), ("@U0777", "U0777")],
)
def test_an_owner_is_whoever_was_named_or_who_typed(typed, who):
    assert action_items.owner_named(POLICY, typed, "U0009") == who


def test_an_unknown_name_leads_to_the_form():
    with pytest.raises(Refused, match="opens a form in which anybody can be chosen"):
        action_items.owner_named(POLICY, "@zoe", "U0001")


def test_words_of_an_entry_without_any_are_none():
    assert recording.text_of(ACKNOWLEDGED, Entry("status", "U0001")) == ""
