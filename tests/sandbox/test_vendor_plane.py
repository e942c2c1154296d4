"""Plane's stand-in: work items, comments, links, states and labels, with Plane's own refusals."""

import json

import pytest

from sandbox.vendors.plane import API_KEY, Plane
from sandbox.vendors.plane_project import ANA, FOREIGN_LABEL, GUEST, PROJECT_ID, WORKSPACE
from tests.sandbox.vendor_world import complaints, standing

SPACE = f"/api/v1/workspaces/{WORKSPACE}"
PROJECT = f"{SPACE}/projects/{PROJECT_ID}"
ITEMS = f"{PROJECT}/work-items"
NOBODY = "5a4db0c5-0000-4000-8000-999999999999"
OURS = {"external_id": "muster-1a2b3c4d-1", "external_source": "muster"}


@pytest.fixture
async def world():
    async with standing(Plane) as world:
        yield world


async def ask(world, method, path, status=200, key=API_KEY, **more):
    headers = {"X-API-Key": key} if key else {}
    return await world.ask(method, path, status, headers=headers, **more)


async def create(world, status=201, **fields):
    return await ask(world, "POST", f"{ITEMS}/", status, json={"name": "db down"} | fields)


async def state_ids(world):
    return {state["name"]: state["id"] for state in (await ask(world, "GET", f"{PROJECT}/states/"))["results"]}


async def test_a_work_item_is_numbered_and_begins_in_the_default_state(world):
    first, second = await create(world, priority="urgent", description_html="<p>why</p>"), await create(world)

    assert (first["sequence_id"], second["sequence_id"]) == (1, 2)
    assert (first["priority"], second["priority"]) == ("urgent", "none")
    assert first["state"] == (await state_ids(world))["Backlog"]
    assert first["description_html"] == "<p>why</p>"


async def test_a_work_item_is_found_by_id_by_its_readable_name_and_by_ours(world):
    item = await create(world, **OURS)

    for path in (
        f"{ITEMS}/{item['id']}/",
        f"{PROJECT}/issues/{item['id']}/",
        f"{SPACE}/work-items/ROOSE-1/",
        f"{SPACE}/issues/ROOSE-1/",
        f"{ITEMS}/?external_id=muster-1a2b3c4d-1&external_source=muster",
    ):
        assert await ask(world, "GET", path) == item


@pytest.mark.parametrize(
    "path",
    [
        f"{ITEMS}/{NOBODY}/",
        f"{SPACE}/work-items/ROOSE-9/",
        f"{ITEMS}/?external_id=unknown&external_source=muster",
        f"{ITEMS}/{NOBODY}/comments/",
        f"{PROJECT}/labels/{NOBODY}/",
        f"{PROJECT}/states/{NOBODY}/",
        f"{SPACE}/projects/{NOBODY}/work-items/",
        f"/api/v1/workspaces/elsewhere/projects/{PROJECT_ID}/work-items/",
        f"{PROJECT}/cycles/",
    ],
)
async def test_what_does_not_exist_is_404(world, path):
    assert await ask(world, "GET", path, 404) == {"error": "The requested resource does not exist."}


async def test_another_projects_identifier_finds_nothing(world):
    await create(world)
    await ask(world, "GET", f"{SPACE}/work-items/OTHER-1/", 404)


async def test_the_same_external_id_is_409_with_the_first_ones_id(world):
    first = await create(world, **OURS)
    conflict = await create(world, 409, **OURS)

    assert conflict["id"] == first["id"]
    assert len(world.vendor.state()["items"]) == 1


async def test_an_external_id_of_another_source_is_another_work_item(world):
    await create(world, **OURS)
    await create(world, **OURS | {"external_source": "jira"})

    assert len(world.vendor.state()["items"]) == 2


