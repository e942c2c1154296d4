"""Twilio's REST API on localhost: calls, messages and the account. What people do with the phone is telephone.py's."""

import base64
import re
from datetime import UTC, date, datetime

from aiohttp import web

from sandbox.vendors import words
from sandbox.vendors.account import ACCOUNT_SID, API_VERSION, AUTH_TOKEN, ENDED, PHONE_NUMBER, Call, Message, rfc2822
from sandbox.vendors.base import RefusedError, Vendor
from sandbox.vendors.telephone import Telephone, is_url
from sandbox.vendors.twilio_lists import CALL_FILTERS, MESSAGE_FILTERS, Lists

E164 = re.compile(r"\+[1-9]\d{6,14}")
CALL_EVENTS = ("initiated", "ringing", "answered", "completed")
CALL_FIELDS = frozenset((
    "To", "From", "Url", "Twiml", "ApplicationSid", "Method", "FallbackUrl", "FallbackMethod", "StatusCallback",
    "StatusCallbackEvent", "StatusCallbackMethod", "SendDigits", "Timeout", "Record", "RecordingChannels",
    "RecordingStatusCallback", "RecordingStatusCallbackMethod", "RecordingStatusCallbackEvent", "RecordingTrack",
    "SipAuthUsername", "SipAuthPassword", "MachineDetection", "MachineDetectionTimeout", "AsyncAmd",
    "MachineDetectionSpeechThreshold", "MachineDetectionSpeechEndThreshold", "MachineDetectionSilenceTimeout",
    "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod", "Trim", "CallerId", "Byoc", "CallReason", "CallToken",
    "TimeLimit", "ClientNotificationUrl",
))  # fmt: skip
CALL_UPDATE_FIELDS = frozenset((
    "Url", "Method", "Status", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackMethod", "Twiml",
    "TimeLimit",
))  # fmt: skip
MESSAGE_FIELDS = frozenset((
    "To", "From", "Body", "MessagingServiceSid", "StatusCallback", "ApplicationSid", "MaxPrice", "ProvideFeedback",
    "Attempt", "ValidityPeriod", "ForceDelivery", "ContentRetention", "AddressRetention", "SmartEncoded",
    "PersistentAction", "TrafficType", "ShortenUrls", "ScheduleType", "SendAt", "SendAsMms", "ContentVariables",
    "RiskCheck", "FallbackFrom", "MediaUrl", "ContentSid",
))  # fmt: skip
LONGEST_TWIML, LONGEST_BODY, LONGEST_RING = 4000, 1600, 600


