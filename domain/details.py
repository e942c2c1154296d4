"""What people write down about an incident as a whole: its impact, and links that belong to it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from domain import room
from domain.bookmarks import LINK, link_slot
from domain.decision import Decision, Entry
from domain.errors import Refused
from domain.incidents import CLOSED, Incident
from domain.policy import Policy
from domain.record import Record
from domain.words import short

URL_MOST = 2000
REMOVED = "removed"
"""The step by which a link's line of the timeline says that it was taken back."""

NOT_THIS = "Only links of the web can be added: `/incident link https://grafana.example.com/d/1 Dashboard`."


@dataclass(frozen=True, slots=True)
class Link:
    """One that somebody added; `place` counts from 1, in the order of adding."""

    place: int
    url: str
    title: str


def impact(record: Record, policy: Policy, by: str, text: str, now: datetime) -> Decision:
    """Who is hit and how, in a person's words: for the announcement, never for the public. No entries: it says so
    already."""
    before = record.incident
    _must_not_be_closed(before)
    if not text:
        raise Refused("Say who is hit and how: `/incident impact every checkout fails since 14:02`.")
    if text == before.impact:
        return Decision(before)
    incident = replace(before, impact=text)
    return Decision(
        incident,
        entries=(Entry("impact", by, {"before": before.impact, "after": text, "text": text}),),
        effects=(
            room.say("impact", by=by, text=text),
            *room.show(incident, policy),
            *room.comment(policy, "impact", by, text, now.isoformat()),
        ),
    )


def link(record: Record, policy: Policy, by: str, url: str, title: str, now: datetime) -> Decision:
    """A link for the card and the top of the room; the same address again only changes its title. No entries: it is
    there. Raises Refused for what a browser should not open."""
    incident = record.incident
    _must_not_be_closed(incident)
    address = checked(url)
    known = next((each for each in links(record) if each.url == address), None)
    named = title or (known.title if known else "")
    if known and known.title == named:
        return Decision(incident)
    place = known.place if known else _places(record).get(address, len(_places(record)) + 1)
    data = {"before": known.title if known else "", "after": named, "url": address, "title": named}
    text = f"{named} {address}".strip()
    return Decision(
        incident,
        entries=(Entry(LINK, by, {**data, "text": text}),),
        effects=(
            room.say("link", by=by, url=address, title=named),
            room.card(),
            room.bookmark(link_slot(place)),
            *room.comment(policy, LINK, by, text, now.isoformat()),
        ),
    )


def remove_link(record: Record, policy: Policy, by: str, place: int, now: datetime) -> Decision:
    """Off the card and the top of the room. No entries: it is gone already."""
    incident = record.incident
    _must_not_be_closed(incident)
    known = next((each for each in links(record) if each.place == place), None)
    if known is None:
        return Decision(incident)
    shown = known.title or known.url
    text = f"{known.title} {known.url}".strip()
    data = {"step": REMOVED, "before": shown, "after": "", "url": known.url, "title": known.title, "text": text}
    return Decision(
        incident,
        entries=(Entry(LINK, by, data),),
        effects=(
            room.say("link_removed", by=by, title=shown),
            room.card(),
            room.bookmark(link_slot(place)),
            *room.comment(policy, LINK, by, f"removed: {text}", now.isoformat()),
        ),
    )


def links_named(record: Record, typed: str) -> tuple[Link, ...]:
    """The one with this address, or those with this title: two may have the same. Raises Refused for none."""
    word = typed.strip().strip('"').strip()
    address = re.sub(r"^<([^<>|]*)(\|[^<>]*)?>$", r"\1", word)
    there = links(record)
    found = [each for each in there if each.url == address] or [
        each for each in there if each.title.casefold() == word.casefold() != ""
    ]
    if not found:
        raise Refused(f"No link here is called `{short(typed)}`. `/incident link remove` shows those there are.")
    return tuple(found)


def links(record: Record) -> tuple[Link, ...]:
    """In the order of adding, each with its newest title; those that were taken back are left out."""
    newest = {str(entry.data.get("url")): entry.data for entry in record.entries(LINK)}
    standing = {url: data for url, data in newest.items() if data.get("step") != REMOVED}
    places = _places(record)
    return tuple(Link(places[url], url, str(data.get("title") or "")) for url, data in standing.items())


def _places(record: Record) -> dict[str, int]:
    """Of every address that was ever added: one that comes back has the place that it had."""
    urls = dict.fromkeys(str(entry.data.get("url")) for entry in record.entries(LINK))
    return {url: place for place, url in enumerate(urls, 1)}


def checked(url: str) -> str:
    """The address, freed of Slack's brackets. Raises Refused for any other than of the web, and for one that holds a
    password: the card and the tracker would show it."""
    address = re.sub(r"^<([^<>|]*)(\|[^<>]*)?>$", r"\1", url.strip())
    try:
        parts = urlsplit(address)
        right = parts.scheme.casefold() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        right, parts = False, None
    if not right or re.search(r'[\s<>|"]', address):
        raise Refused(f"`{short(url)}` is no link. {NOT_THIS}")
    if parts and (parts.username or parts.password):
        raise Refused("This link holds a name or a password, which everybody in the room would see. Add it without.")
    if len(address) > URL_MOST:
        raise Refused(f"A link has at most {URL_MOST:,} characters, this one has {len(address):,}.")
    return address


def _must_not_be_closed(incident: Incident) -> None:
    if incident.status == CLOSED:
        raise Refused(f"{incident.key} is closed. `/incident reopen {incident.key}` opens it again.")
