"""What people do on the page besides speaking with the bot: threads, pins, membership, read marks, the bot itself."""

from .slack.workspace import Impossible

LONGEST_TOPIC = 250
LONGEST_MESSAGE = 40_000


class Deeds:
    """Each takes what the page sent, with the person under `as`. Raises Impossible, or KeyError for what is missing."""

    def __init__(self, sandbox, sight):
        self._sandbox, self._sight = sandbox, sight
        self._workspace = sandbox.slack.workspace

    def all(self):
        return {
            "post": self._post,
            "dismiss": self._dismiss,
            "unreact": self._unreact,
            "pin": self._pin,
            "unpin": self._unpin,
            "join": self._join,
            "invite": self._invite,
            "remove": self._remove,
            "topic": self._topic,
            "read": self._read,
            "end_fault": self._end_fault,
            "bot": self._bot,
        }

    def _who(self, given):
        return self._workspace.user(given.get("as", "ana")).id

    def _channel(self, given):
        return self._sight.channel(self._who(given), given["channel"])

    def _living(self, given):
        channel = self._channel(given)
        if channel.archived:
            raise Impossible(f"#{channel.name} is archived")
        return channel

    def _message(self, given):
        found = self._channel(given).index.get(given["ts"])
        if found is None:
            raise Impossible("there is no such message")
        return found

    async def _post(self, given):
        """Words, in a thread too; whoever writes in a public channel joins it."""
        channel, who = self._living(given), self._who(given)
        if not given["text"].strip():
            raise Impossible("write something first")
        if len(given["text"]) > LONGEST_MESSAGE:
            raise Impossible(f"a message has at most {LONGEST_MESSAGE:,} characters")
        if who not in channel.members:
            self._workspace.join(channel, who)
        said = self._sandbox.people.post(who, channel.id, given["text"], given.get("thread_ts"))
        self._sight.read(who, channel, said.ts)
        self._workspace.changed(channel)
        return {"ts": said.ts}

    async def _dismiss(self, given):
        """Words for one person alone, which that person has read."""
        whispers = self._workspace.ephemerals.get(self._who(given), ())
        for words in [each for each in whispers if (each.channel.id, each.ts) == (given["channel"], given["ts"])]:
            self._workspace.unwhisper(words)

    async def _unreact(self, given):
        message, who = self._message(given), self._who(given)
        if who in message.reactions.get(given["name"], ()):
            self._workspace.unreact(message, given["name"], who)

    async def _pin(self, given):
        message = self._message(given)
        if message.ts not in message.channel.pins:
            self._workspace.pin(message, self._who(given))

    async def _unpin(self, given):
        message = self._message(given)
        if message.ts in message.channel.pins:
            self._workspace.unpin(message, self._who(given))

    async def _join(self, given):
        channel, who = self._living(given), self._who(given)
        if who not in channel.members:
            self._workspace.join(channel, who)

    async def _invite(self, given):
        channel, guest = self._living(given), self._workspace.user(given["user"])
        if guest.id in channel.members:
            raise Impossible(f"{guest.real_name} is in #{channel.name} already")
        self._workspace.join(channel, guest.id, inviter=self._who(given))

    async def _remove(self, given):
        """Also oneself: that is leaving."""
        channel, gone = self._living(given), self._workspace.user(given["user"])
        if gone.id not in channel.members:
            raise Impossible(f"{gone.real_name} is not in #{channel.name}")
        self._workspace.leave(channel, gone.id, self._who(given))

    async def _topic(self, given):
        if len(given["text"]) > LONGEST_TOPIC:
            raise Impossible(f"a topic has at most {LONGEST_TOPIC} characters")
        self._workspace.set_topic(self._living(given), given["text"], self._who(given))

    async def _read(self, given):
        channel = self._channel(given)
        self._sight.read(self._who(given), channel, given["ts"])
        self._workspace.changed(channel)

    async def _end_fault(self, given):
        self._sandbox.faults.end(given["id"])

    async def _bot(self, given):
        """hold: kill it and leave it down. start: bring it back. page_by: start it anew, with this `pager` in use."""
        child = self._sandbox.child
        if child is None or given["do"] not in ("hold", "start", "page_by"):
            raise Impossible("nobody here keeps the bot's process")
        if given["do"] == "page_by":
            self._sandbox.page_by(given["pager"])
            return child.restart()
        return getattr(child, given["do"])()
