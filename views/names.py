"""Names for Slack: the war room's and its topic. Nothing here knows which names are taken."""

import re
import unicodedata
from datetime import datetime

from anyascii import anyascii

from domain.incidents import Incident
from views.markup import Mrkdwn, cut, one_line, person, said, short, typed

ROOM_MOST = 80
TOPIC_MOST = 250
"""Characters, Slack's limits for a channel's name and its topic."""


def slug(title: str) -> str:
    """The title in a-z, 0-9 and single hyphens; empty when it has no letter or digit."""
    latin = "".join(_latin(letter) for letter in unicodedata.normalize("NFKC", title))
    return re.sub(r"[^a-z0-9]+", "-", latin.lower()).strip("-")


def room_name(pattern: str, number: int, title: str, severity: str, date: datetime, suffix: str = "") -> str:
    """The war room's name: only the title is cut for Slack's 80 characters, the suffix never."""

    def filled(words: str) -> str:
        name = pattern.replace("{number}", str(number)).replace("{severity}", slug(severity))
        name = name.replace("{date}", f"{date:%Y-%m-%d}").replace("{slug}", words)
        return re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9_-]+", "-", name.lower())).strip("-")

    most = ROOM_MOST - len(suffix)
    words = slug(title)
    over = len(filled(words)) - most
    if over > 0:
        words = words[: max(0, len(words) - over)].strip("-")
    return filled(words)[:most].strip("-") + suffix


def topic(incident: Incident) -> Mrkdwn:
    """`[SEV-1] db down | Status: investigating | IC @ana`; the title gives way to the rest."""
    tail = said("| Status: {status}", status=incident.status)
    if incident.commander:
        tail = said("{tail} | IC {commander}", tail=tail, commander=person(incident.commander))
    head = said("[{severity}]", severity=short(incident.severity, 40))
    title = cut(typed(one_line(incident.title)), TOPIC_MOST - len(head) - len(tail) - 2)
    return said("{head} {title} {tail}", head=head, title=title, tail=tail)


def _latin(letter: str) -> str:
    """Letters, digits and marks in Latin; symbols and emoji stay what they are, and so become hyphens."""
    if unicodedata.category(letter)[0] not in "LNM":
        return letter
    return anyascii(letter).replace("'", "").replace('"', "")
