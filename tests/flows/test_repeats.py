"""The same envelope, click, webhook or callback twice changes nothing the second time."""

import asyncio
import os
import re
import signal
from collections import Counter

import pytest

from sandbox.slack.objects import User
from tests.world import shown, words

ROOM = "#inc-1-db-down"
FORM = "#inc-2-login-broken"


class Nobody:
    """Delivers everything once."""

    async def repeat(self, world) -> None:
        """Nothing."""


class Slack(Nobody):
    """Delivers every envelope once more, after what it led to is there."""

    def __init__(self) -> None:
        self.done = set()

    async def repeat(self, world) -> None:
        for delivery in list(world.sandbox.socket.deliveries):
            id = delivery.envelope["envelope_id"]
            if id not in self.done:
                self.done.add(id)
                await world.sandbox.socket.redeliver(id)


async def story(world, courier) -> None:
    """Every kind of envelope: commands, buttons, forms and what happens to rooms by hand."""
    people, workspace = world.people, world.workspace

    async def then(condition) -> None:
        await world.until(condition)
        await world.settled()
        await courier.repeat(world)
        await world.settled()

    await world.say("ana", '/incident start SEV-1 "db down"')
    await then(lambda: world.rooms() and workspace.channel(ROOM).pins)
    await people.click("ben", "Acknowledge", channel=ROOM)
    await then(lambda: "by <@U0002>" in world.card(ROOM))
    await people.click("ben", "Add update", channel=ROOM)
    await then(lambda: people.modal("ben"))
    assert await people.submit("ben", {"What is new?": "the primary is back", "New status": "identified"}) == {}
    await then(lambda: "the primary is back" in world.room_text(ROOM))
    await world.say("chris", "/incident update replicas follow", channel=ROOM)
    await then(lambda: "replicas follow" in world.room_text(ROOM))
    await world.say("chris", "/incident status monitoring looks good", channel=ROOM)
    await then(lambda: "looks good" in world.room_text(ROOM))
    await people.click("ana", "Mark resolved", channel=ROOM)
    await then(lambda: people.modal("ana"))
    assert await people.submit("ana", {"What resolved it?": "restarted"}) == {}
    await then(lambda: world.status_incidents[0]["status"] == "resolved")
    await people.click("ana", "Draft postmortem", channel=ROOM)
    await then(lambda: people.modal("ana"))
    assert await people.submit("ana", {"Summary": "it was the disk"}) == {}
    await then(lambda: "it was the disk" in world.room_text(ROOM))
    await people.click("ana", "Reopen", channel=ROOM)
    await then(lambda: "Acknowledged" in world.card(ROOM) and "Mark resolved" in world.card(ROOM))
    await world.say("ana", "/incident resolve failed over", channel=ROOM)
    await then(lambda: "failed over" in world.room_text(ROOM))
    await people.click("ana", "Close", channel=ROOM)
    await then(lambda: "nothing was closed" in words(workspace.ephemerals["U0001"][-1]))
    await world.say("ana", "/incident role tech", channel=ROOM)
    await then(lambda: "is *Technical lead* now" in world.room_text(ROOM))
    await world.say("ben", "/incident snooze 2h", channel=ROOM)
    await then(lambda: "Reminders are quiet" in world.room_text(ROOM))
    await people.click("chris", "Wake them", channel=ROOM)
    await then(lambda: "Reminders are quiet" not in world.room_text(ROOM))
    await world.say("ana", "/incident close yes", channel=ROOM)
    await then(lambda: "closed" in world.card(ROOM))
    people.rename(ROOM, "db-was-down")
    await then(lambda: "db-was-down" in world.room_text("#db-was-down"))
    await world.say("ben", "/incident start")
    await then(lambda: people.modal("ben"))
    await people.dismiss("ben")
    await people.shortcut("ben", "declare_incident")
    await then(lambda: people.modal("ben"))
    assert await people.submit("ben", {"Title": "login broken", "Severity": "SEV-1 critical"}) == {}
    await then(lambda: FORM in world.rooms() and workspace.channel(FORM).pins)