@pytest.mark.parametrize(("key", "status"), [(None, 401), ("plane_api_wrong", 403)])
async def test_a_missing_key_is_401_and_a_wrong_one_403(world, key, status):
    assert "detail" in await ask(world, "GET", f"{ITEMS}/", status, key=key)


async def test_a_path_without_its_last_slash_leads_nowhere(world):
    await ask(world, "POST", ITEMS, 404, json={"name": "db down"})

    assert "slash" in complaints(world)[0]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"priority": "SEV-1"}, "priority"),
        ({"description_html": ["text"]}, "description_html"),
        ({"labels": ["incident"]}, "labels"),
        ({"labels": [NOBODY]}, "labels"),
        ({"labels": "incident"}, "labels"),
        ({"assignees": ["ana"]}, "assignees"),
        ({"state": "Done"}, "state"),
        ({"state": NOBODY}, "non_field_errors"),
        ({"external_id": "x" * 256}, "external_id"),
    ],
)
async def test_a_work_item_that_is_wrong_is_refused_by_field(world, fields, field):
    assert field in await create(world, 400, **fields)
    assert world.vendor.state()["items"] == []


async def test_a_work_item_needs_a_name(world):
    assert await ask(world, "POST", f"{ITEMS}/", 400, json={}) == {"name": ["This field is required."]}


@pytest.mark.parametrize("body", [b"{not json", b"[]"])
async def test_a_body_that_is_no_object_is_refused(world, body):
    await ask(world, "POST", f"{ITEMS}/", 400, data=body)


async def test_fields_that_plane_ignores_are_complained_of_and_change_nothing(world):
    done = (await state_ids(world))["Done"]
    item = await create(world, description="# markdown", state_id=done, readable_id="ROOSE-7")

    assert [complaint.split("'")[1] for complaint in complaints(world)] == ["description", "state_id", "readable_id"]
    assert "description" not in item
    assert item["state"] != done


async def test_labels_and_people_of_elsewhere_are_dropped_and_complained_of(world):
    label = await ask(world, "POST", f"{PROJECT}/labels/", 201, json={"name": "incident"})
    item = await create(world, labels=[FOREIGN_LABEL, label["id"]], assignees=[ANA, GUEST])

    assert (item["labels"], item["assignees"]) == ([label["id"]], [ANA])
    assert len(complaints(world)) == 2


async def test_completed_at_follows_the_states_group(world):
    states, item = await state_ids(world), await create(world)
    path = f"{ITEMS}/{item['id']}/"

    done = await ask(world, "PATCH", path, json={"state": states["Done"]})
    world.clock.move(minutes=1)
    renamed = await ask(world, "PATCH", path, json={"name": "db was down"})
    again = await ask(world, "PATCH", path, json={"state": states["In Progress"]})
    assert done["completed_at"] == renamed["completed_at"] == "2026-10-05T03:00:00.000Z"
    assert again["completed_at"] is None


async def test_a_patch_changes_what_it_names_and_is_checked_like_a_create(world):
    item = await create(world, priority="high")
    path = f"{ITEMS}/{item['id']}/"
    changed = await ask(world, "PATCH", path, json={"description_html": "<p>new</p>"})

    assert (changed["description_html"], changed["priority"], changed["name"]) == ("<p>new</p>", "high", "db down")
    await ask(world, "PATCH", path, 400, json={"priority": "SEV-1"})
    await ask(world, "PATCH", path, 400, json={"name": ""})
    await ask(world, "PATCH", f"{ITEMS}/{NOBODY}/", 404, json={"name": "x"})


async def test_a_patch_cannot_take_anothers_external_id_but_may_repeat_its_own(world):
    first, second = await create(world, **OURS), await create(world)

    await ask(world, "PATCH", f"{ITEMS}/{first['id']}/", json=OURS)
    conflict = await ask(world, "PATCH", f"{ITEMS}/{second['id']}/", 409, json=OURS)
    assert conflict["id"] == first["id"]


