"""Buttons, menus and shortcuts: parse -> use case -> answer."""

import re
from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp

from domain import grammar
from domain.errors import Refused
from domain.words import prose
from handlers.slack.answering import Answering, Body, Listener
from handlers.slack.verbs import Answer, Said, Verbs
from service.incidents import Incidents
from views import actions, answers, modals

Press = Callable[[int, Said], Awaitable[Answer]]

EVERYTHING = re.compile(".*", re.DOTALL)


def register(app: AsyncApp, answering: Answering, incidents: Incidents, verbs: Verbs) -> None:
    """One listener for each id that a view emits; the last ones take whatever is left."""
    buttons = Buttons(incidents, verbs)
    for action_id, listener in buttons.listeners().items():
        app.action(action_id)(answering.button(listener))
    app.shortcut("declare_incident")(answering.button(buttons.declare))
    app.shortcut("declare_from_message")(answering.button(buttons.declare_from_message))
    for listen in (app.action, app.shortcut):
        listen(EVERYTHING)(answering.button(_unknown))
    for listen in (app.view, app.view_closed, app.options):
        listen(EVERYTHING)(_acknowledged)


async def _unknown(body: Body) -> Answer:
    """Buttons of older versions outlive them, and the Slack app may know shortcuts that this version does not."""
    raise Refused("This version of Muster does not know that button or shortcut. `/incident help` shows what it knows.")


async def _acknowledged(ack: Callable[[], Awaitable[None]]) -> None:
    """Or Slack shows a warning."""
    await ack()


