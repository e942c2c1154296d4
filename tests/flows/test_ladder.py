"""Muster's own ladder until a human answers: who is rung when, by what; joined, escalated, stormed, and unreachable."""

import asyncio

import pytest

from tests.flows.test_pagers import without
from tests.world import ROOT, shown, words

ANA, BEN, CHRIS = "+15550000001", "+15550000002", "+15550000003"


async def own_ladder(world):
    """Muster is its own pager."""
    await without(world, "PAGERDUTY_INTEGRATION_KEY", "PAGERDUTY_API_KEY", "OPSGENIE_API_KEY")


def direct(world, who):
    """All direct messages, those that only tell among them."""
    return [words(message) for message in world.workspace.dms(who)]


def called(world):
    return [call["to"] for call in world.calls]


def paged(world, who):
    """The direct messages that page."""
    return [
        text
        for text in direct(world, who)
        if "You are told" not in text and ("You are paged" in text or "is on it" in text)
    ]


async def test_joining_is_no_acknowledgement_and_the_ladder_goes_on(world):
    await own_ladder(world)
    room = await world.declare()
    await world.until(lambda: paged(world, "ana"))
    answer = await world.people.click("ana", "I'm joining", channel="dm")
    await world.until(lambda: "Nobody has acknowledged yet" in shown(answer))
    await world.until(lambda: "is joining" in world.room_text(room) and "*Joining* <@U0001>" in world.card(room))
    world.move("+5m")
    await world.until(lambda: paged(world, "ben"))
    assert "*Not acknowledged yet*" in world.card(room)


async def test_whoever_cannot_has_the_next_level_paged_at_once_and_ten_clicks_are_one(world):
    await own_ladder(world)
    room = await world.declare()
    await world.until(lambda: paged(world, "ana"))
    clicks = [world.people.click("ana", "Can't, escalate now", channel="dm") for _ in range(10)]
    answers = await asyncio.gather(*clicks)
    await world.until(lambda: all("<@U0002>" in shown(answer) for answer in answers))
    await world.until(lambda: paged(world, "ben") and called(world) == [BEN])
    await world.settled()
    assert len(paged(world, "ben")) == 1
    assert paged(world, "chris") == []
    assert "*<@U0001> cannot take it*" in world.room_text(room)
    world.move("+2m")
    await world.settled()
    assert ANA not in called(world)
    await world.people.click("ben", "Acknowledge", channel="dm")
    await world.until(lambda: "<@U0002> is on it" in paged(world, "ana")[0])
    explained = shown(await world.say("chris", "/incident explain", room))
    assert "cannot take it" in explained
    assert "nothing rings, because" in explained


async def test_after_an_answer_a_person_can_still_page_and_the_page_says_who_is_on_it(world):
    await own_ladder(world)
    room = await world.declare()
    await world.until(lambda: paged(world, "ana"))
    await world.say("ana", "/incident ack", room)
    answer = await world.say("ana", '/incident page @chris "the money is gone"', room)
    assert "Paging <@U0003>" in shown(answer)
    assert "is on it" in shown(answer)
    await world.until(lambda: paged(world, "chris") and called(world) == [CHRIS])
    [page] = paged(world, "chris")
    assert "*You are paged by <@U0001>: the money is gone.*" in page
    assert "<@U0001> is on it" in page
    assert "Acknowledge\n" not in page
    answer = await world.say("ana", "/incident escalate I need help", room)
    assert "Paging <@U0002> now." in shown(answer)
    await world.until(lambda: paged(world, "ben"))
    assert shown(await world.say("ana", "/incident page @nobody", room)).count("not among")


@pytest.mark.long
async def test_twenty_incidents_ring_a_person_once_with_the_count(world):
    await own_ladder(world)
    for n in range(10):
        await world.say("ana", f'/incident start SEV-1 "storm {n}"')
    await world.settled()
    world.move("+60s")
    await world.settled()
    for n in range(10, 20):
        await world.say("ana", f'/incident start SEV-1 "storm {n}"')
    world.move("+31s")  # what gathers goes
    await world.settled()
    world.move("+29s")
    await world.until(lambda: called(world))
    await world.settled()
    assert called(world) == [ANA]
    assert len(world.texts) == 1
    assert "INC-1 storm 0. Reply 1 ack or 1 esc. And 19 more: see Slack" in world.texts[0]["body"]
    told = "\n".join(paged(world, "ana"))
    assert all(f"INC-{n}" in told for n in range(1, 21))
    assert len(paged(world, "ana")) <= 13  # ten at once, and what gathered behind them
    heard = await world.sandbox.vendors["twilio"].actions["answer"](to="ana", digits="1")
    assert "20 incidents page you. One acknowledges all of them." in " ".join(heard["said"])
    await world.settled()
    taken = "SELECT count(*) FROM incident WHERE acknowledged_by = 'U0001' AND acknowledged_means = 'phone'"
    assert world.rows(taken) == [(20,)]


async def called_for_three(world):
    """The rooms of three incidents for which Ana, who was called a moment ago, has one call together."""
    before = called(world).count(ANA)
    rooms = [await world.declare(title=f"storm {n}") for n in range(3)]
    world.move("+2m")
    await world.until(lambda: all("phone call … waits until" in world.card(room) for room in rooms))
    world.move("+3m")
    await world.until(lambda: called(world).count(ANA) == before + 1)
    await world.until(lambda: sum("rang with INC-" in world.card(room) for room in rooms) == 2)
    return rooms


