"""Reads TwiML as Twilio would speak it. Parsing only: it rings nobody and calls nobody."""

from dataclasses import dataclass, field
from xml.etree import ElementTree

LONGEST_SAY = 4096
ATTRIBUTES = {
    "Say": {"voice", "language", "loop"},
    "Pause": {"length"},
    "Hangup": set(),
    "Message": {"to", "from", "action", "method", "statusCallback"},
    "Gather": {
        "input", "action", "method", "timeout", "numDigits", "finishOnKey", "actionOnEmptyResult", "language",
    },
}  # fmt: skip
VOICE = ("Say", "Pause", "Hangup", "Gather")
NUMBERS = ("numDigits", "length", "loop")
INSIDE_GATHER = ("Say", "Pause")


class NotTwimlError(Exception):
    """What Twilio reports as 12100, with the reason."""


@dataclass
class Verb:
    """One instruction; `inside` are the verbs that a Gather speaks while it listens."""

    name: str
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list["Verb"] = field(default_factory=list)


def parse(document: str, known=VOICE) -> list[Verb]:
    """The verbs of a <Response>. NotTwimlError: not well-formed, another root, an unknown verb or a text too long."""
    try:
        root = ElementTree.fromstring(document.encode())
    except ElementTree.ParseError as error:
        raise NotTwimlError(f"not well-formed: {error}") from error
    if root.tag != "Response":
        raise NotTwimlError(f"the root is <{root.tag}>, not <Response>")
    return [_verb(element, known) for element in root]


def _verb(element, known) -> Verb:
    if element.tag not in known:
        raise NotTwimlError(f"<{element.tag}> is not known here")
    unknown = set(element.attrib) - ATTRIBUTES[element.tag]
    if unknown:
        raise NotTwimlError(f"<{element.tag}> has no attribute {', '.join(sorted(unknown))}")
    for name in NUMBERS:
        if not element.get(name, "0").isdigit():
            raise NotTwimlError(f"{name} is not a number: {element.get(name)}")
    text = "".join(element.itertext()).strip() if element.tag in ("Say", "Message") else ""
    if len(text) > LONGEST_SAY:
        raise NotTwimlError(f"<{element.tag}> is longer than {LONGEST_SAY} characters")
    inside = [_verb(child, INSIDE_GATHER) for child in element] if element.tag == "Gather" else []
    return Verb(element.tag, text, dict(element.attrib), inside)
