"""/incident …: parse -> use case -> answer."""

from slack_bolt.async_app import AsyncApp

from domain import grammar
from handlers.slack.answering import Answering, Body
from handlers.slack.verbs import Answer, Said, Verbs
from service.incidents import Incidents


def register(app: AsyncApp, answering: Answering, incidents: Incidents, verbs: Verbs) -> None:
    """Listen for the one command."""
    severities = [severity.name for severity in verbs.policy.severities]

    async def incident(body: Body) -> Answer:
        text = body.get("text") or ""
        issue = grammar.tracker_id(text) if verbs.policy.tracker else None
        room, tracked = await incidents.named(body["channel_id"], issue)
        command = grammar.parse(text, severities, room, lambda id: tracked)
        return await verbs.carry_out(command, _said(body, room))

    app.command("/incident")(answering.command(incident))


def _said(body: Body, room: int | None) -> Said:
    return Said(body["user_id"], body["trigger_id"], body["trigger_id"], body.get("response_url", ""), room=room)