class Twilio(Vendor):
    """One account with one number, and every phone that it can reach.

    `most_calls`: calls at the same time, more are refused with 20429, as on new accounts; None: no limit.
    `calls_per_second`: how fast calls are dialled, the others stay queued; Twilio's default is 1, here None: at once.
    """

    name = "twilio"
    title = "Twilio"

    def __init__(self, clock, post):
        super().__init__(clock, post)
        self.most_calls: int | None = None
        self.calls_per_second: float | None = None
        self.telephone = phone = Telephone(self)
        self._lists = Lists(self._refused, self.complain)
        self._at_once = 0
        self.actions = {
            "phones": phone.phones, "pick_up": phone.pick_up, "answer": phone.answer, "hang_up": phone.hang_up,
            "hear": phone.hear, "press": phone.press,
            "busy": phone.busy, "voicemail": phone.voicemail, "fax": phone.fax, "reply": phone.reply,
            "redeliver": phone.redeliver, "spoil": phone.spoil, "mend": phone.mend,
        }  # fmt: skip

    def routes(self):
        account = f"/twilio/{API_VERSION}/Accounts/{{account}}"
        return [
            web.post(f"{account}/Calls.json", self.door(self._create_call)),
            web.get(f"{account}/Calls.json", self.door(self._list_calls)),
            web.get(f"{account}/Calls/{{sid}}.json", self.door(self._get_call)),
            web.post(f"{account}/Calls/{{sid}}.json", self.door(self._update_call)),
            web.post(f"{account}/Messages.json", self.door(self._create_message)),
            web.get(f"{account}/Messages.json", self.door(self._list_messages)),
            web.get(f"{account}/Messages/{{sid}}.json", self.door(self._get_message)),
            web.get(f"{account}.json", self.door(self._get_account)),
            web.route("*", "/twilio/{tail:.*}", self.door(self._unknown)),
        ]

    def environment(self, base_url):
        self.base_url = base_url
        return {
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_PHONE_NUMBER": PHONE_NUMBER,
            "TWILIO_API_URL": f"{base_url}/twilio",
        }

    def state(self):
        self.telephone.age()
        return {
            "calls": [call.to_state() for call in self.telephone.calls],
            "messages": [message.to_json() for message in self.telephone.messages],
            "callbacks": self.telephone.callbacks.told,
        }

    def story(self):
        return words.twilio(self.state(), {number: name for name, number in self.telephone.phonebook.items()})

    def offers(self):
        lines = self.telephone.lines
        return words.twilio_offers({name: lines.spoiled(number) for name, number in self.telephone.phonebook.items()})

    def refusal(self, kind, retry_after=None, path=""):
        if kind == "ratelimit":
            return self._error(429, 20429, "Too Many Requests", retry_after)
        if kind == "refuse_token":
            return self._error(401, 20003, "Authenticate")
        return self._error(500, 20500, "Internal Server Error")

    def door(self, handler):
        """With the header that tells how many requests are served at once."""
        answering = super().door(handler)

        async def handle(request):
            self._at_once += 1
            try:
                response = await answering(request)
            finally:
                self._at_once -= 1
            response.headers["Twilio-Concurrent-Requests"] = str(self._at_once + 1)
            return response

        return handle

    def authenticate(self, request):
        expected = "Basic " + base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
        if request.headers.get("Authorization") != expected:
            raise RefusedError(self.refusal("refuse_token"))
        if request.match_info.get("account", ACCOUNT_SID) != ACCOUNT_SID:
            raise RefusedError(self._missing(request))

    # calls

    async def _create_call(self, request):
        form = await request.post()
        self.complain_of_unknown("Calls", form, CALL_FIELDS)
        self._check_numbers(form, none_to=21201, none_from=21213, foreign_from=21210)
        if not form.get("Url") and not form.get("Twiml"):
            raise self._refused(21205, "Url parameter is required.")
        if form.get("Url") and not is_url(form["Url"]):
            raise self._refused(21205, f"Url is not a valid URL: {form['Url']}")
        if len(form.get("Twiml", "")) > LONGEST_TWIML:
            raise self._refused(20001, f"Twiml must be at most {LONGEST_TWIML} characters.")
        self._check_line(form["To"], texting=False)
        call = Call(
            form["To"], form["From"], self.clock.now(),
            twiml="" if form.get("Url") else form["Twiml"], url=form.get("Url", ""),
            timeout=self._timeout(form), callback=self._callback(form), events=self._events(form),
            machine_detection=self._detection(form),
        )  # fmt: skip
        self.telephone.dial(call)
        return web.json_response(call.to_json(status="queued"), status=201)

    async def _list_calls(self, request):
        self.telephone.age()
        self.complain_of_unknown("the list of calls", request.query, CALL_FILTERS)
        calls = [call for call in self.telephone.calls if self._lists.matches(request, call.to, call.from_)]
        if "Status" in request.query:
            calls = [call for call in calls if call.status == request.query["Status"]]
        calls = self._lists.between(request, "StartTime", calls, lambda call: call.created, before=date.__lt__)
        calls = self._lists.between(request, "EndTime", calls, lambda call: call.ended, before=date.__lt__)
        return self._lists.page(request, "calls", calls)

    async def _get_call(self, request):
        return web.json_response(self._find(request, self.telephone.calls).to_json())

    async def _update_call(self, request):
        form = await request.post()
        self.complain_of_unknown("Calls/{Sid}", form, CALL_UPDATE_FIELDS)
        call, status = self._find(request, self.telephone.calls), form.get("Status")
        if status not in ("completed", "canceled"):
            raise self._refused(20001, f"Status {status!r} is not one of completed, canceled.")
        if call.status in ENDED:
            raise self._refused(21220, "Invalid call state: the call is not in progress.")
        if call.status in ("queued", "ringing"):
            self.telephone.end(call, "canceled")
        elif status == "completed":  # canceled does not touch a conversation
            self.telephone.end(call, "completed")
        return web.json_response(call.to_json())

    # messages

    async def _create_message(self, request):
        form = await request.post()
        self.complain_of_unknown("Messages", form, MESSAGE_FIELDS)
        self._check_numbers(form, none_to=21604, none_from=21603, foreign_from=21606)
        body = form.get("Body", "")
        if not body:
            raise self._refused(21602, "Message body is required.")
        if len(body) > LONGEST_BODY:
            raise self._refused(21617, f"The concatenated message body exceeds the {LONGEST_BODY} character limit.")
        self._check_line(form["To"], texting=True)
        message = Message(form["To"], form["From"], body, self.clock.now(), callback=self._callback(form))
        self.telephone.send(message)
        return web.json_response(message.to_json(status="queued"), status=201)

    async def _list_messages(self, request):
        self.complain_of_unknown("the list of messages", request.query, MESSAGE_FILTERS)
        messages = [each for each in self.telephone.messages if self._lists.matches(request, each.to, each.from_)]
        messages = self._lists.between(request, "DateSent", messages, lambda each: each.created, before=date.__le__)
        return self._lists.page(request, "messages", messages)

    async def _get_message(self, request):
        return web.json_response(self._find(request, self.telephone.messages).to_json())

    # the account

    async def _get_account(self, _request):
        path, opened = f"/{API_VERSION}/Accounts/{ACCOUNT_SID}", rfc2822(datetime(2026, 1, 1, tzinfo=UTC))
        account = {
            "sid": ACCOUNT_SID, "owner_account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN, "status": "active",
            "friendly_name": "Muster's sandbox", "type": "Full", "date_created": opened, "date_updated": opened,
            "uri": f"{path}.json", "subresource_uris": {"calls": f"{path}/Calls.json"},
        }  # fmt: skip
        return web.json_response(account)

    async def _unknown(self, request):
        return self._missing(request)

    # checks

    def _check_numbers(self, form, none_to, none_from, foreign_from):
        if not form.get("To"):
            raise self._refused(none_to, "A 'To' phone number is required.")
        if not form.get("From"):
            raise self._refused(none_from, "A 'From' phone number is required.")
        if not E164.fullmatch(form["To"]):
            raise self._refused(21211, f"Invalid 'To' Phone Number: {form['To']}")
        if not E164.fullmatch(form["From"]):
            raise self._refused(21212, f"Invalid 'From' Phone Number: {form['From']}")
        if form["From"] != PHONE_NUMBER:
            raise self._refused(foreign_from, f"{form['From']} is not a number of this account.")

    def _check_line(self, number, texting):
        refusal = self.telephone.lines.refusal(number, texting)
        if refusal is not None:
            raise self._refused(*refusal)
        if not texting and self.most_calls is not None and len(self.telephone.going_on()) >= self.most_calls:
            raise RefusedError(self.refusal("ratelimit"))

    def _detection(self, form) -> str:
        asked = form.get("MachineDetection", "")
        if asked not in ("", "Enable", "DetectMessageEnd"):
            raise self._refused(20001, f"MachineDetection is Enable or DetectMessageEnd, not {asked!r}.")
        if form.get("AsyncAmd") == "true":
            self.complain("AsyncAmd is not spoken here: the call waits for what the detection finds")
        return asked

    def _timeout(self, form) -> int:
        text = form.get("Timeout", "60")
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LONGEST_RING:
            raise self._refused(20001, f"Timeout must be 1 to {LONGEST_RING} seconds, not {text!r}.")
        return int(text)

    def _callback(self, form) -> str:
        url = form.get("StatusCallback", "")
        if url and not is_url(url):
            raise self._refused(21609, f"Invalid 'StatusCallback' URL: {url}")
        if form.get("StatusCallbackMethod", "POST") != "POST":
            self.complain("StatusCallbackMethod GET is not spoken here; the callback is a POST")
        return url

    def _events(self, form) -> tuple[str, ...]:
        asked = form.getall("StatusCallbackEvent", [])
        for event in asked:
            if event not in CALL_EVENTS:  # "answered completed" in one parameter is such a value
                self.complain(f"StatusCallbackEvent {event!r} does not exist and is ignored")
        return tuple(event for event in asked if event in CALL_EVENTS) or ("completed",)

    # answers

    def _find(self, request, items):
        self.telephone.age()
        for item in items:
            if item.sid == request.match_info["sid"]:
                return item
        raise RefusedError(self._missing(request))

    def _missing(self, request):
        path = request.path.removeprefix("/twilio")
        return self._error(404, 20404, f"The requested resource {path} was not found")

    def _refused(self, code, message) -> RefusedError:
        return RefusedError(self._error(400, code, message))

    def _error(self, status, code, message, retry_after=None):
        body = {"code": code, "message": message, "status": status}
        body["more_info"] = f"{self.base_url}/twilio/docs/errors/{code}"
        headers = {"Retry-After": str(retry_after)} if retry_after is not None else None
        return web.json_response(body, status=status, headers=headers)
