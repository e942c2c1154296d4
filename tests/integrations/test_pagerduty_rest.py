"""PagerDuty's REST API: how pages stand, who answered, who is on call; and answers in a person's name."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.decision import Entry
from domain.errors import Permanent, Temporary
from domain.pager import Page, Sighting, Who
from domain.record import DELIVERED
from integrations.pagerduty import PagerDuty
from integrations.pagerduty_people import PagerDutyInPeoplesNames
from integrations.pagerduty_rest import PagerDutyRest, UnknownSender
from tests.integrations.edge import reply, reset
from tests.integrations.records import KEY, T0, owed, record, resolved

API_KEY = "y_NbAkKc66ryYTWUXYEu"
ANA, MUSTER = "ana@example.com", "muster@example.com"
INCIDENTS, ENQUEUE = ("GET", "/incidents"), ("POST", "/v2/enqueue")
ACCEPTED = reply(202, {"status": "success", "message": "Event processed", "dedup_key": KEY})
SET = reply(200, {"incident": {"id": "PABC123", "type": "incident", "status": "acknowledged"}})
USER = {"id": "PANA001", "type": "user", "summary": "Ana", "name": "Ana", "email": ANA}
INTEGRATION = {"id": "PINT001", "type": "integration_reference", "summary": "Muster"}


def incident(status="triggered", key=KEY, number="PABC123", **more):
    given = [{"at": T0.isoformat(), "acknowledger": USER}] if status == "acknowledged" else []
    named = {"id": number, "type": "incident", "html_url": f"https://acme.example.com/incidents/{number}"}
    return {
        **named,
        "status": status,
        "incident_key": key,
        "acknowledgements": given,
        "created_at": T0.isoformat(),
        **more,
    }


def listed(*found, more=False):
    return reply(200, {"incidents": list(found), "limit": 100, "offset": 0, "more": more})


def refused(code, message="Invalid Input Provided", status=400):
    return reply(status, {"error": {"message": message, "code": code, "errors": ["From is not a user"]}})


def page(number=42, key=KEY, **more):
    return Page(number, key, T0, **more)


@pytest.fixture
def rest(edge, session):
    return PagerDutyRest(session, api_key=API_KEY, url=edge.url)


@pytest.fixture
def pager(edge, session, rest):
    events = PagerDuty(session, routing_key="0" * 32, severities={}, url=edge.url)
    return PagerDutyInPeoplesNames(events, rest, {"U0001": ANA}, MUSTER)


def paged(by="U0001", **changes):
    """Acknowledged here, with its page delivered."""
    done = replace(owed("page", "1"), lane="pagerduty", state=DELIVERED)
    return replace(record(acknowledged_at=T0, acknowledged_by=by, **changes), owed=(done,))


def senders(edge):
    return [asked.headers["From"] for asked in edge.asked if asked.method == "PUT"]


def events(edge):
    return [asked.json["event_action"] for asked in edge.to(*ENQUEUE)]


# Looking


async def test_one_page_is_asked_for_by_its_key_and_names_who_answered(edge, rest):
    edge.on(*INCIDENTS, listed(incident("acknowledged")))
    [seen] = await rest.look([page()])
    assert seen == Sighting(
        KEY, "acknowledged", Who("Ana", ANA, "PANA001"), "PABC123", "https://acme.example.com/incidents/PABC123"
    )
    [asked] = edge.asked
    assert ("incident_key", KEY) in asked.query
    assert asked.headers["Authorization"] == f"Token token={API_KEY}"
    assert asked.headers["Accept"] == "application/vnd.pagerduty+json;version=2"


async def test_many_pages_are_one_request(edge, rest):
    keys = [f"muster-1a2b3c4d-{number}" for number in range(1, 31)]
    edge.on(*INCIDENTS, listed(*(incident(key=key, number=f"P{key[-2:]}") for key in keys), incident(key="other")))
    seen = await rest.look([page(key=key) for key in keys])
    assert sorted(sighting.key for sighting in seen) == sorted(keys)
    assert len(edge.asked) == 1
    assert datetime.fromisoformat(dict(edge.asked[0].query)["since"]) < T0


async def test_a_list_of_several_parts_is_read_to_its_end(edge, rest):
    edge.on(*INCIDENTS, listed(incident(), more=True), listed(incident("resolved", key=f"{KEY}-2", number="P2")))
    seen = await rest.look([page(), page(key=f"{KEY}-2")])
    assert [(sighting.key, sighting.status) for sighting in seen] == [(KEY, "triggered"), (f"{KEY}-2", "resolved")]
    assert [dict(asked.query)["offset"] for asked in edge.asked] == ["0", "100"]


async def test_an_incident_that_shows_no_key_is_known_by_its_id_or_asked_for_by_the_key(edge, rest):
    grouped = incident("acknowledged", key=None, number="PGROUP1")
    edge.on(*INCIDENTS, listed(grouped), listed(incident(number="PALONE1")))
    seen = await rest.look([page(alert="PGROUP1"), page(key=f"{KEY}-2")])
    assert [(sighting.key, sighting.alert) for sighting in seen] == [(KEY, "PGROUP1"), (f"{KEY}-2", "PALONE1")]
    assert ("incident_key", f"{KEY}-2") in edge.asked[1].query


async def test_an_open_incident_hides_the_resolved_one_of_the_same_key(edge, rest):
    edge.on(
        *INCIDENTS, listed(incident(number="P2", created_at="2026-11-20T03:10:00Z"), incident("resolved", number="P1"))
    )
    assert [sighting.alert for sighting in await rest.look([page()])] == ["P2"]


async def test_a_person_of_whom_only_a_reference_is_shown_is_looked_up_once(edge, rest):
    reference = {"id": "PANA001", "type": "user_reference", "summary": "Ana"}
    given = [{"at": T0.isoformat(), "acknowledger": reference}]
    edge.on(*INCIDENTS, listed(incident("acknowledged", acknowledgements=given)))
    edge.on("GET", "/users/PANA001", reply(200, {"user": USER}))
    for _ in range(2):
        assert [sighting.who.email for sighting in await rest.look([page()])] == [ANA]
    assert len(edge.to("GET", "/users/PANA001")) == 1


async def test_whoever_may_not_be_looked_up_keeps_their_name(edge, rest):
    by = {"id": "PANA001", "type": "user_reference", "summary": "Ana"}
    edge.on(*INCIDENTS, listed(incident("resolved", last_status_change_by=by)))
    edge.on("GET", "/users/PANA001", reply(403, {"error": {"message": "Forbidden", "code": 2010}}))
    [seen] = await rest.look([page()])
    assert (seen.status, seen.who.name, seen.who.email) == ("resolved", "Ana", "")


async def test_an_integration_that_acknowledged_is_no_human_and_a_person_beside_it_is(edge, rest):
    machine = [{"at": T0.isoformat(), "acknowledger": INTEGRATION}]
    both = [*machine, {"at": T0.isoformat(), "acknowledger": USER}]
    edge.on(*INCIDENTS, listed(incident("acknowledged", acknowledgements=machine)),
            listed(incident("acknowledged", acknowledgements=both)))  # fmt: skip
    assert [sighting.who.human for sighting in await rest.look([page()])] == [False]
    assert [sighting.who.email for sighting in await rest.look([page()])] == [ANA]


async def test_a_page_that_pagerduty_does_not_show_is_not_seen(edge, rest):
    edge.on(*INCIDENTS, listed())
    assert await rest.look([page(), page(key=f"{KEY}-2")]) == ()


async def test_who_is_on_call_comes_by_level_with_addresses(edge, rest):
    policy = {"id": "PPOL001", "type": "escalation_policy_reference", "summary": "Default"}
    schedule = {"id": "PSCH001", "type": "schedule_reference", "summary": "Primary"}
    second = {"user": {**USER, "name": "Ben", "email": "ben@example.com"}, "escalation_level": 2, "schedule": None,
              "escalation_policy": policy, "start": None, "end": None}  # fmt: skip
    first = {"user": USER, "escalation_level": 1, "schedule": schedule, "escalation_policy": policy,
             "start": "2026-11-16T09:00:00Z", "end": "2026-11-23T09:00:00Z"}  # fmt: skip
    edge.on("GET", "/oncalls", reply(200, {"oncalls": [second, first], "more": False}))
    found = await rest.on_call()
    assert [(each.level, each.who.email, each.schedule, each.policy) for each in found] == [
        (1, ANA, "Primary", "Default"),
        (2, "ben@example.com", "", "Default"),
    ]
    assert [each.until for each in found] == [datetime(2026, 11, 23, 9, tzinfo=UTC), None]


async def test_the_key_is_proved_by_a_read(edge, rest):
    edge.on(*INCIDENTS, listed())
    await rest.prove()
    assert [asked.method for asked in edge.asked] == ["GET"]
    edge.on(*INCIDENTS, reply(401, {"error": {"message": f"{API_KEY} is unknown", "code": 2006}}))
    with pytest.raises(Permanent) as caught:
        await rest.prove()
    assert caught.value.reason == "PagerDuty refused (401: [secret] is unknown): check PAGERDUTY_API_KEY"


@pytest.mark.parametrize("trouble", [reply(500), reset, reply(200, {"portal": 1}), reply(200, [])])
async def test_what_cannot_be_read_is_temporary(edge, rest, trouble):
    edge.on(*INCIDENTS, trouble)
    edge.on("GET", "/oncalls", trouble)
    edge.on("GET", "/users/P1", trouble)
    edge.on("GET", "/incidents/P1", trouble)
    for asking in (rest.look([page()]), rest.prove(), rest.on_call(), rest.email_of("P1"), rest.key_of("P1")):
        with pytest.raises(Temporary):
            await asking


@pytest.mark.parametrize(("headers", "wait"), [({"ratelimit_reset": "37"}, 37), ({"Retry_After": "5"}, 5), ({}, None)])
async def test_the_limit_says_for_how_long(edge, rest, headers, wait):
    edge.on(*INCIDENTS, reply(429, {"error": {"code": 2020}}, **headers))
    with pytest.raises(Temporary) as caught:
        await rest.look([page()])
    assert (caught.value.retry_after, caught.value.pause) == (wait, True)


# Answering


async def test_an_acknowledgement_is_given_as_the_person_who_gave_it(edge, pager):
    edge.on(*INCIDENTS, listed(incident()))
    edge.on("PUT", "/incidents/PABC123", SET)
    receipt = await pager.acknowledge(paged(), owed("acknowledge", "1"))
    assert senders(edge) == [ANA]
    assert edge.asked[-1].json == {"incident": {"type": "incident_reference", "status": "acknowledged"}}
    assert [(ref.kind, ref.name, ref.value) for ref in receipt.refs] == [("pager_alert", KEY, "PABC123")]
    assert receipt.problem == ""
    assert events(edge) == []


async def test_a_resolution_carries_its_words_and_its_author(edge, pager):
    edge.on(*INCIDENTS, listed(incident("acknowledged")))
    edge.on("PUT", "/incidents/PABC123", SET)
    ended = resolved(timeline=(Entry("status", "U0001", {"status": "resolved"}, at=T0),))
    await pager.resolve(replace(ended, owed=paged().owed), owed("resolve", "1"))
    assert senders(edge) == [ANA]
    assert edge.asked[-1].json["incident"] == {
        "type": "incident_reference", "status": "resolved", "resolution": "restarted",
    }  # fmt: skip


async def test_whom_pagerduty_does_not_know_is_stood_for_by_the_sender_of_all(edge, pager):
    edge.on(*INCIDENTS, listed(incident()))
    edge.on("PUT", "/incidents/PABC123", refused(2001), SET)
    assert (await pager.acknowledge(paged(), owed("acknowledge", "1"))).problem == ""
    assert senders(edge) == [ANA, MUSTER]


@pytest.mark.parametrize("refusal", [refused(2001), refused(2010, "Access Denied", 403), refused(2006, "?", 401)])
async def test_where_no_name_is_taken_it_is_acknowledged_without_one_and_said(edge, pager, refusal):
    edge.on(*INCIDENTS, listed(incident()))
    edge.on("PUT", "/incidents/PABC123", refusal)
    edge.on(*ENQUEUE, ACCEPTED)
    receipt = await pager.acknowledge(paged(), owed("acknowledge", "1"))
    assert events(edge) == ["acknowledge"]
    assert receipt.problem.startswith("PagerDuty shows that Muster acknowledged it, and not who did: PagerDuty refused")


@pytest.mark.parametrize("code", [1001, 1002])
async def test_what_is_so_already_is_success(edge, pager, code):
    edge.on(*INCIDENTS, listed(incident()))
    edge.on("PUT", "/incidents/PABC123", refused(code, "Incident Already Resolved"))
    assert (await pager.acknowledge(paged(), owed("acknowledge", "1"))).problem == ""
    assert events(edge) == []


async def test_a_resolved_incident_is_never_acknowledged_for_that_would_reopen_it(edge, pager):
    edge.on(*INCIDENTS, listed(incident("resolved")))
    await pager.acknowledge(paged(), owed("acknowledge", "1"))
    assert [asked.method for asked in edge.asked] == ["GET"]


async def test_an_acknowledged_one_is_left_as_it_is(edge, pager):
    edge.on(*INCIDENTS, listed(incident("acknowledged")))
    await pager.acknowledge(paged(), owed("acknowledge", "1"))
    assert [asked.method for asked in edge.asked] == ["GET"]


async def test_a_page_not_shown_yet_is_waited_for_and_then_acknowledged_without_a_name(edge, pager):
    edge.on(*INCIDENTS, listed())
    edge.on(*ENQUEUE, ACCEPTED)
    for attempt in (1, 2):
        with pytest.raises(Temporary, match="does not show the page yet"):
            await pager.acknowledge(paged(), owed("acknowledge", "1", attempts=attempt))
    await pager.acknowledge(paged(), owed("acknowledge", "1", attempts=3))
    assert events(edge) == ["acknowledge"]


async def test_a_page_that_never_arrived_has_nothing_to_acknowledge(edge, pager):
    edge.on(*INCIDENTS, listed())
    never = replace(paged(), owed=())
    assert (await pager.acknowledge(never, owed("acknowledge", "1"))).result == "it was never paged"


async def test_an_api_that_hangs_twice_does_not_keep_pagerduty_ringing(edge, pager):
    edge.on(*INCIDENTS, edge.hang)
    edge.on(*ENQUEUE, ACCEPTED)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await pager.acknowledge(paged(), owed("acknowledge", "1", attempts=2))
    third = replace(owed("acknowledge", "1", attempts=3), error="no answer within 5 s")
    receipt = await pager.acknowledge(paged(), third)
    assert (events(edge), receipt.problem) == (
        ["acknowledge"],
        "PagerDuty shows that Muster acknowledged it, and not who did: no answer within 5 s.",
    )


async def test_without_any_address_it_is_acknowledged_by_event_and_said(edge, session, rest):
    edge.on(*ENQUEUE, ACCEPTED)
    events_only = PagerDuty(session, routing_key="0" * 32, severities={}, url=edge.url)
    pager = PagerDutyInPeoplesNames(events_only, rest, {})
    receipt = await pager.acknowledge(paged(), owed("acknowledge", "1"))
    assert "has no e-mail address in config.yaml" in receipt.problem
    assert events(edge) == ["acknowledge"]


async def test_an_answer_without_the_incident_is_not_believed(edge, rest):
    edge.on("PUT", "/incidents/P1", reply(200, {"portal": "please log in"}))
    with pytest.raises(Temporary):
        await rest.set_status("P1", "acknowledged", ANA)


async def test_a_refused_sender_says_which_settings(edge, rest):
    edge.on("PUT", "/incidents/P1", refused(2001))
    with pytest.raises(
        UnknownSender, match=r"From is not a user.*: check people's e-mail addresses .* PAGERDUTY_FROM_EMAIL"
    ):
        await rest.set_status("P1", "acknowledged", ANA)


async def test_the_page_itself_goes_by_event_and_asks_nothing_first(edge, pager):
    edge.on(*ENQUEUE, ACCEPTED)
    await pager.page(record(detected_at=T0 - timedelta(minutes=1)), owed("page", "1"))
    assert [(asked.method, asked.path) for asked in edge.asked] == [ENQUEUE]
