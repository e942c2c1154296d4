"""Opsgenie's REST API on localhost: alerts and who is on call. What people do in its app is opsgenie_app.py's."""

from aiohttp import web

from sandbox.vendors import opsgenie_answers as answers
from sandbox.vendors import words
from sandbox.vendors.base import RefusedError, Vendor, stamp
from sandbox.vendors.opsgenie_account import INTEGRATION, SCHEDULES, Account, UnreadableError
from sandbox.vendors.opsgenie_answers import ACTION_FIELDS, CREATE_FIELDS, SNOOZE_FIELDS, answer, not_found, refuse
from sandbox.vendors.opsgenie_app import WEBHOOK_SECRET, App

API_KEY = "5a4db0c5-0000-4000-8000-0000000000a1"
READ_ONLY_KEY = "5a4db0c5-0000-4000-8000-0000000000a2"  # of an integration that may create and change nothing
LIST_PARAMETERS = {"query", "searchIdentifier", "searchIdentifierType", "offset", "limit", "sort", "order"}
ON_CALL_PARAMETERS = {"scheduleIdentifierType", "flat", "date"}
IDENTIFIERS = ("id", "alias", "tiny")
MOST_ROWS = 100
HIDDEN = ("log", "notes")
WHOLE_ONLY = ("actions", "entity", "description", "details")


