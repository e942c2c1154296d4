"""Who answers, which service is theirs, and whom to ask at a vendor's."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from domain.durations import Duration
from domain.fields import Email, GroupId, KeyName, Phone, Section, Text, TimeZone, UserId, keyed, known, web_address
from domain.working_hours import WorkingHours

SLACK_ID = re.compile(r"[UW][A-Z0-9]+")
PersonId = Annotated[str, known("people")]
PolicyName = Annotated[str, known("escalation_policies")]


def is_address(runbook: str) -> bool:
    """Whether a runbook stands at a web address; else it is named as its file in the folder."""
    return "://" in runbook


def _runbook(value: str) -> str:
    if is_address(value):
        return web_address(value)
    if not re.fullmatch(r"\w[\w.-]{0,79}", value) or value.endswith(".md"):
        raise ValueError("is no runbook; write the name of a file in runbooks.folder, without .md, or a web address")
    return value


RunbookAt = Annotated[Text, AfterValidator(_runbook)]


def is_slack_id(who: str) -> bool:
    """Whether this names a member of the workspace; who answers elsewhere may have no other name than their own."""
    return SLACK_ID.fullmatch(who) is not None


def mentioned(typed: str) -> str:
    """The id or the name in `<@U0001|ana>`, `@ana` or `ana:`."""
    word = typed.strip().rstrip(",:;").removeprefix("<").removesuffix(">")
    return word.removeprefix("@").partition("|")[0].strip()


class Person(Section):
    """Somebody who can be paged. `id` is the key in config.yaml; zone and hours are the organization's unless named."""

    id: KeyName
    name: Text
    slack: UserId
    phone: Phone | None = None
    sms: Phone | None = None
    email: Email | None = None
    timezone: TimeZone | None = None
    working_hours: WorkingHours | None = None

    @property
    def texted_at(self) -> str | None:
        """The number for SMS, in E.164."""
        return self.sms or self.phone


class Service(Section):
    """Something that can break. `id` is the key in config.yaml."""

    id: KeyName
    name: Text
    statuspage_component: Text | None = None
    runbook: RunbookAt | None = None
    escalation_policy: PolicyName | None = None
    invite: tuple[GroupId, ...] = ()


class Contact(Section):
    """A vendor's support, for an incident that Muster's people cannot end alone. `id` is the key in config.yaml."""

    id: KeyName
    name: Text
    channel: Text
    sla: Duration | None = None
    priority: Text | None = None


People = Annotated[dict[str, Person], keyed("id"), Field(min_length=1)]
Services = Annotated[dict[str, Service], keyed("id")]
Contacts = Annotated[dict[str, Contact], keyed("id")]
