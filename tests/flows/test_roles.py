"""Who does what in an incident: taken, given, handed over, left; said in the room, and to whoever gets it."""

import asyncio

from tests.flows.asking import ask, begin, last_words
from tests.world import shown, words


def notes(world, who):
    """What somebody was told in private of a role."""
    return [text for text in map(words, world.workspace.dms(who)) if text.startswith("You are *")]


async def test_a_role_is_taken_and_given_with_a_note_and_everything_that_names_the_commander_follows(world):
    room = await world.declare()
    assert "You are *Technical lead* of *INC-1*." in await ask(world, "role tech", room, who="ben")
    await world.until(lambda: notes(world, "U0002"))
    assert "You direct the repair" in notes(world, "U0002")[0]
    await world.until(lambda: "*Roles* Technical lead <@U0002>" in world.card(room))

    assert "<@U0003> is *Incident commander* of *INC-1* now" in await ask(world, "role commander @chris", room)
    await world.until(lambda: "IC <@U0003>" in world.workspace.channel(room).topic)
    await world.until(lambda: "<@U0001> handed over: <@U0003> is *Incident commander* now." in world.room_text(room))
    await world.until(lambda: "Commander* <@U0003>" in world.card(room))
    await world.until(lambda: "Commander* <@U0003>" in words(world.workspace.messages("#incidents")[-1]))
    await world.until(lambda: "U0003" in world.workspace.channel(room).members)
    assert "given to you by <@U0001>" in notes(world, "U0003")[0]
    # The column and the roles are the same thing.
    held = "SELECT role, person, author FROM role WHERE ended_at IS NULL ORDER BY role"
    assert world.rows(held) == [("commander", "U0003", "U0001"), ("tech", "U0002", "U0002")]
    assert world.rows("SELECT commander FROM incident") == [("U0003",)]
    assert world.rows("SELECT person FROM role WHERE ended_at IS NOT NULL") == [("U0001",)]


async def test_of_two_who_take_a_role_at_once_one_gets_it_and_the_other_is_told_who_and_may_insist(world):
    room = await world.declare()
    answers = await asyncio.gather(*(ask(world, "role commander", room, who=who) for who in ("ben", "chris")))
    [lost] = [who for who, told in zip(("ben", "chris"), answers, strict=True) if "Nothing was changed" in told]
    winner, other = {"ben": ("U0003", "U0002"), "chris": ("U0002", "U0003")}[lost]
    assert f"<@{winner}> is *Incident commander* of *INC-1* since" in last_words(world, other)

    await world.people.click(lost, "Take it over", channel=room)
    await world.until(lambda: "You are *Incident commander* of *INC-1*." in last_words(world, other))
    assert world.rows("SELECT commander FROM incident") == [(other,)]
    again = [ask(world, "role commander", room, who=who) for who in ("ben", "chris")]
    assert sorted("already" in told for told in await asyncio.gather(*again)) == [False, True]


async def test_the_board_shows_who_and_who_before_takes_leaves_and_hands_over(world):
    room = await world.declare()
    await ask(world, "role tech @ben", room)
    await ask(world, "role tech leave", room, who="ben")
    await world.until(lambda: "<@U0002> is no longer *Technical lead*: nobody is." in world.room_text(room))

    board = await ask(world, "roles", room)
    assert "*Incident commander* <@U0001> since" in board
    assert "*Technical lead* nobody (before: <@U0002> until" in board
    await world.people.click("ana", "Take: Scribe", channel=room)
    await world.until(lambda: "You are *Scribe*" in last_words(world))
    await ask(world, "roles", room)
    await world.people.select("ana", "give_role:1:comms", "chris", channel=room)
    await world.until(lambda: "<@U0003> is *Communications* of *INC-1* now" in last_words(world))
    await ask(world, "roles", room)
    await world.people.click("ana", "Leave: Scribe", channel=room)
    await world.until(lambda: "You are no longer *Scribe*" in last_words(world))
    held = "SELECT role, person FROM role WHERE ended_at IS NULL ORDER BY role"
    assert world.rows(held) == [("commander", "U0001"), ("comms", "U0003")]
    shows = await ask(world, "show", room)
    assert "<@U0001> left the role Scribe" in shows