class Opsgenie(Vendor):
    """Every change is accepted with 202, and done or not; GET /v2/alerts/requests/{id} tells which.

    `echoes`: whether what the bot did by the API comes back to it as a webhook too, as Opsgenie can be told to.
    """

    name = "opsgenie"
    title = "Opsgenie"

    def __init__(self, clock, post):
        super().__init__(clock, post)
        self.account = Account(clock)
        self.echoes = False
        self.app = app = App(self, self.account)
        self.actions = {
            "acknowledge": app.acknowledge, "unacknowledge": app.unacknowledge, "close": app.close,
            "add_note": app.add_note, "redeliver": app.redeliver, "put_on_call": app.put_on_call,
        }  # fmt: skip

    def routes(self):
        alert, schedule = "/opsgenie/v2/alerts/{identifier}", "/opsgenie/v2/schedules/{identifier}"
        return [
            web.post("/opsgenie/v2/alerts", self.door(self._create)),
            web.get("/opsgenie/v2/alerts", self.door(self._list)),
            web.get("/opsgenie/v2/alerts/count", self.door(self._count)),
            web.get("/opsgenie/v2/alerts/requests/{request}", self.door(self._status)),
            web.get(alert, self.door(self._get)),
            web.post(f"{alert}/acknowledge", self.door(self._acknowledge)),
            web.post(f"{alert}/unacknowledge", self.door(self._unacknowledge)),
            web.post(f"{alert}/close", self.door(self._close)),
            web.post(f"{alert}/snooze", self.door(self._snooze)),
            web.post(f"{alert}/notes", self.door(self._add_note)),
            web.get(f"{alert}/notes", self.door(self._notes)),
            web.get("/opsgenie/v2/schedules", self.door(self._list_schedules)),
            web.get("/opsgenie/v2/schedules/on-calls", self.door(self._all_on_calls)),
            web.get(f"{schedule}/on-calls", self.door(self._on_calls)),
            web.get(f"{schedule}/next-on-calls", self.door(self._next_on_calls)),
            web.route("*", "/opsgenie/{tail:.*}", self.door(self._unknown)),
        ]

    def environment(self, base_url):
        self.base_url = base_url
        return {
            "OPSGENIE_API_KEY": API_KEY,
            "OPSGENIE_API_URL": f"{base_url}/opsgenie",
            "OPSGENIE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        }

    def state(self):
        requests = list(self.account.requests.values())
        return {"alerts": self.account.alerts, "requests": requests, "webhooks": self.app.webhooks}

    def story(self):
        return words.opsgenie(self.state())

    def offers(self):
        return [words.action("Send the last webhook again", "redeliver")] if self.app.last else []

    def refusal(self, kind, retry_after=None, path=""):
        if kind == "ratelimit":
            headers = {"X-RateLimit-State": "THROTTLED", "X-RateLimit-Reason": "ACCOUNT"}
            if retry_after is not None:
                headers["X-RateLimit-Period-In-Sec"] = str(retry_after)
            return answer(429, headers=headers, message="You are making too many requests!")
        if kind == "refuse_token":
            return answer(401, message="Could not authenticate")
        return answer(500, message="Internal Server Error")

    def authenticate(self, request):
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "GenieKey" or key not in (API_KEY, READ_ONLY_KEY):
            raise RefusedError(self.refusal("refuse_token"))
        if key == READ_ONLY_KEY and request.method != "GET":
            raise RefusedError(answer(403, code=40301, message="The key may not do this"))

    # alerts

    async def _create(self, request):
        given = await self._body(request, "an alert", CREATE_FIELDS)
        refuse(answers.lengths(given) | answers.create_faults(given))
        alert, outcome = self.account.create(given)
        if alert is not None and alert["count"] == 1:
            self._echo("Create", alert, given.get("user"))
        return self._accepted("Create", alert, outcome, success=alert is not None)

    async def _acknowledge(self, request):
        return await self._act(request, "Acknowledge", self.account.acknowledge)

    async def _unacknowledge(self, request):
        return await self._act(request, "UnAcknowledge", self.account.unacknowledge)

    async def _close(self, request):
        return await self._act(request, "Close", self.account.close)

    async def _add_note(self, request):
        given = await self._body(request, "a note", ACTION_FIELDS)
        refuse({} if given.get("note") else {"note": "Note can not be empty"})
        return await self._act(request, "AddNote", lambda alert, by: self.account.add_note(alert, given["note"], by))

    async def _snooze(self, request):
        given = await self._body(request, "a snooze", SNOOZE_FIELDS)
        until = answers.moment(given.get("endTime"), "endTime")
        refuse({} if until and until > self.clock.now() else {"endTime": "Snooze must end in the future"})
        return await self._act(
            request, "Snooze", lambda alert, by: self.account.snooze(alert, stamp(until), by), SNOOZE_FIELDS
        )

    async def _act(self, request, action, do, known=frozenset(ACTION_FIELDS)):
        """One change to one alert; that it does not exist, or is closed, is told by the status alone."""
        given = await self._body(request, action, known)
        refuse(answers.lengths(given))
        alert = self.account.find(request.match_info["identifier"], self._kind(request))
        if alert is None or (alert["status"] == "closed" and action != "AddNote"):
            return self._accepted(action, None, "Alert does not exist" if alert is None else "Alert is closed", False)
        by = given.get("user")
        outcome = do(alert, by)
        if given.get("note") and action != "AddNote":
            self.account.add_note(alert, given["note"], by)
        self._echo(action, alert, by)
        return self._accepted(action, alert, outcome)

    def _accepted(self, action, alert, outcome, success=True):
        identifier = self.account.accept(action, alert, outcome, success)
        return answer(202, identifier, result="Request will be processed")

    async def _status(self, request):
        identifier = request.match_info["request"]
        status = self.account.status(identifier)
        if status is None:
            raise not_found("Request not found. It might not be processed, yet.")
        return answer(200, identifier, data=status)

    async def _get(self, request):
        return answer(200, data=_shown(self._found(request)))

    async def _notes(self, request):
        notes = self._found(request)["notes"]
        return answer(200, data=[each | {"offset": str(place)} for place, each in enumerate(notes)][::-1], paging={})

    async def _list(self, request):
        self.complain_of_unknown("the list of alerts", request.query, LIST_PARAMETERS)
        found = self._search(request)
        key, size = request.query.get("sort", "createdAt"), answers.whole_number(request, "limit", 20)
        offset = answers.whole_number(request, "offset", 0)
        refuse({} if 1 <= size <= MOST_ROWS else {"limit": f"Limit must be 1 to {MOST_ROWS}"})
        descending = request.query.get("order", "desc") == "desc"
        found = sorted(found, key=lambda alert: (str(alert.get(key, "")), int(alert["tinyId"])), reverse=descending)
        more = {"next": f"{self.base_url}/opsgenie/v2/alerts?limit={size}&offset={offset + size}"}
        paging = {"first": f"{self.base_url}/opsgenie/v2/alerts?limit={size}&offset=0"}
        paging |= more if offset + size < len(found) else {}
        return answer(
            200, data=[_shown(alert, (*HIDDEN, *WHOLE_ONLY)) for alert in found[offset : offset + size]], paging=paging
        )

    async def _count(self, request):
        return answer(200, data={"count": len(self._search(request))})

    def _search(self, request):
        try:
            return self.account.search(request.query.get("query", ""))
        except UnreadableError as unread:
            raise RefusedError(answer(422, message=f"Query is not understood: {unread}")) from None

    # who is on call

    async def _list_schedules(self, _request):
        schedules = [
            {"id": key, "name": name, "timezone": "Etc/UTC", "enabled": True} for key, name in SCHEDULES.items()
        ]
        return answer(200, data=schedules, expandable=["rotation"])

    async def _all_on_calls(self, request):
        return answer(200, data=[self._on_call(request, schedule) for schedule in SCHEDULES.items()])

    async def _on_calls(self, request):
        return answer(200, data=self._on_call(request, self._schedule(request)))

    def _on_call(self, request, schedule):
        who = self.account.on_call(schedule[1], self._date(request))
        return answers.on_calls(request, schedule, who, flat="onCallRecipients", whole="onCallParticipants")

    async def _next_on_calls(self, request):
        """The document names these two the other way round than those of now."""
        schedule = self._schedule(request)
        who = self.account.next_on_call(schedule[1], self._date(request))
        return answer(
            200,
            data=answers.on_calls(request, schedule, who, flat="nextOnCallParticipants", whole="nextOnCallRecipients"),
        )

    def _schedule(self, request):
        self.complain_of_unknown("on-calls", request.query, ON_CALL_PARAMETERS)
        kind = request.query.get("scheduleIdentifierType", "id")
        schedule = self.account.schedule(request.match_info["identifier"], kind)
        if schedule is None:
            raise not_found("No schedule exists with that identifier")
        return schedule

    def _date(self, request):
        return answers.moment(request.query.get("date"), "date") or self.clock.now()

    async def _unknown(self, _request):
        raise not_found("Sorry, the page you are looking for could not be found.")

    # checks

    def _found(self, request):
        alert = self.account.find(request.match_info["identifier"], self._kind(request))
        if alert is None:
            raise not_found("Alert does not exist")
        return alert

    def _kind(self, request):
        kind = request.query.get("identifierType", "id")
        self.complain_of_unknown("an alert's path", request.query, {"identifierType"})
        refuse({} if kind in IDENTIFIERS else {"identifierType": f"Must be one of {', '.join(IDENTIFIERS)}"})
        return kind

    async def _body(self, request, what, known) -> dict:
        given = await answers.body(request)
        self.complain_of_unknown(what, given, known)
        return given

    def _echo(self, action, alert, by):
        """What the bot itself did, told back to it."""
        if self.echoes:
            self.soon(self.app.tell(action, alert, by or INTEGRATION["name"], kind="API"))


def _shown(alert, but=HIDDEN) -> dict:
    return {name: value for name, value in alert.items() if name not in but}
