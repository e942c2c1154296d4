"""What Muster must know to reach each vendor. A vendor is on when all that it needs is set."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import SecretStr

from domain.fields import Phone, Section, Text, Url, Variable, secrets_of, template, variable_of


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
    needs = ("integration_key",)

    integration_key: Annotated[SecretStr | None, Variable("PAGERDUTY_INTEGRATION_KEY")] = None
    webhook_secret: Annotated[SecretStr | None, Variable("PAGERDUTY_WEBHOOK_SECRET")] = None
    events_url: Annotated[Url, Variable("PAGERDUTY_EVENTS_URL")] = "https://events.pagerduty.com"


class Twilio(Integration):
    needs = ("account_sid", "auth_token", "phone_number")

    account_sid: Annotated[Text | None, Variable("TWILIO_ACCOUNT_SID")] = None
    auth_token: Annotated[SecretStr | None, Variable("TWILIO_AUTH_TOKEN")] = None
    phone_number: Annotated[Phone | None, Variable("TWILIO_PHONE_NUMBER")] = None
    api_url: Annotated[Url, Variable("TWILIO_API_URL")] = "https://api.twilio.com"


class Plane(Integration):
    needs = ("api_key", "project_id", "workspace")

    api_key: Annotated[SecretStr | None, Variable("PLANE_API_KEY")] = None
    project_id: Annotated[Text | None, Variable("PLANE_PROJECT_ID")] = None
    workspace: Annotated[Text | None, Variable("PLANE_WORKSPACE")] = None
    api_url: Annotated[Url, Variable("PLANE_API_URL")] = "https://api.plane.so"
    web_url: Url = "https://app.plane.so"
    labels: tuple[Annotated[Text, template("severity")], ...] = ("incident", "{severity}")


class Statuspage(Integration):
    needs = ("page_id", "api_key")

    page_id: Annotated[Text | None, Variable("STATUSPAGE_PAGE_ID")] = None
    api_key: Annotated[SecretStr | None, Variable("STATUSPAGE_API_KEY")] = None
    api_url: Annotated[Url, Variable("STATUSPAGE_API_URL")] = "https://api.statuspage.io"


class Integrations(Section):
    pagerduty: PagerDuty = PagerDuty()
    twilio: Twilio = Twilio()
    plane: Plane = Plane()
    statuspage: Statuspage = Statuspage()


def _are(names: list[str]) -> str:
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"
