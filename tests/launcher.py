"""Starts bot.py, and ends or freezes its own process at the n-th COMMIT that wrote something. It judges nothing.

`launcher.py ORDER run …`: the file ORDER holds "serial n moment"; a new one begins to count anew. The count so far is
kept beside it.
"""

import os
import runpy
import signal
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Commits:
    """Counts the commits of every thread since the latest order."""

    def __init__(self, order: Path) -> None:
        self._order = order
        self._latest = ""
        self._count = 0
        self._changes = {}
        self._lock = threading.Lock()

    def watch(self, database) -> None:
        """Stand around `database.commit`, a method of peewee's class."""
        commit = database.commit

        def watched(db) -> None:
            if not self._wrote(db):
                commit(db)
                return
            due = self._due()
            if due == "before":
                _die()
            commit(db)
            if due == "after":
                _die()
            if due == "freeze":
                os.kill(os.getpid(), signal.SIGSTOP)

        database.commit = watched

    def _wrote(self, db) -> bool:
        """Whether the open transaction changed anything: looking for work commits too, and leaves nothing to lose."""
        connection = db.connection()
        if hasattr(connection, "total_changes"):
            before = self._changes.get(connection, 0)
            self._changes[connection] = connection.total_changes
            return connection.total_changes > before
        return connection.execute("SELECT pg_current_xact_id_if_assigned()").fetchone()[0] is not None

    def _due(self) -> str:
        """The moment at which to die, if this is the commit."""
        with self._lock:
            order = self._order.read_text() if self._order.exists() else ""
            if order != self._latest:
                self._latest, self._count = order, 0
            if not order:
                return ""
            self._count += 1
            self._order.with_suffix(".count").write_text(str(self._count))
            _, n, moment = order.split()
            return moment if self._count == int(n) else ""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


def main() -> None:
    order, *arguments = sys.argv[1:]
    sys.path.insert(0, str(ROOT))
    import peewee

    from storage import db

    # Shared commits would be fewer in one life than in another: here each piece of work has its own, and is a point.
    db.SHARED_S = 0.0
    Commits(Path(order)).watch(peewee.Database)
    sys.argv = [str(ROOT / "bot.py"), *arguments]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
