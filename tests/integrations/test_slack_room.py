"""What a repeat finds on top of a room, and who comes in through one door when another is shut."""

import json

import pytest

from domain.bookmarks import KIND
from domain.errors import Permanent
from domain.record import Ref
from domain.runbooks import Fit
from integrations import slack_api
from integrations.slack import Slack
from integrations.slack_bookmarks import Bookmarks
from integrations.slack_guests import Guests
from integrations.slack_identity import Identity
from integrations.slack_posts import Posts
from integrations.slack_rooms import Rooms
from tests.integrations.edge import reply
from tests.integrations.records import ROOM, owed, record
from tests.policies import policy
from views.blocks import message
from views.bookmarks import Bookmark
from views.markup import said

JSON = "application/json"
ISSUE = Bookmark("ROOSE-17", "https://plane.example.com/17")
KNOWN = Ref(KIND, "Bk1", "issue", ISSUE.url, {"channel": "C0042", "title": "ROOSE-17"})


def ok(**body):
    return reply(200, {"ok": True, **body}, Content_Type=JSON)


def refused(error, **body):
    return reply(200, {"ok": False, "error": error, **body}, Content_Type=JSON)


@pytest.fixture
def client(edge, session):
    return slack_api.web_client("xoxb-invented", f"{edge.url}/api/", session)


@pytest.fixture
def top(edge, client):
    edge.on("POST", "/api/bookmarks.add", ok(bookmark={"id": "Bk1"}))
    edge.on("POST", "/api/bookmarks.edit", ok(bookmark={"id": "Bk1"}))
    edge.on("POST", "/api/bookmarks.remove", ok())
    return Bookmarks(client)


def asked(edge):
    return [each.path.removeprefix("/api/") for each in edge.asked]


async def slot(top, wanted, *refs, attempts=1):
    return await top.bring_in_line(ROOM, record(*refs), owed("bookmark", slot="issue", attempts=attempts), wanted)


async def test_a_link_is_added_once_and_left_alone_while_it_is_the_same(edge, top):
    receipt = await slot(top, ISSUE)
    assert receipt.refs == (KNOWN,)
    await slot(top, ISSUE, KNOWN)
    assert asked(edge) == ["bookmarks.add"]
    sent = {"channel_id": "C0042", "title": "ROOSE-17", "link": ISSUE.url, "type": "link"}
    assert json.loads(edge.asked[0].raw) == sent


async def test_a_repeat_adopts_the_one_that_the_lost_answer_was_about(edge, top):
    there = {"id": "Bk7", "title": "ROOSE-17", "link": ISSUE.url}
    edge.on("POST", "/api/bookmarks.list", ok(bookmarks=[{"id": "Bk6", "title": "x", "link": ISSUE.url}, there]))
    receipt = await slot(top, ISSUE, attempts=2)
    assert asked(edge) == ["bookmarks.list"]
    assert receipt.refs[0].value == "Bk7"


async def test_a_repeat_adds_it_where_it_is_not_there(edge, top):
    edge.on("POST", "/api/bookmarks.list", ok(bookmarks=[]))
    await slot(top, ISSUE, attempts=2)
    assert asked(edge) == ["bookmarks.list", "bookmarks.add"]


async def test_what_changes_is_edited_what_goes_is_removed_and_what_comes_back_is_added(edge, top):
    edited = await slot(top, Bookmark("ROOSE-18", ISSUE.url), KNOWN)
    removed = await slot(top, None, *edited.refs)
    assert removed.refs[0].url == ""
    await slot(top, None, *removed.refs)
    await slot(top, ISSUE, *removed.refs)
    assert asked(edge) == ["bookmarks.edit", "bookmarks.remove", "bookmarks.add"]


async def test_what_people_took_away_by_hand_stays_away(edge, top):
    edge.on("POST", "/api/bookmarks.edit", refused("not_found"))
    edge.on("POST", "/api/bookmarks.remove", refused("not_found"))
    assert (await slot(top, Bookmark("ROOSE-18", ISSUE.url), KNOWN)).result == "taken away by hand"
    assert (await slot(top, None, KNOWN)).result == "taken away"