async def test_states_have_names_and_groups(world):
    states = (await ask(world, "GET", f"{PROJECT}/states/"))["results"]

    assert [(state["name"], state["group"]) for state in states] == [
        ("Backlog", "backlog"),
        ("Todo", "unstarted"),
        ("In Progress", "started"),
        ("Done", "completed"),
        ("Cancelled", "cancelled"),
    ]
    assert await ask(world, "GET", f"{PROJECT}/states/{states[0]['id']}/") == states[0]


async def test_a_state_is_created_with_200_and_refused_when_it_exists(world):
    body = {"name": "Mitigated", "color": "#fff000", "group": "started"}
    state = await ask(world, "POST", f"{PROJECT}/states/", 200, json=body)

    assert (await ask(world, "POST", f"{PROJECT}/states/", 409, json=body))["id"] == state["id"]
    assert "color" in await ask(world, "POST", f"{PROJECT}/states/", 400, json={"name": "New"})
    assert "group" in await ask(world, "POST", f"{PROJECT}/states/", 400, json=body | {"name": "X", "group": "Y"})


async def test_a_label_of_the_same_name_is_409_with_its_id(world):
    label = await ask(world, "POST", f"{PROJECT}/labels/", 201, json={"name": "incident", "color": "#ff0000"})

    assert (await ask(world, "POST", f"{PROJECT}/labels/", 409, json={"name": "incident"}))["id"] == label["id"]
    assert await ask(world, "GET", f"{PROJECT}/labels/{label['id']}/") == label
    assert (await ask(world, "GET", f"{PROJECT}/labels/"))["results"] == [label]


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x" * 256}])
async def test_a_label_needs_a_name_that_fits(world, body):
    assert "name" in await ask(world, "POST", f"{PROJECT}/labels/", 400, json=body)


async def test_a_comment_is_kept_and_its_repeat_is_409(world):
    path = f"{ITEMS}/{(await create(world))['id']}/comments/"
    body = {"comment_html": "<p>looking</p>", **OURS}
    comment = await ask(world, "POST", path, 201, json=body)

    assert (await ask(world, "POST", path, 409, json=body))["id"] == comment["id"]
    assert (await ask(world, "GET", path))["results"] == [comment]
    assert comment["access"] == "INTERNAL"


async def test_a_comment_can_be_read_and_changed(world):
    path = f"{ITEMS}/{(await create(world))['id']}/comments/"
    comment = await ask(world, "POST", path, 201, json={"comment_html": "<p>a</p>"})
    changed = await ask(world, "PATCH", f"{path}{comment['id']}/", json={"comment_html": "<p>b</p>"})

    assert changed["comment_html"] == "<p>b</p>"
    assert await ask(world, "GET", f"{path}{comment['id']}/") == changed
    await ask(world, "GET", f"{path}{NOBODY}/", 404)


@pytest.mark.parametrize(
    ("body", "field"), [({"comment_html": 1}, "comment_html"), ({"comment_html": "x", "access": "PUBLIC"}, "access")]
)
async def test_a_wrong_comment_is_refused(world, body, field):
    path = f"{ITEMS}/{(await create(world))['id']}/comments/"

    assert field in await ask(world, "POST", path, 400, json=body)


async def test_a_comment_in_markdown_is_empty_and_complained_of(world):
    path = f"{ITEMS}/{(await create(world))['id']}/comments/"
    comment = await ask(world, "POST", path, 201, json={"comment": "**looking**"})

    assert comment["comment_html"] == "<p></p>"
    assert len(complaints(world)) == 2


async def test_a_link_is_added_once(world):
    path = f"{ITEMS}/{(await create(world))['id']}/links/"
    body = {"url": "http://127.0.0.1:8080/room", "title": "War room"}
    link = await ask(world, "POST", path, 201, json=body)

    assert await ask(world, "POST", path, 400, json=body) == {"error": "URL already exists for this Issue"}
    assert (await ask(world, "GET", path))["results"] == [link]


