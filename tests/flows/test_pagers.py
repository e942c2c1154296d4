"""Who rings and who may say that somebody answered: PagerDuty seen and unseen, forged, and Muster's own pager."""

import json

import aiohttp
import pytest

from tests.world import words


async def without(world, *variables: str) -> None:
    """Start anew without these."""
    world.changed |= dict.fromkeys(variables)
    await world.restart()


def direct(world, who: str) -> list[str]:
    """Their direct messages, without those that only tell how it stands."""
    return [text for text in map(words, world.workspace.dms(who)) if "You are told, not paged" not in text]


async def test_without_a_vendor_muster_pages_by_direct_message_which_says_later_who_answered(world):
    await without(world, "PAGERDUTY_INTEGRATION_KEY")
    room = await world.declare()
    await world.until(lambda: direct(world, "ana"))
    assert "*You are paged.* SEV-1" in direct(world, "ana")[0]
    await world.people.click("ana", "Acknowledge", channel="dm")
    await world.until(lambda: "<@U0001> is on it (acknowledged in Slack" in direct(world, "ana")[0])
    await world.until(lambda: "*Acknowledged* by <@U0001>" in world.card(room))
    world.move("+30m")
    await world.settled()

    assert "Acknowledge\n" not in direct(world, "ana")[0] + "\n"
    assert len(direct(world, "ana")) == 1
    assert direct(world, "ben") == world.alerts == world.calls == []


async def test_musters_own_ladder_rings_everybody_in_turn_and_begins_again(world):
    await without(world, "PAGERDUTY_INTEGRATION_KEY")
    room = await world.declare()
    await world.until(lambda: direct(world, "ana"))
    world.move("+2m")
    await world.until(lambda: [call["to"] for call in world.calls] == ["+15550000001"])
    world.move("+3m")
    await world.until(lambda: direct(world, "ben") and len(world.calls) == 2)
    world.move("+15m")
    await world.until(lambda: direct(world, "chris") and len(world.calls) == 3)
    world.move("+40m")
    await world.until(lambda: len(direct(world, "ana")) == 2 and len(world.calls) == 4)
    await world.people.click("chris", "Acknowledge", channel="dm")
    for who in ("ana", "ben", "chris"):
        await world.until(lambda who=who: "<@U0003> is on it" in direct(world, who)[-1])
    world.move("+2h")
    await world.settled()

    assert len(world.calls) == len(world.texts) == 4
    assert "Paging <@U0003> now." in world.room_text(room)


async def test_where_pagerduty_cannot_be_seen_the_room_is_asked_and_nobody_is_called(world):
    await without(world, "PAGERDUTY_WEBHOOK_SECRET", "PAGERDUTY_API_KEY")
    room = await world.declare()
    await world.until(lambda: world.alerts)
    world.move("+2m")
    await world.until(lambda: "*Has anyone answered?* PagerDuty has the page" in world.room_text(room))
    world.move("+10m")
    await world.people.click("ben", "Acknowledge", channel=room)
    await world.until(lambda: world.alerts[0]["status"] == "acknowledged")

    assert world.calls == world.texts == direct(world, "ana") == direct(world, "ben") == []


async def test_an_answer_in_pagerdutys_own_app_stops_the_phone_and_shows_on_the_card(world):
    room = await world.declare()
    await world.until(lambda: world.alerts)
    answered = await world.sandbox.vendors["pagerduty"].actions["acknowledge"](by="Ana")
    assert answered["webhook"]["status"] == 202
    await world.until(lambda: "*Acknowledged* by <@U0001> in PagerDuty" in world.card(room))
    again = await world.sandbox.vendors["pagerduty"].actions["redeliver"]()
    assert again["webhook"]["status"] == 202
    world.move("+30m")
    await world.settled()

    assert world.calls == world.texts == direct(world, "ben") == []
    assert len([m for m in world.workspace.messages(room) if "is on it*" in words(m)]) == 1


@pytest.mark.parametrize("signature", ["v1=" + "0" * 64, "", None])
async def test_a_forged_webhook_changes_nothing_and_is_counted(world, signature):
    room = await world.declare()
    await world.until(lambda: world.alerts)
    event = {"event_type": "incident.acknowledged", "data": {"incident_key": world.alerts[0]["dedup_key"]}}
    headers = {} if signature is None else {"X-PagerDuty-Signature": signature}
    async with aiohttp.ClientSession() as session:
        address = f"{world.url}/callbacks/pagerduty/webhook"
        async with session.post(address, data=json.dumps({"event": event}), headers=headers) as refused:
            assert refused.status == 401
    _, metrics = await world.get("/metrics")
    assert 'muster_forged_callbacks_total{vendor="pagerduty"} 1.0' in metrics

    world.move("+2m")
    await world.until(lambda: world.calls)
    assert "*Not acknowledged yet*" in world.card(room)


async def test_a_webhook_about_somebody_elses_alert_is_taken_and_changes_nothing(world):
    room = await world.declare()
    await world.until(lambda: world.alerts)
    pagerduty = world.sandbox.vendors["pagerduty"]
    alert = next(iter(pagerduty.account.open.values()))
    alert.dedup_key = alert.dedup_key.replace("muster-", "muster-0")
    answered = await pagerduty.actions["acknowledge"]()
    assert answered["webhook"]["status"] == 202
    world.move("+2m")
    await world.until(lambda: world.calls)
    assert "*Not acknowledged yet*" in world.card(room)
