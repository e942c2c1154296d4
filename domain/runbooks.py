"""Runbooks: what their Markdown says, and which of them fit an incident. It opens no file.

Runbooks are written in a hurry: what is missing or unreadable is said by `lacks` and `wrong`, and the rest is used all
the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fnmatch import fnmatchcase
from urllib.parse import unquote, urljoin

from domain import room
from domain.decision import Decision, Entry
from domain.incidents import Incident
from domain.record import Record

SYMPTOMS, DIAGNOSIS, MITIGATION, PREVENTION = SECTIONS = ("symptoms", "diagnosis", "mitigation", "prevention")
HEADINGS: Mapping[str, tuple[str, ...]] = {
    SYMPTOMS: ("symptom", "signs"),
    DIAGNOSIS: ("diagnos", "investigat"),
    MITIGATION: ("mitigat", "remedi", "fix", "resolution"),
    PREVENTION: ("prevent", "follow-up", "follow up"),
}
"""How the heading of each section may begin."""

KEYS: Mapping[str, str] = {
    **dict.fromkeys(("last updated", "updated", "last reviewed"), "updated"),
    **dict.fromkeys(("owner", "owners", "team"), "owner"),
    **dict.fromkeys(("severity", "severities"), "severities"),
    **dict.fromkeys(("service", "services"), "services"),
    **dict.fromkeys(("alert", "alerts"), "alerts"),
    "url": "url",
    "title": "title",
}
OLD_AFTER = timedelta(days=183)
"""Six months."""

NAME = re.compile(r"\w[\w .-]{0,79}")
"""What a file may be called, without `.md`."""

MOST_BYTES = 256 * 1024
"""What is larger is no runbook that somebody wrote, wherever it is kept."""

SHOWN_MOST = 5000
"""Characters of a section that are shown in a room: more belongs into the file."""

_LINK = re.compile(r"""\]\(<?([^()<>\s?#]+\.md)(?:[?#][^()\s]*)?>?\)|href=["']([^"'?#]+\.md)["'?#]""", re.IGNORECASE)
_FENCE = re.compile(r"\s*(```|~~~)")
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_PAIR = re.compile(r"[-*\s]*\**([A-Za-z][A-Za-z _-]*?)\**\s*:\**\s*(.*?)\s*$")
_ITEM = re.compile(r"\s*-\s+(.*?)\s*$")


@dataclass(frozen=True, slots=True)
class Runbook:
    """One runbook. `name` is its file's, without `.md`; `sections` are Markdown by SECTIONS; `body` is all that follows
    the front matter; `wrong` are sentences about what could not be read."""

    name: str
    title: str
    updated: date | None = None
    owner: str = ""
    severities: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    url: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    wrong: tuple[str, ...] = ()

    @property
    def lacks(self) -> tuple[str, ...]:
        """What a runbook should have and this one has not, in the words of its file."""
        known = {"last updated": self.updated, "owner": self.owner, "severity": self.severities}
        heads = (name for name, value in known.items() if not value)
        return (*heads, *(name for name in SECTIONS if not self.sections.get(name)))

    def old(self, today: date) -> bool:
        """Whether it is older than six months by its own date; one without a date is not known to be."""
        return self.updated is not None and today - self.updated > OLD_AFTER


@dataclass(frozen=True, slots=True)
class Broken:
    """A file of the folder that is no runbook: where it is and why."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Shelved:
    """All runbooks of the folder by name, and the files that cannot be used. `missing` names a folder that is not
    there."""

    books: tuple[Runbook, ...] = ()
    broken: tuple[Broken, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """What fits an incident: runbooks of the folder, and (name, address) of those that stand elsewhere."""

    books: tuple[Runbook, ...] = ()
    links: tuple[tuple[str, str], ...] = ()

    @property
    def listed(self) -> tuple[tuple[str, str], ...]:
        """(name, address) of all; a runbook of the folder is shown in Slack and has no address here."""
        return (*self.links, *((book.title, "") for book in self.books))


def parse(name: str, text: str) -> Runbook:
    """The runbook in a file's text, whatever that is."""
    front, body = _split(text.removeprefix("\ufeff"))
    heads, wrong = _heads([*front, *_before_sections(body)])
    updated, unread = _date(heads.get("updated", []))
    return Runbook(
        name,
        " ".join(heads.get("title", [])) or _title(body) or name.replace("-", " ").replace("_", " ").capitalize(),
        updated,
        ", ".join(heads.get("owner", [])),
        tuple(heads.get("severities", [])),
        tuple(heads.get("services", [])),
        tuple(heads.get("alerts", [])),
        url="".join(heads.get("url", [])),
        sections=_sections(body),
        body="\n".join(body).strip(),
        wrong=(*wrong, *unread),
    )


def _split(text: str) -> tuple[list[str], list[str]]:
    """The lines between `---` and `---` at the top, and the others."""
    lines = text.splitlines()
    if lines and lines[0].rstrip() == "---":
        end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
        if end is not None:
            return lines[1:end], lines[end + 1 :]
    return [], lines


def _before_sections(body: Sequence[str]) -> Iterator[str]:
    """Lines such as `**Owner:** Ana` under the title, as older runbooks have them."""
    for line in body:
        heading = _HEADING.match(line)
        if heading and len(heading[1]) > 1:
            return
        pair = _PAIR.match(line)
        if pair and pair[1].strip().casefold() in KEYS and pair[2]:
            yield line.strip().lstrip("-*").lstrip()


def _heads(lines: Iterable[str]) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """Values by what KEYS calls them, and a sentence for each line that is none. The first of two wins."""
    heads: dict[str, list[str]] = {}
    wrong, last = [], None
    for line in lines:
        pair, item = _PAIR.match(line), _ITEM.match(line)
        if item and last is not None and not (pair and pair[1].casefold() in KEYS):
            heads[last] += _values(item[1])
        elif pair:
            name = KEYS.get(re.sub(r"[_-]", " ", pair[1]).strip().casefold())
            last = name if name and name not in heads else None
            if last:
                heads[last] = _values(pair[2])
        elif line.strip() and not line.lstrip().startswith("#"):
            wrong.append(f"`{line.strip()[:40]}` in its head is not understood; write `key: value`")
    return heads, tuple(wrong)


def _values(written: str) -> list[str]:
    inner = re.sub(r"\s#.*$", "", written.strip()).strip()
    parts = inner.removeprefix("[").removesuffix("]").split(",")
    return [value for each in parts if (value := each.strip().removeprefix("**").removesuffix("**").strip("\"' "))]


def _date(written: Sequence[str]) -> tuple[date | None, tuple[str, ...]]:
    if not written:
        return None, ()
    try:
        return date.fromisoformat(written[0]), ()
    except ValueError:
        return None, (f"`{written[0][:40]}` is not a date; write one such as 2026-11-23",)


def _title(body: Sequence[str]) -> str:
    return next((found[2] for found in map(_HEADING.match, body) if found and len(found[1]) == 1), "")


def _sections(body: Sequence[str]) -> dict[str, str]:
    """The text under each heading that begins with a word of HEADINGS, up to the next one of its own level."""
    found: dict[str, list[str]] = {}
    current, level, fenced = "", 0, ""
    for line in body:
        fence = _FENCE.match(line)
        if fence and fenced in ("", fence[1]):
            fenced = "" if fenced else fence[1]
        heading = None if fenced else _HEADING.match(line)
        if heading and (not current or len(heading[1]) <= level):
            current, level = _section_named(heading[2]), len(heading[1])
            found.setdefault(current, [])
        elif current:
            found[current].append(line)
    texts = {name: "\n".join(lines).strip() for name, lines in found.items() if name}
    return {name: text for name, text in texts.items() if text}


def _section_named(heading: str) -> str:
    words = heading.strip("*_ ").casefold()
    return next((name for name, begins in HEADINGS.items() if words.startswith(begins)), "")


def linked_from(index: str, address: str) -> tuple[tuple[str, str], ...]:
    """(name, address) of the Markdown files that a page at this address links to, in its own folder or below. A link
    that leads elsewhere is somebody else's page."""
    folder = address.partition("?")[0].rpartition("/")[0] + "/"
    links = (urljoin(address, found[1] or found[2]) for found in _LINK.finditer(index))
    files = {place: _name_at(place) for place in links if place.startswith(folder) and ".." not in place}
    return tuple((name, place) for place, name in files.items() if NAME.fullmatch(name) and name.casefold() != "readme")


def _name_at(address: str) -> str:
    return unquote(address.partition("?")[0].rpartition("/")[2]).removesuffix(".md")


def named(books: Iterable[Runbook], typed: str) -> tuple[Runbook, ...]:
    """The runbook of this name or title; else all whose name or title has these words in it."""
    books, wanted = tuple(books), _words(typed)
    exact = [book for book in books if wanted in (_words(book.name), _words(book.title))]
    return tuple(exact[:1] or [book for book in books if wanted and wanted <= _words(book.name) | _words(book.title)])


def fitting(
    books: Iterable[Runbook], incident: Incident, alerts: Iterable[str] = (), linked: Iterable[str] = ()
) -> tuple[Runbook, ...]:
    """The runbooks that fit best; several only where they fit equally well. What says most counts: an alert's name, the
    title, an affected service (`linked` are names that services name in config.yaml), and last the severity.

    A runbook that names severities fits by its services in these only; by its alert or the title it fits in all.
    """
    names, linked = [alert.casefold() for alert in alerts], set(linked)
    ranked = [(_rank(book, incident, names, linked), book) for book in books]
    best = max((rank for rank, _ in ranked), default=0)
    return tuple(book for rank, book in ranked if rank == best) if best else ()


def _rank(book: Runbook, incident: Incident, alerts: Sequence[str], linked: set[str]) -> int:
    title, patterns = incident.title.casefold(), [pattern.casefold() for pattern in book.alerts]
    grave = not book.severities or incident.severity.casefold() in map(str.casefold, book.severities)
    services = {service.casefold() for service in book.services}
    if any(fnmatchcase(alert, pattern) for alert in alerts for pattern in patterns):
        return 4
    if _words(book.name) <= _words(title) or any(fnmatchcase(title, f"*{pattern}*") for pattern in patterns):
        return 3
    if book.name in linked or (grave and services.intersection(map(str.casefold, incident.services))):
        return 2
    return 1 if book.severities and grave and not (book.services or book.alerts) else 0


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold().replace("_", " ")))


def alerts_of(record: Record) -> tuple[str, ...]:
    """The names of the alerts that an incident was declared by."""
    named = (entry.data.get("alerts") or entry.data.get("alert") or () for entry in record.entries("detected", "alert"))
    return tuple(str(name) for each in named for name in ([each] if isinstance(each, str) else each))


def shown(record: Record, by: str, book: Runbook, today: date) -> Decision:
    """What helps now goes into the room, as the file says it today."""
    sections = {name: book.sections.get(name, "") for name in (SYMPTOMS, MITIGATION)}
    return Decision(
        record.incident,
        entries=(Entry("runbook", by, {"name": book.name, "text": book.title}),),
        effects=(
            room.say(
                "runbook",
                by=by,
                name=book.name,
                title=book.title,
                owner=book.owner,
                url=book.url,
                updated=book.updated.isoformat() if book.updated else "",
                old=book.old(today),
                cut=any(len(text) > SHOWN_MOST for text in sections.values()),
                **{name: excerpt(text) for name, text in sections.items()},
            ),
        ),
    )


def excerpt(text: str, most: int = SHOWN_MOST) -> str:
    """As many whole lines as fit; a fence that is left open is closed."""
    if len(text) <= most:
        return text
    kept = text[:most].rpartition("\n")[0] or text[:most]
    fences = [found[1] for found in map(_FENCE.match, kept.splitlines()) if found]
    return f"{kept}\n{fences[-1]}" if len(fences) % 2 else kept
