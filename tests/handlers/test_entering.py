"""Whatever Slack sends says who it is and from where, as the sandbox sends it."""

import pytest

from handlers.slack.entering import whence
from sandbox.slack import envelopes
from sandbox.slack.objects import Channel, Message, User
from sandbox.slack.views import View

ANA = User("U0001", "ana", "Ana")
ROOM = Channel("C0ROOM", "inc-1", "public", "U0001", 0)
WORDS = Message("1.1", ROOM, "U0BOT", "x")
HOME = View("V1", "U0001", {"type": "home", "blocks": []}, "h", "V1")
MODAL = View("V2", "U0001", {"type": "modal", "blocks": []}, "h", "V2")
BUTTON = {"type": "button", "action_id": "ack", "block_id": "b"}
MENU = {"type": "static_select", "action_id": "pick:ack", "block_id": "b"}


def heard(kind, **more):
    return envelopes.event({"type": kind, "user": "U0001", **more}, "Ev1", 1)


BODIES = {
    "command": (envelopes.command(ANA, ROOM, "/incident", "ack", "t", "u"), ("U0001", "command", "C0ROOM")),
    "button": (envelopes.message_action(ANA, BUTTON, WORDS, {}, "t", "u", False), ("U0001", "button", "C0ROOM")),
    "menu": (envelopes.message_action(ANA, MENU, WORDS, {}, "t", "u", False), ("U0001", "menu", "C0ROOM")),
    "home": (envelopes.view_action(ANA, BUTTON, HOME, {}, "t"), ("U0001", "home", "")),
    "button of a form": (envelopes.view_action(ANA, BUTTON, MODAL, {}, "t"), ("U0001", "button", "")),
    "form": (envelopes.submission(ANA, MODAL, {}, "t", []), ("U0001", "form", "")),
    "shortcut": (envelopes.shortcut(ANA, "declare_incident", "t", "1"), ("U0001", "shortcut", "")),
    "message shortcut": (
        envelopes.message_shortcut(ANA, "declare_from_message", WORDS, "t", "u", "1"),
        ("U0001", "shortcut", "C0ROOM"),
    ),
    "reaction": (heard("reaction_added", item={"channel": "C0ROOM", "ts": "1.1"}), ("U0001", "reaction", "C0ROOM")),
    "tab": (heard("app_home_opened", channel="D1", tab="home"), ("U0001", "home", "D1")),
    "by hand": (heard("channel_archive", channel="C0ROOM"), ("U0001", "slack", "C0ROOM")),
    "renamed": (heard("channel_rename", channel={"id": "C0ROOM", "name": "x"}), ("U0001", "slack", "C0ROOM")),
    "by nobody": (envelopes.event({"type": "channel_left", "channel": "C0ROOM"}, "Ev1", 1), ("", "slack", "C0ROOM")),
}


@pytest.mark.parametrize("kind", BODIES)
def test_whoever_speaks_is_known_with_the_door_and_the_place(kind):
    body, expected = BODIES[kind]
    assert whence(body) == expected
