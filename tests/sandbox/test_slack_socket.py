"""Socket Mode of the stand-in: envelopes, acknowledgements, redelivery, and the ways in which it goes deaf."""

import asyncio

import aiohttp
import pytest

from tests.sandbox.slack_client import APP, Answering, receive


async def test_a_command_arrives_in_slacks_shape_and_its_answer_is_seen(sandbox, slack):
    socket = await slack.connect()
    saying = asyncio.create_task(sandbox.people.say("ana", "/incident start “db down”", channel="#general"))

    envelope = await receive(socket, "slash_commands")
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "declaring"}})
    answer = await saying

    payload = envelope["payload"]
    assert envelope["accepts_response_payload"] is True
    assert (payload["command"], payload["text"]) == ("/incident", "start “db down”")
    assert (payload["user_id"], payload["channel_id"], payload["channel_name"]) == ("U0001", "C0GENERAL", "general")
    assert payload["is_enterprise_install"] == "false"
    assert not answer.timeout
    assert answer.ack_payload == {"text": "declaring"}
    assert [e.text for e in answer.ephemerals] == ["declaring"]


async def test_a_command_without_a_bot_times_out_for_the_person(sandbox):
    assert (await sandbox.people.say("ana", "/incident list")).timeout


async def test_payloads_go_round_over_all_open_connections(sandbox, slack):
    bots = [Answering(await slack.connect()) for _ in range(3)]

    for _ in range(6):
        await sandbox.people.say("ana", "/incident list")

    assert [len(bot.heard) for bot in bots] == [2, 2, 2]


async def test_the_eleventh_connection_is_turned_away(slack):
    taken = [await slack.connect() for _ in range(10)]
    url = (await slack("apps.connections.open", APP))["url"]
    socket = await slack.session.ws_connect(url)
    assert (await socket.receive_json()) == {
        "type": "disconnect",
        "reason": "too_many_websockets",
        "debug_info": {"host": "applink-0"},
    }
    assert not any(socket.closed for socket in taken)


async def test_a_url_serves_one_connection_only(slack):
    url = (await slack("apps.connections.open", APP))["url"]
    await slack.session.ws_connect(url)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await slack.session.ws_connect(url)


async def test_an_unacknowledged_event_comes_again_and_a_command_does_not(sandbox, slack):
    sandbox.socket.ack_seconds = 0.05
    socket = await slack.connect()
    sandbox.people.post("ana", "#incidents", "is anyone there?")

    first = await socket.receive_json()
    again = await socket.receive_json()

    assert (first["retry_attempt"], again["retry_attempt"]) == (0, 1)
    assert again["retry_reason"] == "timeout"
    assert again["payload"]["event_id"] == first["payload"]["event_id"]
    await socket.send_json({"envelope_id": again["envelope_id"]})

    saying = asyncio.create_task(sandbox.people.say("ana", "/incident list"))
    command = await receive(socket, "slash_commands")
    sent = len(sandbox.socket.deliveries)
    await sandbox.until(lambda: sandbox.socket.deliveries[-1].sent)
    await socket.send_json({"envelope_id": command["envelope_id"]})
    await saying
    assert len(sandbox.socket.deliveries) == sent


async def test_any_envelope_can_be_delivered_again(sandbox, slack, bot):
    answer = await sandbox.people.say("ana", "/incident list")

    again = await sandbox.socket.redeliver(answer.envelope_id)

    assert again.acked
    assert bot.heard[0] == bot.heard[1]


async def test_an_acknowledgement_of_nothing_is_recorded(sandbox, slack):
    socket = await slack.connect()
    await socket.send_json({"envelope_id": "nobody sent this"})
    await sandbox.until(lambda: sandbox.record.violations)


async def test_a_payload_where_none_is_accepted_is_recorded(sandbox, slack):
    Answering(await slack.connect(), lambda envelope: {"text": "no"})
    sandbox.people.post("ana", "#incidents", "hello")
    await sandbox.until(lambda: any("takes none" in v for v in sandbox.record.violations))


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_a_disconnect_is_announced(sandbox, slack, reason):
    socket = await slack.connect()
    await sandbox.socket.disconnect(reason)
    assert (await socket.receive_json())["reason"] == reason


async def test_a_ping_is_answered(slack):
    socket = await slack.connect()
    await socket.ping(b"still there?")
    message = await asyncio.wait_for(socket.receive(), 2)
    assert (message.type, message.data) == (aiohttp.WSMsgType.PONG, b"still there?")


async def test_after_a_silent_cut_nothing_is_heard_and_a_new_connection_works(sandbox, slack):
    cut = await slack.connect()
    sandbox.socket.cut()
    await cut.ping(b"still there?")

    new = Answering(await slack.connect())
    assert not (await sandbox.people.say("ana", "/incident list")).timeout

    assert [e["type"] for e in new.heard] == ["slash_commands"]
    assert not cut.closed
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(cut.receive(), 0.1)


async def test_while_deaf_new_connections_hear_nothing_either(sandbox, slack):
    sandbox.socket.deaf()
    url = (await slack("apps.connections.open", APP))["url"]
    silent = await slack.session.ws_connect(url)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(silent.receive(), 0.1)

    sandbox.socket.hear()
    await slack.connect()
    assert len(sandbox.socket.connections) == 1


async def test_events_go_only_to_those_that_the_manifest_subscribes(sandbox, slack, bot):
    sandbox.slack.manifest = sandbox.slack.manifest.of(
        {
            "oauth_config": {"scopes": {"bot": ["chat:write"]}},
            "settings": {"event_subscriptions": {"bot_events": ["message.groups", "channel_rename"]}},
        }
    )
    sandbox.people.post("ana", "#incidents", "unheard: this is no private room")
    sandbox.people.rename("#dev-team", "developers")
    await sandbox.until(lambda: bot.heard)
    assert [e["payload"]["event"]["type"] for e in bot.heard] == ["channel_rename"]


async def test_what_people_do_to_channels_reaches_the_bot(sandbox, slack, bot):
    people = sandbox.people
    message = people.post("ana", "#incidents", "hello")
    people.react("ben", "eyes", "#incidents", message.ts)
    people.unreact("ben", "eyes", "#incidents", message.ts)
    people.archive("#incidents")
    people.unarchive("#incidents")
    people.open_home("ana")
    people.remove_bot("#incidents")
    people.rename("#dev-team", "developers")
    people.delete("#developers")
    expected = [
        *("message", "reaction_added", "reaction_removed", "channel_archive", "channel_unarchive"),
        *("app_home_opened", "member_left_channel", "channel_left", "channel_rename", "channel_deleted"),
    ]
    await sandbox.until(lambda: set(expected) <= {e["payload"]["event"]["type"] for e in bot.heard}, 3)
    assert bot.events("reaction_added")[0]["item"]["ts"] == message.ts
    assert bot.events("channel_rename")[0]["channel"]["name"] == "developers"


async def test_the_bot_hears_nothing_of_channels_it_is_not_in(sandbox, slack, bot):
    sandbox.people.post("ana", "#general", "between us")
    sandbox.people.post("ana", "#incidents", "for the bot too")
    await sandbox.until(lambda: bot.events("message"))
    assert [e["text"] for e in bot.events("message")] == ["for the bot too"]
