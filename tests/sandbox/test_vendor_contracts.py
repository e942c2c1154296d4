"""What the stand-ins answer, against the vendors' own documents: a stand-in that lies would hide Muster's mistakes."""

import json

import pytest

from sandbox.vendors import (
    account,
    opsgenie,
    opsgenie_answers,
    pagerduty_events,
    pagerduty_rest,
    plane,
    plane_project,
    signatures,
    statuspage,
)
from sandbox.vendors.opsgenie import Opsgenie
from sandbox.vendors.pagerduty import PagerDuty
from sandbox.vendors.pagerduty_account import INTEGRATION_KEY
from sandbox.vendors.plane import Plane
from sandbox.vendors.statuspage import Statuspage
from sandbox.vendors.twilio import (
    CALL_FIELDS,
    CALL_FILTERS,
    CALL_UPDATE_FIELDS,
    MESSAGE_FIELDS,
    MESSAGE_FILTERS,
    Twilio,
)
from tests.contracts_folder import FOLDER, contract
from tests.sandbox.vendor_documents import Document, Rest, Swagger, Unmarked, asking
from tests.sandbox.vendor_world import basic, standing

ANA = "+15550000001"
ACCOUNT = f"/2010-04-01/Accounts/{account.ACCOUNT_SID}"
CALLS, MESSAGES = f"{ACCOUNT}/Calls.json", f"{ACCOUNT}/Messages.json"
PROJECT = f"/api/v1/workspaces/{plane_project.WORKSPACE}/projects/{plane_project.PROJECT_ID}"
ITEMS = f"{PROJECT}/work-items"
PAGE = f"/v1/pages/{statuspage.PAGE_ID}"
API = statuspage.COMPONENTS["api"]


async def test_pagerdutys_answers_are_as_documented():
    document = Document("pagerduty-events-v2", prefix="/v2")
    async with standing(PagerDuty) as world:
        ask = asking(world, document)
        event = {"routing_key": INTEGRATION_KEY, "event_action": "trigger", "dedup_key": "inc-1"}
        payload = {"summary": "db down", "source": "muster", "severity": "critical"}
        await ask("POST", "/v2/enqueue", 202, json=event | {"payload": payload})
        await ask("POST", "/v2/enqueue", 202, json=event | {"event_action": "resolve"})
        await ask("POST", "/v2/enqueue", 400, json=event)
        schema = document.content["components"]["responses"]["Error"]["content"]["application/json"]["schema"]
        for kind in ("ratelimit", "refuse_token", "error"):
            document.validate(schema, json.loads(world.vendor.refusal(kind).body))


def test_pagerduty_takes_the_fields_that_are_documented():
    document = Document("pagerduty-events-v2", prefix="/v2")

    assert document.fields("POST", "/v2/enqueue", "application/json") == pagerduty_events.TOP_FIELDS["trigger"]
    assert document.schema_fields("Payload") == pagerduty_events.PAYLOAD_FIELDS


async def test_pagerdutys_rest_answers_are_as_documented():
    document = Rest("pagerduty-rest")
    headers = {"Authorization": f"Token token={pagerduty_rest.API_KEY}", "Accept": pagerduty_rest.MEDIA_TYPE}
    async with standing(PagerDuty) as world:
        ask = asking(world, document, headers | {"From": "ana@example.com"})
        service = {"id": "PSERVIC", "type": "service_reference"}
        made = {"type": "incident", "title": "db down", "service": service, "incident_key": "inc-1"}
        await ask("POST", "/incidents", 201, json={"incident": made})
        await ask("POST", "/incidents", 400, json={"incident": made})
        path = "/incidents/P000001"
        acknowledged = {"type": "incident_reference", "status": "acknowledged", "priority": {"id": "PPRIO01"}}
        await ask("PUT", path, 200, json={"incident": acknowledged})
        await ask("POST", f"{path}/notes", 200, json={"note": {"content": "Looking"}})
        for read in (path, "/incidents", f"{path}/notes", "/oncalls", "/schedules/PSCHED1/users"):
            await ask("GET", read, 200)
        for read in ("/users", "/users/PUSERANA", "/escalation_policies"):
            await ask("GET", read, 200)
        await ask("GET", "/oncalls", 200, params=[("include[]", "users"), ("include[]", "escalation_policies")])
        await ask("PUT", path, 200, json={"incident": {"type": "incident_reference", "status": "resolved"}})
        await ask("GET", path, 200)
        await ask("GET", "/users/PNOBODY", 404)
        for kind, status in (("ratelimit", 429), ("refuse_token", 401)):
            document.check("GET", path, status, json.loads(world.vendor.refusal(kind, 1, path).body))


