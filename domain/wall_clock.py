"""Times as a clock on the wall of some zone shows them, and when such a time comes. It knows no people."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

NOTHING = timedelta(0)
SECOND = timedelta(seconds=1)
EPOCH = datetime(1970, 1, 5)  # noqa: DTZ001 - what a clock on a wall shows has no zone
"""A Monday, midnight: what a wall clock shows is counted from here, as if no clock were ever changed."""

_EPOCH_UTC = EPOCH.replace(tzinfo=UTC)


@lru_cache(maxsize=4096)  # the same few hand-overs are asked for again and again
def first_shown(shown: timedelta, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) at which the zone's clock shows this time, counted from EPOCH, or a later one.

    So a time that the clocks skip comes when they jump, and of a time that comes twice the first counts. The rule has
    no exception that anybody would have to remember: whoever watches the clock acts when it shows the time or is past.
    """
    local = EPOCH + shown
    before, after = zone.utcoffset(local) or NOTHING, zone.utcoffset(local.replace(fold=1)) or NOTHING
    # PEP 495: the folds of a time differ where it is skipped or comes twice; skipped, the later offset is the larger.
    if after > before:
        return _jump(local, zone, _EPOCH_UTC + shown - after, _EPOCH_UTC + shown - before)
    return _EPOCH_UTC + (shown - before)


@lru_cache(maxsize=4096)  # many schedules are asked about one moment
def _shown(at: datetime, zone: ZoneInfo) -> tuple[timedelta, bool]:
    """What the zone's clock shows, counted from EPOCH, and whether it has shown that before."""
    local = at.astimezone(zone)
    return at - _EPOCH_UTC + (local.utcoffset() or NOTHING), bool(local.fold)


def _jump(local: datetime, zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """When the clocks jumped over this time: after one moment, at or before another."""
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if middle.astimezone(zone).replace(tzinfo=None) >= local:
            after = middle
        else:
            before = middle
    return after


@dataclass(frozen=True, slots=True)
class Cycle:
    """Marks on a wall clock that come again every `period`: `first` (counted from EPOCH) plus each of `marks`, which
    are in order, from zero and shorter than the period. Mark number n is counted from `first`, also backwards."""

    first: timedelta
    period: timedelta
    zone: ZoneInfo
    marks: tuple[timedelta, ...] = (NOTHING,)

    def number(self, at: datetime) -> int:
        """The last mark that has come at this moment. By arithmetic: no step is counted one by one."""
        shown, again = _shown(at, self.zone)
        periods, rest = divmod(shown - self.first, self.period)
        number = periods * len(self.marks) + bisect_right(self.marks, rest) - 1
        # The clock was put back and has shown later times before.
        while again and self.begin(number + 1) <= at:
            number += 1
        return number

    def begin(self, number: int) -> datetime:
        """When this mark comes, UTC. Marks that the clocks skip come together."""
        periods, place = divmod(number, len(self.marks))
        return first_shown(self.first + periods * self.period + self.marks[place], self.zone)
