"""pins.*: what hangs at the top of a channel."""

from . import shapes
from .access import item, joined, living, visible
from .errors import SlackError
from .objects import BOT_USER

MOST = 100  # no document gives the number


def add(slack, args):
    channel = living(joined(slack, args["channel"]), "restricted_action")
    found = item(channel, args)
    if found.subtype not in (None, "thread_broadcast"):
        raise SlackError("not_pinnable")
    if found.ts in channel.pins:
        raise SlackError("already_pinned")
    if len(channel.pins) >= MOST:
        raise SlackError("too_many_pins")
    slack.workspace.pin(found, BOT_USER)
    return {}


def remove(slack, args):
    channel = visible(slack, args["channel"])
    found = item(channel, args)
    if found.ts not in channel.pins:
        raise SlackError("no_pin")
    slack.workspace.unpin(found, BOT_USER)
    return {}


def list_all(slack, args):
    channel = visible(slack, args["channel"])
    items = [
        {"type": "message", "channel": channel.id, "created": at, "created_by": by, "message": shapes.message(m)}
        for m, by, at in channel.pins.values()
    ]
    return {"items": items}


METHODS = {"pins.add": add, "pins.remove": remove, "pins.list": list_all}
