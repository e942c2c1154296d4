"""Every verb is answered within 3 s, wherever it is said and however the incident is named."""

import re

import pytest

from tests.flows.asking import CLOSED, OPEN, RESOLVED, ask, begin, last_words, room_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

MENU = "Choose an incident"

VERBS = {
    "ack": (OPEN, "ack {id}", "You are on it: *{key}*"),
    "update": (OPEN, "update {id} rolling back", "Update posted to *{key}*"),
    "status": (OPEN, "status {id}", "*{key}* is *investigating*"),
    "set status": (OPEN, "status {id} identified a full disk", "*{key}* is *identified*"),
    "resolve": (OPEN, "resolve {id} restarted it", "*{key}* is resolved"),
    "stable": (RESOLVED, "stable {id}", "Noted: *{key}* is stable"),
    "close": (RESOLVED, "close {id} yes", "*{key}* is closed"),
    "reopen": (RESOLVED, "reopen {id} it is back", "*{key}* is open again and investigating"),
    "show": (OPEN, "show {id}", "{key} slow"),
    "explain": (OPEN, "explain {id}", "{key}"),
    "checklist": (OPEN, "checklist {id} triage", "*Triage*"),
    "note": (OPEN, "note {id} the replica was behind", "Noted in the timeline of *{key}*."),
    "timeline": (OPEN, "timeline {id}", "*Timeline of {key}"),
    "catchup": (OPEN, "catchup {id}", "*investigating* · since"),
    "action": (OPEN, "action {id} alert at 80 %", "Action item of *{key}* for <@U0001>: alert at 80 %"),
    "role": (OPEN, "role {id} tech", "You are *Technical lead* of *{key}*"),
    "roles": (OPEN, "roles {id}", "*Roles of {key}"),
    "snooze": (OPEN, "snooze {id} 1h", "The reminders of *{key}* are quiet until"),
}
"""The state that the incident must be in, what is typed, and what the answer holds."""

ABOUT_A_CLOSED_ONE = {
    "ack": "is closed: there is nothing to acknowledge",
    "update": "`/incident reopen {key}` opens it again",
    "status": "*{key}* is *closed*",
    "set status": "`/incident reopen {key}` opens it again",
    "resolve": "{key} is closed already",
    "close": "{key} is closed already",
    "reopen": "*{key}* is open again",
    "show": "Status: closed",
    "explain": "{key}",
    "checklist": "*Triage*",
    "note": "Noted in the timeline of *{key}*.",
    "timeline": "changed the status to closed",
    "catchup": "*closed* · since",
    "action": "Action item of *{key}*",
    "stable": "{key} is closed: whether it stays well",
    "role": "{key} is closed, and its roles with it",
    "roles": "*Roles of {key}",
    "snooze": "{key} is closed: nothing reminds anybody of it",
}

WITHOUT_AN_INCIDENT = {
    'start SEV-4 "logo is blurred"': "declared: SEV-4 low, logo is blurred. Nobody is paged.",
    "start SEV–4 “logo is crooked”": "declared: SEV-4 low, logo is crooked.",
    "list": "SEV-4 investigating",
    "list all": "SEV-4 investigating",
    "list “SEV-4”": "SEV-4 investigating",
    "list monitoring": "There is no incident that is monitoring.",
    "help": "*What Muster understands*",
    "help resolve": "`/incident resolve restarted the primary`",
    "mine": "*Your open incidents*",
    "runbook disk full": "📖 *Disk full*",
    "runbook": "*Runbooks*",
    "": "*What Muster understands*",
}

each_verb = pytest.mark.parametrize("verb", VERBS)


def text_of(verb, id):
    """The command with the incident named so, or not at all."""
    return " ".join(VERBS[verb][1].format(id=id).split())


def expected(verb, key):
    return VERBS[verb][2].format(key=key)


@each_verb
async def test_in_a_room_the_incident_need_not_be_named(shared_world, verb):
    key = await begin(shared_world, VERBS[verb][0], "SEV-3")
    room = await room_of(shared_world, key)

    assert expected(verb, key) in await ask(shared_world, text_of(verb, ""), channel=room)


@each_verb
async def test_a_trackers_id_names_the_incident_anywhere(shared_world, verb):
    key = await begin(shared_world, VERBS[verb][0], "SEV-3")
    issue = re.search(r"ROOSE-\d+", shared_world.card(await room_of(shared_world, key)))[0]

    assert expected(verb, key) in await ask(shared_world, text_of(verb, issue))


