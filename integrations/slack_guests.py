"""Letting people into a war room: named ones, the members of a user group, and everybody from the room before."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from domain.inviting import GROUP_MOST
from domain.people import is_slack_id
from domain.record import Receipt, Ref
from integrations.slack_api import SlackRefused, call

WORDS_FOR_ERRORS = {
    "cant_invite": "Slack does not let Muster invite them",
    "user_not_found": "Slack knows no such person",
    "no_user": "Slack knows no such person",
    "user_is_restricted": "they are a guest who may not join",
    "invitee_cant_see_channel": "they cannot see this channel",
    "org_user_not_in_team": "they are not in this workspace",
    "user_team_not_in_channel": "their workspace is not in this channel",
    "ura_max_channels": "they are a guest who is in as many channels as they may be",
}
ROOM_MOST = 1000
"""More people than this are in no war room; they are read in one page."""


class Guests:
    """Invites, always with `force`: one bad id must not keep the others out."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def invite(self, room: Ref, users: Sequence[str], problem: str = "") -> Receipt:
        """Who could not come is said in the room, after `problem`."""
        if not users:
            return Receipt(room.value, result="nobody to invite", problem=problem)
        try:
            answer = await call(
                self._client, "conversations.invite", channel=room.value, users=",".join(users), force=True
            )
        except SlackRefused as refusal:
            if refusal.error == "already_in_channel":
                return Receipt(room.value, result="already there", problem=problem)
            if not refusal.response.get("errors"):
                raise
            answer = refusal.response
        return Receipt(room.value, result="invited", problem=problem, uninvited=_uninvited(answer.get("errors") or ()))

    async def look_for(self, people: Iterable[str]) -> Receipt:
        """Which of these are deactivated. They are few, and asked about side by side: in the time of one call."""
        known = [who for who in dict.fromkeys(people) if is_slack_id(who)]
        gone = await asyncio.gather(*map(self._is_gone, known))
        return Receipt(
            result="looked", deactivated=tuple(who for who, is_gone in zip(known, gone, strict=True) if is_gone)
        )

    async def _is_gone(self, who: str) -> bool:
        """Whom Slack does not know answers in a pager's app."""
        try:
            found = (await call(self._client, "users.info", user=who))["user"]
        except SlackRefused as refusal:
            if refusal.error not in ("user_not_found", "user_not_visible"):
                raise
            return False
        return bool(found.get("deleted"))

    async def invite_group(self, room: Ref, group: str, name: str) -> Receipt:
        """The members of a user group, as many as Slack takes at once."""
        try:
            found = await call(self._client, "usergroups.users.list", usergroup=group)
        except SlackRefused as refusal:
            if refusal.error != "no_such_subteam":
                raise
            return Receipt(room.value, result="no such group", problem=f"Slack knows no user group {name}")
        members = [str(each) for each in found["users"]]
        return await self.invite(room, members[:GROUP_MOST], _cut(name, len(members)))

    async def bring_over(self, room: Ref, old: str, bot: str) -> Receipt:
        """Everybody who is in the old room, but ourselves."""
        found = await call(self._client, "conversations.members", channel=old, limit=ROOM_MOST)
        members = [str(each) for each in found["members"] if each != bot]
        return await self.invite(room, members[:GROUP_MOST], _cut("the old room", len(members)))


def _cut(name: str, there: int) -> str:
    """What a large group must be told: who is missing has to be invited by hand."""
    if there <= GROUP_MOST:
        return ""
    return f"{name} has {there:,} people: the first {GROUP_MOST} were invited, the others can be by `/invite`"


def _uninvited(errors: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    """Who could not be invited, and why."""
    refused = [e for e in errors if e.get("error") not in ("already_in_channel", "cant_invite_self")]
    return tuple((str(e.get("user")), WORDS_FOR_ERRORS.get(e.get("error"), f"{e.get('error')}")) for e in refused)
