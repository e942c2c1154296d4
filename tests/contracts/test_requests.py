"""Every request the clients can send, against the vendors' own documents, whatever people typed."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.decision import Entry
from domain.heard import Heard
from domain.pager import Page
from domain.phone import Line
from domain.record import Ref
from integrations.opsgenie import Opsgenie
from integrations.pagerduty import PagerDuty
from integrations.pagerduty_people import PagerDutyInPeoplesNames
from integrations.pagerduty_rest import PagerDutyRest
from integrations.plane import Plane
from integrations.statuspage import Statuspage
from integrations.twilio import Twilio
from integrations.twilio_inbox import Inbox
from tests.contracts.openapi import Document
from tests.contracts.swagger import openapi3
from tests.contracts_folder import contract
from tests.integrations.edge import Edge, reply
from tests.integrations.records import KEY, ROOM, T0, owed, record, resolved

ACCOUNT = "AC" + "0" * 32
CALLS, MESSAGES = (f"/2010-04-01/Accounts/{ACCOUNT}/{what}.json" for what in ("Calls", "Messages"))
CALL_SID, TEXT_SID = "CA" + "0" * 32, "SM" + "0" * 32
PROJECT, ITEM = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
STATE, LABEL = "33333333-3333-4333-8333-333333333333", "55555555-5555-4555-8555-555555555555"
PROJECT_PATH = f"/api/v1/workspaces/acme/projects/{PROJECT}/"
PUBLIC = "/v1/pages/0123456789ab/incidents"

HOSTILE = [
    "<script>alert(1)</script> & <!channel>",
    "\N{FIRE}\N{ZERO WIDTH JOINER}" * 2500,
    "\x00\x07\x1b[31m\ud800\ufffe\u202e",
    "&" * 10_000,
    "שלום عالم",
    "“quoted” – ]]>",
    " ",
]
words = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(), max_size=400))
typed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@asynccontextmanager
async def vendor():
    """An edge of its own for each example, with a session to it."""
    edge, app = Edge(), web.Application()
    app.router.add_route("*", "/{path:.*}", edge.handle)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        edge.url = str(server.make_url("")).rstrip("/")
        yield edge, session


@cache
def document(name: str, prefix: str = "") -> Document:
    """One vendor's, read once and not for each example."""
    found = contract(f"openapi/{name}.json")
    return Document(openapi3(found) if "swagger" in found else found, prefix)


def check(document: Document, edge: Edge) -> None:
    for asked in edge.asked:
        is_form = asked.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
        body = {} if not asked.raw else {"form": asked.form} if is_form else {"json": asked.json}
        assert document.violations(asked.method, asked.path, query=asked.query, **body) == []


@typed
@given(title=words, text=words)
async def test_every_event_to_pagerduty_is_as_documented(title, text):
    documented = document("pagerduty-events-v2", "/v2")
    async with vendor() as (edge, session):
        edge.on("POST", "/v2/enqueue", reply(202, {"status": "success", "message": "", "dedup_key": KEY}))
        pager = PagerDuty(session, routing_key="0" * 32, severities={"SEV-1": "critical"}, url=edge.url)
        await pager.page(record(ROOM, title=title, description=text, impact=text), owed("page", "2"))
        await pager.page(record(title=title), owed("page"))
        await pager.acknowledge(record(), owed("acknowledge"))
        await pager.resolve(resolved(), owed("resolve"))
        check(documented, edge)
        assert all(len(asked.raw) < 512 * 1024 for asked in edge.asked)
        assert all(len(asked.json["dedup_key"]) <= 255 for asked in edge.asked)
        assert len(edge.asked[0].json["payload"]["summary"]) <= 1024