@pytest.mark.parametrize(
    "body", [{}, {"url": ""}, {"url": "slack://room"}, {"url": "http://127.0.0.1", "title": "x" * 256}]
)
async def test_a_wrong_link_is_refused(world, body):
    path = f"{ITEMS}/{(await create(world))['id']}/links/"

    await ask(world, "POST", path, 400, json=body)


async def test_long_lists_come_in_pages_newest_first(world):
    for number in range(5):
        world.clock.move(seconds=1)
        await create(world, name=f"incident {number}")

    names, cursor, more = [], "2:0:0", True
    while more:
        page = await ask(world, "GET", f"{ITEMS}/", params={"per_page": "2", "cursor": cursor})
        names += [item["name"] for item in page["results"]]
        cursor, more = page["next_cursor"], page["next_page_results"]
    assert names == [f"incident {number}" for number in (4, 3, 2, 1, 0)]
    assert (page["total_count"], page["total_pages"], page["count"], page["prev_page_results"]) == (5, 3, 1, True)


async def test_a_list_can_be_ordered_and_cut_to_fields(world):
    await create(world, name="b")
    await create(world, name="a")
    page = await ask(world, "GET", f"{ITEMS}/", params={"order_by": "name", "fields": "name,sequence_id"})

    assert page["results"] == [{"name": "a", "sequence_id": 2}, {"name": "b", "sequence_id": 1}]


@pytest.mark.parametrize("query", [{"per_page": "1001"}, {"per_page": "all"}, {"cursor": "next"}])
async def test_a_page_that_cannot_be_is_refused(world, query):
    assert "detail" in await ask(world, "GET", f"{ITEMS}/", 400, params=query)


async def test_an_unknown_query_is_complained_of(world):
    await ask(world, "GET", f"{ITEMS}/", params={"search": "db"})

    assert "search" in complaints(world)[0]


async def test_a_person_closes_a_work_item_on_the_board(world):
    await create(world)
    answer = await world.vendor.actions["close"]("ROOSE-1")

    assert (answer["item"]["state_name"], answer["item"]["group"]) == ("Done", "completed")
    assert (await world.vendor.actions["close"](sequence_id=2))["ok"] is False


async def test_the_state_names_what_the_api_only_numbers(world):
    label = await ask(world, "POST", f"{PROJECT}/labels/", 201, json={"name": "incident"})
    item = await create(world, labels=[label["id"]])
    await ask(world, "POST", f"{ITEMS}/{item['id']}/comments/", 201, json={"comment_html": "<p>a</p>"})
    await ask(world, "PATCH", f"{ITEMS}/{item['id']}/", json={"state": (await state_ids(world))["In Progress"]})

    [told] = world.vendor.state()["items"]
    assert (told["identifier"], told["state_name"], told["label_names"]) == ("ROOSE-1", "In Progress", ["incident"])
    assert [comment["comment_html"] for comment in told["comments"]] == ["<p>a</p>"]
    assert told["history"][-1]["changed"] == {"state": "In Progress"}


async def test_the_key_can_be_tried_and_the_project_and_its_people_read(world):
    assert (await ask(world, "GET", "/api/v1/users/me/"))["display_name"] == "ana"
    assert (await ask(world, "GET", f"{PROJECT}/"))["identifier"] == "ROOSE"
    assert len(await ask(world, "GET", f"{PROJECT}/members/")) == 3


@pytest.mark.parametrize(
    ("kind", "status", "field"),
    [("ratelimit", 429, "error_code"), ("refuse_token", 403, "detail"), ("error", 500, "error")],
)
async def test_a_refusal_has_planes_own_shape(world, kind, status, field):
    response = world.vendor.refusal(kind, 7)

    assert response.status == status
    assert field in json.loads(response.body)
    assert response.headers.get("Retry-After") == ("7" if kind == "ratelimit" else None)
