"""PagerDuty's REST API on localhost: incidents, notes, who is on call. Its alerts are those of the Events API."""

import json
import uuid
from datetime import UTC, datetime

from aiohttp import web

from sandbox.vendors.base import RefusedError
from sandbox.vendors.pagerduty_account import INTEGRATIONS, POLICIES, PRIORITIES, SERVICES, USERS, email
from sandbox.vendors.pagerduty_shapes import Shapes

API_KEY = "sandbox-pagerduty-api-key"
MEDIA_TYPE = "application/vnd.pagerduty+json;version=2"
MOST_ROWS, DEEPEST, DAYS_AHEAD = 100, 10_000, 90
PAGING = {"limit", "offset", "total"}
INCIDENT_FILTERS = PAGING | {
    "date_range", "incident_key", "service_ids[]", "team_ids[]", "user_ids[]", "urgencies[]", "time_zone",
    "statuses[]", "sort_by", "include[]", "since", "until",
}  # fmt: skip
ON_CALL_FILTERS = PAGING | {
    "time_zone", "include[]", "user_ids[]", "escalation_policy_ids[]", "schedule_ids[]", "since", "until", "earliest",
}  # fmt: skip
USER_FILTERS = PAGING | {"query", "team_ids[]", "include[]"}
POLICY_FILTERS = PAGING | {"query", "user_ids[]", "team_ids[]", "include[]", "sort_by"}
UPDATE_FIELDS = {
    "type", "status", "priority", "resolution", "title", "escalation_level", "assignments", "incident_type",
    "escalation_policy", "urgency", "conference_bridge", "service",
}  # fmt: skip
CREATE_FIELDS = {
    "type", "title", "service", "priority", "urgency", "body", "incident_key", "assignments", "incident_type",
    "escalation_policy", "conference_bridge",
}  # fmt: skip
STATUSES = ("triggered", "acknowledged", "resolved")
INVALID, GONE, ANSWERED, NO_REQUESTER, NOT_FOUND, THROTTLED = 2001, 1001, 1002, 1008, 2100, 2020


