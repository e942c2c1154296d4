"""People, closed accounts, user groups and time zones, as a bot reads them."""

from datetime import datetime, timedelta

import pytest

from sandbox.slack import zones
from sandbox.slack.objects import BOT_USER


@pytest.fixture
def ben(sandbox):
    return sandbox.slack.workspace.user("ben")


async def test_a_closed_account_is_known_by_its_id_alone(sandbox, slack, ben):
    sandbox.slack.workspace.deactivate(ben)

    told = (await slack.form("users.info", user="U0002"))["user"]
    assert told["deleted"]
    assert "tz" not in told
    assert (await slack.form("users.lookupByEmail", email="ben@example.com"))["error"] == "users_not_found"
    assert [u["id"] for u in (await slack.form("users.list"))["members"] if u["deleted"]] == ["U0002"]


async def test_a_closed_account_leaves_channels_and_groups_and_is_not_written_to(sandbox, slack, ben):
    sandbox.slack.workspace.deactivate(ben)

    assert "U0002" not in (await slack.form("conversations.members", channel="C0INCIDENTS"))["members"]
    assert (await slack.form("usergroups.list", include_users="true"))["usergroups"][0]["users"] == ["U0003"]
    assert (await slack("chat.postMessage", channel="U0002", text="x"))["error"] == "channel_not_found"
    assert (await slack("conversations.open", users="U0002"))["error"] == "user_disabled"
    assert (await slack("conversations.invite", channel="C0INCIDENTS", users="U0002"))["error"] == "cant_invite"


async def test_a_disused_group_is_told_of_only_to_who_asks(sandbox, slack):
    sandbox.slack.workspace.add_usergroup("old", ["U0001"]).disabled = 1

    living = await slack.form("usergroups.list")
    every = await slack.form("usergroups.list", include_disabled="true", include_count="true")

    assert [g["handle"] for g in living["usergroups"]] == ["dba"]
    assert [(g["handle"], g["user_count"], g["date_delete"]) for g in every["usergroups"]] == [
        ("dba", 2, 0),
        ("old", 1, 1),
    ]
    assert "users" not in living["usergroups"][0]


@pytest.mark.parametrize(
    ("date", "zone", "offset", "label"),
    [
        ("2026-01-15", "Europe/Amsterdam", 3600, "Central European Time"),
        ("2026-07-15", "Europe/Amsterdam", 7200, "Central European Summer Time"),
        ("2026-07-15", "America/New_York", -14400, "Eastern Daylight Time"),
        ("2026-07-15", "Asia/Kolkata", 19800, "India Standard Time"),
        ("2026-01-15", "Australia/Lord_Howe", 39600, "+11"),
    ],
)
def test_a_zone_is_told_as_it_is_on_that_day(date, zone, offset, label):
    now = datetime.fromisoformat(f"{date}T12:00:00+00:00")
    assert zones.of(zone, now) == {"tz": zone, "tz_label": label, "tz_offset": offset}


async def test_a_persons_offset_follows_the_moved_clock(sandbox, slack):
    async def offset():
        return (await slack.form("users.info", user="U0001"))["user"]["tz_offset"]

    offsets = set()
    for _ in range(2):
        offsets.add(await offset())
        sandbox.clock.move(timedelta(days=182))
    assert offsets == {3600, 7200}


async def test_every_answer_tells_what_the_token_may_do(slack, granted):
    granted.clear()
    granted.update({"chat:write", "users:read"})

    may = await slack.raw("auth.test")
    asked = await slack.raw("pins.add", json={"channel": "C0INCIDENTS", "timestamp": "1.000001"})
    stranger = await slack.raw("auth.test", "xoxb-other")

    assert may.headers["X-OAuth-Scopes"] == "chat:write,users:read"
    assert asked.headers["X-Accepted-OAuth-Scopes"] == "pins:write"
    assert "X-OAuth-Scopes" not in stranger.headers


async def test_nobody_hears_of_the_private_rooms_of_others(sandbox, slack):
    sandbox.slack.workspace.add_channel("secret", "U0001", ("U0001",), "private")
    sandbox.slack.workspace.add_channel("ours", "U0001", ("U0001", BOT_USER), "private")
    rooms = await slack.form("users.conversations", user="U0001", types="private_channel")
    assert [c["name"] for c in rooms["channels"]] == ["ours"]
