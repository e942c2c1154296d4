"""Threads, permalinks and what is left of a deleted message."""

import pytest

from sandbox.slack.objects import BOT_USER

ROOM = "C0INCIDENTS"


@pytest.fixture
async def thread(slack):
    """The ts of a parent and of two replies to it."""
    parent = (await slack("chat.postMessage", channel=ROOM, text="parent"))["ts"]
    answers = [await slack("chat.postMessage", channel=ROOM, text=t, thread_ts=parent) for t in ("one", "two")]
    return [parent, *(answer["ts"] for answer in answers)]


async def test_a_parent_tells_of_its_replies_and_a_reply_of_its_parent(sandbox, slack, thread):
    sandbox.people.post("ana", "#incidents", "three", thread_ts=thread[0])

    shown = (await slack.form("conversations.replies", channel=ROOM, ts=thread[0]))["messages"]

    assert (shown[0]["reply_count"], shown[0]["reply_users"]) == (3, [BOT_USER, "U0001"])
    assert (shown[0]["thread_ts"], shown[0]["latest_reply"]) == (thread[0], shown[3]["ts"])
    assert {(m["thread_ts"], m["parent_user_id"]) for m in shown[1:]} == {(thread[0], BOT_USER)}


async def test_replies_are_bounded_and_their_parent_is_always_there(slack, thread):
    later = await slack.form("conversations.replies", channel=ROOM, ts=thread[0], oldest=thread[1])
    paged = await slack.form("conversations.replies", channel=ROOM, ts=thread[0], limit=2)
    assert [m["text"] for m in later["messages"]] == ["parent", "two"]
    assert [m["text"] for m in paged["messages"]] == ["parent", "one"]
    assert paged["has_more"]


async def test_a_reply_for_everybody_stands_in_the_channel_too(slack, thread):
    await slack("chat.postMessage", channel=ROOM, text="all", thread_ts=thread[0], reply_broadcast=True)
    history = await slack.form("conversations.history", channel=ROOM)
    assert [(m["text"], m.get("subtype")) for m in history["messages"]] == [
        ("all", "thread_broadcast"),
        ("parent", None),
    ]


async def test_a_permalink_leads_into_the_thread(sandbox, slack, thread):
    links = [(await slack.form("chat.getPermalink", channel=ROOM, message_ts=ts))["permalink"] for ts in thread[:2]]
    page = f"{sandbox.url}/archives/{ROOM}/p"
    assert links == [
        page + thread[0].replace(".", ""),
        f"{page}{thread[1].replace('.', '')}?thread_ts={thread[0]}&cid={ROOM}",
    ]


async def test_a_deleted_reply_is_gone_and_a_deleted_parent_leaves_a_stone(slack, thread):
    await slack("chat.delete", channel=ROOM, ts=thread[1])
    await slack("chat.delete", channel=ROOM, ts=thread[0])
    stone, *replies = (await slack.form("conversations.replies", channel=ROOM, ts=thread[0]))["messages"]
    assert (stone["subtype"], stone["text"]) == ("tombstone", "This message was deleted.")
    assert [m["text"] for m in replies] == ["two"]
    assert (await slack("chat.update", channel=ROOM, ts=thread[0], text="x"))["error"] == "cant_update_message"


async def test_metadata_is_shown_to_who_asks_for_it(slack):
    metadata = {"event_type": "page", "event_payload": {"n": 1}}
    await slack("chat.postMessage", channel=ROOM, text="x", metadata=metadata)
    hidden = await slack.form("conversations.history", channel=ROOM)
    shown = await slack.form("conversations.history", channel=ROOM, include_all_metadata="true")
    assert "metadata" not in hidden["messages"][0]
    assert shown["messages"][0]["metadata"] == metadata
