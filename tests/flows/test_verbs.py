"""Every verb is answered within 3 s, wherever it is said, however the incident is named, whoever hangs, once or twice.

Each test is a column of tests/flows/verb_rows.py: the whole table is asked at once, in one world, so that what an
incident costs to begin is waited for once and not a row."""

import asyncio
import json
import re

import pytest

from domain.settings import Settings
from domain.verbs import VERBS
from sandbox.slack.objects import User
from tests.flows.asking import CLOSED, FRESH, OPEN, ask, begin, last_words, room_of, written
from tests.flows.verb_rows import ABOUT, ELSEWHERE, WHILE_ALL_HANGS, buttons_of, verbs_with_a_row
from tests.world import ROOT, shown
from views import actions

in_this_world = pytest.mark.asyncio(loop_scope="module")
MENU = "Choose an incident"
AT_ONCE = 12
"""So many people type at the same moment: more would measure this machine."""
FOR_GUESTS_TOO = ("help",)
LOOKS = ("status", "timeline", "catchup", "roles", "show", "explain", "list", "help", "runbook", "mine", "oncall",
         "testpage")  # fmt: skip
"""What only looks is for every member."""


async def together(works):
    """What each of these gives, in their order; some at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(work):
        async with gate:
            return await work

    return await asyncio.gather(*(one(work) for work in works))


async def begun(world, state="", severity="SEV-4"):
    """A fresh incident for each row, in the state that it asks for, or in one for all."""
    keys = await together(begin(world, state or row.of, severity) for row in ABOUT.values())
    return dict(zip(ABOUT, keys, strict=True))


async def typed_about(world, keys, id_of, channel_of=lambda key: "#general", who="ana"):
    """The answer to each row, with its incident named as `id_of` says; and the other one that some name."""
    other = await begin(world)
    asked = (ask(world, row.text(id_of(keys[name]), other), channel_of(keys[name]), who) for name, row in ABOUT.items())
    return dict(zip(ABOUT, await together(asked), strict=True)), other


def each_holds(subtests, told, wanted):
    """Every row is reported by itself."""
    for name, answer in told.items():
        with subtests.test(row=name):
            assert wanted(name) in answer


def answer_of(keys, other):
    return lambda name: ABOUT[name].answer.format(key=keys[name], other=other)


def test_every_verb_of_help_has_a_row():
    assert verbs_with_a_row() == set(VERBS)


@in_this_world
async def test_in_a_room_the_incident_need_not_be_named(shared_world, subtests):
    keys = await begun(shared_world, severity="SEV-3")
    rooms = {key: await room_of(shared_world, key) for key in keys.values()}

    told, other = await typed_about(shared_world, keys, lambda key: "", rooms.get)
    each_holds(subtests, told, answer_of(keys, other))


@in_this_world
async def test_a_trackers_id_names_the_incident_anywhere(shared_world, subtests):
    keys = await begun(shared_world)

    def issues():
        known = shared_world.rows("SELECT incident, data FROM external_ref WHERE kind = 'issue'")
        return {f"INC-{number}": json.loads(data)["key"] for number, data in known}

    await shared_world.until(lambda: set(keys.values()) <= set(issues()))
    told, other = await typed_about(shared_world, keys, issues().get)
    each_holds(subtests, told, answer_of(keys, other))


@in_this_world
@pytest.mark.parametrize("spelling", ["INC-{n}", "inc-{n}", "#{n}", "{n}"])
async def test_outside_it_is_named_by_its_number(shared_world, subtests, spelling):
    keys = await begun(shared_world)

    told, other = await typed_about(shared_world, keys, lambda key: spelling.format(n=key[4:]))
    each_holds(subtests, told, answer_of(keys, other))


@in_this_world
async def test_outside_without_a_name_it_is_picked_and_what_was_typed_is_used(shared_world, subtests):
    keys, other = await begun(shared_world), await begin(shared_world)

    async def picked(who, names):
        """The answers of one person, who sees one question at a time."""
        user, answers = shared_world.workspace.user(who).id, {}
        for name in names:
            assert "Which incident" in await ask(shared_world, ABOUT[name].text("", other), who=who)
            chosen = await shared_world.people.select(who, MENU, keys[name][4:], channel="#general")
            assert not chosen.timeout
            await shared_world.until(lambda: "Which incident" not in last_words(shared_world, user))
            answers[name] = last_words(shared_world, user)
        return answers

    names = list(ABOUT)
    people = ("ana", "ben", "chris")
    told = await asyncio.gather(*(picked(who, names[at :: len(people)]) for at, who in enumerate(people)))
    each_holds(subtests, {name: words for each in told for name, words in each.items()}, answer_of(keys, other))


@in_this_world
async def test_phones_send_curly_quotes(shared_world, subtests):
    keys, other = await begun(shared_world), await begin(shared_world)

    def quoted(name):
        return re.sub(f"(?<={keys[name]} )(.+)", r"“\1”", ABOUT[name].text(keys[name], other))

    told = dict(zip(ABOUT, await together(ask(shared_world, quoted(name)) for name in ABOUT), strict=True))
    each_holds(subtests, told, answer_of(keys, other))


@in_this_world
async def test_a_closed_incident_says_so_and_what_to_do(shared_world, subtests):
    keys = await begun(shared_world, CLOSED)

    told, _ = await typed_about(shared_world, keys, lambda key: key)
    each_holds(subtests, told, lambda name: ABOUT[name].closed.format(key=keys[name]))


@in_this_world
async def test_an_unknown_incident_is_refused_with_the_list_that_shows_those_there_are(shared_world, subtests):
    told, _ = await typed_about(shared_world, dict.fromkeys(ABOUT, ""), lambda key: "INC-99999")

    each_holds(subtests, told, lambda _: "There is no incident INC-99999. `/incident list` shows those there are.")


async def elsewhere_answered(world, subtests, instead):
    """What is about no incident is answered as the table says, or as `instead` does."""
    await begin(world)
    texts = {text: next(FRESH) for text in ELSEWHERE}
    told = await together(ask(world, text.format(n=n)) for text, n in texts.items())
    each_holds(subtests, dict(zip(texts, told, strict=True)), lambda t: instead.get(t, ELSEWHERE[t]).format(n=texts[t]))


@in_this_world
async def test_what_is_about_no_incident_is_answered_anywhere(shared_world, subtests):
    await elsewhere_answered(shared_world, subtests, {})


@in_this_world
async def test_the_same_envelope_twice_changes_nothing(shared_world, subtests):
    keys = await begun(shared_world)
    known = len(shared_world.sandbox.socket.deliveries)
    told, other = await typed_about(shared_world, keys, lambda key: key)
    each_holds(subtests, told, answer_of(keys, other))
    await elsewhere_answered(shared_world, subtests, {})
    envelopes = [each.envelope["envelope_id"] for each in shared_world.sandbox.socket.deliveries[known:]]
    once = written(shared_world)
    assert len(envelopes) > len(ABOUT) + len(ELSEWHERE)

    await together(shared_world.sandbox.socket.redeliver(id) for id in envelopes)
    assert written(shared_world) == once


@pytest.mark.skipif("permissions" not in Settings.model_fields, reason="there are no permissions yet")
@in_this_world
async def test_a_guest_is_refused_with_a_sentence_and_changes_nothing(shared_world, subtests):
    shared_world.workspace.add_user(User("U0GUEST", "gwen", "Gwen", guest=True))
    keys = await begun(shared_world)
    other = await begin(shared_world)
    wanted = {row.text(keys[name], other): answer_of(keys, other)(name) for name, row in ABOUT.items()}
    wanted |= {text.format(n=0): ELSEWHERE[text] for text in ELSEWHERE if not text.startswith(FOR_GUESTS_TOO) and text}
    before = written(shared_world)
    told = await together(ask(shared_world, text, who="gwen") for text in wanted)
    for text, answer in zip(wanted, told, strict=True):
        with subtests.test(row=text):
            assert answer
            assert wanted[text] not in answer
    assert written(shared_world) == before


async def test_a_member_without_permission_is_refused_with_a_sentence_and_changes_nothing(world, subtests):
    only_ana = re.compile("^  (declare|respond|severity|page|publish|close|override): .*$", re.MULTILINE)
    config = world.folder / "config.yaml"
    config.write_text(only_ana.sub(r"  \1: [U0001]", (ROOT / "config.yaml").read_text()))
    world.command = (*world.command, "--config", str(config))
    await world.restart()
    keys = await begun(world)
    other = await begin(world)
    texts = [*(row.text(keys[name], other) for name, row in ABOUT.items()), *(t.format(n=0) for t in ELSEWHERE if t)]
    before = written(world)
    told = await together(ask(world, text, who="chris") for text in texts)
    for text, answer in zip(texts, told, strict=True):
        looks = text.startswith(LOOKS) and text != f"status {keys['set status']} identified a full disk"
        with subtests.test(row=text):
            assert bool(re.fullmatch("You may not [a-z ]+: that is for Ana. Ask Ana.", answer)) != looks
    assert written(world) == before


def test_every_button_has_a_place_in_the_table():
    known = [action_id for action_id, _ in buttons_of(1)]
    named = (value for name, value in vars(actions).items() if name.isupper() and isinstance(value, str))
    assert [id for id in named if id != actions.TOO_OLD and not any(each.startswith(id) for each in known)] == []


@in_this_world
async def test_a_guest_who_presses_is_refused_with_a_sentence_and_changes_nothing(shared_world, subtests):
    guest = shared_world.workspace.user("guest")
    key = await begin(shared_world, severity="SEV-3")
    room = shared_world.workspace.channel(await room_of(shared_world, key))
    shared_world.people.join(f"#{room.name}", "guest")
    card = next(message for message in room.messages if message.ts in room.pins)
    await shared_world.settled()
    before = written(shared_world)

    for action_id, value in buttons_of(int(key[4:])):
        chosen = {"text": {"type": "plain_text", "text": "x"}, "value": value}
        more = {"selected_option": chosen, "selected_options": [chosen], "selected_user": guest.id}
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, **more}
        answer = await shared_world.people.screen.touched(guest, card, action)
        await shared_world.until(lambda answer=answer: answer.ephemerals)
        with subtests.test(button=action_id):
            assert not answer.timeout
            assert "guests may not" in shown(answer)
    assert shared_world.people.modal("guest") is None
    assert written(shared_world) == before


@in_this_world
async def test_a_list_links_the_rooms(shared_world):
    room = await room_of(shared_world, await begin(shared_world, OPEN, "SEV-3"))

    assert f"<#{shared_world.workspace.channel(room).id}>" in await ask(shared_world, "list SEV-3")


@in_this_world
async def test_a_filtered_list_shows_old_ones_behind_any_number_of_new_ones(shared_world):
    key = await begin(shared_world, CLOSED)
    await together(begin(shared_world) for _ in range(12))

    assert key in await ask(shared_world, "list closed")


@in_this_world
async def test_a_text_typed_with_the_verb_can_be_changed_before_the_incident_is_picked(shared_world):
    key = await begin(shared_world)
    await ask(shared_world, "resolve restartd it")
    question = shared_world.workspace.ephemerals["U0001"][-1]
    written_with = next(block for block in question.blocks if block["type"] == "input")
    assert written_with["element"]["initial_value"] == "restartd it"

    written_with["element"]["initial_value"] = "restarted it"
    await shared_world.people.select("ana", MENU, key[4:], channel="#general")

    await shared_world.until(lambda: "is resolved" in last_words(shared_world))
    assert "restarted it" in await ask(shared_world, f"show {key}")


@in_this_world
async def test_the_runbooks_button_asks_which_where_none_fits(shared_world):
    key = await begin(shared_world, OPEN, "SEV-3")
    await shared_world.people.click("ana", "Runbooks", channel=await room_of(shared_world, key))

    await shared_world.until(lambda: f"No runbook says that it fits for {key}." in last_words(shared_world))


@in_this_world
async def test_everything_is_answered_while_every_vendor_hangs(shared_world, subtests):
    keys, picked_for = await begun(shared_world), await begin(shared_world)
    shared_world.sandbox.faults.add("*", "hang")
    try:
        (told, other), _, declared, form = await asyncio.gather(
            typed_about(shared_world, keys, lambda key: key),
            elsewhere_answered(shared_world, subtests, WHILE_ALL_HANGS),
            ask(shared_world, 'start SEV-1 "all is down"', who="ben"),
            ask(shared_world, "start", who="chris"),
        )
        each_holds(subtests, told, answer_of(keys, other))
        assert "declared: SEV-1" in declared
        assert "Everything can be typed" in form
        assert "Which incident" in await ask(shared_world, "resolve all is well")
        picked = await shared_world.people.select("ana", MENU, picked_for[4:], channel="#general")
        assert not picked.timeout
    finally:
        shared_world.sandbox.faults.clear()
