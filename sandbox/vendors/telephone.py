"""The people's phones: who rings, who answers, what is said and pressed. It knows no HTTP API, only the callbacks."""

from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from uuid import uuid4

from sandbox.vendors import signatures, twiml
from sandbox.vendors.account import ACCOUNT_SID, API_VERSION, AUTH_TOKEN, ENDED, PHONE_NUMBER, Call, Message, rfc2822
from sandbox.vendors.base import impossible

PHONEBOOK = {"ana": "+15550000001", "ben": "+15550000002", "chris": "+15550000003"}
SIP_CODES = {"busy": "486", "no-answer": "487", "canceled": "487"}
APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."


class Telephone:
    """Every phone that the account can reach. Numbers may be given by name."""

    def __init__(self, twilio):
        self._twilio = twilio
        self.calls: list[Call] = []
        self.messages: list[Message] = []
        self.callbacks: list[dict] = []
        self.phonebook = dict(PHONEBOOK)
        self.inbound_path = "/callbacks/twilio/sms"
        self._sent: list[tuple[str, bytes, dict]] = []
        self._held: dict[str, tuple] = {}  # sid of a call that waits for a key -> (Gather, what comes without one, url)

    # what happens by itself

    def dial(self, call: Call) -> None:
        self.calls.append(call)
        self._twilio.soon(self._report_start(call))

    async def _report_start(self, call):
        await self._report(call, "initiated", status="queued")
        await self._report(call, "ringing", status="ringing")

    def send(self, message: Message) -> None:
        self.messages.append(message)
        if message.callback:
            self._twilio.soon(self._report_delivery(message))

    def age(self) -> None:
        """Calls that nobody answered in time stop ringing, dated to the moment when they stopped."""
        now = self._twilio.clock.now()
        for call in self.calls:
            if call.status == "ringing" and now >= call.rings_until:
                call.status, call.ended = "no-answer", call.rings_until
                self._twilio.soon(self._report(call, "completed"))

    def end(self, call: Call, status: str) -> None:
        call.status, call.ended = status, self._twilio.clock.now()
        self._twilio.soon(self._report(call, "completed"))

    # what people do

    async def phones(self):
        """Each number that was ever called or texted: what rings there now, and all that came."""
        self.age()
        names = {number: name for name, number in self.phonebook.items()}
        phones = {number: {"name": name, "ringing": [], "calls": [], "texts": []} for number, name in names.items()}
        for call in self.calls:
            phone = phones.setdefault(call.to, {"name": None, "ringing": [], "calls": [], "texts": []})
            phone["calls"].append(call.to_state())
            if call.status == "ringing":
                phone["ringing"].append(call.sid)
        for message in self.messages:
            number = message.from_ if message.direction == "inbound" else message.to
            phone = phones.setdefault(number, {"name": None, "ringing": [], "calls": [], "texts": []})
            phone["texts"].append(message.to_json())
        return {"ok": True, "phones": phones}

    async def pick_up(self, to):
        """Answers and holds the line open, until `answer` goes on with it or somebody hangs up."""
        call = self._find(to, "ringing")
        if call is None:
            return impossible(f"no phone rings at {self.number(to)}")
        await self._connect(call, "human")
        return {"ok": True, "call": call.to_state()}

    async def answer(self, to, digits=None):
        """Answers (or goes on with a call that was picked up), listens to everything, and presses the digits."""
        call = self._find(to, "ringing") or self._find(to, "in-progress")
        if call is None:
            return impossible(f"no phone rings at {self.number(to)}")
        if call.sid in self._held:
            return await self.press(to, digits)
        if call.status == "ringing":
            await self._connect(call, "human")
        return await self._converse(call, str(digits or ""))

    async def hear(self, to):
        """Answers, listens up to the first question, and holds the line there for `press`."""
        call = self._find(to, "ringing")
        if call is None:
            return impossible(f"no phone rings at {self.number(to)}")
        await self._connect(call, "human")
        self._hold(call, await self._document(call), call.url)
        return {"ok": True, "said": call.said, "call": call.to_state()}

    async def press(self, to, digits=None):
        """Keys into a line that is held, or none: silence. It is held again at the next question, or the call ends."""
        call = self._find(to, "in-progress")
        if call is None or call.sid not in self._held:
            return impossible(f"nobody waits for a key at {self.number(to)}")
        said = len(call.said)
        gather, document, base = self._held.pop(call.sid)
        keys, _ = _typed(gather, str(digits or ""))
        if keys or gather.attributes.get("actionOnEmptyResult") == "true":
            base = urljoin(base, gather.attributes.get("action", base))
            document = await self._gathered(call, base, gather, keys)
        self._hold(call, document, base)
        return {"ok": True, "said": call.said[said:], "call": call.to_state()}

    async def voicemail(self, to):
        """A machine answers, hears all of it and presses nothing."""
        call = self._find(to, "ringing")
        if call is None:
            return impossible(f"no phone rings at {self.number(to)}")
        await self._connect(call, "machine_start")
        return await self._converse(call, "")

    async def hang_up(self, to):
        """Ends the conversation; a call that still rings is declined, which the network reports as busy."""
        call = self._find(to, "in-progress")
        if call is None:
            return await self.busy(to)
        self.end(call, "completed")
        return {"ok": True, "call": call.to_state()}

    async def busy(self, to):
        call = self._find(to, "ringing")
        if call is None:
            return impossible(f"no phone rings at {self.number(to)}")
        self.end(call, "busy")
        return {"ok": True, "call": call.to_state()}

    async def reply(self, to, text):
        """The person whose number is `to` sends an SMS to the bot's number."""
        at = self._twilio.clock.now()
        message = Message(PHONE_NUMBER, self.number(to), text, at, direction="inbound", status="received")
        self.messages.append(message)
        fields = {
            "MessageSid": message.sid, "SmsSid": message.sid, "SmsMessageSid": message.sid, "SmsStatus": "received",
            "AccountSid": ACCOUNT_SID, "ApiVersion": API_VERSION, "From": message.from_, "To": message.to,
            "Body": text, "NumMedia": "0", "NumSegments": message.to_json()["num_segments"], "ToCountry": "US",
        }  # fmt: skip
        result = await self._post(self._twilio.bot_url.rstrip("/") + self.inbound_path, fields)
        return {"ok": True, "answers": self._answers(message, result), "callback": result}

    async def redeliver(self, field=None):
        """The last callback (that carried the field, such as Digits) once more: byte for byte, the same token."""
        for callback in reversed(self._sent):
            if field is None or field in _fields(callback):
                return {"ok": True, "callback": await self._deliver(callback)}
        return impossible("no such callback was sent yet")

    def number(self, to: str) -> str:
        return self.phonebook.get(str(to).lower(), str(to))

    def _find(self, to, status):
        """The call that has waited longest: a phone rings once at a time."""
        self.age()
        number = self.number(to)
        return next((call for call in self.calls if call.to == number and call.status == status), None)

    def _answers(self, message, result):
        """The bot's TwiML answer to an SMS, sent as SMS."""
        if not 200 <= result["status"] < 300 or not result["body"].strip():
            return []
        try:
            texts = [verb.text for verb in twiml.parse(result["body"], known=("Message",))]
        except twiml.NotTwimlError as error:
            self._twilio.complain(f"12300 the answer to an SMS: {error}")
            return []
        at = self._twilio.clock.now()
        self.messages += [Message(message.from_, PHONE_NUMBER, text, at, "outbound-reply") for text in texts]
        return texts

    # the conversation

    async def _connect(self, call, who):
        call.status, call.answered, call.answered_by = "in-progress", self._twilio.clock.now(), who
        await self._report(call, "answered")

    async def _converse(self, call, digits):
        said = len(call.said)
        document, base = await self._document(call), call.url
        while document is not None:
            gathered = self._listen(call, document, digits)
            if gathered is None:
                break
            gather, keys, digits = gathered
            base = urljoin(base, gather.attributes.get("action", base))
            document = await self._gathered(call, base, gather, keys)
        if call.status not in ENDED:  # the bot may have ended it meanwhile
            self.end(call, "completed")
        return {"ok": True, "said": call.said[said:], "call": call.to_state()}

    def _hold(self, call, document, base):
        """Speaks up to the next question, or to the end of the call."""
        for place, verb in enumerate(document):
            if call.status in ENDED or verb.name == "Hangup":
                break
            call.said += _words(verb)
            if verb.name == "Gather":
                self._held[call.sid] = verb, document[place + 1 :], base
                return
        if call.status not in ENDED:
            self.end(call, "completed")

    def _listen(self, call, document, digits):
        """Speaks up to the first Gather that hears something: that Gather, its keys and the digits left over."""
        for verb in document:
            call.said += _words(verb)
            if verb.name == "Hangup":
                return None
            if verb.name != "Gather":
                continue
            keys, rest = _typed(verb, digits)
            if keys or verb.attributes.get("actionOnEmptyResult") == "true":
                return verb, keys, rest
        return None

    async def _document(self, call):
        if not call.url:
            return self._parsed(call, call.twiml)
        return await self._fetch(call, call.url, {})

    async def _gathered(self, call, url, gather, keys):
        if gather.attributes.get("method", "POST") != "POST" or not is_url(url):
            self._twilio.complain("a Gather without an absolute action, or with GET, leads nowhere here")
            return self._broken(call, "11200 no usable action")
        call.pressed.append(keys)
        return await self._fetch(call, url, {"Digits": keys, "FinishedOnKey": "", "msg": "Gather End"})

    async def _fetch(self, call, url, more):
        result = await self._post(url, self._call_fields(call, "in-progress") | more)
        if not 200 <= result["status"] < 300:
            return self._broken(call, f"11200 {url} answered {result['status']}")
        return self._parsed(call, result["body"])

    def _parsed(self, call, document):
        try:
            return twiml.parse(document)
        except twiml.NotTwimlError as error:
            self._twilio.complain(f"12100 {error}")
            return self._broken(call, f"12100 {error}")

    def _broken(self, call, why):
        call.errors.append(why)
        return [twiml.Verb("Say", APPLICATION_ERROR), twiml.Verb("Hangup")]

    # callbacks

    async def _report(self, call, event, status=None):
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
        if call.machine_detection and call.answered_by:
            progress["AnsweredBy"] = call.answered_by
        await self._post(call.callback, self._call_fields(call, status or call.status) | progress)

    async def _report_delivery(self, message):
        for status in ("sent", "delivered"):
            fields = {
                "AccountSid": ACCOUNT_SID, "ApiVersion": API_VERSION, "From": message.from_, "To": message.to,
                "MessageSid": message.sid, "SmsSid": message.sid, "SmsStatus": status, "MessageStatus": status,
            }  # fmt: skip
            await self._post(message.callback, fields)

    def _call_fields(self, call, status):
        return {
            "AccountSid": ACCOUNT_SID, "ApiVersion": API_VERSION, "CallSid": call.sid, "Direction": "outbound-api",
            "From": call.from_, "To": call.to, "Caller": call.from_, "Called": call.to, "CallStatus": status,
        }  # fmt: skip

    async def _post(self, url, fields):
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": signatures.twilio(AUTH_TOKEN, url, fields),
            "I-Twilio-Idempotency-Token": str(uuid4()),
        }
        callback = (url, urlencode(fields).encode(), headers)
        self._sent.append(callback)
        return await self._deliver(callback)

    async def _deliver(self, callback):
        at = rfc2822(self._twilio.clock.now())
        result = await self._twilio.call_back(*callback)
        self.callbacks.append({"at": at, **result, "fields": _fields(callback)})
        return result


def _fields(callback) -> dict[str, str]:
    return dict(parse_qsl(callback[1].decode(), keep_blank_values=True))


def _words(verb) -> list[str]:
    return [part.text for part in (verb, *verb.inside) if part.name == "Say"]


def _typed(gather, digits) -> tuple[str, str]:
    """What this Gather hears of the digits, and what is left for the next."""
    limit = int(gather.attributes.get("numDigits", 0)) or len(digits)
    finish = gather.attributes.get("finishOnKey", "#")
    keys = digits[:limit]
    if finish and finish in keys:
        keys = keys.split(finish)[0]
        return keys, digits[len(keys) + 1 :]
    return keys, digits[limit:]


def is_url(text: str) -> bool:
    return urlsplit(text).scheme in ("http", "https") and bool(urlsplit(text).hostname)
