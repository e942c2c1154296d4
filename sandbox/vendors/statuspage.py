"""Atlassian Statuspage on localhost: one page, its incidents with every update, its components. It notifies nobody."""

import json
from uuid import uuid4

from aiohttp import web

from sandbox.vendors import words
from sandbox.vendors.base import RefusedError, Vendor, impossible, stamp

PAGE_ID = "sandboxpage1"
API_KEY = "sandbox-statuspage-key"
COMPONENTS = {"api": "cmpapi000001", "web app": "cmpweb000002", "database": "cmpdb0000003", "payments": "cmppay000004"}
NAMES = {"api": "API", "web app": "Web app", "database": "Database", "payments": "Payments"}

REALTIME = ("investigating", "identified", "monitoring", "resolved")
SCHEDULED = ("scheduled", "in_progress", "verifying", "completed")
IMPACTS = ("none", "maintenance", "minor", "major", "critical")
COMPONENT_IMPACT = {
    "operational": "none", "under_maintenance": "maintenance", "degraded_performance": "minor",
    "partial_outage": "major", "major_outage": "critical", "": "none",
}  # fmt: skip
INCIDENT_FIELDS = frozenset((
    "name", "status", "impact_override", "scheduled_for", "scheduled_until", "scheduled_remind_prior",
    "auto_transition_to_maintenance_state", "auto_transition_to_operational_state", "scheduled_auto_in_progress",
    "scheduled_auto_completed", "auto_transition_deliver_notifications_at_start",
    "auto_transition_deliver_notifications_at_end", "metadata", "deliver_notifications", "auto_tweet_at_beginning",
    "auto_tweet_on_completion", "auto_tweet_on_creation", "auto_tweet_one_hour_before", "backfill_date", "backfilled",
    "body", "components", "component_ids", "scheduled_auto_transition",
))  # fmt: skip
COMPONENT_FIELDS = frozenset((
    "description", "status", "name", "only_show_if_degraded", "group_id", "showcase", "start_date",
))  # fmt: skip
LONGEST_NAME, LONGEST_BODY, MOST_ROWS = 255, 25_000, 100


