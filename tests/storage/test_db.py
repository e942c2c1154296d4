"""One door to the database: all or nothing, always an answer, whatever the server does."""

import asyncio
import sqlite3
import threading
import time
from urllib.parse import quote

import peewee
import psycopg
import pytest

from domain.errors import Refused, Unavailable
from storage import incidents, migrate, models
from storage.db import BUSY_TIMEOUT_MS, CONFLICT_TRIES, POSTGRES_THREADS, Store, database
from storage.postgres import ANSWER_WITHIN_S, CONNECT_WITHIN_S
from tests.storage.silence import Wire
from tests.storage.values import declare

SLACK_MS = 1500
"""What a busy machine may add to a wait."""


def titles():
    return [row.title for row in models.Incident.select().order_by(models.Incident.number)]


def rename(number, title):
    models.Incident.update(title=title).where(models.Incident.number == number).execute()


async def test_what_a_transaction_returns_comes_back_and_is_there_for_the_next_one(store):
    number = await store.transact(declare, title="db down")
    assert (await store.transact(incidents.get, number)).title == "db down"


async def test_a_transaction_that_raises_leaves_nothing_and_its_error_rises(store):
    def work():
        declare()
        raise Refused("no")

    with pytest.raises(Refused, match="no"):
        await store.transact(work)
    assert await store.transact(titles) == []


async def test_a_cancelled_caller_does_not_abandon_its_transaction_half_way(store):
    begun, go_on = threading.Event(), threading.Event()

    def work():
        declare(title="first half")
        begun.set()
        assert go_on.wait(10)
        declare(title="second half")

    caller = asyncio.create_task(store.transact(work))
    await asyncio.to_thread(begun.wait, 10)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()

    assert await _soon(store, titles) == ["first half", "second half"]


async def test_fifty_updates_of_one_incident_at_once_lose_nothing(store, opened):
    number = await store.transact(declare, title="")
    others = [opened() for _ in range(3)]

    def append(mark):
        before = incidents.get(number, lock=True)
        rename(number, f"{before.title}{mark}")

    marks = [chr(ord("A") + each) for each in range(50)]
    await asyncio.gather(*([store, *others][i % 4].transact(append, mark) for i, mark in enumerate(marks)))

    assert sorted((await store.transact(incidents.get, number)).title) == marks


async def test_a_bug_in_a_statement_is_no_unavailable_database(store):
    with pytest.raises(Exception, match="nonsense") as bug:
        await store.transact(lambda: list(models.Incident.raw("SELECT nonsense FROM incident")))
    assert not isinstance(bug.value, Unavailable)
    assert await store.transact(titles) == []


async def test_a_closed_store_is_unavailable(store):
    store.close()
    with pytest.raises(Unavailable):
        await store.transact(titles)


async def test_two_stores_in_one_process_never_mix(store, tmp_path):
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    other.migrate(migrate.upgrade)
    await store.transact(declare, title="here")
    try:
        assert await other.transact(titles) == []
    finally:
        other.close()


# SQLite


@pytest.fixture
def sqlite(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'muster.db'}")
    store.migrate(migrate.upgrade)
    yield store
    store.close()


@pytest.fixture
def locked(tmp_path, sqlite):
    """locked() -> a foreign writer that holds the file until it is closed."""
    writer = sqlite3.connect(tmp_path / "muster.db", check_same_thread=False)

    def lock():
        writer.execute("BEGIN IMMEDIATE")
        return writer

    yield lock
    writer.close()


async def test_a_file_held_by_another_writer_is_unavailable_after_two_seconds_and_nothing_is_written(sqlite, locked):
    writer, begun = locked(), time.monotonic()
    with pytest.raises(Unavailable, match="locked"):
        await sqlite.transact(declare)
    waited = (time.monotonic() - begun) * 1000
    writer.close()

    assert BUSY_TIMEOUT_MS * 0.9 <= waited <= BUSY_TIMEOUT_MS + SLACK_MS
    assert await sqlite.transact(titles) == []


async def test_ten_who_wait_for_a_held_file_wait_together_not_one_after_the_other(sqlite, locked):
    locked()
    begun = time.monotonic()
    answers = await asyncio.gather(*(sqlite.transact(declare) for _ in range(10)), return_exceptions=True)

    assert [type(answer) for answer in answers] == [Unavailable] * 10
    assert (time.monotonic() - begun) * 1000 <= BUSY_TIMEOUT_MS * 3  # not 10


