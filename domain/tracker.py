"""What people do to the incident's issue in the tracker's own app. It ends no incident: whether that is over only the
people in it know, and a resolution is told to the public."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain import room
from domain.decision import Decision, Entry
from domain.record import DELIVERED, WAITING, Record, Ref

KIND = "tracker"
CLOSED, REOPENED = "closed", "reopened"


@dataclass(frozen=True, slots=True)
class News:
    """An issue was closed over there, or opened again. `issue` is the tracker's own id, `by` a Slack id, or a name with
    the vendor's; `at` is when the issue was last changed as it is told, by the tracker's clock, None where it does not
    say."""

    lane: str
    issue: str
    what: str
    by: str
    at: datetime | None = None


def heard(record: Record, news: News) -> Decision:
    """Said once for each time that it changes. A tracker also tells what we wrote there ourselves: while we owe the
    issue a write, how it stands over there is our own doing, or will be in a moment. Nor is it news how it stood before
    our last write: the word of one may come when the next one is done."""
    incident, issue = record.incident, record.ref("issue", news.lane)
    closed = news.what == CLOSED
    if (
        not incident.open
        or issue is None
        or issue.value != news.issue
        or _writes(record)
        or _is_old(news, issue)
        or closed == _is_closed(record)
    ):
        return Decision(incident)
    name = str(issue.data.get("key") or "")
    entry = Entry(KIND, news.by, {"step": news.what, "lane": news.lane, "key": name})
    said = room.say("tracker_closed" if closed else "tracker_reopened", lane=news.lane, by=news.by, issue=name)
    return Decision(incident, (entry,), (said,))


def written(issue: Ref, at: object) -> Ref:
    """The issue after a write of ours, which was at this time by the tracker's own clock, in ISO 8601."""
    when = moment(at)
    return replace(issue, data={**issue.data, "written": when.isoformat()}) if when else issue


def moment(told: object) -> datetime | None:
    """A tracker's time, or None for what is none or has no zone."""
    try:
        when = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return when if when.tzinfo else None


def _is_old(news: News, issue: Ref) -> bool:
    """Both times are the tracker's: its clock may be another one than ours."""
    last = moment(issue.data.get("written"))
    return news.at is not None and last is not None and news.at <= last


def _writes(record: Record) -> bool:
    return any(owed.kind == "refresh_issue" and owed.state == WAITING for owed in record.owed)


def _is_closed(record: Record) -> bool:
    """As far as we know: each write of ours opens the issue of an open incident again."""
    for entry in reversed(record.timeline):
        if entry.kind == KIND:
            return entry.data.get("step") == CLOSED
        if entry.kind == "delivery" and (entry.data.get("kind"), entry.data.get("state")) == (
            "refresh_issue",
            DELIVERED,
        ):
            return False
    return False