async def test_a_call_for_several_rings_on_until_all_are_answered_and_says_what_a_key_took_on(world):
    await own_ladder(world)
    first = await world.declare()
    world.move("+2m")
    await world.until(lambda: called(world) == [ANA])
    await world.people.click("ben", "Acknowledge", channel=first)
    rooms = await called_for_three(world)
    await world.people.click("ben", "Acknowledge", channel=rooms[0])
    await world.until(lambda: waits_for(world, 3))
    assert calls_to_ana(world) == ["canceled", "ringing"]
    heard = await world.sandbox.vendors["twilio"].actions["answer"](to="ana", digits="1")
    assert "already acknowledged by Ben. 2 more are acknowledged and yours. Goodbye." in " ".join(heard["said"])
    taken = world.rows("SELECT acknowledged_by FROM incident ORDER BY number")
    assert taken == [("U0002",), ("U0002",), ("U0001",), ("U0001",)]

    rooms = await called_for_three(world)
    for room in rooms[:2]:
        await world.people.click("ben", "Acknowledge", channel=room)
    await world.until(lambda: waits_for(world, 7))
    await world.kill()
    await world.boot()
    assert calls_to_ana(world)[-1] == "ringing"
    await world.people.click("ben", "Acknowledge", channel=rooms[2])
    await world.until(lambda: calls_to_ana(world)[-1] == "canceled")


def calls_to_ana(world):
    return [call["status"] for call in world.calls if call["to"] == ANA]


def waits_for(world, number):
    """Whether the end of a call has been put off for this incident's sake."""
    return f"it rings for INC-{number} too" in str(world.rows("SELECT result, error FROM outbox"))


async def test_a_phone_that_rang_for_another_incident_just_now_says_why_it_is_silent(world):
    await own_ladder(world)
    await world.declare(title="db down")
    world.move("+2m")
    await world.until(lambda: called(world) == [ANA])
    room = await world.declare(title="api slow")
    world.move("+2m")
    why = "UTC: rung for INC-1 just now, and the next ring names all"
    await world.until(lambda: "phone call … waits until" in world.card(room))
    assert why in world.card(room)
    explained = shown(await world.say("ana", "/incident explain", room))
    assert "*Phone call (Twilio)* to <@U0001>: not sent yet: waits until" in explained
    assert why in explained
    assert called(world) == [ANA]
    world.move("+3m")
    await world.until(lambda: called(world)[:2] == [ANA, ANA])


async def test_where_nobody_can_be_reached_the_room_and_the_announcement_say_whom_to_call(world):
    (world.folder / "config.yaml").write_text(nobody_on_call())
    world.command = (*world.command, "--config", str(world.folder / "config.yaml"))
    await own_ladder(world)
    room = await world.declare()
    await world.until(lambda: "*Nobody in the ladder can be reached.*" in world.room_text(room))
    assert f"Ana {ANA} · Ben {BEN}" in world.room_text(room)
    await world.until(
        lambda: any("Nobody in the ladder can be reached" in words(m) for m in world.workspace.messages("#incidents"))
    )
    world.move("+60m")
    await world.until(lambda: world.room_text(room).count("*Nobody in the ladder can be reached.*") == 2)


async def test_a_hand_over_tells_both_what_is_open_and_what_rang(world):
    await own_ladder(world)
    room = await world.declare()
    await world.until(lambda: paged(world, "ana"))
    answer = await world.say("ana", '/incident handover @ben "watch the replica"', room)
    assert "Handed over to <@U0002>" in shown(answer)
    for who in ("ana", "ben"):
        [told] = [text for text in direct(world, who) if "*Hand-over*" in text]
        assert "watch the replica" in told
        assert "*Open now: 1*" in told
        assert "*Paged in the last week: 1*" in told
    await world.until(lambda: "*Hand-over* from <@U0001> to <@U0002>: watch the replica" in world.room_text(room))


async def test_the_lead_is_told_at_once_and_the_cto_later_whoever_has_answered(world):
    await own_ladder(world)
    room = await world.declare()
    await world.until(lambda: any("You are told, not paged" in text for text in direct(world, "ben")))
    await world.say("ana", "/incident ack", room)
    world.move("+15m")
    await world.until(lambda: any("You are told, not paged" in text for text in direct(world, "chris")))
    [told] = [text for text in direct(world, "chris") if "You are told" in text]
    assert "<@U0001> is on it" in told
    await world.until(lambda: "Should the next level be paged?" in world.room_text(room))
    assert paged(world, "chris") == called(world) == []
    world.move("+46m")
    await world.until(lambda: "The cloud's support: https://support.example.com" in world.room_text(room))


def nobody_on_call():
    """The delivered file with a ladder for hours that never are."""
    text = (ROOT / "config.yaml").read_text()
    never = 'working_hours:\n    days: [mon]\n    begin: "23:58"\n    end: "23:59"\n\ndatabase'
    begin, end = text.index("working_hours:\n    days"), text.index("database:\n")
    text = text[:begin] + never + text[end + len("database") :]
    return text.replace("when: always", "when: working_hours").replace(
        "acknowledge_within: 15m\n      - people: [chris]",
        "acknowledge_within: 15m\n        when: working_hours\n      - when: working_hours\n        people: [chris]",
    )