def test_pagerdutys_rest_takes_what_is_documented():
    document = Rest("pagerduty-rest")

    assert document.query("/incidents") == pagerduty_rest.INCIDENT_FILTERS
    assert document.query("/oncalls") == pagerduty_rest.ON_CALL_FILTERS
    assert document.query("/users") == pagerduty_rest.USER_FILTERS
    assert document.query("/escalation_policies") == pagerduty_rest.POLICY_FILTERS
    assert document.wrapped("PUT", "/incidents/P000001", "incident") == pagerduty_rest.UPDATE_FIELDS
    assert document.wrapped("POST", "/incidents", "incident") == pagerduty_rest.CREATE_FIELDS


@pytest.mark.parametrize(
    ("event", "name"),
    [
        *((event, event) for event in ("triggered", "acknowledged", "resolved", "annotated")),
        *((event, "triggered") for event in ("unacknowledged", "escalated", "reassigned", "priority_updated")),
        ("pagey.ping", "pagey-ping"),
    ],
)
async def test_every_webhook_of_pagerduty_has_the_shape_of_its_sample(event, name):
    sample = contract(f"webhooks/pagerduty-v3-{'' if name.startswith('pagey') else 'incident-'}{name}.json")
    async with standing(PagerDuty) as world:
        world.vendor.echoes = True
        body = {"routing_key": INTEGRATION_KEY, "event_action": "trigger", "dedup_key": "inc-1"}
        payload = {"summary": "db down", "source": "muster", "severity": "critical"}
        await world.ask("POST", "/v2/enqueue", 202, json=body | {"payload": payload})
        acts = world.vendor.actions
        for act in (acts["ping"], acts["escalate"], acts["prioritize"], acts["acknowledge"], acts["unacknowledge"]):
            assert (await act())["ok"]
        await acts["reassign"](to="ben")
        await acts["annotate"](content="Looking")
        await acts["resolve"]()
        await world.vendor.settled()
        sent = [json.loads(delivery.body) for delivery in world.bot.got]

    [one] = [each for each in sent if each["event"]["event_type"].removeprefix("incident.") == event]
    assert shape(one) == shape(sample)


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
async def test_pagerdutys_webhooks_have_the_shape_of_its_samples(action):
    sample = contract(f"webhooks/pagerduty-v3-incident-{action}d.json")
    async with standing(PagerDuty) as world:
        event = {"routing_key": INTEGRATION_KEY, "event_action": "trigger", "dedup_key": "inc-1"}
        payload = {"summary": "db down", "source": "muster", "severity": "critical"}
        await world.ask("POST", "/v2/enqueue", 202, json=event | {"payload": payload})
        await world.vendor.actions[action]()
        sent = json.loads(world.bot.got[0].body)

    assert shape(sent) == shape(sample)


def shape(value):
    """The keys of a JSON value, all the way down. What may be null or empty counts as such a thing."""
    if not isinstance(value, dict):
        return None
    optional = ("priority", "conference_bridge", "agent", "client")
    return {name: None if name in optional else shape(each) for name, each in value.items()}


async def test_opsgenies_answers_are_as_documented():
    document = Swagger("opsgenie")
    async with standing(Opsgenie) as world:
        ask = asking(world, document, {"Authorization": f"GenieKey {opsgenie.API_KEY}"})
        alert = {"message": "db down", "alias": "inc-1", "responders": [{"type": "team", "name": "Engineering"}]}
        accepted = await ask("POST", "/v2/alerts", 202, json=alert)
        await ask("POST", "/v2/alerts", 422, json={})
        status = f"/v2/alerts/requests/{accepted['requestId']}"
        await ask("GET", status, 404)
        await ask("GET", status, 200)
        params = {"identifierType": "alias"}
        until = {"endTime": "2026-10-05T04:00:00Z"}
        for action, given in (("acknowledge", {}), ("unacknowledge", {}), ("snooze", until), ("notes", {"note": "x"})):
            await ask("POST", f"/v2/alerts/inc-1/{action}", 202, params=params, json=given)
        for read in ("inc-1", "inc-1/notes"):
            await ask("GET", f"/v2/alerts/{read}", 200, params=params)
        await ask("POST", "/v2/alerts/inc-1/close", 202, params=params)
        for read in ("/v2/alerts", "/v2/alerts/count", "/v2/schedules", "/v2/schedules/on-calls"):
            await ask("GET", read, 200)
        for flat in ("true", "false"):
            for read in ("on-calls", "next-on-calls"):
                named = {"scheduleIdentifierType": "name", "flat": flat}
                await ask("GET", f"/v2/schedules/Primary/{read}", 200, params=named)
        for kind, status in (("ratelimit", 429), ("refuse_token", 401)):
            document.check("GET", "/v2/alerts", status, json.loads(world.vendor.refusal(kind, 1).body))


