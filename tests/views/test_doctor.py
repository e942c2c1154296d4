"""Each kind of sign has its words and no words are left over; whatever was found stays on one readable line."""

import ast
from datetime import timedelta
from pathlib import Path

from domain import doctor as rules
from domain import reach
from domain.doctor import ILL, UNASKED, WARNING, WELL, Sign
from views import doctor

ROOT = Path(__file__).resolve().parents[2]
TREES = [ast.parse((ROOT / layer / "doctor.py").read_text(encoding="utf-8")) for layer in ("domain", "service")]
NODES = [node for tree in TREES for node in ast.walk(tree)]


def constants(node):
    return {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_every_kind_has_words():
    kinds = [each.args[2] for each in NODES if isinstance(each, ast.Call) and ast.unparse(each.func) == "Sign"]
    literal = {word for kind in kinds if isinstance(kind, ast.Constant | ast.IfExp) for word in constants(kind)}
    assert len(literal) > 30
    assert literal - {"https://", "commands"} <= set(doctor.WORDS)


def test_no_words_are_left_of_what_nobody_finds_any_more():
    found = set().union(*map(constants, NODES)) | {reach.GUEST, reach.UNKNOWN, reach.DEACTIVATED}
    assert set(doctor.WORDS) <= found


def test_a_vendors_words_cannot_break_the_page():
    hostile = Sign("people.ana", ILL, "refused", {"reason": "no\n✓ Slack  all is well\x1b[2J" + "x" * 5000})
    [line, verdict] = doctor.text([hostile]).split("\n")
    assert "\x1b" not in line
    assert len(line) < 500
    assert verdict == "1 thing to mend."


def test_what_is_long_is_counted():
    names = [f"Person {number}" for number in range(30)]
    line = doctor.found(Sign("people", WELL, "people", {"names": names}))
    assert line == (
        "Person 0, Person 1, Person 2, Person 3, Person 4, Person 5 and 24 more are in Slack, and active"
    )  # fmt: skip


def test_the_summary_counts_what_is_to_be_done():
    signs = [Sign("disk", verdict, "set") for verdict in (WELL, WARNING, ILL, ILL, UNASKED)]
    assert doctor.summary(signs) == "2 things to mend; 1 warning; 1 not checked."
    assert doctor.summary(signs[:1]) == "Nothing to mend."


def test_times_and_sizes_are_written_as_people_say_them():
    assert doctor.found(rules.clock(timedelta(seconds=90))).startswith("is 90s ahead of Slack's, so a repeat")
    assert doctor.found(rules.clock(timedelta(seconds=-6))).startswith("is 6s behind Slack's. Set")
    assert doctor.found(rules.disk(120_000_000, "data")) == "120 MB free in data. Make room before it is full"
