"""What is known of an incident's pages, and which of them are still wanted. It rings nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.decision import MUSTER, Decision, Effect, Entry
from domain.incidents import RESOLVED, Incident
from domain.people import Person
from domain.policy import Policy
from domain.record import DELIVERED, WAITING, Owed, Record, Ref

LADDER = ("acknowledge_timeout", "phone_call", "page_overdue", "repeat_ladder")
"""The timers that may still ring somebody."""

RINGS = ("page", "call", "text", "email")
"""The kinds of effect that ring somebody."""

MESSAGES = "slack-page"
"""The lane of pages by direct message."""

ASKED_LEVELS = ("page", "escalated")
"""The steps of the timeline by which a level was asked."""


NEVER_ARRIVED = ("failed", "undelivered")
"""What the phone company says of a ring that it took and could not bring to anybody."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a ring belongs to: a level in a round of the ladder, or the `ask`-th page that a person asked for (0: none).

    `asked` says that a person wanted it, so that it goes out even after an acknowledgement.
    """

    level: int
    round: int = 1
    ask: int = 0
    asked: bool = False

    @property
    def tag(self) -> str:
        """Its part of a ring's target: nobody is rung twice by one means for one step."""
        return f"a{self.ask}" if self.ask else f"{self.round}:{self.level}"

    @property
    def data(self) -> dict[str, Any]:
        """What a ring, a timer and a line of the timeline keep of it."""
        asked = {"asked": True} if self.asked else {}
        return {"level": self.level, "round": self.round, **({"ask": self.ask} if self.ask else {}), **asked}

    @property
    def same(self) -> tuple[int, int, int]:
        return (self.level, self.round, self.ask)


def step_of(data: Any) -> Step:
    """The step that a ring, a timer or a line of the timeline belongs to."""
    return Step(
        int(data.get("level") or 0), int(data.get("round") or 1), int(data.get("ask") or 0), bool(data.get("asked"))
    )


def standing(record: Record) -> Step:
    """The level that was asked last; level -1 where nobody was asked yet."""
    asked = [e for e in record.entries("page") if e.data.get("step") in ASKED_LEVELS and "level" in e.data]
    return step_of(asked[-1].data) if asked else Step(-1)


def paged_for(record: Record, policy: Policy, of: Step) -> tuple[Person, ...]:
    """Whom this step paged, as far as config.yaml still has them."""
    asked = (
        e for e in record.entries("page") if e.data.get("step") in ASKED_LEVELS and step_of(e.data).same == of.same
    )
    found = dict.fromkeys(policy.person_of(slack) for e in asked for slack in e.data["people"])
    return tuple(each for each in found if each)


def unwanted(owed: Owed, incident: Incident) -> str:
    """Why this ring must not go out any more; empty while it must. An acknowledgement does not stop what a person asked
    for."""
    if owed.kind not in RINGS:
        return ""
    if not incident.open:
        return "resolved before it was sent"
    if owed.data.get("asked"):
        return ""
    return "acknowledged before it was sent" if incident.acknowledged_at else ""


def never_arrived(record: Record, owed: Owed) -> bool:
    """Whether a call or a text that was taken reached nobody's phone: it counts like a refused one."""
    lost = {ref.value for ref in record.refs if ref.data.get("status") in NEVER_ARRIVED}
    return bool(owed.vendor_id) and owed.vendor_id in lost


def refused(owed: Owed) -> bool:
    """Whether a ring is in vain: given up, or tried and answered with an error. It is tried again all the same."""
    return owed.state not in (DELIVERED, WAITING) or (owed.state == WAITING and bool(owed.error) and owed.attempts > 0)


def answered(incident: Incident) -> bool:
    """Whether nothing needs to ring any more."""
    return incident.acknowledged_at is not None or not incident.open


def people_of(decision: Decision) -> tuple[str, ...]:
    """The Slack ids of those whom a decision pages."""
    told = (person for e in decision.entries if e.data.get("step") in ASKED_LEVELS for person in e.data["people"])
    return tuple(dict.fromkeys(told))


def tell_paged(refs: Iterable[Ref]) -> tuple[Effect, ...]:
    """The direct messages that paged say who is on it, or that all is over."""
    sent = [ref for ref in refs if ref.kind == "direct_message"]
    return tuple(
        Effect(MESSAGES, "refresh_page", ref.value, {**ref.data, "channel": ref.name}, refresh=True) for ref in sent
    )


def late_page(incident: Incident, owed: Owed, refs: Iterable[Ref]) -> tuple[Effect, ...]:
    """A page that was on the wire while somebody answered: whoever got it is told what the others were told."""
    return tell_paged(refs) if owed.kind == "page" and answered(incident) and not owed.data.get("asked") else ()


def unable(record: Record) -> tuple[str, ...]:
    """Who said that they cannot."""
    return tuple(dict.fromkeys(e.author for e in record.entries("page") if is_refusal(e.data)))


def is_refusal(data: Mapping[str, Any]) -> bool:
    """Whether a line about pages says that its author cannot come."""
    return bool(data.get("cannot")) or data.get("step") == "cannot"


def is_blind(record: Record) -> bool:
    """Whether the pager's vendor cannot be asked just now who has answered."""
    steps = [e.data.get("step") for e in record.entries("pager")]
    return [step for step in steps if step in ("blind", "sighted")][-1:] == ["blind"]


def is_seen(record: Record, policy: Policy) -> bool:
    """Whether somebody who answered would be known of here: a vendor that took no page has nobody who could answer."""
    pages = [owed for owed in record.owed if owed.lane == policy.pager and owed.kind == "page"]
    if pages and not any(owed.state == DELIVERED for owed in pages):
        return True
    return policy.pager_is_seen and not is_blind(record)


def paged(
    step: str, means: str | list[str], people: Iterable[Person], of: Step, by: str = MUSTER, **more: Any
) -> Entry:
    """A line of the timeline about rings."""
    return Entry(
        "page", by, {"step": step, "means": means, "people": [each.slack for each in people], **of.data, **more}
    )


def resolved_at(record: Record) -> datetime | None:
    """When the incident was last resolved; None if never. Reopened, it begins anew for what was paged before."""
    ends = [e.at for e in record.entries("status") if e.at and e.data.get("status") == RESOLVED]
    return max(ends, default=None)
