"""conversations.* that change a channel."""

import re

from . import shapes
from .access import group, living, member, visible
from .errors import SlackError
from .objects import BOT_USER

NAME_LIMIT = 80
TOPIC_LIMIT = 250
MOST_INVITED = 100


def create(slack, args):
    name = _checked_name(slack, args["name"])
    kind = "private" if args.get("is_private") else "public"
    return {"channel": shapes.channel(slack.workspace.add_channel(name, BOT_USER, (BOT_USER,), kind))}


def rename(slack, args):
    channel = living(member(group(slack, args["channel"])))
    if channel.creator != BOT_USER:
        raise SlackError("not_authorized")
    slack.workspace.rename(channel, _checked_name(slack, args["name"]), BOT_USER)
    return {"channel": shapes.channel(channel)}


def archive(slack, args):
    channel = group(slack, args["channel"])
    if channel.id == "C0GENERAL":
        raise SlackError("cant_archive_general")
    living(channel, "already_archived")
    slack.workspace.archive(member(channel), BOT_USER)
    return {}


def unarchive(slack, args):
    channel = group(slack, args["channel"])
    if not channel.archived:
        raise SlackError("not_archived")
    if not slack.workspace.bots_may_unarchive:
        raise SlackError("not_in_channel")
    slack.workspace.unarchive(channel, BOT_USER)
    return {}


def join(slack, args):
    channel = living(group(slack, args["channel"]))
    if BOT_USER in channel.members:
        warning = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        return {"channel": shapes.channel(channel), **warning}
    slack.workspace.join(channel, BOT_USER)
    return {"channel": shapes.channel(channel)}


def leave(slack, args):
    channel = living(group(slack, args["channel"]))
    if BOT_USER not in channel.members:
        return {"not_in_channel": True}
    if channel.id == "C0GENERAL":
        raise SlackError("cant_leave_general")
    if len(channel.members) == 1:
        raise SlackError("last_member")
    slack.workspace.leave(channel, BOT_USER)
    return {}


def invite(slack, args):
    channel = living(member(group(slack, args["channel"])))
    users = [u for u in args["users"].split(",") if u]
    if not users:
        raise SlackError("no_user")
    if len(users) > MOST_INVITED:
        raise SlackError("cant_invite")
    problems = {user: _obstacle(slack, channel, user) for user in users}
    bad = [{"user": user, "ok": False, "error": code} for user, code in problems.items() if code]
    good = [user for user, code in problems.items() if not code]
    if bad and not (args.get("force") and good):
        raise SlackError(bad[0]["error"], errors=bad)
    for user in good:
        slack.workspace.join(channel, user, inviter=BOT_USER)
    return {"channel": shapes.channel(channel)} | ({"errors": bad} if bad else {})


def kick(slack, args):
    channel = group(slack, args["channel"])
    user = args.get("user", "")
    if channel.id == "C0GENERAL":
        raise SlackError("cant_kick_from_general")
    member(channel)
    if user == BOT_USER:
        raise SlackError("cant_kick_self")
    if user not in slack.workspace.users:
        raise SlackError("user_not_found")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    slack.workspace.leave(channel, user, by=BOT_USER)
    return {}


def set_topic(slack, args):
    channel = living(member(group(slack, args["channel"])))
    slack.workspace.set_topic(channel, _short(args["topic"]), BOT_USER)
    return {"channel": shapes.channel(channel)}


def set_purpose(slack, args):
    channel = living(member(group(slack, args["channel"])))
    slack.workspace.set_purpose(channel, _short(args["purpose"]), BOT_USER)
    return {"channel": shapes.channel(channel)}


def open_dm(slack, args):
    if "channel" in args:
        return {"channel": shapes.channel(visible(slack, args["channel"]))}
    users = [u for u in args.get("users", "").split(",") if u]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("too_many_users")  # direct messages of several people are not part of this workspace
    if users[0] not in slack.workspace.users:
        raise SlackError("user_not_found")
    if slack.workspace.users[users[0]].deactivated:
        raise SlackError("user_disabled")
    channel = slack.workspace.dm(users[0])
    return {"channel": shapes.channel(channel) if args.get("return_im") else {"id": channel.id}}


def _short(text):
    if len(text) > TOPIC_LIMIT:
        raise SlackError("too_long")
    return text


def _checked_name(slack, name):
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > NAME_LIMIT:
        raise SlackError("invalid_name_maxlength")
    if re.fullmatch(r"[\W_]+", name):
        raise SlackError("invalid_name_punctuation")
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        raise SlackError("invalid_name_specials")
    if name in slack.workspace.names:
        raise SlackError("name_taken")
    return name


def _obstacle(slack, channel, user):
    if user == BOT_USER:
        return "cant_invite_self"
    if user not in slack.workspace.users:
        return "user_not_found"
    if user in channel.members:
        return "already_in_channel"
    person = slack.workspace.users[user]
    return "cant_invite" if person.restricted or person.deactivated else None


METHODS = {
    "conversations.create": create,
    "conversations.rename": rename,
    "conversations.archive": archive,
    "conversations.unarchive": unarchive,
    "conversations.join": join,
    "conversations.leave": leave,
    "conversations.invite": invite,
    "conversations.kick": kick,
    "conversations.setTopic": set_topic,
    "conversations.setPurpose": set_purpose,
    "conversations.open": open_dm,
}
