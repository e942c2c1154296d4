"""reactions.*: emoji on messages."""

import re

from . import shapes
from .access import item, living, visible
from .errors import SlackError
from .objects import BOT_USER

MOST_EMOJI = 50  # on one message; no document gives the numbers
MOST_BY_ONE = 23
NAME = r"[a-z0-9_+'-]+(::skin-tone-[2-6])?"


def add(slack, args):
    channel = living(visible(slack, args["channel"]))
    name = args["name"]
    _check_name(name)
    found = item(channel, args)
    if BOT_USER in found.reactions.get(name, ()):
        raise SlackError("already_reacted")
    if name not in found.reactions and len(found.reactions) >= MOST_EMOJI:
        raise SlackError("too_many_emoji")
    if sum(BOT_USER in users for users in found.reactions.values()) >= MOST_BY_ONE:
        raise SlackError("too_many_reactions")
    slack.workspace.react(found, name, BOT_USER)
    return {}


def remove(slack, args):
    _check_name(args["name"])
    found = _message(slack, args)
    if BOT_USER not in found.reactions.get(args["name"], ()):
        raise SlackError("no_reaction")
    slack.workspace.unreact(found, args["name"], BOT_USER)
    return {}


def of_message(slack, args):
    found = _message(slack, args)
    return {"type": "message", "channel": found.channel.id, "message": shapes.message(found)}


def _message(slack, args):
    if "channel" not in args:
        raise SlackError("no_item_specified")
    return item(visible(slack, args["channel"]), args)


def _check_name(name):
    if not re.fullmatch(NAME, name):
        raise SlackError("invalid_name")


METHODS = {"reactions.add": add, "reactions.remove": remove, "reactions.get": of_message}
