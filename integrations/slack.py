"""Slack as the war room, the announcement and the pager by direct message."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from domain import nudges
from domain.checklists import Checklist
from domain.errors import Temporary
from domain.going_private import ARCHIVE, is_last
from domain.inviting import group_name
from domain.outcomes import NEW_ROOM
from domain.policy import Policy
from domain.record import Owed, Receipt, Record, Ref
from domain.runbooks import Fit
from integrations.slack_api import SlackRefused, call
from integrations.slack_bookmarks import Bookmarks
from integrations.slack_guests import Guests
from integrations.slack_rooms import SKEW, Rooms, card_here, open_room
from views import announcement, answers, blocks, bookmarks, card, checklists, names, page, privacy, room

Fitting = Callable[[Record], Awaitable[Fit]]
"""Which runbooks fit an incident."""

RESPONSE_URL_LIVES = timedelta(minutes=30)  # Slack: "up to 5 times within 30 minutes"
NO_ROOM = Receipt(result="no room to say it in")
"""There is none, or it is archived: Slack takes nothing more there."""
ADDED = ("already_reacted", "message_not_found", "is_archived", "thread_locked")
REMOVED = ("no_reaction", "message_not_found", "is_archived", "thread_locked")
"""Answers to a reaction after which there is nothing left to do."""

NO_CHECKLIST = Receipt(result="no such checklist in the room")
"""It has gone from config.yaml, or stands in an earlier room."""


class Slack:
    """A Chat over Slack's Web API. `client` must not retry by itself; `rooms` opens channels."""

    def __init__(
        self, client: AsyncWebClient, session: aiohttp.ClientSession, rooms: Rooms, policy: Policy, fitting: Fitting
    ) -> None:
        self._client = client
        self._session = session
        self._rooms = rooms
        self._policy = policy
        self._fitting = fitting
        self._bookmarks = Bookmarks(client)
        self._guests = Guests(client)

    async def create_room(self, record: Record, owed: Owed) -> Receipt:
        ref = await self._rooms.create(record.incident, 1, owed.due_at if owed.repeat else None)
        return Receipt(ref.value, (ref,), "opened")

    async def unarchive(self, record: Record, owed: Owed) -> Receipt:
        """Open the archived room again, or a second one where Slack lets only people do that."""
        ref = record.ref("channel")
        if ref is None:
            return NO_ROOM
        if owed.data.get("in_doubt") and not await self._is_archived(ref):
            return Receipt(ref.value, result="still open")
        try:
            await call(self._client, "conversations.unarchive", channel=ref.value)
        except SlackRefused as refusal:
            if refusal.error != "not_archived":
                second = await self._rooms.create(record.incident, 2, owed.due_at if owed.repeat else None)
                return Receipt(second.value, (second,), NEW_ROOM)
        return Receipt(ref.value, (_archived(ref, False),), "opened again")

    async def _is_archived(self, ref: Ref) -> bool:
        answer = await call(self._client, "conversations.info", channel=ref.value)
        return bool(answer["channel"].get("is_archived"))

    async def archive(self, record: Record, owed: Owed) -> Receipt:
        ref = record.ref("channel")
        if ref is None:
            return NO_ROOM
        try:
            await call(self._client, "conversations.archive", channel=ref.value)
        except SlackRefused as refusal:
            if refusal.error != "already_archived":
                raise
        return Receipt(ref.value, (_archived(ref, True),), "archived")

    async def set_topic(self, record: Record, owed: Owed) -> Receipt:
        ref = open_room(record)
        if ref is None:
            return NO_ROOM
        await call(self._client, "conversations.setTopic", channel=ref.value, topic=names.topic(record.incident))
        return Receipt(ref.value)

    async def post_card(self, record: Record, owed: Owed) -> Receipt:
        ref = open_room(record)
        if ref is None:
            return NO_ROOM
        _, ts = await self._post(ref.value, await self._card(record), owed)
        return Receipt(ts, (Ref("card", ts, data={"channel": ref.value}),))

    async def refresh_card(self, record: Record, owed: Owed) -> Receipt:
        ref = card_here(record)
        if ref is None:
            return NO_ROOM
        await self._edit(ref.data["channel"], ref.value, await self._card(record), owed)
        return Receipt(ref.value)

    async def pin_card(self, record: Record, owed: Owed) -> Receipt:
        ref = card_here(record)
        if ref is None:
            return NO_ROOM
        try:
            await call(self._client, "pins.add", channel=ref.data["channel"], timestamp=ref.value)
        except SlackRefused as refusal:
            if refusal.error != "already_pinned":
                raise
        return Receipt(ref.value)

    async def invite(self, record: Record, owed: Owed) -> Receipt:
        """Who could not come is said in the room."""
        ref, users = open_room(record), owed.data["users"]
        return NO_ROOM if ref is None or not users else await self._guests.invite(ref, users)

    async def invite_group(self, record: Record, owed: Owed) -> Receipt:
        ref, group = open_room(record), str(owed.data["group"])
        if ref is None:
            return NO_ROOM
        return await self._guests.invite_group(ref, group, group_name(self._policy, group))

    async def bring_over(self, record: Record, owed: Owed) -> Receipt:
        """Everybody from the room that is left."""
        ref = open_room(record)
        if ref is None:
            return NO_ROOM
        return await self._guests.bring_over(ref, str(owed.data["from"]), self._rooms.bot)

    async def retire_room(self, record: Record, owed: Owed) -> Receipt:
        """One step of leaving a room whose incident is private now."""
        if owed.data["step"] == ARCHIVE and not is_last(record, owed):
            raise Temporary("the room is not emptied yet", retry_after=1.0)
        return await self._rooms.retire(str(owed.data["channel"]), str(owed.data["step"]), record.incident.number)

    async def withdraw(self, record: Record, owed: Owed) -> Receipt:
        """A card or an announcement that says no more than that it was one."""
        channel, ts = str(owed.data["channel"]), str(owed.data["ts"])
        try:
            await self._edit(channel, ts, privacy.withdrawn(str(owed.data["what"])), owed)
        except SlackRefused as refusal:
            if refusal.error != "message_not_found":
                raise
        return Receipt(ts, result="taken back")

    async def bookmark(self, record: Record, owed: Owed) -> Receipt:
        ref = open_room(record)
        if ref is None:
            return NO_ROOM
        listed = (await self._fitting(record)).listed
        wanted = bookmarks.bookmark(str(owed.data["slot"]), record, listed, self._policy.slack.call_link or "")
        return await self._bookmarks.bring_in_line(ref, record, owed, wanted)

    async def announce(self, record: Record, owed: Owed) -> Receipt:
        channel, ts = await self._post(owed.target, self._announcement(record), owed)
        return Receipt(ts, (Ref("announcement", ts, name=channel),), "announced")

    async def refresh_announcement(self, record: Record, owed: Owed) -> Receipt:
        ref = record.ref("announcement", owed.target)
        if ref is None:
            return Receipt(result="not announced")
        await self._edit(owed.target, ref.value, self._announcement(record), owed)
        return Receipt(ref.value)

    async def post(self, record: Record, owed: Owed) -> Receipt:
        ref = open_room(record)
        if ref is None:
            return NO_ROOM
        message = room.room_message(str(owed.data["say"]), owed.data, record, self._policy.names)
        _, ts = await self._post(ref.value, message, owed)
        return Receipt(ts)

    async def reply(self, record: Record, owed: Owed) -> Receipt:
        """In the thread of the card; where the card stands elsewhere, in the room."""
        ref, above = open_room(record), card_here(record)
        if ref is None:
            return NO_ROOM
        message = room.room_message(str(owed.data["say"]), owed.data, record, self._policy.names)
        _, ts = await self._post(ref.value, message, owed, above.value if above else "")
        return Receipt(ts)

    async def react(self, record: Record, owed: Owed) -> Receipt:
        """Put an emoji on a message, or take it off; one that is there, or gone, is as it should be."""
        verb, fine = ("reactions.add", ADDED) if owed.data["on"] else ("reactions.remove", REMOVED)
        about = {"channel": owed.data["channel"], "timestamp": owed.data["ts"], "name": owed.data["name"]}
        try:
            await call(self._client, verb, **about)
        except SlackRefused as refusal:
            if refusal.error not in fine:
                raise
        return Receipt(str(owed.data["ts"]))

    async def post_checklist(self, record: Record, owed: Owed) -> Receipt:
        ref, wanted = open_room(record), self._checklist(owed)
        if ref is None or wanted is None:
            return NO_ROOM if ref is None else NO_CHECKLIST
        _, ts = await self._post(ref.value, checklists.posted(record, wanted), owed)
        return Receipt(ts, (Ref("checklist", ts, wanted.id, data={"channel": ref.value}),), "posted")

    async def refresh_checklist(self, record: Record, owed: Owed) -> Receipt:
        """One of its messages: that of `ts`, or the newest."""
        room_ref, wanted = open_room(record), self._checklist(owed)
        known = [ref for ref in record.refs if (ref.kind, ref.name) == ("checklist", owed.data["checklist"])]
        ref = next((each for each in reversed(known) if owed.data.get("ts") in ("", each.value)), None)
        if ref is None or wanted is None or room_ref is None or ref.data["channel"] != room_ref.value:
            return NO_CHECKLIST
        await self._edit(room_ref.value, ref.value, checklists.posted(record, wanted), owed)
        return Receipt(ref.value)

    def _checklist(self, owed: Owed) -> Checklist | None:
        return next((each for each in self._policy.checklists if each.id == owed.data["checklist"]), None)

    async def post_reminder(self, record: Record, owed: Owed) -> Receipt:
        ref = open_room(record)
        if ref is None:
            return NO_ROOM
        message = room.room_message(str(owed.data["say"]), owed.data, record, self._policy.names)
        _, ts = await self._post(ref.value, message, owed)
        return Receipt(ts, (Ref(nudges.REF, ts, str(owed.data["reminder"]), data={"channel": ref.value}),))

    async def remove_reminder(self, record: Record, owed: Owed) -> Receipt:
        """The one that stands in the room; somebody may have been quicker by hand."""
        room_ref = open_room(record)
        known = [ref for ref in record.refs if nudges.stands(ref) and ref.name == owed.data["reminder"]]
        if not known or room_ref is None:
            return NO_ROOM
        ref = known[-1]
        try:
            # What stands in a room that was left stays there.
            if ref.data["channel"] == room_ref.value:
                await call(self._client, "chat.delete", channel=ref.data["channel"], ts=ref.value)
        except SlackRefused as refusal:
            if refusal.error not in ("message_not_found", "cant_delete_message"):
                raise
        return Receipt(ref.value, (Ref(ref.kind, ref.value, ref.name, data={**ref.data, "gone": True}),), "taken away")

    async def tell(self, record: Record, owed: Owed) -> Receipt:
        """A direct message that rings nobody."""
        message = room.room_message(str(owed.data["say"]), owed.data, record, self._policy.names)
        _, ts = await self._direct(str(owed.data["user"]), message, owed)
        return Receipt(ts)

    async def look_for_people(self, record: Record, owed: Owed) -> Receipt:
        return await self._guests.look_for(record.holders.values())

    async def page(self, record: Record, owed: Owed) -> Receipt:
        channel, ts = await self._direct(str(owed.data["user"]), page.page_dm(record, owed.data), owed)
        return Receipt(ts, (Ref("direct_message", ts, name=channel, data=dict(owed.data)),), "sent")

    async def refresh_page(self, record: Record, owed: Owed) -> Receipt:
        await self._edit(str(owed.data["channel"]), owed.target, page.page_dm(record, owed.data), owed)
        return Receipt(owed.target)

    async def respond(self, record: Record, owed: Owed) -> Receipt:
        """The second message to whoever typed the command. The address dies after 30 minutes; then nothing is sent."""
        ref = record.ref("channel")
        asked = datetime.fromisoformat(str(owed.data["at"]))
        if ref is None or owed.next_at - asked > RESPONSE_URL_LIVES:
            return Receipt(result="expired")
        answer = answers.declared_in_room(record.incident, ref.value)
        try:
            async with self._session.post(str(owed.data["url"]), json=answer) as response:
                if response.status == 429 or response.status >= 500:
                    raise Temporary(f"Slack has trouble (HTTP {response.status})")
                return Receipt(result="sent" if response.status < 300 else "expired")
        except aiohttp.ClientError as failure:
            raise Temporary(f"Slack cannot be reached ({type(failure).__name__})") from failure

    async def _card(self, record: Record) -> blocks.Message:
        severity = self._policy.severity_of(record.incident)
        return card.card(
            record,
            badge=severity.badge,
            label=severity.label,
            runbooks=(await self._fitting(record)).listed,
            people=self._policy.slack_ids,
            services=self._policy.service_names,
            roles={role.id: role.name for role in self._policy.roles},
            postmortem=severity.postmortem == "required",
        )

    def _announcement(self, record: Record) -> blocks.Message:
        severity = self._policy.severity_of(record.incident)
        return announcement.announcement(
            record,
            badge=severity.badge,
            label=severity.label,
            people=self._policy.slack_ids,
            services=self._policy.service_names,
            postmortem=severity.postmortem == "required",
        )

    async def _post(self, channel: str, message: blocks.Message, owed: Owed, under: str = "") -> tuple[str, str]:
        """Channel and ts of the message; a repeat looks first whether the earlier attempt is there. `under` is the ts
        of the message in whose thread it belongs."""
        if owed.repeat:
            ts = await self._find(channel, owed, under)
            if ts:
                return channel, ts
        thread = {"thread_ts": under} if under else {}
        stamped = blocks.stamp(message, _stamp(owed))
        answer = await call(self._client, "chat.postMessage", channel=channel, **thread, **stamped)
        return str(answer["channel"]), str(answer["ts"])

    async def _direct(self, user: str, message: blocks.Message, owed: Owed) -> tuple[str, str]:
        if owed.repeat:
            opened = await call(self._client, "conversations.open", users=user)
            return await self._post(str(opened["channel"]["id"]), message, owed)
        return await self._post(user, message, owed)

    async def _edit(self, channel: str, ts: str, message: blocks.Message, owed: Owed) -> None:
        stamped = blocks.stamp(message, _stamp(owed))
        await call(self._client, "chat.update", channel=channel, ts=ts, **stamped)

    async def _find(self, channel: str, owed: Owed, under: str = "") -> str | None:
        """The ts of the message that carries this row's mark, written since the row was planned."""
        oldest = f"{(owed.due_at - SKEW).timestamp():.6f}"
        cursor = ""
        while True:
            arguments: dict[str, Any] = {"channel": channel, "oldest": oldest, "limit": 200}
            if under:
                arguments["ts"] = under
            method = "conversations.replies" if under else "conversations.history"
            page = await call(self._client, method, **arguments, **_cursor(cursor))
            for message in page["messages"]:
                if any(block.get("block_id") == _stamp(owed) for block in message.get("blocks") or ()):
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return None


def _cursor(cursor: str) -> dict[str, str]:
    return {"cursor": cursor} if cursor else {}


def _stamp(owed: Owed) -> str:
    return f"muster-{owed.id}"


def _archived(ref: Ref, archived: bool) -> Ref:
    return Ref(ref.kind, ref.value, ref.name, ref.url, {**ref.data, "archived": archived})
