"""Who we are in Slack: asked once at the start, and kept."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.errors import Temporary
from integrations.slack_api import NO_ACCESS, call


class BadToken(Exception):
    """Slack does not accept the token; the message says what to do."""


class Identity:
    """What auth.test answered. Until it has, whatever needs it is Temporary."""

    def __init__(self) -> None:
        self.known: Mapping[str, Any] = {}

    async def learn(self, client: AsyncWebClient) -> None:
        """Ask. Raises BadToken, or Temporary when Slack cannot be reached."""
        try:
            self.known = await call(client, "auth.test")
        except Temporary as failure:
            cause = failure.__cause__
            if isinstance(cause, SlackApiError) and cause.response.get("error") in NO_ACCESS:
                said = cause.response["error"]
                raise BadToken(f"Slack refuses SLACK_BOT_TOKEN ({said}). Copy it again: OAuth & Permissions.") from None
            raise

    @property
    def user(self) -> str:
        """The bot's own user id."""
        return str(self._now("user_id"))

    @property
    def workspace(self) -> str:
        """The workspace's address, ending in a slash."""
        return str(self._now("url"))

    def _now(self, field: str) -> Any:
        if not self.known:
            raise Temporary("Slack has not been reached yet")
        return self.known.get(field, "")
