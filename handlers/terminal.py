"""`check` and `plan` at a terminal: parse -> ask the rules -> words. It reads no file and no socket."""

from collections.abc import Sequence
from datetime import datetime

from domain import plan as ladder
from domain import runbook_findings
from domain.errors import Refused
from domain.incidents import Incident
from domain.naming import severity_named
from domain.nearest import hint
from domain.overrides import Override
from domain.policy import Policy
from domain.reach import NOT_CHECKED, Members
from domain.readiness import LOOKED_AHEAD, Outlook
from domain.runbooks import Shelved
from domain.settings import Settings
from domain.spans import moment_named
from views import readiness

NO_TOKEN = "SLACK_BOT_TOKEN is not set"  # noqa: S105 - the name of a variable
NO_ANSWER = "Slack gave no answer"


def check(
    settings: Settings, overrides: Sequence[Override], members: Members | None, now: datetime
) -> tuple[bool, str]:
    """Whether the ladder can work, and all that was found. `members` None: there is no token to ask Slack with."""
    found = Outlook(settings, Policy(settings), overrides, members or {}, now).findings()
    unasked = NO_TOKEN if members is None else NO_ANSWER if NOT_CHECKED in members.values() else ""
    zone = settings.organization.timezone
    words = readiness.check(found, zone, now, now + LOOKED_AHEAD, unasked)
    return not any(each.grave for each in found), words


def runbooks(settings: Settings, shelved: Shelved, now: datetime) -> str:
    """How many runbooks there are, and what is wrong with them: nothing that would keep Muster from working."""
    found = runbook_findings.findings(settings, shelved, now.date())
    return readiness.runbooks(len(shelved.books), found, settings.organization.timezone)


def plan(
    settings: Settings, overrides: Sequence[Override], now: datetime, severity: str, services: Sequence[str], at: str
) -> str:
    """Whom an incident of this severity and these services would reach, at that time. Raises Refused."""
    policy = Policy(settings)
    named = severity_named(severity, tuple(settings.severities))
    moment = moment_named(at, now, settings.organization.timezone)
    known = tuple(_service(settings, each) for each in services)
    incident = Incident("", policy.severity(named or severity).name, "", moment, services=known)
    steps = ladder.plan(incident, policy, overrides)
    names = [settings.services[each].name for each in known]
    return readiness.plan(incident, policy.escalation_name(incident), names, steps, settings.organization.timezone)


def _service(settings: Settings, typed: str) -> str:
    found = {key: id for id, service in settings.services.items() for key in (id.casefold(), service.name.casefold())}
    if typed.casefold() not in found:
        raise Refused(
            f"There is no service {typed}. {hint(typed, settings.services)}There are: {', '.join(settings.services)}."
        )
    return found[typed.casefold()]
