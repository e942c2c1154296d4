"""/incident …: parse -> use case -> answer."""

from slack_bolt.async_app import AsyncApp

from domain import grammar
from handlers.slack.answering import Answering, Body
from handlers.slack.family import Outcome, Said
from handlers.slack.verbs import Verbs
from service.incidents import Incidents


def register(app: AsyncApp, answering: Answering, incidents: Incidents, verbs: Verbs) -> None:
    """Listen for the one command."""

    async def incident(body: Body) -> Outcome:
        text = body.get("text") or ""
        issue = grammar.tracker_id(text) if verbs.policy.tracker else None
        room, tracked = await incidents.named(body["channel_id"], issue)
        return await verbs.say(text, _said(body, room), lambda id: tracked)

    app.command("/incident")(answering.command(incident))


def _said(body: Body, room: int | None) -> Said:
    return Said(body["user_id"], body["trigger_id"], body["trigger_id"], body.get("response_url", ""), room=room)
