"""What people do in Slack: say, click, choose, submit. Returns when the bot has acknowledged, or after 3 s."""

from . import envelopes, forms
from .objects import BOT_USER
from .screen import Screen
from .sending import Sender
from .views import View
from .workspace import Impossible

TIMEOUT = "The app did not respond in time."


class People:
    def __init__(self, slack, record):
        self._slack, self._sender = slack, Sender(slack)
        self.screen = Screen(slack, record, self._sender)

    @property
    def last(self):
        """The Answer to the latest deed, or None."""
        return self._sender.last

    # words

    async def say(self, who, text, channel="#general"):
        """A slash command is sent to the bot and answered; anything else is posted."""
        room = self._slack.workspace.channel(channel)
        if not text.startswith("/"):
            return self.post(who, channel, text)
        name, _, rest = text.partition(" ")
        commands = self._slack.manifest.commands
        if commands is not None and name not in commands:
            raise Impossible(f"{name} is not a valid command; there are {', '.join(sorted(commands))}")
        person = self._slack.workspace.user(who)
        return await self._sender.send(
            person,
            room,
            "slash_commands",
            lambda trigger, url: envelopes.command(person, room, name, rest.strip(), trigger, url),
            accepts=True,
        )

    def post(self, who, channel, text, thread_ts=None):
        room = self._slack.workspace.channel(channel)
        return self._slack.workspace.post(room, self._slack.workspace.user(who).id, text, thread_ts=thread_ts)

    def write(self, who, text):
        """A direct message to the bot."""
        user = self._slack.workspace.user(who).id
        return self._slack.workspace.post(self._slack.workspace.dm(user), user, text)

    # buttons and menus

    async def click(self, who, label=None, channel=None, ts=None, action_id=None):
        """A button by its label or action_id: in a channel's newest message that has it (`dm`: in the direct messages);
        without a channel in the open modal, else the direct messages, else the Home tab."""
        person = self._slack.workspace.user(who)
        holder, (block, element) = self._seek(person, label, channel, ts, action_id, buttons=True)
        action = forms.pressed(block, element, self._slack.workspace.next_ts())
        return await self.screen.touched(person, holder, action)

    async def select(self, who, menu, option, channel=None, ts=None):
        """Choose from a menu, found by its action_id or placeholder."""
        person = self._slack.workspace.user(who)
        holder, (block, element) = self._seek(person, menu, channel, ts, None, buttons=False)
        state = forms.choice(element, option, self._slack.workspace)
        action = forms.action(block, element, state, self._slack.workspace.next_ts())
        return await self.screen.touched(person, holder, action)

    def _seek(self, person, label, channel, ts, action_id, buttons):
        for holder in self._holders(person, channel, ts):
            blocks = holder.content["blocks"] if isinstance(holder, View) else holder.blocks
            if found := forms.find(blocks, label, action_id, buttons):
                return holder, found
        where = f"in {channel}" if channel else "in a modal, the direct messages or the Home tab"
        raise Impossible(f"{person.name} sees no {'button' if buttons else 'menu'} {label or action_id!r} {where}")

    def _holders(self, person, channel, ts):
        """What the person can see there, the newest first."""
        views, workspace = self._slack.views, self._slack.workspace
        if channel is None:
            yield from filter(None, [views.top(person.id)])
        if channel in (None, "dm"):
            yield from reversed(workspace.dms(person.id))
            yield from filter(None, [views.homes.get(person.id)])
            return
        room = workspace.channel(channel)
        if ts is not None:
            yield from (m for m in [room.index.get(ts)] if m)
        whispers = [e for e in workspace.ephemerals.get(person.id, ()) if e.channel is room and ts in (None, e.ts)]
        messages = [] if ts else room.messages
        yield from sorted([*messages, *whispers], key=lambda words: words.ts, reverse=True)

    # modals and the Home tab

    def modal(self, who):
        """The View in front of a person, or None."""
        return self._slack.views.top(self._slack.workspace.user(who).id)

    def home(self, who):
        return self._slack.views.homes.get(self._slack.workspace.user(who).id)

    async def submit(self, who, given=None):
        """Fill in the open modal, by label or block_id, and submit it. The errors shown, by block_id; {} = none."""
        person = self._slack.workspace.user(who)
        view = self.modal(who)
        if view is None:
            raise Impossible(f"no modal is open in front of {person.name}")
        values, errors = forms.fill(view, given or {}, self._slack.workspace)
        if errors:
            return errors
        outcome = await self.screen.submitted(person, view, values)
        return {"timeout": TIMEOUT} if outcome.timeout else outcome.errors

    async def dismiss(self, who):
        """Close the open modal without submitting."""
        await self.screen.close(who)

    def open_home(self, who):
        self.screen.open_home(who)

    # shortcuts

    async def shortcut(self, who, callback_id):
        person = self._slack.workspace.user(who)
        self._known(callback_id)
        now = self._slack.workspace.next_ts()
        return await self._sender.send(
            person,
            None,
            "interactive",
            lambda trigger, _url: envelopes.shortcut(person, callback_id, trigger, now),
        )

    async def message_shortcut(self, who, callback_id, channel, ts=None):
        """On one message, the newest when no ts is given."""
        person = self._slack.workspace.user(who)
        self._known(callback_id)
        message, now = self.message(channel, ts), self._slack.workspace.next_ts()
        return await self._sender.send(
            person,
            message.channel,
            "interactive",
            lambda trigger, url: envelopes.message_shortcut(person, callback_id, message, trigger, url, now),
        )

    def _known(self, callback_id):
        shortcuts = self._slack.manifest.shortcuts
        if shortcuts is not None and callback_id not in shortcuts:
            raise Impossible(f"the app has no shortcut {callback_id!r}; there are {', '.join(sorted(shortcuts))}")

    def message(self, channel, ts=None):
        """The message of that ts, or the channel's newest. Raises Impossible."""
        room = self._slack.workspace.channel(channel)
        found = room.index.get(ts) if ts else next(iter(reversed(self._slack.workspace.messages(channel))), None)
        if found is None:
            raise Impossible(f"there is no such message in #{room.name}")
        return found

    # what people do to channels and messages

    def react(self, who, name, channel, ts=None):
        self._slack.workspace.react(self.message(channel, ts), name, self._slack.workspace.user(who).id)

    def unreact(self, who, name, channel, ts=None):
        self._slack.workspace.unreact(self.message(channel, ts), name, self._slack.workspace.user(who).id)

    def archive(self, channel, who="ana"):
        self._slack.workspace.archive(self._slack.workspace.channel(channel), self._slack.workspace.user(who).id)

    def unarchive(self, channel, who="ana"):
        self._slack.workspace.unarchive(self._slack.workspace.channel(channel), self._slack.workspace.user(who).id)

    def rename(self, channel, name, who="ana"):
        self._slack.workspace.rename(self._slack.workspace.channel(channel), name, self._slack.workspace.user(who).id)

    def delete(self, channel, who="ana"):
        room = self._slack.workspace.channel(channel)
        self._slack.workspace.delete_channel(room, self._slack.workspace.user(who).id)

    def join(self, channel, who):
        self._slack.workspace.join(self._slack.workspace.channel(channel), self._slack.workspace.user(who).id)

    def remove_bot(self, channel, who="ana"):
        by = self._slack.workspace.user(who).id
        self._slack.workspace.leave(self._slack.workspace.channel(channel), BOT_USER, by)
