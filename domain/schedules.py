"""Schedules as config.yaml writes them, made into what is computed: domain/rotations.py."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from domain.fields import KeyName, Section, TimeZone, keyed, known
from domain.people import PersonId
from domain.rotations import Layer as Turns
from domain.rotations import Rota
from domain.wall_clock import EPOCH, NOTHING, Cycle
from domain.working_hours import DAYS, Day, TimeOfDay

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
NAMED = {"daily": DAY, "weekly": WEEK}
UNITS = {"h": timedelta(hours=1), "d": DAY, "w": WEEK}
LONGEST = 52 * WEEK
"""Of a turn."""


def _turn(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    written = str(value).strip().lower()
    counted = re.fullmatch(r"([1-9][0-9]{0,3})\s*([hdw])", written)
    length = int(counted[1]) * UNITS[counted[2]] if counted else NAMED.get(written)
    if length is None or length > LONGEST:
        raise ValueError(f"{written[:40]!r} is no length of a turn; write daily, weekly, 12h, 3d or 2w (at most 52w)")
    return length


TurnLength = Annotated[timedelta, BeforeValidator(_turn)]


class Restriction(Section):
    """Hours of some weekdays. An end that is not after the begin is on the next day: 22:00 to 06:00, or a whole day
    from 00:00 to 00:00."""

    days: tuple[Day, ...] = Field(default=DAYS, min_length=1)
    begin: TimeOfDay = time(0)
    end: TimeOfDay = time(0)

    def spans(self) -> Iterator[tuple[timedelta, timedelta]]:
        """From and to since Monday 00:00, as the clock on the wall counts; to may lie in the next week."""
        for day in self.days:
            midnight = DAYS.index(day) * DAY
            begin, end = midnight + _since_midnight(self.begin), midnight + _since_midnight(self.end)
            yield begin, end if end > begin else end + DAY


class Layer(Section):
    """People who take turns, in this order and from the top again."""

    people: tuple[PersonId, ...] = Field(min_length=1)
    every: TurnLength = WEEK
    hand_over_day: Day | None = None
    hand_over_at: TimeOfDay = time(9)
    starts: date | None = None
    restrictions: tuple[Restriction, ...] = ()

    @model_validator(mode="after")
    def _on_its_day(self) -> Self:
        whole_weeks = self.every % WEEK == NOTHING
        if self.hand_over_day and not whole_weeks:
            raise ValueError("only turns of whole weeks have a hand_over_day; leave it out")
        if self.starts and whole_weeks and DAYS[self.starts.weekday()] != self.day:
            other = "" if self.hand_over_day else ", or name the hand_over_day"
            raise ValueError(f"starts is a {self.starts:%A}; write a {_weekday(self.day)}{other}")
        return self

    @property
    def day(self) -> Day:
        return self.hand_over_day or "mon"

    def turns(self, zone: ZoneInfo) -> Turns:
        """Ready to be asked. Without `starts` turns are counted from a Monday long ago: any does that never changes."""
        day = DAYS.index(self.day) * DAY if self.every % WEEK == NOTHING else NOTHING
        first = (self.starts - EPOCH.date()) if self.starts else day
        return Turns(
            self.people, Cycle(first + _since_midnight(self.hand_over_at), self.every, zone), hours=self._hours(zone)
        )

    def _hours(self, zone: ZoneInfo) -> Cycle | None:
        """When the layer's hours begin and end in turn; None where there are no others."""
        spans = _united(span for restriction in self.restrictions for span in restriction.spans())
        if not spans or spans == [(NOTHING, WEEK)]:
            return None
        start = spans[0][0]
        return Cycle(start, WEEK, zone, tuple(edge - start for span in spans for edge in span))


class Schedule(Section):
    """Layers of its own, or another schedule's people some turns later. `id` is the key in config.yaml."""

    id: KeyName
    timezone: TimeZone | None = None
    layers: tuple[Layer, ...] = ()
    follows: Annotated[str, known("schedules")] | None = None
    by: Annotated[int, Field(ge=1, le=100)] = 1

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.layers) == bool(self.follows):
            raise ValueError("needs either layers of its own or follows, the name of a schedule")
        if self.follows and self.timezone:
            raise ValueError(f"hands over when {self.follows} does; leave timezone out")
        return self


def _led(schedules: dict[str, Schedule]) -> dict[str, Schedule]:
    """A chain of followers would leave the reader to count; a follower with everybody's own turn relieves nobody."""
    for name, schedule in schedules.items():
        leader = schedules.get(schedule.follows or "")
        if leader and leader.follows:
            raise ValueError(f"{name} follows {leader.id}, which has no layers of its own; name one that has")
        for layer in leader.layers if leader else ():
            if schedule.by % len(layer.people) == 0:
                raise ValueError(
                    f"{name} follows {schedule.follows} by {schedule.by}, but a layer of it has "
                    f"{len(layer.people)} in turn: both would always be the same person"
                )
    return schedules


Schedules = Annotated[dict[str, Schedule], keyed("id"), AfterValidator(_led)]


def rotas(schedules: dict[str, Schedule], zone: str) -> dict[str, Rota]:
    """All schedules by name, ready to be asked; `zone` is that of schedules without one."""
    own = {
        name: Rota(name, tuple(layer.turns(ZoneInfo(schedule.timezone or zone)) for layer in schedule.layers))
        for name, schedule in schedules.items()
    }
    return {
        name: own[schedule.follows].following(name, schedule.by) if schedule.follows else own[name]
        for name, schedule in schedules.items()
    }


def _united(spans: Iterator[tuple[timedelta, timedelta]]) -> list[tuple[timedelta, timedelta]]:
    """In order and without overlaps, going round the week: what runs over Sunday's midnight is one span.

    From and to since Monday 00:00; the whole week is (0, one week).
    """
    united: list[tuple[timedelta, timedelta]] = []
    for begin, end in sorted(spans):
        if united and begin <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((begin, end))
    while united and united[-1][1] >= united[0][0] + WEEK:
        if len(united) == 1:
            return [(NOTHING, WEEK)]
        (begin, end), (_, other_end) = united.pop(), united.pop(0)
        united.append((begin, max(end, other_end + WEEK)))
    return united


def _weekday(day: Day) -> str:
    return f"{EPOCH + DAYS.index(day) * DAY:%A}"


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
