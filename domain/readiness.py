"""Whether the ladder can work in the weeks to come: what would be found out during the outage, found out before it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from domain import escalation
from domain.escalation import ALWAYS
from domain.incidents import Incident
from domain.overrides import Override
from domain.people import Person
from domain.policy import Level, Policy
from domain.reach import DEACTIVATED, NO_EMAIL, NO_NUMBER, UNKNOWN, Members, reached, ways
from domain.rotations import Shift, shifts
from domain.settings import Settings
from domain.wall_clock import EPOCH, first_shown

LOOKED_AHEAD = timedelta(weeks=12)
"""So far `check` looks for times at which nobody is on call."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be. `grave`: there is a time at which a page reaches nobody of a level by any
    means, or a level that nobody is ever on. `where` is a path in config.yaml, `data` what its words need, `spans` the
    times in which it is so."""

    kind: str
    where: str
    grave: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """An escalation policy with an incident that would climb it."""

    name: str
    incident: Incident

    @property
    def where(self) -> str:
        return f"escalation_policies.{self.name}"


def ladders(settings: Settings, policy: Policy, now: datetime) -> tuple[Ladder, ...]:
    """Every policy that an incident may have, once for each severity that leads to it."""
    found: dict[tuple[str, str], Ladder] = {}
    for severity in policy.severities:
        for services in ((), *((id,) for id in settings.services)) if severity.page else ():
            incident = Incident("", severity.name, "", now, services=services)
            name = policy.escalation_name(incident)
            found.setdefault((name, severity.name), Ladder(name, incident))
    return tuple(found.values())


def people_asked(settings: Settings, policy: Policy) -> tuple[Person, ...]:
    """Everybody whom any policy may page, overrides left out."""
    ids = (id for name in settings.escalation_policies for id in _ids(settings, policy, name))
    return tuple(settings.people[id] for id in dict.fromkeys(ids))


def _ids(settings: Settings, policy: Policy, name: str) -> Iterator[str]:
    for level in settings.escalation_policies[name].levels:
        yield from level.people
        for schedule in (*level.schedules, *level.everyone_on):
            yield from policy.rotas[schedule].everyone


class Outlook:
    """The next 12 weeks as they are known now. `members` is what Slack says of people."""

    def __init__(
        self, settings: Settings, policy: Policy, overrides: Iterable[Override], members: Members, now: datetime
    ) -> None:
        self._settings = settings
        self._policy = policy
        self._overrides = tuple(overrides)
        self._members = members
        self._now = now
        self._end = now + LOOKED_AHEAD
        self._ladders = ladders(settings, policy, now)
        self._shifts_of: dict[str, tuple[Shift, ...]] = {}
        self._reached: dict[tuple[tuple[str, ...], tuple[str, ...]], bool] = {}

    def findings(self) -> tuple[Finding, ...]:
        """All of them, the grave ones first; none twice."""
        found = [
            *(each for ladder in self._distinct() for each in self._of_ladder(ladder)),
            *(each for ladder in self._ladders for each in self._in_time(ladder)),
            *self._gaps(),
            *self._of_people(),
            *self._of_vendors(),
            *self._unused(),
        ]
        distinct = {(each.kind, each.where, str(each.data)): each for each in found}
        return tuple(sorted(distinct.values(), key=lambda each: not each.grave))

    def _distinct(self) -> Iterable[Ladder]:
        """One of each policy and means: severities that differ in nothing else reach the same people."""
        return {
            (ladder.name, self._policy.means_of(self._policy.severity_of(ladder.incident))): ladder
            for ladder in self._ladders
        }.values()

    def _of_ladder(self, ladder: Ladder) -> Iterator[Finding]:
        levels = self._settings.escalation_policies[ladder.name].levels
        known = [list(self._of_time(ladder, number)) for number in range(len(levels))]
        # No two levels are looked at side by side unless each is empty at some time.
        if all(any(level.empty for _, level in each) for each in known):
            yield from _found("nobody", ladder.where, self._deserted(ladder))
        for number, each in enumerate(known):
            yield from self._of_level(f"{ladder.where}.levels[{number}]", each)

    def _of_time(self, ladder: Ladder, number: int) -> Iterator[tuple[Span, Level]]:
        """One level of a policy, and when it is so."""
        level = self._settings.escalation_policies[ladder.name].levels[number]
        own = [each for each in self._overrides if each.schedule in level.schedules]
        for begin, end in pairwise(self._edges((level,))):
            yield (begin, end), self._policy.level_at(ladder.incident, number, begin, own)

    def _deserted(self, ladder: Ladder) -> Iterator[Span]:
        for begin, end in pairwise(self._edges(self._settings.escalation_policies[ladder.name].levels)):
            if all(level.empty for level in self._policy.levels_at(ladder.incident, begin, self._overrides)):
                yield begin, end

    def _of_level(self, where: str, known: Sequence[tuple[Span, Level]]) -> Iterator[Finding]:
        if all(level.empty for _, level in known):
            holes = dict.fromkeys(hole for _, level in known for hole in level.holes)
            yield Finding("never_anybody", where, grave=True, data={"holes": tuple(holes)})
        lost = [(span, level) for span, level in known if level.people and not self._reaches(level)]
        people = dict.fromkeys(person.name for _, level in lost for person in level.people)
        data = {"people": tuple(people), "means": known[0][1].means}
        yield from _found("unreachable", where, (span for span, _ in lost), data)

    def _reaches(self, level: Level) -> bool:
        asked = (tuple(person.id for person in level.people), level.means)
        if asked not in self._reached:
            self._reached[asked] = any(
                reached(person, level.means, self._policy, self._members) for person in level.people
            )
        return self._reached[asked]

    def _in_time(self, ladder: Ladder) -> Iterator[Finding]:
        """What comes after its time: a first level that is phoned when it is over, or alone until the promise is."""
        levels = self._policy.levels_at(ladder.incident, self._now, ())
        severity, first = self._policy.severity_of(ladder.incident), levels[0]
        data = {"severity": severity.name, "within": first.acknowledge_within}
        where = f"{ladder.where}.levels[0]"
        if len(levels) == 1:
            return
        if severity.call_after and severity.call_after >= first.acknowledge_within and "phone" in first.means:
            yield Finding("phoned_too_late", where, data={**data, "call_after": severity.call_after})
        if first.acknowledge_within > severity.acknowledge_within and not severity.acknowledge_in_working_hours:
            yield Finding("next_too_late", where, data={**data, "promise": severity.acknowledge_within})

    def _edges(self, levels: Sequence[escalation.Level]) -> list[datetime]:
        """Every moment at which somebody else may be on one of these levels, and where looking begins and ends."""
        schedules = {each for level in levels for each in level.schedules}
        edges = {shift.until for each in schedules for shift in self._shifts(each) if shift.until}
        if any(level.when != ALWAYS for level in levels):
            edges.update(self._working_hours())
        return sorted({self._now, self._end, *(edge for edge in edges if self._now < edge < self._end)})

    def _working_hours(self) -> Iterator[datetime]:
        organization = self._settings.organization
        zone, hours = ZoneInfo(organization.timezone), organization.working_hours
        today = self._now.astimezone(zone).date()
        for day in range(LOOKED_AHEAD.days + 1):
            midnight = today + timedelta(days=day) - EPOCH.date()
            for at in (hours.begin, hours.end):
                yield first_shown(midnight + timedelta(hours=at.hour, minutes=at.minute, seconds=at.second), zone)

    def _shifts(self, schedule: str) -> tuple[Shift, ...]:
        if schedule not in self._shifts_of:
            rota = self._policy.rotas[schedule]
            self._shifts_of[schedule] = shifts(rota, self._overrides, self._now, self._end)
        return self._shifts_of[schedule]

    def _gaps(self) -> Iterator[Finding]:
        policies = self._settings.escalation_policies
        for name in self._policy.rotas:
            asked = [
                f"{ladder}.levels[{number}]"
                for ladder in dict.fromkeys(each.name for each in self._ladders)
                for number, level in enumerate(policies[ladder].levels)
                if name in level.schedules
            ]
            empty = ((x.since or self._now, x.until or self._end) for x in self._shifts(name) if not x.person)
            if asked:
                yield from _found("gap", f"schedules.{name}", empty, {"levels": tuple(asked)}, grave=False)

    def _of_people(self) -> Iterator[Finding]:
        wanted: dict[str, set[str]] = {}
        for ladder in self._ladders:
            for id in _ids(self._settings, self._policy, ladder.name):
                wanted.setdefault(id, set()).update(self._means_for(ladder, id))
        for id, means in wanted.items():
            yield from self._of_person(self._settings.people[id], means)

    def _means_for(self, ladder: Ladder, id: str) -> Iterator[str]:
        default = self._policy.means_of(self._policy.severity_of(ladder.incident))
        for level in self._settings.escalation_policies[ladder.name].levels:
            rotas = [self._policy.rotas[each] for each in (*level.schedules, *level.everyone_on)]
            if id in level.people or any(id in rota.everyone for rota in rotas):
                yield from level.means or default

    def _of_person(self, person: Person, means: Iterable[str]) -> Iterator[Finding]:
        lacks: dict[str, list[str]] = {}
        for way in ways(person, sorted(means), self._policy, self._members):
            lacks.setdefault(way.obstacle, []).append(way.means)
        data = {"name": person.name, "id": person.slack}
        for obstacle in (NO_NUMBER, NO_EMAIL):
            if obstacle in lacks:
                yield Finding(obstacle, f"people.{person.id}", data={**data, "means": tuple(lacks[obstacle])})
        for obstacle in (UNKNOWN, DEACTIVATED):
            if obstacle in lacks:
                yield Finding(obstacle, f"people.{person.id}.slack", data=data)

    def _of_vendors(self) -> Iterator[Finding]:
        wanted: dict[str, list[str]] = {}
        for ladder in self._ladders:
            for level in self._policy.levels_at(ladder.incident, self._now, ()):
                for means in level.means:
                    wanted.setdefault(means, []).append(ladder.incident.severity)
        phoned = tuple(dict.fromkeys((*wanted.get("phone", ()), *wanted.get("sms", ()))))
        twilio = self._settings.integrations.twilio
        if phoned and not self._policy.phone:
            data = {"severities": phoned, "set": tuple(twilio.lacks(dict(twilio)))}
            yield Finding("phone_off", "integrations.twilio", data=data)
        if "email" in wanted and not self._policy.mail:
            data = {"severities": tuple(dict.fromkeys(wanted["email"]))}
            yield Finding("email_off", "integrations.smtp", data=data)
        if phoned and self._policy.phone and not self._settings.http.public_url:
            yield Finding("no_keypress", "http.public_url")
        if not self._policy.pager_is_seen:
            yield Finding("pager_unseen", "integrations.pagerduty.webhook_secret")

    def _unused(self) -> Iterator[Finding]:
        used = {ladder.name for ladder in self._ladders}
        for name in self._settings.escalation_policies:
            if name not in used:
                yield Finding("unused", f"escalation_policies.{name}")


def _found(
    kind: str, where: str, spans: Iterable[Span], data: Mapping[str, Any] | None = None, grave: bool = True
) -> Iterator[Finding]:
    """One finding of all the times in which it is so; times that touch are one."""
    united: list[Span] = []
    for begin, end in spans:
        if united and united[-1][1] == begin:
            united[-1] = (united[-1][0], end)
        else:
            united.append((begin, end))
    if united:
        yield Finding(kind, where, grave, data or {}, tuple(united))
