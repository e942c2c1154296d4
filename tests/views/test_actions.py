"""What buttons and menus carry comes back; what none of them carries is refused in words."""

import pytest

from domain.errors import Refused
from views import actions
from views.modals import Declared

WANTED = Declared('🔥 "db" down', "SEV-1", ("api", "web"), "every write\nfails", True)


def test_a_retry_is_read_back():
    assert actions.read_retry(actions.retry_value(42, 17)) == (42, 17)


def test_an_incident_is_read_back():
    assert actions.read_number("42") == 42


@pytest.mark.parametrize("value", ["", "42", "42:", ":17", "a:b", "1:2:3", "-1:2", "1:9999999999"])
def test_a_strange_retry_is_refused(value):
    with pytest.raises(Refused, match="too old"):
        actions.read_retry(value)


@pytest.mark.parametrize("value", ["", "x", "4 2", "-1", "1e3", "9999999999", "٣"])
def test_a_strange_incident_is_refused(value):
    with pytest.raises(Refused, match="too old"):
        actions.read_number(value)


def test_what_was_to_be_declared_is_read_back_whole_and_stays_private():
    assert actions.read_declare(actions.declare_value(WANTED)) == WANTED


def test_more_than_a_button_carries_is_not_cut_but_left_out():
    longest = Declared("🔥" * 200, "SEV-1", (), "", False)
    assert actions.read_declare(actions.declare_value(longest)) == longest
    assert actions.declare_value(Declared("db down", "SEV-1", (), "x" * 2000, False)) == ""


@pytest.mark.parametrize("value", ["", "7", "{}", "[1]", "not json", '["t", "SEV-1", 3, "", false]'])
def test_a_strange_declaration_is_refused(value):
    with pytest.raises(Refused, match="too old"):
        actions.read_declare(value)


def test_the_menu_of_a_verb_is_named_by_it():
    assert actions.pick("resolve") == "pick:resolve"
    assert actions.read_pick("pick:resolve") == "resolve"
