"""The timeline's lines in words, for Slack and for Markdown alike. It chooses no entries and no order."""

from collections.abc import Mapping
from typing import Any

from domain.decision import Entry
from views import words
from views.markup import Mrkdwn, joined, one_line, person, said, typed

QUIET = ("delivery",)
"""Kinds that only `explain` shows."""
_TEMPLATES = {
    "detected": "declared by {by}",
    "acknowledged": "acknowledged by {by} {means}",
    "update": "{by}",
    "mitigation": "mitigated, says {by}",
    "resolution": "resolved by {by}",
    "note": "note by {by}",
    "status": "{by} set the status to {status}",
    "severity": "{by} changed the severity from {before} to {after}",
    "role": "{role}: {people}",
    "page": "paged {people} ({via})",
    "delivery": "{what}: {result}",
}


def worded(entry: Entry, people: Mapping[str, str] | None = None) -> Mrkdwn:
    """One entry as Slack markup, without its time."""
    template, values = wording(entry)
    crowd = joined(", ", [person(name, people) for name in values["people"]]) or typed("nobody")
    return said(template, **(values | {"by": person(entry.author, people), "people": crowd}))


def wording(entry: Entry) -> tuple[str, dict[str, Any]]:
    """A template without markup and its words. `by` (the author) and `people` (a list) are left to be named."""
    data = entry.data
    values: dict[str, Any] = {
        "text": data.get("text") or "",
        "status": data.get("status") or "",
        "means": words.means(data.get("means")),
        "before": data.get("from") or data.get("before") or "",
        "after": data.get("to") or data.get("after") or data.get("severity") or "",
        "role": one_line(str(data.get("role") or "")),
        "kind": entry.kind,
        "what": words.effect(str(data.get("kind", "")), str(data.get("lane", ""))),
        "result": data.get("error") or data.get("result") or "",
        "via": words.lane(str(data.get("lane") or data.get("means") or "")),
        "people": _people(data),
        "by": entry.author,
    }
    return _template(entry.kind, values), values


def _template(kind: str, values: Mapping[str, Any]) -> str:
    text = ": {text}" if values["text"] and kind not in ("acknowledged", "delivery") else ""
    status = " ({status})" if kind == "update" and values["status"] else ""
    if kind == "page" and not (values["people"] and values["via"]):
        return ("paged {people}" if values["people"] else "paged {via}") + text
    return _TEMPLATES.get(kind, "{kind} by {by}") + status + text


def _people(data: Mapping[str, Any]) -> list[str]:
    """Who an entry is about: `people`, or a single `person`."""
    return [str(name) for name in data.get("people") or filter(None, [data.get("person")])]
