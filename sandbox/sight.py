"""What one person sees of the workspace: channels in a line each, messages by the page. It keeps the read marks."""

from .slack import shapes
from .slack.workspace import Impossible

PAGE = 50
MOST_PER_PAGE = 200
UNREAD_CAP = 100  # nobody reads a larger figure
PREVIEW = 80


class Sight:
    """Over a `workspace`. Who has read how far is kept here, so that all windows of one person agree."""

    def __init__(self, workspace):
        self._workspace = workspace
        self._read = {}  # (user id, channel id) -> ts

    # people and channels

    def people(self):
        kept = ("id", "name", "real_name", "bot")
        everybody = self._workspace.users.values()
        return [{name: getattr(user, name) for name in kept} | {"guest": user.restricted} for user in everybody]

    def usergroups(self):
        groups = (group for group in self._workspace.usergroups.values() if not group.disabled)
        return [{"id": group.id, "handle": group.handle, "name": group.name} for group in groups]

    def sees(self, user, channel):
        """Members see it; public channels everybody but guests."""
        known = self._workspace.channels.get(channel.id) is channel
        return known and (user in channel.members or (channel.kind == "public" and not self._guest(user)))

    def _guest(self, user):
        return self._workspace.users[user].restricted

    def channels(self, user):
        return [self.line(user, c) for c in self._workspace.channels.values() if self.sees(user, c)]

    def line(self, user, channel):
        """A channel as the sidebar and its header need it."""
        return {
            "id": channel.id,
            "name": channel.name,
            "kind": channel.kind,
            "archived": channel.archived,
            "topic": channel.topic,
            "purpose": channel.purpose,
            "creator": channel.creator,
            "created": channel.created,
            "members": list(channel.members),
            "bookmarks": list(channel.bookmarks.values()),
            "pins": [{"ts": m.ts, "text": m.text[:PREVIEW], "by": by} for m, by, _ in channel.pins.values()],
            "count": len(channel.order),
            "latest": channel.order[-1] if channel.order else "",
            "read": self._read.get((user, channel.id), ""),
            "unread": self._unread(user, channel),
        }

    def _unread(self, user, channel):
        if user not in channel.members:
            return 0
        count = 0
        for ts in reversed(channel.order):
            if ts <= self._read.get((user, channel.id), "") or count == UNREAD_CAP:
                break
            message = channel.index[ts]
            count += message.user != user and not message.subtype
        return count

    def read(self, user, channel, ts):
        """Read up to there; never less than before."""
        self._read[user, channel.id] = max(ts, self._read.get((user, channel.id), ""))

    def channel(self, user, id):
        """Raises Impossible for a channel that the person does not see."""
        found = self._workspace.find_channel(id or "")
        if found is None or not self.sees(user, found):
            raise Impossible(f"you see no channel {id!r}")
        return found

    # messages

    def stands(self, words):
        """Whether it has not been deleted."""
        if hasattr(words, "revisions"):
            return words.channel.index.get(words.ts) is words
        return words in self._workspace.ephemerals.get(words.user, ())

    def message(self, words):
        """A message, or words for one person alone, with what hangs on it."""
        shape = shapes.message(words)
        replies = words.channel.threads.get(words.ts, ()) if hasattr(words, "revisions") else ()
        replies = [r for r in replies if r.ts in words.channel.index]
        if replies:
            who = dict.fromkeys(reply.user for reply in replies)
            shape |= {"reply_count": len(replies), "reply_users": list(who), "latest_reply": replies[-1].ts}
        if len(getattr(words, "revisions", ())) > 1:
            shape["revisions"] = len(words.revisions)
        if words.ts in words.channel.pins:
            shape["pinned_by"] = words.channel.pins[words.ts][1]
        return shape

    def history(self, user, channel, before="", after="", around="", limit=PAGE):
        """One page of the channel's messages, oldest first; without a cursor the newest."""
        tops = [ts for ts in channel.order if _at_top(channel.index[ts])]
        limit = max(1, min(limit, MOST_PER_PAGE))
        start, end = _page(tops, before, after, around, limit)
        shown = tops[start:end]
        messages = [self.message(channel.index[ts]) for ts in shown]
        since, until = shown[0] if start else "", shown[-1] if end < len(tops) and shown else "~"
        whispers = [e for e in self._whispers(user, channel) if since <= e.ts <= until]
        messages += [self.message(words) for words in whispers]
        return {
            "messages": sorted(messages, key=lambda shape: shape["ts"]),
            "more_before": start > 0,
            "more_after": end < len(tops),
        }

    def thread(self, channel, ts):
        """The message and all its replies. Raises Impossible."""
        if ts not in channel.index:
            raise Impossible("there is no such message")
        replies = [reply for reply in channel.threads.get(ts, ()) if reply.ts in channel.index]
        return {"messages": [self.message(words) for words in (channel.index[ts], *replies)]}

    def _whispers(self, user, channel):
        return [words for words in self._workspace.ephemerals.get(user, ()) if words.channel is channel]


def _at_top(message):
    return message.thread_ts in (None, message.ts)


def _page(tops, before, after, around, limit):
    """From which to which, as indexes."""
    if after:
        start = next((i for i, ts in enumerate(tops) if ts > after), len(tops))
        return start, min(start + limit, len(tops))
    if around:
        middle = next((i for i, ts in enumerate(tops) if ts >= around), len(tops))
        start = max(middle - limit // 2, 0)
        return start, min(start + limit, len(tops))
    end = next((i for i, ts in enumerate(tops) if ts >= before), len(tops)) if before else len(tops)
    return max(end - limit, 0), end
