"""Who answers, who is asked next, and which service is theirs."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from domain.durations import Duration, write_duration
from domain.fields import Email, KeyName, Phone, Section, Text, TimeZone, Url, UserId, keyed, known

SLACK_ID = re.compile(r"[UW][A-Z0-9]+")
PersonId = Annotated[str, known("people")]


def is_slack_id(who: str) -> bool:
    """Whether this names a member of the workspace; who answers elsewhere may have no other name than their own."""
    return SLACK_ID.fullmatch(who) is not None


class Person(Section):
    """Somebody who can be paged. `id` is the key in config.yaml."""

    id: KeyName
    name: Text
    slack: UserId
    phone: Phone | None = None
    email: Email | None = None
    timezone: TimeZone | None = None


class Service(Section):
    """Something that can break. `id` is the key in config.yaml."""

    id: KeyName
    name: Text
    statuspage_component: Text | None = None
    runbook: Url | None = None


class Level(Section):
    """The people of one step of the ladder, and how long the ladder waits for them."""

    people: tuple[PersonId, ...] = Field(min_length=1)
    acknowledge_within: Duration | None = None


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


People = Annotated[dict[str, Person], keyed("id"), Field(min_length=1)]
Services = Annotated[dict[str, Service], keyed("id")]
Policies = Annotated[dict[str, Annotated[Policy, AfterValidator(_climbable)]], keyed("id")]
