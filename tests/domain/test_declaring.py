"""What helps somebody who declares: which titles are alike, and which severity an answer proposes."""

import pytest

from domain.likeness import alike
from domain.triage import proposal, questions
from tests.policies import policy


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("db down", "DB is down!"),
        ("db down", "the db of EU is down"),
        ("slow checkout", "checkout is slow in Europe"),
        ("payments", "payments down"),
        ("Straße gesperrt", "STRASSE gesperrt"),
        ("ｄｂ down", "db down"),
        ("login_page broken", "broken login page"),
    ],
)
def test_titles_that_may_tell_of_the_same(title, other):
    assert alike(title, [(1, other)]) == (1,)
    assert alike(other, [(1, title)]) == (1,)


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("db down", "db slow"),
        ("service 1 down", "service 2 down"),
        ("login page slow", "search page slow"),
        ("it is the", "it is not"),
        ("", "db down"),
        ("!!!", "???"),
    ],
)
def test_titles_that_do_not(title, other):
    assert alike(title, [(1, other)]) == ()
    assert alike(other, [(1, title)]) == ()


def test_the_most_alike_comes_first_then_the_order_given():
    assert alike(
        "api errors europe west", [(1, "api errors west"), (2, "errors api europe today"), (3, "api errors")]
    ) == (
        1,
        3,
        2,
    )


def test_the_questions_stand_in_the_order_of_the_severities_and_only_where_there_is_one():
    assert [severity.name for severity in questions(policy().severities)] == ["SEV-1", "SEV-2", "SEV-3"]


@pytest.mark.parametrize(
    ("answer", "chosen", "before", "proposed"),
    [
        ("SEV-1", None, None, "SEV-1"),
        ("SEV-2", "SEV-1", "SEV-1", "SEV-2"),
        ("SEV-2", "SEV-4", "SEV-1", None),
        ("SEV-2", "SEV-4", None, None),
        ("SEV-2", "SEV-2", None, None),
        (None, None, None, None),
    ],
)
def test_what_somebody_chose_is_never_overwritten_and_what_was_proposed_gives_way(answer, chosen, before, proposed):
    assert proposal(answer, chosen, before) == proposed
