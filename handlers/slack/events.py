"""What happens to war rooms by hand. Slack may give up on an event: nothing important hangs on them."""

import logging
from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp

from domain.errors import Unavailable
from handlers.slack.family import Family, Hearing
from service.incidents import Incidents

log = logging.getLogger("muster.slack")

TOLD = (
    "message",
    "app_home_opened",
    "reaction_added",
    "reaction_removed",
)
"""What only families may have to do with."""

Event = dict[str, Any]


def register(app: AsyncApp, incidents: Incidents, bot: str, families: Sequence[Family] = ()) -> None:
    """`bot` is our own user id: what we did ourselves is no news. Bolt calls one listener for an event: that one tells
    the families."""
    tell = _to_families(families)
    _hear_of_rooms(app, incidents, bot)
    _hear_of_members(app, incidents, tell)
    for event in TOLD:
        _listen(app, event, tell)


def _to_families(families: Sequence[Family]) -> Hearing:
    async def tell(event: Event, body: Event) -> None:
        for family in families:
            heard = family.hearings().get(str(event.get("type")))
            if heard:
                await heard(event, body)

    return tell


def _listen(app: AsyncApp, kind: str, hearing: Hearing) -> None:
    async def listener(event: Event, body: Event) -> None:
        try:
            await hearing(event, body)
        except Unavailable as error:
            log.warning("%s was not taken note of: the database does not answer: %s", kind, error)

    app.event(kind)(listener)


def _hear_of_rooms(app: AsyncApp, incidents: Incidents, bot: str) -> None:
    def on(kind: str, what: str) -> None:
        async def changed(event: Event, body: Event) -> None:
            channel = event.get("channel")
            id, name = (channel["id"], channel.get("name", "")) if isinstance(channel, dict) else (str(channel), "")
            by = str(event.get("user") or "")
            if by != bot:
                await incidents.room_changed(id, what, by, name, body.get("event_id", ""))

        _listen(app, kind, changed)

    for kind in ("channel", "group"):
        on(f"{kind}_archive", "archived")
        on(f"{kind}_unarchive", "unarchived")
        on(f"{kind}_rename", "renamed")
        on(f"{kind}_deleted", "deleted")
        on(f"{kind}_left", "left")


def _hear_of_members(app: AsyncApp, incidents: Incidents, tell: Hearing) -> None:
    def on(kind: str, inside: bool) -> None:
        async def moved(event: Event, body: Event) -> None:
            await incidents.member_changed(event["channel"], event["user"], inside=inside)
            await tell(event, body)

        _listen(app, kind, moved)

    on("member_joined_channel", inside=True)
    on("member_left_channel", inside=False)
