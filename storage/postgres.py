"""PostgreSQL that cannot hold a thread for ever: every wait has an end. It knows no table.

Imported only where PostgreSQL is used, because psycopg is an extra.
"""

import select
from typing import Any

import peewee
import psycopg
from psycopg.conninfo import conninfo_to_dict

from domain.errors import Unavailable

CONNECT_WITHIN_S = 3
ANSWER_WITHIN_S = 5.0
"""For a server that has stopped turning, which no timeout of its own can report."""

LIMITS = {
    "lock_timeout": 2000,
    "statement_timeout": 4000,
    # A process frozen inside a transaction must not keep the incident from the others.
    "idle_in_transaction_session_timeout": 10000,
}


class Connection(psycopg.Connection[Any]):
    """Raises OperationalError when the server says nothing for `patience` seconds; None waits for ever."""

    patience: float | None = ANSWER_WITHIN_S

    def wait(self, *args: Any, **kwargs: Any) -> Any:
        return super().wait(*args, **{"timeout": self.patience, **kwargs})


class _Adapter(peewee.Psycopg3Adapter):  # type: ignore[misc]
    def connect(self, db: peewee.Database, **params: Any) -> Connection:
        return Connection.connect(db.database, connect_timeout=CONNECT_WITHIN_S, **params)


class Postgres(peewee.PostgresqlDatabase):  # type: ignore[misc]
    """A database for `postgresql://…`, whose address libpq reads: percent-encoded, TCP or Unix socket."""

    psycopg3_adapter = _Adapter

    def __init__(self, url: str) -> None:
        """Raises Unavailable for an address that libpq cannot read, whose words would show a part of the password."""
        try:
            conninfo_to_dict(url)
        except psycopg.ProgrammingError:
            raise Unavailable(
                "its address cannot be read; write postgresql://user:password@host/muster?sslmode=require, "
                "in the password %40 for @, %2F for / and %25 for %"
            ) from None
        super().__init__(url, prefer_psycopg3=True)

    def is_connection_usable(self) -> bool:
        """An idle connection with something to read was ended by the server: the first to notice needs no error."""
        return bool(super().is_connection_usable()) and not _has_word(self.connection())

    def take_all_the_time(self) -> None:
        """For this connection: changing tables may take minutes, and so may waiting for another process to do it."""
        self.connection().patience = None
        _limit(self.connection(), dict.fromkeys(LIMITS, 0))

    def _initialize_connection(self, conn: Connection) -> None:
        _limit(conn, LIMITS)


def _limit(conn: Connection, limits: dict[str, int]) -> None:
    conn.execute("; ".join(f"SET {name} = {value}" for name, value in limits.items()))


def _has_word(conn: Connection) -> bool:
    poll = select.poll()
    poll.register(conn.fileno(), select.POLLIN)
    return bool(poll.poll(0))
