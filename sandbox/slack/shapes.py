"""Slack's JSON for the workspace's objects."""

from . import zones
from .objects import APP, BOT, BOT_USER, TEAM, Ephemeral


def user(person, now, with_email):
    """`now` decides whether it is summer where the person lives. Of a closed account Slack tells less."""
    shape = {
        "id": person.id,
        "team_id": person.team,
        "name": person.name,
        "deleted": person.deactivated,
        "profile": _profile(person, with_email),
        "is_bot": person.bot,
        "is_app_user": False,
        "updated": person.updated,
    }
    if person.deactivated:
        return shape
    return shape | {
        "color": "9f69e7",
        "real_name": person.real_name,
        **zones.of(person.zone, now),
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest or person.single_channel,
        "is_ultra_restricted": person.single_channel,
        **({"is_stranger": True} if person.stranger else {}),
    }


def _profile(person, with_email):
    profile = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "avatar_hash": "",
        "fields": None,
        "team": person.team,
    }
    profile |= dict.fromkeys(("title", "phone", "skype", "status_text", "status_emoji"), "")
    if person.bot:
        profile |= {"api_app_id": APP, "bot_id": BOT, "always_active": True}
    return profile | ({"email": person.email} if with_email and person.email else {})


def usergroup(group, users, count):
    """`users` and `count`: whether the members, and how many they are, are told."""
    shape = {
        "id": group.id,
        "team_id": TEAM,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.disabled or group.created,
        "date_delete": group.disabled,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": "U0001",
        "updated_by": "U0001",
        "deleted_by": "U0001" if group.disabled else None,
        "prefs": {"channels": [], "groups": []},
    }
    shape |= {"users": group.users} if users else {}
    return shape | ({"user_count": len(group.users)} if count else {})


def channel(room, num_members=False):
    if room.kind == "im":
        return _direct(room)
    shape = {
        "id": room.id,
        "name": room.name,
        "name_normalized": room.name,
        "is_channel": room.kind == "public",
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": room.private,
        "is_general": room.id == "C0GENERAL",
        "created": room.created,
        "creator": room.creator,
        "is_archived": room.archived,
        "is_member": BOT_USER in room.members,
        "context_team_id": TEAM,
        "topic": _line(room, "topic"),
        "purpose": _line(room, "purpose"),
        "previous_names": room.previous_names,
        "parent_conversation": None,
        "unlinked": 0,
        "shared_team_ids": [TEAM],
        "pending_shared": [],
        "pending_connected_team_ids": [],
    }
    shape |= dict.fromkeys(("is_shared", "is_org_shared", "is_ext_shared", "is_pending_ext_shared"), False)
    return shape | ({"num_members": len(room.members)} if num_members else {})


def _direct(room):
    return {
        "id": room.id,
        "created": room.created,
        "is_im": True,
        "is_org_shared": False,
        "is_archived": False,
        "context_team_id": TEAM,
        "user": room.name,
        "priority": 0,
    }


def _line(room, name):
    by, at = room.set_by.get(name, ("", 0))
    return {"value": getattr(room, name), "creator": by, "last_set": at}


def message(words, metadata=False):
    """`metadata`: whether its own is shown; Slack keeps it back unless it is asked for."""
    ephemeral = isinstance(words, Ephemeral)  # those name whom they are for, and the bot wrote them
    author = BOT_USER if ephemeral else words.user
    shape = {"type": "message", "user": author, "ts": words.ts, "team": TEAM, "text": words.text}
    if author == BOT_USER:
        shape |= {"bot_id": BOT, "app_id": APP}
    if ephemeral:
        shape["is_ephemeral"] = True
    for name in ("subtype", "blocks", "attachments", "thread_ts", *(("metadata",) if metadata else ())):
        if value := getattr(words, name, None):
            shape[name] = value
    if edited := getattr(words, "edited", None):
        shape["edited"] = {"user": words.user, "ts": edited}
    if reactions := getattr(words, "reactions", None):
        shape["reactions"] = [{"name": n, "users": u, "count": len(u)} for n, u in reactions.items()]
    return shape if ephemeral else shape | _thread(words)


def _thread(words):
    """What a reply says of its parent, or a parent of its replies."""
    parent = words.channel.index.get(words.thread_ts)
    if parent is not None and parent is not words:
        return {"parent_user_id": parent.user}
    replies = words.channel.threads.get(words.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": words.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users[:5],
        "latest_reply": replies[-1].ts,
        "subscribed": BOT_USER in users,
        "is_locked": False,
    }


def place(room):
    """The channel as payloads name it."""
    return {"id": room.id, "name": "directmessage" if room.kind == "im" else room.name}


def person(who):
    """The user as payloads name them."""
    return {"id": who.id, "username": who.name, "name": who.name, "team_id": who.team}
