"""A message that somebody points at is read as it is now, in a thread too; its link never holds anybody up."""

import pytest

from domain.errors import Permanent, Temporary
from integrations import slack_api, slack_messages
from integrations.slack_identity import Identity
from integrations.slack_messages import SlackMessages
from tests.integrations.edge import reply

HISTORY, REPLIES, LINK, WHO = (
    f"/api/{method}" for method in ("conversations.history", "conversations.replies", "chat.getPermalink", "users.info")
)
SAID = {
    "ts": "1.000200",
    "user": "U0002",
    "text": "<@U0001> &lt;db1&gt; is full",
    "reactions": [{"name": "star", "users": ["U0001"]}, {"name": "wave::skin-tone-2", "users": ["U0003"]}],
}
NOTHING = {"ok": True, "messages": []}
LINKED = {"ok": True, "permalink": "http://127.0.0.1:9000/p1"}


def answer(content):
    return reply(200, content, Content_Type="application/json")


@pytest.fixture
def messages(edge, session, monkeypatch):
    monkeypatch.setattr(slack_messages, "LINK_WITHIN_S", 0.05)
    monkeypatch.setattr(slack_messages, "READ_WITHIN_S", 0.5)
    identity = Identity()
    identity.known = {"url": "https://example.slack.com/", "user_id": "U0BOT"}
    client = slack_api.web_client("xoxb-invented", f"{edge.url}/api/", session)

    def on(path, content):
        for method in ("GET", "POST"):
            edge.on(method, path, content)

    return SlackMessages(client, identity, {"U0001": "Ana"}), on


async def test_a_message_is_read_with_its_words_its_link_and_its_reactions(messages):
    slack, on = messages
    on(HISTORY, answer({"ok": True, "messages": [SAID]}))
    on(LINK, answer(LINKED))

    read = await slack.read("C1", "1.000200")
    assert (read.author, read.text, read.permalink) == ("U0002", "@Ana <db1> is full", LINKED["permalink"])
    assert dict(read.reactions) == {"star": ("U0001",), "wave": ("U0003",)}


async def test_a_reply_is_found_in_its_thread_and_another_message_is_not_taken_for_it(messages):
    slack, on = messages
    on(HISTORY, answer({"ok": True, "messages": [{**SAID, "ts": "1.000100"}]}))
    on(REPLIES, answer({"ok": True, "messages": [SAID]}))
    on(LINK, answer(LINKED))
    assert (await slack.read("C1", "1.000200")).ts == "1.000200"

    on(REPLIES, answer(NOTHING))
    with pytest.raises(Permanent, match="the message was deleted"):
        await slack.read("C1", "1.000200")


async def test_a_link_that_slack_does_not_give_in_time_is_made_by_rule(messages, edge):
    slack, on = messages
    on(LINK, edge.hang)
    assert await slack.permalink("C1", "1.000200") == "https://example.slack.com/archives/C1/p1000200"
    edge.let_go()


async def test_a_bot_is_no_person_and_silence_is_no_answer(messages, edge):
    slack, on = messages
    on(WHO, answer({"ok": True, "user": {"id": "U0001", "is_bot": False}}))
    assert await slack.is_person("U0001")
    on(WHO, answer({"ok": True, "user": {"id": "U0B", "is_bot": True}}))
    assert not await slack.is_person("U0B")
    on(WHO, edge.hang)
    with pytest.raises(Temporary, match="does not answer in time"):
        await slack.is_person("U0001")
    edge.let_go()