async def test_a_file_that_is_let_go_in_time_is_written(sqlite, locked):
    writer = locked()
    waiting = asyncio.create_task(sqlite.transact(declare))
    asyncio.get_running_loop().call_later(0.2, writer.close)
    assert await waiting == 1


@pytest.fixture
async def crowd(sqlite):
    """`await crowd(*works)`: what becomes of works that all waited for the thread, and what SQLite was told."""

    async def carry_out(*works):
        said, begun, go_on = [], threading.Event(), threading.Event()
        await sqlite.transact(lambda: models.Incident._meta.database.connection().set_trace_callback(said.append))
        busy = asyncio.create_task(sqlite.transact(lambda: (begun.set(), go_on.wait(10))))
        await asyncio.to_thread(begun.wait, 10)
        asked = [asyncio.create_task(sqlite.transact(work)) for work in works]
        await asyncio.sleep(0)
        said.clear()
        go_on.set()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        await busy
        return answers, said

    return carry_out


async def test_what_waits_for_sqlite_at_the_same_time_shares_a_commit(sqlite, crowd):
    answers, said = await crowd(declare, declare, declare)
    assert answers == [1, 2, 3]
    assert said.count("COMMIT") <= 2, "one of the work that kept the thread busy, one of all that waited"


async def test_what_raises_takes_nothing_with_it_of_those_who_share_its_commit(sqlite, crowd):
    def refused():
        declare(title="refused")
        raise Refused("no")

    answers, _ = await crowd(lambda: declare(title="first"), refused, lambda: declare(title="last"))
    assert [type(answer) for answer in answers] == [int, Refused, int]
    assert await sqlite.transact(titles) == ["first", "last"]


async def test_a_statement_that_fails_is_the_error_of_its_own_work_alone(sqlite, crowd):
    def broken():
        declare(title="broken")
        models.Incident._meta.database.execute_sql("SELECT nonsense FROM nowhere")

    answers, _ = await crowd(lambda: declare(title="first"), broken, lambda: declare(title="last"))
    assert [type(answer) for answer in answers] == [int, peewee.OperationalError, int]
    assert await sqlite.transact(titles) == ["first", "last"]