class Buttons:
    """One method a button."""

    def __init__(self, incidents: Incidents, verbs: Verbs) -> None:
        self._incidents = incidents
        self._verbs = verbs

    def listeners(self) -> dict[str | re.Pattern[str], Listener]:
        """By action_id."""
        about: Mapping[str, Press] = {
            actions.ACKNOWLEDGE: self._acknowledge,
            actions.ADD_UPDATE: self._verbs.update_form,
            actions.ESCALATE: self._escalate,
            actions.JOIN: self._join,
            actions.RESOLVE_OPEN: self._verbs.resolve_form,
            actions.DRAFT_POSTMORTEM: self._verbs.postmortem_form,
            actions.REOPEN: self._reopen,
            actions.CLOSE: self._close,
            actions.PUBLISH_STATUS: self._publish,
            actions.DECLINE_STATUS: self._decline,
            actions.RUNBOOKS: self._runbooks,
            actions.VIEW_ISSUE: self._opened,
        }
        return {
            **{action_id: _about_one(press) for action_id, press in about.items()},
            actions.WHOLE_RUNBOOK: self._whole_runbook,
            re.compile(f"^{actions.PICK_RUNBOOK}"): self._runbook_picked,
            re.compile(f"^{actions.PICK_CHECKLIST}"): self._checklist_picked,
            actions.TICK: self._tick,
            actions.RETRY: self._retry,
            actions.CANNOT: self._cannot,
            actions.CANCEL_OVERRIDE: self._cancel_override,
            actions.DECLARE_ANYWAY: self._declare_anyway,
            re.compile(f"^{actions.PICK}"): self._picked,
        }

    async def declare(self, body: Body) -> Answer:
        """The shortcut."""
        return await self._verbs.declare_form(_said(body))

    async def declare_from_message(self, body: Body) -> Answer:
        """The shortcut on a message, whose words become the description."""
        written = (body.get("message") or {}).get("text", "")
        return await self._verbs.declare_form(_said(body), description=written)

    async def _acknowledge(self, number: int, said: Said) -> Answer:
        done = await self._incidents.acknowledge(number, said.by, said.means)
        return None if done.won else answers.already_acknowledged(done.incident)

    async def _escalate(self, number: int, said: Said) -> Answer:
        done = await self._incidents.escalate(number, said.by, said.means, said.key)
        return answers.escalated(done.incident, done.people, done.again)

    async def _join(self, number: int, said: Said) -> Answer:
        return answers.joining(await self._incidents.join(number, said.by, said.key))

    async def _cannot(self, body: Body) -> Answer:
        """They cannot come: the level after theirs, unless it is paged already."""
        number, seen = actions.read_cannot(_value(body))
        said = _said(body, "button")
        done = await self._incidents.escalate(number, said.by, said.means, said.key, cannot=True, seen=seen)
        return answers.escalated(done.incident, done.people, done.again, cannot=True)

    async def _reopen(self, number: int, said: Said) -> Answer:
        await self._incidents.reopen(number, said.by, key=said.key)
        return None

    async def _close(self, number: int, said: Said) -> Answer:
        await self._incidents.close(number, said.by, said.key)
        return None

    async def _publish(self, number: int, said: Said) -> Answer:
        await self._incidents.publish_status(number, said.by, said.key)
        return answers.plain("It goes to the status page now.")

    async def _decline(self, number: int, said: Said) -> Answer:
        return answers.plain("Nothing was published. The button stays, should you want it later.")

    async def _runbooks(self, number: int, said: Said) -> Answer:
        """Pressed on the card, which stands in the room."""
        return await self._verbs.runbooks.button(number, said.by, said.key)

    async def _whole_runbook(self, body: Body) -> Answer:
        return await self._verbs.runbooks.whole(_value(body))

    async def _runbook_picked(self, body: Body) -> Answer:
        action, said = body["actions"][0], _said(body)
        number, name = actions.read_picked_for(action["action_id"]), action["selected_option"]["value"]
        return answers.in_place(await self._verbs.runbooks.picked(number, name, said.by, said.key))

    async def _checklist_picked(self, body: Body) -> Answer:
        action, said = body["actions"][0], _said(body)
        command = grammar.Checklist(actions.read_picked_for(action["action_id"]), action["selected_option"]["value"])
        return answers.in_place(await self._verbs.checklists.post(command, said.by, said.key))

    async def _tick(self, body: Body) -> Answer:
        """In the room the message itself is edited; what only one person sees is answered in its place."""
        action, said = body["actions"][0], _said(body)
        boxes = [option["value"] for option in action.get("selected_options") or ()]
        now = await self._verbs.checklists.tick(action.get("block_id", ""), boxes, said.by, said.key)
        return answers.in_place(now) if (body.get("container") or {}).get("is_ephemeral") else None

    async def _opened(self, number: int, said: Said) -> Answer:
        """A link, which Slack has opened already."""
        return None

    async def _retry(self, body: Body) -> Answer:
        number, owed = actions.read_retry(_value(body))
        if await self._incidents.retry(number, owed, body["user"]["id"]):
            return answers.plain("It is tried again now.")
        return answers.plain("Nothing to retry: it is on its way, or done.")

    async def _cancel_override(self, body: Body) -> Answer:
        return await self._verbs.on_call.cancel(actions.read_number(_value(body)), body["user"]["id"])

    async def _declare_anyway(self, body: Body) -> Answer:
        wanted = actions.read_declare(_value(body))
        return answers.in_place(await self._verbs.declare(wanted, _said(body), anyway=True))

    async def _picked(self, body: Body) -> Answer:
        """Somebody chose the incident for a verb that named none."""
        action = body["actions"][0]
        verb, status = actions.read_pick(action["action_id"])
        number = actions.read_number(action["selected_option"]["value"])
        text = prose(modals.read_text(body))
        return answers.in_place(await self._verbs.carry_out(grammar.picked(verb, number, status, text), _said(body)))


def _about_one(press: Press) -> Listener:
    async def listener(body: Body) -> Answer:
        return await press(actions.read_number(_value(body)), _said(body, "button"))

    return listener


def _value(body: Body) -> str:
    return body["actions"][0].get("value") or ""


def _said(body: Body, means: str = "command") -> Said:
    """What a menu or a shortcut says is what a command says."""
    trigger = body.get("trigger_id", "")
    return Said(body["user"]["id"], trigger, trigger, body.get("response_url", ""), means)
