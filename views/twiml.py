"""What is said on the phone, as TwiML. ElementTree escapes every word; nothing here may write markup by hand."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from domain.incidents import Incident
from views.plain import sentence
from views.spoken import aloud

KEYS = "Press 1 to acknowledge, 2 to escalate, 9 to repeat."
CONFIRM = "Press 1 to confirm that it reached you, 9 to repeat."
IN_SLACK = "Acknowledge in Slack or by SMS reply."
TRIES = 3
"""So often a key that means nothing is answered by asking again."""

# Nobody listens to more; escaped at its worst (five characters for one) it stays far below Twilio's 4,000.
LONGEST_TITLE = 300
LONGEST_NAME = 100


def call(incident: Incident, gather_url: str | None, first: str = "") -> str:
    """What a called person hears. `gather_url` takes the key that is pressed; None where no address of ours is known.
    `first` is said before anything else."""
    response = ET.Element("Response")
    if gather_url is None:
        _say(response, first, _alarm(incident), "" if incident.test else IN_SLACK)
        return _document(response)
    keys = {"numDigits": "1", "action": gather_url, "method": "POST", "timeout": "10"}
    _say(ET.SubElement(response, "Gather", keys), first, _alarm(incident), CONFIRM if incident.test else KEYS)
    _say(response, "No key was pressed.", "Goodbye." if incident.test else IN_SLACK)
    return _document(response)


def acknowledged(incident: Incident, others: int = 0) -> str:
    """The answer to 1: it counts, and nobody else is rung; `others` of the same call neither."""
    if incident.test:
        return _spoken("The test has reached you. Thank you. Goodbye.")
    return _spoken(_key(incident), "is acknowledged. It is yours.", _also(others), "Goodbye.")


def already_acknowledged(incident: Incident, by: str, others: int = 0) -> str:
    """The answer to 1 when `by` (a name) was faster, but maybe not with `others` of the same call."""
    lead = (_key(incident), "is already acknowledged by", sentence(_name(by)))
    return _spoken(*lead, _also(others) or "Thank you.", "Goodbye.")


def escalated(incident: Incident, names: Sequence[str], again: bool = False) -> str:
    """The answer to 2: who is paged now, or was a moment ago because somebody else asked for it; or nobody is left."""
    crowd = " and ".join(map(_name, names[:3]))
    if not crowd:
        return _spoken(_key(incident), "is escalated, but nobody else can be reached. Look into Slack. Goodbye.")
    one = len(names) == 1
    before = "was paged a moment ago already." if one else "were paged a moment ago already."
    told = before if again else "is paged now." if one else "are paged now."
    return _spoken(_key(incident), "is escalated.", crowd, told, "Goodbye.")


def over(incident: Incident, others: int = 0) -> str:
    """The answer to any key once nothing is left to acknowledge, but maybe `others` of the same call."""
    return _spoken(_key(incident), "is already resolved.", _also(others), "Goodbye.")


def unknown_key(incident: Incident, gather_url: str) -> str:
    """The answer to a key that means nothing: everything once more."""
    return call(incident, gather_url, first="That key means nothing here.")


def no_more_keys() -> str:
    """The answer to the last of too many keys that mean nothing."""
    return _spoken("That key means nothing here.", IN_SLACK, "Goodbye.")


def unknown_incident() -> str:
    """The answer when the callback names no incident that we have."""
    return _spoken("This incident is not known. Look into Slack. Goodbye.")


def in_trouble() -> str:
    """The answer when Muster cannot do what the key asks: a sentence, never the carrier's own error."""
    return _spoken("Muster has trouble and could not take your key.", IN_SLACK, "Goodbye.")


def texts(*bodies: str) -> str:
    """The answer to an SMS, as SMS; no body is no answer."""
    response = ET.Element("Response")
    for body in bodies:
        ET.SubElement(response, "Message").text = body
    return _document(response)


def _alarm(incident: Incident) -> str:
    if incident.test:
        return "This is a test call from Muster. Nothing is wrong."
    severity = aloud(incident.severity.replace("-", " "), 50)
    title = aloud(incident.title, LONGEST_TITLE)
    return " ".join(("This is Muster.", severity, "incident,", _key(incident) + ".", sentence(title)))


def _key(incident: Incident) -> str:
    return incident.key.replace("INC-", "I N C ")


def _also(others: int) -> str:
    """Whoever presses 1 on a call for many must know what they have taken on."""
    if not others:
        return ""
    return "One more is acknowledged and yours." if others == 1 else f"{others} more are acknowledged and yours."


def _name(name: str) -> str:
    return aloud(name, LONGEST_NAME)


def _spoken(*words: str) -> str:
    response = ET.Element("Response")
    _say(response, *words)
    return _document(response)


def _say(parent: ET.Element, *words: str) -> None:
    ET.SubElement(parent, "Say").text = " ".join(word for word in words if word)


def _document(response: ET.Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>' + ET.tostring(response, encoding="unicode")
