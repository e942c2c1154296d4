"""How people stand in our workspace, and who is in a user group, as Slack says."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from domain.speaker import FULL, GUEST, STRANGER
from integrations.slack_api import SlackRefused, call
from integrations.slack_identity import Identity

NOBODY_HERE = ("user_not_found", "user_not_visible")


class SlackStanding:
    """The Members of the workspace that `identity` is in. Nothing is repeated."""

    def __init__(self, client: AsyncWebClient, identity: Identity) -> None:
        self._client = client
        self._identity = identity

    async def standing(self, user: str) -> str:
        """Raises Temporary or Permanent."""
        team = self._identity.team
        try:
            found = (await call(self._client, "users.info", user=user))["user"]
        except SlackRefused as refused:
            if refused.error in NOBODY_HERE:
                return STRANGER
            raise
        return _standing(found, team)

    async def group(self, id: str) -> frozenset[str]:
        """Raises Temporary or Permanent."""
        return frozenset(map(str, (await call(self._client, "usergroups.users.list", usergroup=id))["users"]))


def _standing(user: Mapping[str, Any], team: str) -> str:
    """In an organization's grid people belong to several workspaces."""
    teams = {user.get("team_id"), *((user.get("enterprise_user") or {}).get("teams") or ())}
    if user.get("is_stranger") or team not in teams:
        return STRANGER
    return GUEST if user.get("is_restricted") or user.get("is_ultra_restricted") else FULL
