"""Real slack_bolt lives in the sandbox by SLACK_API_URL alone."""

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def modal(text):
    element = {"type": "plain_text_input", "action_id": "title"}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": text},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {"type": "input", "block_id": "t", "label": {"type": "plain_text", "text": "Title"}, "element": element}
        ],
    }


def button(label):
    element = {"type": "button", "action_id": "press", "text": {"type": "plain_text", "text": label}, "value": "7"}
    return [{"type": "actions", "block_id": "row", "elements": [element]}]


def listeners(app, heard):
    @app.command("/incident")
    async def command(ack, body, client, respond):
        await client.views_open(trigger_id=body["trigger_id"], view=modal("Declare"))
        await ack("working")
        await respond("and done")

    @app.view("form")
    async def form(ack, view, client):
        title = view["state"]["values"]["t"]["title"]["value"]
        if len(title) < 3:
            return await ack(response_action="errors", errors={"t": "Too short"})
        await ack()
        made = await client.conversations_create(name="inc-1")
        return await client.chat_postMessage(channel=made["channel"]["id"], text=title, blocks=button("Press me"))

    @app.action("press")
    async def press(ack, body, client):
        await ack()
        heard.append(body["actions"][0]["value"])
        message = body["message"]
        await client.chat_update(channel=body["channel"]["id"], ts=message["ts"], text="pressed", blocks=[])


async def test_a_bolt_app_round_trips_a_command_a_modal_and_a_button(sandbox):
    heard = []
    client = AsyncWebClient(token="xoxb-sandbox", base_url=f"{sandbox.url}/slack/api/")
    app = AsyncApp(token="xoxb-sandbox", client=client)
    listeners(app, heard)
    handler = AsyncSocketModeHandler(app, "xapp-sandbox")
    await handler.connect_async()
    try:
        answer = await sandbox.people.say("ana", "/incident start")
        assert not answer.timeout
        await sandbox.until(lambda: {e.text for e in answer.ephemerals} == {"working", "and done"})

        assert await sandbox.people.submit("ana", {"Title": "ab"}) == {"t": "Too short"}
        assert await sandbox.people.submit("ana", {"Title": "db down"}) == {}
        assert sandbox.people.modal("ana") is None
        await sandbox.until(lambda: sandbox.slack.workspace.find_channel("inc-1"))
        message = await sandbox.until(lambda: sandbox.slack.workspace.messages("inc-1"))
        assert message[0].text == "db down"

        await sandbox.people.click("ben", "Press me", channel="#inc-1")
        await sandbox.until(lambda: message[0].text == "pressed")
        assert heard == ["7"]
        assert len(message[0].revisions) == 2
        assert sandbox.record.violations == []
    finally:
        await handler.close_async()
