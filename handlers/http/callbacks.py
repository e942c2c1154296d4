"""What Twilio calls back: a key on the phone, a call's end. Signed, or refused."""

from urllib.parse import parse_qsl

from aiohttp import web

from domain import signatures
from domain.errors import Refused
from domain.incidents import Incident
from domain.settings import Settings
from service import metrics
from service.incidents import Incidents
from views import twiml

FIELDS_AT_MOST = 200


def routes(incidents: Incidents, settings: Settings) -> list[web.RouteDef]:
    """The phone's callbacks, where it is on and can reach us."""
    found: list[web.RouteDef] = []
    twilio, public = settings.integrations.twilio, settings.http.public_url
    if twilio.on and twilio.auth_token and public:
        phone = Phone(incidents, settings, twilio.auth_token.get_secret_value(), public)
        found.append(web.post("/callbacks/twilio/gather", phone.gather))
        found.append(web.post("/callbacks/twilio/call", phone.status))
    return found


class Phone:
    """Twilio's callbacks. Only a pressed 1 is an acknowledgement."""

    def __init__(self, incidents: Incidents, settings: Settings, token: str, public_url: str) -> None:
        self._incidents = incidents
        self._settings = settings
        self._token = token
        self._public_url = public_url.rstrip("/")

    async def gather(self, request: web.Request) -> web.Response:
        """The key that was pressed, answered in TwiML."""
        form = await self._signed(request)
        number, person = request.query.get("incident", ""), request.query.get("person", "")
        if not number.isdecimal() or len(number) > 9 or person not in self._settings.people:
            return _speak(twiml.unknown_incident())
        by = self._settings.people[person].slack
        try:
            return _speak(await self._pressed(dict(form).get("Digits", ""), int(number), by, str(request.rel_url)))
        except Refused:
            return _speak(twiml.unknown_incident())

    async def _pressed(self, digits: str, number: int, by: str, path: str) -> str:
        incident = (await self._incidents.record(number)).incident
        if not incident.open:
            return twiml.over(incident)
        if digits == "1":
            done = await self._incidents.acknowledge(number, by, "phone")
            return twiml.acknowledged(done.incident) if done.won else self._taken(done.incident)
        again = self._public_url + path
        return twiml.call(incident, again) if digits == "9" else twiml.unknown_key(incident, again)

    def _taken(self, incident: Incident) -> str:
        first = self._settings.person_of(incident.acknowledged_by or "")
        return twiml.already_acknowledged(incident, first.name if first else "somebody else")

    async def status(self, request: web.Request) -> web.Response:
        """What became of the call."""
        form = dict(await self._signed(request))
        await self._incidents.phone_told("call", form.get("CallSid", ""), form.get("CallStatus", ""))
        return web.Response(status=204)

    async def _signed(self, request: web.Request) -> list[tuple[str, str]]:
        form = _form(await request.read())
        url = self._public_url + str(request.rel_url)
        header = request.headers.get("X-Twilio-Signature")
        settings = request.headers.get("X-Twilio-Webhooks-Signature-Settings")
        if not signatures.twilio(self._token, url, form, header, settings):
            metrics.FORGED.labels("twilio").inc()
            raise web.HTTPUnauthorized(text="the signature does not fit")
        return form


def _form(body: bytes) -> list[tuple[str, str]]:
    """The fields, whatever the bytes: before the signature is checked anybody may have sent them."""
    try:
        return parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=FIELDS_AT_MOST)
    except ValueError:
        return []


def _speak(document: str) -> web.Response:
    return web.Response(text=document, content_type="text/xml")
