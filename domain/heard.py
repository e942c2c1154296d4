"""What came of a key or a reply, as values: for the answer on the phone and by SMS."""

from dataclasses import dataclass

from domain.incidents import Incident

ACKNOWLEDGED, TAKEN, ESCALATED, ESCALATED_BEFORE, OVER, REPEAT, WRONG, UNKNOWN = (
    "acknowledged",
    "taken",
    "escalated",
    "escalated_before",
    "over",
    "repeat",
    "wrong",
    "unknown",
)


@dataclass(frozen=True, slots=True)
class Heard:
    """`names` are of those who are on it or are paged; `waiting` is what is open for whoever wrote; `others`, how many
    more incidents of the same call are acknowledged by it."""

    what: str
    incident: Incident | None = None
    names: tuple[str, ...] = ()
    waiting: tuple[Incident, ...] = ()
    others: int = 0