@each_verb
@pytest.mark.parametrize("spelling", ["INC-{n}", "inc-{n}", "#{n}", "{n}"])
async def test_outside_it_is_named_by_its_number(shared_world, verb, spelling):
    key = await begin(shared_world, VERBS[verb][0])

    assert expected(verb, key) in await ask(shared_world, text_of(verb, spelling.format(n=key[4:])))


@each_verb
async def test_outside_without_a_name_it_is_picked_and_what_was_typed_is_used(shared_world, verb):
    key = await begin(shared_world, VERBS[verb][0])

    assert "Which incident" in await ask(shared_world, text_of(verb, ""))
    chosen = await shared_world.people.select("ana", MENU, key[4:], channel="#general")

    assert not chosen.timeout
    await shared_world.until(lambda: expected(verb, key) in last_words(shared_world))


@each_verb
async def test_phones_send_curly_quotes(shared_world, verb):
    key = await begin(shared_world, VERBS[verb][0])
    typed = text_of(verb, key)
    quoted = re.sub(f"(?<={key} )(.+)", r"“\1”", typed)

    assert expected(verb, key) in await ask(shared_world, quoted)


@each_verb
async def test_a_closed_incident_says_so_and_what_to_do(shared_world, verb):
    key = await begin(shared_world, CLOSED)

    assert ABOUT_A_CLOSED_ONE[verb].format(key=key) in await ask(shared_world, text_of(verb, key))


@each_verb
async def test_an_unknown_incident_is_refused_with_the_list_that_shows_those_there_are(shared_world, verb):
    told = await ask(shared_world, text_of(verb, "INC-99999"))

    assert told == "There is no incident INC-99999. `/incident list` shows those there are."


@pytest.mark.parametrize("text", WITHOUT_AN_INCIDENT)
async def test_what_is_about_no_incident_is_answered_anywhere(shared_world, text):
    await begin(shared_world)

    assert WITHOUT_AN_INCIDENT[text] in await ask(shared_world, text)


async def test_a_list_links_the_rooms(shared_world):
    room = await room_of(shared_world, await begin(shared_world, OPEN, "SEV-3"))

    assert f"<#{shared_world.workspace.channel(room).id}>" in await ask(shared_world, "list SEV-3")


async def test_a_filtered_list_shows_old_ones_behind_any_number_of_new_ones(shared_world):
    key = await begin(shared_world, CLOSED)
    for _ in range(12):
        await begin(shared_world)

    assert key in await ask(shared_world, "list closed")


async def test_a_text_typed_with_the_verb_can_be_changed_before_the_incident_is_picked(shared_world):
    key = await begin(shared_world)
    await ask(shared_world, "resolve restartd it")
    question = shared_world.workspace.ephemerals["U0001"][-1]
    written = next(block for block in question.blocks if block["type"] == "input")
    assert written["element"]["initial_value"] == "restartd it"

    written["element"]["initial_value"] = "restarted it"
    await shared_world.people.select("ana", MENU, key[4:], channel="#general")

    await shared_world.until(lambda: "is resolved" in last_words(shared_world))
    assert "restarted it" in await ask(shared_world, f"show {key}")


async def test_the_runbooks_button_asks_which_where_none_fits(shared_world):
    key = await begin(shared_world, OPEN, "SEV-3")
    await shared_world.people.click("ana", "Runbooks", channel=await room_of(shared_world, key))

    await shared_world.until(lambda: f"No runbook says that it fits for {key}." in last_words(shared_world))


async def test_everything_is_answered_while_every_vendor_hangs(shared_world):
    keys = {verb: await begin(shared_world, state) for verb, (state, *_) in VERBS.items()}
    shared_world.sandbox.faults.add("*", "hang")
    try:
        for verb, key in keys.items():
            assert expected(verb, key) in await ask(shared_world, text_of(verb, key))
        assert "declared: SEV-1" in await ask(shared_world, 'start SEV-1 "all is down"')
        assert "Everything can be typed" in await ask(shared_world, "start")
        assert "Which incident" in await ask(shared_world, "resolve all is well")
        picked = await shared_world.people.select("ana", MENU, keys["update"][4:], channel="#general")
        assert not picked.timeout
    finally:
        shared_world.sandbox.faults.clear()
