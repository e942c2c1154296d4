"""Two incidents that are one: what goes over, what each of them says, and what is refused. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain import alerts, endings, room, ticks
from domain.decision import Decision, Effect, Entry
from domain.decisions import tell_public
from domain.errors import Refused
from domain.incidents import DUPLICATE, MERGED, Incident
from domain.people import is_slack_id
from domain.policy import Policy
from domain.record import FAILED, WAITING, Owed, Record, Ref

KIND, TOOK_IN, REPEATED, GAVE_BACK = "merge", "took_in", "repeated", "gave_back"
"""The kind of entry by which an incident tells of another one that went into it, and its steps."""

REASON = "its incident on the status page was given back"
"""Why the public is not told any more what it was still to be told."""

BACK, STAYS = "back", "stays"
"""What becomes of a public incident that was handed over, when the one that it came from is reopened."""

RESOLVED_THERE, HANDED_OVER = "resolved", "handed_over"
"""What becomes of its incident on the status page."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would happen, for whoever is asked before: who is invited (Slack ids), whose alert is resolved (a lane),
    what becomes of the public incident, which issue is closed."""

    incident: Incident
    into: Incident
    into_room: str = ""
    people: tuple[str, ...] = ()
    pager: str = ""
    public: str = ""
    issue: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """Both decisions; `handed` is the public incident that is the other one's from now on."""

    incident: Decision
    into: Decision
    handed: Ref | None = None


def outlook(record: Record, into: Record, policy: Policy, outcome: str) -> Outlook:
    """What `join` would do. Raises Refused where it would refuse."""
    must_fit(record, into, policy)
    lanes = [effect.lane for effect in alerts.told(record, policy, "resolve")]
    handed = _handed(record, into, policy, outcome)
    issue = record.ref("issue", policy.tracker)
    return Outlook(
        record.incident,
        into.incident,
        _room(into),
        _people(record, into) if outcome == MERGED else (),
        lanes[0] if lanes else "",
        HANDED_OVER if handed else RESOLVED_THERE if tell_public(record, record.incident, policy) else "",
        str(issue.data.get("key") or issue.value) if issue else "",
    )


def join(record: Record, into: Record, policy: Policy, by: str, outcome: str, now: datetime) -> Joined:
    """The one ends; the other says so, and where it is a merge takes over its people, services and public incident."""
    must_fit(record, into, policy)
    handed = _handed(record, into, policy, outcome)
    grown = _grown(record, into, outcome)
    public = () if handed else _public_end(record, grown, policy, outcome)
    ended = endings.end(record, policy, by, now, outcome, into=into.incident, into_room=_room(into), public=public)
    return Joined(ended, _taken_in(record, into, grown, policy, by, outcome, handed, now), handed)


def must_fit(record: Record, into: Record, policy: Policy) -> None:
    """Raises Refused for what cannot be one: itself, what has ended, a circle, what is private and what is not; and for
    a page that nobody has answered, and that would stop in what is less grave."""
    one, other = record.incident, into.incident
    if one.number == other.number:
        raise Refused(f"{one.key} cannot go into itself. Name the other one behind it: `{one.key} INC-…`.")
    if other.merged_into == one.number:
        raise Refused(
            f"{other.key} went into {one.key}: that would go round in a circle. `/incident reopen {other.key}` first."
        )
    endings.must_be_open(one)
    if other.merged_into:
        raise Refused(f"{other.key} is {other.ending} itself: `/incident merge {one.key} INC-{other.merged_into}`.")
    endings.must_be_open(other)
    if one.test or other.test:
        raise Refused("A test page is nobody's incident: it goes into none.")
    if one.private and not other.private:
        raise Refused(f"{one.key} is private and {other.key} is not: what is private cannot go into what all may see.")
    if other.private and not one.private:
        raise Refused(
            f"{other.key} is private and {one.key} is not: everybody here would be let in there. Invite those you mean "
            f"into its room, and end this one with `/incident resolve {one.key}`."
        )
    unanswered = policy.severity_of(one).page and one.acknowledged_at is None and other.acknowledged_at is None
    if unanswered and other.rank > one.rank:
        raise Refused(
            f"Nobody has answered {one.key}, and {other.key} is less grave: the page would be lost. Acknowledge "
            f"{one.key} first, raise the other with `/incident severity {other.key} {one.severity}`, or merge it the "
            f"other way: `/incident merge {other.key} {one.key}`."
        )
    if one.drill != other.drill:
        raise Refused(f"{one.key if one.drill else other.key} is a drill, and the other one is real.")


def given_back(record: Record, into: Record, policy: Policy) -> tuple[str, Ref | None]:
    """What becomes of the public incident that was handed over, and the reference where it comes back: the other one
    keeps it while it is open and may be told of in public. Empty where none was handed over, or it has one of its own.

    One that stayed when it was reopened may be handed over by a merge before the last one."""
    told = (each.data for each in into.entries(KIND) if each.data.get("key") == record.incident.key)
    handed = [each["public"] for each in told if each.get("public")]
    known = into.ref("status_incident", policy.status_page)
    if not handed or known is None or known.value != handed[-1] or _has_its_own(record, policy):
        return "", None
    other = into.incident
    return (STAYS, None) if other.open and not (other.private or other.drill) else (BACK, known)


