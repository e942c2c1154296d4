"""One thing that a person does, sent to the bot; and what the person then sees of the bot."""

from dataclasses import dataclass

from .responses import Interaction
from .socket import Delivery
from .workspace import Workspace


@dataclass(eq=False)
class Answer:
    """What a person saw of the bot after one deed. `ephemerals` and `messages` go on filling as more comes."""

    delivery: Delivery
    interaction: Interaction
    trigger_id: str
    workspace: Workspace
    since: int
    of_form: bool = False
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
        """From the acknowledgement and response_url, and every chat.postEphemeral to this person since. A form has no
        response_url of its own: what follows comes by that of the command or button which opened it."""
        posted = self.workspace.ephemerals.get(self.interaction.user, [])[self.since :]
        if self.of_form:
            return posted
        others = [e for e in posted if e.source == "chat.postEphemeral"]
        return sorted([*self.interaction.ephemerals, *others], key=lambda e: e.ts)

    @property
    def messages(self):
        """What the answer posted for everybody (in_channel)."""
        return self.interaction.messages


class Sender:
    def __init__(self, slack):
        self._slack = slack
        self.last = None  # the Answer to the latest deed

    async def send(self, person, channel, type, payload, source=None, view=None, accepts=False, on_ack=None):
        """One envelope: `payload(trigger_id, response_url)`. Waits for the acknowledgement; returns the Answer."""
        interaction = self._slack.responses.begin(person.id, channel, source)
        trigger = self._slack.views.pull_trigger(person.id, view)
        since = len(self._slack.workspace.ephemerals.get(person.id, ()))
        on_ack = on_ack or (lambda shown: self._slack.responses.show(interaction, shown, "ack"))
        content = payload(trigger, self._slack.responses.url(interaction))
        delivery = await self._slack.socket.send(type, content, accepts, on_ack)
        answer = self.last = Answer(delivery, interaction, trigger, self._slack.workspace, since, view is not None)
        answer.timeout = not await delivery.ack()
        return answer
