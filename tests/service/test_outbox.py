"""What is owed is carried out: once, in order, retried as the vendor says, and never given up where it rings."""

import logging
import re
from datetime import timedelta

from domain.decision import Effect
from domain.errors import Permanent, Temporary
from domain.record import DELIVERED, DROPPED, FAILED, WAITING, Receipt, Ref
from service import worker
from storage import incidents
from storage.rows import CLAIMED
from tests.service.houses import SOON_S, Vendor, house, page, post

__all__ = ["house"]


async def test_what_is_owed_is_carried_out_and_its_outcome_is_written_with_it(house):
    vendor = Vendor(Receipt("1700.1", (Ref("channel", "C1"),), "sent"))
    house.open(vendor=vendor)
    number = await house.declare(post())
    [row] = await house.until("vendor", DELIVERED)

    [entry] = await house.deliveries(number, "vendor")
    record = await house.store.transact(incidents.record, number)
    assert (row.vendor_id, row.result, row.attempts) == ("1700.1", "sent", 1)
    assert (entry["state"], entry["owed"], entry["vendor_id"]) == (DELIVERED, row.id, "1700.1")
    assert record.ref("channel").value == "C1"


async def test_what_was_owed_before_the_start_goes_at_the_start(house):
    await house.declare(post())
    vendor = Vendor()
    house.open(vendor=vendor)
    await vendor.called()


async def test_what_another_process_wrote_is_seen_within_the_poll(house):
    vendor = Vendor()
    house.open(vendor=vendor)
    await house.until("vendor")
    waiting, house.outbox = house.outbox, None
    await house.declare(post())
    house.outbox = waiting
    await vendor.called()


async def test_a_temporary_failure_is_retried_and_the_repeat_knows_that_it_is_one(house):
    vendor = Vendor(Temporary("503", retry_after=0.05), Receipt("id"))
    house.open(vendor=vendor)
    number = await house.declare(post())
    await house.until("vendor", DELIVERED)

    assert [owed.repeat for owed in vendor.calls] == [False, True]
    assert [entry["state"] for entry in await house.deliveries(number, "vendor")] == [DELIVERED]


async def test_a_vendor_that_asks_for_time_gets_it_and_the_reason_is_kept(house):
    house.open(vendor=Vendor(Temporary("asked to wait", retry_after=300)))
    asked_at = house.clock.now()
    await house.declare(post())
    row = await house.failed_once("vendor")
    assert row.error == "asked to wait"
    assert row.state == WAITING
    assert timedelta(seconds=300) <= row.next_at - asked_at < timedelta(seconds=300 + SOON_S)


async def test_a_refusal_is_final_and_said_in_the_room_with_its_reason(house):
    vendor = Vendor(Permanent("channel_not_found"))
    number = await house.declare(post("C1", kind="announce"))
    await house.store.transact(incidents.remember, number, [Ref("channel", "C9")])
    house.open(vendor=vendor, slack={"post": Vendor(house.never)})
    await house.until("vendor", FAILED)

    [entry] = await house.deliveries(number, "vendor")
    said = [row.data for row in await house.rows("slack") if row.kind == "post"]
    assert (entry["state"], entry["error"]) == (FAILED, "channel_not_found")
    assert [(each["say"], each["reason"]) for each in said] == [("failed", "channel_not_found")]
    assert len(vendor.calls) == 1


async def test_an_edit_that_comes_after_the_archive_is_told_to_nobody(house):
    card = Vendor(Permanent("the channel is archived"))
    effects = (Effect("slack", "refresh_card", "card"), Effect("slack", "archive", "room"))
    now = house.clock.now()
    number = await house.declare(*effects, status="resolved", resolved_at=now, commander="U0001")
    await house.store.transact(incidents.remember, number, [Ref("channel", "C9")])
    house.open(slack={"refresh_card": card, "archive": Vendor(house.never)})
    await house.until("slack", DELIVERED, CLAIMED)

    assert [entry["result"] for entry in await house.deliveries(number, "slack")] == ["archived before it was shown"]


async def test_a_bug_is_logged_with_its_traceback_and_tried_again(house, caplog):
    vendor = Vendor(ZeroDivisionError("oops"), Receipt("id"))
    house.open(vendor=vendor)
    await house.declare(post())
    await house.until("vendor", DELIVERED)
    assert "ZeroDivisionError: oops" in caplog.text
    assert "INC-1: a fault in vendor post" in caplog.text


async def test_the_log_says_that_what_was_late_went_through_and_nothing_of_what_was_not(house, caplog):
    vendor = Vendor(Temporary("is in trouble (500)", retry_after=0.05), Receipt("id"), Receipt("id"))
    house.open(vendor=vendor)
    with caplog.at_level(logging.INFO):
        await house.declare(post())
        await house.until("vendor", DELIVERED)
        await house.declare(post())
        await house.until("vendor", DELIVERED, DELIVERED)
    said = [line for record in caplog.records if "vendor post" in (line := record.getMessage())]
    assert said[0] == "INC-1: vendor post is late: is in trouble (500)"
    assert re.fullmatch(r"INC-1: vendor post went through \d+ s late", said[1])
    assert len(said) == 2


async def test_a_call_without_an_answer_is_given_up_in_time_and_tried_again(house, monkeypatch):
    monkeypatch.setattr(worker, "TIMEOUT_S", 0.1)
    vendor = Vendor(house.never, Receipt("id"))
    house.open(vendor=vendor)
    await house.declare(post())
    await house.until("vendor", DELIVERED)
    assert len(vendor.calls) == 2


async def test_an_effect_of_a_vendor_that_is_not_connected_fails_with_that_reason(house):
    house.open()
    number = await house.declare(post(lane="gone"))
    await house.until("gone", FAILED)
    [entry] = await house.deliveries(number, "gone")
    assert "gone is not connected" in entry["error"]


async def test_what_is_not_delivered_for_a_day_has_failed_but_a_page_goes_on(house):
    refusing = Temporary("503", retry_after=0.05)
    vendor, pager = Vendor(refusing), Vendor(refusing)
    number = await house.declare(post("C1"), page())
    house.by += worker.GIVE_UP_AFTER + timedelta(minutes=1)
    house.open(vendor=vendor, pager={"page": pager})

    await house.until("vendor", FAILED)
    await pager.called(3)
    assert (await house.rows("pager"))[0].state in (WAITING, "claimed")
    assert "given up after a day" in (await house.deliveries(number, "vendor"))[0]["error"]


async def test_a_refused_page_is_rung_by_the_next_means_at_once_and_tried_again_itself(house):
    messages = Vendor()
    house.open(pagerduty={"page": Vendor(Permanent("invalid routing key"))}, slack_page={"page": messages})
    await house.declare(page("pagerduty"))
    await messages.called()

    [row] = await house.until("pagerduty", WAITING)
    assert row.error == "invalid routing key"
    assert row.next_at > house.clock.now()


async def test_an_acknowledged_incident_rings_nobody_and_it_is_written_why(house):
    pager = Vendor()
    number = await house.declare(page(), acknowledged_at=house.clock.now(), acknowledged_by="U0002")
    house.open(pager={"page": pager})
    await house.until("pager", DROPPED)

    assert pager.calls == []
    assert [entry["result"] for entry in await house.deliveries(number, "pager")] == ["acknowledged before it was sent"]


async def test_a_page_that_a_person_asked_for_goes_out_all_the_same(house):
    pager = Vendor()
    await house.declare(page(asked=True), acknowledged_at=house.clock.now(), acknowledged_by="U0002")
    house.open(pager={"page": pager})
    await pager.called()
