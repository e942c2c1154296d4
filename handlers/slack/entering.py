"""Whatever comes from Slack comes in here: who it is and from where is settled before any listener hears of it."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp

from domain import speaker
from service.doors import Doors

Next = Callable[[], Awaitable[None]]

ASKING = {"reaction_added": speaker.REACTION, "reaction_removed": speaker.REACTION, "app_home_opened": speaker.HOME}
"""Events by which people ask for something. The others tell what they did by hand."""


def register(app: AsyncApp, doors: Doors, team: str) -> None:
    """`team` is our own workspace."""

    async def entering(body: dict[str, Any], next: Next) -> None:
        who, door, place = whence(body)
        if door == speaker.BY_HAND or not who:
            doors.tell(who, door, place)
        else:
            await doors.enter(who, door, place, elsewhere=_team(body) not in ("", team))
        await next()

    app.middleware(entering)


def whence(body: dict[str, Any]) -> tuple[str, str, str]:
    """Who it is, empty where Slack names nobody; the door; and the channel, where there is one."""
    return _who(body), _door(body), _place(body)


def _who(body: dict[str, Any]) -> str:
    event = body.get("event") or {}
    user = body.get("user") or {}
    return str(body.get("user_id") or user.get("id") or event.get("user") or "")


def _team(body: dict[str, Any]) -> str:
    """Theirs, where Slack names it. An event names only ours."""
    return str((body.get("user") or {}).get("team_id") or "")


def _door(body: dict[str, Any]) -> str:
    match body.get("type"):
        case None:
            return speaker.COMMAND
        case "event_callback":
            return ASKING.get(str(body["event"].get("type")), speaker.BY_HAND)
        case "view_submission" | "view_closed":
            return speaker.FORM
        case "shortcut" | "message_action":
            return speaker.SHORTCUT
        case "block_actions" if (body.get("view") or {}).get("type") == "home":
            return speaker.HOME
        case "block_actions" if body["actions"][0].get("type") == "button":
            return speaker.BUTTON
    return speaker.MENU


def _place(body: dict[str, Any]) -> str:
    event = body.get("event") or {}
    channel = body.get("channel") or event.get("channel") or (event.get("item") or {}).get("channel") or {}
    return str(body.get("channel_id") or (channel.get("id", "") if isinstance(channel, dict) else channel))
