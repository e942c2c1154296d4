"""Buttons, menus and shortcuts: parse -> use case -> answer."""

import re
from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp

from domain.errors import Refused
from handlers.slack.answering import Answering, Body
from handlers.slack.verbs import Answer, Said, Verbs, read_kept
from service.incidents import Incidents
from views import actions, answers

Press = Callable[[int, Said], Awaitable[Answer]]


def register(app: AsyncApp, answering: Answering, incidents: Incidents, verbs: Verbs) -> None:
    """One listener for each id that a view emits; the last ones answer whatever is left."""

    async def acknowledge(number: int, said: Said) -> Answer:
        done = await incidents.acknowledge(number, said.by, said.means, said.key)
        return None if done.won else answers.already_acknowledged(done.incident)

    async def resolve(number: int, said: Said) -> Answer:
        return await verbs.resolve(number, "", said)

    async def update(number: int, said: Said) -> Answer:
        return await verbs.update(number, "", said)

    async def reopen(number: int, said: Said) -> Answer:
        await incidents.reopen(number, said.by, key=said.key)
        return None

    async def close(number: int, said: Said) -> Answer:
        await incidents.close(number, said.by, said.key)
        return None

    async def publish(number: int, said: Said) -> Answer:
        await incidents.publish_status(number, said.by, said.key)
        return answers.refusal("It goes to the status page now.")

    async def decline(number: int, said: Said) -> Answer:
        return answers.refusal("Nothing was published. The button stays, should you want it later.")

    pressed: dict[str, Press] = {
        actions.ACKNOWLEDGE: acknowledge,
        actions.ADD_UPDATE: update,
        actions.RESOLVE_OPEN: resolve,
        actions.DRAFT_POSTMORTEM: verbs.postmortem_form,
        actions.REOPEN: reopen,
        actions.CLOSE: close,
        actions.PUBLISH_STATUS: publish,
        actions.DECLINE_STATUS: decline,
    }
    for action_id, press in pressed.items():
        app.action(action_id)(answering.button(_pressed(press)))

    async def retry(body: Body) -> Answer:
        number, owed = actions.read_retry(body["actions"][0]["value"])
        if await incidents.retry(number, owed, body["user"]["id"]):
            return answers.refusal("It is tried again now.")
        return answers.refusal("Nothing to retry: it is on its way, or done.")

    async def declare_anyway(body: Body) -> Answer:
        return await verbs.declare(read_kept(body["actions"][0]["value"]), _said(body), anyway=True)

    async def picked(body: Body) -> Answer:
        action = body["actions"][0]
        verb = action["action_id"].removeprefix(actions.PICK)
        return await verbs.pick(verb, int(action["selected_option"]["value"]), _said(body))

    async def runbooks(body: Body) -> Answer:
        if body["actions"][0].get("url"):
            return None
        raise Refused("No runbook is configured. Add `runbook:` to a service, or `runbooks.url`, in config.yaml.")

    app.action(actions.RETRY)(answering.button(retry))
    app.action(actions.DECLARE_ANYWAY)(answering.button(declare_anyway))
    app.action(re.compile(f"^{actions.PICK}"))(answering.button(picked))
    app.action(actions.RUNBOOKS)(answering.button(runbooks))
    _shortcuts(app, answering, verbs)
    _the_rest(app)


def _shortcuts(app: AsyncApp, answering: Answering, verbs: Verbs) -> None:
    async def declare(body: Body) -> Answer:
        return await verbs.form(verbs.declare_form(), _said(body))

    async def declare_from_message(body: Body) -> Answer:
        words = (body.get("message") or {}).get("text", "")
        return await verbs.form(verbs.declare_form(description=words), _said(body))

    app.shortcut("declare_incident")(answering.button(declare))
    app.shortcut("declare_from_message")(answering.button(declare_from_message))


def _the_rest(app: AsyncApp) -> None:
    """Links send actions too, and buttons of older versions outlive them: acknowledged, or Slack shows a warning."""

    async def acknowledged(ack: Callable[[], Awaitable[None]]) -> None:
        await ack()

    everything = re.compile(".*", re.DOTALL)
    app.action(everything)(acknowledged)
    app.shortcut(everything)(acknowledged)
    app.view(everything)(acknowledged)
    app.view_closed(everything)(acknowledged)
    app.options(everything)(acknowledged)


def _pressed(press: Press) -> Callable[[Body], Awaitable[Answer]]:
    async def listener(body: Body) -> Answer:
        value = body["actions"][0].get("value") or ""
        if not value.isdecimal() or len(value) > 9:
            raise Refused("This button is too old to be understood. `/incident list` shows what there is.")
        return await press(int(value), _said(body))

    return listener


def _said(body: Body) -> Said:
    trigger = body.get("trigger_id", "")
    return Said(body["user"]["id"], trigger, trigger, body.get("response_url", ""), means="button")
