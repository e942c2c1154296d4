"""The effects that build and keep the war room, the announcement, the tracker's issue and the status page."""

from dataclasses import replace

from domain.decision import Effect
from domain.incidents import RESOLVED, Incident
from domain.policy import Policy

CLEAR = "operational"


def build(incident: Incident, policy: Policy, invited: tuple[str, ...]) -> tuple[Effect, ...]:
    """Create; then topic, card, invitations and announcements at once; then the pin: three calls one after another."""
    if not policy.severity_of(incident).room:
        return ()
    return (
        Effect("slack", "create_room", "room"),
        Effect("slack", "set_topic", "topic", after="create_room", refresh=True),
        Effect("slack", "post_card", "card", after="create_room"),
        replace(invite(*invited), after="create_room"),
        *announce(incident, policy),
        Effect("slack", "pin_card", "pin", after="post_card"),
    )


def announce(incident: Incident, policy: Policy) -> tuple[Effect, ...]:
    """One announcement in each of the severity's channels; none of what is private or a drill."""
    return tuple(Effect("slack", "announce", channel, after="create_room") for channel in policy.announced_in(incident))


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


def public_words(incident: Incident, policy: Policy) -> str:
    """What the public reads at this status when nobody wrote anything for it."""
    return policy.public_text(_public_status(incident), incident)


def _status(incident: Incident, policy: Policy) -> dict[str, object]:
    state = policy.severity_of(incident).component_status if incident.open else CLEAR
    return {
        "status": _public_status(incident),
        "body": public_words(incident, policy),
        "components": dict.fromkeys(policy.components(incident.services), state),
    }


def _public_status(incident: Incident) -> str:
    return incident.status if incident.open else RESOLVED


def card(delay: float = 0.0) -> Effect:
    """The card as things are now; `delay` (seconds) lets several outcomes share one edit."""
    return Effect("slack", "refresh_card", "card", refresh=True, delay=delay)


def invite(*people: str) -> Effect:
    """Let these in, by Slack id."""
    return Effect("slack", "invite", "invite", {"users": list(people)})


def say(say: str, **data: object) -> Effect:
    """A message into the room; `say` names its wording in views/."""
    return Effect("slack", "post", "room", {"say": say, **data})


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
