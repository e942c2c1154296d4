"""Whether it stayed well after the resolution, and who is thanked when it is put away."""

from domain import nudges, reminders
from domain.decision import MUSTER, Decision, Entry
from domain.errors import Refused
from domain.incidents import RESOLVED
from domain.people import is_slack_id
from domain.policy import Policy
from domain.record import Record
from domain.ticks import has_room


def is_asked(record: Record, policy: Policy) -> bool:
    """Whether the question is open: the severity asks it, and nobody has answered since the resolution."""
    incident = record.incident
    asks = policy.severity_of(incident).stable_for is not None
    return incident.status == RESOLVED and asks and not reminders.is_stable(record)


def confirm(record: Record, policy: Policy, by: str) -> Decision:
    """It stayed well. No entries: somebody has said so. Raises Refused while, or when, there is nothing to confirm."""
    incident = record.incident
    if incident.status != RESOLVED:
        raise Refused(f"{incident.key} is {incident.status}: whether it stays well is asked after a resolution.")
    if reminders.is_stable(record):
        return Decision(incident)
    effects = nudges.put(record, nudges.STABLE, "stable", by=by) if has_room(record) else ()
    return Decision(incident, (Entry("stable", by),), effects, cancel=(nudges.STABLE,))


def responders(record: Record) -> tuple[str, ...]:
    """Who took part, in the order in which they came: Slack ids."""
    incident = record.incident
    found = [*(e.author for e in record.timeline), incident.acknowledged_by, *(t.person for t in record.roles)]
    return tuple(dict.fromkeys(who for who in found if who and who != MUSTER and is_slack_id(who)))
