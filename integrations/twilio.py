"""Twilio: calls and texts one person. Without keys on Twilio's side, a repeat first looks for what it already sent."""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import aiohttp

from domain.errors import Permanent, Temporary
from domain.record import Owed, Receipt, Record, Ref
from integrations.http import Answer, Vendor, request, sent_at
from views import sms, storm, twiml

ADVICE = {
    401: "check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
    403: "check that the Twilio account is active",
    404: "check TWILIO_ACCOUNT_SID and TWILIO_API_URL",
}
CLOCK_SKEW = timedelta(minutes=1)
RINGS = 30  # seconds; longer reaches the mailbox, which answers and acknowledges nothing
PLAIN_TEXT_WITHIN_S = 5.0
NEVER_WENT_OUT = ("failed", "canceled")


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
        self._session = session
        credentials = b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}"}
        self._from = phone_number
        self._callbacks = callback_url.rstrip("/") + "/callbacks/twilio" if callback_url else None
        self._url = f"{url.rstrip('/')}/2010-04-01/Accounts/{account_sid}"
        self._vendor = Vendor("Twilio", "TWILIO_API_URL", ADVICE, (auth_token,))
        # Two incidents ring the same person, and Twilio does not tell their calls apart: the outbox does for what it
        # has settled, and this for what this process has just sent.
        self._placed: dict[str, int] = {}

    async def call(self, record: Record, owed: Owed) -> Receipt:
        words = twiml.call(record.incident, self._callback("gather", record, owed), storm.spoken(owed.data))
        form = {**self._ends(owed), "Twiml": words, "Timeout": str(RINGS)}
        status = self._callback("call", record, owed)
        events = [("StatusCallbackEvent", each) for each in ("initiated", "ringing", "answered", "completed")]
        watched = [("StatusCallback", status), ("StatusCallbackMethod", "POST"), *events] if status else []
        sid = await self._earlier("calls", record, owed) or await self._create("Calls", owed, [*form.items(), *watched])
        return self._receipt("call", sid, owed, "calling")

    async def text(self, record: Record, owed: Owed) -> Receipt:
        room = record.ref("channel")
        body = sms.page(record.incident, room.url if room else "") + storm.written(owed.data)
        sid = await self._earlier("messages", record, owed)
        if sid is None:
            sid = await self._create("Messages", owed, [*self._ends(owed).items(), ("Body", body)])
        return self._receipt("text", sid, owed, "sent")

    async def plain_text(self, phone: str, text: str) -> bool:
        """A text about no incident. Whether Twilio took it."""
        form = [("To", phone), ("From", self._from), ("Body", text[: sms.LONGEST])]
        try:
            async with asyncio.timeout(PLAIN_TEXT_WITHIN_S):
                await self._send("POST", "Messages", data=aiohttp.FormData(form))
        except (Temporary, Permanent, TimeoutError):
            return False
        return True

    async def _create(self, what: str, owed: Owed, form: list[tuple[str, str]]) -> str:
        answer = await self._send("POST", what, known=(400,), data=aiohttp.FormData(form))
        if answer.status == 400:
            raise _refused(answer, owed)
        return answer.get("sid")

    async def _earlier(self, what: str, record: Record, owed: Owed) -> str | None:
        """What an earlier attempt of this row sent, if it did.

        Not filtered by time on Twilio's side: a queued call has not started, and a filter by its start would hide it.
        """
        if not owed.repeat:
            return None
        answer = await self._send("GET", what.capitalize(), params={**self._ends(owed), "PageSize": "100"})
        taken = owed.taken | {sid for sid, row in self._placed.items() if row != owed.id}
        for each in answer.items(what):
            if each.get("sid") not in taken and _is_ours(each, record, owed):
                return str(each["sid"])
        return None

    async def _send(self, method: str, what: str, **options: Any) -> Answer:
        url = f"{self._url}/{what}.json"
        return await request(self._session, self._vendor, method, url, headers=self._headers, **options)

    def _receipt(self, kind: str, sid: str, owed: Owed, result: str) -> Receipt:
        self._placed[sid] = owed.id
        return Receipt(vendor_id=sid, refs=(Ref(kind, sid, name=_person(owed)),), result=result)

    def _ends(self, owed: Owed) -> dict[str, str]:
        return {"To": str(owed.data["phone"]), "From": self._from}

    def _callback(self, what: str, record: Record, owed: Owed) -> str | None:
        if self._callbacks is None:
            return None
        return f"{self._callbacks}/{what}?incident={record.incident.number}&person={quote(_person(owed), safe='')}"


def _is_ours(sent: Mapping[str, Any], record: Record, owed: Owed) -> bool:
    """Whether it went out since this row was first due. A text tells its incident, a call does not."""
    if sent.get("status") in NEVER_WENT_OUT or not sent.get("sid"):
        return False
    if "body" in sent and record.incident.key not in str(sent["body"]).split():
        return False
    created = sent_at(str(sent.get("date_created")))
    return created is not None and created >= owed.due_at - CLOCK_SKEW


WHY = {
    21211: "their number is not valid",
    21214: "their number cannot be reached",
    21215: "the Twilio account may not call that country",
    21219: "a trial account reaches verified numbers only",
    21408: "the Twilio account may not text that country",
    21608: "a trial account reaches verified numbers only",
    21610: "they replied STOP to an earlier text",
    21614: "their number cannot receive texts",
}
OUR_NUMBER = (21210, 21212, 21606, 21659, 21660)


def _refused(answer: Answer, owed: Owed) -> Permanent:
    code = answer.find("code")
    if code in OUR_NUMBER:
        return answer.refusal("check TWILIO_PHONE_NUMBER")
    if code in WHY:
        return answer.vendor.refusal(answer.status, WHY[code], f"check the phone of {_person(owed)} in config.yaml")
    return answer.refusal()


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
