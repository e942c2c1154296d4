"""Escalation policies as config.yaml writes them: whom to ask, level by level. It knows no moment and no incident."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from domain.durations import Duration, write_duration
from domain.fields import KeyName, Section, keyed, known
from domain.people import PersonId

Means = Literal["slack", "phone", "sms", "email"]
ScheduleId = Annotated[str, known("schedules")]
ALWAYS, WORKING, OUTSIDE = "always", "working_hours", "outside_working_hours"


class Level(Section):
    """One step of the ladder: people, whoever is on call on schedules, and everybody who takes turns on schedules.

    `means` None: as the severity says. `when` is by the organization's working hours.
    """

    people: tuple[PersonId, ...] = ()
    schedules: tuple[ScheduleId, ...] = ()
    everyone_on: tuple[ScheduleId, ...] = ()
    acknowledge_within: Duration | None = None
    means: Annotated[tuple[Means, ...], Field(min_length=1)] | None = None
    when: Literal["always", "working_hours", "outside_working_hours"] = "always"

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not (self.people or self.schedules or self.everyone_on):
            raise ValueError("asks nobody; write people, schedules or everyone_on")
        return self


class Policy(Section):
    """Who is asked, one level after the other, until somebody answers. `id` is the key in config.yaml."""

    id: KeyName
    levels: tuple[Level, ...] = Field(min_length=1)
    repeat_after: Duration | None = None

    def starts(self) -> Iterator[tuple[timedelta, Level]]:
        """Each level with the time since the page at which it begins."""
        begin = timedelta(0)
        for level in self.levels:
            yield begin, level
            begin += level.acknowledge_within or timedelta(0)


def _climbable(policy: Policy) -> Policy:
    for place, level in enumerate(policy.levels[:-1]):
        if level.acknowledge_within is None:
            raise ValueError(f"levels[{place}] needs acknowledge_within, or the level after it is never asked")
    last = max(begin for begin, _ in policy.starts())
    if policy.repeat_after is not None and policy.repeat_after <= last:
        raise ValueError(f"repeat_after must be longer than {write_duration(last)}, when the last level is asked")
    return policy


Policies = Annotated[dict[str, Annotated[Policy, AfterValidator(_climbable)]], keyed("id")]