async def test_a_second_room_gets_its_own(edge, top):
    await slot(top, ISSUE, Ref(KIND, "Bk1", "issue", ISSUE.url, {"channel": "C0001", "title": "ROOSE-17"}))
    assert asked(edge) == ["bookmarks.add"]


async def test_a_group_that_slack_does_not_know_is_said_and_no_failure(edge, client):
    edge.on("POST", "/api/usergroups.users.list", refused("no_such_subteam"))
    receipt = await Guests(client).invite_group(ROOM, "S0GONE", "@dba")
    assert receipt.problem == "Slack knows no user group @dba"


async def test_a_large_group_is_cut_and_whoever_cannot_come_is_named(edge, client):
    edge.on("POST", "/api/usergroups.users.list", ok(users=[f"U{n:04}" for n in range(340)]))
    edge.on("POST", "/api/conversations.invite", ok(errors=[{"user": "U0007", "error": "cant_invite"}]))
    receipt = await Guests(client).invite_group(ROOM, "S0DBA", "@dba")
    assert len(json.loads(edge.asked[1].raw)["users"].split(",")) == 100
    assert receipt.problem == "@dba has 340 people: the first 100 were invited, the others can be by `/invite`"
    assert receipt.uninvited == (("U0007", "Slack does not let Muster invite them"),)


async def test_whoever_was_in_the_old_room_comes_over_but_the_bot(edge, client):
    edge.on("POST", "/api/conversations.members", ok(members=["U0BOT", "U0001", "U0002"]))
    edge.on("POST", "/api/conversations.invite", refused("already_in_channel"))
    receipt = await Guests(client).bring_over(ROOM, "C0001", "U0BOT")
    assert json.loads(edge.asked[1].raw)["users"] == "U0001,U0002"
    assert receipt.result == "already there"


@pytest.fixture
def chat(edge, client, session):
    edge.on("POST", "/api/chat.update", ok(channel="C0042", ts="1.1"))
    edge.on("POST", "/api/pins.add", ok())

    async def fitting(_):
        return Fit()

    return Slack(client, session, Rooms(client, "inc-{number}-{slug}", Identity()), policy(), fitting)


async def test_a_card_in_an_earlier_room_is_left_as_it_stands(edge, chat):
    before = record(ROOM, Ref("card", "1.1", data={"channel": "C0001"}))
    assert (await chat.refresh_card(before, owed("refresh_card"))).result == "no room to say it in"
    assert (await chat.pin_card(before, owed("pin_card"))).result == "no room to say it in"
    assert asked(edge) == []

    here = record(ROOM, Ref("card", "1.1", data={"channel": ROOM.value}))
    await chat.refresh_card(here, owed("refresh_card"))
    await chat.pin_card(here, owed("pin_card"))
    assert asked(edge) == ["chat.update", "pins.add"]


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        (ok(user={"id": "U0DEAC", "deleted": True}), "their account in Slack is deactivated"),
        (refused("user_not_found"), "Slack knows no such person"),
        (ok(user={"id": "U0DEAC", "deleted": False}), "Slack knows no such channel, or Muster may not see it"),
    ],
)
@pytest.mark.parametrize("attempts", [1, 2])
async def test_of_a_person_who_cannot_be_written_to_it_is_said_why(edge, client, info, reason, attempts):
    for method in ("chat.postMessage", "conversations.open"):
        edge.on("POST", f"/api/{method}", refused("channel_not_found"))
    edge.on("GET", "/api/users.info", info)
    edge.on("POST", "/api/users.info", info)
    with pytest.raises(Permanent) as failure:
        await Posts(client).direct("U0DEAC", message(said("it is down")), owed("page", attempts=attempts))
    assert failure.value.reason == reason
