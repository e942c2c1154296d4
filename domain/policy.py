"""The organisation's policy as the decisions ask for it, read from the settings. It decides nothing itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from domain import severities
from domain.errors import Refused
from domain.incidents import Incident
from domain.people import Person
from domain.settings import Settings
from domain.severities import Severity

PAGERS = ("pagerduty", "opsgenie")
"""The vendors that can ring, in the order in which `auto` takes them."""

OWN_PAGER = "muster"
"""Muster's own ladder: a direct message, then the phone."""


@dataclass(frozen=True, slots=True)
class Level:
    """Who is paged together, and how long they have before the next level is."""

    people: tuple[Person, ...]
    acknowledge_within: timedelta


class Policy:
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
            raise Refused(f"There is no severity {name}. There are {', '.join(self._settings.severities)}.")
        return found

    def severity_of(self, incident: Incident) -> Severity:
        """An incident's severity. One that has gone from config.yaml meanwhile counts as the gravest: it rings."""
        return self._settings.severities.get(incident.severity) or self.severities[0]

    def rank(self, name: str) -> int:
        """A severity's place, 0 the gravest."""
        return severities.rank(self._settings.severities, name)

    def acknowledge_due(self, severity: Severity, detected_at: datetime) -> datetime:
        """Until when somebody should have acknowledged."""
        organization = self._settings.organization
        return severity.acknowledge_due(detected_at, organization.working_hours, organization.timezone)

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The ladder; the last level waits until the ladder starts again."""
        policy = self._settings.escalation_policies["default"]
        return tuple(
            Level(
                tuple(self._settings.people[id] for id in level.people),
                level.acknowledge_within or max(self.repeat_after - begin, timedelta()),
            )
            for begin, level in policy.starts()
        )

    @property
    def repeat_after(self) -> timedelta:
        """From one round of the ladder to the next."""
        return self._settings.escalation_policies["default"].repeat_after or timedelta(hours=1)

    @property
    def fallback_after(self) -> timedelta:
        """How long a page may stay undelivered before the next means is used."""
        return self._settings.paging.fallback_after

    @property
    def archive_after(self) -> timedelta:
        """From the resolution to the archive."""
        return self._settings.slack.archive_after

    @cached_property
    def pager(self) -> str:
        """The lane that rings first."""
        chosen, vendors = self._settings.paging.page_by, self._settings.integrations
        if chosen == "auto":
            return next((name for name in PAGERS if getattr(vendors, name).on), OWN_PAGER)
        return chosen

    @property
    def pager_is_seen(self) -> bool:
        """Whether an acknowledgement given in the pager's own app reaches Muster: PagerDuty tells it by webhook or is
        asked with its API key, Opsgenie is asked."""
        pagerduty = self._settings.integrations.pagerduty
        return self.pager != "pagerduty" or bool(pagerduty.webhook_secret or pagerduty.api_key)

    @property
    def phone(self) -> str:
        """The lane of calls and texts."""
        return "twilio" if self._settings.integrations.twilio.on else ""

    @property
    def tracker(self) -> str:
        """The lane of issues."""
        return "plane" if self._settings.integrations.plane.on else ""

    @property
    def status_page(self) -> str:
        """The lane of the public page."""
        return "statuspage" if self._settings.integrations.statuspage.on else ""

    @property
    def publish_updates(self) -> bool:
        """Whether the words of `/incident update` go to the public as they are."""
        return self._settings.status_page.publish_updates

    def announced_in(self, incident: Incident) -> tuple[str, ...]:
        """The channels that are told; none for what is private or a drill."""
        if incident.private or incident.drill:
            return ()
        return self._settings.announced_in(self.severity_of(incident))

    def told(self, severity: Severity) -> tuple[Person, ...]:
        """Who gets a direct message instead of a page."""
        return tuple(self._settings.people[id] for id in severity.tell)

    @cached_property
    def slack_ids(self) -> dict[str, str]:
        """People's keys in config.yaml to their Slack ids."""
        return {id: person.slack for id, person in self._settings.people.items()}

    @cached_property
    def names(self) -> dict[str, str]:
        """Slack ids to the names that people read."""
        return {person.slack: person.name for person in self._settings.people.values()}

    @cached_property
    def emails(self) -> dict[str, str]:
        """Slack ids to the e-mail addresses by which vendors know people."""
        return {person.slack: person.email for person in self._settings.people.values() if person.email}

    def slack_id_of(self, email: str) -> str:
        """Who this is in Slack; empty for somebody who is not in config.yaml."""
        person = self._settings.person_behind(email)
        return person.slack if person else ""

    @cached_property
    def service_names(self) -> dict[str, str]:
        """Services' keys in config.yaml to the names that people read."""
        return {id: service.name for id, service in self._settings.services.items()}

    def runbooks(self, incident: Incident) -> tuple[tuple[str, str], ...]:
        """(name, address) of the runbooks of what is affected; the general one where there is none."""
        services = (self._settings.services[id] for id in incident.services if id in self._settings.services)
        own = tuple((service.name, service.runbook) for service in services if service.runbook)
        general = self._settings.runbooks.url
        return own or ((("Runbooks", general),) if general else ())

    def public_text(self, what: str, incident: Incident) -> str:
        """The template for a status (or `title`) with the names of the affected services, nothing that was typed."""
        return self._settings.public_text(what, self.severity_of(incident), incident.services)

    def components(self, services: Iterable[str]) -> tuple[str, ...]:
        """What the affected services are called on the status page."""
        known = (self._settings.services[id] for id in services if id in self._settings.services)
        return tuple(service.statuspage_component for service in known if service.statuspage_component)
