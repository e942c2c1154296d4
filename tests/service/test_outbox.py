"""What is owed is carried out: once, in order, retried as the vendor says, and never given up where it rings."""

import asyncio
import logging
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from domain.decision import Decision, Effect
from domain.errors import Permanent, Temporary, Unavailable
from domain.incidents import Incident
from domain.record import DELIVERED, DROPPED, FAILED, WAITING, Receipt, Ref
from service import lane, worker
from service.clock import Clock
from service.outbox import Outbox
from storage import incidents, migrate, models, queue
from storage.db import Store
from storage.rows import CLAIMED
from tests.eventually import eventually
from tests.policies import policy

SOON_S = 15.0


class Vendor:
    """Answers as the script says: a Receipt, an error to raise, or an event to wait for. The last answer stays."""

    def __init__(self, *script):
        self.script = list(script) or [Receipt("id")]
        self.calls = []
        self.at_once = self.most_at_once = 0
        self._rang = asyncio.Condition()

    async def __call__(self, record, owed):
        self.calls.append(owed)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        async with self._rang:
            self._rang.notify_all()
        try:
            return await self._answer(self.script.pop(0) if len(self.script) > 1 else self.script[0])
        finally:
            self.at_once -= 1

    async def _answer(self, answer):
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return Receipt("id")
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def called(self, times=1):
        """Until it has been called so often."""
        async with asyncio.timeout(SOON_S), self._rang:
            await self._rang.wait_for(lambda: len(self.calls) >= times)

    @property
    def targets(self):
        return [owed.target for owed in self.calls]


class Flaky(Store):
    """As many outcomes as the test says find the database locked."""

    locked = 0

    def __init__(self, url):
        super().__init__(url)
        self.left = []
        """The states of all rows, as each outcome left them."""

    async def transact(self, fn, *arguments, **more):
        if fn.__name__ != "work":
            return await super().transact(fn, *arguments, **more)
        if self.locked:
            self.locked -= 1
            raise Unavailable("locked")
        return await super().transact(self._watched, fn)

    def _watched(self, work):
        result = work()
        self.left.append([row.state for row in models.Outbox.select().order_by(models.Outbox.id)])
        return result


class House:
    """An outbox on a database of its own, and vendors that do as they are told."""

    def __init__(self, store):
        self.store = store
        self.by = timedelta()
        self.clock = Clock(machine=lambda: datetime.now(UTC) + self.by)
        self.policy = policy()
        self.outbox = None
        self.never = asyncio.Event()
        """For a vendor that hangs until the test is over."""

    def open(self, owner="a", **lanes):
        """Start; each lane is a Vendor for all its kinds, or {kind: Vendor}."""
        verbs = {name.replace("_", "-"): lane for name, lane in lanes.items()}
        verbs = {name: lane if isinstance(lane, dict) else dict.fromkeys(KINDS, lane) for name, lane in verbs.items()}
        self.outbox = Outbox(self.store, self.clock, self.policy, owner, verbs)
        self.outbox.start()

    async def declare(self, *effects, **changes):
        """An incident that owes these; its number."""
        now = self.clock.now()
        value = Incident(
            **{"title": "db down", "severity": "SEV-1", "reporter": "U0001", "detected_at": now, **changes}
        )
        incident = await self.store.transact(incidents.apply, Decision(value, effects=effects), now)
        if self.outbox:
            self.outbox.wake([effect.lane for effect in effects])
        return incident.number

    async def rows(self, lane):
        query = models.Outbox.select().where(models.Outbox.lane == lane).order_by(models.Outbox.id)
        return await self.store.transact(lambda: list(query))

    async def until(self, lane, *states):
        """Until this lane's rows are in these states; the rows."""

        async def look():
            try:
                found = await self.rows(lane)
            except Unavailable:  # where two processes write as fast as they can, a third may have to ask again
                return False
            return [row.state for row in found] == list(states) and (found or True)

        return await eventually(look)

    async def failed_once(self, lane):
        """This lane's first row, once an attempt has failed."""

        async def look():
            [first, *_] = await self.rows(lane)
            return first if first.error else None

        return await eventually(look)

    async def deliveries(self, number, lane):
        """What the timeline says of this lane."""
        record = await self.store.transact(incidents.record, number)
        return [entry.data for entry in record.entries("delivery") if entry.data["lane"] == lane]


KINDS = ("post", "comment", "create_issue", "invite", "announce", "tell")


def post(target="room", lane="vendor", kind="post", **more):
    return Effect(lane, kind, target, **more)


def page(lane="pager", **data):
    return Effect(lane, "page", "1", {"level": 0, "round": 1, **data})


@pytest.fixture
async def house(tmp_path):
    store = Flaky(f"sqlite:///{tmp_path / 'muster.db'}")
    store.migrate(migrate.upgrade)
    built = House(store)
    yield built
    built.never.set()
    if built.outbox:
        await built.outbox.stop()
    store.close()


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
    said = [record.getMessage() for record in caplog.records if record.name == "muster.outbox"]
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
