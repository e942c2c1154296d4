"""Whom an incident would reach, when and by what, if nobody answered: the ladder written out. It rings nobody."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import ladder, pace
from domain.incidents import Incident
from domain.overrides import Override
from domain.people import Person
from domain.policy import OWN_PAGER, Hole, Level, Policy
from domain.reach import Members, Way, reached, ways

PAGE, PHONE, NEXT, PASSED_OVER, TOP = "page", "phone", "next", "passed_over", "top"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens at a time. `people` with the means that are tried; `vendor` rings whom its own policy
    names; `holes` say why nobody is on a level."""

    at: datetime
    kind: str
    level: int
    people: tuple[tuple[Person, tuple[Way, ...]], ...] = ()
    vendor: str = ""
    holes: tuple[Hole, ...] = ()


def plan(
    incident: Incident, policy: Policy, overrides: Iterable[Override], members: Members | None = None
) -> tuple[Step, ...]:
    """One round of the ladder from `detected_at`; empty where the severity pages nobody."""
    if not policy.severity_of(incident).page:
        return ()
    steps = _Round(incident, policy, tuple(overrides), members or {}).steps()
    return tuple(sorted(steps, key=lambda step: step.at))


@dataclass(frozen=True, slots=True)
class _Round:
    incident: Incident
    policy: Policy
    overrides: Sequence[Override]
    members: Members

    def steps(self) -> Iterator[Step]:
        at = self.incident.detected_at
        levels = self._levels(at)
        level = pace.first_filled(levels)
        yield from _passed_over(levels, 0, level, at)
        if level is not None:
            yield from self._first(levels, level)
        while level is not None:
            at += levels[level].acknowledge_within
            levels, before = self._levels(at), level
            level = pace.first_filled(levels, before + 1)
            yield from _passed_over(levels, before + 1, level, at)
            if level is not None:
                yield Step(at, NEXT, level, self._rung(levels[level], levels[level].means))
        again = self.incident.detected_at + self.policy.repeat_after(self.incident)
        top = pace.first_filled(self._levels(again))
        yield Step(again, TOP, top or 0, self._tried(self._levels(again)[top or 0], ()))

    def _first(self, levels: Sequence[Level], level: int) -> Iterator[Step]:
        severity, at = self.policy.severity_of(self.incident), self.incident.detected_at
        if self.policy.pager == OWN_PAGER:
            yield Step(at, PAGE, level, self._rung(levels[level], ladder.first_means(levels[level], severity)))
        else:
            yield Step(at, PAGE, level, self._tried(levels[level], ()), vendor=self.policy.pager)
        if severity.call_after is None:
            return
        later = at + severity.call_after
        rung = self._levels(later)[level]
        means = tuple(each for each in rung.means if each in ("phone", "sms"))
        if means and rung.means != ladder.first_means(rung, severity):
            yield Step(later, PHONE, level, self._tried(rung, means))

    def _levels(self, at: datetime) -> tuple[Level, ...]:
        return self.policy.levels_at(self.incident, at, self.overrides)

    def _rung(self, level: Level, means: tuple[str, ...]) -> tuple[tuple[Person, tuple[Way, ...]], ...]:
        """Where none of the means reaches anybody, a message goes instead."""
        if not any(reached(person, means, self.policy, self.members) for person in level.people):
            means = tuple(dict.fromkeys((*means, "slack")))
        return self._tried(level, means)

    def _tried(self, level: Level, means: Iterable[str]) -> tuple[tuple[Person, tuple[Way, ...]], ...]:
        tried = tuple(means)
        return tuple((person, ways(person, tried, self.policy, self.members)) for person in level.people)


def _passed_over(levels: Sequence[Level], start: int, stop: int | None, at: datetime) -> Iterator[Step]:
    for number, level in enumerate(levels):
        if start <= number and (stop is None or number < stop):
            yield Step(at, PASSED_OVER, number, holes=level.holes)
