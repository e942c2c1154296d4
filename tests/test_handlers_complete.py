"""Whatever is emitted is expected: every id has its listener, every effect its verb, every timer its work."""

import ast
import asyncio
import json
from functools import cache
from pathlib import Path

import pytest
import yaml
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from domain import reminders
from domain.verbs import ALIASES, VERBS, verbs
from service.deliveries import Vendors
from service.timers import Timers
from storage.timers import Due
from tests.views import samples
from tests.views.everything import surfaces
from tests.wired import NOW, POLICY, Reached, Silent, wired
from views import actions, words
from views.room import SAYINGS

ROOT = Path(__file__).resolve().parent.parent
SEVERITIES = [severity.name for severity in POLICY.severities]
EXAMPLES = [example for verb in verbs(SEVERITIES).values() for example in verb.examples]
MANIFEST = yaml.safe_load((ROOT / "manifest.yaml").read_text())
BOUND_LATER = {
    "calls": {"call", "text"},
    "told": {"acknowledge", "resolve"},
    "_taken_in": {"took_in", "repeated"},
    "room_changed": {"room_renamed", "room_unarchived", "room_gone", "bot_removed"},
    "say": set(),
    "reply": {"note", "correction", "action"},
    "tell": set(),
    "put": set(),
}
"""Functions of domain that emit what a variable names, and what it may name; `say`, `tell` and `put` name what is
given, and `reply` is given by `in_thread`."""


@pytest.fixture
def replies():
    return Silent()


@pytest.fixture
def app(replies):
    return wired(replies)


async def listener(app, body):
    """The function that this payload would reach first."""
    request = AsyncBoltRequest(mode="socket_mode", body=body)
    for each in app._async_listeners:
        if await each.async_matches(req=request, resp=BoltResponse(status=404)):
            return each.ack_function
    return None


async def dispatched(app, body):
    answer = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    await asyncio.sleep(0)  # words follow the acknowledgement in a task of their own
    return answer


def interaction(kind, **more):
    return {"type": kind, "team": {"id": "T1"}, "user": {"id": "U0001"}, "trigger_id": "1.2.3", **more}


def pressed(action_id):
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": "1"}
    return interaction("block_actions", actions=[action], response_url="http://127.0.0.1:9/", container={})


def shortcut_used(shortcut):
    kind = {"global": "shortcut", "message": "message_action"}[shortcut["type"]]
    return interaction(kind, callback_id=shortcut["callback_id"], message={"text": "x"}, channel={"id": "C1"})


def happened(event):
    inner = {"type": event.split(".")[0], "channel": "C1", "user": "U0001"}
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": inner}


EVERYTHING = [payload for record in samples.STATES.values() for _, payload in surfaces("words", record)]
"""Every payload of every view, in every state."""


def elements(value):
    """What sends an action when it is used: everything in rows and beside paragraphs."""
    match value:
        case {"type": "actions", "elements": found}:
            yield from found
        case {"accessory": found} | {"dispatch_action": True, "element": found}:
            yield found
        case dict():
            yield from (each for inner in value.values() for each in elements(inner))
        case list() | tuple():
            yield from (each for inner in value for each in elements(inner))


ACTION_IDS = sorted({element["action_id"] for payload in EVERYTHING for element in elements(payload)})
FORMS = {payload["callback_id"]: payload for payload in EVERYTHING if "submit" in payload}


def test_the_walk_finds_what_people_press():
    assert {"acknowledge", "add_update", "resolve_open", "retry", "runbooks", "declare_anyway"} <= set(ACTION_IDS)
    written = {"note", "correct_entry", "keep_message", "make_action", "publish_update"}
    asked = {"severity_of", "services_of", "impact_of", "link_to", "invite_to"}
    assert {"declare", "update", "resolve", "postmortem"} | asked | written <= set(FORMS)


