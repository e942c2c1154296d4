"""What a person did, read from the decision that was applied: no verb has to remember it. It judges nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from domain.decision import MUSTER, Decision, Entry
from domain.incidents import Incident
from domain.speaker import Speaker

CHANGED = "changed"
"""What it is called where nobody wrote a line of the timeline."""


@dataclass(frozen=True, slots=True)
class Act:
    """`who` is a Slack id, or a name with a pager's vendor; `what` the kind of the timeline's entry; `before` and
    `after` hold values that changed, `after` also what was said; `door` and `place` say from where."""

    who: str
    what: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    door: str = ""
    place: str = ""
    at: datetime | None = None


def acts(before: Incident | None, decision: Decision, speaker: Speaker | None) -> tuple[Act, ...]:
    """One for each line that a person wrote; the first tells what changed of the incident. What changed without a line
    is whoever's spoke."""
    lines = [entry for entry in decision.entries if entry.author != MUSTER]
    somebody = speaker if speaker and speaker.who else None
    if not lines and somebody is None:
        return ()
    was, now = _changed(before, decision.incident)
    if lines:
        return tuple(_acts(lines, was, now, speaker))
    return (Act(somebody.who, CHANGED, was, now, somebody.door, somebody.place),) if somebody and now else ()


def _acts(lines: list[Entry], was: dict[str, Any], now: dict[str, Any], speaker: Speaker | None) -> Iterator[Act]:
    for entry in lines:
        said = {name: value for name, value in entry.data.items() if name != "before"}
        known = {"before": entry.data["before"]} if "before" in entry.data and not was else {}
        yield Act(entry.author, entry.kind, known | was, said | now, *_whence(entry, speaker))
        was, now = {}, {}


def _whence(entry: Entry, speaker: Speaker | None) -> tuple[str, str]:
    """From where they spoke; somebody who is not at a door has told by what means."""
    if speaker is not None:
        return speaker.door, speaker.place
    return str(entry.data.get("means") or ""), ""


def _changed(before: Incident | None, after: Incident) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values that differ, as JSON can hold them."""
    if before is None or before == after:
        return {}, {}
    names = [name for name in _NAMES if getattr(before, name) != getattr(after, name)]
    return tuple({name: _plain(getattr(each, name)) for name in names} for each in (before, after))  # type: ignore[return-value]


_NAMES = tuple(each.name for each in fields(Incident) if each.name != "number")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
