"""Whatever is typed or pressed gets a clear answer, and what was refused has changed nothing."""

import json
import re
import sqlite3

import pytest

from sandbox.slack.objects import BOT_USER
from tests.flows.asking import CLOSED, RESOLVED, ask, begin, last_words, room_of, written
from tests.world import words

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOSTILE = '<!channel> <@U0002> <https://example.com|x> & "q" <b>bold</b> *loud* `code`'
RINGS = re.compile("<!(?!date)")
"""A mention of everybody; Slack's dates are written the same way."""

REFUSED = {
    "resovle it is over": "There is no `resovle`. Did you mean `resolve`? `/incident help` lists all.",
    "frobnicate": "There is no `frobnicate`. `/incident help` lists all.",
    "<!channel>": "There is no `&lt;!channel&gt;`. `/incident help` lists all.",
    "start SEV-9 db down": "There is no severity `SEV-9`. There are SEV-1, SEV-2, SEV-3, SEV-4.",
    'start SEV-1 "%s"' % ("x" * 10_000): "A title has at most 200 characters, this one has 10,000.",
    "update INC-1 " + "x" * 10_000: "A text has at most 3,000 characters, this one has 10,000.",
    "show INC-0": "There is no incident INC-0.",
    "show -1": "`show` takes only an incident",
    "show 99999999999999999999": "There is no incident `99999999999999999999`.",
    "show INC-999999999": "There is no incident INC-999999999.",
    "ack #99999999999": "There is no incident `#99999999999`.",
    "resolve INC-99999999999 done": "There is no incident `INC-99999999999`.",
    "update INC-1 --loudly all is well": "There is no option `--loudly` here.",
    "status INC-1 acknowledged": "Acknowledged is not a status. `/incident ack` says that you are on it.",
    "status INC-1 monitorin": "There is no status `monitorin`. Did you mean `monitoring`?",
    "list -5": "There is no list of `-5`.",
    "help frobnicate": "There is no `frobnicate`.",
}

TITLES = {
    "🔥🔥🔥": "inc-{n}",
    "база данных": "inc-{n}-baza-dannykh",
    "مشكلة في الدفع": "inc-{n}-mshkl",
    "db\u0000\u0007 \u202edown\u202c": "inc-{n}-db-down",
    "a   b\u200b\u200bc": "inc-{n}-a-b-c",
    HOSTILE: "inc-{n}-channel-u0002",
}


def said_by_bot(world):
    """Everything that Slack reads as markup of what the bot has put before people."""
    posted = [m for channel in world.workspace.channels.values() for m in channel.messages if m.user == BOT_USER]
    whispered = [each for many in world.workspace.ephemerals.values() for each in many]
    for message in (*posted, *whispered):
        yield message.text
        yield from markup(message.blocks)
    for channel in world.workspace.channels.values():
        yield channel.topic


def markup(value):
    match value:
        case {"type": "mrkdwn", "text": str(text)}:
            yield text
        case dict():
            yield from (text for inner in value.values() for text in markup(inner))
        case list() | tuple():
            yield from (text for inner in value for text in markup(inner))


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:30])
async def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(shared_world, text):
    await begin(shared_world)
    before = written(shared_world)

    assert (await ask(shared_world, text)).startswith(REFUSED[text])
    assert written(shared_world) == before


@pytest.mark.parametrize("title", ['""', "“\u200b \u200d”", "", '" "'])
async def test_without_a_title_that_can_be_seen_the_form_asks_for_one(shared_world, title):
    before = written(shared_world)
    await ask(shared_world, f"start SEV-2 {title}")

    form = shared_world.people.modal("ana").content
    assert form["callback_id"] == "declare"
    assert form["blocks"][1]["element"]["initial_option"]["value"] == "SEV-2"
    assert written(shared_world) == before
    await shared_world.people.dismiss("ana")


@pytest.mark.parametrize("title", ["   ", "\u200b\u202e", "x" * 201])
async def test_a_blank_or_overlong_title_is_refused_at_its_field_and_the_form_stays(shared_world, title):
    await ask(shared_world, "start")
    form = shared_world.people.modal("ana")
    form.content["blocks"][0]["element"]["max_length"] = 3000  # a client that does not count
    before = written(shared_world)

    errors = await shared_world.people.submit("ana", {"Title": title, "Severity": "SEV-4"})

    assert list(errors) == ["title"]
    assert "title" in errors["title"]
    assert shared_world.people.modal("ana") is form
    assert written(shared_world) == before
    await shared_world.people.dismiss("ana")


@pytest.mark.parametrize(
    ("verb", "field", "label"),
    [("update", "text", "What is new?"), ("resolve", "resolution", "What resolved it?")],
)
async def test_a_form_with_nothing_but_blanks_is_refused_at_its_field(shared_world, verb, field, label):
    key = await begin(shared_world)
    await ask(shared_world, f"{verb} {key}")
    before = written(shared_world)

    errors = await shared_world.people.submit("ana", {label: " \u200b "})

    assert list(errors) == [field]
    assert errors[field].startswith("Say what")
    assert written(shared_world) == before
    await shared_world.people.dismiss("ana")


@pytest.mark.parametrize("command", ["resolve", "close", "ack", "status resolved"])
async def test_what_is_over_cannot_be_ended_again(shared_world, command):
    key = await begin(shared_world, CLOSED)
    before = written(shared_world)

    assert f"{key} is closed" in await ask(shared_world, f"{command} {key}")
    assert written(shared_world) == before