@pytest.mark.parametrize("action_id", [*ACTION_IDS, *(f"pick:{verb}" for verb in verbs(SEVERITIES))])
async def test_every_button_and_menu_has_a_listener_of_its_own(app, action_id):
    ours, unknown = await listener(app, pressed(action_id)), await listener(app, pressed("no_such_button"))
    assert ours is not None
    assert ours is not unknown


@pytest.mark.parametrize("callback_id", FORMS)
async def test_every_form_has_a_listener_and_shows_its_refusals_at_a_field_that_it_has(app, callback_id):
    view = FORMS[callback_id]
    fields = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    answer = await dispatched(app, interaction("view_submission", view={**view, "id": "V1", "state": {"values": {}}}))

    errors = json.loads(answer.body)["errors"]
    assert set(errors) <= set(fields)
    assert all(words.startswith("reached ") for words in errors.values())


@pytest.mark.parametrize(
    "body",
    [
        pressed("no_such_button"),
        pressed("several\nlines"),
        interaction("view_submission", view={"callback_id": "no_such_form", "type": "modal"}),
        interaction("view_closed", view={"callback_id": "no_such_form", "type": "modal"}),
        interaction("shortcut", callback_id="no_such_shortcut"),
        interaction("message_action", callback_id="no_such_shortcut", message={}, channel={"id": "C1"}),
        interaction("block_suggestion", action_id="no_such_menu", block_id="b", value=""),
    ],
    ids=lambda body: body["type"],
)
async def test_what_nobody_knows_is_acknowledged_all_the_same(app, body):
    assert (await dispatched(app, body)).status == 200


async def test_a_button_that_nobody_knows_is_answered_in_words(app, replies):
    await dispatched(app, pressed("no_such_button"))
    assert replies.sent == [
        "This version of Muster does not know that button or shortcut. `/incident help` shows what it knows."
    ]


@pytest.mark.parametrize("typed", [*EXAMPLES, *ALIASES, "nonsense"])
async def test_every_example_and_alias_of_help_is_answered(app, replies, typed):
    command = {"command": "/incident", "text": typed, "user_id": "U0001", "channel_id": "C1", "trigger_id": "1.2.3"}
    answer = await dispatched(app, {**command, "team_id": "T1", "response_url": "http://127.0.0.1:9/"})

    assert answer.status == 200
    assert answer.body or replies.sent
    assert "went wrong" not in answer.body


@pytest.mark.parametrize("shortcut", MANIFEST["features"]["shortcuts"], ids=lambda shortcut: shortcut["callback_id"])
async def test_every_shortcut_of_the_manifest_has_a_listener_of_its_own(app, replies, shortcut):
    assert (await dispatched(app, shortcut_used(shortcut))).status == 200
    [shown] = replies.sent
    assert shown == "declare" or shown.startswith("reached ")


@pytest.mark.parametrize("event", MANIFEST["settings"]["event_subscriptions"]["bot_events"])
async def test_every_event_of_the_manifest_has_a_listener(app, event):
    assert await listener(app, happened(event)) is not None


MESSAGES = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": {"type": "message", "channel": "C1"}}
"""Slack sends them where somebody subscribes the app to more than its manifest asks for."""


