"""Somebody stands in on a schedule for a while."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Override:
    """`person` and `schedule` are keys in config.yaml, `by` a Slack user id, times aware UTC; `id` grows with time."""

    schedule: str
    person: str
    begin: datetime
    end: datetime
    by: str = ""
    id: int = 0


def standing(overrides: Iterable[Override], at: datetime) -> Override | None:
    """The one in force: of several that overlap, the newest."""
    return max((each for each in overrides if each.begin <= at < each.end), key=lambda each: each.id, default=None)


def overlapped(overrides: Iterable[Override], new: Override) -> tuple[Override, ...]:
    """The older ones that the new one takes the place of, for some of their time."""
    return tuple(
        each
        for each in overrides
        if (each.schedule, each.id < new.id) == (new.schedule, True) and each.begin < new.end and new.begin < each.end
    )
