"""Times as a clock on the wall of some zone shows them, and when such a time comes. It knows no people."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)


def first_shown(local: datetime, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) at which the zone's clock shows this naive time, or a later one.

    So a time that the clocks skip comes when they jump, and of a time that comes twice the first counts. The rule has
    no exception that anybody would have to remember: whoever watches the clock acts when it shows the time or is past.
    """
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    shown = moment.astimezone(zone)
    return moment if shown.replace(tzinfo=None) == local else _jump(local, zone)


def _jump(local: datetime, zone: ZoneInfo) -> datetime:
    """When the clocks jumped over this time: between its moment by the offset after the jump and that by the one
    before (PEP 495: folds 1 and 0 of a skipped time)."""
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if middle.astimezone(zone).replace(tzinfo=None) >= local:
            after = middle
        else:
            before = middle
    return after


@dataclass(frozen=True, slots=True)
class Cycle:
    """Marks on a wall clock that come again every `period`: `first` (naive) plus each of `marks`, which are in order,
    from zero and shorter than the period. Mark number n is counted from `first`, also backwards."""

    first: datetime
    period: timedelta
    zone: ZoneInfo
    marks: tuple[timedelta, ...] = (timedelta(0),)

    def number(self, at: datetime) -> int:
        """The last mark that has come at this moment. By arithmetic: no step is counted one by one."""
        shown = at.astimezone(self.zone)
        periods, rest = divmod(shown.replace(tzinfo=None) - self.first, self.period)
        number = periods * len(self.marks) + bisect_right(self.marks, rest) - 1
        # The clock was put back and has shown later times before.
        while shown.fold and self.begin(number + 1) <= at:
            number += 1
        return number

    def begin(self, number: int) -> datetime:
        """When this mark comes, UTC. Marks that the clocks skip come together."""
        periods, place = divmod(number, len(self.marks))
        return first_shown(self.first + periods * self.period + self.marks[place], self.zone)