@typed
@given(text=words)
async def test_every_request_to_pagerdutys_rest_api_is_as_documented(text):
    documented = document("pagerduty-rest")
    user = {"id": "PANA001", "type": "user", "email": "ana@example.com"}
    by = {"id": "PANA001", "type": "user_reference"}
    found = {"id": "PABC123", "status": "triggered", "incident_key": KEY, "last_status_change_by": by}
    async with vendor() as (edge, session):
        edge.on("GET", "/incidents", reply(200, {"incidents": [found], "more": False}))
        edge.on("GET", "/incidents/PABC123", reply(200, {"incident": found}))
        edge.on("PUT", "/incidents/PABC123", reply(200, {"incident": found}))
        edge.on("GET", "/oncalls", reply(200, {"oncalls": [], "more": False}))
        edge.on("GET", "/users/PANA001", reply(200, {"user": user}))
        rest = PagerDutyRest(session, api_key="k", url=edge.url)
        events = PagerDuty(session, routing_key="0" * 32, severities={}, url=edge.url)
        pager = PagerDutyInPeoplesNames(events, rest, {"U0001": "ana@example.com"}, "muster@example.com")
        await pager.acknowledge(record(acknowledged_by="U0001"), owed("acknowledge", "1"))
        await pager.resolve(resolved(resolution=text), owed("resolve", "1"))
        await rest.look([Page(42, KEY, T0)])
        await rest.look([Page(42, KEY, T0), Page(43, KEY + "-2", T0)])
        await rest.prove()
        await rest.on_call()
        await rest.email_of("PANA001")
        await rest.key_of("PABC123")
        check(documented, edge)
        writes = [asked for asked in edge.asked if asked.method == "PUT"]
        assert [asked.headers["From"] for asked in writes] == ["ana@example.com", "muster@example.com"]
        assert all(asked.headers["Accept"].endswith(";version=2") for asked in edge.asked)


@typed
@given(title=words, text=words)
async def test_every_request_to_opsgenie_is_as_documented(title, text):
    documented = document("opsgenie")
    taken = reply(202, {"result": "Request will be processed", "took": 0.1, "requestId": "r1"})
    alert = f"/v2/alerts/{KEY}"
    async with vendor() as (edge, session):
        for path in ("/v2/alerts", f"{alert}/acknowledge", f"{alert}/close"):
            edge.on("POST", path, taken)
        edge.on("GET", "/v2/alerts/requests/r1", reply(200, {"data": {"isSuccess": True}}))
        edge.on("GET", alert, reply(200, {"data": {"id": "a1", "status": "open", "acknowledged": False}}))
        edge.on("GET", "/v2/alerts", reply(200, {"data": []}))
        edge.on("GET", "/v2/schedules/Primary/on-calls", reply(200, {"data": {"onCallRecipients": []}}))
        pager = Opsgenie(
            session,
            api_key="k",
            severities={"SEV-1": "critical"},
            responders=("team:Platform", "user:ana@example.com", "escalation:Platform"),
            schedules=("Primary",),
            emails={"U0001": "ana@example.com"},
            url=edge.url,
        )
        paged = record(ROOM, title=title, description=text, impact=text, services=(text,))
        await asyncio.gather(  # each waits for a while before it asks what became of it
            pager.page(paged, owed("page", "1")),
            pager.acknowledge(record(acknowledged_by="U0001"), owed("acknowledge", "1", row=8)),
            pager.resolve(resolved(resolution=text), owed("resolve", "1", row=9)),
        )
        await pager.look([Page(42, KEY, T0)])
        await pager.prove()
        await pager.on_call()
        check(documented, edge)
        assert len(edge.asked) == 9
        [sent] = [asked.json for asked in edge.asked if (asked.method, asked.path) == ("POST", "/v2/alerts")]
        assert len(sent["message"]) <= 130
        assert all(len(tag) <= 50 for tag in sent["tags"])


