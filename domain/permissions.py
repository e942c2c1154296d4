"""Who may do what: what config.yaml grants, what a decision needs, and the sentence for whoever may not."""

from collections.abc import Iterable, Iterator

from domain import room
from domain.decision import MUSTER, Decision
from domain.errors import Refused
from domain.grants import (
    ANYONE,
    CLOSE,
    COMMANDER,
    DECLARE,
    GROUP_ID,
    LOOK,
    OVERRIDE,
    PAGE,
    PUBLISH,
    RESPOND,
    RESPONDER,
    ROLES,
    SEE_PRIVATE,
    SEVERITY,
)
from domain.incidents import CLOSED, WITHDRAWN
from domain.policy import Policy
from domain.record import Record
from domain.speaker import FULL, GUEST, STRANGER, UNKNOWN, Speaker

WAITS = (PUBLISH, CLOSE, OVERRIDE, SEE_PRIVATE)
"""What is public, or takes something away: it waits until Slack says who somebody is. The rest does not."""

DEEDS = {
    LOOK: "use Muster",
    DECLARE: "declare incidents",
    RESPOND: "work on incidents",
    SEVERITY: "change a severity",
    PAGE: "page people",
    PUBLISH: "write to the public",
    CLOSE: "close incidents",
    OVERRIDE: "change who is on call",
    SEE_PRIVATE: "see the private incidents of others",
}


def needs(before: Record | None, decision: Decision, policy: Policy) -> tuple[str, ...]:
    """What somebody must be allowed, read from what would change: no verb can forget to ask. Nothing where nothing
    changes, and for a page to oneself."""
    if before is None:
        return () if decision.incident.test else (DECLARE,)
    if decision == Decision(before.incident) or decision.incident.test:
        return ()
    return tuple(_grave(before, decision, policy)) or (RESPOND,)


def _grave(before: Record, decision: Decision, policy: Policy) -> Iterator[str]:
    was, now = before.incident, decision.incident
    if now.severity != was.severity:
        yield SEVERITY
    if now.status == CLOSED != was.status and now.outcome != WITHDRAWN:  # whoever declared it stops its pages
        yield CLOSE
    if (was.private and not now.private) or _publishes(before, decision, policy):
        yield PUBLISH
    if now.severity == was.severity and any(
        entry.kind == "page" and entry.author != MUSTER and _pages_others(entry.data) for entry in decision.entries
    ):
        yield PAGE


def _publishes(before: Record, decision: Decision, policy: Policy) -> bool:
    """Words that somebody wrote for the public, or a page that nothing but their wish puts there. What the severity and
    the status publish by themselves is config.yaml's wish."""
    if any(entry.public and entry.author != MUSTER for entry in decision.entries):
        return True
    template = room.public_words(decision.incident, policy) if policy.status_page else ""
    if any(each.kind == "update_status" and each.data.get("body") != template for each in decision.effects):
        return True
    same = decision.incident.severity == before.incident.severity
    return same and any(each.kind == "create_status" for each in decision.effects)


def _pages_others(data: object) -> bool:
    """Whoever cannot come has been paged, and may always say so."""
    return isinstance(data, dict) and data.get("step") in ("asked", "escalated") and not data.get("cannot")


def must(policy: Policy, speaker: Speaker | None, needed: Iterable[str], record: Record | None = None) -> None:
    """Raises Refused where one of these is not theirs, with whom to ask. Nobody speaks where the clock does."""
    if speaker is None or speaker.told:
        return
    for need in needed:
        if not _allowed(policy.permissions.of(need), speaker, need, record):
            raise Refused(_refusal(policy, speaker, need, record))


def may(policy: Policy, speaker: Speaker | None, need: str, record: Record | None = None) -> bool:
    """The same as a question, for whoever asks for themselves: nobody may what nobody asks for."""
    return speaker is not None and _allowed(policy.permissions.of(need), speaker, need, record)


def must_hope(policy: Policy, speaker: Speaker | None, need: str) -> None:
    """The same before it is known which incident it is about: who may have a part in it is let through. Raises
    Refused."""
    if need != LOOK and not set(ROLES).isdisjoint(policy.permissions.of(need)) and not _outside(speaker):
        return
    must(policy, speaker, (need,))


