"""The timeline's lines in words, for Slack and for Markdown alike. It chooses no entries and no order."""

from collections.abc import Mapping
from typing import Any

from domain.decision import Entry
from views import words
from views.markup import Mrkdwn, joined, one_line, person, said, typed

QUIET = ("delivery",)
"""Kinds that only `explain` shows."""
TEMPLATES = {
    "detected": "declared by {by}{text}",
    "acknowledged": "acknowledged by {by}{means}",
    "update": "{by}{status}{text}",
    "mitigation": "mitigated, says {by}{text}",
    "resolution": "resolved by {by}{text}",
    "note": "note by {by}{text}",
    "status": "{by} changed the status{status}{text}",
    "severity": "{by} changed the severity{change}{text}",
    "role": "{role}: {people}",
    "page": "paged {people}{via}{instead}{text}",
    "call_status": "the phone call to {people}: {result}",
    "text_status": "the SMS to {people}: {result}",
    "delivery": "{what}: {result}",
    "other": "{kind} by {by}{text}",
}
"""By kind; the words between the braces come from `wording`."""
RESULTS = ("call_status", "text_status")
"""The steps of a page that ring nobody: the phone company's word on what it was given."""


def worded(entry: Entry, people: Mapping[str, str] | None = None) -> Mrkdwn:
    """One entry as Slack markup, without its time."""
    values = wording(entry)
    crowd = joined(", ", [person(name, people) for name in values["people"]]) or typed("nobody")
    return said(TEMPLATES[key(entry)], **(values | {"by": person(entry.author, people), "people": crowd}))


def key(entry: Entry) -> str:
    """Which template is this entry's. What became of a call is no second page."""
    kind = str(entry.data.get("step")) if entry.data.get("step") in RESULTS else entry.kind
    return kind if kind in TEMPLATES else "other"


def wording(entry: Entry) -> dict[str, Any]:
    """An entry's words, as typed. `by` (the author) and `people` (a list) are left to be named."""
    data = entry.data
    change = (data.get("from") or data.get("before"), data.get("to") or data.get("after") or data.get("severity"))
    return {
        "by": entry.author,
        "people": [str(name) for name in data.get("people") or filter(None, [data.get("person")])],
        "text": _after(": ", data.get("text")),
        "status": _after(" to " if entry.kind == "status" else " – ", data.get("status")),
        "means": _after(" ", words.means(data.get("means"))),
        "via": _after(" by ", words.lanes(str(data.get("lane") or data.get("means") or ""))),
        "instead": _after(" instead of ", words.lane(str(data.get("instead_of") or "")))
        + _after(": ", data.get("why")),
        "change": _after(" from ", change[0]) + _after(" to ", change[1]),
        "role": one_line(str(data.get("role") or "")),
        "kind": entry.kind,
        "what": words.effect(str(data.get("kind", "")), str(data.get("lane", ""))),
        "result": data.get("error") or data.get("result") or data.get("status") or "",
    }


def _after(before: str, value: object) -> str:
    """What there is to say, with what leads to it; nothing for nothing."""
    return f"{before}{value}" if value else ""
