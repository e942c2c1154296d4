"""What Twilio posts to the bot: signed forms about calls and messages. When it posts is the telephone's to say."""

from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from sandbox.vendors import signatures
from sandbox.vendors.account import ACCOUNT_SID, API_VERSION, AUTH_TOKEN, Call, Message, rfc2822

SIP_CODES = {"busy": "486", "no-answer": "487", "canceled": "487", "failed": "404"}


class Callbacks:
    """Every form that was sent, with the bot's answer to it."""

    def __init__(self, twilio):
        self._twilio = twilio
        self.told: list[dict] = []
        self._sent: list[tuple[str, bytes, dict]] = []

    async def call(self, call: Call, event: str, status: str | None = None) -> None:
        """One call progress event, if the call asked for it; the sequence counts those not asked for too."""
        number, call.callbacks = call.callbacks, call.callbacks + 1
        if not call.callback or event not in call.events:
            return
        progress = {
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(number),
            "Timestamp": rfc2822(self._twilio.clock.now()),
        }
        if event == "completed":
            progress["CallDuration"] = str(call.seconds)
        if call.status == "completed":
            progress["Duration"] = str(-(-call.seconds // 60))
        if call.status in SIP_CODES:
            progress["SipResponseCode"] = SIP_CODES[call.status]
        if call.status == "failed":
            progress |= {"ErrorCode": str(call.error_code), "ErrorMessage": call.error_message}
        await self.post(call.callback, call_fields(call, status or call.status) | progress | heard_as(call))

    async def message(self, message: Message, statuses) -> None:
        """The way of a message that the bot sent, one form a status."""
        for status in statuses:
            fields = {
                "AccountSid": ACCOUNT_SID, "ApiVersion": API_VERSION, "From": message.from_, "To": message.to,
                "MessageSid": message.sid, "SmsSid": message.sid, "SmsStatus": status, "MessageStatus": status,
            }  # fmt: skip
            if message.error_code and status in ("failed", "undelivered"):
                fields["ErrorCode"] = str(message.error_code)
            await self.post(message.callback, fields)

    async def inbound(self, url: str, message: Message) -> dict:
        """A message that somebody wrote to the bot's number."""
        return await self.post(url, {
            "MessageSid": message.sid, "SmsSid": message.sid, "SmsMessageSid": message.sid, "SmsStatus": "received",
            "AccountSid": ACCOUNT_SID, "ApiVersion": API_VERSION, "From": message.from_, "To": message.to,
            "Body": message.body, "NumMedia": "0", "NumSegments": message.to_json()["num_segments"], "ToCountry": "US",
        })  # fmt: skip

    async def post(self, url: str, fields: dict[str, str]) -> dict:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": signatures.twilio(AUTH_TOKEN, url, fields),
            "I-Twilio-Idempotency-Token": str(uuid4()),
        }
        callback = (url, urlencode(fields).encode(), headers)
        self._sent.append(callback)
        return await self._deliver(callback)

    async def again(self, field=None) -> dict | None:
        """The last callback (that carried the field) once more: byte for byte, the same token. None: there was none."""
        for callback in reversed(self._sent):
            if field is None or field in _fields(callback):
                return await self._deliver(callback)
        return None

    async def _deliver(self, callback):
        at = rfc2822(self._twilio.clock.now())
        result = await self._twilio.call_back(*callback)
        self.told.append({"at": at, **result, "fields": _fields(callback)})
        return result


def call_fields(call: Call, status: str) -> dict[str, str]:
    return {
        "AccountSid": ACCOUNT_SID, "ApiVersion": API_VERSION, "CallSid": call.sid, "Direction": "outbound-api",
        "From": call.from_, "To": call.to, "Caller": call.from_, "Called": call.to, "CallStatus": status,
    }  # fmt: skip


def heard_as(call: Call) -> dict[str, str]:
    """What answering machine detection found, where it was asked for."""
    return {"AnsweredBy": call.answered_by} if call.machine_detection and call.answered_by else {}


def _fields(callback) -> dict[str, str]:
    return dict(parse_qsl(callback[1].decode(), keep_blank_values=True))
