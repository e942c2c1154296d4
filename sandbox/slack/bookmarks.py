"""bookmarks.*: the links at the top of a channel."""

from .access import visible
from .errors import SlackError
from .objects import BOT_USER

MOST = 100  # no document gives the number


def add(slack, args):
    channel = _channel(slack, args)
    if args["type"] != "link":
        raise SlackError("invalid_bookmark_type")
    _check_link(args.get("link", ""))
    if len(channel.bookmarks) >= MOST:
        raise SlackError("too_many_bookmarks")
    bookmark = {
        "id": slack.workspace.new_id("Bk"),
        "channel_id": channel.id,
        "title": args["title"],
        "link": args["link"],
        "emoji": args.get("emoji", ""),
        "type": "link",
        "date_created": slack.workspace.seconds(),
        "date_updated": 0,
        "last_updated_by_user_id": BOT_USER,
    }
    channel.bookmarks[bookmark["id"]] = bookmark
    slack.workspace.changed(channel)
    return {"bookmark": bookmark}


def edit(slack, args):
    channel = _channel(slack, args)
    bookmark = _bookmark(channel, args)
    if "link" in args:
        _check_link(args["link"])
    bookmark |= {key: args[key] for key in ("title", "link", "emoji") if key in args}
    bookmark["date_updated"] = slack.workspace.seconds()
    slack.workspace.changed(channel)
    return {"bookmark": bookmark}


def remove(slack, args):
    channel = _channel(slack, args)
    del channel.bookmarks[_bookmark(channel, args)["id"]]
    slack.workspace.changed(channel)
    return {}


def list_all(slack, args):
    return {"bookmarks": list(visible(slack, args.get("channel_id")).bookmarks.values())}


def _channel(slack, args):
    channel = visible(slack, args.get("channel_id"))
    if channel.archived or BOT_USER not in channel.members:
        raise SlackError("permission_denied")
    return channel


def _bookmark(channel, args):
    found = channel.bookmarks.get(args.get("bookmark_id"))
    if found is None:
        raise SlackError("not_found")
    return found


def _check_link(link):
    if not link.startswith(("http://", "https://")):
        raise SlackError("invalid_link")


METHODS = {
    "bookmarks.add": add,
    "bookmarks.edit": edit,
    "bookmarks.remove": remove,
    "bookmarks.list": list_all,
}
