"""The people's phones: who rings, who answers, what is said and pressed. It knows no HTTP API, only the callbacks."""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from sandbox.vendors import twiml
from sandbox.vendors.account import ENDED, PHONE_NUMBER, Call, Message
from sandbox.vendors.base import impossible
from sandbox.vendors.lines import CALL_ERRORS, TEXT_ERRORS, Lines
from sandbox.vendors.twilio_callbacks import Callbacks, call_fields, heard_as

PHONEBOOK = {"ana": "+15550000001", "ben": "+15550000002", "chris": "+15550000003"}
MACHINES = {"Enable": "machine_start", "DetectMessageEnd": "machine_end_beep", "": "machine_start"}
HEARD_AS = (
    "human", "machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax", "unknown",
)  # fmt: skip
APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."


class Telephone:
    """Every phone that the account can reach. Numbers may be given by name."""

    def __init__(self, twilio):
        self._twilio = twilio
        self.calls: list[Call] = []
        self.messages: list[Message] = []
        self.callbacks = Callbacks(twilio)
        self.lines = Lines()
        self.phonebook = dict(PHONEBOOK)
        self.inbound_path = "/callbacks/twilio/sms"
        self._held: dict[str, tuple] = {}  # sid of a call that waits for a key -> (Gather, what comes without one, url)

    # what happens by itself

    def dial(self, call: Call) -> None:
        """Rings at once, or in its turn where calls are dialled one after the other."""
        self.calls.append(call)
        if self._twilio.calls_per_second:
            gap = timedelta(seconds=1 / self._twilio.calls_per_second)
            turns = [each.starts + gap for each in self.calls if each.starts]
            call.starts = max([call.created, *turns])
            call.status = "queued" if call.starts > call.created else "ringing"
        self._twilio.soon(self._begin(call))

    async def _begin(self, call):
        await self.callbacks.call(call, "initiated", status="queued")
        if call.status == "ringing":
            await self._ring(call)

    async def _ring(self, call):
        """The phone rings; where something is wrong with the line, the call ends as it must."""
        await self.callbacks.call(call, "ringing", status="ringing")
        how, code = self.lines.calls.get(call.to, ("", 0))
        if how == "voicemail":
            await self.voicemail(call.to)
        elif how:
            call.error_code, call.error_message = code, CALL_ERRORS.get(code, "The call failed" if code else "")
            self.end(call, how)

    def send(self, message: Message) -> None:
        """Delivered at once, unless the line says otherwise."""
        how, code = self.lines.texts.get(message.to, ("delivered", 0))
        message.status = how
        if code:
            message.error_code, message.error_message = code, TEXT_ERRORS.get(code, "The message failed")
        self.messages.append(message)
        if message.callback:
            self._twilio.soon(
                self.callbacks.message(message, dict.fromkeys(("sent", how) if how != "failed" else (how,)))
            )

    def age(self) -> None:
        """Queued calls ring when it is their turn. Calls that nobody answered in time stop ringing, dated to then."""
        now = self._twilio.clock.now()
        for call in self.calls:
            if call.status == "queued" and now >= call.starts:
                call.status = "ringing"
                self._twilio.soon(self._ring(call))
            if call.status == "ringing" and now >= call.rings_until:
                call.status, call.ended = "no-answer", call.rings_until
                self._twilio.soon(self.callbacks.call(call, "completed"))

    def end(self, call: Call, status: str) -> None:
        call.status, call.ended = status, self._twilio.clock.now()
        self._twilio.soon(self.callbacks.call(call, "completed"))

    def going_on(self) -> list[Call]:
        """The calls that have not ended."""
        self.age()
        return [call for call in self.calls if call.status not in ENDED]

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
        for message in (each for each in self.messages if each.arrived):
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

    async def answer(self, to, digits=None, heard_as="human"):
        """Answers (or goes on with a call that was picked up), listens to everything, and presses the digits.

        `heard_as`: what answering machine detection makes of the person.
        """
        if heard_as not in HEARD_AS:
            return impossible(f"nobody is heard as {heard_as}; there are {', '.join(HEARD_AS)}")
        call = self._find(to, "ringing") or self._find(to, "in-progress")
        if call is None:
            return impossible(f"no phone rings at {self.number(to)}")
        if call.sid in self._held:
            return await self.press(to, digits)
        if call.status == "ringing":
            await self._connect(call, heard_as)
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

    async def voicemail(self, to, heard_as=None):
        """A machine answers, hears all of it and presses nothing; detected at its start, or at its beep if so asked."""
        call = self._find(to, "ringing")
        if call is None:
            return impossible(f"no phone rings at {self.number(to)}")
        return await self.answer(to, heard_as=heard_as or MACHINES[call.machine_detection])

    async def fax(self, to):
        return await self.answer(to, heard_as="fax")

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
        self.lines.heed(message.from_, text)
        url = self._twilio.bot_url.rstrip("/") + self.inbound_path
        result = await self.callbacks.inbound(url, message)
        return {"ok": True, "answers": self._answers(message, result), "callback": result}

    async def redeliver(self, field=None):
        """The last callback (that carried the field, such as Digits) once more: byte for byte, the same token."""
        again = await self.callbacks.again(field)
        return {"ok": True, "callback": again} if again else impossible("no such callback was sent yet")

    async def spoil(self, to, **how):
        """Something goes wrong with the line from now on; lines.py says what may."""
        return self.lines.spoil(self.number(to), **how)

    async def mend(self, to):
        return self.lines.mend(self.number(to))

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
        await self.callbacks.call(call, "answered")

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
        return await self._fetch(call, call.url, heard_as(call))

    async def _gathered(self, call, url, gather, keys):
        if gather.attributes.get("method", "POST") != "POST" or not is_url(url):
            self._twilio.complain("a Gather without an absolute action, or with GET, leads nowhere here")
            return self._broken(call, "11200 no usable action")
        call.pressed.append(keys)
        call.pressed_after.append(len(call.said))
        return await self._fetch(call, url, {"Digits": keys, "FinishedOnKey": "", "msg": "Gather End"})

    async def _fetch(self, call, url, more):
        result = await self.callbacks.post(url, call_fields(call, "in-progress") | more)
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
