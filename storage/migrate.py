"""Brings the database to the newest shape, once at start, under a lock."""

from pathlib import Path
from typing import Any

import peewee
from playhouse.migrations import Runner

from domain.doctor import Books
from domain.errors import Unavailable

MIGRATIONS = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 0x6D757374
WAIT_FOR_LOCK_S = 60
"""While another process migrates; the lock is "must" in ASCII."""


def upgrade(db: Any) -> list[str]:
    """Apply what is missing; the names applied. Two processes that start together do it once.

    Raises Unavailable where a newer Muster has been at it.
    """
    with db.connection_context():
        if isinstance(db, peewee.PostgresqlDatabase):
            return _upgrade_postgres(db)
        db.execute_sql(f"PRAGMA busy_timeout = {WAIT_FOR_LOCK_S * 1000}")
        with db.atomic("EXCLUSIVE"):
            return _applied(db)


def look(db: Any) -> Books:
    """How far the database has come. A table is made and taken back, so that one that cannot be written is seen."""
    with (
        db.connection_context(),
        db.atomic(*([] if isinstance(db, peewee.PostgresqlDatabase) else ["IMMEDIATE"])) as it,
    ):
        known = Runner(db, str(MIGRATIONS)).status()
        db.execute_sql("CREATE TABLE muster_can_be_written (id INTEGER)")
        it.rollback()
    return Books(
        pending=tuple(each.name for each in known if each.path and not each.applied),
        foreign=tuple(each.name for each in known if not each.path),
    )


def _applied(db: Any) -> list[str]:
    runner = Runner(db, str(MIGRATIONS))
    foreign = [each.name for each in runner.status() if not each.path]
    if foreign:  # what it holds, this version would read and write wrongly
        raise Unavailable(f"it is newer than this Muster: {', '.join(foreign)}; install the version that wrote it")
    return list(runner.up())


def _upgrade_postgres(db: Any) -> list[str]:
    db.take_all_the_time()
    db.execute_sql("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
    try:
        return _applied(db)
    finally:
        db.execute_sql("SELECT pg_advisory_unlock(%s)", (ADVISORY_LOCK,))
