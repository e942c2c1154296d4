"""A page that somebody sends to themselves, by every means they have, to see what arrives. It concerns nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain import paging, rings
from domain.decision import Decision, Effect, Entry, Timer
from domain.errors import Refused
from domain.incidents import RESOLVED, Incident
from domain.paging import Step, paged
from domain.policy import WITH_PHONE, Level, Policy
from domain.record import Record, Ref

TITLE = "Test page"
LASTS = timedelta(minutes=10)
"""What has not arrived by then did not arrive."""

EVERY = timedelta(minutes=1)
"""More often nobody needs to ring themselves."""


@dataclass(frozen=True, slots=True)
class Begun:
    """`means` are the ways that were taken: slack, phone, sms, email; `phone` and `sms` the numbers, empty where none
    is known or no phone is connected."""

    incident: Incident
    means: tuple[str, ...]
    phone: str = ""
    sms: str = ""
    connected: bool = True


def draft(by: str, policy: Policy, now: datetime) -> Incident:
    """An incident that nobody sees: private, a drill, and behind everything real in every queue."""
    lightest = policy.severities[-1]
    return Incident(TITLE, lightest.name, by, now, rank=len(policy.severities), private=True, drill=True, test=True)


def must_wait(latest: Record | None, now: datetime) -> None:
    """Raises Refused while the last test of this person is younger than a minute."""
    if latest and now - latest.incident.detected_at < EVERY:
        left = int((EVERY - (now - latest.incident.detected_at)).total_seconds()) + 1
        raise Refused(
            f"You tested {int((now - latest.incident.detected_at).total_seconds())} s ago; once a minute is enough. "
            f"Again in {left} s, or `/incident testpage status` for what arrived."
        )


def begin(incident: Incident, policy: Policy, now: datetime) -> tuple[Decision, Begun]:
    """All means at once. What is refused is not tried again: what a test finds out is the point of it."""
    person = policy.person_of(incident.reporter)
    of = Step(0, asked=True)
    rung: tuple[Effect, ...] = (rings.message(incident.reporter, of, person.id if person else "", test=True),)
    if person:
        every = Level((person,), timedelta(), (*WITH_PHONE, "email"))
        rung += (*rings.calls((), policy, every, of, test=True), *rings.mails((), policy, every, of, test=True))
    kinds = {"page": "slack", "call": "phone", "text": "sms", "email": "email"}
    begun = Begun(
        incident,
        tuple(kinds[each.kind] for each in rung),
        (person.phone or "") if person else "",
        (person.texted_at or "") if person else "",
        bool(policy.phone),
    )
    entry = paged("test", [each.lane for each in rung], (), of, incident.reporter)
    entry = replace(entry, data={**entry.data, "people": [incident.reporter]})
    return Decision(incident, (entry,), rung, (Timer("test_over", now + LASTS),)), begun


def confirm(record: Record, by: str, means: str, now: datetime) -> Decision:
    """It reached them by this means; every means may say so, the first one counts as the answer."""
    incident = record.incident
    if by != incident.reporter:
        raise Refused("This is somebody else's test page.")
    if any(each.data.get("means") == means for each in record.entries("acknowledged")):
        return Decision(incident)
    if not incident.acknowledged_at:
        incident = replace(incident, acknowledged_at=now, acknowledged_by=by, acknowledged_means=means)
    return Decision(incident, (Entry("acknowledged", by, {"means": means}),), _told(record.refs))


def end(record: Record, now: datetime) -> Decision:
    """Nothing more is expected; what is still owed is dropped."""
    if not record.incident.open:
        return Decision(record.incident)
    return Decision(replace(record.incident, status=RESOLVED, resolved_at=now), effects=_told(record.refs))


def confirmed(record: Record) -> tuple[str, ...]:
    """By which means somebody said that it arrived: button, phone, sms."""
    return tuple(dict.fromkeys(str(each.data.get("means")) for each in record.entries("acknowledged")))


def _told(refs: Iterable[Ref]) -> tuple[Effect, ...]:
    return paging.tell_paged(refs)
