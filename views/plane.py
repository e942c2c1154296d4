"""The incident as a work item: its name and its HTML. ElementTree escapes every word; no markup by hand."""

from collections.abc import Mapping
from datetime import datetime
from xml.etree import ElementTree as ET

from domain.affected import listed
from domain.decision import Entry
from domain.incidents import Incident
from domain.record import Record
from views import words
from views.plain import lines, person, plain
from views.timeline import quiet, unmarked
from views.times import duration, utc

LONGEST_NAME = 255
"""Characters, Plane's limit for the name of a work item."""

LONGEST_TEXT = 10_000
LONGEST_LINE = 1_000
MOST_ENTRIES = 200

ACTIONS = ("mitigation", "action")
# The resolution and the actions have headings of their own.
UNTOLD = ("resolution", *ACTIONS)

Names = Mapping[str, str]


def name(incident: Incident) -> str:
    """[INCIDENT] SEV-1: title."""
    return plain(" ".join(("[INCIDENT]", incident.severity + ":", incident.title)), LONGEST_NAME)


def description(record: Record, names: Names) -> str:
    """The whole incident as of now; `names` gives people's names for Slack ids."""
    incident, page = record.incident, ET.Element("div")
    _facts(page, incident, names)
    _section(page, "Description", incident.description)
    _section(page, "Impact", incident.impact)
    _entries(
        page, "Timeline", [entry for entry in record.timeline if entry.kind not in UNTOLD and not quiet(entry)], names
    )
    _entries(page, "Actions", list(record.entries(*ACTIONS)), names)
    _section(page, "Root cause", incident.root_cause)
    _section(page, "Resolution", incident.resolution)
    return _html(page)


def comment(kind: str, by: str, text: str, at: datetime, names: Names) -> str:
    """One event of the timeline: when, who, what. Of an acknowledgement the text is `by` and the means."""
    text = words.means(text.removeprefix("by ")) if kind == "acknowledged" else text
    page = ET.Element("div")
    head = ET.SubElement(page, "p")
    ET.SubElement(head, "strong").text = " · ".join((utc(at), plain(kind, 50), person(by, names)))
    _paragraph(page, text)
    return _html(page)


def _facts(page: ET.Element, incident: Incident, names: Names) -> None:
    facts = {
        "Incident": incident.key,
        "Severity": incident.severity,
        "Reporter": person(incident.reporter, names),
        "Detected": utc(incident.detected_at),
        "Status": incident.state,
        "Services": listed(incident, {}),
        "Resolved": utc(incident.resolved_at) if incident.resolved_at else "",
        "Duration": duration(incident.duration) if incident.duration is not None else "",
    }
    listing = ET.SubElement(page, "ul")
    for label, value in facts.items():
        if value:
            item = ET.SubElement(listing, "li")
            ET.SubElement(item, "strong").text = label + ":"
            item[0].tail = " " + plain(value, LONGEST_LINE)


def _entries(page: ET.Element, heading: str, entries: list[Entry], names: Names) -> None:
    if not entries:
        return
    ET.SubElement(page, "h3").text = heading
    listing = ET.SubElement(page, "ul")
    for entry in entries[-MOST_ENTRIES:]:
        ET.SubElement(listing, "li").text = _line(entry, names)


def _line(entry: Entry, names: Names) -> str:
    at = utc(entry.at) if entry.at else ""
    return plain(" · ".join(filter(None, (at, unmarked(entry, names)))), LONGEST_LINE)


def _section(page: ET.Element, heading: str, text: str) -> None:
    if text.strip():
        ET.SubElement(page, "h3").text = heading
        _paragraph(page, text)


def _paragraph(page: ET.Element, text: str) -> None:
    paragraph = ET.SubElement(page, "p")
    first, *others = lines(text, LONGEST_TEXT)
    paragraph.text = first
    for line in others:
        ET.SubElement(paragraph, "br").tail = line


def _html(page: ET.Element) -> str:
    return ET.tostring(page, encoding="unicode", method="html")