def seen(world) -> dict:
    """All that the outside world has of it, without what names the hour or a row."""
    pager, phone = world.sandbox.vendors["pagerduty"].state(), world.sandbox.vendors["twilio"].state()
    rooms = [room for room in world.workspace.channels.values() if room.kind != "im"]
    return {
        **{room.name: Counter(_timeless(message.text) for message in room.messages) for room in rooms},
        "topics": {room.name: room.topic for room in rooms},
        "pins": {room.name: len(room.pins) for room in rooms},
        "pager": Counter((event["action"], event["effect"]) for event in pager["events"]),
        "phone": [len(phone["calls"]), len(phone["messages"])],
        "comments": [[_timeless(said["comment_html"]) for said in issue["comments"]] for issue in world.issues],
        "public": [[u["status"] for u in incident["incident_updates"]] for incident in world.status_incidents],
        "answers": {person: _answers(world, person) for person in ("U0001", "U0002", "U0003")},
    }


def _answers(world, person: str) -> set[str]:
    """What this person was told alone: a command said again is answered again, in the same words."""
    told = [*world.workspace.ephemerals.get(person, ()), *world.workspace.dms(person)]
    return {_timeless(each.text) for each in told}


def _timeless(text: str) -> str:
    return re.sub(r"after \d+ s|<!date[^>]*>|[-\d]+ [:\d]+ UTC", "…", text)


def times_said(world, room: str, phrase: str) -> int:
    return sum(1 for message in world.workspace.messages(room) if phrase in words(message))


@pytest.mark.long
async def test_every_envelope_of_the_story_delivered_twice_changes_nothing(world, another_world):
    await asyncio.gather(story(world, Nobody()), story(another_world, Slack()))

    once, twice = seen(world), seen(another_world)
    for what in once:
        assert twice[what] == once[what], what


async def test_what_slack_delivers_again_after_a_restart_changes_nothing(world):
    room = await world.declare()
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.say("ana", "/incident update on it", channel=room)
    await world.settled()
    once = seen(world)
    await world.kill()
    await world.boot()
    slack = Slack()
    await slack.repeat(world)
    await world.settled()
    assert len(slack.done) >= 3

    for what, there in seen(world).items():
        assert there == once[what], what


def statuses_of_the_alert(world):
    """What PagerDuty's only alert has been, whichever way it was told."""
    [alert] = world.alerts
    return [each["what"] for each in alert["history"]]


async def test_of_ten_who_acknowledge_at_once_one_wins_and_nine_are_told_who(world):
    people = [f"P{n}" for n in range(10)]
    for number, name in enumerate(people):
        world.workspace.add_user(User(f"U10{number:02}", name, name))
    room = await world.declare()
    answers = await asyncio.gather(*(world.people.click(who, "Acknowledge", channel=room) for who in people))
    await world.until(lambda: sum(1 for answer in answers if answer.ephemerals) == 9)
    await world.settled()

    assert not any(answer.timeout for answer in answers)
    winner = next(answer for answer in answers if not answer.ephemerals).interaction.user
    assert all(f"<@{winner}>" in shown(answer) for answer in answers if answer.ephemerals)
    assert f"by <@{winner}>" in world.card(room)
    assert statuses_of_the_alert(world) == ["triggered", "acknowledged"]
    assert times_said(world, room, "is on it") == 1


async def test_ten_different_titles_at_once_are_ten_incidents(world):
    titles = [f"service {n} down" for n in range(10)]
    await asyncio.gather(*(world.say("ana", f'/incident start SEV-1 "{title}"') for title in titles))
    await world.until(lambda: len(world.rooms()) == 10)
    await world.settled()

    assert len(world.alerts) == len(world.issues) == len(world.status_incidents) == 10
    assert Counter(issue["name"] for issue in world.issues) == Counter(f"[INCIDENT] SEV-1: {t}" for t in titles)
    assert len(world.workspace.messages("#incidents")) == 10