@typed
@given(title=words)
async def test_every_request_to_twilio_is_as_documented(title):
    documented = document("twilio")
    ana = {"phone": "+15550000001", "person": "ana"}
    async with vendor() as (edge, session):
        for path, sid in ((CALLS, "CA1"), (MESSAGES, "SM1")):
            edge.on("POST", path, reply(201, {"sid": sid}))
            edge.on("GET", path, reply(200, {"calls": [], "messages": []}))
            one = path.replace(".json", f"/{CALL_SID if path == CALLS else TEXT_SID}.json")
            edge.on("GET", one, reply(200, {"sid": sid, "status": "completed"}))
            edge.on("POST", one, reply(200, {"sid": sid, "status": "canceled"}))
        for callback_url in (None, "https://muster.example.com"):
            phone = Twilio(
                session,
                account_sid=ACCOUNT,
                auth_token="t",
                phone_number="+15550000000",
                callback_url=callback_url,
                url=edge.url,
            )
            for attempts in (1, 2):
                await phone.call(record(title=title), owed("call", attempts=attempts, **ana))
                await phone.text(record(ROOM, title=title), owed("text", attempts=attempts, **ana))
        await phone.hang_up(record(), owed("hang_up", sid=CALL_SID, person="ana"))
        inbox = Inbox(phone)
        await inbox.texts(T0)
        await inbox.state(Line(42, "call", CALL_SID, "ana"))
        await inbox.state(Line(42, "text", TEXT_SID, "ana"))
        await inbox.answer("+15550000001", Heard("unknown", waiting=(record(title=title).incident,)))
        edge.on("GET", CALLS.replace("/Calls", ""), reply(200, {"sid": ACCOUNT, "status": "active"}))
        await phone.prove()
        check(documented, edge)
        assert {asked.method for asked in edge.asked} == {"GET", "POST"}
        assert all(len(dict(asked.form)["Twiml"]) <= 4000 for asked in edge.to("POST", CALLS))
        assert all(len(dict(asked.form)["Body"]) <= 1600 for asked in edge.to("POST", MESSAGES))


@typed
@given(title=words, text=words)
async def test_every_request_to_plane_is_as_documented(title, text):
    documented = document("plane")
    made = {"id": ITEM, "sequence_id": 1, "external_id": KEY, "external_source": "muster"}
    async with vendor() as (edge, session):
        edge.on("GET", PROJECT_PATH, reply(200, {"identifier": "ROOSE"}))
        states = [{"id": STATE, "group": "started"}, {"id": STATE, "group": "completed"}]
        edge.on(
            "GET",
            PROJECT_PATH + "states/",
            reply(200, {"results": states[:1], "next_page_results": True, "next_cursor": "100:1:0"}),
            reply(200, {"results": states[1:], "next_page_results": False}),
        )
        edge.on("GET", PROJECT_PATH + "labels/", reply(200, {"results": []}))
        edge.on("POST", PROJECT_PATH + "labels/", reply(201, {"id": LABEL}))
        edge.on("POST", PROJECT_PATH + "work-items/", reply(409, {"id": ITEM}))
        edge.on("GET", f"{PROJECT_PATH}work-items/{ITEM}/", reply(200, made))
        edge.on("PATCH", f"{PROJECT_PATH}work-items/{ITEM}/", reply(200, made))
        edge.on("POST", f"{PROJECT_PATH}work-items/{ITEM}/comments/", reply(201, {"id": "c"}))
        plane = Plane(
            session,
            api_key="k",
            workspace="acme",
            project_id=PROJECT,
            priorities={"SEV-1": "urgent"},
            labels=["incident", "{severity}"],
            url=edge.url,
        )
        issue = Ref("issue", ITEM, name="plane")
        timeline = (Entry("update", "U0001", {"text": text}, at=T0 + timedelta(minutes=1)),)
        await plane.create_issue(record(title=title, description=text, timeline=timeline), owed("create_issue"))
        await plane.refresh_issue(resolved(issue, title=title, resolution=text), owed("refresh_issue"))
        said = {"kind": "update", "by": "U0001", "text": text, "at": T0.isoformat()}
        await plane.comment(record(issue), owed("comment", **said))
        await plane.prove()
        assert len(edge.asked) == 11
        check(documented, edge)


