"""The scheduler goes on whatever happens to its thread, its rows and its database, and acts once."""

import asyncio
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from domain.decision import Decision, Timer
from domain.errors import Unavailable
from domain.incidents import RESOLVED, Incident
from domain.record import Ref
from service import metrics
from service.clock import Clock
from service.scheduler import Scheduler
from service.timers import Timers
from storage import incidents, migrate, models, timers
from storage.db import Store
from tests.eventually import eventually
from tests.policies import policy

SOON_S = 15.0


class Bot:
    """As much of a bot as timers need: its own database connection, its own scheduler, a clock that all share."""

    def __init__(self, store, clock, name="a", work=Timers):
        self.store = store
        self.heard = []
        self.work = work(store, clock, policy(), lambda lanes: None)
        self.scheduler = Scheduler(store, clock, self.work, name, self._hear)

    async def _hear(self, text):
        self.heard.append(text)


class Moved(Clock):
    """The machine's clock with what a test adds."""

    def __init__(self):
        self.by = timedelta()
        super().__init__(machine=lambda: datetime.now(UTC) + self.by)


@pytest.fixture
def clock():
    return Moved()


@pytest.fixture
async def start(clock):
    """start(store, …) -> a bot whose scheduler runs until the test ends."""
    running = []

    async def started(store, **options):
        bot = Bot(store, clock, **options)
        await bot.scheduler.start()
        running.append(bot.scheduler)
        return bot

    yield started
    await asyncio.gather(*(scheduler.stop() for scheduler in running))


@pytest.fixture
def sqlite(tmp_path):
    """sqlite(kind of store) -> a store on the test's own file."""
    stores = []

    def opened(kind=Store):
        stores.append(kind(f"sqlite:///{tmp_path / 'muster.db'}"))
        stores[-1].migrate(migrate.upgrade)
        return stores[-1]

    yield opened
    for each in stores:
        each.close()


def resolved(now, *due):
    """A resolved incident with a room, to be archived at each of these times; its number."""
    incident = Incident("db down", "SEV-1", "U0001", now, status=RESOLVED, resolved_at=now)
    decision = Decision(incident, timers=tuple(Timer("archive_channel", at) for at in due))
    number = incidents.apply(decision, now).number
    incidents.remember(number, [Ref("channel", f"C{number}")])
    return number


def acted():
    """How often each incident's work was done."""
    return Counter(row.incident for row in models.Outbox.select(models.Outbox.incident))


def timers_left():
    return models.Timer.select().count()


async def until(store, look, wanted, seconds=SOON_S):
    async def looked():
        return await store.transact(look) == wanted

    await eventually(looked, seconds)


async def test_a_timer_acts_when_its_time_has_come_and_not_before(store, clock, start):
    number = await store.transact(resolved, clock.now(), clock.now() + timedelta(hours=24))
    bot = await start(store)
    assert await store.transact(acted) == {}
    assert bot.scheduler.lag == timedelta()

    clock.by += timedelta(hours=24)
    await until(store, acted, {number: 1})
    assert await store.transact(timers_left) == 0


async def test_two_processes_fire_each_timer_once(store, opened, clock, start):
    numbers = [await store.transact(resolved, clock.now(), clock.now()) for _ in range(60)]
    await asyncio.gather(start(store, name="a"), start(opened(), name="b"))
    await until(store, timers_left, 0)
    assert await store.transact(acted) == dict.fromkeys(numbers, 1)


