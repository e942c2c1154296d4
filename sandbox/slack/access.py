"""Which channel or message a call means, and whether the bot may touch it. Raises SlackError."""

import re

from .errors import SlackError
from .objects import BOT_USER


def visible(slack, where):
    """A channel by its id (a name is unknown here), if the bot can see it: private ones only as a member."""
    channel = slack.workspace.channels.get(where or "")
    if channel is None or (channel.kind == "private" and BOT_USER not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def joined(slack, where):
    channel = visible(slack, where)
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def group(slack, where):
    """A channel that is no direct message."""
    channel = visible(slack, where)
    if channel.kind == "im":
        raise SlackError("method_not_supported_for_channel_type")
    return channel


def living(channel, code="is_archived"):
    if channel.archived:
        raise SlackError(code)
    return channel


def member(channel):
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def item(channel, args):
    """The message that a pin or a reaction is about."""
    if "timestamp" not in args:
        raise SlackError("no_item_specified")
    if not re.fullmatch(r"\d+\.\d+", args["timestamp"]):
        raise SlackError("bad_timestamp")
    return message(channel, args["timestamp"])


def message(channel, ts):
    found = channel.index.get(ts)
    if found is None:
        raise SlackError("message_not_found")
    return found


def page(items, args, default=100, most=999, strict=True):
    """One page of a list and the cursor of the next (empty at the end). Not strict: a wrong limit is mended."""
    limit = args.get("limit", default)
    if strict and not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    limit = min(limit or default, most)
    cursor = args.get("cursor") or "next:0"
    if not (cursor.startswith("next:") and cursor[5:].isdigit()):
        raise SlackError("invalid_cursor")
    start = int(cursor[5:])
    more = start + limit < len(items)
    return items[start : start + limit], {"next_cursor": f"next:{start + limit}" if more else ""}
