"""The Bolt app with every listener. It opens no connection."""

import logging
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from handlers.slack import actions, commands, entering, events, modals
from handlers.slack.answering import Answering
from handlers.slack.verbs import Verbs
from service.doors import Doors
from service.incidents import Incidents

BOLT = logging.getLogger("muster.bolt")
BOLT.setLevel(logging.ERROR)
"""Bolt warns of every token in the environment that it is told not to use. It gives the logger of its app's name this
level with the first listener, so that name must not be one of ours."""


def build(
    client: Any, token: str, identity: dict[str, Any], incidents: Incidents, verbs: Verbs, doors: Doors
) -> AsyncApp:
    """`identity` is what auth.test said at the start: asked again inside a command it would stand before the page."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=identity.get("enterprise_id"),
            team_id=identity.get("team_id"),
            bot_user_id=identity.get("user_id"),
            bot_id=identity.get("bot_id"),
            bot_token=token,
        )

    app = AsyncApp(
        client=client,
        authorize=authorize,
        name=BOLT.name,
        logger=BOLT,
        # Otherwise Bolt looks every 10 ms, for each command that waits, whether it was acknowledged.
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
    )
    answering = Answering(verbs.replies, verbs.policy, [family.answered for family in verbs.families])
    entering.register(app, doors, str(identity.get("team_id", "")))
    commands.register(app, answering, incidents, verbs)
    modals.register(app, answering, incidents, verbs)
    events.register(app, incidents, str(identity.get("user_id", "")), verbs.families)
    actions.register(app, answering, incidents, verbs, str(identity.get("url", "")))
    return app