async def test_what_is_open_cannot_be_closed_before_it_is_resolved(shared_world):
    key = await begin(shared_world)

    assert f"`/incident resolve {key} what ended it`" in await ask(shared_world, f"close {key}")


async def test_words_that_closing_would_lose_are_refused(shared_world):
    key = await begin(shared_world, RESOLVED)
    before = written(shared_world)

    assert "Closing takes no text" in await ask(shared_world, f"status {key} closed the disk is replaced")
    assert written(shared_world) == before


async def test_resolving_without_a_text_asks_what_ended_it_and_says_when_it_is_done(shared_world):
    key = await begin(shared_world)
    await ask(shared_world, f"resolve {key}")
    assert await shared_world.people.submit("ana", {"What resolved it?": "restarted it"}) == {}

    await shared_world.until(lambda: f"*{key}* is resolved" in last_words(shared_world))


@pytest.mark.parametrize("title", TITLES, ids=ascii)
async def test_any_title_makes_a_good_room_and_rings_nobody(shared_world, title):
    key = re.search(r"INC-(\d+)", await ask(shared_world, f"start SEV-3 {title}"))
    room = await room_of(shared_world, key[0])

    assert room[1:].startswith(TITLES[title].format(n=key[1]))
    assert len(room) <= 81
    assert key[0] in shared_world.card(room)
    assert not [text for text in said_by_bot(shared_world) if RINGS.search(text)]


async def test_typed_words_are_words_on_every_surface_and_none_of_them_is_public(shared_world):
    answer = await shared_world.say("ana", f"/incident start SEV-1 {HOSTILE} again")
    key = re.search(r"INC-\d+", answer.ephemerals[0].text)[0]
    room = await room_of(shared_world, key)
    await ask(shared_world, f"update {HOSTILE}", channel=room)
    shared_world.move("+2m")
    world = shared_world

    def about(service):
        return [request.body for request in world.requests(service) if "channel" in json.dumps(request.body)]

    await world.until(lambda: len(about("twilio")) >= 2 and len(world.status_incidents) >= 1)
    await world.until(lambda: any("comment_html" in body for body in about("plane")))
    await ask(shared_world, f"ack {key}")

    shown_in_slack = "\n".join(said_by_bot(world))
    assert "&lt;!channel&gt; &lt;@U0002&gt;" in shown_in_slack
    assert not RINGS.search(shown_in_slack)
    assert "<https://example.com|x>" not in shown_in_slack
    [call] = [body["Twiml"] for body in about("twilio") if "Twiml" in body]
    assert not re.search("<b>|<!channel>", call)
    [text] = [body["Body"] for body in about("twilio") if "Body" in body]
    assert "<!channel>" in text
    html = json.dumps([v for request in world.requests("plane") for k, v in request.body.items() if "html" in k])
    assert "<b>bold</b>" not in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert not re.search("channel|bold|loud", json.dumps(world.status_incidents))


PRESSED = ["acknowledge", "add_update", "resolve_open", "runbooks"]


async def test_buttons_of_a_deleted_incident_say_that_there_is_none(shared_world):
    key = await begin(shared_world, severity="SEV-3")
    room = await room_of(shared_world, key)
    await shared_world.until(lambda: idle(shared_world))
    delete(shared_world, key)

    for action_id in PRESSED:
        pressed = await shared_world.people.click("ana", action_id=action_id, channel=room)
        assert not pressed.timeout
        await shared_world.until(lambda seen=pressed: seen.ephemerals)
        assert f"There is no incident {key}." in words(pressed.ephemerals[0])


@pytest.mark.parametrize("value", ["", "x", "-1", "1:2", "999999999999", "٣", "[]"])
@pytest.mark.parametrize("action_id", [*PRESSED, "retry", "declare_anyway", "close", "publish_status"])
async def test_a_button_with_a_value_that_nobody_gave_it_is_too_old(shared_world, action_id, value):
    room = shared_world.workspace.channel("#general")
    button = {"type": "button", "action_id": action_id, "value": value, "text": {"type": "plain_text", "text": "Press"}}
    block = {"type": "actions", "block_id": "b", "elements": [button]}
    message = shared_world.workspace.post(room, BOT_USER, "a button", [block])
    before = written(shared_world)

    pressed = await shared_world.people.click("ana", action_id=action_id, channel="#general", ts=message.ts)

    assert not pressed.timeout
    await shared_world.until(lambda: pressed.ephemerals)
    assert re.search("too old|There is no incident|Nothing to retry", words(pressed.ephemerals[0]))
    assert written(shared_world) == before


def idle(world):
    """Nothing is owed or due any more."""
    with sqlite3.connect(f"file:{world.folder / 'muster.db'}?mode=ro", uri=True) as database:
        return not database.execute("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'claimed')").fetchone()[0]


def delete(world, key):
    """Every trace of an incident, by a hand that is not Muster's."""
    with sqlite3.connect(world.folder / "muster.db", timeout=5) as database:
        for table in ("outbox", "timer", "timeline", "external_ref", "affected_service"):
            database.execute(f"DELETE FROM {table} WHERE incident = ?", (key[4:],))
        database.execute("DELETE FROM incident WHERE number = ?", (key[4:],))
