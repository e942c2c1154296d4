"""conversations.* and users.conversations that only read."""

import re

from . import shapes
from .access import message, page, visible
from .errors import SlackError
from .objects import BOT_USER

KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def info(slack, args):
    channel = visible(slack, args["channel"])
    return {"channel": shapes.channel(channel, num_members=args.get("include_num_members"))}


def history(slack, args):
    channel = visible(slack, args["channel"])
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    found = [channel.index[ts] for ts in reversed(_range(channel, args))]
    roots = [m for m in found if m.thread_ts in (None, m.ts) or m.subtype == "thread_broadcast"]
    return _messages(roots, args) | {
        "pin_count": len(channel.pins),
        "channel_actions_count": 0,
        "channel_actions_ts": None,
    }


def replies(slack, args):
    channel = visible(slack, args["channel"])
    if BOT_USER not in channel.members:
        raise SlackError("channel_not_found")
    if args["ts"] not in channel.index:
        raise SlackError("thread_not_found")
    within = set(_range(channel, args))
    some = [reply for reply in channel.threads.get(args["ts"], ()) if reply.ts in within]
    return _messages([message(channel, args["ts"]), *some], args, default=999)


def members(slack, args):
    some, metadata = page(list(visible(slack, args["channel"]).members), args, most=1000)
    return {"members": some, "response_metadata": metadata}


def list_all(slack, args):
    return _channels(_seen(slack), args)


def of_user(slack, args):
    user = args.get("user", BOT_USER)
    return _channels((c for c in _seen(slack) if user in c.members), args)


def _seen(slack):
    """What the bot may know of: others' private rooms stay theirs."""
    return (c for c in slack.workspace.channels.values() if c.kind != "private" or BOT_USER in c.members)


def _channels(channels, args):
    wanted = args.get("types", "public_channel").split(",")
    if not set(wanted) <= set(KINDS):
        raise SlackError("invalid_types")
    kinds = {KINDS[w] for w in wanted}
    found = [c for c in channels if c.kind in kinds and not (c.archived and args.get("exclude_archived"))]
    some, metadata = page(found, args)
    return {"channels": [shapes.channel(c, num_members=True) for c in some], "response_metadata": metadata}


def _range(channel, args):
    for name in ("oldest", "latest"):
        if name in args and not re.fullmatch(r"\d+(\.\d+)?", args[name]):
            raise SlackError(f"invalid_ts_{name}")
    return channel.between(args.get("oldest"), args.get("latest"), args.get("inclusive", False))


def _messages(found, args, default=100):
    some, metadata = page(found, args, default, strict=False)
    shown = [shapes.message(m, args.get("include_all_metadata")) for m in some]
    return {"messages": shown, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}


METHODS = {
    "conversations.info": info,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.members": members,
    "conversations.list": list_all,
    "users.conversations": of_user,
}
