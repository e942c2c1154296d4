"""The announcement: what everyone outside the war room follows, edited as the incident moves. Never a private one's."""

from collections.abc import Mapping

from domain.affected import listed
from domain.decision import Entry
from domain.incidents import REAL, WITHDRAWN, Incident
from domain.record import Record
from domain.recording import as_corrected
from views import words
from views.blocks import Block, Message, context, fields, header, message, section
from views.card import headline
from views.endings import how_it_ended, withdrawn
from views.ladder import dial
from views.markup import Mrkdwn, joined, link, one_line, person, room, said, short, typed
from views.times import duration, slack_date, slack_time

UPDATES_SHOWN = 5
UPDATE_MOST = 500


def announcement(
    record: Record,
    *,
    badge: str = "",
    label: str = "",
    people: Mapping[str, str] | None = None,
    services: Mapping[str, str] | None = None,
    postmortem: bool = False,
) -> Message:
    """`badge` and `label` are the severity's sign and word; `services` maps keys to names; `postmortem` says whether
    one is required."""
    incident = record.incident
    title = headline(incident, badge)
    if incident.outcome == WITHDRAWN:
        return withdrawn(incident, title)
    return message(
        said("{severity} {title}: {status}", severity=one_line(incident.severity), title=title, status=incident.status),
        header(title),
        fields(_facts(incident, label, services or {})),
        _alarm(record),
        _ending(incident, postmortem) if incident.outcome == REAL else section(how_it_ended(record)),
        _updates(record, people or {}),
        _where(record),
    )


def _facts(incident: Incident, label: str, services: Mapping[str, str]) -> dict[str, Mrkdwn]:
    return {
        "Severity": said("{name} {label}", name=one_line(incident.severity), label=label),
        "Status": typed(incident.state),
        "Detected": slack_date(incident.detected_at),
        "Commander": person(incident.commander) if incident.commander else said("nobody yet"),
        "Affected": typed(one_line(listed(incident, services))),
        "Impact": typed(one_line(incident.impact)),
    }


def _alarm(record: Record) -> Block | None:
    """While nobody who could be paged is reached, everybody who reads this is asked to call."""
    incident, pages = record.incident, record.entries("page")
    lost = bool(pages) and pages[-1].data.get("step") == "nobody"
    if not lost or incident.acknowledged_at or not incident.open:
        return None
    alarm = said("🚨 *Nobody in the ladder can be reached.* Whoever reads this: please help to find somebody.")
    return section(joined("\n", [alarm, dial(pages[-1].data.get("numbers") or ())]))


def _ending(incident: Incident, postmortem: bool) -> Block | None:
    lasted = incident.duration
    if incident.open or lasted is None:
        return None
    steps = said("a postmortem will follow") if postmortem else said("none, no postmortem is required")
    lines = [
        said("*Duration* {span}", span=duration(lasted)),
        said("*Resolution* {text}", text=one_line(incident.resolution)) if incident.resolution else None,
        said("*Next steps* {steps}", steps=steps),
    ]
    return section(joined("\n", lines))


def _updates(record: Record, people: Mapping[str, str]) -> Block | None:
    """The newest last, as in a conversation."""
    standing = as_corrected(record, record.entries("update", "status"))
    shown = [_update(entry, people) for entry in standing if _says(entry)]
    return section(joined("\n", shown[-UPDATES_SHOWN:])) if shown else None


def _says(entry: Entry) -> bool:
    return bool(entry.data.get("text") or entry.data.get("status"))


def _update(entry: Entry, people: Mapping[str, str]) -> Mrkdwn:
    parts = [
        slack_time(entry.at) if entry.at else None,
        said("*{status}*", status=entry.data["status"]) if entry.data.get("status") else None,
        short(str(entry.data.get("text") or ""), UPDATE_MOST),
        person(entry.author, people),
    ]
    return joined(" – ", parts)


def _where(record: Record) -> Block | None:
    channel = record.ref("channel")
    issues = [ref for ref in record.refs if ref.kind == "issue" and ref.url]
    issue = issues[-1] if issues else None
    parts = [
        said("Room {room}", room=room(channel.value)) if channel else None,
        link(issue.url, str(issue.data.get("key") or words.lane(issue.name))) if issue else None,
    ]
    return context(joined(" · ", parts))
