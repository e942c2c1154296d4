"""A reply by SMS: a verb and a code in either order, or nothing that could silence a ladder by mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.replies import ACK, ESCALATE, Reply, for_the_carrier, parse


@pytest.mark.parametrize(
    "text", ["42 ack", "ACK 42", "ack INC-42", "Inc 42 Ack", "#42 ack!", " 42  ACKNOWLEDGED. ", "42 ok"]
)
def test_an_acknowledgement_by_code(text):
    assert parse(text) == Reply(ACK, 42)


@pytest.mark.parametrize("text", ["42 esc", "Esc 42", "escalate inc-42"])
def test_an_escalation_by_code(text):
    assert parse(text) == Reply(ESCALATE, 42)


@pytest.mark.parametrize(("text", "verb"), [("ack", ACK), ("Ack!", ACK), ("ESC", ESCALATE)])
def test_a_verb_alone(text, verb):
    assert parse(text) == Reply(verb)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "who is ack",
        "not ack 42",
        "ack esc 42",
        "42 43 ack",
        "I cannot ack this",
        "ack 42 in ten minutes",
        "a" * 999,
    ],
)
def test_whatever_else_it_says_acknowledges_nothing(text):
    assert parse(text).verb == ""


@pytest.mark.parametrize("text", ["STOP", " stop ", "Start", "unsubscribe", "HELP"])
def test_the_carriers_words_are_its_own(text):
    assert for_the_carrier(text)


def test_an_acknowledgement_is_not_the_carriers():
    assert not for_the_carrier("ack")


@given(st.text())
def test_nothing_raises(text):
    assert parse(text).verb in ("", ACK, ESCALATE)
