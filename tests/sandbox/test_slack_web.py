"""What the stand-in Web API does when it does not refuse."""

import asyncio
import time
from datetime import timedelta

from sandbox.slack.objects import BOT_USER


async def test_a_room_is_made_filled_and_archived(sandbox, slack):
    made = (await slack("conversations.create", name="inc-1-db-down"))["channel"]
    room = made["id"]
    assert made["creator"] == BOT_USER
    assert made["is_member"]

    await slack("conversations.invite", channel=room, users="U0001,U0002")
    await slack("conversations.setTopic", channel=room, topic="[SEV-1] db down")
    posted = await slack("chat.postMessage", channel=room, text="the card")
    await slack("pins.add", channel=room, timestamp=posted["ts"])
    await slack("conversations.archive", channel=room)

    channel = sandbox.slack.workspace.channel("#inc-1-db-down")
    assert list(channel.members) == [BOT_USER, "U0001", "U0002"]
    assert (channel.topic, channel.archived, list(channel.pins)) == ("[SEV-1] db down", True, [posted["ts"]])
    assert [m.subtype for m in channel.messages] == [
        *("channel_join", "channel_join", "channel_topic", None, "channel_archive"),
    ]
    assert sandbox.record.violations == []


async def test_with_force_the_good_ids_are_invited_and_the_bad_ones_named(sandbox, slack):
    room = (await slack("conversations.create", name="inc-1"))["channel"]["id"]

    refused = await slack("conversations.invite", channel=room, users="U0001,U0404")
    assert refused == {
        "ok": False,
        "error": "user_not_found",
        "errors": [{"user": "U0404", "ok": False, "error": "user_not_found"}],
    }
    assert "U0001" not in sandbox.slack.workspace.channel(room).members

    forced = await slack("conversations.invite", channel=room, users="U0001,U0404,U0009", force=True)
    assert forced["ok"]
    assert [e["error"] for e in forced["errors"]] == ["user_not_found", "cant_invite"]
    assert "U0001" in sandbox.slack.workspace.channel(room).members


async def test_posting_to_a_person_opens_the_direct_channel(sandbox, slack):
    posted = await slack("chat.postMessage", channel="U0002", text="you are paged")
    opened = await slack("conversations.open", users="U0002")
    assert posted["channel"] == opened["channel"]["id"]
    assert [m.text for m in sandbox.slack.workspace.dms("ben")] == ["you are paged"]


async def test_an_edit_keeps_every_revision_and_text_alone_drops_the_blocks(sandbox, slack):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "one"}}]
    ts = (await slack("chat.postMessage", channel="C0INCIDENTS", text="one", blocks=blocks))["ts"]
    await slack("chat.update", channel="C0INCIDENTS", ts=ts, text="two")
    message = sandbox.slack.workspace.messages("#incidents")[0]
    assert [r["text"] for r in message.revisions] == ["one", "two"]
    assert message.blocks == []
    assert message.revisions[0]["blocks"][0]["block_id"]


async def test_a_very_long_text_is_cut_with_a_warning(sandbox, slack):
    answer = await slack("chat.postMessage", channel="C0INCIDENTS", text="x" * 40_001)
    assert answer["response_metadata"] == {"warnings": ["message_truncated"]}
    assert len(answer["message"]["text"]) == 40_000


async def test_ts_are_unique_and_grow_even_when_the_clock_goes_back(sandbox, slack):
    first = (await slack("chat.postMessage", channel="C0INCIDENTS", text="x"))["ts"]
    sandbox.clock.move(timedelta(hours=-1))
    second = (await slack("chat.postMessage", channel="C0INCIDENTS", text="x"))["ts"]
    assert second > first


async def test_ts_follow_the_moved_clock(sandbox, slack):
    sandbox.clock.move("+24h")
    ts = (await slack("chat.postMessage", channel="C0INCIDENTS", text="x"))["ts"]
    assert float(ts) - time.time() > 86_000


