"""Opsgenie as the pager: confirmed, answered there and here, and in every trouble replaced by Muster's own ladder."""

import pytest

from tests.flows.test_faults import AT_ONCE_S, cards, declared, direct, said
from tests.flows.test_ladder import nobody_on_call
from tests.flows.troubles import TROUBLES, begin, each
from tests.world import BOT, ROOT

AGAIN = "+16s"


@pytest.fixture
async def opsgenie(world):
    """The world with Opsgenie in PagerDuty's place."""
    await page_by_opsgenie(world)
    return world


async def page_by_opsgenie(world):
    world.sandbox.vendors["opsgenie"].offered, world.sandbox.vendors["pagerduty"].offered = True, False
    await world.restart()


def alerts(world):
    return world.sandbox.vendors["opsgenie"].account.alerts


def app(world, deed, **words):
    """Somebody does this in Opsgenie's own app."""
    return world.sandbox.vendors["opsgenie"].actions[deed](**words)


async def test_a_page_is_one_alert_that_opsgenie_has_confirmed(opsgenie):
    room = await opsgenie.declare()
    await opsgenie.until(lambda: "Opsgenie ✓" in opsgenie.card(room))
    [alert] = alerts(opsgenie)
    assert alert["alias"].startswith("muster-")
    assert alert["alias"].endswith("-1")
    assert (alert["message"], alert["priority"], alert["count"]) == ("[SEV-1] db down", "P1", 1)
    assert opsgenie.alerts == opsgenie.calls == direct(opsgenie, "ana") == []
    assert "Opsgenie is at its end" in opsgenie.tail(200)
    assert not opsgenie.sandbox.vendors["opsgenie"].complaints


def paged(world, who):
    """What pages somebody; who is only told of an incident is not rung."""
    return [text for text in direct(world, who) if "You are told, not paged" not in text]


async def test_an_answer_in_opsgenies_app_is_seen_and_names_the_person(opsgenie):
    room = await opsgenie.declare()
    await opsgenie.until(lambda: "Opsgenie ✓" in opsgenie.card(room))
    await app(opsgenie, "acknowledge", by="Ben")
    opsgenie.move(AGAIN)
    await opsgenie.until(lambda: "*Acknowledged* by <@U0002> in Opsgenie" in opsgenie.card(room))
    opsgenie.move("+30m")
    await opsgenie.settled()
    assert opsgenie.calls == opsgenie.texts == paged(opsgenie, "ben") == []


async def test_an_answer_in_slack_is_seen_in_opsgenie_as_that_persons(opsgenie):
    room = await opsgenie.declare()
    await opsgenie.until(lambda: alerts(opsgenie))
    await opsgenie.people.click("ben", "Acknowledge", channel=room)
    await opsgenie.until(lambda: alerts(opsgenie)[0]["report"].get("acknowledgedBy") == "ben@example.com")
    await opsgenie.say("chris", "/incident resolve failed over", channel=room)
    await opsgenie.until(lambda: alerts(opsgenie)[0]["status"] == "closed")
    assert alerts(opsgenie)[0]["report"]["closedBy"] == "chris@example.com"


async def test_a_closed_alert_stops_the_ladder_and_asks_whether_it_is_over(opsgenie):
    room = await opsgenie.declare()
    await opsgenie.until(lambda: "Opsgenie ✓" in opsgenie.card(room))
    await app(opsgenie, "close", by="Ben")
    opsgenie.move(AGAIN)
    await opsgenie.until(lambda: "*<@U0002> resolved the alert in Opsgenie.*" in opsgenie.room_text(room))
    opsgenie.move("+30m")
    await opsgenie.settled()
    assert opsgenie.calls == paged(opsgenie, "ben") == []


async def test_nobody_who_answers_is_called_after_two_minutes(opsgenie):
    room = await opsgenie.declare()
    await opsgenie.until(lambda: "Opsgenie ✓" in opsgenie.card(room))
    opsgenie.move("+2m")
    await opsgenie.until(lambda: [call["to"] for call in opsgenie.calls] == ["+15550000001"])


async def test_a_responder_whom_opsgenie_does_not_know_is_found_out_and_muster_rings_at_once(world):
    config = (ROOT / "config.yaml").read_text(encoding="utf-8")
    (world.folder / "config.yaml").write_text(config.replace("responders: []", "responders: [team:Nobody]"))
    world.command = (*BOT, "--config", str(world.folder / "config.yaml"))
    await page_by_opsgenie(world)
    room = await world.declare()
    await world.until(lambda: world.calls and world.texts and direct(world, "ana"))
    await world.until(lambda: "*The page by Opsgenie did not get through*" in world.room_text(room))
    assert "check integrations.opsgenie.responders" in world.room_text(room)
    assert alerts(world) == []