class Statuspage(Vendor):
    """One status page. An incident keeps every update that was ever shown to the public."""

    name = "statuspage"
    title = "Statuspage"

    def __init__(self, clock, post):
        super().__init__(clock, post)
        self.incidents: dict[str, dict] = {}
        self.subscribers: list[str] = []
        self.sent: dict[str, int] = {}  # id of an update -> how many were told
        self.actions = {"subscribe": self.subscribe, "resolve": self.resolve}
        now = stamp(clock.now())
        self.components = {
            identifier: _component(identifier, NAMES[key], position, now)
            for position, (key, identifier) in enumerate(COMPONENTS.items(), start=1)
        }

    def routes(self):
        page = "/statuspage/v1/pages/{page}"
        incident, component = f"{page}/incidents/{{incident}}", f"{page}/components/{{component}}"
        return [
            web.get(page, self.door(self._get_page)),
            web.post(f"{page}/incidents", self.door(self._create)),
            web.get(f"{page}/incidents", self.door(self._list)),
            web.get(f"{page}/incidents/unresolved", self.door(self._list_unresolved)),
            web.get(incident, self.door(self._get)),
            web.patch(incident, self.door(self._update)),
            web.put(incident, self.door(self._update)),
            web.get(f"{page}/components", self.door(self._list_components)),
            web.get(component, self.door(self._get_component)),
            web.patch(component, self.door(self._update_component)),
            web.put(component, self.door(self._update_component)),
            web.route("*", "/statuspage/{tail:.*}", self.door(self._unknown)),
        ]

    def environment(self, base_url):
        self.base_url = base_url
        return {
            "STATUSPAGE_PAGE_ID": PAGE_ID,
            "STATUSPAGE_API_KEY": API_KEY,
            "STATUSPAGE_API_URL": f"{base_url}/statuspage",
        }

    def state(self):
        incidents, components = list(self.incidents.values()), list(self.components.values())
        subscribed = {"subscribers": self.subscribers, "sent": self.sent}
        return {"incidents": incidents, "components": components, **subscribed}

    def story(self):
        return words.statuspage(self.state())

    def offers(self):
        return [words.action("Subscribe to the page", "subscribe", asks=(("address", "E-mail address"),))]

    def refusal(self, kind, retry_after=None, path=""):
        if kind == "ratelimit":
            headers = {"Retry-After": str(retry_after)} if retry_after is not None else None
            return web.json_response({"error": "Too many requests"}, status=429, headers=headers)
        if kind == "refuse_token":
            return web.json_response({"error": "Could not authenticate"}, status=401)
        return web.json_response({"error": "Internal server error"}, status=500)

    def authenticate(self, request):
        key = request.headers.get("Authorization", f"OAuth {request.query.get('api_key', '')}")
        if key != f"OAuth {API_KEY}":
            raise RefusedError(self.refusal("refuse_token"))
        if request.match_info.get("page", PAGE_ID) != PAGE_ID:
            raise _not_found()

    # incidents

    async def _create(self, request):
        given = await self._body(request, "incident", INCIDENT_FIELDS)
        self._refuse(self._incident_faults({"name": "", **given}))
        now = stamp(self.clock.now())
        status = given.get("status", "scheduled" if given.get("scheduled_for") else "investigating")
        incident = _incident(given, status, now)
        incident["shortlink"] = f"{self.base_url}/statuspage/i/{incident['id']}"
        self.incidents[incident["id"]] = incident
        self._apply(incident, given, status, now)
        return web.json_response(incident, status=201)

    async def _update(self, request):
        incident = self._incident(request)
        given = await self._body(request, "incident", INCIDENT_FIELDS)
        self._refuse(self._incident_faults(given, scheduled=bool(incident["scheduled_for"])))
        now = stamp(self.clock.now())
        for field in ("name", "metadata", "scheduled_for", "scheduled_until"):
            incident[field] = given.get(field, incident[field])
        self._apply(incident, given, given.get("status", incident["status"]), now)
        return web.json_response(incident)

    def _apply(self, incident, given, status, now):
        """Status, components and text. An update is written for the public when one of the three was given."""
        affected = self._affect(incident, given, now)
        if "impact_override" in given:
            incident["impact_override"] = given["impact_override"]
        incident["impact"] = incident["impact_override"] or self._impact(incident)
        first = not incident["incident_updates"]
        if first or affected or given.get("body") or status != incident["status"]:
            update = _update(incident, given, status, affected, now)
            incident["incident_updates"].insert(0, update)
            if self.subscribers and update["deliver_notifications"]:
                self.sent[update["id"]] = len(self.subscribers)
        incident["status"], incident["updated_at"] = status, now
        if status == "monitoring":
            incident["monitoring_at"] = now
        incident["resolved_at"] = (incident["resolved_at"] or now) if status in ("resolved", "completed") else None

    def _affect(self, incident, given, now):
        """Sets the components' states and joins them to the incident; resolving alone changes none."""
        states = given.get("components") or {}
        held = [component["id"] for component in incident["components"]]
        named = given["component_ids"] if given.get("component_ids") is not None else held
        incident["components"] = [self.components[each] for each in dict.fromkeys((*named, *states))]
        changes = []
        for identifier, state in states.items():
            component = self.components[identifier]
            if state and state != component["status"]:
                change = {"code": identifier, "name": component["name"]}
                changes.append(change | {"old_status": component["status"], "new_status": state})
                component.update(status=state, updated_at=now)
        return changes

    def _impact(self, incident):
        impacts = [COMPONENT_IMPACT[component["status"]] for component in incident["components"]]
        return max([incident["impact"], *impacts], key=IMPACTS.index)

    async def _list(self, request):
        incidents = list(self.incidents.values())
        text = request.query.get("q", "").lower()
        found = [incident for incident in incidents if text in json.dumps(incident).lower()]
        return _rows(request, found[::-1], size="limit")

    async def _list_unresolved(self, request):
        open_ones = [each for each in self.incidents.values() if each["status"] in REALTIME[:-1]]
        return _rows(request, open_ones[::-1], size="per_page")

    async def _get(self, request):
        return web.json_response(self._incident(request))

    # what people do

    async def subscribe(self, address):
        """Somebody of the public wants each update by e-mail; the page counts them and sends nothing."""
        if "@" not in address or address in self.subscribers:
            return impossible(f"{address} is no new e-mail address")
        self.subscribers.append(address)
        return {"ok": True, "subscribers": self.subscribers}

    async def resolve(self, incident=None, body="This incident has been resolved."):
        """Somebody of the team resolves the incident (the newest) in Statuspage itself, which tells the bot nothing."""
        open_ones = [each for each in self.incidents.values() if each["status"] in REALTIME[:-1]]
        found = next((each for each in reversed(open_ones) if incident in (None, each["id"])), None)
        if found is None:
            return impossible("there is no such unresolved incident")
        self._apply(found, {"body": body}, "resolved", stamp(self.clock.now()))
        return {"ok": True, "incident": found}

    # components

    async def _list_components(self, request):
        return _rows(request, list(self.components.values()), size="per_page")

    async def _get_component(self, request):
        return web.json_response(self._component(request))

    async def _update_component(self, request):
        component = self._component(request)
        given = await self._body(request, "component", COMPONENT_FIELDS)
        status, name = given.get("status", component["status"]), given.get("name", component["name"])
        errors = [] if status in COMPONENT_IMPACT else [f"Status {status!r} is not a component status"]
        self._refuse(errors if _filled(name) else [*errors, "Name can't be blank"])
        component.update(given, updated_at=stamp(self.clock.now()))
        return web.json_response(component)

    # the page

    async def _get_page(self, _request):
        page = {"id": PAGE_ID, "name": "Sandbox status", "subdomain": "sandbox", "time_zone": "UTC"}
        return web.json_response(page | {"url": f"{self.base_url}/statuspage"})

    async def _unknown(self, _request):
        return _not_found().response

    # checks

    async def _body(self, request, wrapper, known) -> dict:
        """What stands under the wrapper, without the fields that Statuspage does not know."""
        try:
            body = json.loads(await request.read())
        except ValueError:
            raise RefusedError(web.json_response({"error": "The request body is not JSON"}, status=400)) from None
        given = body.get(wrapper) if isinstance(body, dict) else None
        if not isinstance(given, dict):
            raise RefusedError(web.json_response({"error": f"{wrapper} is missing"}, status=400))
        self.complain_of_unknown("the body", body, {wrapper})
        self.complain_of_unknown(wrapper, given, known)
        return {field: value for field, value in given.items() if field in known}

    def _refuse(self, errors):
        if errors:
            raise RefusedError(web.json_response({"error": errors}, status=422))

    def _incident_faults(self, given, scheduled=False) -> list[str]:
        errors = [] if _filled(given.get("name", "as before")) else ["Name can't be blank"]
        if "name" in given and len(str(given["name"])) > LONGEST_NAME:
            errors.append(f"Name is too long (maximum is {LONGEST_NAME} characters)")
        if len(str(given.get("body") or "")) > LONGEST_BODY:
            errors.append(f"Body is too long (maximum is {LONGEST_BODY} characters)")
        statuses = REALTIME + (SCHEDULED if scheduled or given.get("scheduled_for") else ())
        if "status" in given and given["status"] not in statuses:
            errors.append(f"Status {given['status']!r} is not an incident status")
        if given.get("impact_override") is not None and given["impact_override"] not in IMPACTS:
            errors.append(f"Impact override {given['impact_override']!r} is not one of {', '.join(IMPACTS)}")
        metadata = given.get("metadata", {})
        if not isinstance(metadata, dict) or not all(isinstance(value, dict) for value in metadata.values()):
            errors.append("Metadata is not an object of objects")
        return errors + self._component_faults(given)

    def _component_faults(self, given) -> list[str]:
        ids, states = given.get("component_ids") or [], given.get("components") or {}
        if not isinstance(ids, list) or not isinstance(states, dict):
            return ["Component ids are not a list, or components not a map"]
        if given.get("backfilled") and (ids or states):
            return ["Components cannot be specified for a backfilled incident"]
        errors = [f"Component {each!r} does not exist" for each in (*ids, *states) if str(each) not in self.components]
        wrong = [state for state in states.values() if str(state) not in COMPONENT_IMPACT]
        return errors + [f"Status {state!r} is not a component status" for state in wrong]

    def _incident(self, request):
        incident = self.incidents.get(request.match_info["incident"])
        if incident is None:
            raise _not_found()
        return incident

    def _component(self, request):
        component = self.components.get(request.match_info["component"])
        if component is None:
            raise _not_found()
        return component


