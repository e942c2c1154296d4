"""The effects that build and keep the war room, the announcement, the tracker's issue and the status page."""

from domain.decision import Effect
from domain.incidents import Incident
from domain.policy import Policy

INCIDENT_COMPONENT = "major_outage"
CLEAR_COMPONENT = "operational"


def build(incident: Incident, policy: Policy, invited: tuple[str, ...]) -> tuple[Effect, ...]:
    """Create; then topic, card, invitations and announcements at once; then the pin: three calls one after another."""
    if not policy.severity(incident.severity).room:
        return ()
    return (
        Effect("slack", "create_room", "room"),
        Effect("slack", "set_topic", "topic", after="create_room", refresh=True),
        Effect("slack", "post_card", "card", after="create_room"),
        Effect("slack", "invite", "invite", {"users": list(invited)}, after="create_room"),
        *announce(incident, policy),
        Effect("slack", "pin_card", "pin", after="post_card"),
    )


def announce(incident: Incident, policy: Policy) -> tuple[Effect, ...]:
    """One announcement in each of the severity's channels; none of what is private or a drill."""
    if incident.private or incident.drill:
        return ()
    channels = policy.severity(incident.severity).announce
    return tuple(Effect("slack", "announce", channel, after="create_room") for channel in channels)


def track(policy: Policy) -> tuple[Effect, ...]:
    """The tracker's issue."""
    return (Effect(policy.tracker, "create_issue", "issue"),) if policy.tracker else ()


def publish(incident: Incident, policy: Policy) -> tuple[Effect, ...]:
    """The public incident, or the question to the commander whether there should be one."""
    wanted = policy.severity(incident.severity).status_page
    if not policy.status_page or incident.private or incident.drill or wanted == "off":
        return ()
    if wanted == "ask":
        return (say("ask_status_page", body=public_words(incident, policy)),)
    return (create_status(incident, policy),)


def create_status(incident: Incident, policy: Policy) -> Effect:
    """Open the public incident in the template's words."""
    names = _services(incident, policy)
    data = {"name": f"{names}: service disruption", **_status(incident, policy)}
    return Effect(policy.status_page, "create_status", "status", data)


def update_status(incident: Incident, policy: Policy, words: str = "") -> Effect:
    """Tell the public where things stand: in the template's words, or in words that were written for it."""
    data = _status(incident, policy)
    return Effect(policy.status_page, "update_status", "status", {**data, "body": words or data["body"]})


def public_words(incident: Incident, policy: Policy) -> str:
    """The template for the status, with the names of the affected services and nothing that anybody typed."""
    template = policy.public_words.get(_public_status(incident), "We are working on a problem with {services}.")
    return template.replace("{services}", _services(incident, policy))


def _status(incident: Incident, policy: Policy) -> dict[str, object]:
    state = INCIDENT_COMPONENT if incident.open else CLEAR_COMPONENT
    components = [policy.services[s].component for s in incident.services if s in policy.services]
    return {
        "status": _public_status(incident),
        "body": public_words(incident, policy),
        "components": {component: state for component in components if component},
    }


def _public_status(incident: Incident) -> str:
    return "resolved" if not incident.open else incident.status


def _services(incident: Incident, policy: Policy) -> str:
    names = [policy.services[s].name for s in incident.services if s in policy.services]
    return ", ".join(names) or "our services"


def say(say: str, **data: object) -> Effect:
    """A message into the room; `say` names its wording in views/."""
    return Effect("slack", "post", "room", {"say": say, **data})


def show(incident: Incident, policy: Policy, topic: bool = False) -> tuple[Effect, ...]:
    """Bring the card, the announcements and, where it names what changed, the topic up to date."""
    channels = () if incident.private or incident.drill else policy.severity(incident.severity).announce
    return (
        Effect("slack", "refresh_card", "card", refresh=True),
        *((Effect("slack", "set_topic", "topic", refresh=True),) if topic else ()),
        *(Effect("slack", "refresh_announcement", channel, refresh=True) for channel in channels),
    )


def comment(policy: Policy, kind: str, by: str, text: str, at: str) -> tuple[Effect, ...]:
    """One line of the timeline on the tracker's issue, and its description as it is now."""
    if not policy.tracker:
        return ()
    return (
        Effect(policy.tracker, "comment", "issue", {"kind": kind, "by": by, "text": text, "at": at}),
        Effect(policy.tracker, "refresh_issue", "issue", refresh=True),
    )
