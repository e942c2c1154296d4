"""Modals and the Home tab of the stand-in, and the people who fill them in."""

import asyncio

import pytest

from sandbox.slack.values import REQUIRED
from sandbox.slack.workspace import Impossible
from tests.sandbox.slack_client import Answering, receive


def text(words):
    return {"type": "plain_text", "text": words}


def field(label, block_id, optional=False, **element):
    element = {"type": "plain_text_input", "action_id": "a"} | element
    return {"type": "input", "block_id": block_id, "label": text(label), "optional": optional, "element": element}


def options(*labels):
    return [{"text": text(label), "value": label.lower()} for label in labels]


def modal(*blocks, **more):
    return {"type": "modal", "title": text("Declare"), "submit": text("Send"), "blocks": list(blocks), **more}


FORM = modal(
    field("Title", "t", max_length=10),
    field("Severity", "s", type="static_select", options=options("SEV-1", "SEV-2")),
    field("Notes", "n", optional=True),
)


class Opening:
    """A bot that opens a modal at every command and answers every submission with `reply`."""

    def __init__(self, view=FORM):
        self.view, self.reply, self.submitted = view, None, []

    def __call__(self, envelope):
        if envelope["payload"].get("type") == "view_submission":
            self.submitted.append(envelope["payload"]["view"])
            return self.reply
        return None


@pytest.fixture
async def form(sandbox, slack):
    """A bot with its modal open in front of Ana."""
    form = Opening()
    form.bot = Answering(await slack.connect(), form)
    answer = await sandbox.people.say("ana", "/incident")
    assert (await slack("views.open", trigger_id=answer.trigger_id, view=form.view))["ok"]
    return form


async def test_a_trigger_lives_three_seconds_and_works_once(sandbox, slack, bot, seconds):
    first = await sandbox.people.say("ana", "/incident")
    assert (await slack("views.open", trigger_id=first.trigger_id, view=FORM))["ok"]
    assert (await slack("views.open", trigger_id=first.trigger_id, view=FORM))["error"] == "exchanged_trigger_id"

    late = await sandbox.people.say("ana", "/incident")
    seconds.now += 3.1
    assert (await slack("views.open", trigger_id=late.trigger_id, view=FORM))["error"] == "expired_trigger_id"
    assert (await slack("views.open", trigger_id="1.2.3", view=FORM))["error"] == "invalid_trigger_id"


async def test_moving_the_clock_does_not_age_a_trigger(sandbox, slack, bot):
    answer = await sandbox.people.say("ana", "/incident")
    sandbox.clock.move("+24h")
    assert (await slack("views.open", trigger_id=answer.trigger_id, view=FORM))["ok"]


async def test_a_filled_in_form_arrives_with_every_value(sandbox, form):
    assert await sandbox.people.submit("ana", {"Title": "db down", "Severity": "SEV-1"}) == {}

    values = form.submitted[0]["state"]["values"]
    assert values["t"]["a"] == {"type": "plain_text_input", "value": "db down"}
    assert values["s"]["a"]["selected_option"]["value"] == "sev-1"
    assert values["n"]["a"]["value"] is None
    assert sandbox.people.modal("ana") is None


async def test_the_client_itself_asks_for_what_is_required_or_too_long(sandbox, form):
    assert await sandbox.people.submit("ana", {"Title": "db"}) == {"s": REQUIRED}
    errors = await sandbox.people.submit("ana", {"Title": "x" * 11, "Severity": "SEV-1"})
    assert errors == {"t": "Please shorten this to 10 characters."}
    assert form.submitted == []


async def test_errors_keep_the_form_open(sandbox, form):
    form.reply = {"response_action": "errors", "errors": {"t": "Say more"}}
    assert await sandbox.people.submit("ana", {"Title": "db", "Severity": "SEV-1"}) == {"t": "Say more"}
    assert sandbox.people.modal("ana") is not None
    assert sandbox.record.violations == []


async def test_an_error_for_what_is_no_input_is_recorded(sandbox, form):
    form.reply = {"response_action": "errors", "errors": {"a": "keyed by the action"}}
    await sandbox.people.submit("ana", {"Title": "db", "Severity": "SEV-1"})
    assert sandbox.record.violations == ["view_submission: an error for 'a', which is no input block"]


async def test_a_submission_updates_pushes_and_clears(sandbox, form):
    filled = {"Title": "db", "Severity": "SEV-1"}
    done = {"type": "modal", "title": text("Done"), "blocks": [{"type": "divider"}]}

    form.reply = {"response_action": "push", "view": modal(*FORM["blocks"], title=text("Second"))}
    await sandbox.people.submit("ana", filled)
    second = sandbox.people.modal("ana")
    assert second.content["title"]["text"] == "Second"
    assert second.previous == second.root

    form.reply = {"response_action": "update", "view": done}
    await sandbox.people.submit("ana", filled)
    assert sandbox.people.modal("ana").content["title"]["text"] == "Done"
    await sandbox.people.dismiss("ana")
    assert sandbox.people.modal("ana").content["title"]["text"] == "Declare"

    form.reply = {"response_action": "clear"}
    await sandbox.people.submit("ana", filled)
    assert sandbox.people.modal("ana") is None


async def test_three_modals_are_the_deepest_stack(sandbox, slack, bot):
    pushing = modal({"type": "actions", "elements": [{"type": "button", "action_id": "more", "text": text("More")}]})
    answer = await sandbox.people.say("ana", "/incident")
    await slack("views.open", trigger_id=answer.trigger_id, view=pushing)
    for _ in range(2):
        answer = await sandbox.people.click("ana", "More")
        assert (await slack("views.push", trigger_id=answer.trigger_id, view=pushing))["ok"]
    answer = await sandbox.people.click("ana", "More")
    assert (await slack("views.push", trigger_id=answer.trigger_id, view=pushing))["error"] == "push_limit_reached"


