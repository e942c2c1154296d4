"""What is said on the phone, as TwiML. ElementTree escapes every word; nothing here may write markup by hand."""

from xml.etree import ElementTree as ET

from domain.incidents import Incident
from views.plain import plain, sentence

KEYS = "Press 1 to acknowledge, 9 to repeat."
IN_SLACK = "Acknowledge in Slack."

# Nobody listens to more; escaped at its worst (five characters for one) it stays far below Twilio's 4,000.
LONGEST_TITLE = 300


def call(incident: Incident, gather_url: str | None, first: str = "") -> str:
    """What a called person hears. `gather_url` takes the key that is pressed; None where no address of ours is known.
    `first` is said before anything else."""
    response = ET.Element("Response")
    if gather_url is None:
        _say(response, first, _alarm(incident), IN_SLACK)
        return _document(response)
    keys = {"numDigits": "1", "action": gather_url, "method": "POST", "timeout": "10"}
    _say(ET.SubElement(response, "Gather", keys), first, _alarm(incident), KEYS)
    _say(response, "No key was pressed.", IN_SLACK)
    return _document(response)


def acknowledged(incident: Incident) -> str:
    """The answer to 1: it counts, and nobody else is rung."""
    return _spoken(_key(incident), "is acknowledged. It is yours. Goodbye.")


def already_acknowledged(incident: Incident, by: str) -> str:
    """The answer to 1 when `by` (a name) was faster."""
    return _spoken(_key(incident), "is already acknowledged by", sentence(plain(by, 100)), "Thank you. Goodbye.")


def over(incident: Incident) -> str:
    """The answer to any key once nothing is left to acknowledge."""
    return _spoken(_key(incident), "is already resolved. Goodbye.")


def unknown_key(incident: Incident, gather_url: str) -> str:
    """The answer to a key that means nothing: everything once more."""
    return call(incident, gather_url, first="That key means nothing here.")


def unknown_incident() -> str:
    """The answer when the callback names no incident that we have."""
    return _spoken("This incident is not known. Look into Slack. Goodbye.")


def _alarm(incident: Incident) -> str:
    severity = plain(incident.severity.replace("-", " "), 50)
    title = plain(incident.title, LONGEST_TITLE, mark="")
    return " ".join(("This is Muster.", severity, "incident,", _key(incident) + ".", sentence(title)))


def _key(incident: Incident) -> str:
    return incident.key.replace("INC-", "I N C ")


def _spoken(*words: str) -> str:
    response = ET.Element("Response")
    _say(response, *words)
    return _document(response)


def _say(parent: ET.Element, *words: str) -> None:
    ET.SubElement(parent, "Say").text = " ".join(word for word in words if word)


def _document(response: ET.Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>' + ET.tostring(response, encoding="unicode")