async def test_the_same_title_typed_again_is_the_same_incident_unless_declared_anyway(world):
    await world.declare()
    again = await world.say("ana", '/incident start SEV-1 "db down"')
    await world.settled()
    assert "You declared this a moment ago: *INC-1*" in shown(again)
    assert len(world.rooms()) == len(world.alerts) == 1

    await world.people.click("ana", "Declare anyway", channel="#general")
    await world.sandbox.socket.redeliver()
    await world.until(lambda: len(world.rooms()) == 2)
    await world.settled()
    assert len(world.alerts) == len(world.issues) == 2


async def test_the_same_title_typed_ten_times_at_once_is_one_incident(world):
    answers = await asyncio.gather(*(world.say("ana", '/incident start SEV-1 "db down"') for _ in range(10)))
    await world.until(world.rooms)
    await world.settled()

    assert all("INC-1" in shown(answer) for answer in answers)
    assert len(world.rooms()) == len(world.alerts) == len(world.issues) == 1


async def test_the_same_title_two_minutes_later_is_another_incident(world):
    await world.declare()
    world.move("+2m")
    await world.until(lambda: world.calls)
    answer = await world.say("ana", '/incident start SEV-1 "db down"')
    assert "INC-2" in shown(answer)


async def test_a_key_pressed_on_the_phone_and_told_twice_acknowledges_once(world):
    room = await world.declare()
    world.move("+2m")
    await world.until(lambda: world.calls)
    twilio = world.sandbox.vendors["twilio"]
    await twilio.actions["answer"](to="ana", digits="1")
    again = await twilio.actions["redeliver"]("Digits")
    await world.until(lambda: "by <@U0001> by phone" in world.card(room))
    await world.settled()

    assert again["callback"]["status"] == 200
    assert statuses_of_the_alert(world) == ["triggered", "acknowledged"]
    assert times_said(world, room, "is on it") == 1


async def test_pagerduty_says_twice_who_acknowledged_and_it_is_said_once(world):
    room = await world.declare()
    pagerduty = world.sandbox.vendors["pagerduty"]
    await pagerduty.actions["acknowledge"](by="Ben")
    again = await pagerduty.actions["redeliver"]()
    await world.until(lambda: "by <@U0002> in PagerDuty" in world.card(room))
    await world.settled()
    world.move("+10m")
    await world.settled()

    assert again["webhook"]["status"] == 202
    assert times_said(world, room, "is on it") == 1
    assert world.calls == []


async def test_two_bots_on_one_database_share_the_work_and_double_nothing(world):
    async with world.second_bot():
        for n in range(4):
            await world.say("ana", f'/incident start SEV-1 "service {n} down"')
            await world.sandbox.socket.redeliver()  # the next connection takes it: it may be the other bot's
        await world.until(lambda: len(world.rooms()) == 4)
        await world.settled()
        world.move("+2m")
        await world.until(lambda: world.calls and world.texts)
        await world.settled()

    assert len(world.alerts) == len(world.issues) == len(world.status_incidents) == 4
    assert [alert["triggers"] for alert in world.alerts] == [1, 1, 1, 1]
    assert len(world.calls) == len(world.texts) == 1, "many at once ring a person once"
    assert len(world.workspace.messages("#incidents")) == 4
    for room in world.rooms():
        said = Counter(words(message) for message in world.workspace.messages(room))
        assert set(said.values()) == {1}


@pytest.mark.long
async def test_a_page_in_the_hands_of_a_bot_that_dies_is_sent_by_the_other_when_its_lease_is_over(world):
    world.sandbox.faults.add("pagerduty", "hang")
    async with world.second_bot():
        await world.say("ana", '/incident start SEV-1 "db down"')
        await world.until(lambda: world.requests("pagerduty"))
        ((owner,),) = world.rows("SELECT owner FROM outbox WHERE kind = 'page'")
        os.kill(int(owner.split(":")[1]), signal.SIGKILL)
        world.sandbox.faults.clear()
        world.move("+11s")
        await world.until(lambda: world.alerts and world.rooms())

    assert len(world.alerts) == len(world.rooms()) == 1
