"""Twilio asked instead of called back by: the texts to our number, and what became of calls and texts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from domain.heard import Heard
from domain.phone import CALL, Line, News, TextIn
from integrations.http import sent_at
from integrations.twilio import Twilio
from views.heard import texted

PAGE_SIZE = "100"
"""The newest come first; more do not arrive between two looks."""


class Inbox:
    """A Telephony. It changes nothing at Twilio but for the answers that it sends."""

    def __init__(self, twilio: Twilio) -> None:
        self._twilio = twilio

    async def texts(self, since: datetime) -> Sequence[TextIn]:
        """What people sent to our number since then. Twilio filters by whole days."""
        day = since.astimezone(UTC).date().isoformat()
        params = {"To": self._twilio.account.number, "DateSent>": day, "PageSize": PAGE_SIZE}
        answer = await self._twilio.account.send("GET", "Messages", params=params)
        found = (_text(each) for each in answer.items("messages"))
        return [text for text in found if text and text.at >= since.replace(microsecond=0)]

    async def state(self, line: Line) -> News:
        what = "Calls" if line.kind == CALL else "Messages"
        answer = await self._twilio.account.send("GET", f"{what}/{quote(line.sid, safe='')}")
        status = answer.get("status")
        code = answer.find("error_code")
        return News(
            line.kind,
            line.sid,
            status,
            line.number,
            line.person,
            heard=str(answer.find("answered_by") or ""),
            code=int(code) if str(code).isdecimal() else 0,
        )

    async def answer(self, phone: str, heard: Heard) -> bool:
        """By SMS. Whether Twilio took it."""
        return await self._twilio.plain_text(phone, texted(heard))


def _text(sent: Mapping[str, Any]) -> TextIn | None:
    """An inbound message; None for what we sent ourselves, and for what cannot be placed in time."""
    at = sent_at(str(sent.get("date_sent") or sent.get("date_created")))
    sid, sender = str(sent.get("sid") or ""), str(sent.get("from") or "")
    if sent.get("direction") != "inbound" or at is None or not sid:
        return None
    return TextIn(sid, sender, str(sent.get("body") or ""), at)