class Rest:
    """The part of the API that a bot needs. Every refusal has PagerDuty's `error` body with its code."""

    def __init__(self, vendor, account):
        self._vendor, self._account, self._shapes = vendor, account, Shapes(account)

    def routes(self):
        door, incident = self._vendor.door, "/pagerduty/incidents/{id}"
        return [
            web.get("/pagerduty/incidents", door(self._list_incidents)),
            web.post("/pagerduty/incidents", door(self._create)),
            web.get(incident, door(self._get)),
            web.put(incident, door(self._update)),
            web.get(f"{incident}/notes", door(self._list_notes)),
            web.post(f"{incident}/notes", door(self._annotate)),
            web.get("/pagerduty/oncalls", door(self._on_calls)),
            web.get("/pagerduty/schedules/{id}/users", door(self._schedule_users)),
            web.get("/pagerduty/users", door(self._list_users)),
            web.get("/pagerduty/users/{id}", door(self._get_user)),
            web.get("/pagerduty/escalation_policies", door(self._list_policies)),
            web.get("/pagerduty/abilities", door(self._abilities)),
            web.route("*", "/pagerduty/{tail:.*}", door(self._unknown)),
        ]

    def authenticate(self, request):
        if request.headers.get("Authorization") != f"Token token={API_KEY}":
            raise RefusedError(self.refusal("refuse_token"))
        if request.headers.get("Accept") != MEDIA_TYPE:
            self._vendor.complain(f"a request without Accept: {MEDIA_TYPE} may one day be answered by another version")

    def refusal(self, kind, retry_after=None):
        """`retry_after` None: a 429 without a header, which PagerDuty also sends."""
        if kind == "ratelimit":
            headers = {"ratelimit-limit": "960", "ratelimit-remaining": "0", "ratelimit-reset": str(retry_after)}
            return _error(429, THROTTLED, "Rate Limit Exceeded", headers=headers if retry_after is not None else None)
        if kind == "refuse_token":
            return _error(401, 2006, "Unauthorized")
        return _error(500, 2000, "Internal Server Error")

    # incidents

    async def _list_incidents(self, request):
        query = self._known(request, "incidents", INCIDENT_FILTERS)
        statuses, urgencies = query.getall("statuses[]", STATUSES), query.getall("urgencies[]", ("high", "low"))
        wrong = [each for each in statuses if each not in STATUSES]
        if wrong:
            raise _invalid(f"Statuses {', '.join(wrong)} do not exist")
        services, users = query.getall("service_ids[]", SERVICES), query.getall("user_ids[]", None)
        found = [
            alert for alert in self._account.alerts
            if alert.status in statuses and alert.urgency in urgencies and alert.service in services
            and query.get("incident_key", alert.dedup_key) == alert.dedup_key
            and (users is None or (alert.status != "resolved" and set(users) & set(alert.assignees)))
        ]  # fmt: skip
        if query.get("sort_by", "incident_number:asc").endswith(":desc"):
            found.reverse()
        return self._page(request, "incidents", [self._shapes.incident(alert) for alert in found])

    async def _get(self, request):
        return web.json_response({"incident": self._shapes.incident(self._alert(request))})

    async def _create(self, request):
        by = self._requester(request)
        given = await self._body(request, "incident", CREATE_FIELDS)
        service = (given.get("service") or {}).get("id")
        if given.get("type") != "incident" or not given.get("title") or service not in SERVICES:
            raise _invalid("Type must be incident, Title cannot be empty, Service must exist")
        routing_key = next(key for key, each in INTEGRATIONS.items() if each == service)
        key = given.get("incident_key") or uuid.uuid4().hex
        if (routing_key, key) in self._account.open:
            raise _invalid("Open incident with matching dedup key already exists on this service")
        payload = {"summary": given["title"], "source": "REST API", "severity": "critical"}
        alert = self._account.create(routing_key, key, payload, by)
        alert.urgency = given.get("urgency", "high")
        if given.get("assignments"):
            alert.assignees = self._assignees(given)
        self._vendor.echo("triggered", alert, by)
        return web.json_response({"incident": self._shapes.incident(alert)}, status=201)

    async def _update(self, request):
        by, alert = self._requester(request), self._alert(request)
        given = await self._body(request, "incident", UPDATE_FIELDS)
        self._check_update(alert, given)
        if "assignments" in given:
            self._account.reassign(alert, self._assignees(given), by)
            self._vendor.echo("reassigned", alert, by)
        if "escalation_level" in given:
            self._account.escalate(alert, by, given["escalation_level"])
            self._vendor.echo("escalated", alert, by)
        if given.get("priority"):
            alert.priority = given["priority"]["id"]
            self._vendor.echo("priority_updated", alert, by)
        alert.urgency = given.get("urgency", alert.urgency)
        alert.payload = alert.payload | {"summary": given.get("title", alert.title)}
        self._set_status(alert, given, by)
        return web.json_response({"incident": self._shapes.incident(alert)})

    def _check_update(self, alert, given):
        status = given.get("status")
        if given.get("type") not in ("incident", "incident_reference") or status not in (*STATUSES, None):
            raise _invalid("Type must be incident or incident_reference, Status one of those that exist")
        if alert.status == "resolved":
            raise RefusedError(_error(400, GONE, "Incident Already Resolved"))
        if alert.status == status == "acknowledged":
            raise RefusedError(_error(400, ANSWERED, "Incident Already Acknowledged"))
        levels = len(POLICIES[alert.policy][1])
        if not 1 <= given.get("escalation_level", 1) <= levels:
            raise _invalid(f"Escalation level must be 1 to {levels}")
        if given.get("priority") and given["priority"].get("id") not in PRIORITIES:
            raise _invalid("Priority does not exist")

    def _set_status(self, alert, given, by):
        status = given.get("status", alert.status)
        if status == alert.status:
            return
        action = {"acknowledged": "acknowledge", "resolved": "resolve", "triggered": "unacknowledge"}[status]
        self._account.move(alert, action, by)
        if given.get("resolution") and status == "resolved":
            self._account.annotate(alert, f"Resolution Note: {given['resolution']}", by)
        self._vendor.echo("unacknowledged" if status == "triggered" else status, alert, by)

    async def _list_notes(self, request):
        return web.json_response({"notes": [self._shapes.note(note) for note in self._alert(request).notes]})

    async def _annotate(self, request):
        by, alert = self._requester(request), self._alert(request)
        given = await self._body(request, "note", {"content"})
        if not given.get("content") or not isinstance(given["content"], str):
            raise _invalid("Content cannot be empty")
        note = self._account.annotate(alert, given["content"], by)
        if self._vendor.echoes:
            webhooks = self._vendor.webhooks
            self._vendor.soon(webhooks.send("incident.annotated", webhooks.note(alert, note), by, alert))
        return web.json_response({"note": self._shapes.note(note)})

    # people

    async def _on_calls(self, request):
        query = self._known(request, "oncalls", ON_CALL_FILTERS)
        since, until = self._range(query)
        entries = self._account.on_calls(since, until)
        for parameter, name in (("user_ids[]", "user"), ("escalation_policy_ids[]", "policy")):
            if parameter in query:
                entries = [entry for entry in entries if entry[name] in query.getall(parameter)]
        if "schedule_ids[]" in query:
            asked = [None if each in ("null", "") else each for each in query.getall("schedule_ids[]")]
            entries = [entry for entry in entries if entry["schedule"] in asked]
        if query.get("earliest") == "true":
            first: dict = {}
            for entry in entries:
                first.setdefault((entry["policy"], entry["level"], entry["user"]), entry)
            entries = list(first.values())
        included = query.getall("include[]", ())
        return self._page(request, "oncalls", [self._shapes.on_call(entry, included) for entry in entries])

    def _range(self, query) -> tuple[datetime, datetime]:
        now = self._vendor.clock.now()
        since, until = (_moment(name, query.get(name), now) for name in ("since", "until"))
        if until < since:
            raise _invalid("Until cannot be before since")
        if (until - now).days > DAYS_AHEAD:
            raise _invalid(f"On-call shifts are known for {DAYS_AHEAD} days ahead")
        return since, until

    async def _schedule_users(self, request):
        schedule = self._account.schedules.get(request.match_info["id"])
        if schedule is None:
            raise _not_found()
        since, until = self._range(self._known(request, "schedule users", {"since", "until"}))
        users = dict.fromkeys(user for _start, _end, user in schedule.shifts(since, until))
        return web.json_response({"users": [self._shapes.user(user) for user in users]})

    async def _list_users(self, request):
        text = self._known(request, "users", USER_FILTERS).get("query", "").lower()
        found = [user for user, name in USERS.items() if text in f"{name.lower()} {email(user)}"]
        return self._page(request, "users", [self._shapes.user(user) for user in found])

    async def _get_user(self, request):
        if request.match_info["id"] not in USERS:
            raise _not_found()
        return web.json_response({"user": self._shapes.user(request.match_info["id"])})

    async def _list_policies(self, request):
        text = self._known(request, "escalation policies", POLICY_FILTERS).get("query", "").lower()
        found = [policy for policy, (name, _levels) in POLICIES.items() if text in name.lower()]
        return self._page(request, "escalation_policies", [self._shapes.policy(policy) for policy in found])

    async def _abilities(self, _request):
        return web.json_response({"abilities": ["teams", "urgencies"]})

    async def _unknown(self, _request):
        raise _not_found()

    # checks

    def _requester(self, request) -> str:
        """The name of the user whose e-mail address From holds."""
        address = request.headers.get("From")
        if not address:
            raise _invalid("From header is required and must be a user's e-mail address")
        user = next((each for each in USERS if email(each) == address.lower()), None)
        if user is None:
            raise RefusedError(_error(400, NO_REQUESTER, "Requester User Not Found"))
        return USERS[user]

    def _alert(self, request):
        for alert in self._account.alerts:
            if alert.id == request.match_info["id"]:
                return alert
        raise _not_found()

    def _assignees(self, given):
        users = [(each.get("assignee") or {}).get("id") for each in given["assignments"]]
        if not users or any(user not in USERS for user in users):
            raise _invalid("Assignee User must exist")
        return users

    async def _body(self, request, wrapper, known) -> dict:
        try:
            body = json.loads(await request.read())
        except ValueError:
            raise _invalid("The body is not JSON") from None
        given = body.get(wrapper) if isinstance(body, dict) else None
        if not isinstance(given, dict):
            raise _invalid(f"{wrapper} is missing")
        self._vendor.complain_of_unknown(wrapper, given, known | {"id", "summary", "self", "html_url"})
        return given

    def _known(self, request, where, known):
        self._vendor.complain_of_unknown(f"GET {where}", request.query, known)
        return request.query

    def _page(self, request, key, items):
        try:
            limit, offset = int(request.query.get("limit", 25)), int(request.query.get("offset", 0))
        except ValueError:
            raise _invalid("Limit and offset are whole numbers") from None
        limit = min(max(limit, 1), MOST_ROWS)
        if offset < 0 or offset + limit > DEEPEST:
            raise _invalid(f"Offset and limit go to {DEEPEST} together")
        total = len(items) if request.query.get("total") == "true" else None
        paging = {"limit": limit, "offset": offset, "more": offset + limit < len(items), "total": total}
        return web.json_response({key: items[offset : offset + limit], **paging})


def _moment(name, text, default) -> datetime:
    try:
        moment = datetime.fromisoformat(text) if text else default
    except ValueError:
        raise _invalid(f"{name.capitalize()} is no ISO 8601 time: {text}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _error(status, code, message, errors=(), headers=None):
    body = {"error": {"message": message, "code": code} | ({"errors": list(errors)} if errors else {})}
    return web.json_response(body, status=status, headers=headers)


def _invalid(*errors) -> RefusedError:
    return RefusedError(_error(400, INVALID, "Invalid Input Provided", errors))


def _not_found() -> RefusedError:
    return RefusedError(_error(404, NOT_FOUND, "Not Found"))
