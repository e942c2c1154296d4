"""What Muster must know to reach each vendor. A vendor is on when all that it needs is set."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from domain.fields import Email, Phone, Section, Text, Url, Variable, matching, secrets_of, template, variable_of


class Integration(Section):
    """`enabled`: true insists, false switches off, left out means: on when its secrets are there."""

    needs: ClassVar[tuple[str, ...]] = ()

    enabled: bool | None = None

    @property
    def on(self) -> bool:
        """Whether this vendor is used."""
        return self.enabled is not False and not self.lacks(dict(self))

    @classmethod
    def lacks(cls, values: Mapping[str, Any]) -> list[str]:
        """The environment variables that are still to be set."""
        return [variable_of(cls, name) for name in cls.needs if values.get(name) is None]

    @classmethod
    def mistake(cls, values: Mapping[str, Any]) -> str | None:
        """What is wrong with a section as it was written, or None.

        Half a set of secrets would switch a vendor off without a word, to be found out during an outage.
        """
        missing = cls.lacks(values)
        there = [
            variable_of(cls, name) for name in cls.needs if name in secrets_of(cls) and values.get(name) is not None
        ]
        if missing and values.get("enabled") is True:
            return f"enabled is true, but {_are(missing)} not set; set what is missing or write enabled: false"
        if missing and there and values.get("enabled") is None:
            return f"{_are(there)} set, but {_are(missing)} not; set what is missing or write enabled: false"
        return None


class PagerDuty(Integration):
    """Pages by the integration key; the API key shows who is on call and what people did in the app."""

    needs = ("integration_key",)

    integration_key: Annotated[SecretStr | None, Variable("PAGERDUTY_INTEGRATION_KEY")] = None
    webhook_secret: Annotated[SecretStr | None, Variable("PAGERDUTY_WEBHOOK_SECRET")] = None
    api_key: Annotated[SecretStr | None, Variable("PAGERDUTY_API_KEY")] = None
    from_email: Annotated[Email | None, Variable("PAGERDUTY_FROM_EMAIL")] = None
    events_url: Annotated[Url, Variable("PAGERDUTY_EVENTS_URL")] = "https://events.pagerduty.com"
    api_url: Annotated[Url, Variable("PAGERDUTY_API_URL")] = "https://api.pagerduty.com"


Responder = Annotated[
    Text,
    matching(
        "(team|user|escalation|schedule):.*[^ ].*",
        "is nobody whom Opsgenie can alert; write one such as team:Platform, schedule:Primary or user:ana@example.com",
    ),
]


class Opsgenie(Integration):
    """`responders` are whom an alert is for, `schedules` those whose people are shown."""

    needs = ("api_key",)

    api_key: Annotated[SecretStr | None, Variable("OPSGENIE_API_KEY")] = None
    api_url: Annotated[Url, Variable("OPSGENIE_API_URL")] = "https://api.opsgenie.com"
    responders: tuple[Responder, ...] = ()
    schedules: tuple[Text, ...] = ()


class Twilio(Integration):
    """Calls and texts, from `phone_number`."""

    needs = ("account_sid", "auth_token", "phone_number")

    account_sid: Annotated[Text | None, Variable("TWILIO_ACCOUNT_SID")] = None
    auth_token: Annotated[SecretStr | None, Variable("TWILIO_AUTH_TOKEN")] = None
    phone_number: Annotated[Phone | None, Variable("TWILIO_PHONE_NUMBER")] = None
    api_url: Annotated[Url, Variable("TWILIO_API_URL")] = "https://api.twilio.com"


class Plane(Integration):
    """The tracker: one project, whose issues carry `labels`."""

    needs = ("api_key", "project_id", "workspace")

    api_key: Annotated[SecretStr | None, Variable("PLANE_API_KEY")] = None
    project_id: Annotated[Text | None, Variable("PLANE_PROJECT_ID")] = None
    workspace: Annotated[Text | None, Variable("PLANE_WORKSPACE")] = None
    webhook_secret: Annotated[SecretStr | None, Variable("PLANE_WEBHOOK_SECRET")] = None
    api_url: Annotated[Url, Variable("PLANE_API_URL")] = "https://api.plane.so"
    web_url: Url = "https://app.plane.so"
    labels: tuple[Annotated[Text, template("severity")], ...] = ("incident", "{severity}")


class Statuspage(Integration):
    """The public page."""

    needs = ("page_id", "api_key")

    page_id: Annotated[Text | None, Variable("STATUSPAGE_PAGE_ID")] = None
    api_key: Annotated[SecretStr | None, Variable("STATUSPAGE_API_KEY")] = None
    api_url: Annotated[Url, Variable("STATUSPAGE_API_URL")] = "https://api.statuspage.io"


def _mail_server(url: SecretStr | None) -> SecretStr | None:
    """The address may hold a password, so nothing of it is repeated."""
    if url is None:
        return None
    try:
        parts = urlsplit(url.get_secret_value())
        right = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        right = False
    if not right or parts.path.strip("/") or parts.query or bool(parts.username) != bool(parts.password):
        raise ValueError("is no mail server's address; write one such as smtps://user:password@mail.example.com:465")
    return url


class Smtp(Integration):
    """Mail, by `url` with user and password where the server wants them."""

    needs = ("url",)

    url: Annotated[SecretStr | None, AfterValidator(_mail_server), Variable("SMTP_URL")] = None
    from_email: Email | None = None


OPSGENIE_ENDS = (
    "Opsgenie is at its end: it has not been sold since 2025-06-04, its API works until 2027-04-05, and an account is "
    "switched off 120 days after its migration. Choose in time who pages then: see docs/setup/opsgenie.md"
)
"""Atlassian's dates for the end of support."""


PAGERDUTY_IS_OFF = (
    "PagerDuty is off: PAGERDUTY_INTEGRATION_KEY is not set, and with its other keys alone nobody is paged. Set it, or "
    "write integrations.pagerduty.enabled: false"
)


class Integrations(Section):
    """Every vendor; each is on when all that it needs is set."""

    pagerduty: PagerDuty = PagerDuty()
    opsgenie: Opsgenie = Opsgenie()
    twilio: Twilio = Twilio()
    plane: Plane = Plane()
    statuspage: Statuspage = Statuspage()
    smtp: Smtp = Smtp()

    @property
    def notices(self) -> tuple[str, ...]:
        """What whoever runs Muster should know of the vendors that are on, in sentences. None of it is an error."""
        pagerduty = self.pagerduty
        idle = pagerduty.enabled is None and not pagerduty.on and (pagerduty.api_key or pagerduty.webhook_secret)
        return (*((PAGERDUTY_IS_OFF,) if idle else ()), *((OPSGENIE_ENDS,) if self.opsgenie.on else ()))


def _are(names: list[str]) -> str:
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"
