"""The method table against Slack's own: nothing is accepted, demanded or answered that Slack does not document."""

import re

import pytest

from sandbox.slack.methods import COMMON_ERRORS, METHODS
from sandbox.slack.webapi import FAMILIES
from tests.contracts.slack_web import OWN_ERRORS, UNVERIFIED
from tests.contracts_folder import ROOT, contract

TYPES = {"s": {"string"}, "b": {"boolean"}, "n": {"number", "integer"}, "j": {"array", "object"}}


@pytest.fixture(scope="module")
def methods():
    return contract("slack/methods.json")


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_method_takes_answers_and_costs_what_slack_documents(methods, name):
    ours, theirs = METHODS[name], methods["methods"][name]

    assert set(ours.types) == set(theirs["args"])
    assert set(ours.required) == {arg for arg, of in theirs["args"].items() if of["required"]}
    for arg, type in ours.types.items():
        documented = theirs["args"][arg].get("type")
        assert documented is None or documented in TYPES[type], arg
    assert set(ours.scopes) == set(theirs["scopes"].get("bot", ()))
    assert theirs["rate_limit"].startswith(f"Tier {ours.tier}" if ours.tier else "Special")
    assert {e for e in ours.errors if (name, e) not in UNVERIFIED} <= set(theirs["errors"])


def test_the_common_errors_are_slacks(methods):
    assert set(COMMON_ERRORS) - OWN_ERRORS <= set(methods["common_errors"])


def test_every_method_of_the_table_is_carried_out():
    functions = {name for family in FAMILIES for name in family.METHODS}
    assert functions | {"apps.connections.open"} == set(METHODS)


def test_the_methods_that_are_missing_are_named_in_the_document(methods):
    page = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
    told = re.search(r"^\* \*\*Methods\*\*:.*?^\* ", page, re.MULTILINE | re.DOTALL)[0]
    assert set(re.findall(r"`(\w+\.[\w.]+)`", told)) - {"bots.info"} == set(methods["methods"]) - set(METHODS)
