"""What people do in a pager's own app, and what follows from it here. It rings nobody, and resolves no incident."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain import alerts, decisions, pace, paging, room
from domain.decision import MUSTER, Decision, Entry
from domain.incidents import RESOLVED
from domain.policy import Policy
from domain.record import DELIVERED, Owed, Record, Ref

ALERT = "pager_alert"
"""The kind of reference that names the vendor's own incident or alert: `name` the page's key, `value` its id."""

ACKNOWLEDGED, ENDED = "acknowledged", "resolved"

TOLD = (
    *("unacknowledged", "reopened", "escalated", "reassigned", "delegated"),
    *("priority_updated", "annotated", "responder.added"),
)
"""What is written down and said in the room, and changes nothing else."""

HEARD = (ACKNOWLEDGED, ENDED, *TOLD, "triggered")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a vendor may have. `key` is its name over there, `alert` the vendor's own id where it is known,
    `since` when it was owed; `blind` says that the room was told that nobody can look."""

    number: int
    key: str
    since: datetime
    alert: str = ""
    delivered: bool = True
    answered: bool = False
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody as a vendor knows them. `human` is False for a service or an integration: no answer to a page."""

    name: str = ""
    email: str = ""
    id: str = ""
    human: bool = True


@dataclass(frozen=True, slots=True)
class Sighting:
    """How a page stands over there: triggered, acknowledged or resolved, and by whom."""

    key: str
    status: str
    who: Who = Who()
    alert: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who answers over there. `level` counts from 1, the first who is rung; `until` None is without an end."""

    who: Who
    level: int = 1
    schedule: str = ""
    policy: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened to a page in the vendor's app. `by` is a Slack id, or a name with the vendor's.

    `what` is one of HEARD, `text` what was written or chosen, `human` whether a person did it.
    """

    what: str
    lane: str
    key: str
    by: str = MUSTER
    text: str = ""
    human: bool = True
    alert: str = ""
    url: str = ""

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The vendor's name for it, by which a later note is known."""
        return (Ref(ALERT, self.alert, name=self.key, url=self.url, data={"lane": self.lane}),) if self.alert else ()


def pages_out(record: Record, lane: str) -> tuple[Page, ...]:
    """The pages that somebody may answer in this vendor's app; none from before the incident was last resolved."""
    incident = record.incident
    return tuple(
        Page(
            incident.number,
            key,
            owed.due_at,
            next((ref.value for ref in record.refs if (ref.kind, ref.name) == (ALERT, key)), ""),
            owed.state == DELIVERED,
            incident.acknowledged_at is not None,
            paging.is_blind(record),
        )
        for owed in _current(record, lane)
        for key in [alerts.key_of(record, owed.target)]
    )


def heard(record: Record, policy: Policy, news: News, now: datetime) -> Decision:
    """What follows. An answer is taken once; whatever else happened is told once for each time that it is heard."""
    if not record.incident.open:
        return Decision(record.incident)
    if news.what == ACKNOWLEDGED:
        return _answered(record, policy, news, now)
    if news.what == ENDED:
        return _ended(record, policy, news, now)
    return _told(record, news) if news.what in TOLD else Decision(record.incident)


def blind(record: Record, policy: Policy, lane: str, reason: str) -> Decision:
    """The vendor cannot be asked who has answered. Said once, while an answer is what is missing."""
    if not _is_unanswered(record) or paging.is_blind(record):
        return Decision(record.incident)
    entry = Entry("pager", MUSTER, {"step": "blind", "lane": lane, "why": reason})
    return Decision(record.incident, (entry,), (room.say("pager_blind", lane=lane, reason=reason),))


def sighted(record: Record, policy: Policy, lane: str, now: datetime) -> Decision:
    """It can be asked again. Where nobody has answered, the steps that were left out meanwhile are taken."""
    if not paging.is_blind(record):
        return Decision(record.incident)
    entry = Entry("pager", MUSTER, {"step": "sighted", "lane": lane})
    if not _is_unanswered(record):
        return Decision(record.incident, (entry,))
    timers = pace.left_out(record, policy, now)
    return Decision(record.incident, (entry,), (room.say("pager_sighted", lane=lane),), timers)


def _answered(record: Record, policy: Policy, news: News, now: datetime) -> Decision:
    """A machine's acknowledgement silences the vendor, but nobody is on it: the ladder goes on."""
    if record.incident.acknowledged_at or not news.human:
        return Decision(record.incident)
    return decisions.acknowledge(record, policy, news.by, news.lane, now, news.key)


def _ended(record: Record, policy: Policy, news: News, now: datetime) -> Decision:
    """Whoever resolves a page has answered it. Whether the incident is over only the people in it know."""
    known = {e.data.get("key") for e in record.entries("pager") if e.data.get("step") == ENDED}
    if news.key in known or news.key not in {page.key for page in pages_out(record, news.lane)}:
        return Decision(record.incident)
    answer = _answered(record, policy, news, now)
    told = _told(record, news)
    return Decision(
        answer.incident,
        (*answer.entries, *told.entries),
        (*answer.effects, *told.effects),
        cancel=answer.cancel,
    )


def _told(record: Record, news: News) -> Decision:
    if news.what == "annotated":
        entry = Entry("note", news.by, {"text": news.text, "lane": news.lane})
    else:
        entry = Entry("pager", news.by, {"step": news.what, "lane": news.lane, "key": news.key, "text": news.text})
    said = room.say("pager_news", what=news.what, lane=news.lane, by=news.by, text=news.text)
    return Decision(record.incident, (entry,), (said,))


def _current(record: Record, lane: str) -> Iterable[Owed]:
    ends = [e.at for e in record.entries("status") if e.at and e.data.get("status") == RESOLVED]
    for owed in record.owed:
        rang = owed.lane == lane and owed.kind == "page" and (owed.state == DELIVERED or owed.attempts > 0)
        if rang and not (ends and owed.due_at <= max(ends)):
            yield owed


def _is_unanswered(record: Record) -> bool:
    return record.incident.open and record.incident.acknowledged_at is None
