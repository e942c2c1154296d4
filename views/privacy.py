"""Making an incident private, in words: what it will do, what it did, and what nobody can take back."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.going_private import Reach
from domain.incidents import Incident
from domain.record import Record
from views import actions
from views.answers import Answer, answer
from views.blocks import Message, button, row, saying, section
from views.markup import Mrkdwn, joined, one_line, person, room, said

STAYS = {
    "issue": "The issue in the tracker: whoever sees its project sees it, and it is kept up to date.",
    "status": "What the status page has told the public. It stays there, and says so when the incident is resolved.",
    "pages": "Pages, calls and texts that were sent.",
}
"""What cannot be taken back, by the word of domain.going_private."""

OLD_ROOM = "The messages and links in the old room, for whoever finds it. An owner of the workspace can delete it."
ARCHIVED_ROOM = "The archived room, its name and all that was said in it. An owner of the workspace can delete it."
WITHDRAWN = {
    "announcement": "An incident that was announced here is private now.",
    "card": "This incident is private now and goes on in another room. Whoever was in this one is invited there.",
    "merge": "An incident that went into this one is private now: what was said of it here is taken back.",
}


def preview(incident: Incident, reach: Reach) -> Answer:
    """What happens at the press of the button, and what it cannot do."""
    lead = said("*Make {key} private?* {title}", key=incident.key, title=one_line(incident.title))
    text = joined("\n", [lead, *_does(reach), *_cannot(reach)])
    confirm = button("Make it private", actions.MAKE_PRIVATE, str(incident.number), style="danger")
    return answer(text, section(text), row(confirm))


def done(incident: Incident, reach: Reach) -> Answer:
    lead = said("🔒 *{key}* is private now.", key=incident.key)
    following = (
        said("A new room is being opened, and whoever was in the old one is invited.") if reach.opens_room else None
    )
    return answer(joined("\n", [joined(" ", [lead, following]), *_cannot(reach)]))


def in_room(data: Mapping[str, Any], record: Record) -> Message:
    """The first words of the new room."""
    text = said(
        "🔒 *Made private* by {by}. The first room is archived and the announcement taken back; "
        "whoever was in that room is invited here.",
        by=person(data.get("by")),
    )
    return saying(text)


def withdrawn(what: str) -> Message:
    """In place of a card or an announcement: no word of what it was about."""
    text = said(WITHDRAWN[what])
    return saying(text)


def _does(reach: Reach) -> Sequence[Mrkdwn]:
    channels = joined(", ", map(room, reach.announced))
    moves = said(
        "• It moves to a new private room, to which everybody in {room} is invited; that one loses its topic and name "
        "and is archived.",
        room=room(reach.room) if reach.room else said("its room"),
    )
    return (
        *((moves,) if reach.opens_room else ()),
        *(
            (said("• The announcement in {channels} becomes a line without its title.", channels=channels),)
            if channels
            else ()
        ),
        said("• It is in no list but for the people in its room and who declared, leads or answered it."),
    )


def _cannot(reach: Reach) -> Sequence[Mrkdwn]:
    stays = [STAYS[what] for what in reach.stays if what in STAYS]
    if reach.room:
        stays.append(OLD_ROOM if reach.opens_room else ARCHIVED_ROOM)
    return (said("*What nobody can take back*"), *(said("• {what}", what=what) for what in stays)) if stays else ()
