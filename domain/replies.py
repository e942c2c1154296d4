"""What somebody meant by an SMS: a verb and, where they named it, an incident. It looks nothing up."""

import re
from dataclasses import dataclass

ACK, ESCALATE = "ack", "escalate"

CARRIERS = frozenset(
    [
        "STOP",
        "STOPALL",
        "UNSUBSCRIBE",
        "CANCEL",
        "END",
        "QUIT",
        "OPTOUT",
        "REVOKE",
        "START",
        "YES",
        "UNSTOP",
        "HELP",
        "INFO",
    ]
)
"""The words that Twilio itself answers: whoever writes STOP must hear no more of us."""

_VERBS = {
    "ack": ACK, "acknowledge": ACK, "acknowledged": ACK, "ok": ACK,
    "esc": ESCALATE, "escalate": ESCALATE, "escalated": ESCALATE,
}  # fmt: skip
_NUMBER = re.compile(r"(?:inc[- ]?|#)?(\d{1,9})", re.IGNORECASE)
_WORD = re.compile(r"[#\w-]+")
_WORDS_MOST = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """`verb` is ack, escalate or empty for what makes no sense; `number` None where none was named."""

    verb: str = ""
    number: int | None = None


def for_the_carrier(text: str) -> bool:
    """Whether Twilio answers this by itself."""
    return text.strip().upper() in CARRIERS


def parse(text: str) -> Reply:
    """`42 ack`, `ACK INC-42`, `ack #42!`, `esc`: a verb and a number in either order, in any case, and nothing else.

    What else is in a message was meant for somebody else: to take it for an acknowledgement would silence the ladder.
    """
    words = _WORD.findall(re.sub(r"\binc\s+(?=\d)", "inc-", text[:200], flags=re.IGNORECASE))
    if not words or len(words) > _WORDS_MOST:
        return Reply()
    verbs = [_VERBS[word.casefold()] for word in words if word.casefold() in _VERBS]
    numbers = [int(found[1]) for word in words if (found := _NUMBER.fullmatch(word))]
    if len(verbs) != 1 or len(numbers) > 1 or len(verbs) + len(numbers) != len(words):
        return Reply(number=numbers[0] if len(numbers) == 1 else None)
    return Reply(verbs[0], numbers[0] if numbers else None)