async def test_history_is_paged_newest_first_and_bounded(slack):
    sent = [(await slack("chat.postMessage", channel="C0INCIDENTS", text=str(n)))["ts"] for n in range(5)]

    first = await slack.form("conversations.history", channel="C0INCIDENTS", limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    second = await slack.form("conversations.history", channel="C0INCIDENTS", limit=2, cursor=cursor)
    later = await slack.form("conversations.history", channel="C0INCIDENTS", oldest=sent[2])
    from_there = await slack.form("conversations.history", channel="C0INCIDENTS", oldest=sent[2], inclusive="true")

    assert [m["text"] for m in first["messages"] + second["messages"]] == ["4", "3", "2", "1"]
    assert first["has_more"]
    assert [m["text"] for m in later["messages"]] == ["4", "3"]
    assert [m["text"] for m in from_there["messages"]] == ["4", "3", "2"]
    assert later["response_metadata"]["next_cursor"] == ""


async def test_replies_stay_out_of_the_channels_history(slack):
    parent = (await slack("chat.postMessage", channel="C0INCIDENTS", text="parent"))["ts"]
    await slack("chat.postMessage", channel="C0INCIDENTS", text="reply", thread_ts=parent)
    history = await slack.form("conversations.history", channel="C0INCIDENTS")
    replies = await slack.form("conversations.replies", channel="C0INCIDENTS", ts=parent)
    assert [m["text"] for m in history["messages"]] == ["parent"]
    assert [m["text"] for m in replies["messages"]] == ["parent", "reply"]


async def test_the_bots_own_rooms_are_listed_archived_ones_too(sandbox, slack):
    room = (await slack("conversations.create", name="inc-1"))["channel"]["id"]
    await slack("conversations.archive", channel=room)
    listed = await slack.form("users.conversations", types="public_channel")
    living = await slack.form("users.conversations", exclude_archived="true")
    assert [c["name"] for c in listed["channels"]] == ["incidents", "dev-team", "inc-1"]
    assert [c["name"] for c in living["channels"]] == ["incidents", "dev-team"]


async def test_a_private_room_is_seen_by_its_members_only(sandbox, slack):
    made = (await slack("conversations.create", name="inc-2", is_private=True))["channel"]
    assert made["is_private"]
    assert (await slack.form("conversations.info", channel=made["id"]))["ok"]
    sandbox.people.remove_bot("#inc-2")
    assert (await slack.form("conversations.info", channel=made["id"]))["error"] == "channel_not_found"


async def test_people_are_found_and_their_mail_only_with_its_scope(slack, granted):
    assert (await slack.form("users.lookupByEmail", email="ben@example.com"))["user"]["id"] == "U0002"
    assert (await slack.form("users.info", user="U0009"))["user"]["is_restricted"]
    granted.discard("users:read.email")
    assert "email" not in (await slack.form("users.info", user="U0002"))["user"]["profile"]


async def test_usergroups_and_their_members(sandbox, slack):
    group = sandbox.slack.workspace.add_usergroup("dba", ["U0002"])
    assert (await slack.form("usergroups.list"))["usergroups"][0]["handle"] == "dba"
    assert (await slack.form("usergroups.users.list", usergroup=group.id))["users"] == ["U0002"]


async def test_a_bookmark_is_added_edited_and_removed(slack):
    link = {"title": "Runbook", "type": "link", "link": "http://127.0.0.1/run"}
    made = (await slack("bookmarks.add", channel_id="C0INCIDENTS", **link))["bookmark"]
    changed = {"channel_id": "C0INCIDENTS", "bookmark_id": made["id"]}
    await slack("bookmarks.edit", **changed, title="Runbooks")
    listed = (await slack("bookmarks.list", channel_id="C0INCIDENTS"))["bookmarks"]
    assert [b["title"] for b in listed] == ["Runbooks"]
    await slack("bookmarks.remove", **changed)
    assert (await slack("bookmarks.list", channel_id="C0INCIDENTS"))["bookmarks"] == []


async def test_a_reaction_comes_and_goes(slack):
    ts = (await slack("chat.postMessage", channel="C0INCIDENTS", text="x"))["ts"]
    where = {"channel": "C0INCIDENTS", "timestamp": ts}
    await slack("reactions.add", **where, name="eyes")
    seen = (await slack.form("reactions.get", **where))["message"]["reactions"]
    assert seen == [{"name": "eyes", "users": [BOT_USER], "count": 1}]
    await slack("reactions.remove", **where, name="eyes")
    assert "reactions" not in (await slack.form("reactions.get", **where))["message"]


async def test_a_bot_may_unarchive_only_where_the_workspace_allows_it(sandbox, slack):
    room = (await slack("conversations.create", name="inc-1"))["channel"]["id"]
    await slack("conversations.archive", channel=room)
    assert (await slack("conversations.unarchive", channel=room))["error"] == "not_in_channel"
    sandbox.slack.workspace.bots_may_unarchive = True
    assert (await slack("conversations.unarchive", channel=room))["ok"]


async def test_pins_are_listed_and_a_hundred_are_enough(sandbox, slack):
    workspace = sandbox.slack.workspace
    for n in range(100):
        workspace.pin(workspace.post(workspace.channel("#incidents"), BOT_USER, str(n)), BOT_USER)
    extra = (await slack("chat.postMessage", channel="C0INCIDENTS", text="x"))["ts"]
    assert (await slack("pins.add", channel="C0INCIDENTS", timestamp=extra))["error"] == "too_many_pins"
    assert len((await slack.form("pins.list", channel="C0INCIDENTS"))["items"]) == 100


async def test_the_rest_of_the_directory(sandbox, slack):
    assert (await slack("auth.test"))["user_id"] == BOT_USER
    assert (await slack.form("team.info"))["team"]["domain"] == "example"
    ts = (await slack("chat.postMessage", channel="C0INCIDENTS", text="x"))["ts"]
    link = (await slack.form("chat.getPermalink", channel="C0INCIDENTS", message_ts=ts))["permalink"]
    assert link == f"{sandbox.url}/archives/C0INCIDENTS/p{ts.replace('.', '')}"
    assert (await slack("chat.delete", channel="C0INCIDENTS", ts=ts))["ok"]
    assert sandbox.slack.workspace.messages("#incidents") == []
    lounge = sandbox.slack.workspace.add_channel("lounge", "U0001", ("U0001",)).id
    assert (await slack("conversations.join", channel=lounge))["ok"]
    assert (await slack("conversations.leave", channel=lounge))["ok"]
    room = (await slack("conversations.create", name="inc-1"))["channel"]["id"]
    await slack("conversations.invite", channel=room, users="U0001")
    assert (await slack("conversations.kick", channel=room, user="U0001"))["ok"]
    assert (await slack("conversations.rename", channel=room, name="inc-2"))["channel"]["name"] == "inc-2"
    assert (await slack.form("conversations.members", channel=room))["members"] == [BOT_USER]
    assert sandbox.record.violations == []


async def test_a_topic_tells_who_set_it_and_when(sandbox, slack):
    await slack("conversations.setTopic", channel="C0INCIDENTS", topic="[SEV-1]")
    topic = (await slack.form("conversations.info", channel="C0INCIDENTS"))["channel"]["topic"]
    assert (topic["value"], topic["creator"]) == ("[SEV-1]", BOT_USER)
    assert abs(topic["last_set"] - sandbox.slack.workspace.seconds()) < 60


async def test_many_channels_and_messages_do_not_slow_it_down(sandbox, slack):
    workspace = sandbox.slack.workspace
    for n in range(200):
        room = workspace.add_channel(f"inc-{n}", BOT_USER, (BOT_USER,))
        for m in range(25):
            workspace.post(room, BOT_USER, str(m))

    start = time.process_time()
    await asyncio.gather(*(slack("chat.postMessage", channel=f"inc-{n}", text="x") for n in range(200)))
    assert time.process_time() - start < 2


async def test_without_the_tiers_nothing_is_limited_and_with_them_each_method_is(sandbox, slack, seconds):
    for n in range(25):
        assert (await slack("conversations.create", name=f"inc-{n}"))["ok"]
    sandbox.faults.tiers = True
    for n in range(20):
        assert (await slack("conversations.create", name=f"more-{n}"))["ok"]

    refused = await slack.raw("conversations.create", json={"name": "one-more"})

    assert (refused.status, refused.headers["Retry-After"]) == (429, "60")
    assert refused.body == {"ok": False, "error": "ratelimited"}
    assert (await slack("auth.test"))["ok"]
    seconds.now += 60
    assert (await slack("conversations.create", name="one-more"))["ok"]


async def test_messages_into_one_channel_are_paced_after_a_short_burst(sandbox, slack, seconds):
    sandbox.faults.tiers = True
    codes = [(await slack.raw("chat.postMessage", json={"channel": "C0INCIDENTS", "text": "x"})) for _ in range(6)]
    assert [c.status for c in codes] == [200] * 5 + [429]
    assert codes[-1].headers["Retry-After"] == "1"
    assert (await slack("chat.postMessage", channel="C0DEVTEAM", text="x"))["ok"]
    seconds.now += 1
    assert (await slack("chat.postMessage", channel="C0INCIDENTS", text="x"))["ok"]


async def test_every_request_is_numbered_and_kept_with_its_answer(sandbox, slack):
    await slack("auth.test")
    await slack("chat.postMessage", channel="C0INCIDENTS", text="x")
    first, second = sandbox.record.requests
    assert (first.n, first.service, first.method, first.status) == (1, "slack", "auth.test", 200)
    assert second.body == {"channel": "C0INCIDENTS", "text": "x"}
    assert second.response["ok"]
    assert second.headers["Authorization"] == "Bearer xoxb-sandbox"
    assert sandbox.record.to("slack", "chat.postMessage") == [second]
