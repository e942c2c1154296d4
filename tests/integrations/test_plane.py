"""The tracker: one work item an incident, ours or refused, with what Plane calls its states and labels."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.decision import Entry
from domain.errors import Permanent, Temporary
from domain.record import Ref
from integrations.plane import Plane
from tests.integrations.edge import reply, reset
from tests.integrations.records import KEY, NAMES, T0, owed, record, resolved

PROJECT = "11111111-1111-4111-8111-111111111111"
BASE = f"/api/v1/workspaces/acme/projects/{PROJECT}/"
ITEM = "22222222-2222-4222-8222-222222222222"
ITEMS, ONE, COMMENTS = BASE + "work-items/", f"{BASE}work-items/{ITEM}/", f"{BASE}work-items/{ITEM}/comments/"
STARTED, DONE = "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"
LABEL, SEVERE = "55555555-5555-4555-8555-555555555555", "66666666-6666-4666-8666-666666666666"
MADE = {"id": ITEM, "sequence_id": 17, "external_id": KEY, "external_source": "muster"}
ISSUE = Ref("issue", ITEM, name="plane")


def page(*results, cursor=None):
    return reply(200, {"results": list(results), "next_page_results": cursor is not None, "next_cursor": cursor or ""})


def state(id_, group, **more):
    return {"id": id_, "group": group, "sequence": 1, **more}


@pytest.fixture
def tracker(edge, session):
    edge.on("GET", BASE, reply(200, {"id": PROJECT, "identifier": "ROOSE"}))
    edge.on("GET", BASE + "states/", page(state("b", "backlog"), state(STARTED, "started"), state(DONE, "completed")))
    edge.on("GET", BASE + "labels/", page({"id": LABEL, "name": "incident"}, {"id": SEVERE, "name": "SEV-1"}))
    edge.on("POST", ITEMS, reply(201, MADE))
    edge.on("PATCH", ONE, reply(200, MADE))
    edge.on("POST", COMMENTS, reply(201, {"id": "c1"}))
    return Plane(
        session,
        api_key="plane_key",
        workspace="acme",
        project_id=PROJECT,
        priorities={"SEV-1": "urgent"},
        labels=("incident", "{severity}"),
        names=NAMES,
        url=edge.url,
        web_url="https://plane.example.com",
    )


async def test_an_incident_becomes_a_work_item_that_is_started(edge, tracker):
    receipt = await tracker.create_issue(record(), owed("create_issue"))
    url = f"https://plane.example.com/acme/projects/{PROJECT}/issues/{ITEM}"
    assert receipt.refs == (Ref("issue", ITEM, name="plane", url=url, data={"key": "ROOSE-17"}),)
    assert (receipt.vendor_id, receipt.result, receipt.problem) == (ITEM, "ROOSE-17", "")
    [asked] = edge.to("POST", ITEMS)
    assert asked.headers["X-API-Key"] == "plane_key"
    html = asked.json.pop("description_html")
    assert {name: value for name, value in asked.json.items() if name != "description_html"} == {
        "name": "[INCIDENT] SEV-1: db down",
        "priority": "urgent",
        "state": STARTED,
        "labels": [LABEL, SEVERE],
        "external_id": KEY,
        "external_source": "muster",
    }
    for words in ("SEV-1", "Ana", "2026-11-20 03:04 UTC", "nothing answers"):
        assert words in html


async def test_the_project_is_read_once_however_many_incidents_start_together(edge, tracker):
    await asyncio.gather(*(tracker.create_issue(record(), owed("create_issue")) for _ in range(5)))
    assert [len(edge.to("GET", BASE + path)) for path in ("", "states/", "labels/")] == [1, 1, 1]
    assert len(edge.to("POST", ITEMS)) == 5


async def test_a_reading_that_was_cancelled_leaves_the_next_one_free(edge, tracker):
    edge.on("GET", BASE, edge.hang, reply(200, {"identifier": "ROOSE"}))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await tracker.create_issue(record(), owed("create_issue"))
    assert (await tracker.create_issue(record(), owed("create_issue", attempts=2))).result == "ROOSE-17"


async def test_a_missing_label_is_made_once_and_every_page_of_labels_is_read(edge, tracker):
    edge.on(
        "GET",
        BASE + "labels/",
        page({"id": "x", "name": "bug"}, cursor="100:1:0"),
        page({"id": SEVERE, "name": "SEV-1"}),
    )
    edge.on("POST", BASE + "labels/", reply(201, {"id": LABEL, "name": "incident"}))
    await asyncio.gather(*(tracker.create_issue(record(), owed("create_issue")) for _ in range(3)))
    assert [asked.json["labels"] for asked in edge.to("POST", ITEMS)] == [[LABEL, SEVERE]] * 3
    assert [asked.json["name"] for asked in edge.to("POST", BASE + "labels/")] == ["incident"]
    assert ("cursor", "100:1:0") in edge.to("GET", BASE + "labels/")[1].query


async def test_a_label_that_somebody_made_meanwhile_is_used(edge, tracker):
    edge.on("GET", BASE + "labels/", page({"id": LABEL, "name": "incident"}))
    edge.on("POST", BASE + "labels/", reply(409, {"error": "exists", "id": SEVERE}))
    await tracker.create_issue(record(), owed("create_issue"))
    assert edge.to("POST", ITEMS)[0].json["labels"] == [LABEL, SEVERE]


async def test_each_severity_has_its_own_label(edge, tracker):
    edge.on("POST", BASE + "labels/", reply(201, {"id": "third", "name": "SEV-2"}))
    await tracker.create_issue(record(), owed("create_issue"))
    await tracker.create_issue(record(severity="SEV-2"), owed("create_issue"))
    assert [asked.json["labels"] for asked in edge.to("POST", ITEMS)] == [[LABEL, SEVERE], [LABEL, "third"]]


async def test_the_default_state_of_a_group_is_chosen_and_else_the_first(edge, tracker):
    first, later, default = (
        state("f", "started", sequence=1),
        state("l", "started", sequence=9),
        state("d", "completed", sequence=9, default=True),
    )
    edge.on("GET", BASE + "states/", page(later, first, state("c", "completed", sequence=2), default))
    await tracker.create_issue(record(), owed("create_issue"))
    await tracker.refresh_issue(resolved(ISSUE), owed("refresh_issue"))
    assert edge.to("POST", ITEMS)[0].json["state"] == "f"
    assert edge.to("PATCH", ONE)[0].json["state"] == "d"


async def test_a_project_without_the_state_keeps_its_own_and_the_room_hears_of_it(edge, tracker):
    edge.on("GET", BASE + "states/", page(state("b", "backlog")))
    receipt = await tracker.create_issue(record(), owed("create_issue"))
    assert "no state in the group started" in receipt.problem
    assert "state" not in edge.to("POST", ITEMS)[0].json


async def test_made_twice_it_is_one_item_because_the_one_that_exists_is_ours(edge, tracker):
    edge.on("POST", ITEMS, reply(409, {"error": "exists", "id": ITEM}))
    edge.on("GET", ONE, reply(200, MADE))
    receipt = await tracker.create_issue(record(), owed("create_issue", attempts=2))
    assert (receipt.vendor_id, receipt.result) == (ITEM, "ROOSE-17")


@pytest.mark.parametrize("theirs", [{"external_id": "muster-ffffffff-42"}, {"external_source": "other"}])
async def test_an_item_of_somebody_else_in_the_place_of_ours_is_refused(edge, tracker, theirs):
    edge.on("POST", ITEMS, reply(409, {"error": "exists", "id": ITEM}))
    edge.on("GET", ONE, reply(200, MADE | theirs))
    with pytest.raises(Permanent, match="not ours"):
        await tracker.create_issue(record(), owed("create_issue"))


async def test_a_state_that_was_deleted_is_looked_up_again_once(edge, tracker):
    await tracker.create_issue(record(), owed("create_issue"))
    edge.on("GET", BASE + "states/", page(state("new", "started")))
    edge.on("PATCH", ONE, reply(400, {"state": ["State is not valid please pass a valid state_id"]}), reply(200, MADE))
    await tracker.refresh_issue(record(ISSUE), owed("refresh_issue"))
    assert [asked.json["state"] for asked in edge.to("PATCH", ONE)] == [STARTED, "new"]


async def test_a_refusal_that_new_states_do_not_explain_is_not_tried_twice(edge, tracker):
    edge.on("POST", ITEMS, reply(400, {"error": "name is odd"}))
    with pytest.raises(Permanent, match=r"400: name is odd"):
        await tracker.create_issue(record(), owed("create_issue"))
    assert len(edge.to("POST", ITEMS)) == 1


async def test_a_resolved_incident_completes_its_item_with_duration_and_resolution(edge, tracker):
    receipt = await tracker.refresh_issue(resolved(ISSUE), owed("refresh_issue"))
    [asked] = edge.to("PATCH", ONE)
    assert (receipt.vendor_id, receipt.result) == (ITEM, "updated")
    assert asked.json["state"] == DONE
    assert "1 h 05 min" in asked.json["description_html"]
    assert "restarted" in asked.json["description_html"]
    assert {"labels", "external_id"}.isdisjoint(asked.json)


async def test_a_reopened_incident_starts_its_item_again(edge, tracker):
    await tracker.refresh_issue(resolved(ISSUE), owed("refresh_issue"))
    await tracker.refresh_issue(record(ISSUE, severity="SEV-9"), owed("refresh_issue"))
    assert [asked.json["state"] for asked in edge.to("PATCH", ONE)] == [DONE, STARTED]
    assert edge.to("PATCH", ONE)[1].json["priority"] == "none"


async def test_when_our_write_was_is_kept_in_planes_own_time(edge, tracker):
    edge.on("PATCH", ONE, reply(200, MADE | {"updated_at": "2026-11-20T04:09:05.123456Z"}))
    known = replace(ISSUE, url="https://plane.example.com/1", data={"key": "ROOSE-17"})
    receipt = await tracker.refresh_issue(resolved(known), owed("refresh_issue"))
    assert receipt.refs == (replace(known, data={"key": "ROOSE-17", "written": "2026-11-20T04:09:05.123456+00:00"}),)


async def test_the_description_holds_the_timeline_and_the_actions(edge, tracker):
    timeline = (
        Entry("acknowledged", "U0002", {"means": "phone"}, at=T0 + timedelta(minutes=1)),
        Entry("delivery", data={"text": "not for readers"}, at=T0),
        Entry("mitigation", "U0001", {"text": "failed over"}, at=T0 + timedelta(minutes=9)),
    )
    await tracker.refresh_issue(replace(record(ISSUE), timeline=timeline), owed("refresh_issue"))
    html = edge.to("PATCH", ONE)[0].json["description_html"]
    assert "<h3>Timeline</h3><ul><li>2026-11-20 03:05 UTC · acknowledged by Ben by phone</li></ul>" in html
    assert "<h3>Actions</h3><ul><li>2026-11-20 03:13 UTC · mitigated, says Ana: failed over</li></ul>" in html
    assert "not for readers" not in html


async def test_what_people_typed_is_never_markup(edge, tracker):
    evil = '<script>alert("x")</script> & <b>\x00'
    await tracker.refresh_issue(record(ISSUE, title=evil, description=evil), owed("refresh_issue"))
    said = {"kind": "update", "by": "U0001", "text": evil, "at": T0.isoformat()}
    await tracker.comment(record(ISSUE), owed("comment", **said))
    bodies = edge.to("PATCH", ONE)[0].json["description_html"], edge.to("POST", COMMENTS)[0].json["comment_html"]
    for html in bodies:
        assert "&lt;script&gt;" in html
        assert "<script" not in html
        assert "\x00" not in html


async def test_a_comment_is_internal_and_carries_its_own_key(edge, tracker):
    said = {"kind": "update", "by": "U0001", "text": "looking\ninto it", "at": "2026-11-20T03:05:00+00:00"}
    receipt = await tracker.comment(record(ISSUE), owed("comment", row=9, **said))
    assert (receipt.vendor_id, receipt.result) == ("c1", "commented")
    assert edge.to("POST", COMMENTS)[0].json == {
        "comment_html": "<div><p><strong>2026-11-20 03:05 UTC · update · Ana</strong></p>"
        "<p>looking<br>into it</p></div>",
        "access": "INTERNAL",
        "external_id": f"{KEY}-9",
        "external_source": "muster",
    }


async def test_a_comment_made_twice_is_one_comment(edge, tracker):
    edge.on("POST", COMMENTS, reply(409, {"error": "exists", "id": "c1"}))
    said = {"kind": "note", "by": "muster", "text": "x", "at": T0.isoformat()}
    assert (await tracker.comment(record(ISSUE), owed("comment", attempts=2, **said))).vendor_id == "c1"


@pytest.mark.parametrize("verb", ["refresh_issue", "comment"])
async def test_what_has_no_item_yet_is_refused_in_words(tracker, verb):
    said = {"kind": "note", "by": "U0001", "text": "x", "at": T0.isoformat()}
    with pytest.raises(Permanent, match="no work item"):
        await getattr(tracker, verb)(record(), owed(verb, **said))


@pytest.mark.parametrize(
    ("status", "setting"), [(401, "PLANE_API_KEY"), (403, "PLANE_API_KEY"), (404, "PLANE_PROJECT_ID")]
)
async def test_a_refusal_names_the_setting(edge, tracker, status, setting):
    edge.on("GET", BASE, reply(status, {"detail": "Given API token is not valid: plane_key"}))
    with pytest.raises(Permanent, match=rf"Given API token is not valid: \[secret\]\): check .*{setting}"):
        await tracker.create_issue(record(), owed("create_issue"))


async def test_plane_in_trouble_is_temporary_at_every_step(edge, tracker):
    limit = reply(429, {"error_code": 5900, "error_message": "RATE_LIMIT_EXCEEDED"}, Retry_After="11")
    for method, path in (("GET", BASE), ("GET", BASE + "states/"), ("GET", BASE + "labels/"), ("POST", ITEMS)):
        for trouble in (limit, reply(502, b"<html>"), reset, reply(200, {})):
            edge.on(method, path, trouble)
            with pytest.raises(Temporary):
                await tracker.create_issue(record(), owed("create_issue"))
        edge.on("GET", BASE, reply(200, {"identifier": "ROOSE"}))
        edge.on("GET", BASE + "states/", page())
        if path != ITEMS:
            edge.on(
                method,
                path,
                reply(200, {"identifier": "ROOSE"})
                if path == BASE
                else page({"id": "l", "name": "incident"}, {"id": "s", "name": "SEV-1"}),
            )


async def test_a_list_that_never_ends_is_left(edge, tracker):
    edge.on("GET", BASE + "states/", page(state(STARTED, "started"), cursor="1:1:0"))
    await tracker.create_issue(record(), owed("create_issue"))
    assert len(edge.to("GET", BASE + "states/")) == 50


async def test_the_key_is_proved_by_reading_the_project(edge, tracker):
    await tracker.prove()
    assert [(asked.method, asked.path) for asked in edge.asked] == [("GET", BASE)]
    edge.on("GET", BASE, reply(404, {"detail": "Not found."}))
    with pytest.raises(Permanent, match="check PLANE_WORKSPACE and PLANE_PROJECT_ID"):
        await tracker.prove()
