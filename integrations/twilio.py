"""Twilio: calls and texts one person. Without keys on Twilio's side, a repeat first looks for what it already sent."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

import aiohttp

from domain.errors import Permanent, Temporary
from domain.record import CLOCK_SKEW, Owed, Receipt, Record, Ref
from integrations.http import sent_at
from integrations.twilio_account import Account
from views import sms, storm, twiml

RINGS = 30  # seconds; longer reaches the mailbox, which answers and acknowledges nothing
PLAIN_TEXT_WITHIN_S = 5.0
NEVER_WENT_OUT = ("failed", "canceled")
OVER_ALREADY = 21220
"""Twilio's error for a call that is not in progress any more."""


class Twilio:
    """A Phone. `callback_url` is Muster's public address; without it a call cannot be acknowledged by a key."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        account_sid: str,
        auth_token: str,
        phone_number: str,
        callback_url: str | None = None,
        url: str = "https://api.twilio.com",
    ) -> None:
        self.account = Account(session, account_sid=account_sid, auth_token=auth_token, number=phone_number, url=url)
        self._callbacks = callback_url.rstrip("/") + "/callbacks/twilio" if callback_url else None
        # Two incidents ring the same person, and Twilio does not tell their calls apart: the outbox does for what it
        # has settled, and this for what this process has just sent.
        self._placed: dict[str, int] = {}

    async def prove(self) -> None:
        """Reads our account and keeps nothing. Raises Permanent where it is refused, or is suspended or closed."""
        await self.account.prove()

    async def call(self, record: Record, owed: Owed) -> Receipt:
        gather = self._callback("gather", record, owed)
        words = twiml.call(record.incident, gather, storm.spoken(owed.data, keys=gather is not None))
        events = [("StatusCallbackEvent", each) for each in ("initiated", "ringing", "answered", "completed")]
        # A machine that picks up is told from a person: what it hears is no acknowledgement.
        form = [("Twiml", words), ("Timeout", str(RINGS)), ("MachineDetection", "Enable")]
        watched = [*self._watched("call", record, owed), *events] if self._callbacks else []
        return await self._ring("Calls", "call", record, owed, [*form, *watched], "calling")

    async def text(self, record: Record, owed: Owed) -> Receipt:
        room = record.ref("channel")
        body = sms.page(record.incident, room.url if room else "", storm.written(owed.data))
        watched = self._watched("text", record, owed)[:1]
        return await self._ring("Messages", "text", record, owed, [("Body", body), *watched], "sent")

    async def hang_up(self, record: Record, owed: Owed) -> Receipt:
        """End a call that nobody has picked up yet: `canceled` leaves a conversation alone."""
        sid = str(owed.data["sid"])
        form = aiohttp.FormData([("Status", "canceled")])
        answer = await self.account.send("POST", f"Calls/{quote(sid, safe='')}", known=(400, 404), data=form)
        if answer.status == 400 and answer.find("code") != OVER_ALREADY:
            raise answer.refusal()
        return Receipt(sid, result="ended" if answer.status < 300 else "had ended already")

    async def plain_text(self, phone: str, text: str) -> bool:
        """A text about no incident. Whether Twilio took it."""
        form = [("To", phone), ("From", self.account.number), ("Body", text[: sms.LONGEST])]
        try:
            async with asyncio.timeout(PLAIN_TEXT_WITHIN_S):
                await self.account.send("POST", "Messages", data=aiohttp.FormData(form))
        except (Temporary, Permanent, TimeoutError):
            return False
        return True

    async def _ring(
        self, what: str, kind: str, record: Record, owed: Owed, form: list[tuple[str, str]], result: str
    ) -> Receipt:
        sid = await self._earlier(what, record, owed)
        if sid is None:
            whole = aiohttp.FormData([*self._ends(owed).items(), *form])
            answer = await self.account.send("POST", what, known=(400,), data=whole)
            if answer.status == 400:
                raise self.account.refused(answer, _person(owed))
            sid = answer.get("sid")
        self._placed[sid] = owed.id
        return Receipt(vendor_id=sid, refs=(Ref(kind, sid, name=_person(owed)),), result=result)

    async def _earlier(self, what: str, record: Record, owed: Owed) -> str | None:
        """What an earlier attempt of this row sent, if it did.

        Not filtered by time on Twilio's side: a queued call has not started, and a filter by its start would hide it.
        """
        if not owed.repeat:
            return None
        answer = await self.account.send("GET", what, params={**self._ends(owed), "PageSize": "100"})
        taken = owed.taken | {sid for sid, row in self._placed.items() if row != owed.id}
        for each in answer.items(what.lower()):
            if each.get("sid") not in taken and _is_ours(each, record, owed):
                return str(each["sid"])
        return None

    def _ends(self, owed: Owed) -> dict[str, str]:
        return {"To": str(owed.data["phone"]), "From": self.account.number}

    def _watched(self, what: str, record: Record, owed: Owed) -> list[tuple[str, str]]:
        status = self._callback(what, record, owed)
        return [("StatusCallback", status), ("StatusCallbackMethod", "POST")] if status else []

    def _callback(self, what: str, record: Record, owed: Owed) -> str | None:
        """It names the incident, the person and the row: a callback may be here before the answer to the request."""
        if self._callbacks is None:
            return None
        person = quote(_person(owed), safe="")
        return f"{self._callbacks}/{what}?incident={record.incident.number}&person={person}&ring={owed.id}"


def _is_ours(sent: Mapping[str, Any], record: Record, owed: Owed) -> bool:
    """Whether it went out since this row was first due. A text tells its incident, a call does not."""
    if sent.get("status") in NEVER_WENT_OUT or not sent.get("sid"):
        return False
    if "body" in sent and record.incident.key not in str(sent["body"]).replace(":", " ").split():
        return False
    created = sent_at(str(sent.get("date_created")))
    return created is not None and created >= owed.due_at - CLOCK_SKEW


def _person(owed: Owed) -> str:
    return str(owed.data["person"])


class TextedTrouble:
    """A Loudspeaker: texts those whose `phones`, in E.164, are on call now that Muster itself is in trouble."""

    def __init__(self, twilio: Twilio, phones: Callable[[], Iterable[str]]) -> None:
        self._twilio = twilio
        self._phones = phones

    async def announce_trouble(self, text: str) -> bool:
        """Whether anybody was reached."""
        return any([await self._twilio.plain_text(phone, text) for phone in self._phones()])
