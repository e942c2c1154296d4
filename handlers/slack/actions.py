"""Buttons, menus and shortcuts: parse -> use case -> answer."""

import re
from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp

from domain.errors import Refused
from domain.incidents import RESOLVED
from domain.words import TITLE_LIMIT, prose
from handlers.slack.answering import Answering, Body, Listener
from handlers.slack.family import Outcome, Press, Said, about_one, said_by, value_of
from handlers.slack.verbs import Verbs
from service.incidents import Incidents
from views import actions, answers, modals, quoted

EVERYTHING = re.compile(".*", re.DOTALL)


def register(app: AsyncApp, answering: Answering, incidents: Incidents, verbs: Verbs, home: str = "") -> None:
    """One listener for each id that a view emits; the last ones take whatever is left. `home` is the workspace's
    address."""
    buttons = Buttons(incidents, verbs, home)
    pressed, called = dict(buttons.listeners()), dict(buttons.shortcuts())
    for family in verbs.families:
        pressed.update(family.buttons())
        called.update(family.shortcuts())
    for action_id, listener in pressed.items():
        app.action(action_id)(answering.button(listener))
    for callback_id, listener in called.items():
        app.shortcut(callback_id)(answering.button(listener))
    for listen in (app.action, app.shortcut):
        listen(EVERYTHING)(answering.button(_unknown))
    for listen in (app.view, app.view_closed, app.options):
        listen(EVERYTHING)(_acknowledged)


async def _unknown(body: Body) -> Outcome:
    """Buttons of older versions outlive them, and the Slack app may know shortcuts that this version does not."""
    raise Refused("This version of Muster does not know that button or shortcut. `/incident help` shows what it knows.")


async def _acknowledged(ack: Callable[[], Awaitable[None]]) -> None:
    """Or Slack shows a warning."""
    await ack()


class Buttons:
    """One method a button."""

    def __init__(self, incidents: Incidents, verbs: Verbs, home: str = "") -> None:
        self._incidents = incidents
        self._verbs = verbs
        self._home = home

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
            actions.VIEW_ISSUE: self._opened,
        }
        return {
            **{action_id: about_one(press) for action_id, press in about.items()},
            actions.RETRY: self._retry,
            actions.CANNOT: self._cannot,
            actions.DECLARE_ANYWAY: self._declare_anyway,
            actions.MORE: self._more,
            re.compile(f"^{actions.PICK}"): self._picked,
        }

    def shortcuts(self) -> dict[str, Listener]:
        """By callback_id."""
        return {"declare_incident": self._declare, "declare_from_message": self._declare_from_message}

    async def _declare(self, body: Body) -> Outcome:
        """The shortcut."""
        return await self._verbs.declare_form(said_by(body))

    async def _declare_from_message(self, body: Body) -> Outcome:
        """The shortcut on a message: its first line becomes the title, the rest the description. Its link is made by
        rule: nothing is asked of Slack before a page."""
        message = quoted.message(body, self._verbs.policy.names, self._home)
        title, description = quoted.title_and_rest(message.text, TITLE_LIMIT)
        return await self._verbs.declare_form(said_by(body), title=title, description=description, of=message)

    async def _acknowledge(self, number: int, said: Said) -> Outcome:
        done = await self._incidents.acknowledge(number, said.by, said.means)
        return None if done.won else answers.already_acknowledged(done.incident)

    async def _escalate(self, number: int, said: Said) -> Outcome:
        done = await self._incidents.escalate(number, said.by, said.means, said.key)
        return answers.escalated(done.incident, done.people, done.again)

    async def _join(self, number: int, said: Said) -> Outcome:
        return answers.joining(await self._incidents.join(number, said.by, said.key))

    async def _cannot(self, body: Body) -> Outcome:
        """They cannot come: the level after theirs, unless it is paged already."""
        number, seen = actions.read_cannot(value_of(body))
        said = said_by(body, "button")
        done = await self._incidents.escalate(number, said.by, said.means, said.key, cannot=True, seen=seen)
        return answers.escalated(done.incident, done.people, done.again, cannot=True)

    async def _reopen(self, number: int, said: Said) -> Outcome:
        await self._incidents.reopen(number, said.by, key=said.key)
        return None

    async def _close(self, number: int, said: Said) -> Outcome:
        incident = await self._incidents.close(number, said.by, said.key)
        return self._verbs.closed(incident) if incident.status == RESOLVED else None

    async def _publish(self, number: int, said: Said) -> Outcome:
        await self._incidents.publish_status(number, said.by, said.key)
        return answers.plain("It goes to the status page now.")

    async def _decline(self, number: int, said: Said) -> Outcome:
        later = (await self._incidents.record(number)).incident.open
        return answers.plain(
            "Nothing was published." + (" The button stays, should you want it later." if later else "")
        )

    async def _opened(self, number: int, said: Said) -> Outcome:
        """A link, which Slack has opened already."""
        return None

    async def _retry(self, body: Body) -> Outcome:
        number, owed = actions.read_retry(value_of(body))
        if await self._incidents.retry(number, owed, body["user"]["id"]):
            return answers.plain("It is tried again now.")
        return answers.plain("Nothing to retry: it is on its way, or done.")

    async def _declare_anyway(self, body: Body) -> Outcome:
        wanted = actions.read_declare(value_of(body))
        return answers.in_place(await self._verbs.declare(wanted, said_by(body), anyway=True))

    async def _more(self, body: Body) -> Outcome:
        """The card's three dots: each choice is a verb, said as if it were typed."""
        verb, number = actions.read_more((body["actions"][0].get("selected_option") or {}).get("value") or "")
        return await self._verbs.say(f"{verb} INC-{number}", said_by(body, "button"))

    async def _picked(self, body: Body) -> Outcome:
        """Somebody chose the incident for a verb that named none."""
        action = body["actions"][0]
        verb, number = actions.read_pick(action["action_id"]), actions.read_number(action["selected_option"]["value"])
        typed = f"{verb} INC-{number} {prose(modals.read_text(body))}"
        return answers.in_place(await self._verbs.say(typed, said_by(body)))
