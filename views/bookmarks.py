"""The links on top of a war room: what each slot shows now. It decides nothing."""

from dataclasses import dataclass

from domain import bookmarks
from domain.details import links
from domain.record import Record
from views import words
from views.card import Runbook
from views.markup import one_line, short, web_address

TITLE_MOST = 100
"""Characters."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A link on top of the room."""

    title: str
    url: str


def bookmark(slot: str, record: Record, runbooks: tuple[Runbook, ...], call_link: str) -> Bookmark | None:
    """What belongs there; None for nothing. `call_link` is the pattern of config.yaml."""
    found = _found(slot, record, runbooks, call_link)
    if found is None or not web_address(found.url):
        return None
    return Bookmark(short(one_line(found.title) or found.url, TITLE_MOST), found.url)


def _found(slot: str, record: Record, runbooks: tuple[Runbook, ...], call_link: str) -> Bookmark | None:
    incident, channel, card = record.incident, record.ref("channel"), record.ref("card")
    match slot:
        case bookmarks.CARD if channel and card and card.data.get("channel") == channel.value and channel.url:
            return Bookmark(f"{incident.key} card", f"{channel.url}/p{card.value.replace('.', '')}")
        case bookmarks.ISSUE:
            return _of_ref(record, "issue")
        case bookmarks.STATUS:
            return _of_ref(record, "status_incident")
        case bookmarks.CALL if call_link:
            return Bookmark("Call", call_link.format(key=incident.key.lower(), number=incident.number))
        case bookmarks.RUNBOOK:
            named = [Bookmark(f"Runbook: {name}", url) for name, url in runbooks if url]
            return named[0] if named else None
    mine = (each for each in links(record) if bookmarks.link_slot(each.place) == slot)
    return next((Bookmark(each.title or each.url, each.url) for each in mine), None)


def _of_ref(record: Record, kind: str) -> Bookmark | None:
    refs = [ref for ref in record.refs if ref.kind == kind and ref.url]
    if not refs:
        return None
    name = "Status page" if kind == "status_incident" else str(refs[-1].data.get("key") or words.lane(refs[-1].name))
    return Bookmark(name, refs[-1].url)
