"""The links on top of a war room. Slack knows no key for one: a repeat looks first whether it is there."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from domain.bookmarks import KIND
from domain.record import Owed, Receipt, Record, Ref
from integrations.slack_api import SlackRefused, call
from views.bookmarks import Bookmark

NOTHING = Receipt(result="nothing to link")


class Bookmarks:
    """Brings one slot in line with what it should show: added, edited, removed, or left as it is."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def bring_in_line(self, room: Ref, record: Record, owed: Owed, wanted: Bookmark | None) -> Receipt:
        """`wanted` is what belongs there; None for nothing."""
        slot = str(owed.data["slot"])
        known = record.ref(KIND, slot)
        if known is not None and known.data.get("channel") != room.value:
            known = None  # in a room that was left
        if known is not None and not known.url:
            known = None  # removed before
        if known is None:
            return await self._add(room.value, slot, owed, wanted) if wanted else NOTHING
        if wanted is None:
            return await self._remove(room.value, known)
        if (known.url, known.data.get("title")) == (wanted.url, wanted.title):
            return Receipt(known.value, result="there already")
        return await self._edit(room.value, known, owed, wanted)

    async def _add(self, channel: str, slot: str, owed: Owed, wanted: Bookmark) -> Receipt:
        id = await self._find(channel, wanted) if owed.repeat else None
        if id is None:
            told = {"channel_id": channel, "title": wanted.title, "link": wanted.url, "type": "link"}
            id = str((await call(self._client, "bookmarks.add", **told))["bookmark"]["id"])
        return Receipt(id, (_ref(channel, slot, id, wanted),), "on top of the room")

    async def _edit(self, channel: str, known: Ref, owed: Owed, wanted: Bookmark) -> Receipt:
        told = {"channel_id": channel, "bookmark_id": known.value, "title": wanted.title, "link": wanted.url}
        try:
            await call(self._client, "bookmarks.edit", **told)
        except SlackRefused as refusal:
            if refusal.error != "not_found":
                raise
            return Receipt(known.value, result="taken away by hand")
        return Receipt(known.value, (_ref(channel, known.name, known.value, wanted),), "on top of the room")

    async def _remove(self, channel: str, known: Ref) -> Receipt:
        try:
            await call(self._client, "bookmarks.remove", channel_id=channel, bookmark_id=known.value)
        except SlackRefused as refusal:
            if refusal.error != "not_found":
                raise
        nothing = Bookmark(str(known.data.get("title") or ""), "")
        return Receipt(known.value, (_ref(channel, known.name, known.value, nothing),), "taken away")

    async def _find(self, channel: str, wanted: Bookmark) -> str | None:
        """One that leads there already: an earlier attempt whose answer was lost."""
        listed: Any = await call(self._client, "bookmarks.list", channel_id=channel)
        same = (
            each for each in listed["bookmarks"] if (each.get("link"), each.get("title")) == (wanted.url, wanted.title)
        )
        return next((str(each["id"]) for each in same), None)


def _ref(channel: str, slot: str, id: str, shown: Bookmark) -> Ref:
    return Ref(KIND, id, slot, shown.url, {"channel": channel, "title": shown.title})