def overtaken(record: Record, into: Record) -> tuple[Owed, ...]:
    """What the other one was still to tell through the public incident that it gives back: said later, it would speak
    of the wrong one. Raises Refused while that is on the wire."""
    owed = _to_the_public(into)
    if any(each.claimed for each in owed):
        raise Refused(
            f"The status page is just being told of {into.incident.key}, in the incident there that "
            f"{record.incident.key} takes back: try again in a moment."
        )
    return owed


def released(into: Record, incident: Incident, policy: Policy, by: str, public: str = "") -> Decision:
    """What went into it was reopened, and goes its own way again; `public` is what `given_back` says."""
    data = {"step": GAVE_BACK, "key": incident.key, "text": ""}
    return Decision(
        into.incident,
        (Entry(KIND, by, data),),
        (room.say("gave_back", by=by, key=incident.key, public=public), *room.show(into.incident, policy)),
    )


def taken_in(record: Record) -> tuple[Entry, ...]:
    """The entries of those that are part of it now. They hold no title: one may be private some day, and what stands
    here stays."""
    found: dict[str, Entry] = {}
    for entry in record.entries(KIND):
        key = str(entry.data.get("key"))
        if entry.data.get("step") == GAVE_BACK:
            found.pop(key, None)
        else:
            found[key] = entry
    return tuple(found.values())


def _taken_in(
    record: Record,
    into: Record,
    grown: Incident,
    policy: Policy,
    by: str,
    outcome: str,
    handed: Ref | None,
    now: datetime,
) -> Decision:
    incident, before = record.incident, into.incident
    step = TOOK_IN if outcome == MERGED else REPEATED
    about = {"key": incident.key, "room": _room(record)}
    services = {"before": list(before.services), "after": list(grown.services)} if grown != before else {}
    people = _people(record, into) if outcome == MERGED else ()
    told = handed or (grown != before and tell_public(into, grown, policy))
    return Decision(
        grown,
        entries=(Entry(KIND, by, {"step": step, **about, **services, "public": handed.value if handed else ""}),),
        effects=(
            *((room.invite(*people),) if people and ticks.has_room(into) else ()),
            room.say(step, by=by, title=incident.title, **about),
            *room.show(grown, policy),
            *room.comment(policy, KIND, by, f"{incident.key}: {outcome}", now.isoformat()),
            *((room.update_status(grown, policy),) if told else ()),
        ),
    )


def _grown(record: Record, into: Record, outcome: str) -> Incident:
    """What is affected by the one is affected by the other, as hard where nobody there said anything else."""
    one, other = record.incident, into.incident
    if outcome == DUPLICATE:
        return other
    services = tuple(dict.fromkeys((*other.services, *one.services)))
    return replace(other, services=services, impacts=tuple({**dict(one.impacts), **dict(other.impacts)}.items()))


def _people(record: Record, into: Record) -> tuple[str, ...]:
    """Everybody who was called to the one, is in its room or did anything in it, and is not known to the other."""
    incident = record.incident
    lead = (incident.commander, incident.acknowledged_by, incident.reporter)
    members = (ref.name for ref in record.refs if ref.kind == "member")
    asked = (who for e in record.entries("page") for who in e.data.get("people") or ())
    known = dict.fromkeys((*lead, *members, *asked, *(e.author for e in record.timeline)))
    there = {into.incident.commander, into.incident.acknowledged_by}
    return tuple(who for who in known if who and is_slack_id(who) and who not in there)


def _handed(record: Record, into: Record, policy: Policy, outcome: str) -> Ref | None:
    """Its public incident, where the other one has none and nothing is on its way to it."""
    page = policy.status_page
    ours = record.ref("status_incident", page) if page else None
    under_way = _to_the_public(record) or _to_the_public(into)
    if outcome == DUPLICATE or ours is None or under_way or into.ref("status_incident", page):
        return None
    return ours


def _has_its_own(record: Record, policy: Policy) -> bool:
    """Whether it has a public incident, or one is on its way."""
    coming = any(each.kind == "create_status" for each in _to_the_public(record))
    return coming or record.ref("status_incident", policy.status_page) is not None


def _to_the_public(record: Record) -> tuple[Owed, ...]:
    """What is on its way to the status page, or failed there and may be tried again."""
    kinds = ("create_status", "update_status")
    return tuple(each for each in record.owed if each.kind in kinds and each.state in (WAITING, FAILED))


def _public_end(record: Record, grown: Incident, policy: Policy, outcome: str) -> tuple[Effect, ...]:
    """In the template's words; what the other one holds down as well is not called well."""
    ended = replace(record.incident, status="closed", outcome=outcome)
    held = [known.statuspage_component for id in grown.services if (known := policy.services.get(id))]
    return tuple(
        replace(told, data={**told.data, "components": _without(told.data["components"], held)})
        for told in tell_public(record, ended, policy)
    )


def _without(components: dict[str, str], held: Sequence[str | None]) -> dict[str, str]:
    return {name: state for name, state in components.items() if name not in held}


def _room(record: Record) -> str:
    channel = record.ref("channel")
    return channel.value if channel else ""