def test_opsgenie_takes_the_fields_that_are_documented():
    document = Swagger("opsgenie")

    assert document.schema_fields("CreateAlertPayload") == opsgenie_answers.CREATE_FIELDS
    assert document.schema_fields("SnoozeAlertPayload") == opsgenie_answers.SNOOZE_FIELDS
    assert document.schema_fields("CloseAlertPayload") == opsgenie_answers.ACTION_FIELDS
    assert document.query("/v2/alerts") == opsgenie.LIST_PARAMETERS
    assert document.query("/v2/schedules/Primary/on-calls") == opsgenie.ON_CALL_PARAMETERS


async def test_twilios_answers_are_as_documented():
    document = Document("twilio")
    async with standing(Twilio) as world:
        ask = asking(world, document, basic(account.ACCOUNT_SID, account.AUTH_TOKEN))
        numbers = {"To": ANA, "From": account.PHONE_NUMBER}
        call = await ask("POST", CALLS, 201, data=numbers | {"Twiml": "<Response/>", "MachineDetection": "Enable"})
        message = await ask("POST", MESSAGES, 201, data=numbers | {"Body": "db down"})
        await ask("GET", f"{ACCOUNT}/Messages/{message['sid']}.json", 200)
        await ask("GET", CALLS, 200, params={"PageSize": "1"})
        await ask("GET", MESSAGES, 200)
        await ask("POST", f"{ACCOUNT}/Calls/{call['sid']}.json", 200, data={"Status": "canceled"})
        await ask("POST", CALLS, 201, data=numbers | {"Twiml": "<Response/>"})
        await world.vendor.actions["voicemail"](ANA)
        await ask("GET", f"{ACCOUNT}/Calls/{call['sid']}.json", 200)
        await ask("GET", CALLS, 200)
        await ask("GET", f"{ACCOUNT}.json", 200)


def test_twilio_takes_the_fields_that_are_documented():
    document, form = Document("twilio"), "application/x-www-form-urlencoded"

    assert document.fields("POST", CALLS, form) == CALL_FIELDS
    assert document.fields("POST", CALLS.replace(".json", "/CA0.json"), form) == CALL_UPDATE_FIELDS
    assert document.fields("POST", MESSAGES, form) == MESSAGE_FIELDS
    assert document.query(CALLS) == CALL_FILTERS
    assert document.query(MESSAGES) == MESSAGE_FILTERS


@pytest.mark.parametrize(
    "name",
    ["voice-gather-ack", "voice-status-completed", "voice-status-noanswer", "sms-inbound-ack", "sms-status-delivered"],
)
async def test_twilios_callbacks_carry_the_fields_of_its_samples(name):
    sample = contract(f"webhooks/twilio-{name}.json")["form"]
    sent = await everything_twilio_sends()

    assert any(fields.keys() == sample.keys() for fields in sent), [sorted(each) for each in sent]


async def everything_twilio_sends():
    """The fields of each callback in a story with a key pressed, a phone left ringing, and texts both ways."""
    status = "http://127.0.0.1:8080/callbacks/twilio/status"
    twiml = "<Response><Gather action='http://127.0.0.1:8080/callbacks/twilio/gather'/></Response>"
    async with standing(Twilio) as world:
        login = basic(account.ACCOUNT_SID, account.AUTH_TOKEN)
        form = {"To": ANA, "From": account.PHONE_NUMBER, "StatusCallback": status}
        for _ in range(2):
            call = form | {"Twiml": twiml, "MachineDetection": "Enable"}
            await world.ask("POST", CALLS, 201, headers=login, data=call)
        world.bot.answers["/callbacks/twilio/gather"] = (200, "<Response/>")
        await world.vendor.actions["answer"](ANA, "1")
        await world.ask("POST", MESSAGES, 201, headers=login, data=form | {"Body": "db down"})
        world.clock.move(minutes=2)
        await world.vendor.actions["phones"]()
        await world.vendor.actions["reply"](ANA, "ACK INC-42")
        await world.vendor.settled()
        return [delivery.form for delivery in world.bot.got]


