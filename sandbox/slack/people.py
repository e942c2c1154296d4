"""What people do in Slack: say, click, choose, submit. Returns when the bot has acknowledged, or after 3 s."""

from dataclasses import dataclass

from . import envelopes, forms
from .errors import SlackError
from .responses import Interaction
from .socket import Delivery
from .workspace import BOT_USER, Impossible, Workspace

TIMEOUT = "The app did not respond in time."


@dataclass(eq=False)
class Answer:
    """What a person saw of the bot after one deed. `ephemerals` and `messages` go on filling as more comes."""

    delivery: Delivery
    interaction: Interaction
    trigger_id: str
    workspace: Workspace
    since: int
    timeout: bool = False

    @property
    def envelope_id(self):
        return self.delivery.envelope["envelope_id"]

    @property
    def ack_payload(self):
        return self.delivery.payload

    @property
    def ack_ms(self):
        return self.delivery.ms

    @property
    def ephemerals(self):
        """From the acknowledgement and response_url, and every chat.postEphemeral to this person since."""
        posted = self.workspace.ephemerals.get(self.interaction.user, [])[self.since :]
        others = [e for e in posted if e.source == "chat.postEphemeral"]
        return sorted([*self.interaction.ephemerals, *others], key=lambda e: e.ts)

    @property
    def messages(self):
        """What the answer posted for everybody (in_channel)."""
        return self.interaction.messages


class People:
    def __init__(self, slack, record):
        self._slack, self._record = slack, record
        self.last = None  # the Answer to the latest deed

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
        return await self._do(
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
        return await self._act(person, holder, forms.pressed(block, element, self._slack.workspace.next_ts()))

    async def select(self, who, menu, option, channel=None, ts=None):
        """Choose from a menu, found by its action_id or placeholder."""
        person = self._slack.workspace.user(who)
        holder, (block, element) = self._seek(person, menu, channel, ts, None, buttons=False)
        now = self._slack.workspace.next_ts()
        return await self._act(person, holder, forms.chosen(block, element, option, self._slack.workspace, now))

    def _seek(self, person, label, channel, ts, action_id, buttons):
        for holder in self._holders(person, channel, ts):
            blocks = holder.blocks if hasattr(holder, "blocks") else holder.content["blocks"]
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

    async def _act(self, person, holder, action):
        if hasattr(holder, "content"):
            return await self._act_in_view(person, holder, action)
        ephemeral = not hasattr(holder, "revisions")
        state = forms.state(holder.blocks, {action["block_id"]: {action["action_id"]: _state_of(action)}})
        return await self._do(
            person,
            holder.channel,
            "interactive",
            lambda trigger, url: envelopes.message_action(person, action, holder, state, trigger, url, ephemeral),
            source=holder,
        )

    async def _act_in_view(self, person, view, action):
        if action["type"] != "button":
            view.state.setdefault(action["block_id"], {})[action["action_id"]] = _state_of(action)
        return await self._do(
            person,
            None,
            "interactive",
            lambda trigger, _url: envelopes.view_action(person, action, view, trigger),
            view=view.id,
        )

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
        answered = {}
        answer = await self._do(
            person,
            None,
            "interactive",
            lambda trigger, _url: envelopes.submission(person, view, values, trigger, []),
            view=view.id,
            accepts=True,
            on_ack=lambda payload: answered.update(self._react_to(view, payload)),
        )
        if answer.timeout:
            return {"timeout": TIMEOUT}
        if not answer.ack_payload:
            self._slack.views.close(person.id)
        return answered

    def _react_to(self, view, payload):
        """Do what the acknowledgement of a submission asks for; the errors that it shows."""
        views = self._slack.views
        try:
            match payload.get("response_action"):
                case "errors":
                    return self._shown(view, payload["errors"])
                case "update":
                    views.update(view, payload["view"])
                case "push":
                    views.push_on(view.user, payload["view"])
                case "clear":
                    views.close(view.user, everything=True)
                case other:
                    self._record.violate(f"view_submission: unknown response_action {other!r}")
        except SlackError as error:
            self._record.violate(f"view_submission: {error.code} {error.body}")
        return {}

    def _shown(self, view, errors):
        inputs = {b["block_id"] for b in view.content["blocks"] if b["type"] == "input"}
        for name in set(errors) - inputs:
            self._record.violate(f"view_submission: an error for {name!r}, which is no input block")
        return errors

    async def dismiss(self, who):
        """Close the open modal without submitting."""
        person = self._slack.workspace.user(who)
        gone = self._slack.views.close(person.id)
        for view in gone:
            if view.content.get("notify_on_close"):
                delivery = await self._slack.socket.send("interactive", envelopes.closed(person, view, False))
                await delivery.ack()

    def open_home(self, who):
        user = self._slack.workspace.user(who).id
        channel = self._slack.workspace.dm(user)
        event = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home"}
        self._slack.emit(event | {"event_ts": self._slack.workspace.next_ts()}, channel)

    # shortcuts

    async def shortcut(self, who, callback_id):
        person = self._slack.workspace.user(who)
        self._known(callback_id)
        now = self._slack.workspace.next_ts()
        return await self._do(
            person,
            None,
            "interactive",
            lambda trigger, _url: envelopes.shortcut(person, callback_id, trigger, now),
        )

    async def message_shortcut(self, who, callback_id, channel, ts=None):
        """On one message, the newest when no ts is given."""
        person = self._slack.workspace.user(who)
        self._known(callback_id)
        message, now = self._message(channel, ts), self._slack.workspace.next_ts()
        return await self._do(
            person,
            message.channel,
            "interactive",
            lambda trigger, url: envelopes.message_shortcut(person, callback_id, message, trigger, url, now),
        )

    def _known(self, callback_id):
        shortcuts = self._slack.manifest.shortcuts
        if shortcuts is not None and callback_id not in shortcuts:
            raise Impossible(f"the app has no shortcut {callback_id!r}; there are {', '.join(sorted(shortcuts))}")

    def _message(self, channel, ts):
        room = self._slack.workspace.channel(channel)
        found = room.index.get(ts) if ts else next(iter(reversed(self._slack.workspace.messages(channel))), None)
        if found is None:
            raise Impossible(f"there is no such message in #{room.name}")
        return found

    # what people do to channels and messages

    def react(self, who, name, channel, ts=None):
        self._slack.workspace.react(self._message(channel, ts), name, self._slack.workspace.user(who).id)

    def unreact(self, who, name, channel, ts=None):
        self._slack.workspace.unreact(self._message(channel, ts), name, self._slack.workspace.user(who).id)

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

    # sending

    async def _do(self, person, channel, type, payload, source=None, view=None, accepts=False, on_ack=None):
        """One envelope: `payload(trigger_id, response_url)`. Waits for the acknowledgement."""
        interaction = self._slack.responses.begin(person.id, channel, source)
        trigger = self._slack.views.pull_trigger(person.id, view)
        since = len(self._slack.workspace.ephemerals.get(person.id, ()))
        on_ack = on_ack or (lambda shown: self._slack.responses.show(interaction, shown, "ack"))
        content = payload(trigger, self._slack.responses.url(interaction))
        delivery = await self._slack.socket.send(type, content, accepts, on_ack)
        answer = self.last = Answer(delivery, interaction, trigger, self._slack.workspace, since)
        answer.timeout = not await delivery.ack()
        return answer


def _state_of(action):
    return {key: value for key, value in action.items() if key == "type" or key.startswith("selected_")}
