"""Which bots share this database. Every function runs inside Store.transact."""

from datetime import datetime

from storage import models


def enrol(owner: str, host: str, pid: int, pid_started_at: datetime, now: datetime) -> None:
    """Write down that `owner` is the process `pid` of `host`."""
    models.Process.insert(owner=owner, host=host, pid=pid, pid_started_at=pid_started_at, seen_at=now).execute()


def beat(owner: str, now: datetime) -> None:
    """Say that `owner` lives."""
    models.Process.update(seen_at=now).where(models.Process.owner == owner).execute()


def of_host(host: str) -> list[tuple[str, int, datetime]]:
    """(owner, pid, pid_started_at) of every process written down for this machine."""
    query = models.Process.select().where(models.Process.host == host)
    return [(row.owner, row.pid, row.pid_started_at) for row in query]


def strike(owners: list[str]) -> None:
    """Forget processes that are dead."""
    models.Process.delete().where(models.Process.owner.in_(owners)).execute()


def sweep(before: datetime) -> int:
    """Forget processes that nobody has heard of since then, such as those of containers that are gone; how many."""
    return int(models.Process.delete().where(models.Process.seen_at < before).execute())
