"""chat.*: what the bot writes."""

from . import shapes
from .access import living, message, visible
from .blocks import breaches
from .errors import SlackError, invalid_arguments
from .objects import BOT_USER

CUT_AT = 40_000
EDIT_LIMIT = 4000
MARKDOWN_LIMIT = 12_000
MOST_ATTACHMENTS = 100


def post_message(slack, args):
    channel = _destination(slack, args["channel"])
    living(channel)
    if BOT_USER not in channel.members and "chat:write.public" not in slack.manifest.scopes:
        raise SlackError("not_in_channel")
    text, blocks = _content(args)
    parent = args.get("thread_ts")
    _check_thread(channel, parent)
    _check_metadata(args)
    posted = slack.workspace.post(
        channel,
        BOT_USER,
        text[:CUT_AT],
        blocks,
        thread_ts=parent,
        subtype="thread_broadcast" if parent and args.get("reply_broadcast") else None,
        metadata=args.get("metadata"),
    )
    warning = {"response_metadata": {"warnings": ["message_truncated"]}} if len(text) > CUT_AT else {}
    return {"channel": channel.id, "ts": posted.ts, "message": shapes.message(posted), **warning}


def update(slack, args):
    channel = living(visible(slack, args["channel"]), "is_inactive")
    old = message(channel, args["ts"])
    if old.user != BOT_USER or old.subtype not in (None, "thread_broadcast"):
        raise SlackError("cant_update_message")
    if len(args.get("text", "")) > EDIT_LIMIT:
        raise SlackError("msg_too_long")
    text, blocks = _content(args)
    slack.workspace.edit(old, text or old.text, blocks, flag="blocks" not in args)
    return {"channel": channel.id, "ts": old.ts, "text": old.text, "message": shapes.message(old)}


def delete(slack, args):
    channel = visible(slack, args["channel"])
    old = message(channel, args["ts"])
    if old.user != BOT_USER:
        raise SlackError("cant_delete_message")
    slack.workspace.delete(old)
    return {"channel": channel.id, "ts": old.ts}


def post_ephemeral(slack, args):
    channel = living(visible(slack, args["channel"]))
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    if args["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    if len(args.get("text", "")) > CUT_AT:
        raise SlackError("msg_too_long")
    text, blocks = _content(args)
    _check_thread(channel, args.get("thread_ts"))
    words = slack.workspace.whisper(channel, args["user"], text, blocks, "chat.postEphemeral")
    return {"message_ts": words.ts}


def get_permalink(slack, args):
    channel = visible(slack, args["channel"])
    found = message(channel, args["message_ts"])
    link = f"{slack.base_url}/archives/{channel.id}/p{found.ts.replace('.', '')}"
    if found.thread_ts:
        link += f"?thread_ts={found.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _destination(slack, where):
    """A user's id means the direct channel with that person; here alone a name is as good as an id."""
    person = slack.workspace.users.get(where)
    if person is not None and not person.bot and not person.deactivated:
        return slack.workspace.dm(where)
    named = slack.workspace.find_channel(where)
    return visible(slack, named.id if named else where)


def _check_thread(channel, parent):
    if parent is not None and parent not in channel.index:
        raise SlackError("cannot_reply_to_message")


def _check_metadata(args):
    match args.get("metadata"):
        case None | {"event_type": str(), "event_payload": dict()}:
            return
        case {"event_type": _, "event_payload": _}:
            raise SlackError("invalid_metadata_schema")
        case _:
            raise SlackError("invalid_metadata_format")


def _content(args):
    text, blocks = args.get("text", ""), args.get("blocks", [])
    if "markdown_text" in args:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        text = args["markdown_text"]
    if len(args.get("attachments", [])) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    if not (text or blocks or args.get("attachments")):
        raise SlackError("no_text")
    if problems := breaches(blocks):
        raise invalid_arguments(*problems, code="invalid_blocks", errors=problems)
    if sum(len(b["text"]) for b in blocks if b["type"] == "markdown") > MARKDOWN_LIMIT:
        raise SlackError("msg_blocks_too_long")
    return text, blocks


METHODS = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
}