def must_enter(policy: Policy, speaker: Speaker | None) -> None:
    """Raises Refused for guests and strangers whom no permission names."""
    if speaker and _outside(speaker) and not _named(policy.permissions.everybody, speaker):
        raise Refused(_refusal(policy, speaker, LOOK, None))


def taking_part(record: Record) -> frozenset[str]:
    """Who declared, leads or answered it, was paged for it, came to it, or was given a role in it: by Slack id."""
    incident = record.incident
    found = {incident.reporter, incident.commander, incident.acknowledged_by}
    for entry in record.entries("page"):
        found.update(entry.data.get("people") or ())
        found.update([entry.author] if entry.data.get("step") == "joining" else [])
    found.update(tenure.person for tenure in record.roles)
    return frozenset(each for each in found if each and each != MUSTER)


def _allowed(grants: tuple[str, ...], speaker: Speaker, need: str, record: Record | None) -> bool:
    if _named(grants, speaker):
        return True
    if need == RESPOND and record and speaker.who in taking_part(record):
        return True  # whoever was paged can answer, whatever is configured
    if _outside(speaker):
        return False
    if speaker.standing == UNKNOWN:
        return need not in WAITS and (need == LOOK or bool(_ANYHOW.intersection(grants) or _unsure(grants, speaker)))
    if need == LOOK or ANYONE in grants or (need not in WAITS and _unsure(grants, speaker)):
        return True
    return record is not None and _has_part(grants, speaker.who, record)


_ANYHOW = frozenset({ANYONE, *ROLES})


def _has_part(grants: tuple[str, ...], who: str, record: Record) -> bool:
    if COMMANDER in grants and record.incident.commander == who:
        return True
    return RESPONDER in grants and who in taking_part(record)


def _named(grants: Iterable[str], speaker: Speaker) -> bool:
    return not {speaker.who, *speaker.groups}.isdisjoint(grants)


def _unsure(grants: Iterable[str], speaker: Speaker) -> bool:
    return not speaker.unsure.isdisjoint(grants)


def _outside(speaker: Speaker | None) -> bool:
    return speaker is not None and speaker.standing in (GUEST, STRANGER)


def _refusal(policy: Policy, speaker: Speaker, need: str, record: Record | None) -> str:
    deed, asked = DEEDS[need], _whom(policy, speaker, need, record)
    if speaker.standing == GUEST:
        return f"You are a guest in this workspace, and guests may not {deed}. Ask {asked}."
    if speaker.standing == STRANGER:
        return f"You belong to another workspace, and only people of this one may {deed}. Ask {asked}."
    if speaker.standing != FULL or _unsure(policy.permissions.of(need), speaker):
        return f"Slack does not say who you are just now, and until it does you may not {deed}. Ask {asked}."
    key = f" of {record.incident.key}" if record else ""
    return f"You may not {deed}: that is for {_worded(policy, policy.permissions.of(need), key)}. Ask {asked}."


def _worded(policy: Policy, grants: tuple[str, ...], key: str) -> str:
    """Whom a permission is given to, in words."""
    roles = {COMMANDER: f"the commander{key}", RESPONDER: f"those who take part{' in' + key[3:] if key else ''}"}
    groups = ["a user group"] if any(map(GROUP_ID.fullmatch, grants)) else []
    people = [policy.names[each] for each in grants if each in policy.names]
    listed = [*(roles[each] for each in grants if each in roles), *people, *groups]
    return " and ".join(filter(None, (", ".join(listed[:-1]), *listed[-1:]))) or "people named in config.yaml only"


def _whom(policy: Policy, speaker: Speaker, need: str, record: Record | None) -> str:
    """Somebody who can do it: the commander, those named, or any of those who are paged."""
    grants = policy.permissions.of(need)
    named = [policy.names[each] for each in grants if each in policy.names]
    leads = record.incident.commander if record and not {COMMANDER, RESPONDER, ANYONE}.isdisjoint(grants) else None
    first = [policy.names[leads]] if leads in policy.names else []
    known = [] if any(map(GROUP_ID.fullmatch, grants)) else list(policy.names.values())
    others = [each for each in (first or named or known) if each != policy.names.get(speaker.who)][:3]
    return " or ".join(filter(None, (", ".join(others[:-1]), *others[-1:]))) or "whoever runs Muster"