async def test_a_page_that_is_never_confirmed_is_replaced_within_a_minute(opsgenie):
    opsgenie.sandbox.vendors["opsgenie"].account.looks = 10**6
    _, room = await declared(opsgenie)
    await opsgenie.until(lambda: "has not said yet what became of the request" in opsgenie.card(room))
    opsgenie.move("+56s")
    await opsgenie.until(lambda: opsgenie.calls and opsgenie.texts and direct(opsgenie, "ana"))
    await opsgenie.until(lambda: "*The page by Opsgenie did not get through*" in opsgenie.room_text(room))


@pytest.mark.parametrize("trouble", each(TROUBLES))
async def test_opsgenie_in_trouble_is_replaced_within_a_minute_and_rings_once_when_it_is_back(opsgenie, trouble):
    world = opsgenie
    begin(world, "opsgenie", trouble)
    answer, room = await declared(world)
    assert world.requests("opsgenie")[0].arrived - answer.delivery.sent < AT_ONCE_S
    says = TROUBLES[trouble].says.format(name="Opsgenie")
    await world.until(lambda: f"Opsgenie … {says}" in world.card(room), 20)
    assert direct(world, "ana") == world.calls == []

    world.move("+56s")
    await world.until(lambda: world.calls and world.texts and direct(world, "ana"))
    await world.until(lambda: "*The page by Opsgenie did not get through*" in world.room_text(room))
    assert says in world.room_text(room)
    assert "Muster pages by Slack and Twilio now." in world.room_text(room)

    world.sandbox.faults.clear("opsgenie")
    world.move("+61s")
    await world.until(lambda: "Opsgenie ✓" in world.card(room))
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.until(lambda: [alert["acknowledged"] for alert in alerts(world)] == [True])
    assert [alert["count"] for alert in alerts(world)] == [1]
    world.move("+10m")
    await world.until(lambda: "Nobody else is rung" in world.room_text(room))
    assert len(world.calls) == len(world.texts) == len(direct(world, "ana")) == 1
    assert len(said(world, room, "*The page by Opsgenie did not get through*")) == len(cards(world, room)) == 1


async def test_opsgenie_that_refuses_the_key_is_replaced_at_once_and_rings_when_it_accepts_it(opsgenie):
    begin(opsgenie, "opsgenie", "refuses the token")
    answer, room = await declared(opsgenie)
    await opsgenie.until(lambda: opsgenie.calls and opsgenie.texts and direct(opsgenie, "ana"))
    assert opsgenie.requests("twilio")[0].arrived - answer.delivery.sent < AT_ONCE_S
    await opsgenie.until(lambda: "check OPSGENIE_API_KEY" in opsgenie.room_text(room))

    opsgenie.sandbox.faults.clear("opsgenie")
    opsgenie.move("+61s")
    await opsgenie.until(lambda: "Opsgenie ✓" in opsgenie.card(room))
    assert len(alerts(opsgenie)) == len(opsgenie.calls) == len(direct(opsgenie, "ana")) == 1


async def test_a_kill_after_the_request_and_before_its_result_makes_no_second_alert(opsgenie):
    opsgenie.sandbox.vendors["opsgenie"].account.looks = 10**6
    await opsgenie.say("ana", '/incident start SEV-1 "db down"')
    await opsgenie.until(lambda: alerts(opsgenie))
    opsgenie.sandbox.vendors["opsgenie"].account.looks = 0
    await opsgenie.restart()
    await opsgenie.until(lambda: opsgenie.rows("SELECT state FROM outbox WHERE lane = 'opsgenie'") == [("delivered",)])
    assert [alert["count"] for alert in alerts(opsgenie)] == [1]


async def test_where_pagerduty_refuses_and_nobody_is_on_the_ladder_opsgenie_is_asked_and_its_answer_is_one(world):
    (world.folder / "config.yaml").write_text(nobody_on_call())
    world.command = (*world.command, "--config", str(world.folder / "config.yaml"))
    world.sandbox.vendors["opsgenie"].offered = True
    await world.restart()
    begin(world, "pagerduty", "refuses the token")
    room = await world.declare()
    await world.until(lambda: "The page goes to Opsgenie now, the last means that is left." in world.room_text(room))
    await world.until(lambda: [alert["count"] for alert in alerts(world)] == [1])

    await app(world, "acknowledge", by="Ben")
    world.move(AGAIN)
    await world.until(lambda: "*Acknowledged* by <@U0002>" in world.card(room))
    world.move("+2h")
    await world.settled()
    assert [alert["count"] for alert in alerts(world)] == [1]