@typed
@given(name=words, body=words)
async def test_every_request_to_statuspage_is_as_documented(name, body):
    documented = document("statuspage", "/v1")
    async with vendor() as (edge, session):
        edge.on("GET", PUBLIC + "/unresolved", reply(200, []))
        edge.on("POST", PUBLIC, reply(201, {"id": "inc000000001", "shortlink": "https://status.example.com/x"}))
        edge.on("GET", PUBLIC + "/inc000000001", reply(200, {"id": "inc000000001", "incident_updates": []}))
        edge.on("PATCH", PUBLIC + "/inc000000001", reply(200, {"id": "inc000000001"}))
        site = Statuspage(session, page_id="0123456789ab", api_key="k", url=edge.url)
        down = {"name": name, "status": "investigating", "body": body, "components": {"c00000000001": "major_outage"}}
        up = {"status": "resolved", "body": body, "components": {"c00000000001": "operational"}}
        published = record(Ref("status_incident", "inc000000001", name="statuspage"))
        for attempts in (1, 2):
            await site.create_status(record(), owed("create_status", attempts=attempts, **down))
            await site.update_status(published, owed("update_status", attempts=attempts, **up))
            await site.update_status(published, owed("update_status", attempts=attempts, **up, name=name))
            await site.update_status(published, owed("update_status", attempts=attempts, **down, quiet=True))
        edge.on("GET", PUBLIC.removesuffix("/incidents"), reply(200, {"id": "0123456789ab"}))
        await site.prove()
        check(documented, edge)
        assert all(len(asked.json["incident"]["name"]) <= 255 for asked in edge.to("POST", PUBLIC))


def test_the_documents_would_refuse_what_vendors_refuse():
    plane = document("plane")
    items = PROJECT_PATH + "work-items/"
    assert plane.violations("POST", items, json={"name": "x", "description": "ignored by Plane"})
    assert plane.violations("POST", items, json={"name": "x" * 256})
    assert plane.violations("POST", items.rstrip("/"), json={"name": "x"})
    pages = document("statuspage", "/v1")
    assert pages.violations("POST", PUBLIC, json={"incident": {"name": "x", "status": "operational"}})
    states = {"c00000000001": "resolved"}
    assert pages.violations("POST", PUBLIC, json={"incident": {"name": "x", "components": states}})


def test_the_pagers_documents_would_refuse_what_they_refuse():
    rest = document("pagerduty-rest")
    assert rest.violations(
        "PUT", "/incidents/P1", json={"incident": {"type": "incident_reference", "status": "closed"}}
    )
    assert rest.violations("GET", "/incidents", query=[("incident_keys[]", "x")])
    assert rest.violations("PATCH", "/incidents/P1", json={})
    opsgenie = document("opsgenie")
    assert opsgenie.violations("POST", "/v2/alerts", json={"alias": "x"})
    assert opsgenie.violations("POST", "/v2/alerts", json={"message": "x", "priority": "P0"})
    assert opsgenie.violations("POST", "/v2/alerts", json={"message": "x", "responder": []})
    assert opsgenie.violations("POST", "/v2/alerts", json={"message": "x", "responders": [{"name": "x"}]})
    assert opsgenie.violations(
        "POST", "/v2/alerts", json={"message": "x", "responders": [{"type": "team", "nam": "x"}]}
    )
    assert opsgenie.violations("GET", "/v2/alerts/x", query=[("identifierType", "key")])
    assert opsgenie.violations("POST", "/v2/alerts/x/resolve", json={})


@pytest.mark.parametrize("form", [[("From", "+1")], [("To", "+1"), ("From", "+1"), ("TwiML", "<Response/>")]])
def test_twilios_document_refuses_a_missing_end_and_a_misspelt_name(form):
    assert document("twilio").violations("POST", CALLS, form=form)
