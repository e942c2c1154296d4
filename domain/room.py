"""The effects that build and keep the war room, the announcement, the tracker's issue and the status page."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.decision import Effect
from domain.incidents import DUPLICATE, FALSE_ALARM, MERGED, RESOLVED, WITHDRAWN, Incident
from domain.people import is_slack_id
from domain.policy import Policy
from domain.record import Owed, Record

CLEAR = "operational"

PUBLIC_ENDINGS = {MERGED: MERGED, DUPLICATE: MERGED, FALSE_ALARM: FALSE_ALARM, WITHDRAWN: FALSE_ALARM}
"""The template for an outcome that is no resolution."""


def build(incident: Incident, policy: Policy, invited: tuple[str, ...]) -> tuple[Effect, ...]:
    """Create; then topic, card, invitations and announcements at once; then the pin: three calls one after another."""
    if not policy.severity_of(incident).room:
        return ()
    return (
        Effect("slack", "create_room", "room"),
        Effect("slack", "post_card", "card", after="create_room"),  # first, for the pin waits for it
        Effect("slack", "set_topic", "topic", after="create_room", refresh=True),
        replace(invite(*invited), after="create_room"),
        *invite_groups(groups(incident, policy)),
        *announce(policy.announced_in(incident)),
        Effect("slack", "pin_card", "pin", after="post_card"),
    )


def announce(channels: Iterable[str]) -> tuple[Effect, ...]:
    """One announcement in each of these channels."""
    return tuple(Effect("slack", "announce", channel, after="create_room") for channel in channels)


def groups(incident: Incident, policy: Policy) -> tuple[str, ...]:
    """The user groups, by their Slack ids, that config.yaml lets into the room of such an incident."""
    services = (policy.services[id].invite for id in incident.services if id in policy.services)
    named = (*policy.severity_of(incident).invite, *(group for invited in services for group in invited))
    return tuple(dict.fromkeys(named))


def invite_groups(wanted: Iterable[str]) -> tuple[Effect, ...]:
    """Let the members of these user groups in: one call for each group."""
    return tuple(
        Effect("slack", "invite_group", f"invite:{group}", {"group": group}, after="create_room") for group in wanted
    )


def track(policy: Policy) -> tuple[Effect, ...]:
    """The tracker's issue."""
    return (Effect(policy.tracker, "create_issue", "issue"),) if policy.tracker else ()


def publish(incident: Incident, policy: Policy) -> tuple[Effect, ...]:
    """The public incident, or the question to the commander whether there should be one."""
    wanted = policy.severity_of(incident).status_page
    if not policy.status_page or incident.private or incident.drill or wanted == "off":
        return ()
    if wanted == "ask":
        return (say("ask_status_page", body=public_words(incident, policy)),)
    return (create_status(incident, policy),)


def create_status(incident: Incident, policy: Policy) -> Effect:
    """Open the public incident in the template's words."""
    data = {"name": policy.public_text("title", incident), **_status(incident, policy)}
    return Effect(policy.status_page, "create_status", "status", data)


def update_status(incident: Incident, policy: Policy, words: str = "") -> Effect:
    """Tell the public where things stand: in the template's words, or in words that were written for it."""
    data = _status(incident, policy)
    return Effect(policy.status_page, "update_status", "status", {**data, "body": words or data["body"]})


def show_public(incident: Incident, policy: Policy, gone: Iterable[str] = ()) -> Effect:
    """Bring the title and the components of the public incident up to date, and tell subscribers nothing; `gone` are
    services that turned out to be well."""
    data = _status(incident, policy, gone)
    name = policy.public_text("title", incident)
    return Effect(policy.status_page, "update_status", "status", {**data, "name": name, "quiet": True})


def retell_public(incident: Incident, policy: Policy) -> Effect:
    """The same, with the template's words for everybody who follows."""
    effect = update_status(incident, policy)
    return replace(effect, data={**effect.data, "name": policy.public_text("title", incident)})


def public_words(incident: Incident, policy: Policy) -> str:
    """What the public reads at this status when nobody wrote anything for it."""
    return policy.public_text(PUBLIC_ENDINGS.get(incident.outcome) or _public_status(incident), incident)


def _status(incident: Incident, policy: Policy, gone: Iterable[str] = ()) -> dict[str, object]:
    """A service of which nobody said how hard it is hit is as bad as the severity says."""
    known = policy.severity_of(incident).component_status
    states = {id: (incident.impact_on(id) or known) if incident.open else CLEAR for id in incident.services}
    services = {**dict.fromkeys(gone, CLEAR), **states}
    components = {
        each.statuspage_component: state for id, state in services.items() if (each := policy.services.get(id))
    }
    return {
        "status": _public_status(incident),
        "body": public_words(incident, policy),
        "components": {component: state for component, state in components.items() if component},
    }


def _public_status(incident: Incident) -> str:
    return incident.status if incident.open else RESOLVED


def card(delay: float = 0.0) -> Effect:
    """The card as things are now; `delay` (seconds) lets several outcomes share one edit."""
    return Effect("slack", "refresh_card", "card", refresh=True, delay=delay)


def invite(*people: str) -> Effect:
    """Let these in, by Slack id."""
    return Effect("slack", "invite", "invite", {"users": list(people)})


def bookmark(slot: str) -> Effect:
    """Bring one of the links on top of the room in line with what is known now; `slot` is one of domain.bookmarks."""
    return Effect("slack", "bookmark", f"bookmark:{slot}", {"slot": slot}, refresh=True)


def page_failed(owed: Owed, reason: str, means: Sequence[str]) -> Effect:
    """A page did not get through; `person` is whom it should have reached, where it is one."""
    person = str(owed.data.get("user") or "")
    return say("page_failed", lane=owed.lane, person=person, reason=reason, next=list(means))


def say(say: str, **data: object) -> Effect:
    """A message into the room; `say` names its wording in views/."""
    return Effect("slack", "post", "room", {"say": say, **data})


def look_for_people(record: Record) -> tuple[Effect, ...]:
    """Ask Slack whether those who have a role are still there: nobody tells when somebody is deactivated."""
    if not record.incident.open or not any(map(is_slack_id, record.holders.values())):
        return ()
    return (Effect("slack", "look_for_people", "people", refresh=True),)


def reply(say: str, **data: object) -> Effect:
    """The same in the thread of the card."""
    return Effect("slack", "reply", "thread", {"say": say, **data}, after="post_card")


def tell(user: str, say: str, **data: object) -> Effect:
    """A direct message that rings nobody."""
    return Effect("slack", "tell", f"user:{user}", {"user": user, "say": say, **data})


def show(incident: Incident, policy: Policy, topic: bool = False) -> tuple[Effect, ...]:
    """Bring the card, the announcements and, where it names what changed, the topic up to date."""
    return (
        card(),
        *((Effect("slack", "set_topic", "topic", refresh=True),) if topic else ()),
        *(Effect("slack", "refresh_announcement", channel, refresh=True) for channel in policy.announced_in(incident)),
    )


def comment(policy: Policy, kind: str, by: str, text: str, at: str) -> tuple[Effect, ...]:
    """One line of the timeline on the tracker's issue, and its description as it is now."""
    if not policy.tracker:
        return ()
    return (
        Effect(policy.tracker, "comment", "issue", {"kind": kind, "by": by, "text": text, "at": at}),
        Effect(policy.tracker, "refresh_issue", "issue", refresh=True),
    )
