"""config.yaml as values. It reads no file and no environment: service/config.py does."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, model_validator

from domain.checklists import Checklists
from domain.durations import Duration
from domain.duties import DELIVERED, Roles
from domain.escalation import Policies
from domain.fields import (
    ChannelId,
    DatabaseUrl,
    GroupId,
    Section,
    SlackUrl,
    Text,
    TimeZone,
    Url,
    Variable,
    matching,
    template,
)
from domain.grants import Permissions
from domain.people import Contacts, People, Person, PersonId, Services
from domain.schedules import Schedules
from domain.severities import INCIDENTS, Severities, Severity
from domain.vendors import Integrations
from domain.working_hours import WorkingHours


class Organization(Section):
    """Whose Muster it is, with the hours in which its people work and the roles that they take."""

    name: Text = "Example"
    timezone: TimeZone = "UTC"
    working_hours: WorkingHours = WorkingHours()
    roles: Roles = Field(default=DELIVERED, validate_default=True)


class Database(Section):
    """`url` is sqlite:/// and a path, or a postgresql:// address."""

    url: Annotated[DatabaseUrl, Variable("DATABASE_URL")] = "sqlite:///data/muster.db"


TOKEN_AT_LEAST = 16
"""Characters of a token that nobody guesses."""


def _unguessable(token: SecretStr | None) -> SecretStr | None:
    if token is not None and len(token.get_secret_value()) < TOKEN_AT_LEAST:
        raise ValueError(f"has fewer than {TOKEN_AT_LEAST} characters; make one with: openssl rand -hex 24")
    return token


class Http(Section):
    """Where Muster listens, and under which address the world reaches it."""

    host: Text = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535), Variable("MUSTER_HTTP_PORT")] = 8080
    public_url: Annotated[Url | None, Variable("MUSTER_PUBLIC_URL")] = None
    dashboard_token: Annotated[SecretStr | None, AfterValidator(_unguessable), Variable("MUSTER_DASHBOARD_TOKEN")] = (
        None
    )


def _channel_letters(pattern: str) -> str:
    letters = re.sub(r"\{[^{}]*\}", "", pattern)
    if re.search(r"[^a-z0-9_-]", letters) or len(letters) > 40:
        raise ValueError(
            "may hold lower-case letters, digits, hyphens and placeholders only, such as inc-{number}-{slug}"
        )
    if "{number}" not in pattern:
        raise ValueError("needs {number}, or two incidents of one title would want the same room")
    return pattern


ChannelPattern = Annotated[Text, AfterValidator(_channel_letters), template("number", "slug", "date", "severity")]
CallLink = Annotated[
    Text,
    matching(r"https?://\S+", "is not a web address; write one such as https://meet.example.com/{key}"),
    template("key", "number"),
]


Emoji = Annotated[
    Text, matching(r"[a-z0-9_+'-]+", "is no emoji's name; write it as Slack does, without colons, such as pushpin")
]


class Reactions(Section):
    """What a reaction to a message of a war room does, by the emoji's name."""

    timeline: Emoji | None = "pushpin"
    action_item: Emoji | None = "star"
    public_draft: Emoji | None = "mega"

    @model_validator(mode="after")
    def _distinct(self) -> "Reactions":
        named = [each for each in (self.timeline, self.action_item, self.public_draft) if each]
        if len(set(named)) < len(named):
            raise ValueError("names one emoji twice; a reaction can do one thing")
        return self


class Slack(Section):
    """The workspace: tokens, channels by id, how a room is called and when it is archived."""

    bot_token: Annotated[SecretStr | None, Variable("SLACK_BOT_TOKEN")] = None
    app_token: Annotated[SecretStr | None, Variable("SLACK_APP_TOKEN")] = None
    api_url: Annotated[SlackUrl, Variable("SLACK_API_URL")] = "https://slack.com/api/"
    incidents_channel_id: Annotated[ChannelId | None, Variable("SLACK_INCIDENTS_CHANNEL_ID")] = None
    channel_pattern: ChannelPattern = "inc-{number}-{slug}"
    archive_after: Duration = timedelta(hours=24)
    reactions: Reactions = Reactions()
    call_link: CallLink | None = None
    user_groups: dict[str, GroupId] = Field(default_factory=dict)


def _pageable(vendor: str, info: ValidationInfo) -> str:
    off: dict[str, list[str]] = (info.context or {}).get("off", {})
    if vendor in off:
        raise ValueError(f"{vendor!r} is not on; set {' and '.join(off[vendor])}, or write auto or muster")
    return vendor


