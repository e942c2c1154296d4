"""What Twilio calls back: a key on the phone, a reply by SMS, the way of a call or a text. Signed, or refused."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl

from aiohttp import web

from domain import heard, signatures
from domain.errors import Refused
from domain.heard import Heard
from domain.people import Person
from domain.phone import CALL, TEXT, News
from domain.settings import Settings
from handlers.http.bodies import limited
from handlers.http.server import IN_TROUBLE
from service import metrics
from service.phones import VENDOR, Phones
from service.switchboard import Switchboard
from views import sms, twiml
from views.heard import spoken, texted

FIELDS_AT_MOST = 200
BODY_AT_MOST = 64 * 1024
"""Many times what Twilio sends."""

Form = Mapping[str, str]
Handler = Callable[[web.Request, Form], Awaitable[str]]


def routes(switchboard: Switchboard, phones: Phones, settings: Settings) -> list[web.RouteDef]:
    """The phone's callbacks, where it is on and can reach us."""
    twilio, public = settings.integrations.twilio, settings.http.public_url
    if not twilio.on or not twilio.auth_token or not public:
        return []
    door = Door(twilio.auth_token.get_secret_value(), public)
    phone = Phone(switchboard, phones, settings, public)
    return [
        web.post("/callbacks/twilio/gather", door.opened(phone.gather, twiml.in_trouble())),
        web.post("/callbacks/twilio/call", door.opened(phone.call, twiml.texts())),
        web.post("/callbacks/twilio/text", door.opened(phone.text, twiml.texts())),
        web.post("/callbacks/twilio/sms", door.opened(phone.reply, twiml.texts(sms.in_trouble()))),
    ]


class Door:
    """Lets in what Twilio has signed, and has it answered with TwiML whatever happens: the caller never hears Twilio's
    own "application error"."""

    def __init__(self, token: str, public_url: str) -> None:
        self._token = token
        self._public_url = public_url.rstrip("/")

    def opened(self, handler: Handler, in_trouble: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        """The handler behind the door; `in_trouble` is the answer where it breaks."""

        async def handle(request: web.Request) -> web.Response:
            form = await self._signed(request)
            request[IN_TROUBLE] = _speak(in_trouble)
            return _speak(await handler(request, form))

        return handle

    async def _signed(self, request: web.Request) -> Form:
        body = await limited(request, BODY_AT_MOST)
        url = self._public_url + request.raw_path
        header = request.headers.get("X-Twilio-Signature")
        settings = request.headers.get("X-Twilio-Webhooks-Signature-Settings")
        form = _form(body)
        is_form = "bodySHA256" not in request.query
        if is_form and signatures.twilio(self._token, url, form, header, settings):
            return dict(form)
        if not is_form and signatures.twilio_body(self._token, url, body, header, settings):
            return dict(form)
        metrics.FORGED.labels(VENDOR).inc()
        raise web.HTTPUnauthorized(text="the signature does not fit")


class Phone:
    """Only a key that counts and a reply that is understood change anything but the record of what became of a ring."""

    def __init__(self, switchboard: Switchboard, phones: Phones, settings: Settings, public_url: str) -> None:
        self._switchboard = switchboard
        self._phones = phones
        self._settings = settings
        self._public_url = public_url.rstrip("/")

    async def gather(self, request: web.Request, form: Form) -> str:
        """The key that was pressed, answered in TwiML. A repeat is known by the call and its place in it, which are
        signed, and by Twilio's token, which is not."""
        number, person = _number(request), self._person(request)
        if number is None or person is None:
            return twiml.unknown_incident()
        sid, turn = form.get("CallSid", ""), _count(request, "turn")
        marks = (f"{VENDOR}:{sid}:key:{turn}", *_token(request))
        try:
            answer = await self._switchboard.key(number, person, sid, form.get("Digits", ""), marks)
        except Refused:
            return twiml.unknown_incident()
        return spoken(answer, self._again(request, turn, answer))

    def _again(self, request: web.Request, turn: int, answer: Heard) -> str | None:
        """Where the next key goes; nowhere once too many meant nothing."""
        wrong = _count(request, "wrong") + (answer.what == heard.WRONG)
        if wrong >= twiml.TRIES:
            return None
        query = {**request.query, "turn": str(turn + 1), "wrong": str(wrong)}
        return self._public_url + str(request.rel_url.with_query(query))

    async def call(self, request: web.Request, form: Form) -> str:
        """What became of a call; each stage has its number, as they may overtake each other."""
        sid, sequence = form.get("CallSid", ""), _decimal(form.get("SequenceNumber"))
        news = self._news(CALL, request, form, sid, form.get("CallStatus", ""))
        if news is not None:
            await self._phones.told(news, (f"{VENDOR}:{sid}:{sequence}", *_token(request)))
        return twiml.texts()

    async def text(self, request: web.Request, form: Form) -> str:
        """What became of a text."""
        sid, status = form.get("MessageSid", ""), form.get("MessageStatus", "")
        news = self._news(TEXT, request, form, sid, status)
        if news is not None:
            await self._phones.told(news, (f"{VENDOR}:{sid}:{status}", *_token(request)))
        return twiml.texts()

    async def reply(self, request: web.Request, form: Form) -> str:
        """An SMS to our number, answered by SMS."""
        sender, body = form.get("From", ""), form.get("Body", "")
        answer = await self._switchboard.text(sender, body, form.get("MessageSid", ""), _token(request))
        return twiml.texts(texted(answer)) if answer else twiml.texts()

    def _news(self, kind: str, request: web.Request, form: Form, sid: str, status: str) -> News | None:
        """None for what names no incident or nobody: it is none of ours."""
        number, person = _number(request), self._person(request)
        if number is None or person is None or not sid or not status:
            return None
        return News(
            kind,
            sid,
            status,
            number,
            person.id,
            _count(request, "ring"),
            form.get("AnsweredBy", ""),
            max(_decimal(form.get("ErrorCode")), 0),
            _decimal(form.get("SequenceNumber")),
        )

    def _person(self, request: web.Request) -> Person | None:
        return self._settings.people.get(request.query.get("person", ""))


def _form(body: bytes) -> list[tuple[str, str]]:
    """The fields, whatever the bytes: before the signature is checked anybody may have sent them."""
    try:
        return parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=FIELDS_AT_MOST)
    except ValueError:
        return []


def _number(request: web.Request) -> int | None:
    number = _decimal(request.query.get("incident"))
    return number if number > 0 else None


def _count(request: web.Request, name: str) -> int:
    return max(_decimal(request.query.get(name)), 0)


def _decimal(text: str | None) -> int:
    """A whole number that Twilio wrote; -1 for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _token(request: web.Request) -> tuple[str, ...]:
    token = request.headers.get("I-Twilio-Idempotency-Token", "")[:100]
    return (f"{VENDOR}:token:{token}",) if token else ()


def _speak(document: str) -> web.Response:
    return web.Response(text=document, content_type="text/xml")
