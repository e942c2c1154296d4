"""Each vendor has a lane: who goes first, how many at once, what a pause and a hang hold up, and how it ends."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

import pytest

from domain.errors import Temporary
from domain.record import DELIVERED, WAITING, Receipt
from service import lane, worker
from service.outbox import Outbox
from storage import models, queue
from storage.db import Store
from storage.rows import CLAIMED
from tests.eventually import eventually
from tests.service.houses import SOON_S, Vendor, house, post

__all__ = ["house"]


async def test_what_a_delivery_frees_is_claimed_in_the_transaction_that_settles_it(house):
    vendor = Vendor(house.never)
    house.open(vendor=vendor)
    number = await house.declare(post("C1"))
    await vendor.called()
    await house.store.transact(queue.owe, number, [post("C1")], house.clock.now())
    house.never.set()
    await house.until("vendor", DELIVERED, DELIVERED)
    assert house.store.left[0] == [DELIVERED, CLAIMED]


async def test_where_others_wait_for_a_place_the_gravest_goes_before_what_was_freed(house, monkeypatch):
    monkeypatch.setattr(worker, "AT_ONCE", 1)
    vendor = Vendor(house.never, Receipt("id"))
    house.open(vendor=vendor)
    number = await house.declare(post("C1"), rank=2)
    await vendor.called()
    await house.store.transact(queue.owe, number, [post("C1")], house.clock.now())
    grave = await house.declare(post("C2"), rank=0)
    house.never.set()
    await vendor.called(3)
    assert [owed.incident for owed in vendor.calls] == [number, grave, number]


async def test_the_gravest_incident_goes_first(house):
    for rank, title in ((3, "cosmetic"), (0, "all is down"), (1, "half is down")):
        await house.declare(post(title), rank=rank)
    vendor = Vendor()
    house.open(vendor=vendor)
    await vendor.called(3)
    assert vendor.targets == ["all is down", "half is down", "cosmetic"]


@pytest.mark.parametrize(("lane", "most"), [("vendor", 8), ("slack", 24), ("slack-page", 64)])
async def test_a_vendor_gets_no_more_at_once_than_its_lane_allows(house, lane, most):
    let_go = asyncio.Event()
    vendor = Vendor(let_go)
    await house.declare(*(post(f"C{n}", lane=lane) for n in range(80)))
    house.open(**{lane: vendor})
    await vendor.called(most)
    # Another round of the loop would claim more, were there room.
    house.outbox.wake([lane])
    await house.store.transact(queue.depth)
    assert vendor.at_once == most

    let_go.set()
    await vendor.called(80)
    assert vendor.most_at_once == most


async def test_a_429_pauses_its_method_and_no_other(house):
    posts, invitations = Vendor(Temporary("ratelimited", retry_after=300, pause=True)), Vendor()
    lane = {"post": posts, "tell": posts, "announce": posts, "invite": invitations}
    house.open(slack=lane)
    await house.declare(post("C1", lane="slack"))
    await posts.called()
    await house.failed_once("slack")
    await house.declare(*(post(f"C{kind}", lane="slack", kind=kind) for kind in ("post", "tell", "announce", "invite")))
    await invitations.called()
    await house.store.transact(queue.depth)

    assert len(posts.calls) == 1


async def test_one_hung_vendor_holds_up_nothing_but_itself(house):
    hung, quick = Vendor(house.never), Vendor()
    house.open(hung=hung, quick=quick)
    await house.declare(*(post(f"C{n}", lane="hung") for n in range(20)), post("C1", lane="quick"))
    await quick.called()
    await hung.called(8)
    await house.declare(post("C2", lane="quick"))
    await quick.called(2)


async def test_stopping_lets_what_is_on_the_wire_finish_and_takes_nothing_more(house):
    let_go = asyncio.Event()
    vendor = Vendor(let_go)
    house.open(vendor=vendor)
    await house.declare(post("C1"))
    await vendor.called()
    stopping = asyncio.create_task(house.outbox.stop())
    asyncio.get_running_loop().call_later(0.1, let_go.set)
    await asyncio.wait_for(stopping, SOON_S)
    await house.declare(post("C2"))

    assert [row.state for row in await house.rows("vendor")] == [DELIVERED, WAITING]
    assert vendor.targets == ["C1"]


async def test_stopping_leaves_nothing_claimed_that_it_does_not_carry_out(house):
    vendor = Vendor()
    await house.declare(*(post(f"C{n}") for n in range(30)))
    house.open(vendor=vendor)
    await vendor.called()
    await asyncio.wait_for(house.outbox.stop(), SOON_S)
    states = Counter(row.state for row in await house.rows("vendor"))
    assert states == {DELIVERED: len(vendor.calls), **({WAITING: left} if (left := 30 - len(vendor.calls)) else {})}


async def test_stopping_does_not_wait_for_a_vendor_that_hangs(house, monkeypatch):
    monkeypatch.setattr(lane, "STOP_WITHIN_S", 0.1)
    vendor = Vendor(house.never)
    house.open(vendor=vendor)
    await house.declare(post("C1"))
    await vendor.called()
    await asyncio.wait_for(house.outbox.stop(), SOON_S)
    [row] = await house.rows("vendor")
    assert (row.state, row.owner) == ("claimed", "a")


async def test_an_outcome_is_written_although_the_database_was_locked(house):
    vendor = Vendor()
    house.open(vendor=vendor)
    house.store.locked = 3
    await house.declare(post())
    await house.until("vendor", DELIVERED)
    assert len(vendor.calls) == 1


async def test_a_lane_that_breaks_is_logged_and_goes_on(house, caplog):
    vendor = Vendor()
    number = await house.declare(post())
    await house.store.transact(lambda: models.Outbox.update(data="no mapping").execute())
    await house.store.transact(lambda: models.Outbox._meta.database.execute_sql("UPDATE outbox SET data = '{broken'"))
    house.open(vendor=vendor)

    async def broke():
        return "the lane vendor broke" in caplog.text

    await eventually(broke)
    await house.store.transact(lambda: models.Outbox.delete().where(models.Outbox.incident == number).execute())
    await house.declare(post("C2"))
    await vendor.called()
    assert vendor.targets == ["C2"]


async def test_two_processes_share_the_work_and_nothing_goes_twice(house, tmp_path):
    other_store = Store(f"sqlite:///{tmp_path / 'muster.db'}")
    vendor = Vendor()
    await house.declare(*(post(f"C{n}") for n in range(60)))
    house.open(owner="a", vendor=vendor)
    other = Outbox(other_store, house.clock, house.policy, "b", {"vendor": {"post": vendor}})
    other.start()
    await house.until("vendor", *[DELIVERED] * 60)
    await other.stop()
    other_store.close()

    assert sorted(vendor.targets) == sorted(f"C{n}" for n in range(60))


@pytest.mark.parametrize(
    ("attempts", "kind", "shortest", "longest"),
    [
        (1, "post", 0.75, 1.25),
        (3, "post", 3, 5),
        (12, "post", 45, 75),
        (12, "page", 7.5, 12.5),
        (99, "call", 7.5, 12.5),
    ],
)
def test_each_wait_is_twice_the_last_one_with_jitter_and_has_an_end(attempts, kind, shortest, longest):
    now = datetime.now(UTC)
    owed = queue.Owed(1, 1, "vendor", kind, "1", now, now, attempts=attempts)
    waits = [worker._wait(owed, Temporary("503")) for _ in range(50)]
    assert shortest <= min(waits) < max(waits) <= longest
