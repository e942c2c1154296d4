"""The method table against Slack's own: nothing is accepted, demanded or answered that Slack does not document."""

import json
import os
from pathlib import Path

import pytest

from sandbox.slack.methods import COMMON_ERRORS, METHODS
from sandbox.slack.webapi import FAMILIES

TYPES = {"s": {"string"}, "b": {"boolean"}, "n": {"number", "integer"}, "j": {"array", "object"}}
UNVERIFIED = {("conversations.unarchive", "not_in_channel")}  # no document says what a bot is told
OWN_COMMON = {"unknown_method"}  # undocumented, and seen by everyone who ever misspelt a method


@pytest.fixture(scope="module")
def contract():
    folder = Path(os.environ.get("MUSTER_CONTRACTS") or Path(__file__).parents[3] / "shared" / "contracts")
    file = folder / "slack" / "methods.json"
    if not file.exists():
        pytest.skip(f"no contracts in {folder}; set MUSTER_CONTRACTS")
    return json.loads(file.read_text())


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_method_takes_answers_and_costs_what_slack_documents(contract, name):
    ours, theirs = METHODS[name], contract["methods"][name]

    assert set(ours.types) == set(theirs["args"])
    assert set(ours.required) == {arg for arg, of in theirs["args"].items() if of["required"]}
    for arg, type in ours.types.items():
        documented = theirs["args"][arg].get("type")
        assert documented is None or documented in TYPES[type], arg
    assert set(ours.scopes) == set(theirs["scopes"].get("bot", ()))
    assert theirs["rate_limit"].startswith(f"Tier {ours.tier}" if ours.tier else "Special")
    assert {e for e in ours.errors if (name, e) not in UNVERIFIED} <= set(theirs["errors"])


def test_the_common_errors_are_slacks(contract):
    assert set(COMMON_ERRORS) - OWN_COMMON <= set(contract["common_errors"])


def test_every_method_of_the_table_is_carried_out():
    functions = {name for family in FAMILIES for name in family.METHODS}
    assert functions | {"apps.connections.open"} == set(METHODS)
