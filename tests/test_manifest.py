"""The manifest is pasted once, so what Slack would refuse or ignore in it must fail here."""

import re
from pathlib import Path

import pytest
import yaml

from tests.contracts_folder import contract

MANIFEST = yaml.safe_load((Path(__file__).parent.parent / "manifest.yaml").read_text(encoding="utf-8"))
SCOPES = MANIFEST["oauth_config"]["scopes"]["bot"]
EVENTS = MANIFEST["settings"]["event_subscriptions"]["bot_events"]

# No Web API method asks for these two: one lets commands in, the other widens chat:write.
OUTSIDE_THE_METHOD_TABLE = {"commands", "chat:write.public"}
SCOPE_OF_EVENT = {"channel": "channels:read", "group": "groups:read", "reaction": "reactions:read"}


def test_everything_arrives_over_socket_mode():
    settings = MANIFEST["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert not re.search(r"https?://", str(MANIFEST))


def test_names_and_texts_are_within_slacks_limits():
    information, features = MANIFEST["display_information"], MANIFEST["features"]
    assert len(information["name"]) <= 35
    assert len(information["description"]) <= 140
    assert len(features["bot_user"]["display_name"]) <= 80
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24, shortcut
        assert len(shortcut["description"]) <= 150, shortcut
        assert len(shortcut["callback_id"]) <= 255, shortcut


def test_the_command_is_incident_and_its_words_arrive_as_typed():
    [command] = MANIFEST["features"]["slash_commands"]
    assert command["command"] == "/incident"
    assert command["should_escape"] is False
    assert len(command["usage_hint"]) <= 1000
    assert len(command["description"]) <= 2000


def test_the_shortcuts_are_one_global_and_four_on_messages():
    shortcuts = {each["callback_id"]: each["type"] for each in MANIFEST["features"]["shortcuts"]}
    assert shortcuts == {
        "declare_incident": "global",
        "declare_from_message": "message",
        "add_to_timeline": "message",
        "make_action_item": "message",
        "publish_update": "message",
    }


@pytest.mark.parametrize("names", [SCOPES, EVENTS], ids=["scopes", "events"])
def test_nothing_is_asked_for_twice(names):
    assert len(names) == len(set(names))


def test_every_scope_is_one_that_a_bot_can_have():
    methods = contract("slack/methods.json")["methods"].values()
    known = {scope for method in methods for scope in (method.get("scopes") or {}).get("bot", [])}
    assert set(SCOPES) - known == OUTSIDE_THE_METHOD_TABLE


@pytest.mark.parametrize("kind", ["channels", "groups", "im"])
def test_what_may_be_posted_again_may_be_looked_up_first(kind):
    assert f"{kind}:history" in SCOPES


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_the_scope_without_which_slack_sends_nothing(event):
    needed = SCOPE_OF_EVENT.get(event.split("_")[0])
    assert needed is None or needed in SCOPES


def test_every_scope_says_why_it_is_asked_for():
    text = (Path(__file__).parent.parent / "manifest.yaml").read_text(encoding="utf-8")
    for scope in SCOPES:
        assert re.search(rf"^ +- {re.escape(scope)} # \S", text, re.MULTILINE), scope
