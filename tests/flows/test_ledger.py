"""The ledger of a running bot: what it owes is seen as it is owed, sent, late and removed, by operators alone."""

import json
import re
import sqlite3

import aiohttp
import pytest

from domain import sla
from domain.paging import LADDER
from tests.eventually import eventually
from tests.flows import troubles
from tests.flows.asking import ask, begin
from tests.flows.conftest import _judge
from tests.world import World

TOKEN = "hidden-5f3a-of-an-operator"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
async def world(tmp_path):
    async with World(tmp_path) as started:
        started.changed = {"MUSTER_DASHBOARD_TOKEN": TOKEN}
        await started.boot()
        yield started
        _judge(started)
        assert TOKEN not in started.log.read_text(errors="replace")


async def fetch(world, path, status=200, method="GET", **headers):
    """The answer's JSON (nothing where it has no body) and its headers."""
    sent = {**HEADERS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with aiohttp.ClientSession() as session, session.request(method, world.url + path, headers=sent) as answer:
        text = await answer.text()
        assert answer.status == status, text
        return json.loads(text) if text else None, answer.headers


async def ledger(world, name="1"):
    return (await fetch(world, f"/ledger/{name}.json"))[0]


def rows(page, kind):
    return [row for row in page["outbox"] if row["kind"] == kind]


async def test_an_incident_is_told_from_the_page_to_the_archive(world):
    room = await world.declare()
    await world.settled()
    page = await ledger(world, "INC-1")

    assert (page["incident"]["key"], page["incident"]["title"]) == ("INC-1", "db down")
    assert page["timeline"][0]["words"] == "declared by Ana"
    [paged] = rows(page, "page")
    assert (paged["what"], paged["state"], paged["words"].split(":")[0]) == ("Page (PagerDuty)", "delivered", "done")
    assert paged["vendor_id"]
    ladder = [timer for timer in page["timers"] if timer["kind"] in LADDER]
    told = {timer["words"] for timer in page["timers"]}
    assert {"a notice goes out (Chris)", "the time to acknowledge is nearly up"} <= told
    assert [(timer["kind"], timer["words"]) for timer in ladder] == [
        ("page_overdue", "a page that did not get through goes by the next means (Ana)"),
        ("phone_call", "the phone rings (Ana)"),
        ("acknowledge_timeout", "the next level is paged (Ben)"),
    ]
    assert {"channel", "card", "issue", "status_incident"} <= {ref["kind"] for ref in page["refs"]}
    for row in page["outbox"]:
        assert MOMENT.fullmatch(row["due_at"])

    world.move("+2m")
    await world.until(lambda: world.texts)
    await world.settled()
    [call] = rows(await ledger(world), "call")
    assert call["what"] == "Phone call (Twilio) to Ana"

    await world.people.click("ana", "Acknowledge", channel=room)
    await world.until(lambda: "Acknowledged* by" in world.card(room))
    assert [each for each in (await ledger(world))["timers"] if each["kind"] in (*LADDER, *sla.KINDS)] == []
    await ask(world, "resolve restarted it", channel=room)
    left = [each["words"] for each in (await ledger(world))["timers"]]
    assert left == ["the room is asked whether it is stable", "the room is archived"]


async def test_now_is_musters_own_time(world):
    await begin(world)
    before = (await ledger(world))["now"]
    world.move("+24h")
    page, headers = await fetch(world, "/ledger/1.json")
    while page["now"][:10] == before[:10]:  # the clock's file is read ten times a second
        page, headers = await fetch(world, "/ledger/1.json")
    assert headers["Muster-Now"] == page["now"] > before


async def test_what_is_late_says_why_and_when_it_is_tried_again(world):
    troubles.begin(world, "plane", "answers 500")
    await world.say("ana", '/incident start SEV-1 "db down"')

    async def late():
        return [row for row in rows(await ledger(world), "create_issue") if row["error"] and row["state"] == "waiting"]

    [row] = await eventually(late)
    assert re.fullmatch(r"late: Plane is in trouble \(500\); is tried again (now|at .* UTC)", row["words"])
    assert row["next_at"] > row["due_at"]
    overview, _ = await fetch(world, "/ledger.json")
    assert overview["incidents"][0]["owed"] >= 1
    world.sandbox.faults.clear("plane")
    await world.settled()
    assert (await fetch(world, "/ledger.json"))[0]["incidents"][0]["owed"] == 0


async def test_a_viewer_that_has_the_version_gets_nothing_until_something_changes(world):
    await begin(world)
    for path in ("/ledger.json", "/ledger/1.json"):
        await world.settled()
        page, headers = await fetch(world, path)
        assert headers["ETag"] == f'"{page["version"]}"'
        nothing, again = await fetch(world, path, 304, If_None_Match=headers["ETag"])
        assert (nothing, again["ETag"]) == (None, headers["ETag"])
        assert again["Muster-Now"] >= page["now"]
        await fetch(world, path, 304, If_None_Match=f'W/"other", W/{headers["ETag"]}')

        await ask(world, "update INC-1 failing over")
        changed, _ = await fetch(world, path, If_None_Match=headers["ETag"])
        assert changed["version"] != page["version"]


async def test_the_overview_has_the_newest_first_and_private_ones_say_so(world):
    key = await begin(world)
    await ask(world, "start")
    form = {"Title": "payroll leak", "Severity": "SEV-4", "Visibility": ["private"]}
    assert await world.people.submit("ana", form) == {}
    await world.settled()

    shown = (await fetch(world, "/ledger.json"))[0]["incidents"]
    assert [(each["key"], each["private"], each["owed"]) for each in shown] == [("INC-2", True, 0), (key, False, 0)]
    assert (await ledger(world, "2"))["incident"]["private"]


async def test_what_retention_has_deleted_is_still_told(world):
    await begin(world)
    await world.settled()
    before = (await ledger(world))["outbox"]
    assert before
    with sqlite3.connect(world.folder / "muster.db", timeout=5) as database:
        database.execute("DELETE FROM outbox WHERE state = 'delivered'")

    after = (await ledger(world))["outbox"]
    assert [(row["id"], row["words"]) for row in after] == [(row["id"], row["words"]) for row in before]
    assert all(row["removed"] for row in after)


async def test_nobodys_telephone_number_and_no_secret_of_the_world_is_in_it(world):
    await world.declare(title="call +1 555 000 0007")
    world.move("+2m")
    await world.until(lambda: world.texts)
    await world.settled()

    told = json.dumps([await ledger(world), (await fetch(world, "/ledger.json"))[0]])
    assert not re.search(r"\+1 ?555", told)
    secrets = [value for name, value in world.environment().items() if name.endswith(("_TOKEN", "_KEY", "_SECRET"))]
    assert len(secrets) > 5
    assert not [value for value in secrets if value in told]
    assert "response_url" not in told or "/response/" not in told


@pytest.mark.parametrize("path", ["/ledger/2.json", "/ledger/INC-2.json", "/ledger/x.json", "/ledger/-1.json"])
async def test_what_is_no_incident_is_said_to_be_none(world, path):
    answer, _ = await fetch(world, path, 404)
    assert answer == {"error": "There is no such incident. /ledger.json has the latest."}


ODD = ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer \u00fc\u20ac", f"Bearer {TOKEN}x", TOKEN]


async def test_whoever_has_no_token_sees_nothing_and_leaves_one_line(world):
    await begin(world)
    for path in ("/ledger.json", "/ledger/1.json", "/ledger/7.json"):
        for header in ODD:
            answer, headers = await fetch(world, path, 401, Authorization=header)
            assert list(answer) == ["error"]
            assert "WWW-Authenticate" in headers
        assert (await fetch(world, path, 401, "HEAD", Authorization="Bearer x"))[0] is None
    said = [line for line in world.tail(200).splitlines() if "dashboard's token" in line]
    assert len(said) == 1
    assert "muster_unauthorized_total 24.0" in (await world.get("/metrics"))[1]


async def test_head_tells_the_version_and_nothing_else(world):
    await begin(world)
    await world.settled()
    nothing, headers = await fetch(world, "/ledger/1.json", method="HEAD")
    assert nothing is None
    assert headers["ETag"] == (await fetch(world, "/ledger/1.json"))[1]["ETag"]


async def test_without_a_token_in_the_configuration_it_is_closed(tmp_path):
    async with World(tmp_path) as world:
        world.changed["MUSTER_DASHBOARD_TOKEN"] = None
        await world.boot()
        for path in ("/ledger.json", "/ledger/1.json"):
            status, text = await world.get(path)
            assert (status, "set MUSTER_DASHBOARD_TOKEN" in text) == (403, True)
            await fetch(world, path, 403)
