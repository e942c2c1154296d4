"""The hours in which a team works, and what falls due when only they count."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import count
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from domain.fields import Section

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _time(value: Any) -> Any:
    # YAML reads a bare 09:30 as 570 minutes.
    if isinstance(value, int):
        raise ValueError('is a number to YAML; put the time in quotes: "09:00"')
    return value


TimeOfDay = Annotated[time, BeforeValidator(_time)]


class WorkingHours(Section):
    """Every day's hours are the same; they do not run over midnight."""

    days: tuple[Day, ...] = Field(default=DAYS[:5], min_length=1)
    begin: TimeOfDay = time(9)
    end: TimeOfDay = time(17)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.begin >= self.end:
            raise ValueError("end must come after begin on the same day")
        return self

    def cover(self, at: datetime, zone: str) -> bool:
        """Whether this aware moment lies in them."""
        local = at.astimezone(ZoneInfo(zone))
        return DAYS[local.weekday()] in self.days and self.begin <= local.time() < self.end

    def after(self, start: datetime, duration: timedelta, zone: str) -> datetime:
        """When `duration` of working time has passed since `start`. Times are aware; the answer has start's zone."""
        for begin, end in self._spans(start.astimezone(ZoneInfo(zone))):
            begin = max(begin.astimezone(start.tzinfo), start)
            end = end.astimezone(start.tzinfo)
            if end - begin >= duration:
                return begin + duration
            duration -= max(end - begin, timedelta(0))
        raise AssertionError("days go on for ever")

    def _spans(self, local: datetime) -> Iterator[tuple[datetime, datetime]]:
        for date in (local.date() + timedelta(days=n) for n in count()):
            if DAYS[date.weekday()] in self.days:
                yield (
                    datetime.combine(date, self.begin, local.tzinfo),
                    datetime.combine(date, self.end, local.tzinfo),
                )
