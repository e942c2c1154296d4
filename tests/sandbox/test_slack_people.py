"""People at the stand-in's buttons and menus, and what the bot says back through response_url."""

import asyncio
from datetime import timedelta

import pytest

from sandbox.slack.objects import BOT_USER
from sandbox.slack.workspace import Impossible


def button(label, action_id, **more):
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": label}, **more}


def row(*elements, block_id="row"):
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


async def post(slack, *blocks, channel="C0INCIDENTS"):
    return (await slack("chat.postMessage", channel=channel, text="card", blocks=list(blocks)))["ts"]


async def test_a_click_finds_the_newest_message_with_the_button(sandbox, slack, bot):
    old = await post(slack, row(button(":white_check_mark: Acknowledge", "ack", value="1")))
    new = await post(slack, row(button(":white_check_mark: Acknowledge", "ack", value="2")))
    await post(slack, row(button("Other", "other")))

    await sandbox.people.click("ben", "Acknowledge", channel="#incidents")
    payload = bot.heard[-1]["payload"]
    assert (payload["user"]["id"], payload["message"]["ts"]) == ("U0002", new)
    assert payload["container"] == {
        "type": "message",
        "message_ts": new,
        "channel_id": "C0INCIDENTS",
        "is_ephemeral": False,
    }
    assert payload["actions"][0]["value"] == "2"
    assert payload["actions"][0]["block_id"] == "row"

    await sandbox.people.click("ben", channel="#incidents", ts=old, action_id="ack")
    assert bot.heard[-1]["payload"]["message"]["ts"] == old


async def test_a_url_button_sends_an_action_too(sandbox, slack, bot):
    await post(slack, row(button("Runbooks", "runbooks", url="http://127.0.0.1/run")))
    await sandbox.people.click("ana", "Runbooks", channel="#incidents")
    assert bot.heard[-1]["payload"]["actions"][0]["action_id"] == "runbooks"


async def test_a_button_that_is_not_there_cannot_be_clicked(sandbox, bot):
    with pytest.raises(Impossible, match="ana sees no button"):
        await sandbox.people.click("ana", "Acknowledge", channel="#incidents")


async def test_a_page_in_the_direct_messages_can_be_acknowledged(sandbox, slack, bot):
    await post(slack, row(button("Acknowledge", "ack")), channel="U0001")
    await sandbox.people.click("ana", "Acknowledge", channel="dm")
    assert bot.heard[-1]["payload"]["channel"]["name"] == "directmessage"


async def test_a_menu_gives_the_chosen_option(sandbox, slack, bot):
    options = [{"text": {"type": "plain_text", "text": t}, "value": t.lower()} for t in ("SEV-1", "SEV-2")]
    menu = {"type": "static_select", "action_id": "severity", "options": options}
    person = {"type": "users_select", "action_id": "commander"}
    await post(slack, row(menu, person))

    await sandbox.people.select("ana", "severity", "SEV-2", channel="#incidents")
    payload = bot.heard[-1]["payload"]
    assert payload["actions"][0]["selected_option"]["value"] == "sev-2"
    assert payload["state"]["values"]["row"]["severity"]["selected_option"]["value"] == "sev-2"

    await sandbox.people.select("ana", "commander", "ben", channel="#incidents")
    assert bot.heard[-1]["payload"]["actions"][0]["selected_user"] == "U0002"


async def test_a_command_is_answered_five_times_within_half_an_hour(sandbox, slack, bot):
    answer = await sandbox.people.say("ana", "/incident start")
    url = bot.heard[-1]["payload"]["response_url"]

    for n in range(5):
        assert (await slack.respond(url, text=f"answer {n}")).status == 200
    assert [e.text for e in answer.ephemerals] == [f"answer {n}" for n in range(5)]
    sixth = await slack.respond(url, text="one more")
    assert (sixth.status, "used_url" in sixth.text) == (404, True)


async def test_a_response_url_dies_after_half_an_hour(sandbox, slack, bot):
    await sandbox.people.say("ana", "/incident start")
    url = bot.heard[-1]["payload"]["response_url"]
    sandbox.clock.move(timedelta(minutes=31))
    late = await slack.respond(url, text="late")
    assert (late.status, "expired_url" in late.text) == (404, True)
    assert sandbox.record.violations == []


