"""What has been done already, by the sender's own key. Every function runs inside Store.transact."""

from collections.abc import Iterable
from datetime import datetime

from storage import models
from storage.statements import ask, select, update


def first_time(key: str, now: datetime) -> bool:
    """Write the key down. False when it was there: the same envelope, click or callback again."""
    written = "INSERT INTO seen (key, at) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING key"
    return bool(ask(models.Seen, written, key, now))


def known(keys: Iterable[str]) -> bool:
    """Whether one of these was written down before."""
    return any(select(models.Seen, key=key) for key in keys)


def about(key: str, incident: int) -> None:
    """Note which incident the key led to, so that a repeat gets the same answer."""
    update(models.Seen, {"key": key}, incident=incident)


def led_to(key: str) -> int | None:
    """The incident that the key led to."""
    row = models.Seen.get_or_none(models.Seen.key == key)
    return row.incident if row else None


def sweep(before: datetime) -> int:
    """Forget keys older than any sender's retries; how many."""
    return int(models.Seen.delete().where(models.Seen.at < before).execute())
