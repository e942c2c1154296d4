"""How people name a severity and an incident. It knows no severity by itself and looks nothing up."""

import re
from collections.abc import Callable, Sequence

from domain.errors import Refused
from domain.incidents import number_of
from domain.words import QUOTES, head, quoted, short

Known = Callable[[str], int | None]
"""Which incident a tracker's id (`ROOSE-17`, in capitals) belongs to."""

_HYPHENS = r"\-_\u2010-\u2015"
_END = rf"(?=[\s:,{QUOTES}]|$)\s*(?:[:,]|[{_HYPHENS}](?=\s))?\s*(?P<rest>.*)"
_FAMILY = re.compile(r"([^\W\d_]+)[\W_]*(\d+)")
_BEFORE_A_TITLE = re.compile(
    rf"(?P<name>[^\W\d_]?[{_HYPHENS}]?(?P<digits>\d{{1,2}}))\s*(?P<rest>[{QUOTES}].*)", re.DOTALL
)
_KEY_TOO_LONG = re.compile(r"(?:INC-|#)?\d{10,}", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"\d{1,9}")
_TRACKER_ID = re.compile(r"[A-Z][A-Z0-9_]{0,30}-\d{1,9}", re.IGNORECASE)


def severity_at(text: str, severities: Sequence[str]) -> tuple[str | None, str]:
    """The severity that the text begins with, and the rest.

    Raises Refused where something looks like a severity and is none.
    """
    match quoted(text):
        case (inside, rest) if named := severity_named(inside, severities):
            return named, rest.lstrip(":, ")
    for severity in sorted(severities, key=len, reverse=True):
        if found := _match(_spellings(severity) + _END, text):
            return severity, found["rest"]
    for lookalike in _lookalikes(severities):
        if found := _match(f"(?P<name>{lookalike})" + _END, text):
            raise _no_severity(found["name"], severities)
    return _digit_before_a_title(text, severities)


def severity_named(text: str, severities: Sequence[str]) -> str | None:
    """The severity that the whole text names, or None. Raises Refused where it looks like one and is none."""
    for severity in severities:
        if re.fullmatch(_spellings(severity), text, re.IGNORECASE):
            return severity
    for lookalike in _lookalikes(severities):
        if re.fullmatch(lookalike, text, re.IGNORECASE):
            raise _no_severity(text, severities)
    return None


def tracker_id_at(text: str) -> str | None:
    """The tracker's id that the text begins with, such as `ROOSE-17`, in capitals."""
    word = head(text)[0].rstrip(":,")
    return word.upper() if number_of(word) is None and _TRACKER_ID.fullmatch(word) else None


def incident_at(text: str, room: int | None, known: Known, bare: bool) -> tuple[int | None, str]:
    """The number of the incident that the text begins with, else the room's; and the rest.

    `bare` lets a number alone name one. Raises Refused for a number that no incident can have.
    """
    word, rest = head(text)
    word = word.rstrip(":,")
    number = number_of(word)
    if number is None and bare and _BARE_NUMBER.fullmatch(word):
        number = int(word)
    if id := tracker_id_at(word):
        number = known(id)
    if number is not None:
        return number, rest
    if _KEY_TOO_LONG.fullmatch(word) and (bare or not word.isdecimal()):
        raise Refused(f"There is no incident `{short(word)}`. `/incident list` shows those there are.")
    return room, text


def _spellings(severity: str) -> str:
    """A pattern for `SEV-1`, `sev1`, `SEV 1`, `s1`: the name however joined, its initial with its digits."""
    runs = re.findall(r"[^\W\d_]+|\d+", severity)
    if not runs:
        return re.escape(severity)
    name = rf"[\s{_HYPHENS}]*".join(runs)
    family = _FAMILY.fullmatch(severity)
    return rf"(?:{name}|{family[1][0]}[{_HYPHENS}]?{family[2]})" if family else f"(?:{name})"


def _lookalikes(severities: Sequence[str]) -> list[str]:
    """Patterns for `SEV-9` where SEV-1 to SEV-4 exist. With P1 to P4, P9 is a slip but `p99 latency` is a title."""
    families = {found[1] for severity in severities if (found := _FAMILY.fullmatch(severity))}
    return [rf"{family}[\s{_HYPHENS}]*\d{{1,2}}" if family[1:] else rf"{family}[{_HYPHENS}]?\d" for family in families]


def _digit_before_a_title(text: str, severities: Sequence[str]) -> tuple[str | None, str]:
    found = _BEFORE_A_TITLE.match(text)
    title = quoted(found["rest"]) if found else None
    if not found or not title or title[1]:
        return None, text
    for severity in severities:
        family = _FAMILY.fullmatch(severity)
        if family and found["name"] == family[2]:
            return severity, found["rest"]
    raise _no_severity(found["name"], severities)


def _no_severity(name: str, severities: Sequence[str]) -> Refused:
    return Refused(f"There is no severity `{short(name)}`. There are {', '.join(severities)}.")


def _match(pattern: str, text: str) -> re.Match[str] | None:
    return re.match(pattern, text, re.IGNORECASE | re.DOTALL)