class Frozen(Timers):
    """Work that begins only when it is thawed, as in a process that was stopped between claim and work."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.begun, self.thawed, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.done = []

    async def fire(self, id):
        self.begun.set()
        await self.thawed.wait()
        self.done.append(await super().fire(id))
        self.ended.set()
        return self.done[-1]


async def test_a_process_frozen_past_its_lease_acts_no_second_time(store, opened, clock, start):
    number = await store.transact(resolved, clock.now(), clock.now())
    frozen = await start(store, name="a", work=Frozen)
    await asyncio.wait_for(frozen.work.begun.wait(), SOON_S)

    clock.by += timers.LEASE + timedelta(seconds=1)
    await start(opened(), name="b")
    await until(store, acted, {number: 1})
    frozen.work.thawed.set()
    await asyncio.wait_for(frozen.work.ended.wait(), SOON_S)

    assert set(frozen.work.done) == {False}
    assert await store.transact(acted) == {number: 1}


async def test_a_row_deleted_between_claim_and_work_is_not_acted_on_and_the_next_one_is(sqlite, clock, start):
    store = sqlite()
    now = clock.now()
    cancelled = await store.transact(resolved, now, now)
    bot = await start(store, work=Frozen)
    await asyncio.wait_for(bot.work.begun.wait(), SOON_S)
    await store.transact(lambda: models.Timer.delete().execute())
    other = await store.transact(resolved, now, now)
    bot.work.thawed.set()

    await until(store, acted, {other: 1})
    assert cancelled not in await store.transact(acted)
    assert bot.scheduler.alive
    assert bot.heard == []


class Moody(Store):
    """Its claims fail as often as the test says, each time in another way."""

    def __init__(self, url):
        super().__init__(url)
        self.failures = []

    def transact_now(self, fn, *arguments):
        if self.failures:
            raise self.failures.pop()
        return super().transact_now(fn, *arguments)


@pytest.mark.long
async def test_ten_failed_looks_at_the_database_leave_the_thread_alive_and_timers_fire_afterwards(sqlite, clock, start):
    store = sqlite(Moody)
    bot = await start(store)
    thread = bot.scheduler._scheduler._thread
    store.failures = [Unavailable("locked"), KeyError("odd"), OSError("disk"), Unavailable("gone"), ValueError()] * 2
    number = await store.transact(resolved, clock.now(), clock.now() + timedelta(seconds=8))

    await until(store, acted, {number: 1}, 30)
    assert store.failures == []
    assert bot.scheduler._scheduler._thread is thread
    assert bot.heard == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_dead_thread_is_replaced_and_it_is_said(sqlite, clock, start):
    store = sqlite(Moody)
    bot = await start(store)
    thread = bot.scheduler._scheduler._thread
    counted = metrics.SCHEDULER_REBUILT._value.get()
    store.failures = [SystemExit()]
    await asyncio.to_thread(thread.join, SOON_S)
    number = await store.transact(resolved, clock.now(), clock.now())

    await until(store, acted, {number: 1})
    assert bot.scheduler.alive
    assert bot.heard == ["Muster's scheduler was started anew: its thread died. Look at what was due."]
    assert metrics.SCHEDULER_REBUILT._value.get() == counted + 1


class Hanging(Store):
    """The next claim after `hang` never comes back, until the test lets it go."""

    def __init__(self, url):
        super().__init__(url)
        self.hang, self.let_go = threading.Event(), threading.Event()

    def transact_now(self, fn, *arguments):
        if self.hang.is_set():
            self.hang.clear()
            self.let_go.wait(60)
        return super().transact_now(fn, *arguments)


@pytest.mark.long
async def test_a_thread_that_hangs_is_replaced_after_five_seconds_and_it_is_said(sqlite, clock, start):
    store = sqlite(Hanging)
    bot = await start(store)
    store.hang.set()
    number = await store.transact(resolved, clock.now(), clock.now())

    await until(store, acted, {number: 1}, 30)
    [said] = bot.heard
    assert "started anew: a timer is" in said
    await asyncio.wait_for(bot.scheduler.stop(), SOON_S)
    store.let_go.set()


class Busy(Store):
    """As many transactions of the loop as the test says find the database locked."""

    locked = 0

    async def transact(self, fn, *arguments, **more):
        if self.locked and fn.__name__ == "work":
            self.locked -= 1
            raise Unavailable("locked")
        return await super().transact(fn, *arguments, **more)


async def test_work_that_finds_the_database_locked_is_done_when_it_is_free_and_not_a_lease_later(sqlite, clock, start):
    store = sqlite(Busy)
    number = await store.transact(resolved, clock.now(), clock.now())
    store.locked = 4
    await start(store)
    await until(store, acted, {number: 1}, timers.LEASE.total_seconds() / 2)


async def test_a_bug_in_one_timer_s_work_is_logged_and_the_others_fire(sqlite, clock, start, caplog):
    store = sqlite()
    now = clock.now()
    unheard_of = Timer("unheard_of", now)
    await store.transact(
        lambda: incidents.apply(Decision(Incident("db down", "SEV-1", "U1", now), (), (), (unheard_of,)), now)
    )
    number = await store.transact(resolved, now, now)
    bot = await start(store)

    await until(store, acted, {number: 1})
    await asyncio.wait_for(bot.scheduler.stop(), SOON_S)
    assert "no work is known for the timer 'unheard_of'" in caplog.text
    assert await store.transact(timers_left) == 1


async def test_after_a_gap_of_thirty_days_each_timer_acts_once_oldest_first(sqlite, clock, start):
    store = sqlite()
    now = clock.now()
    due = [now + timedelta(days=day) for day in range(30)]
    numbers = [await store.transact(resolved, now, at) for at in reversed(due)]
    clock.by += timedelta(days=30)
    bot = await start(store)

    await until(store, timers_left, 0)
    assert await store.transact(acted) == dict.fromkeys(numbers, 1)
    assert bot.heard == []


async def test_a_clock_that_leaps_thirty_days_while_it_runs_rebuilds_nothing(sqlite, clock, start):
    store = sqlite()
    number = await store.transact(resolved, clock.now(), clock.now() + timedelta(days=29))
    bot = await start(store)
    clock.by += timedelta(days=30)
    await until(store, acted, {number: 1})
    assert bot.heard == []


async def test_stopping_waits_for_work_that_waits_for_the_loop(sqlite, clock, start):
    store = sqlite()
    number = await store.transact(resolved, clock.now(), clock.now())
    bot = await start(store, work=Frozen)
    await asyncio.wait_for(bot.work.begun.wait(), SOON_S)
    asyncio.get_running_loop().call_later(0.2, bot.work.thawed.set)

    await asyncio.wait_for(bot.scheduler.stop(), SOON_S)
    assert await store.transact(acted) == {number: 1}
    assert not bot.scheduler.alive