async def test_planes_answers_are_as_documented():
    document = Document("plane")
    async with standing(Plane) as world:
        ask = asking(world, document, {"X-API-Key": plane.API_KEY})
        label = await ask("POST", f"{PROJECT}/labels/", 201, json={"name": "incident", "color": "#ff0000"})
        ours = {"external_id": "muster-1a2b3c4d-1", "external_source": "muster"}
        body = {"name": "db down", "labels": [label["id"]], "assignees": [plane_project.ANA], **ours}
        item = await ask("POST", f"{ITEMS}/", 201, json=body)
        await ask("POST", f"{ITEMS}/", 409, json=body)
        await ask("POST", f"{ITEMS}/", 400, json={})
        done = (await ask("GET", f"{PROJECT}/states/", 200))["results"][3]["id"]
        await ask("PATCH", f"{ITEMS}/{item['id']}/", 200, json={"state": done})
        for path in (f"{ITEMS}/{item['id']}/", f"{ITEMS}/", f"{PROJECT}/labels/", f"{PROJECT}/states/{done}/"):
            await ask("GET", path, 200)
        await ask("GET", f"/api/v1/workspaces/{plane_project.WORKSPACE}/work-items/ROOSE-1/", 200)
        await ask("POST", f"{PROJECT}/states/", 200, json={"name": "Mitigated", "color": "#ff0000"})
        comment = await ask("POST", f"{ITEMS}/{item['id']}/comments/", 201, json={"comment_html": "<p>a</p>"})
        await ask("GET", f"{ITEMS}/{item['id']}/comments/", 200)
        await ask("PATCH", f"{ITEMS}/{item['id']}/comments/{comment['id']}/", 200, json={"comment_html": "<p>b</p>"})
        await ask("POST", f"{ITEMS}/{item['id']}/links/", 201, json={"url": "http://127.0.0.1/room", "title": "Room"})
        await ask("GET", f"{ITEMS}/{item['id']}/links/", 200)
        await ask("GET", f"{PROJECT}/", 200)
        await ask("GET", "/api/v1/users/me/", 200)


def test_plane_takes_no_field_that_is_not_documented():
    document = Document("plane")

    assert document.schema_fields("IssueRequest") >= plane_project.ITEM_FIELDS
    assert document.schema_fields("IssueCommentCreateRequest") == plane_project.COMMENT_FIELDS
    assert document.schema_fields("IssueLinkCreateRequest") == plane_project.LINK_FIELDS
    assert document.schema_fields("LabelCreateUpdateRequest") == plane_project.LABEL_FIELDS
    assert document.schema_fields("StateRequest") == plane_project.STATE_FIELDS


async def test_statuspages_answers_are_as_documented():
    document = Unmarked("statuspage", prefix="/v1")
    async with standing(Statuspage) as world:
        ask = asking(world, document, {"Authorization": f"OAuth {statuspage.API_KEY}"})
        body = {"name": "API errors", "body": "We are looking.", "components": {API: "major_outage"}}
        incident = await ask("POST", f"{PAGE}/incidents", 201, json={"incident": body})
        await ask("POST", f"{PAGE}/incidents", 422, json={"incident": {}})
        path = f"{PAGE}/incidents/{incident['id']}"
        await ask("PATCH", path, 200, json={"incident": {"status": "resolved", "components": {API: "operational"}}})
        for read in (PAGE, path, f"{PAGE}/incidents", f"{PAGE}/incidents/unresolved", f"{PAGE}/components"):
            await ask("GET", read, 200)
        await ask("PATCH", f"{PAGE}/components/{API}", 200, json={"component": {"status": "degraded_performance"}})
        await ask("GET", f"{PAGE}/components/{API}", 200)


def test_statuspage_takes_the_fields_that_are_documented():
    document = Unmarked("statuspage", prefix="/v1")

    for name in ("postPagesPageIdIncidents_incident", "patchPagesPageIdIncidents_incident"):
        assert document.schema_fields(name) == statuspage.INCIDENT_FIELDS
    assert document.schema_fields("postPagesPageIdComponents_component") == statuspage.COMPONENT_FIELDS


@pytest.mark.parametrize("scheme", ["pagerduty", "twilio"])
def test_signatures_are_the_vendors_own(scheme):
    vectors = [each for each in contract("webhooks/signature-vectors.json")["vectors"] if each["scheme"] == scheme]

    assert vectors
    for vector in vectors:
        assert signed(vector) in vector["value"].split(","), vector.get("note", vector)


def signed(vector):
    if vector["scheme"] == "pagerduty":
        return signatures.pagerduty(vector["secret"], (FOLDER / "webhooks" / vector["body_file"]).read_bytes())
    form = vector.get("form") or contract(f"webhooks/{vector['form_file']}")["form"]
    return signatures.twilio(vector["secret"], vector["url"], form)


def test_a_document_refuses_an_answer_that_is_wrong():
    document = Document("plane")

    with pytest.raises(AssertionError, match="priority"):
        document.check("GET", f"{ITEMS}/{plane_project.ANA}/", 200, {"name": "x", "priority": "SEV-1"})
    with pytest.raises(AssertionError, match="'name' is a required property"):
        document.check("GET", f"{ITEMS}/{plane_project.ANA}/", 200, {})