async def test_whoever_leaves_the_room_leaves_their_roles_and_that_is_said(world):
    room = await world.declare()
    await ask(world, "role tech @ben", room)
    await world.until(lambda: "U0002" in world.workspace.channel(room).members)
    world.workspace.leave(world.workspace.channel(room), "U0002")
    await world.until(lambda: "<@U0002> has left this room. Nobody is *Technical lead* now." in world.room_text(room))

    world.workspace.deactivate(world.workspace.user("ana"))
    await world.until(lambda: "Nobody is *Incident commander* now." in world.room_text(room))
    await world.people.click("chris", "Take: Incident commander", channel=room)
    await world.until(lambda: "IC <@U0003>" in world.workspace.channel(room).topic)


async def test_a_watch_handed_over_in_a_room_hands_over_what_one_is_there(world):
    room = await world.declare()
    await ask(world, "role scribe", room)
    told = await ask(world, 'handover @ben "the replica is still behind"', room)
    assert "They are *Incident commander* and *Scribe* of it now." in told
    await world.until(lambda: "<@U0002> is *Incident commander* and *Scribe* now." in world.room_text(room))
    await world.until(lambda: notes(world, "U0002"))
    [note] = notes(world, "U0002")
    assert "<@U0001> says: the replica is still behind" in note
    assert "You write down" in note
    await world.until(lambda: "IC <@U0002>" in world.workspace.channel(room).topic)
    # Who is nothing there hands over nothing.
    assert "of it now" not in await ask(world, "handover @chris", room)
    assert "That is you." in await ask(world, "handover @ana", room)
    assert world.rows("SELECT commander FROM incident") == [("U0002",)]


async def test_without_a_room_roles_work_too_and_what_cannot_be_says_what_to_do(world):
    key = await begin(world)
    assert f"You are *Scribe* of *{key}*." in await ask(world, f"role {key} scribe me")
    assert "There is no role `scrieb`. Did you mean `scribe`?" in await ask(world, f"role {key} scrieb")
    assert "Who is `@dana`?" in await ask(world, f"role {key} tech @dana")
    assert "You are not Scribe" in await ask(world, f"role {key} scribe leave", who="ben")
    assert "Nobody is Technical lead" in await ask(world, f"role {key} tech leave")
    assert "*Scribe* <@U0001>" in await ask(world, f"role {key}")
    assert "Which incident is it?" in await ask(world, "role scribe @ben")
    await world.people.select("ana", "Choose an incident", key.removeprefix("INC-"), channel="#general")
    await world.until(lambda: "<@U0002> is *Scribe*" in last_words(world))
    await ask(world, f"resolve {key} done")
    await ask(world, f"close {key}")
    assert "is closed, and its roles with it" in await ask(world, f"role {key} tech")
    assert "*Scribe* <@U0002>" in shown(await world.say("ana", f"/incident roles {key}"))


async def test_whoever_was_deactivated_in_slack_is_noticed_when_roles_are_shown_and_said_once(world):
    room = await world.declare("SEV-1", "db down", who="ben")
    await ask(world, "role tech @chris", room, who="ben")
    await world.settled()
    for who in ("ben", "chris"):
        world.workspace.user(who).deactivated = True  # and Slack tells nobody
    assert "<@U0003>" in await ask(world, "roles", room)

    gone = "is deactivated in Slack. Nobody is"
    await world.until(lambda: world.room_text(room).count(gone) >= 2)
    await world.settled()
    told = world.room_text(room)
    assert f"<@U0003> {gone} *Technical lead* now." in told
    assert f"<@U0002> {gone} *Incident commander* now." in told
    again = await ask(world, "roles", room)
    await world.settled()
    assert "*Technical lead* nobody (before: <@U0003>" in again
    assert world.room_text(room).count(gone) == told.count(gone)
