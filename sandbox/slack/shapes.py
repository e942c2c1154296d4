"""Slack's JSON for the workspace's objects."""

from .workspace import APP, BOT, BOT_USER, TEAM, Ephemeral


def user(person, with_email):
    profile = {"real_name": person.real_name, "display_name": person.name}
    if with_email and person.email:
        profile["email"] = person.email
    return {
        "id": person.id,
        "team_id": TEAM,
        "name": person.name,
        "deleted": False,
        "real_name": person.real_name,
        "tz": "Europe/London",
        "tz_label": "Greenwich Mean Time",
        "tz_offset": 0,
        "profile": profile,
        "is_admin": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "is_bot": person.bot,
    }


def channel(room, num_members=False):
    if room.kind == "im":
        return {"id": room.id, "created": room.created, "is_im": True, "user": room.name, "is_archived": False}
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
        "topic": {"value": room.topic, "creator": "", "last_set": 0},
        "purpose": {"value": room.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
    }
    return shape | ({"num_members": len(room.members)} if num_members else {})


def message(words):
    ephemeral = isinstance(words, Ephemeral)  # those name whom they are for, and the bot wrote them
    author = BOT_USER if ephemeral else words.user
    shape = {"type": "message", "user": author, "ts": words.ts, "team": TEAM, "text": words.text}
    if author == BOT_USER:
        shape |= {"bot_id": BOT, "app_id": APP}
    if ephemeral:
        shape["is_ephemeral"] = True
    for name in ("subtype", "blocks", "attachments", "thread_ts", "metadata"):
        if value := getattr(words, name, None):
            shape[name] = value
    if edited := getattr(words, "edited", None):
        shape["edited"] = {"user": words.user, "ts": edited}
    if reactions := getattr(words, "reactions", None):
        shape["reactions"] = [{"name": n, "users": u, "count": len(u)} for n, u in reactions.items()]
    return shape


def place(room):
    """The channel as payloads name it."""
    return {"id": room.id, "name": "directmessage" if room.kind == "im" else room.name}


def person(who):
    """The user as payloads name them."""
    return {"id": who.id, "username": who.name, "name": who.name, "team_id": TEAM}
