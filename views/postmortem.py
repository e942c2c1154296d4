"""The thin postmortem as Markdown. It is a document for people's own tools: no Slack markup, times in UTC."""

import re
from collections.abc import Mapping

from domain.decision import Entry
from domain.incidents import Incident
from domain.record import Record
from views import words
from views.markup import clean, one_line
from views.modals import Written
from views.timeline import TEMPLATES, key, quiet, wording
from views.times import duration, utc

NOT_WRITTEN = "_Not written yet._"


def postmortem(record: Record, written: Written, names: Mapping[str, str] | None = None) -> str:
    """`names` maps Slack ids and config names to how people are called."""
    incident, names = record.incident, names or {}
    parts = [
        f"# Postmortem {incident.key}: {_line(incident.title)}",
        "\n".join(_figures(incident, names)),
        _part("Summary", written.summary),
        _part("Root cause", written.root_cause or incident.root_cause),
        _part("What went well", written.went_well),
        _part("What went wrong", written.went_wrong),
        _part("Action item", f"- [ ] {_line(written.action_item)}" if written.action_item else "", ours=True),
        _part("Timeline", "\n".join(_timeline(record, names)), ours=True),
    ]
    return "\n\n".join(parts) + "\n"


def _figures(incident: Incident, names: Mapping[str, str]) -> list[str]:
    lasted, answered = incident.duration, incident.acknowledged_at
    by = _name(incident.acknowledged_by, names)
    means = words.means(incident.acknowledged_means)
    figures = {
        "Severity": _line(incident.severity),
        "Commander": _name(incident.commander, names),
        "Affected": ", ".join(map(_line, incident.services)),
        "Detected": utc(incident.detected_at),
        "Acknowledged": f"{utc(answered)} by {by} {means}, after {duration(answered - incident.detected_at)}"
        if answered
        else "never",
        "Resolved": utc(incident.resolved_at) if incident.resolved_at else "",
        "Duration": duration(lasted) if lasted is not None else "",
        "Resolution": _line(incident.resolution),
    }
    return [f"- **{label}:** {value}" for label, value in figures.items() if value]


def _timeline(record: Record, names: Mapping[str, str]) -> list[str]:
    """In the order in which it happened: a message is kept later than it was written."""
    told = (entry for entry in record.timeline if not quiet(entry))
    return [_entry(entry, names) for entry in sorted(told, key=lambda e: e.at or record.incident.detected_at)]


def _entry(entry: Entry, names: Mapping[str, str]) -> str:
    values = wording(entry)
    crowd = ", ".join(_name(person, names) for person in values["people"]) or "nobody"
    said = {name: _inline(str(value)) for name, value in values.items()}
    said |= {"by": _name(entry.author, names), "people": crowd}
    at = f"{utc(entry.at)} " if entry.at else ""
    return f"- {at}{TEMPLATES[key(entry)].format_map(said)}"


def _part(heading: str, text: str, ours: bool = False) -> str:
    return f"## {heading}\n\n{(text if ours else _paragraphs(text)) or NOT_WRITTEN}"


def _paragraphs(text: str) -> str:
    """People's own Markdown stays, but for headings (the document's are ours) and HTML."""
    return re.sub(r"^(\s*)#", r"\1\\#", _harmless(clean(text).strip()), flags=re.MULTILINE)


def _line(text: str) -> str:
    return _harmless(one_line(text))


def _inline(text: str) -> str:
    """On one line, with the blanks around it that the sentence needs."""
    return _harmless(" ".join(clean(text).split("\n")))


def _name(who: str | None, names: Mapping[str, str]) -> str:
    return _line(names.get(who or "", "Muster" if who == "muster" else who or "nobody"))


def _harmless(text: str) -> str:
    return text.replace("<", "\\<")
