"""The links on top of a war room: which there are, and when one has to be looked at again. It makes no link."""

from domain import room
from domain.decision import Effect
from domain.incidents import Incident
from domain.policy import Policy
from domain.record import Owed, Receipt, Record

CARD, ISSUE, STATUS, CALL, RUNBOOK = ("card", "issue", "status", "call", "runbook")
"""One bookmark each; the links that people add have slots of their own."""

LINK = "link"
"""The kind of their lines in the timeline."""

KIND = "bookmark"
"""Of the effect, and of the reference by which a bookmark is known: `name` the slot, `value` Slack's id, `url` where it
leads, `data` its channel and its title."""

_MADE_BY = {"post_card": CARD, "create_issue": ISSUE, "create_status": STATUS}
_NEW_ROOM = ("create_room", "unarchive")


def link_slot(place: int) -> str:
    """The slot of a link that somebody added."""
    return f"{LINK}:{place}"


def after(record: Record, policy: Policy, owed: Owed, receipt: Receipt) -> tuple[Effect, ...]:
    """The bookmarks that a delivery makes known; a new room gets all that are known already."""
    if owed.kind in _MADE_BY and receipt.refs:
        return (room.bookmark(_MADE_BY[owed.kind]),)
    if owed.kind in _NEW_ROOM and any(ref.kind == "channel" for ref in receipt.refs):
        return (*_of_a_new_room(record, policy), *runbook(record, record.incident, policy))
    return ()


def runbook(record: Record, incident: Incident, policy: Policy) -> tuple[Effect, ...]:
    """The runbook's, where one may fit that has an address, or where one did until now."""
    known = policy.runbooks(incident) or policy.runbooks_elsewhere or record.ref(KIND, RUNBOOK)
    return (room.bookmark(RUNBOOK),) if known else ()


def _of_a_new_room(record: Record, policy: Policy) -> tuple[Effect, ...]:
    """The card's follows once it is posted."""
    known = {ref.kind for ref in record.refs}
    found = {ISSUE: "issue" in known, STATUS: "status_incident" in known, CALL: bool(policy.slack.call_link)}
    places = len({entry.data.get("url") for entry in record.entries(LINK)})
    slots = (*(slot for slot, there in found.items() if there), *(link_slot(place + 1) for place in range(places)))
    return tuple(map(room.bookmark, slots))
