"""The one door to the database: plain functions in worker threads, one transaction each. It knows no table."""

import asyncio
import contextlib
import contextvars
import copy
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

import peewee

from domain.errors import Unavailable
from storage.threads import Next, Threads, Work

P = ParamSpec("P")
T = TypeVar("T")

POSTGRES_THREADS = 4
"""One process holds so many connections."""

BUSY_TIMEOUT_MS = 2000
"""Counted from when the transaction was asked for: who queued behind one that waited in vain does not wait again."""

LAST_TRY_MS = 100
SHARED_S = 0.01
"""For so long a transaction takes in what waits; a commit costs SQLite a millisecond or more, whatever is in it."""

MAY_NOT_WRITE = {"25006", "42501"}
"""PostgreSQL's words for a server that is a standby by now, and for a user without the right."""

CONFLICT_TRIES = 3
"""PostgreSQL may end one of two transactions that wait for each other; its work is run again, so often at most."""


class _PerThread(peewee.DatabaseProxy):  # type: ignore[misc]
    """The models' database: whichever store owns the thread, so that two stores in one process never mix."""

    _local = threading.local()

    @property
    def obj(self) -> Any:
        return getattr(self._local, "database", None)

    @obj.setter
    def obj(self, database: Any) -> None:
        self._local.database = database

    def __setattr__(self, name: str, value: Any) -> None:  # the proxy's own refuses what is not in its slots
        object.__setattr__(self, name, value)


database = _PerThread()


def connect(url: str) -> peewee.Database:
    """A database for `sqlite:////absolute/path`, `sqlite:///relative/path` or `postgresql://…`. Raises Unavailable."""
    if url.startswith("sqlite:"):
        path = _made_room(Path(unquote(urlsplit(url).path.removeprefix("/"))))
        return peewee.SqliteDatabase(
            str(path),
            check_same_thread=False,  # close() runs in whichever thread stops the process
            pragmas={
                "journal_mode": "wal",
                "synchronous": "full",
                "foreign_keys": 1,
                "busy_timeout": BUSY_TIMEOUT_MS,
            },
        )
    try:
        from storage.postgres import Postgres
    except ImportError as missing:
        raise Unavailable(f"PostgreSQL needs the package psycopg ({missing})") from missing
    return Postgres(url)


