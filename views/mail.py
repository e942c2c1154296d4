"""The e-mail that pages, in plain text. It is never an acknowledgement, and says so."""

from collections.abc import Mapping
from typing import Any

from domain.incidents import Incident
from views.plain import lines, plain
from views.times import utc

SUBJECT_MOST = 150
TITLE_MOST = 500
DESCRIPTION_MOST = 2000
"""Characters."""

NOBODY_READS_IT = "Nobody reads an answer to this e-mail, and it acknowledges nothing."


def page(incident: Incident, name: str, room_url: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text. `name` is the person's, `data` the ring's; an alarm tells whoever could not be paged."""
    if incident.test:
        return _test(incident)
    title = plain(incident.title, TITLE_MOST)
    subject = plain(f"[{incident.severity}] {incident.key} {title}", SUBJECT_MOST)
    lead = "nobody in the ladder can be reached" if data.get("alarm") else "you are paged"
    greeting = f"{plain(name, 80)}, {lead}." if name else f"{lead.capitalize()}."
    taken = "Somebody has acknowledged it already." if incident.acknowledged_at else "Nobody has acknowledged it yet."
    told = [
        greeting,
        f"{plain(incident.severity, 40)} incident {incident.key}: {title}",
        f"Since {utc(incident.detected_at)}. {taken}",
        "\n".join(lines(incident.description, DESCRIPTION_MOST)),
        f"Its room: {room_url}" if room_url else "",
        f"Acknowledge it in Slack: by the button in its room, or /incident ack {incident.key}.",
        NOBODY_READS_IT,
    ]
    return subject, _paragraphs(told)


def _test(incident: Incident) -> tuple[str, str]:
    told = ["This is a test page by Muster. Nothing is wrong, and there is nothing to do.", NOBODY_READS_IT]
    return f"TEST by Muster, {incident.key}: nothing is wrong", _paragraphs(told)


def _paragraphs(told: list[str]) -> str:
    return "\n\n".join(filter(None, told)) + "\n"
