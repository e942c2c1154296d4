"""The text message that pages: plain words, short, in the alphabet that keeps it to one segment."""

from domain.incidents import Incident
from views.plain import plain, sentence

# One character outside the phone's own alphabet makes every segment 70 characters instead of 160.
_SIMPLER = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\xa0": " "}
)
SEGMENT = 160
LEAST_TITLE = 60
LONGEST = 1600


def page(incident: Incident, room_url: str) -> str:
    """Severity, key, title, what to do and where. The title is what gets cut."""
    head = " ".join((f"[{incident.severity}]", incident.key))
    rest = " ".join(filter(None, ("Acknowledge in Slack", room_url)))
    room = max(LEAST_TITLE, SEGMENT - len(head) - len(rest) - len("  . "))
    title = plain(incident.title.translate(_SIMPLER), room, mark="...")
    return plain(" ".join((head, sentence(title), rest)), LONGEST, mark="...")
