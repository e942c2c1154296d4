"""Who we are in Slack: asked once at the start, and kept."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.errors import Temporary
from integrations.slack_api import NO_ACCESS, call


class BadToken(Exception):
    """Slack does not accept the token; the message says what to do."""


async def socket_address(client: AsyncWebClient, app_token: str) -> str:
    """Where Socket Mode may be connected to, once and soon. Raises BadToken, Temporary or Permanent."""
    try:
        return str((await call(client, "apps.connections.open", token=app_token))["url"])
    except Temporary as failure:
        if said := _refusal(failure):
            raise BadToken(
                f"Slack refuses SLACK_APP_TOKEN ({said}). It begins with xapp- and needs connections:write: "
                "Basic Information, App-Level Tokens."
            ) from None
        raise


def refused_bot_token(failure: Temporary) -> str:
    """The sentence where Slack does not accept the bot's token, else nothing."""
    said = _refusal(failure)
    return f"Slack refuses SLACK_BOT_TOKEN ({said}). Copy it again: OAuth & Permissions." if said else ""


def _refusal(failure: Temporary) -> str:
    """Slack's word where it does not accept the token, else nothing."""
    cause = failure.__cause__
    said = str(cause.response.get("error")) if isinstance(cause, SlackApiError) else ""
    return said if said in NO_ACCESS else ""


class Identity:
    """What auth.test answered. Until it has, whatever needs it is Temporary."""

    def __init__(self) -> None:
        self.known: Mapping[str, Any] = {}

    async def learn(self, client: AsyncWebClient) -> None:
        """Ask. Raises BadToken, or Temporary when Slack cannot be reached."""
        try:
            self.known = await call(client, "auth.test")
        except Temporary as failure:
            if refusal := refused_bot_token(failure):
                raise BadToken(refusal) from None
            raise

    @property
    def user(self) -> str:
        """The bot's own user id."""
        return str(self._now("user_id"))

    @property
    def team(self) -> str:
        """The workspace's id."""
        return str(self._now("team_id"))

    @property
    def workspace(self) -> str:
        """The workspace's address, ending in a slash."""
        return str(self._now("url"))

    def _now(self, field: str) -> Any:
        if not self.known:
            raise Temporary("Slack has not been reached yet")
        return self.known.get(field, "")
