"""What happens to war rooms by hand. Slack may give up on an event: nothing important hangs on them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp

from handlers.slack.family import Family, Heard
from service.incidents import Incidents

IGNORED = (
    "message",
    "app_home_opened",
)
"""Subscribed for later use, or none of our business."""

CHANGES = {
    "archive": "archived",
    "unarchive": "unarchived",
    "rename": "renamed",
    "deleted": "deleted",
    "left": "left",
}


def register(app: AsyncApp, incidents: Incidents, bot: str, families: Sequence[Family] = ()) -> None:
    """`bot` is our own user id: what we did ourselves is no news."""
    heard: dict[str, list[Heard]] = defaultdict(list)
    for events in (_of_rooms(incidents, bot), _of_members(incidents), *(family.events() for family in families)):
        for name, listener in events.items():
            heard[name].append(listener)
    for name in {*heard, *IGNORED}:
        app.event(name)(_all(heard[name]))


def _of_rooms(incidents: Incidents, bot: str) -> Mapping[str, Heard]:
    def on(what: str) -> Heard:
        async def changed(event: dict[str, Any], body: dict[str, Any]) -> None:
            channel = event.get("channel")
            id, name = (channel["id"], channel.get("name", "")) if isinstance(channel, dict) else (str(channel), "")
            by = str(event.get("user") or "")
            if by != bot:
                await incidents.room_changed(id, what, by, name, body.get("event_id", ""))

        return changed

    return {f"{kind}_{happened}": on(what) for kind in ("channel", "group") for happened, what in CHANGES.items()}


def _of_members(incidents: Incidents) -> Mapping[str, Heard]:
    async def joined(event: dict[str, Any], body: dict[str, Any]) -> None:
        await incidents.member_changed(event["channel"], event["user"], inside=True)

    async def left(event: dict[str, Any], body: dict[str, Any]) -> None:
        await incidents.member_changed(event["channel"], event["user"], inside=False)

    return {"member_joined_channel": joined, "member_left_channel": left}


def _all(listeners: Sequence[Heard]) -> Heard:
    """Bolt calls one listener for an event: this one calls everybody's."""

    async def listener(event: dict[str, Any], body: dict[str, Any]) -> None:
        for each in listeners:
            await each(event, body)

    return listener