def every_body():
    """Every payload that a view, a menu, a shortcut, an event or a command of ours can lead to; and what is unknown."""
    yield {"command": "/incident", "text": "help", "user_id": "U0001", "channel_id": "C1", "trigger_id": "1.2.3"}
    yield from (pressed(id) for id in (*ACTION_IDS, *(f"pick:{verb}" for verb in VERBS), "no_such_button"))
    for callback_id in (*FORMS, "no_such_form"):
        yield interaction("view_submission", view={"callback_id": callback_id, "type": "modal"})
    yield interaction("view_closed", view={"callback_id": "no_such_form", "type": "modal"})
    yield interaction("block_suggestion", action_id="no_such_menu", block_id="b", value="")
    for shortcut in (*MANIFEST["features"]["shortcuts"], {"type": "global", "callback_id": "no_such_shortcut"}):
        yield shortcut_used(shortcut)
    yield from (happened(event) for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    yield MESSAGES


async def test_every_listener_is_reached_by_something_that_we_show_or_ask_for(app):
    reached = [await listener(app, body) for body in every_body()]
    assert [each.ack_function for each in app._async_listeners if each.ack_function not in reached] == []


def test_every_action_id_that_stands_in_the_source_is_emitted_by_some_view():
    names = (value for name, value in vars(actions).items() if name.isupper() and isinstance(value, str))
    ids = [value for value in names if value != actions.TOO_OLD]
    assert [id for id in ids if not any(emitted.startswith(id) for emitted in (*ACTION_IDS, "pick:"))] == []


# What domain emits, read from its source: no story reaches every branch.


def nodes(kind):
    """Everything of this kind in domain: (the function that it stands in, the node)."""
    yield from ((name, each) for name, each in all_nodes() if isinstance(each, kind))


@cache
def all_nodes():
    trees = [ast.parse(path.read_text()) for path in sorted((ROOT / "domain").glob("*.py"))]
    functions = [each for tree in trees for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]
    return [(function.name, each) for function in functions for each in ast.walk(function)]


def calls(*names):
    """Every call of these in domain."""
    found = nodes(ast.Call)
    yield from ((function, call) for function, call in found if ast.unparse(call.func).split(".")[-1] in names)


def literals(function, value):
    """The words that a value may be."""
    match value:
        case ast.Constant(str(word)):
            return {word}
        case ast.IfExp(body=one, orelse=other):
            return literals(function, one) | literals(function, other)
    return BOUND_LATER[function]


def effects():
    """(lane as it is written, kind)."""
    for function, call in calls("Effect"):
        yield from ((ast.unparse(call.args[0]), kind) for kind in literals(function, call.args[1]))


def sayings():
    """What `say` is given, and what stands under "say" in an effect's data."""
    for function, call in calls("say"):
        if call.args:  # else its data is a dictionary, found below
            yield from literals(function, call.args[0])
    for function, call in calls("tell"):
        if len(call.args) > 1:
            yield from literals(function, call.args[1])
    for function, call in calls("put"):
        yield from literals(function, call.args[2])
    for function, written in nodes(ast.Dict):
        for key, value in zip(written.keys, written.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "say":
                yield from literals(function, value)


EFFECTS = sorted(set(effects()))
TIMERS = sorted({*reminders.ALL, *(c.args[0].value for _, c in calls("Timer") if isinstance(c.args[0], ast.Constant))})


@pytest.mark.parametrize(("lane", "kind"), EFFECTS)
def test_every_effect_has_a_verb_that_carries_it_out(lane, kind):
    ours = {"'slack'": "slack", "MESSAGES": "slack-page", "paging.MESSAGES": "slack-page"}
    vendors = Vendors(Reached(), *[{f"vendor {n}": Reached()} for n in range(5)]).verbs()
    able = [vendors[ours[lane]]] if lane in ours else [known for name, known in vendors.items() if "vendor" in name]
    assert any(kind in known for known in able)


@pytest.mark.parametrize("kind", sorted({kind for _, kind in EFFECTS}))
def test_every_effect_has_a_name_that_is_no_name_of_the_code(kind):
    assert kind in words.KINDS


@pytest.mark.parametrize("say", sorted(set(sayings())))
def test_everything_that_domain_says_has_its_words(say):
    assert say in SAYINGS


@pytest.mark.parametrize("kind", TIMERS)
def test_every_timer_has_its_work(kind):
    due = Due(1, 42, kind, NOW, {"level": 0, "round": 1})
    Timers(None, None, POLICY, None)._decide(due, samples.STATES["fresh"], NOW)


def test_the_reading_of_domain_finds_what_is_known_to_be_there():
    assert ("'slack'", "create_room") in EFFECTS
    assert ("policy.phone", "call") in EFFECTS
    assert {"acknowledge_timeout", "archive_channel", "phone_call", "repeat_ladder"} <= set(TIMERS)
    assert {"acknowledged", "page_failed", "room_gone", "failed"} <= set(sayings())