def _identifier() -> str:
    return uuid4().hex[:12]


def _component(identifier, name, position, now) -> dict:
    return {
        "id": identifier, "page_id": PAGE_ID, "name": name, "description": "", "position": position, "group": False,
        "status": "operational", "showcase": True, "only_show_if_degraded": False, "automation_email": "",
        "start_date": "2026-01-01", "created_at": now, "updated_at": now,
    }  # fmt: skip


def _incident(given, status, now) -> dict:
    return {
        "id": _identifier(), "page_id": PAGE_ID, "name": given["name"], "status": status, "impact": "none",
        "impact_override": None, "created_at": now, "updated_at": now, "monitoring_at": None, "resolved_at": None,
        "scheduled_for": given.get("scheduled_for"), "scheduled_until": given.get("scheduled_until"),
        "metadata": given.get("metadata", {}), "components": [], "incident_updates": [],
    }  # fmt: skip


def _update(incident, given, status, affected, now) -> dict:
    return {
        "id": _identifier(), "incident_id": incident["id"], "status": status, "body": given.get("body") or "",
        "affected_components": affected, "deliver_notifications": given.get("deliver_notifications", True),
        "created_at": now, "updated_at": now, "display_at": now,
    }  # fmt: skip


def _rows(request, items, size):
    try:
        count, page = int(request.query.get(size, MOST_ROWS)), int(request.query.get("page", 1))
    except ValueError:
        raise RefusedError(web.json_response({"error": "page and limit are whole numbers"}, status=400)) from None
    count, page = min(max(count, 1), MOST_ROWS), max(page, 1)
    return web.json_response(items[(page - 1) * count : page * count])


def _filled(text) -> bool:
    return isinstance(text, str) and bool(text.strip())


def _not_found() -> RefusedError:
    return RefusedError(web.json_response({"error": "Not found"}, status=404))