async def test_pushing_without_a_modal_finds_nothing(sandbox, slack, bot):
    answer = await sandbox.people.say("ana", "/incident")
    assert (await slack("views.push", trigger_id=answer.trigger_id, view=FORM))["error"] == "not_found"


async def test_an_update_with_an_old_hash_conflicts(sandbox, slack, form):
    view = sandbox.people.modal("ana")
    old = view.hash
    assert (await slack("views.update", view_id=view.id, hash=old, view=FORM))["ok"]
    assert (await slack("views.update", view_id=view.id, hash=old, view=FORM))["error"] == "hash_conflict"
    assert (await slack("views.update", view_id="V9", view=FORM))["error"] == "not_found"
    assert (await slack("views.update", view=FORM))["error"] == "invalid_arguments"


async def test_an_external_id_names_one_view(sandbox, slack, bot):
    named = modal(*FORM["blocks"], external_id="declare-1")
    first = await sandbox.people.say("ana", "/incident")
    assert (await slack("views.open", trigger_id=first.trigger_id, view=named))["ok"]
    assert (await slack("views.update", external_id="declare-1", view=named))["ok"]
    second = await sandbox.people.say("ben", "/incident")
    answer = await slack("views.open", trigger_id=second.trigger_id, view=named)
    assert answer["error"] == "duplicate_external_id"


@pytest.mark.parametrize(
    ("view", "pointer"),
    [
        (modal(*FORM["blocks"], title=text("x" * 25)), "/view/title/text"),
        (modal(*FORM["blocks"], submit=text("x" * 25)), "/view/submit/text"),
        (modal(*FORM["blocks"], private_metadata="x" * 3001), "/view/private_metadata"),
        (modal(*FORM["blocks"], callback_id="x" * 256), "/view/callback_id"),
        (modal(*[{"type": "divider"}] * 101), "/view/blocks"),
        (FORM | {"submit": None}, "/view"),
        ({"type": "home", "blocks": []}, "/view/type"),
        ({"type": "modal", "title": text("x")}, "/view/blocks"),
        ([], "/view"),
    ],
)
async def test_a_malformed_view_is_refused_with_the_place(sandbox, slack, bot, view, pointer):
    answer = await sandbox.people.say("ana", "/incident")
    refused = await slack("views.open", trigger_id=answer.trigger_id, view=view)
    assert refused["error"] == "invalid_arguments"
    assert f"[json-pointer:{pointer}]" in refused["response_metadata"]["messages"][0]
    assert sandbox.record.violations


async def test_a_view_of_more_than_250_kb_is_too_large(sandbox, slack, bot):
    answer = await sandbox.people.say("ana", "/incident")
    large = modal(*[{"type": "section", "text": text("x" * 3000)}] * 90)
    assert (await slack("views.open", trigger_id=answer.trigger_id, view=large))["error"] == "view_too_large"


async def test_the_home_tab_is_published_and_its_buttons_work(sandbox, slack, bot):
    button = {"type": "button", "action_id": "declare", "text": text("Declare incident")}
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    made = (await slack("views.publish", user_id="U0001", view=home))["view"]
    await sandbox.people.click("ana", "Declare incident")
    assert bot.heard[-1]["payload"]["container"] == {"type": "view", "view_id": made["id"]}
    conflict = await slack("views.publish", user_id="U0001", view=home, hash="old")
    assert conflict["error"] == "hash_conflict"


async def test_closing_a_modal_is_told_where_it_was_asked_for(sandbox, slack, bot):
    answer = await sandbox.people.say("ana", "/incident")
    await slack("views.open", trigger_id=answer.trigger_id, view=modal(*FORM["blocks"], notify_on_close=True))
    await sandbox.people.dismiss("ana")
    assert bot.heard[-1]["payload"]["type"] == "view_closed"


async def test_a_submission_that_nobody_answers_says_so_and_stays_open(sandbox, slack, form):
    sandbox.socket.ack_seconds = 0.05
    form.bot.stop()
    errors = await sandbox.people.submit("ana", {"Title": "db", "Severity": "SEV-1"})
    assert list(errors) == ["timeout"]
    assert sandbox.people.modal("ana") is not None


async def test_an_unknown_field_or_option_is_the_testers_mistake(sandbox, form):
    with pytest.raises(Impossible, match="there are Title, Severity, Notes"):
        await sandbox.people.submit("ana", {"Tittle": "db"})
    with pytest.raises(Impossible, match="there are SEV-1, SEV-2"):
        await sandbox.people.submit("ana", {"Severity": "SEV-9"})
    with pytest.raises(Impossible, match="no modal"):
        await sandbox.people.submit("ben", {})


async def test_shortcuts_open_forms_too(sandbox, slack):
    socket = await slack.connect()
    message = sandbox.people.post("ana", "#incidents", "this matters")
    using = asyncio.create_task(sandbox.people.message_shortcut("ana", "add_to_timeline", "#incidents"))
    envelope = await receive(socket, "interactive")
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    answer = await using

    payload = envelope["payload"]
    assert (payload["type"], payload["callback_id"]) == ("message_action", "add_to_timeline")
    assert payload["message"]["ts"] == message.ts
    assert (await slack("views.open", trigger_id=answer.trigger_id, view=FORM))["ok"]


async def test_a_global_shortcut_has_no_channel(sandbox, bot):
    await sandbox.people.shortcut("ana", "declare_incident")
    payload = bot.heard[-1]["payload"]
    assert payload["type"] == "shortcut"
    assert "channel" not in payload
