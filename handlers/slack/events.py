"""What happens to war rooms by hand. Slack may give up on an event: nothing important hangs on them."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from service.incidents import Incidents

IGNORED = (
    "message",
    "app_home_opened",
    "reaction_added",
    "reaction_removed",
)


def register(app: AsyncApp, incidents: Incidents, bot: str) -> None:
    """`bot` is our own user id: what we did ourselves is no news."""

    async def changed(what: str, event: dict[str, Any], body: dict[str, Any]) -> None:
        channel = event.get("channel")
        id, name = (channel["id"], channel.get("name", "")) if isinstance(channel, dict) else (str(channel), "")
        by = str(event.get("user") or "")
        if by != bot:
            await incidents.room_changed(id, what, by, name, body.get("event_id", ""))

    def on(event: str, what: str) -> None:
        async def listener(event: dict[str, Any], body: dict[str, Any]) -> None:
            await changed(what, event, body)

        app.event(event)(listener)

    for kind in ("channel", "group"):
        on(f"{kind}_archive", "archived")
        on(f"{kind}_unarchive", "unarchived")
        on(f"{kind}_rename", "renamed")
        on(f"{kind}_deleted", "deleted")
        on(f"{kind}_left", "left")

    async def joined(event: dict[str, Any]) -> None:
        await incidents.member_changed(event["channel"], event["user"], inside=True)

    async def left(event: dict[str, Any]) -> None:
        await incidents.member_changed(event["channel"], event["user"], inside=False)

    app.event("member_joined_channel")(joined)
    app.event("member_left_channel")(left)

    async def ignored() -> None:
        """Subscribed for later use, or none of our business."""

    for event in IGNORED:
        app.event(event)(ignored)