class Paging(Section):
    """Who pages, and how patiently. `calls_per_person` in `calls_within` is the most that one person is called."""

    page_by: Annotated[Literal["auto", "pagerduty", "opsgenie", "muster"], AfterValidator(_pageable)] = "auto"
    fallback_after: Duration = timedelta(seconds=60)
    group_within: Duration = timedelta(minutes=5)
    calls_per_person: Annotated[int, Field(ge=1)] = 6
    calls_within: Duration = timedelta(minutes=30)
    messages_per_person: Annotated[int, Field(ge=1)] = 10
    offer_after: Duration = timedelta(minutes=15)
    contacts_after: Duration = timedelta(minutes=60)


PublicText = Annotated[Text, template("services", "wording")]


class PublicTexts(Section):
    """What is said in public when a status is reached and nobody has written anything for the public."""

    title: PublicText = "{services}: {wording}"
    investigating: PublicText = "{services}: {wording}. We are investigating."
    identified: PublicText = "{services}: we have found the cause and are working on it."
    monitoring: PublicText = "{services}: a fix is in place. We are watching the results."
    resolved: PublicText = "{services}: resolved."
    merged: PublicText = "{services}: this is part of another incident, in which we go on."
    false_alarm: PublicText = "{services}: a false alarm. All is well."


class StatusPage(Section):
    """What the public is told where nobody writes it."""

    publish_updates: bool = False
    no_service: Text = "Our service"
    templates: PublicTexts = PublicTexts()


class Reminders(Section):
    """When a room, or where there is none the commander, is reminded of what people forget under pressure."""

    sla_warning_at: Annotated[float, Field(gt=0, lt=1)] = 0.8
    breach_tells: tuple[PersonId, ...] = ()
    role_empty_after: Duration = timedelta(minutes=10)
    unacknowledged_after: Duration = timedelta(minutes=30)
    stale_after: Duration = timedelta(hours=4)
    action_item_tells: tuple[PersonId, ...] = ()
    snooze_for: Duration = timedelta(minutes=30)
    snooze_at_most: Duration = timedelta(hours=24)
    thanks: bool = True


class Runbooks(Section):
    """The folder, and the address under which people read it."""

    folder: Text | None = "runbooks"
    url: Url | None = None


class Settings(Section):
    """The whole of config.yaml. Its top-level names do not change."""

    organization: Organization = Organization()
    database: Database = Database()
    http: Http = Http()
    slack: Slack = Slack()
    severities: Severities
    services: Services = Field(default_factory=dict)
    people: People
    schedules: Schedules = Field(default_factory=dict)
    escalation_policies: Policies
    paging: Paging = Paging()
    contacts: Contacts = Field(default_factory=dict)
    integrations: Integrations = Integrations()
    status_page: StatusPage = StatusPage()
    reminders: Reminders = Reminders()
    runbooks: Runbooks = Runbooks()
    checklists: Checklists = Field(default_factory=dict)
    permissions: Permissions = Permissions()

    def announced_in(self, severity: Severity) -> tuple[str, ...]:
        """The channel ids in which incidents of a severity are announced; none twice."""
        ids = (self.slack.incidents_channel_id if each == INCIDENTS else each for each in severity.announce)
        return tuple(dict.fromkeys(each for each in ids if each is not None))

    @property
    def unannounced(self) -> tuple[str, ...]:
        """The severities that would be announced in #incidents, were its id known."""
        if self.slack.incidents_channel_id:
            return ()
        return tuple(name for name, severity in self.severities.items() if INCIDENTS in severity.announce)

    def person_of(self, slack_id: str) -> Person | None:
        """The person behind a Slack user id; None for somebody who is not in config.yaml."""
        return next((person for person in self.people.values() if person.slack == slack_id), None)

    def person_behind(self, email: str) -> Person | None:
        """The person with this e-mail address, in whatever case; None for an address that nobody in config.yaml has."""
        theirs = email.casefold()
        return next(
            (person for person in self.people.values() if (person.email or "").casefold() == theirs != ""), None
        )

    def public_text(self, status: str, severity: Severity, services: Iterable[str]) -> str:
        """The public words for a status (or `title`), from the names of services, which are ids in config.yaml."""
        names = [self.services[each].name for each in services if each in self.services]
        listed = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
        text: str = getattr(self.status_page.templates, status)
        return text.format(services=listed or self.status_page.no_service, wording=severity.public)
