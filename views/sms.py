"""Text messages: plain words, short, in the alphabet that keeps them to one segment."""

from collections.abc import Sequence

from domain.incidents import Incident
from views.plain import sentence
from views.spoken import at_word, gsm, septets

SEGMENT = 160
"""Septets of one SMS in the GSM alphabet; a text of several costs as many."""

LEAST_TITLE = 24
"""So much of a title is told even where it needs a second segment."""

LONGEST = 1600
"""Characters, Twilio's limit for the body of a message."""

LISTED_MOST = 5


def page(incident: Incident, room_url: str = "", more: str = "") -> str:
    """Severity, key, title, how to answer and where; `more` is what it pages for besides. The title is what gets cut;
    the address goes where it alone would cost a second segment."""
    code = str(incident.number)
    if incident.test:
        return f"TEST by Muster, {incident.key}: nothing is wrong. Reply {code} ack to confirm that it reached you."
    head = f"{gsm(incident.severity)} {incident.key}"
    tail = f"Reply {code} ack or {code} esc{'.' if more else ''}{more}"
    for rest in filter(None, (f"{tail} {room_url}" if room_url.isascii() and room_url else "", tail)):
        room = SEGMENT - septets(f"{head}  {rest}.")
        if room >= LEAST_TITLE:
            return " ".join(filter(None, (head, _title(incident.title, room), rest)))
    return " ".join(filter(None, (head, _title(incident.title, LEAST_TITLE), tail)))[:LONGEST]


def acknowledged(incident: Incident) -> str:
    """The answer to `ack`."""
    if incident.test:
        return f"Muster: the test {incident.key} has reached you. Thank you."
    return f"{incident.key} is yours. Nobody else is rung."


def already_acknowledged(incident: Incident, by: str) -> str:
    """The answer to `ack` when `by` (a name) was faster."""
    return f"{incident.key} is already acknowledged by {_name(by)}."


def escalated(incident: Incident, names: Sequence[str], again: bool = False) -> str:
    """The answer to `esc`."""
    crowd = ", ".join(map(_name, names[:LISTED_MOST]))
    if not crowd:
        return f"{incident.key}: nobody else can be reached now. Look into Slack."
    several = len(names) > 1
    if again:
        return f"{incident.key}: {crowd} {'were' if several else 'was'} paged a moment ago."
    return f"{incident.key}: {crowd} {'are' if several else 'is'} paged now."


def over(incident: Incident) -> str:
    """The answer where nothing is left to do."""
    return f"{incident.key} is {incident.status} already."


def not_understood(waiting: Sequence[Incident]) -> str:
    """What is open for whoever wrote, with the codes; only ever sent to somebody whom Muster knows."""
    if not waiting:
        return "Muster: nothing is open for you."
    listed = [_listed(each) for each in waiting[:LISTED_MOST]]
    more = [f"and {len(waiting) - LISTED_MOST} more"] if len(waiting) > LISTED_MOST else []
    code = waiting[0].number
    return "\n".join([f"Reply a code: {code} ack or {code} esc. Open:", *listed, *more])[:LONGEST]


def in_trouble() -> str:
    """The answer when Muster cannot do what was asked."""
    return "Muster has trouble and could not take your reply. Use Slack, or reply again."


def _listed(incident: Incident) -> str:
    return f"{incident.number} {gsm(incident.severity)} {at_word(gsm(incident.title), 40, '...')}"


def _name(name: str) -> str:
    return at_word(gsm(name), 40)


def _title(title: str, room: int) -> str:
    """In so many septets, its full stop not counted."""
    text = gsm(title)
    most = room
    while septets(cut := at_word(text, most, "...")) > room:
        most -= 1
    return sentence(cut)
