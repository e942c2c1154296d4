"""Whatever is emitted is expected: every id has its listener, every effect its verb, every timer its work."""

import ast
import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from domain import reminders
from domain.errors import Refused
from domain.verbs import ALIASES, verbs
from handlers.slack import app as slack_app
from handlers.slack.checklists import ChecklistVerbs
from handlers.slack.on_call import OnCallVerbs
from handlers.slack.reminders import ReminderVerbs
from handlers.slack.roles import RoleVerbs
from handlers.slack.runbooks import RunbookVerbs
from handlers.slack.scope import ScopeVerbs
from handlers.slack.trials import TrialVerbs
from handlers.slack.verbs import Verbs
from service.deliveries import Vendors
from service.rosters import Rosters
from service.runbooks import Shelf
from service.timers import Timers
from storage.timers import Due
from tests.policies import policy
from tests.views import samples
from tests.views.everything import surfaces
from views.room import SAYINGS

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
POLICY = policy()
SEVERITIES = [severity.name for severity in POLICY.severities]
EXAMPLES = [example for verb in verbs(SEVERITIES).values() for example in verb.examples]
MANIFEST = yaml.safe_load((ROOT / "manifest.yaml").read_text())
BOUND_LATER = {
    "calls": {"call", "text"},
    "told": {"acknowledge", "resolve"},
    "room_changed": {"room_renamed", "room_unarchived", "room_gone", "bot_removed"},
    "say": set(),
    "tell": set(),
    "put": set(),
}
"""Functions of domain that emit what a variable names, and what it may name; `say`, `tell` and `put` name what is
given."""


class Reached:
    """Incidents at whose door every request is turned away, so that whoever knocks is seen."""

    async def named(self, channel, issue):
        return None, None

    def __getattr__(self, name):
        async def refuse(*_, **__):
            raise Refused(f"reached {name}")

        return refuse


class Silent:
    """Slack, which takes everything."""

    def __init__(self):
        self.sent = []

    async def open_form(self, trigger_id, view):
        self.sent.append(view["callback_id"])
        return True

    async def send(self, response_url, answer):
        self.sent.append(answer["text"])
        return True

    tell = send


@pytest.fixture
def replies():
    return Silent()


@pytest.fixture
def app(replies):
    incidents = Reached()
    clock = type("Clock", (), {"now": lambda self: NOW})()
    families = (
        OnCallVerbs(incidents, Rosters({}, POLICY), POLICY, clock),
        TrialVerbs(incidents),
        RunbookVerbs(Shelf(POLICY, ROOT), incidents, clock),
        ChecklistVerbs(incidents, POLICY),
        ScopeVerbs(incidents, incidents, POLICY, replies),
        RoleVerbs(incidents, POLICY),
        ReminderVerbs(incidents, incidents, POLICY, clock),
    )
    known = Verbs(incidents, replies, POLICY, clock, families)
    return slack_app.build(AsyncWebClient(retry_handlers=[]), "xoxb-1", {"user_id": "U0BOT"}, incidents, known)


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


def everything():
    """Every payload of every view, in every state."""
    for record in samples.STATES.values():
        yield from (payload for _, payload in surfaces("words", record))


def elements(value):
    """What sends an action when it is used: everything in rows and beside paragraphs."""
    match value:
        case {"type": "actions", "elements": found}:
            yield from found
        case {"accessory": found}:
            yield found
        case dict():
            yield from (each for inner in value.values() for each in elements(inner))
        case list() | tuple():
            yield from (each for inner in value for each in elements(inner))


ACTION_IDS = sorted({element["action_id"] for payload in everything() for element in elements(payload)})
FORMS = {payload["callback_id"]: payload for payload in everything() if payload.get("type") == "modal"}


def test_the_walk_finds_what_people_press():
    assert {"acknowledge", "add_update", "resolve_open", "retry", "runbooks", "declare_anyway"} <= set(ACTION_IDS)
    asked = {"severity_of", "services_of", "impact_of", "link_to", "invite_to"}
    assert set(FORMS) == {"declare", "update", "resolve", "postmortem"} | asked


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
async def test_every_shortcut_of_the_manifest_opens_its_form_or_says_that_it_is_not_known(app, replies, shortcut):
    kind = {"global": "shortcut", "message": "message_action"}[shortcut["type"]]
    body = interaction(kind, callback_id=shortcut["callback_id"], message={"text": "x"}, channel={"id": "C1"})
    assert (await dispatched(app, body)).status == 200
    [shown] = replies.sent
    assert shown == "declare" if shortcut["callback_id"].startswith("declare_") else "does not know" in shown


@pytest.mark.parametrize("event", MANIFEST["settings"]["event_subscriptions"]["bot_events"])
async def test_every_event_of_the_manifest_has_a_listener(app, event):
    inner = {"type": event.split(".")[0], "channel": "C1", "user": "U0001"}
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": inner}
    assert await listener(app, body) is not None


# What domain emits, read from its source: no story reaches every branch.


def nodes(kind):
    """Everything of this kind in domain: (the function that it stands in, the node)."""
    for path in sorted((ROOT / "domain").glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                yield from ((function.name, each) for each in ast.walk(function) if isinstance(each, kind))


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