def _made_room(path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(str(error)) from error
    return path


def file_of(url: str) -> Path | None:
    """Where a database of SQLite stands; None for PostgreSQL."""
    path = url.removeprefix("sqlite:///")
    return None if path == url else Path(unquote(path))


class Store:
    """Runs functions in transactions. SQLite has one thread, PostgreSQL a few; each thread keeps its connection.

    What waits for SQLite's thread at the same time shares one commit, each function on a savepoint of its own. A
    function may be run a second time, when the transaction that it was in could not be committed.
    """

    def __init__(self, url: str) -> None:
        self._db = connect(url)
        self.postgres = isinstance(self._db, peewee.PostgresqlDatabase)
        count, carry_out = (POSTGRES_THREADS, self._alone) if self.postgres else (1, self._together)
        self._threads = Threads(count, "store", self._adopt_thread, carry_out)
        self.patience = 0.0
        self._connections: dict[int, Any] = {}

    def patient(self, seconds: float) -> "Store":
        """The same store for work that lets others go first, as long as they ask within so many seconds."""
        other = copy.copy(self)
        other.patience = seconds
        return other

    async def transact(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`fn`'s result, from one committed transaction. Raises Unavailable, or what `fn` raised (rolled back).

        A cancelled caller stops waiting; the transaction runs to its end.
        """
        return await asyncio.shield(asyncio.wrap_future(self._ask(fn, *args, **kwargs)))

    def transact_now(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for a thread that has no event loop (the scheduler's)."""
        return self._ask(fn, *args, **kwargs).result()

    def migrate(self, upgrade: Callable[[Any], T]) -> T:
        """Run `upgrade` with the raw database, before anything else uses it."""
        return self._guarded(lambda: upgrade(self._db))

    def close(self) -> None:
        """Finish what runs, then close every connection."""
        self._threads.shutdown()
        for connection in self._connections.values():
            connection.close()

    def _ask(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        context = contextvars.copy_context()
        try:
            return self._threads.submit(lambda: context.run(fn, *args, **kwargs), self.patience)
        except RuntimeError as error:  # the threads' word for a store that was closed
            raise Unavailable(str(error)) from error

    def _adopt_thread(self) -> None:
        database.obj = self._db

    def _together(self, first: Work[Any], following: Next) -> None:
        """One commit for all that waits; where it cannot be had, each in a transaction and with an error of its own."""
        taken: list[Work[Any]] = []
        coming = _as_they_come(first, following, taken)
        try:
            outcomes = self._guarded(
                lambda: self._in_transaction(first.asked, lambda: [self._on_savepoint(work) for work in coming])
            )
        except (Unavailable, peewee.DatabaseError, peewee.InterfaceError) as error:
            if not taken:
                first.future.set_exception(error)
            for work in taken:
                self._alone(work)
        else:
            for tell in outcomes:
                tell()

    def _on_savepoint(self, work: Work[Any]) -> Callable[[], None]:
        """How to tell whoever asked for it. Raises what the database says: then nothing of the transaction counts."""
        try:
            with self._db.savepoint():
                result = work.run()
        except (peewee.DatabaseError, peewee.InterfaceError):
            raise
        except BaseException as problem:  # noqa: BLE001 (it is raised again where the work was asked for)
            return lambda problem=problem: work.future.set_exception(problem)  # type: ignore[misc]
        return lambda: work.future.set_result(result)

    def _alone(self, work: Work[Any], _following: Next | None = None) -> None:
        work.carry_out(lambda work: self._run(work.asked, work.run))

    def _run(self, asked: float, work: Callable[[], T]) -> T:
        for attempt in range(1, CONFLICT_TRIES + 1):
            try:
                return self._guarded(lambda: self._in_transaction(asked, work))
            except _Conflict as conflict:
                if attempt == CONFLICT_TRIES:
                    raise Unavailable(str(conflict)) from conflict
                time.sleep(0.01 * attempt)
        raise AssertionError("unreachable")

    def _in_transaction(self, asked: float, work: Callable[[], T]) -> T:
        self._ensure_connected()
        if self.postgres:
            with self._db.atomic():
                return work()
        waited_ms = int((time.monotonic() - asked) * 1000)
        self._db.execute_sql(f"PRAGMA busy_timeout = {max(BUSY_TIMEOUT_MS - waited_ms, LAST_TRY_MS)}")
        with self._db.atomic("IMMEDIATE"):
            return work()

    def _ensure_connected(self) -> None:
        if not self._db.is_closed() and self._db.is_connection_usable():
            return
        self._db.close()
        self._db.connect()
        self._connections[threading.get_ident()] = self._db.connection()

    def _guarded(self, work: Callable[[], T]) -> T:
        with self._as_unavailable():
            return work()

    @contextlib.contextmanager
    def _as_unavailable(self) -> Iterator[None]:
        try:
            yield
        except (peewee.DatabaseError, peewee.InterfaceError) as error:
            if _known_of(error, "sqlstate") & {"40P01", "40001"}:
                raise _Conflict(str(error)) from error
            if not _is_trouble(error):
                raise
            with contextlib.suppress(peewee.PeeweeException):
                if self.postgres:
                    self._db.close()
            raise Unavailable(" ".join(str(_first(error)).split())) from error


def _as_they_come(first: Work[Any], following: Next, taken: list[Work[Any]]) -> Iterator[Work[Any]]:
    """What waits, as long as a transaction may take in more; kept in `taken`."""
    until = time.monotonic() + SHARED_S
    work: Work[Any] | None = first
    while work:
        taken.append(work)
        yield work
        work = following() if time.monotonic() < until else None


def _is_trouble(error: Exception) -> bool:
    """Whether the database is at fault and not what it was asked.

    A full disk ends SQLite's transaction by itself, so that the rollback fails too: the first error counts.
    """
    names = _known_of(error, "sqlite_errorname")
    if isinstance(error, peewee.OperationalError | peewee.InterfaceError):
        return names != {"SQLITE_ERROR"}
    return bool(names & {"SQLITE_NOTADB", "SQLITE_CORRUPT"} or _known_of(error, "sqlstate") & MAY_NOT_WRITE)


def _known_of(error: BaseException | None, attribute: str) -> set[str]:
    """What the drivers say in this attribute of the error and of those that led to it."""
    found = set()
    while error is not None:
        found.add(getattr(error, attribute, None))
        error = error.__cause__ or error.__context__
    return {each for each in found if each}


def _first(error: BaseException) -> BaseException:
    """What went wrong before the rollback did: a full disk has ended the transaction by itself."""
    before: BaseException | None = error
    while before is not None and "no transaction is active" in str(before):
        before = before.__cause__ or before.__context__
    return before or error


class _Conflict(Exception):
    pass
