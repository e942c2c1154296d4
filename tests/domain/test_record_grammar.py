"""Action items as they are typed, and updates for the public."""

import pytest

from domain import grammar
from domain.errors import Refused
from domain.record_grammar import Action, Catchup, Correct, Mine, Note, Timeline

UNDERSTOOD = {
    'action "alert at 80 %" @ben friday': Action(42, "alert at 80 %", "@ben", "friday"),
    "action “alert at 80 %” friday @ben": Action(42, "alert at 80 %", "@ben", "friday"),
    'action @ben "alert at 80 %"': Action(42, "alert at 80 %", "@ben", ""),
    'action "alert" <@U0002|ben> by 2026-12-01': Action(42, "alert", "<@U0002|ben>", "2026-12-01"),
    "action alert at 80 % @ben 2w": Action(42, "alert at 80 %", "@ben", "2w"),
    "action alert at 80 % by friday @ben": Action(42, "alert at 80 %", "@ben", "friday"),
    "action ask @ben about it": Action(42, "ask @ben about it", "", ""),
    "action first line\nsecond line @ben": Action(42, "first line\nsecond line", "@ben", ""),
    "todo INC-7 x": Action(7, "x", "", ""),
    "action": Action(42, "", "", ""),
    "note it was “fine” before": Note(42, "it was “fine” before"),
    "note": Note(42, ""),
    "timeline INC-7": Timeline(7),
    "correct INC-7 it was db2": Correct(7, "it was db2"),
    "catch-up": Catchup(42),
    "mine": Mine(),
    'update --public "back to normal"': grammar.Update(42, "back to normal", True),
    "update INC-7 —public back to normal": grammar.Update(7, "back to normal", True),
    "update --public INC-7 back to normal": grammar.Update(7, "back to normal", True),
    "update back to normal --PUBLIC": grammar.Update(42, "back to normal", True),
    "update --public": grammar.Update(42, "", True),
    "update the --public flag is broken": grammar.Update(42, "the --public flag is broken"),
}


def parse(typed, room=42):
    return grammar.parse(typed, ["SEV-1"], room, lambda id: 9 if id == "ROOSE-17" else None)


@pytest.mark.parametrize("typed", UNDERSTOOD)
def test_what_is_typed_is_understood(typed):
    assert parse(typed) == UNDERSTOOD[typed]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ('action "alert" whenever', "`whenever` is neither a person such as `@ben` nor a day."),
        ('action "alert" @ben @ana', "An action item has one owner"),
        ("action --private x", "There is no option `--private`"),
        ("update --public --force x", "There is no option `--force`"),
        ("update --public 42000", "Is 42000 an incident or your text?"),
        ("mine ben", "`/incident mine` shows what is yours; `ben` is too much."),
        ("timeline INC-7 please", "`timeline` takes only an incident"),
    ],
)
def test_what_could_be_meant_otherwise_is_refused(typed, why):
    with pytest.raises(Refused) as refused:
        parse(typed)
    assert why in refused.value.text


def test_a_trackers_id_behind_the_option_is_looked_up():
    assert grammar.tracker_id("update --public ROOSE-17 back to normal") == "ROOSE-17"
    assert parse("update --public ROOSE-17 back to normal") == grammar.Update(9, "back to normal", True)


def test_outside_a_room_without_an_incident_a_picker_asks():
    assert parse('action "x" @ben', room=None) == Action(None, "x", "@ben", "")
    assert parse("update --public x", room=None) == grammar.Update(None, "x", True)
