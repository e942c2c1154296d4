"""PagerDuty with an API key: answers go out in people's names and are seen without a webhook; what fails is said."""

from tests.flows.test_pagers import direct, without
from tests.world import words

AGAIN = "+16s"
"""A little more than the time between two looks."""


def app(world, deed, **words):
    """Somebody does this in PagerDuty's own app."""
    return world.sandbox.vendors["pagerduty"].actions[deed](**words)


def history(world):
    """[(status, by whom)] of the newest alert."""
    states = ("triggered", "acknowledged", "resolved")
    return [(each["what"], each["by"]) for each in world.alerts[-1]["history"] if each["what"] in states]


def said(world, room, text):
    return [message for message in world.workspace.messages(room) if text in words(message)]


async def polled(world):
    """Start anew without a webhook, declare, and wait for the alert and the first look at it."""
    await without(world, "PAGERDUTY_WEBHOOK_SECRET")
    room = await world.declare()
    await world.until(lambda: world.alerts)
    return room


async def test_an_answer_in_the_app_is_seen_without_a_webhook_and_names_the_person(world):
    room = await polled(world)
    await app(world, "acknowledge", by="Ben")
    world.move(AGAIN)
    await world.until(lambda: "*Acknowledged* by <@U0002> in PagerDuty" in world.card(room))
    world.move("+30m")
    await world.until(lambda: len(world.requests("pagerduty", "GET")) >= 2)
    await world.settled()

    assert world.calls == world.texts == direct(world, "ben") == []
    assert len(said(world, room, "is on it*")) == 1
    assert history(world)[-1] == ("acknowledged", "Ben")


async def test_an_answer_in_slack_is_seen_in_pagerduty_as_that_persons(world):
    room = await world.declare()
    await world.until(lambda: world.alerts)
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.until(lambda: world.alerts[0]["status"] == "acknowledged")
    await world.say("chris", "/incident resolve failed over", channel=room)
    await world.until(lambda: world.alerts[0]["status"] == "resolved")

    assert history(world)[1:] == [("acknowledged", "Ben"), ("resolved", "Chris")]
    assert "not who did" not in world.room_text(room)
    assert not world.sandbox.vendors["pagerduty"].complaints


async def test_a_resolution_in_the_app_stops_the_ladder_and_asks_whether_it_is_over(world):
    room = await polled(world)
    await app(world, "resolve", by="Ben")
    world.move(AGAIN)
    await world.until(lambda: "*<@U0002> resolved the alert in PagerDuty.*" in world.room_text(room))
    assert "`/incident resolve INC-1 …`" in world.room_text(room)
    await world.until(lambda: "*Acknowledged* by <@U0002>" in world.card(room))
    world.move("+30m")
    await world.until(lambda: len(world.requests("pagerduty", "GET")) >= 2)
    await world.settled()

    assert world.calls == direct(world, "ben") == []
    assert len(said(world, room, "resolved the alert in PagerDuty")) == 1
    assert world.rows("SELECT status FROM incident") == [("investigating",)]


async def test_what_else_happens_in_the_app_is_read_in_the_room(world):
    room = await world.declare()
    await world.until(lambda: world.alerts)
    for deed, more in (
        ("escalate", {}),
        ("reassign", {"to": "Chris"}),
        ("prioritize", {"priority": "P1"}),
        ("annotate", {"content": "I am <!channel> on the train"}),
        ("add_responder", {"to": "Ben"}),
        ("ping", {}),
    ):
        answered = await app(world, deed, **more)
        assert answered["webhook"]["status"] == 202
    for line in (
        "PagerDuty escalated to Ben.",
        "<@U0001> reassigned it in PagerDuty to Chris.",
        "<@U0001> changed the priority in PagerDuty to P1.",
        "*Note* by <@U0001> in PagerDuty\nI am &lt;!channel&gt; on the train",
    ):
        await world.until(lambda line=line: line in world.room_text(room))
    assert "*Not acknowledged yet*" in world.card(room)

    await app(world, "acknowledge", by="Chris")
    await world.until(lambda: "*Acknowledged* by <@U0003> in PagerDuty" in world.card(room))
    await app(world, "unacknowledge")
    await world.until(lambda: "*The acknowledgement in PagerDuty has ended*" in world.room_text(room))


async def test_a_repeated_webhook_is_counted_and_changes_nothing(world):
    room = await world.declare()
    await world.until(lambda: world.alerts)
    await app(world, "annotate", content="on the train")
    await app(world, "redeliver")
    await world.until(lambda: said(world, room, "on the train"))
    _, metrics = await world.get("/metrics")
    assert 'muster_replayed_callbacks_total{vendor="pagerduty"} 1.0' in metrics
    await world.settled()
    assert len(said(world, room, "on the train")) == 1


async def test_a_pager_that_cannot_be_asked_is_said_once_and_the_ladder_goes_on_when_it_can(world):
    room = await polled(world)
    await world.until(lambda: "PagerDuty ✓" in world.card(room))
    world.sandbox.faults.add("pagerduty", "status", "/incidents", code=500)
    world.move(AGAIN)
    await world.until(lambda: [each for each in world.requests("pagerduty", "GET") if each.status == 500])
    world.move("+61s")
    await world.until(lambda: "*PagerDuty cannot be asked who has answered*" in world.room_text(room))
    world.move("+1m")
    await world.until(lambda: "*Has anyone answered?*" in world.room_text(room))
    assert world.calls == []

    world.sandbox.faults.clear("pagerduty")
    world.move("+61s")
    await world.until(lambda: "PagerDuty can be asked again" in world.room_text(room))
    await world.until(lambda: [call["to"] for call in world.calls] == ["+15550000001"])
    assert len(said(world, room, "cannot be asked who has answered")) == 1


async def test_an_api_in_trouble_does_not_keep_pagerduty_ringing_after_an_answer(world):
    room = await world.declare()
    await world.until(lambda: world.alerts)
    world.sandbox.faults.add("pagerduty", "status", "/incidents", code=500)
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.until(lambda: world.alerts[0]["status"] == "acknowledged", 30)
    await world.until(lambda: "PagerDuty shows that Muster acknowledged it, and not who did" in world.room_text(room))
    assert history(world)[-1] == ("acknowledged", "Events API")


async def test_a_key_that_is_refused_costs_the_name_only(world):
    room = await world.declare()
    await world.until(lambda: world.alerts)
    world.sandbox.faults.add("pagerduty", "refuse_token", "/incidents")
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.until(lambda: world.alerts[0]["status"] == "acknowledged")
    await world.until(lambda: "check PAGERDUTY_API_KEY" in world.room_text(room))


async def test_a_lost_answer_to_an_acknowledgement_is_one_acknowledgement(world):
    room = await world.declare()
    await world.until(lambda: world.alerts)
    world.sandbox.faults.add("pagerduty", "reset_after", "/incidents/", times=1)
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.until(lambda: world.alerts[0]["status"] == "acknowledged")
    await world.settled()
    assert history(world)[1:] == [("acknowledged", "Ben")]
