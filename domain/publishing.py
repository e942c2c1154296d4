"""Words for the public: what goes out, and that nothing else does. Whoever publishes has seen exactly that."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from domain import decisions, reminders, room
from domain.decision import Decision, Effect
from domain.errors import Refused
from domain.policy import Policy
from domain.record import FAILED, WAITING, Record

CREATE = "create_status"


@dataclass(frozen=True, slots=True)
class Preview:
    """What the status page would say: `title` where nothing stands there yet, the state, the words, and how the
    affected `components` would be shown, by name."""

    title: str
    status: str
    text: str
    components: tuple[tuple[str, str], ...] = ()

    @property
    def mark(self) -> str:
        """The same as long as it would read the same."""
        whole = f"{self.title}\n\n{self.status}\n\n{self.text}\n\n{self.components}"
        return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def publish(record: Record, policy: Policy, by: str, text: str, now: datetime, status: str = "") -> Decision:
    """An update for everybody, in words that somebody wrote for the public; with a new status where one is given."""
    must_be_for_the_public(record, policy)
    if not text:
        raise Refused('What may the public read? `/incident update --public "payments work again for most"`.')
    said = (
        decisions.set_status(record, policy, by, status, text, now)
        if status
        else decisions.update(record, policy, by, text, now)
    )
    first, *others = said.entries
    heard = reminders.heard(record, said.incident, policy, now, public=True)
    inside = (_marked(each) for each in said.effects if each.lane != policy.status_page and each not in heard.effects)
    outside = _told(replace(record, incident=said.incident), policy, text)
    return replace(
        said,
        entries=(replace(first, public=True), *others),
        effects=(*inside, outside, *heard.effects),
        timers=(*(each for each in said.timers if each.kind not in heard.cancel), *heard.timers),
        cancel=tuple(dict.fromkeys((*said.cancel, *heard.cancel))),
    )


def _marked(effect: Effect) -> Effect:
    """The room sees which words the public reads too."""
    if effect.data.get("say") not in ("update", "status"):
        return effect
    return replace(effect, data={**effect.data, "public": True})


def preview(record: Record, policy: Policy, text: str, status: str = "") -> Preview:
    """Exactly what `publish` would send. Raises Refused where nothing of this incident is for the public."""
    must_be_for_the_public(record, policy)
    incident = replace(record.incident, status=status or record.incident.status)
    sent = _told(replace(record, incident=incident), policy, text)
    names = {each.statuspage_component: each.name for each in policy.services.values()}
    shown = tuple((names.get(id, id), str(state)) for id, state in sent.data["components"].items())
    return Preview(str(sent.data.get("name") or ""), str(sent.data["status"]), str(sent.data["body"]), shown)


def may_be_public(record: Record, policy: Policy) -> bool:
    """Whether the public may be told of this incident at all."""
    return bool(policy.status_page) and not record.incident.private and not record.incident.drill


def must_be_for_the_public(record: Record, policy: Policy) -> None:
    """Raises Refused for what never goes out, and where it could not arrive."""
    incident = record.incident
    if incident.private or incident.drill:
        what = "private" if incident.private else "a drill"
        raise Refused(f"{incident.key} is {what}: nothing of it goes to the public. `/incident update` tells the room.")
    if not policy.status_page:
        raise Refused("No status page is connected, so there is nowhere to publish. `/incident update` tells the room.")
    failed = next((owed for owed in record.owed if (owed.kind, owed.state) == (CREATE, FAILED)), None)
    if failed:
        raise Refused(
            f"The status page did not take {incident.key} ({failed.error or 'no reason was given'}). Press *Retry* on "
            "its card first, then publish."
        )


def _told(record: Record, policy: Policy, text: str) -> Effect:
    """Another word on the public incident, or the first one, which opens it."""
    coming = any((owed.kind, owed.state) == (CREATE, WAITING) for owed in record.owed)
    if coming or record.ref("status_incident", policy.status_page):
        return room.update_status(record.incident, policy, text)
    first = room.create_status(record.incident, policy)
    return replace(first, data={**first.data, "body": text})
