"""War rooms as channels: their names, whose they are, and finding one again whose creation was never confirmed."""

from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from domain.errors import Permanent
from domain.going_private import NAME, TOPIC
from domain.incidents import Incident
from domain.record import Receipt, Record, Ref
from integrations.slack_api import SlackRefused, call
from integrations.slack_identity import Identity
from views import names

SKEW = timedelta(minutes=1)
"""Slack's clock and ours may differ by so much."""

NAMES_TRIED = 20
"""A name that is taken gets -2, -3 … until here."""

DONE_ALREADY = ("already_archived", "is_archived", "name_taken")
"""What a step of leaving a room says where it was done before, or by hand."""


class Rooms:
    """Opens channels under a pattern. `identity` tells which channels are ours."""

    def __init__(self, client: AsyncWebClient, pattern: str, identity: Identity) -> None:
        self._client = client
        self._pattern = pattern
        self._identity = identity

    async def create(self, incident: Incident, first: int, since: datetime | None) -> Ref:
        """A new channel, named with the suffix `-first` onwards where that is above 1. With `since`, one of that name
        that we created since then is ours: an earlier attempt whose answer was lost."""
        home = self._identity.workspace  # before anything is made: Temporary while nobody knows who we are
        for number in range(first, first + NAMES_TRIED):
            name = self._name(incident, number)
            try:
                answer = await call(self._client, "conversations.create", name=name, is_private=incident.private)
            except SlackRefused as refusal:
                if refusal.error != "name_taken":
                    raise
                found = await self._ours(name, incident.private, since - SKEW) if since else None
                if found:
                    return _ref(found, home)
            else:
                return _ref(answer["channel"], home)
        raise Permanent(f"twenty channels named {self._name(incident, 1)} exist already")

    def _name(self, incident: Incident, number: int) -> str:
        suffix = f"-{number}" if number > 1 else ""
        return names.room_name(
            self._pattern, incident.number, incident.title, incident.severity, incident.detected_at, suffix
        )

    @property
    def bot(self) -> str:
        """Our own user id."""
        return self._identity.user

    async def retire(self, channel: str, step: str, number: int) -> Receipt:
        """A room that is left for a private one: it loses its topic, its name, and at last everybody's attention."""
        try:
            if step == TOPIC:
                await call(self._client, "conversations.setTopic", channel=channel, topic="")
            elif step == NAME:
                await call(
                    self._client, "conversations.rename", channel=channel, name=f"inc-{number}-{channel.lower()}"
                )
            else:
                await call(self._client, "conversations.archive", channel=channel)
        except SlackRefused as refusal:
            if refusal.error not in DONE_ALREADY:
                raise
        return Receipt(channel, result=f"{step} done")

    async def _ours(self, name: str, private: bool, since: datetime) -> dict[str, Any] | None:
        """Among the bot's own channels, archived ones too: the one of this name and kind that it created since then."""
        cursor = ""
        while True:
            page = await call(
                self._client,
                "users.conversations",
                types="public_channel,private_channel",
                exclude_archived="false",
                limit=200,
                **({"cursor": cursor} if cursor else {}),
            )
            for channel in page["channels"]:
                mine = channel.get("creator") == self._identity.user and bool(channel.get("is_private")) == private
                if channel["name"] == name and mine:
                    created = channel.get("created", 0)
                    return channel if created >= int(since.timestamp()) else None
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return None


def _ref(channel: dict[str, Any], home: str) -> Ref:
    id = channel["id"]
    return Ref("channel", id, url=f"{home}archives/{id}", data={"name": channel["name"]})


def open_room(record: Record) -> Ref | None:
    """The room that can be written to; None where there is none, or it is archived."""
    ref = record.ref("channel")
    return None if ref is None or ref.data.get("archived") else ref


def card_here(record: Record) -> Ref | None:
    """An earlier room's card is left as it stands until the new room has its own."""
    ref, found = record.ref("card"), open_room(record)
    return ref if ref and found and ref.data.get("channel") == found.value else None
