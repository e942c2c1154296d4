"""The state of the workspace: people, channels, messages. Knows no HTTP and no permissions; those are the Web API's."""

from itertools import count

from .naming import named
from .objects import APP, BOT, BOT_USER, TEAM, Channel, Ephemeral, Message, User, UserGroup


class Impossible(Exception):
    """What a person cannot do in this workspace, in words."""


class Workspace:
    def __init__(self, clock, changed=lambda _what=None: None):
        self.clock = clock
        self.changed = changed
        self.emit = lambda _event, _channel: None  # where events go; set by who sends them
        self.bots_may_unarchive = False  # no document says whether Slack lets a bot token do it
        self.users, self.usergroups = {}, {}
        self.channels, self.names, self._dms = {}, {}, {}
        self.ephemerals = {}  # user id -> list
        self._handles, self._emails = {}, {}
        self._last_ts, self._ids = 0, {}
        self._furnish()

    def _furnish(self):
        for user in (
            User("U0001", "ana", "Ana", "ana@example.com", zone="Europe/Amsterdam"),
            User("U0002", "ben", "Ben", "ben@example.com", zone="America/New_York"),
            User("U0003", "chris", "Chris", "chris@example.com", zone="Asia/Kolkata"),
            User("U0009", "guest", "Guest", "guest@example.com", guest=True),
            User(BOT_USER, "muster", "Muster", bot=True),
        ):
            self.add_user(user)
        people = ("U0001", "U0002", "U0003")
        self.add_channel("general", "U0001", people, id="C0GENERAL")
        self.add_channel("incidents", "U0001", (*people, BOT_USER), id="C0INCIDENTS")
        self.add_channel("dev-team", "U0001", (*people, BOT_USER), id="C0DEVTEAM")
        self.add_usergroup("dba", ["U0002", "U0003"], "Database administrators", id="S0DBA")

    # who and where

    def add_user(self, user):
        self.users[user.id] = self._handles[user.name] = user
        self._emails[user.email] = user
        user.updated = self.seconds()
        return user

    def deactivate(self, user):
        """The account is closed: gone from every channel and group, still known by its id."""
        user.deactivated, user.updated = True, self.seconds()
        for channel in self.channels.values():
            if channel.kind != "im" and user.id in channel.members:
                self.leave(channel, user.id)
        for group in self.usergroups.values():
            group.users = [member for member in group.users if member != user.id]
        self.changed()

    def add_usergroup(self, handle, users, name="", id=None):
        group = UserGroup(id or self.new_id("S"), handle, name or handle, list(users), self.seconds())
        self.usergroups[group.id] = group
        return group

    def user(self, who):
        """By id or handle. Raises Impossible."""
        found = self.users.get(who) or self._handles.get(who.removeprefix("@"))
        if found is None:
            raise Impossible(f"nobody here is called {who!r}; there are {', '.join(sorted(self._handles))}")
        return found

    def user_by_email(self, email):
        return self._emails.get(email)

    def find_channel(self, where):
        return self.channels.get(where) or self.channels.get(self.names.get(where.removeprefix("#"), ""))

    def channel(self, where):
        """By id, name or #name. Raises Impossible."""
        found = self.find_channel(where)
        if found is None:
            raise Impossible(f"there is no channel {where!r}")
        return found

    def messages(self, where, system=False):
        """What was said in a channel, oldest first; with `system`, the workspace's own lines (joined, archived) too."""
        return [m for m in self.channel(where).messages if system or m.subtype is None]

    def dm(self, user_id):
        """The direct channel between a person and the bot, opened when there is none."""
        if user_id not in self._dms:
            channel = Channel(
                self.new_id("D"), user_id, "im", BOT_USER, self.seconds(), {user_id: None, BOT_USER: None}
            )
            self._dms[user_id] = self.channels[channel.id] = channel
            self.changed(channel)
        return self._dms[user_id]

    def dms(self, who):
        """What the bot and a person wrote to each other."""
        channel = self._dms.get(self.user(who).id)
        return channel.messages if channel else []

    # ids and times

    def new_id(self, letter):
        return f"{letter}{next(self._ids.setdefault(letter, count(1))):08d}"

    def seconds(self):
        return int(self.clock.now().timestamp())

    def next_ts(self):
        """Unique and increasing, even when the clock was moved back."""
        self._last_ts = max(self._last_ts + 1, int(self.clock.now().timestamp() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # channels

    def add_channel(self, name, creator, members=(), kind="public", id=None):
        channel = Channel(id or self.new_id("C"), name, kind, creator, self.seconds(), dict.fromkeys(members))
        self.channels[channel.id] = channel
        self.names[name] = channel.id
        self.changed(channel)
        return channel

    def rename(self, channel, name, by):
        old, channel.name = channel.name, name
        channel.previous_names.append(old)
        del self.names[old]
        self.names[name] = channel.id
        self._line(
            channel, by, "channel_name", f"has renamed the channel from {old} to {name}", old_name=old, name=name
        )
        self._room("rename", channel, channel={"id": channel.id, "name": name, "created": channel.created})

    def archive(self, channel, by):
        self._line(channel, by, "channel_archive", "archived the channel")
        channel.archived = True
        self._room("archive", channel, channel=channel.id, user=by)

    def unarchive(self, channel, by):
        channel.archived = False
        self._line(channel, by, "channel_unarchive", "un-archived the channel")
        self._room("unarchive", channel, channel=channel.id, user=by)

    def delete_channel(self, channel, by):
        del self.channels[channel.id]
        del self.names[channel.name]
        self._room("deleted", channel, channel=channel.id, actor_id=by)

    def join(self, channel, user, inviter=None):
        channel.members[user] = None
        extra = {"inviter": inviter} if inviter else {}
        self._line(channel, user, "channel_join", "has joined the channel", **extra)
        self._happened(
            "member_joined_channel", channel, user=user, channel=channel.id, channel_type=letter(channel), **extra
        )

    def leave(self, channel, user, by=None):
        del channel.members[user]
        self._line(channel, user, "channel_leave", "has left the channel")
        self._happened("member_left_channel", channel, user=user, channel=channel.id, channel_type=letter(channel))
        if user == BOT_USER:
            self._room("left", channel, channel=channel.id, actor_id=by or user)

    def set_topic(self, channel, text, by):
        channel.topic, channel.set_by["topic"] = text, (by, self.seconds())
        self._line(channel, by, "channel_topic", f"set the channel topic: {text}", topic=text)

    def set_purpose(self, channel, text, by):
        channel.purpose, channel.set_by["purpose"] = text, (by, self.seconds())
        self._line(channel, by, "channel_purpose", f"set the channel purpose: {text}", purpose=text)

    # messages

    def post(self, channel, user, text, blocks=(), **fields):
        message = Message(self.next_ts(), channel, user, text, named(blocks, self.new_id), **fields)
        channel.index[message.ts] = message
        channel.order.append(message.ts)
        if message.thread_ts:
            channel.threads.setdefault(message.thread_ts, []).append(message)
        self._message_event(channel, message)
        return message

    def edit(self, message, text, blocks, flag=True):
        message.text, message.blocks = text, named(blocks, self.new_id)
        message.edited = self.next_ts() if flag else message.edited
        message.keep()
        self.changed(message)

    def delete(self, message):
        """What has replies leaves a stone, so that they keep their place."""
        channel = message.channel
        channel.pins.pop(message.ts, None)
        if channel.threads.get(message.ts):
            message.user, message.subtype, message.reactions = "USLACKBOT", "tombstone", {}
            return self.edit(message, "This message was deleted.", [], flag=False)
        del channel.index[message.ts]
        channel.order.remove(message.ts)
        if message.thread_ts:
            channel.threads[message.thread_ts].remove(message)
        return self.changed(message)

    def whisper(self, channel, user, text, blocks, source):
        words = Ephemeral(self.next_ts(), channel, user, text, named(blocks, self.new_id), source)
        self.ephemerals.setdefault(user, []).append(words)
        self.changed(words)
        return words

    def unwhisper(self, words):
        self.ephemerals[words.user].remove(words)
        self.changed(words)

    def rewhisper(self, words, text, blocks):
        words.text, words.blocks = text, named(blocks, self.new_id)
        self.changed(words)

    def pin(self, message, by):
        message.channel.pins[message.ts] = (message, by, self.seconds())
        self._happened("pin_added", message, user=by, channel_id=message.channel.id, item=_item(message))

    def unpin(self, message, by):
        del message.channel.pins[message.ts]
        self._happened("pin_removed", message, user=by, channel_id=message.channel.id, item=_item(message))

    def react(self, message, name, by):
        message.reactions.setdefault(name, []).append(by)
        self._reaction("reaction_added", message, name, by)

    def unreact(self, message, name, by):
        message.reactions[name].remove(by)
        if not message.reactions[name]:
            del message.reactions[name]
        self._reaction("reaction_removed", message, name, by)

    def _reaction(self, kind, message, name, by):
        item = {"type": "message", "channel": message.channel.id, "ts": message.ts}
        self._happened(kind, message, user=by, reaction=name, item_user=message.user, item=item)

    def _line(self, channel, user, subtype, text, **extra):
        self.post(channel, user, f"<@{user}> {text}", subtype=subtype, extra=extra)

    def _message_event(self, channel, message):
        kind = {"public": "channel", "private": "group", "im": "im"}[channel.kind]
        event = {"user": message.user, "text": message.text, "ts": message.ts, "team": TEAM}
        event |= {"subtype": message.subtype} if message.subtype else {}
        event |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
        event |= {"bot_id": BOT, "app_id": APP} if message.user == BOT_USER else {}
        event |= {"blocks": message.blocks} if message.blocks else {}
        self._happened("message", message, channel=channel.id, channel_type=kind, **event, **message.extra)

    def _room(self, what, channel, /, **fields):
        self._happened(f"{'group' if channel.kind == 'private' else 'channel'}_{what}", channel, **fields)

    def _happened(self, type, what, /, **fields):
        """`what`: the channel or the message that it happened to."""
        channel = what.channel if isinstance(what, Message) else what
        self.emit({"type": type, **fields, "event_ts": fields.get("ts") or self.next_ts()}, channel)
        self.changed(what)


def letter(channel):
    return {"public": "C", "private": "G", "im": "D"}[channel.kind]


def _item(message):
    return {"type": "message", "channel": message.channel.id, "message": {"ts": message.ts, "text": message.text}}
