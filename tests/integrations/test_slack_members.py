"""Slack is asked about people one by one; what it does not answer is not taken for a no."""

import asyncio

import pytest

from domain.errors import Temporary
from domain.reach import DEACTIVATED, FOUND, NOT_CHECKED, UNKNOWN
from integrations import slack_api, slack_members
from integrations.slack_guests import Guests
from tests.integrations.edge import reply, reset

USERS = "/api/users.info"
JSON = "application/json"


@pytest.fixture
def client(edge, session):
    return slack_api.web_client("xoxb-invented", f"{edge.url}/api/", session)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (reply(200, {"ok": True, "user": {"id": "U0001", "deleted": False}}, Content_Type=JSON), FOUND),
        (reply(200, {"ok": True, "user": {"id": "U0001", "deleted": True}}, Content_Type=JSON), DEACTIVATED),
        (reply(200, {"ok": False, "error": "user_not_found"}, Content_Type=JSON), UNKNOWN),
        (reply(200, {"ok": False, "error": "invalid_auth"}, Content_Type=JSON), NOT_CHECKED),
        (reply(200, {"ok": False, "error": "missing_scope", "needed": "users:read"}, Content_Type=JSON), NOT_CHECKED),
        (reply(500, {}), NOT_CHECKED),
        (reset, NOT_CHECKED),
    ],
    ids=["there", "deactivated", "unknown", "a bad token", "a missing scope", "trouble", "no answer"],
)
async def test_what_slack_says_of_a_member(edge, client, answer, found, monkeypatch):
    monkeypatch.setattr(slack_members, "LONGEST_WAIT_S", 0.01)
    edge.on("GET", USERS, answer)
    edge.on("POST", USERS, answer)
    assert await slack_members.members(client, ["U0001"]) == {"U0001": found}


async def test_whoever_must_wait_is_asked_again_and_nobody_twice(edge, client, monkeypatch):
    monkeypatch.setattr(slack_members, "LONGEST_WAIT_S", 0.01)
    there = reply(200, {"ok": True, "user": {"id": "U0001"}}, Content_Type=JSON)
    for method in ("GET", "POST"):
        edge.on(
            method, USERS, reply(429, {"ok": False, "error": "ratelimited"}, Retry_After="1", Content_Type=JSON), there
        )
    assert await slack_members.members(client, ["U0001", "U0001"]) == {"U0001": FOUND}
    assert len(edge.asked) == 2


async def test_those_who_have_a_role_are_asked_about_side_by_side(edge, client):
    people = {"U0001": {"deleted": True}, "U0002": {"deleted": False}, "U0003": None}
    together = asyncio.Barrier(len(people))

    async def answer(request):
        await together.wait()
        user = people[request.query["user"]]
        told = {"ok": True, "user": user} if user else {"ok": False, "error": "user_not_found"}
        return await reply(200, told, Content_Type=JSON)(request)

    edge.on("POST", USERS, answer)
    async with asyncio.timeout(5):
        receipt = await Guests(client).look_for(["U0001", "Eve (PagerDuty)", "U0002", "U0003", "U0001"])
    assert receipt.deactivated == ("U0001",)
    assert len(edge.asked) == 3


async def test_what_slack_does_not_answer_of_one_of_them_is_looked_for_again(edge, client):
    edge.on("POST", USERS, reply(200, {"ok": True, "user": {"deleted": True}}, Content_Type=JSON), reset)
    with pytest.raises(Temporary):
        await Guests(client).look_for(["U0001", "U0002"])