async def test_sqlite_syncs_each_commit_and_enforces_its_references(sqlite):
    def pragmas():
        ask = models.Incident._meta.database.execute_sql
        return [ask(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")]

    assert await sqlite.transact(pragmas) == ["wal", 2, 1]


def test_an_absolute_address_is_taken_as_it_stands_and_may_be_percent_encoded(tmp_path):
    folder = tmp_path / "a folder"
    Store(f"sqlite:///{quote(str(folder))}/muster.db").close()
    assert folder.is_dir()


def test_a_relative_address_is_relative_to_where_the_process_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = Store("sqlite:///data/muster.db")
    store.migrate(migrate.upgrade)
    store.close()
    assert (tmp_path / "data" / "muster.db").is_file()


def test_a_folder_that_cannot_be_made_is_an_unavailable_database(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="file"):
        Store(f"sqlite:///{tmp_path / 'file' / 'data' / 'muster.db'}")


async def test_a_full_file_is_said_as_such_and_not_as_the_rollback_that_failed_too(sqlite):
    """SQLite ends the transaction by itself when the disk is full."""
    await sqlite.transact(declare)
    await sqlite.transact(lambda: models.Incident._meta.database.execute_sql("PRAGMA max_page_count = 1"))

    def much():
        for _ in range(100):
            declare(title="x" * 1000)

    with pytest.raises(Unavailable, match=r"^database or disk is full$"):
        await sqlite.transact(much)


# PostgreSQL


@pytest.mark.parametrize("address", ["ana:hush%zz@h/x", "ana:hush@[::1/x", "ana:hush@h/x?sslmod=require"])
def test_an_address_that_cannot_be_read_is_said_without_showing_it(address):
    pytest.importorskip("psycopg")
    with pytest.raises(Unavailable, match="its address cannot be read; write postgresql://") as told:
        Store(f"postgresql://{address}")
    assert "hush" not in str(told.value)


@pytest.fixture
def postgres_url(create_database, newest_shape):
    return create_database(like=newest_shape)


@pytest.fixture
def postgres(postgres_url):
    store = Store(postgres_url)
    store.migrate(migrate.upgrade)
    yield store
    store.close()


def _end_all_connections(url):
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.postgres
async def test_a_connection_lost_between_two_transactions_is_replaced_without_a_word(postgres, postgres_url):
    await asyncio.gather(*(postgres.transact(titles) for _ in range(2 * POSTGRES_THREADS)))
    _end_all_connections(postgres_url)
    assert await postgres.transact(declare) == 1


@pytest.mark.postgres
async def test_a_connection_lost_within_a_transaction_writes_nothing_and_the_next_one_works(postgres, postgres_url):
    def work():
        declare()
        _end_all_connections(postgres_url)
        declare()

    with pytest.raises(Unavailable):
        await postgres.transact(work)
    await postgres.transact(declare, title="afterwards")
    assert await postgres.transact(titles) == ["afterwards"]


@pytest.mark.postgres
async def test_lost_connections_are_forgotten(postgres, postgres_url):
    for _ in range(5):
        await asyncio.gather(*(postgres.transact(titles) for _ in range(2 * POSTGRES_THREADS)))
        _end_all_connections(postgres_url)
    assert len(postgres._connections) <= POSTGRES_THREADS


@pytest.mark.postgres
async def test_of_two_that_wait_for_each_other_both_are_done_in_the_end(postgres):
    one, other = await postgres.transact(declare), await postgres.transact(declare)
    both_hold, begun = threading.Barrier(2), []

    def swap(first, second, title):
        incidents.get(first, lock=True)
        begun.append(title)
        if begun.count(title) == 1:
            both_hold.wait(5)
        incidents.get(second, lock=True)
        rename(second, title)

    await asyncio.gather(postgres.transact(swap, one, other, "a"), postgres.transact(swap, other, one, "b"))

    assert await postgres.transact(titles) == ["b", "a"]
    assert len(begun) == 3


@pytest.mark.postgres
async def test_a_conflict_that_does_not_end_is_unavailable(postgres):
    tried = []

    def conflict():
        tried.append(1)
        database.execute_sql("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")

    with pytest.raises(Unavailable, match="again"):
        await postgres.transact(conflict)
    assert len(tried) == CONFLICT_TRIES


@pytest.mark.postgres
async def test_an_incident_held_by_another_process_for_too_long_is_unavailable(postgres, postgres_url):
    number = await postgres.transact(declare)
    with psycopg.connect(postgres_url) as other:
        other.execute("SELECT 1 FROM incident WHERE number = %s FOR UPDATE", (number,))
        with pytest.raises(Unavailable, match="lock timeout"):
            await postgres.transact(incidents.get, number, lock=True)
    assert (await postgres.transact(incidents.get, number, lock=True)).number == number


@pytest.mark.postgres
@pytest.mark.long
async def test_a_server_that_falls_silent_is_unavailable_and_used_again_when_it_is_back(postgres_url, tmp_path):
    async with Wire(postgres_url, tmp_path) as wire:
        store = Store(wire.url)
        await asyncio.to_thread(store.migrate, migrate.upgrade)
        assert await store.transact(titles) == []
        wire.cut()
        with pytest.raises(Unavailable, match="timeout"):
            await asyncio.wait_for(store.transact(declare), ANSWER_WITHIN_S + CONNECT_WITHIN_S)
        wire.mend()
        assert await store.transact(declare)
        await asyncio.to_thread(store.close)


@pytest.mark.postgres
async def test_a_process_frozen_in_a_transaction_lets_go_of_its_incident(postgres):
    ask = "SELECT setting FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'"
    assert await postgres.transact(lambda: database.execute_sql(ask).fetchone()) == ("10000",)


@pytest.mark.postgres
async def test_an_address_may_hold_a_percent_encoded_password_and_lead_to_a_port(postgres_url):
    url = Store("postgresql://ana:p%40ss%2Fword@127.0.0.1:1/muster?sslmode=disable")
    try:
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1.* port 1 "):
            await url.transact(titles)
    finally:
        url.close()


async def _soon(store, work):
    """What `work` finds, in a transaction that queued behind those asked for before."""
    for _ in range(POSTGRES_THREADS * 50):
        found = await store.transact(work)
        if found:
            return found
    return found
