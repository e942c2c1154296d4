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
        room = await incidents.of_channel(body["channel_id"])
        command = await parse(text, room)
        return await verbs.carry_out(command, _said(body, room))

    async def parse(text: str, room: int | None) -> grammar.Command:
        """A tracker's id is looked up only where the grammar asks about one."""
        asked: dict[str, int | None] = {}

        def known(id: str) -> int | None:
            return asked.setdefault(id, None)

        command = grammar.parse(text, severities, room, known)
        if not asked or not verbs.policy.tracker:
            return command
        asked.update({id: await incidents.of_tracker(id) for id in asked})
        return grammar.parse(text, severities, room, known)

    app.command("/incident")(answering.command(incident))


def _said(body: Body, room: int | None) -> Said:
    return Said(body["user_id"], body["trigger_id"], body["trigger_id"], body.get("response_url", ""), room=room)