async def test_an_answer_for_everybody_is_posted_even_where_the_bot_is_no_member(sandbox, slack, bot):
    answer = await sandbox.people.say("ana", "/incident start", channel="#general")
    await slack.respond(bot.heard[-1]["payload"]["response_url"], response_type="in_channel", text="INC-1 declared")
    assert [m.text for m in answer.messages] == ["INC-1 declared"]
    assert sandbox.slack.workspace.messages("#general")[-1].user == BOT_USER


async def test_replace_original_is_ignored_for_commands(sandbox, slack, bot):
    answer = await sandbox.people.say("ana", "/incident start")
    url = bot.heard[-1]["payload"]["response_url"]
    await slack.respond(url, text="first")
    await slack.respond(url, text="second", replace_original=True)
    assert [e.text for e in answer.ephemerals] == ["first", "second"]


async def test_a_button_in_an_ephemeral_is_clicked_and_replaced(sandbox, slack, bot):
    blocks = [row(button("Declare anyway", "anyway"))]
    await slack("chat.postEphemeral", channel="C0INCIDENTS", user="U0001", text="twice?", blocks=blocks)
    await sandbox.people.click("ana", "Declare anyway", channel="#incidents")
    payload = bot.heard[-1]["payload"]
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload

    await slack.respond(payload["response_url"], text="declared", replace_original=True)
    assert [e.text for e in sandbox.slack.workspace.ephemerals["U0001"]] == ["declared"]
    await sandbox.people.say("ana", "/incident")  # somebody else's ephemeral is out of Ben's sight
    with pytest.raises(Impossible):
        await sandbox.people.click("ben", "Declare anyway", channel="#incidents")


async def test_a_message_is_replaced_or_deleted_through_its_buttons_url(sandbox, slack, bot):
    await post(slack, row(button("Retry", "retry")))
    await sandbox.people.click("ana", "Retry", channel="#incidents")
    url = bot.heard[-1]["payload"]["response_url"]
    await slack.respond(url, text="retried", replace_original=True)
    assert sandbox.slack.workspace.messages("#incidents")[0].text == "retried"
    await slack.respond(url, delete_original=True)
    assert sandbox.slack.workspace.messages("#incidents") == []


async def test_an_ephemeral_posted_later_belongs_to_the_answer(sandbox, slack, bot):
    await slack("chat.postEphemeral", channel="C0INCIDENTS", user="U0001", text="before")
    answer = await sandbox.people.say("ana", "/incident list", channel="#incidents")
    await slack("chat.postEphemeral", channel="C0INCIDENTS", user="U0001", text="after")
    assert [e.text for e in answer.ephemerals] == ["after"]


@pytest.mark.parametrize(
    ("payload", "code"),
    [({}, "no_text"), ({"text": "x", "blocks": [{"type": "header"}]}, "invalid_blocks")],
)
async def test_a_malformed_answer_is_refused_and_recorded(sandbox, slack, bot, payload, code):
    await sandbox.people.say("ana", "/incident")
    answer = await slack.respond(bot.heard[-1]["payload"]["response_url"], **payload)
    assert code in answer.text
    assert sandbox.record.violations


async def test_an_unknown_command_is_not_sent(sandbox, bot, manifest):
    sandbox.slack.manifest = manifest.of({"oauth_config": {"scopes": {"bot": []}}})
    with pytest.raises(Impossible, match="not a valid command"):
        await sandbox.people.say("ana", "/incident")
    with pytest.raises(Impossible, match="no shortcut"):
        await sandbox.people.shortcut("ana", "declare")


async def test_of_five_hundred_commands_at_once_none_is_lost(sandbox, bot):
    sandbox.socket.ack_seconds = 20  # how soon is what `make bench` measures
    answers = await asyncio.gather(*(sandbox.people.say("ana", f"/incident start {n}") for n in range(500)))
    assert not any(answer.timeout for answer in answers)
    assert len({answer.envelope_id for answer in answers}) == 500
