"""The control API and the terminal client: the whole sandbox by JSON and by words."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from sandbox import client
from sandbox.slack.objects import BOT_USER
from tests.sandbox.slack_client import Answering

ROOT = Path(__file__).parents[2]
BUTTON = {"type": "button", "action_id": "ack", "text": {"type": "plain_text", "text": "Acknowledge"}}
CARD = [
    {"type": "header", "text": {"type": "plain_text", "text": "SEV-1 db down"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": "Commander <@U0001> &amp; <#C0GENERAL>"}},
    {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Status*\n<!date^1^{time}|10:00>"}]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "<http://127.0.0.1/run|Runbook>"}]},
    {"type": "actions", "elements": [BUTTON]},
]
FIELD = {"type": "plain_text_input", "action_id": "a"}
FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Declare"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [{"type": "input", "block_id": "t", "label": {"type": "plain_text", "text": "Title"}, "element": FIELD}],
}


@pytest.fixture
def typed(sandbox, monkeypatch, capsys):
    """Type a line into the terminal client: its exit code and what it printed."""
    monkeypatch.setenv("MUSTER_SANDBOX_URL", sandbox.url)
    monkeypatch.setattr(client, "FOLLOW_UP_SECONDS", 0.5)

    async def typed(*argv):
        code = await asyncio.to_thread(client.main, list(argv))
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return typed


async def test_a_command_is_said_and_its_answers_are_shown(sandbox, slack, typed):
    Answering(await slack.connect(), lambda envelope: {"text": "declaring <@U0001>"})
    code, out = await typed("say", "/incident start", "--channel", "#general", "--as", "ben")
    assert code == 0
    assert out.splitlines()[0].endswith(" muster (only you see this)")
    assert out.splitlines()[1] == "  declaring @ana"
    assert sandbox.socket.deliveries[-1].envelope["payload"]["user_id"] == "U0002"


async def test_what_follows_through_the_response_url_is_shown_too(sandbox, slack, typed):
    bot = Answering(await slack.connect(), lambda envelope: {"text": "declaring"})
    saying = asyncio.create_task(typed("say", "/incident start"))
    await sandbox.until(lambda: sandbox.slack.workspace.ephemerals.get("U0001"))
    url = bot.heard[-1]["payload"]["response_url"]
    await slack.respond(url, text="INC-1 declared", response_type="in_channel")
    assert "INC-1 declared" in (await saying)[1]


async def test_a_bot_that_does_not_answer_is_said(sandbox, typed):
    code, out = await typed("say", "/incident start")
    assert (code, out) == (0, "Slack: the app did not respond in time.\n")


async def test_a_room_is_shown_as_plain_text(sandbox, slack, typed):
    posted = await slack("chat.postMessage", channel="C0INCIDENTS", text="card", blocks=CARD)
    await slack("pins.add", channel="C0INCIDENTS", timestamp=posted["ts"])
    await slack("conversations.setTopic", channel="C0INCIDENTS", topic="[SEV-1] db down")

    _, out = await typed("show", "#incidents")

    assert "#incidents  with ana, ben, chris, muster" in out
    assert "Topic: [SEV-1] db down" in out
    assert "muster  (pinned)" in out
    lines = ("== SEV-1 db down ==", "Commander @ana & #general", "*Status* 10:00", "Runbook (http://127.0.0.1/run)")
    for line in (*lines, "[Acknowledge]"):
        assert f"  {line}\n" in out


async def test_all_channels_and_direct_messages_are_listed(sandbox, slack, typed):
    await slack("chat.postMessage", channel="U0002", text="you are paged")
    assert "#dev-team  0 messages" in (await typed("show"))[1]
    assert "you are paged" in (await typed("show", "dm", "--as", "ben"))[1]


async def test_a_button_is_clicked_and_a_form_filled_in(sandbox, slack, typed):
    bot = Answering(await slack.connect())
    await slack("chat.postMessage", channel="U0002", text="page", blocks=CARD)
    assert (await typed("click", "Acknowledge", "--as", "ben", "--channel", "dm"))[0] == 0
    trigger = bot.heard[-1]["payload"]["trigger_id"]
    await slack("views.open", trigger_id=trigger, view=FORM)

    assert "Title: <plain_text_input>" in (await typed("show", "modal", "--as", "ben"))[1]
    code, out = await typed("submit", "--as", "ben")
    assert (code, out.splitlines()[0]) == (1, "t: Please complete this required field.")
    code, out = await typed("submit", "Title=db down", "--as", "ben")
    assert (code, out.startswith("Taken without a word")) == (0, True)
    assert bot.heard[-1]["payload"]["view"]["state"]["values"]["t"]["a"]["value"] == "db down"


async def test_what_is_said_after_a_form_was_sent_is_shown_too(sandbox, slack, typed):
    bot = Answering(await slack.connect())
    await typed("say", "/incident start")
    asked = bot.heard[-1]["payload"]
    await slack("views.open", trigger_id=asked["trigger_id"], view=FORM)
    sending = asyncio.create_task(typed("submit", "Title=db down"))
    await sandbox.until(lambda: bot.heard[-1]["type"] == "interactive")
    await slack.respond(asked["response_url"], text="INC-1 is resolved")
    code, out = await sending
    assert (code, out.splitlines()[1:]) == (0, ["  INC-1 is resolved"])


async def test_the_clock_is_moved(sandbox, typed):
    assert "(moved by 1 d)" in (await typed("clock", "+24h"))[1]
    assert sandbox.clock.offset.total_seconds() == 86_400
    assert "stands still until it is so again" in (await typed("clock", "--", "-1h"))[1]
    code, out = await typed("clock", "tomorrow")
    assert (code, "is not a duration" in out) == (1, True)


async def test_trouble_is_made_listed_and_cleared(sandbox, slack, typed):
    _, out = await typed("trouble", "slack", "ratelimit", "--match", "chat.postMessage", "--retry-after", "9")
    assert out == "slack ratelimit chat.postMessage\n"
    assert (await slack.raw("chat.postMessage")).headers["Retry-After"] == "9"
    assert (await typed("trouble"))[1] == "slack ratelimit chat.postMessage\n"
    assert (await typed("trouble", "clear"))[1] == "no trouble\n"
    await typed("trouble", "tiers", "on")
    assert sandbox.faults.tiers
    await slack.connect()
    assert (await typed("trouble", "socket", "cut"))[1] == "open connections: 0\n"
    assert (await typed("trouble", "slack", "explode"))[0] == 1
    kinds = "hang, latency, status, ratelimit, reset_before, reset_after, refuse_token, unreachable"
    assert await typed("trouble", "plane") == (1, f"say what ails it: one of {kinds}\n")
    assert "say what happens to the socket: one of cut, deaf" in (await typed("trouble", "socket"))[1]


async def test_the_log_names_each_request_and_each_violation(sandbox, slack, typed):
    await slack("auth.test")
    await slack("chat.postMessage", channel="C9", text="x", colour="red")
    _, out = await typed("log")
    assert out.splitlines()[0].endswith("slack auth.test -> 200")
    assert out.splitlines()[1].endswith("slack chat.postMessage -> channel_not_found")
    assert "'colour'" in (await typed("log", "--violations"))[1]


async def test_a_kill_without_a_bot_is_a_sentence(sandbox, typed):
    assert await typed("kill") == (1, "the sandbox does not know the bot's process\n")


async def test_where_nothing_listens_a_sentence_says_so(typed, monkeypatch):
    monkeypatch.setenv("MUSTER_SANDBOX_URL", "http://127.0.0.1:1")
    code, out = await typed("show")
    assert (code, out) == (1, "no sandbox listens at http://127.0.0.1:1; start one with: make run\n")


async def test_a_reader_that_has_seen_enough_ends_it_quietly(sandbox, typed):
    read, write = os.pipe()
    os.close(read)
    command = (sys.executable, "-m", "sandbox.client", "show", "plane")
    looking = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=write, stderr=asyncio.subprocess.PIPE)
    os.close(write)
    assert (await looking.communicate())[1] == b""
    assert looking.returncode == 0


async def test_a_slip_of_the_tongue_is_answered_by_what_there_is(typed):
    assert (await typed("show", "#nowhere")) == (1, "there is no channel '#nowhere'\n")
    assert "there are ana, ben" in (await typed("say", "--as", "dora", "hello"))[1]


@pytest.mark.parametrize("verb", client.DEEDS)
def test_every_verb_explains_itself_with_an_example(verb, capsys):
    with pytest.raises(SystemExit) as ended:
        client.main([verb, "--help"])
    assert ended.value.code == 0
    assert f"examples:\n  python bot.py {verb}" in capsys.readouterr().out


async def test_the_state_holds_everything_a_transcript_needs(sandbox, slack):
    await slack("conversations.create", name="inc-1")
    state = await slack.look("state")
    assert [c["name"] for c in state["channels"]] == ["general", "incidents", "dev-team", "inc-1"]
    assert state["users"]["U0001"] == "ana"
    assert state["requests"] == 1
    room = await slack.look("channel?name=inc-1")
    assert room["members"] == ["muster"]
    assert room["channel"]["creator"] == BOT_USER
    assert [r["method"] for r in await slack.look("requests")] == ["conversations.create"]


async def test_people_act_on_rooms_over_the_control_api(sandbox, slack):
    assert (await slack.control("room", do="archive", channel="#incidents")).status == 200
    assert sandbox.slack.workspace.channel("#incidents").archived
    assert (await slack.control("room", do="paint", channel="#incidents")).status == 400
    assert (await slack.control("dance")).status == 404
    assert (await slack.control("pagerduty/dance")).status == 404


async def test_one_can_wait_for_what_changes(sandbox, slack):
    waiting = asyncio.create_task(sandbox.until(lambda: sandbox.slack.workspace.messages("#incidents")))
    await slack("chat.postMessage", channel="C0INCIDENTS", text="now")
    assert (await waiting)[0].text == "now"
    with pytest.raises(TimeoutError):
        await sandbox.until(lambda: False, seconds=0.01)
