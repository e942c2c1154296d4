"""The organisation's policy as the decisions ask for it, read from the settings. It decides nothing itself."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from domain import escalation, severities
from domain.checklists import Checklist
from domain.directory import Directory
from domain.errors import Refused
from domain.escalation import ALWAYS, WORKING
from domain.grants import Permissions
from domain.incidents import Incident
from domain.overrides import Override
from domain.people import Contact, Person, Service, is_address
from domain.reminding import Reminding
from domain.rotations import Rota, who
from domain.schedules import rotas
from domain.settings import Paging, Settings, Slack
from domain.severities import Severity

PAGERS = ("pagerduty", "opsgenie")
"""The vendors that can ring, in the order in which `auto` takes them."""

OWN_PAGER = "muster"
"""Muster's own ladder: a direct message, then the phone."""

DEFAULT = "default"
"""The escalation policy where neither a service nor the severity names one."""

SLACK_ONLY = ("slack",)
WITH_PHONE = ("slack", "phone", "sms")


@dataclass(frozen=True, slots=True)
class Hole:
    """Why a level lacks somebody: nobody is `on_call` on the schedule, the level is for other `hours`, or whoever is on
    it is `here` already."""

    kind: str
    schedule: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """Who is paged together at a moment, nobody twice, by which means, and how long they have before the next level is.

    A level that nobody is on says so by `holes`; it keeps its place, so that a level's number means the same later.
    """

    people: tuple[Person, ...]
    acknowledge_within: timedelta
    means: tuple[str, ...] = WITH_PHONE
    holes: tuple[Hole, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.people

    def besides(self, here: Collection[str]) -> "Level":
        """This level, or an empty one where all its people are among those who are `here`, by Slack id."""
        if self.empty or any(person.slack not in here for person in self.people):
            return self
        return replace(self, people=(), holes=(Hole("here"),))


class Policy(Directory, Reminding):
    """What may be consulted. A vendor's lane is empty where the vendor is off."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Gravest first."""
        return tuple(self._settings.severities.values())

    def severity(self, name: str) -> Severity:
        """The severity of this name. Raises Refused with those there are."""
        found = self._settings.severities.get(name)
        if found is None:
            raise Refused(f"There is no severity `{name}`. There are {', '.join(self._settings.severities)}.")
        return found

    def severity_of(self, incident: Incident) -> Severity:
        """An incident's severity. One that has gone from config.yaml meanwhile counts as the gravest: it rings."""
        return self._settings.severities.get(incident.severity) or self.severities[0]

    def rank(self, name: str) -> int:
        """A severity's place, 0 the gravest."""
        return severities.rank(self._settings.severities, name)

    def acknowledge_due(self, severity: Severity, detected_at: datetime, share: float = 1.0) -> datetime:
        """Until when somebody should have acknowledged; with a `share`, when so much of that time is over."""
        organization = self._settings.organization
        return severity.acknowledge_due(detected_at, organization.working_hours, organization.timezone, share)

    @cached_property
    def rotas(self) -> dict[str, Rota]:
        """The schedules by their keys in config.yaml, ready to be asked who is on call."""
        return rotas(self._settings.schedules, self._settings.organization.timezone)

    def escalation_name(self, incident: Incident) -> str:
        """Which escalation policy an incident has: that of the first affected service which names one, else the
        severity's, else `default`. A name that has gone from config.yaml is passed over."""
        services = (self._settings.services.get(id) for id in incident.services)
        named = [service.escalation_policy for service in services if service]
        wanted = (*named, self.severity_of(incident).escalation_policy)
        return next((name for name in wanted if name in self._settings.escalation_policies), None) or DEFAULT

    def levels_at(self, incident: Incident, at: datetime, overrides: Iterable[Override]) -> tuple[Level, ...]:
        """The ladder as it stands at that moment; the last level waits until the ladder starts again.

        `overrides` are all that may be in force then (Record.overrides).
        """
        known = tuple(overrides)
        return tuple(self.level_at(incident, n, at, known) for n in range(len(self._escalation(incident).levels)))

    def level_at(self, incident: Incident, number: int, at: datetime, overrides: Iterable[Override]) -> Level:
        """One level of it."""
        policy = self._escalation(incident)
        level = policy.levels[number]
        # Whoever has gone from config.yaml since cannot stand in: it is the turn of whoever would have it.
        known = [each for each in overrides if each.person in self._settings.people] if level.schedules else ()
        wait = level.acknowledge_within
        if wait is None:
            wait = max(self.repeat_after(incident) - max(begin for begin, _ in policy.starts()), timedelta())
        return self._level(level, wait, self.means_of(self.severity_of(incident)), at, known)

    def paged_first(self, at: datetime) -> tuple[Person, ...]:
        """Whom the gravest incident would page first at that moment, overrides left out."""
        gravest = Incident("", self.severities[0].name, "", at)
        return next((level.people for level in self.levels_at(gravest, at, ()) if level.people), ())

    def _level(
        self, level: escalation.Level, wait: timedelta, means: tuple[str, ...], at: datetime, known: Iterable[Override]
    ) -> Level:
        means = level.means or means
        if not self._has_hours(level, at):
            return Level((), wait, means, (Hole("hours"),))
        on_call = {name: who(self.rotas[name], known, at) for name in level.schedules}
        everyone = (person for name in level.everyone_on for person in self.rotas[name].everyone)
        wanted = dict.fromkeys((*level.people, *on_call.values(), *everyone))
        people = tuple(self._settings.people[id] for id in wanted if id is not None)
        holes = (Hole("on_call", name) for name, id in on_call.items() if id is None)
        return Level(people, wait, means, tuple(holes))

    def _has_hours(self, level: escalation.Level, at: datetime) -> bool:
        organization = self._settings.organization
        if level.when == ALWAYS:
            return True
        return organization.working_hours.cover(at, organization.timezone) == (level.when == WORKING)

    def _escalation(self, incident: Incident) -> escalation.Policy:
        return self._settings.escalation_policies[self.escalation_name(incident)]

    def means_of(self, severity: Severity) -> tuple[str, ...]:
        """How a level without means of its own is reached: by phone and SMS too where the severity calls at all."""
        return SLACK_ONLY if severity.call_after is None else WITH_PHONE

    def repeat_after(self, incident: Incident) -> timedelta:
        """From one round of the ladder to the next."""
        return self._escalation(incident).repeat_after or timedelta(hours=1)

    @property
    def fallback_after(self) -> timedelta:
        """How long a page may stay undelivered before the next means is used."""
        return self._settings.paging.fallback_after

    @property
    def paging(self) -> Paging:
        """How a storm of incidents is kept from ringing one person again and again."""
        return self._settings.paging

    @property
    def offer_after(self) -> timedelta:
        """How long nothing may be heard after an acknowledgement before the next level is offered."""
        return self._settings.paging.offer_after

    @property
    def contacts_after(self) -> timedelta:
        """From the declaration until the vendors' support is named."""
        return self._settings.paging.contacts_after

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """The vendors' support."""
        return tuple(self._settings.contacts.values())

    @property
    def archive_after(self) -> timedelta:
        """From the resolution to the archive."""
        return self._settings.slack.archive_after

    @cached_property
    def pager(self) -> str:
        """The lane that rings first."""
        chosen = self._settings.paging.page_by
        return next(iter(self.pagers), OWN_PAGER) if chosen == "auto" else chosen

    @cached_property
    def pagers(self) -> tuple[str, ...]:
        """The lanes of the vendors that can ring, whichever of them does so first."""
        return tuple(name for name in PAGERS if getattr(self._settings.integrations, name).on)

    @property
    def pager_is_seen(self) -> bool:
        """Whether an acknowledgement given in the pager's own app reaches Muster: PagerDuty tells it by webhook or is
        asked with its API key, Opsgenie is asked."""
        pagerduty = self._settings.integrations.pagerduty
        return self.pager != "pagerduty" or bool(pagerduty.webhook_secret or pagerduty.api_key)

    @cached_property
    def phone(self) -> str:
        """The lane of calls and texts."""
        return "twilio" if self._settings.integrations.twilio.on else ""

    @property
    def mail(self) -> str:
        """The lane of e-mail."""
        return "smtp" if self._settings.integrations.smtp.on else ""

    @cached_property
    def means_on(self) -> frozenset[str]:
        """The means by which anybody can be reached as things are connected. Slack is what Muster runs on."""
        return frozenset({"slack", *(("phone", "sms") if self.phone else ()), *(("email",) if self.mail else ())})

    @cached_property
    def tracker(self) -> str:
        """The lane of issues."""
        return "plane" if self._settings.integrations.plane.on else ""

    @cached_property
    def status_page(self) -> str:
        """The lane of the public page."""
        return "statuspage" if self._settings.integrations.statuspage.on else ""

    @property
    def publish_updates(self) -> bool:
        """Whether the words of `/incident update` go to the public as they are."""
        return self._settings.status_page.publish_updates

    def announced_in(self, incident: Incident) -> tuple[str, ...]:
        """The channels that are told, and those that a graver severity told before; none for what is private or a
        drill."""
        if incident.private or incident.drill:
            return ()
        return tuple(dict.fromkeys((*self._settings.announced_in(self.severity_of(incident)), *incident.announced)))

    def team(self, name: str, at: datetime, overrides: Iterable[Override]) -> tuple[Person, ...] | None:
        """Who is on call on a schedule, or on the first level of an escalation policy or a service's, at that moment.
        None where nothing has this name."""
        known, wanted = tuple(overrides), name.casefold()
        schedule = next((id for id in self.rotas if id.casefold() == wanted), None)
        if schedule is not None:
            on_call = who(self.rotas[schedule], known, at)
            return self.people([on_call] if on_call else [])
        services = {id: each.escalation_policy or DEFAULT for id, each in self._settings.services.items()}
        policies = {**services, **{id: id for id in self._settings.escalation_policies}}
        chosen = next((policy for id, policy in policies.items() if id.casefold() == wanted), None)
        if chosen is None:
            return None
        levels = (
            self._level(each, timedelta(), (), at, known) for each in self._settings.escalation_policies[chosen].levels
        )
        return next((level.people for level in levels if level.people), ())

    def noticed(self, incident: Incident) -> tuple[Person, ...]:
        """Everybody whom the severity's notices name, and whom it tells."""
        severity = self.severity_of(incident)
        named = (id for notice in severity.notices if not notice.if_public for id in notice.people)
        return self.people(dict.fromkeys((*severity.tell, *named)))

    def told(self, severity: Severity) -> tuple[Person, ...]:
        """Who gets a direct message instead of a page."""
        return tuple(self._settings.people[id] for id in severity.tell)

    @cached_property
    def service_names(self) -> dict[str, str]:
        """Services' keys in config.yaml to the names that people read."""
        return {id: service.name for id, service in self._settings.services.items()}

    @property
    def runbook_folder(self) -> str | None:
        """The folder of runbooks, as it stands in config.yaml."""
        return self._settings.runbooks.folder

    def runbooks(self, incident: Incident) -> tuple[tuple[str, str], ...]:
        """(name, address) of the runbooks of what is affected that stand elsewhere."""
        return tuple((service.name, at) for service, at in self._runbooks(incident) if is_address(at))

    def runbook_names(self, incident: Incident) -> tuple[str, ...]:
        """The runbooks of the folder that affected services name."""
        return tuple(name for _, name in self._runbooks(incident) if not is_address(name))

    def _runbooks(self, incident: Incident) -> Iterator[tuple[Service, str]]:
        services = (self._settings.services[id] for id in incident.services if id in self._settings.services)
        return ((service, service.runbook) for service in services if service.runbook)

    @property
    def runbooks_elsewhere(self) -> tuple[tuple[str, str], ...]:
        """(name, address) of the place where the runbooks are that are not in the folder, if there is one."""
        url = self._settings.runbooks.url
        return (("Runbooks", url),) if url else ()

    @property
    def checklists(self) -> tuple[Checklist, ...]:
        """In the order of config.yaml."""
        return tuple(self._settings.checklists.values())

    @property
    def permissions(self) -> Permissions:
        """Whom each permission is given to."""
        return self._settings.permissions

    def public_text(self, what: str, incident: Incident) -> str:
        """The template for a status (or `title`) with the names of the affected services, nothing that was typed."""
        return self._settings.public_text(what, self.severity_of(incident), incident.services)

    @property
    def services(self) -> Mapping[str, Service]:
        """By their keys in config.yaml."""
        return self._settings.services

    @property
    def slack(self) -> Slack:
        """How war rooms are furnished."""
        return self._settings.slack
