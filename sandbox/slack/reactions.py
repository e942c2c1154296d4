"""reactions.*: emoji on messages."""

import re

from . import shapes
from .access import living, message, visible
from .errors import SlackError
from .workspace import BOT_USER


def add(slack, args):
    channel = living(visible(slack, args["channel"]))
    name = args["name"]
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    found = message(channel, args["timestamp"])
    if BOT_USER in found.reactions.get(name, ()):
        raise SlackError("already_reacted")
    slack.workspace.react(found, name, BOT_USER)
    return {}


def remove(slack, args):
    found = _message(slack, args)
    if BOT_USER not in found.reactions.get(args["name"], ()):
        raise SlackError("no_reaction")
    slack.workspace.unreact(found, args["name"], BOT_USER)
    return {}


def of_message(slack, args):
    found = _message(slack, args)
    return {"type": "message", "channel": found.channel.id, "message": shapes.message(found)}


def _message(slack, args):
    if "channel" not in args or "timestamp" not in args:
        raise SlackError("no_item_specified")
    return message(visible(slack, args["channel"]), args["timestamp"])


METHODS = {"reactions.add": add, "reactions.remove": remove, "reactions.get": of_message}
