"""Taking, giving and leaving a role in an incident, and what follows from it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from domain import reminders, room
from domain.decision import MUSTER, Decision, Effect, Entry, Handing, both
from domain.duties import COMMANDER, Role
from domain.errors import Refused
from domain.incidents import CLOSED
from domain.people import is_slack_id
from domain.policy import Policy
from domain.record import Record, Tenure
from domain.words import short

CLAIMED, GIVEN, HANDED_OVER, LEFT, GONE = "claimed", "given", "handed_over", "left", "gone"
DEACTIVATED = "deactivated"
"""How a role came to its holder, or lost them; the steps of the timeline's entries."""

ME = ("me", "myself")


def claim(record: Record, policy: Policy, role: Role, by: str, now: datetime, seen: str = "") -> Decision:
    """Somebody takes a role that nobody has; or from whom they saw having it, `seen`. A commander who only declared it,
    or was the first to acknowledge, leads until somebody takes the role. No entries: somebody else has it."""
    holder = record.holders.get(role.id)
    default = role.id == COMMANDER and by_default(record)
    if holder is not None and not default and (holder == by or holder != seen):
        _must_not_be_closed(record)
        return Decision(record.incident)
    return _handed(record, policy, (role,), by, by, CLAIMED, now)


def give(record: Record, policy: Policy, role: Role, to: str, by: str, now: datetime) -> Decision:
    """Somebody makes `to` it, whoever had it. No entries: they have it already."""
    if record.holders.get(role.id) == to:
        _must_not_be_closed(record)
        return Decision(record.incident)
    step = HANDED_OVER if record.holders.get(role.id) == by else GIVEN
    return _handed(record, policy, (role,), to, by, step, now)


def leave(record: Record, policy: Policy, role: Role, by: str, now: datetime) -> Decision:
    """They are it no longer, and nobody else is yet. Raises Refused for whoever is not."""
    holder = record.holders.get(role.id)
    if holder is None:
        raise Refused(f"Nobody is {role.name} of {record.incident.key}. `/incident role {role.id}` makes it you.")
    if holder != by:
        raise Refused(
            f"You are not {role.name} of {record.incident.key}. `/incident roles` shows who is; "
            f"`/incident role {role.id} @somebody` makes somebody else it."
        )
    return _handed(record, policy, (role,), None, by, LEFT, now)


def gone(record: Record, policy: Policy, who: str, now: datetime, step: str = GONE) -> Decision:
    """They left the room, or the workspace: what they were, nobody is."""
    theirs = [role for role in policy.roles if record.holders.get(role.id) == who]
    if not theirs or record.incident.status == CLOSED:
        return Decision(record.incident)
    return _handed(record, policy, theirs, None, who, step, now)


def looked(record: Record, policy: Policy, deactivated: Iterable[str], now: datetime) -> Decision:
    """Slack has said who can do nothing any more. One at a time: whoever else is among them is looked for again."""
    here = {record.holders.get(role.id) for role in policy.roles}
    left = [who for who in deactivated if who in here]
    if not left:
        return Decision(record.incident)
    decision = gone(record, policy, left[0], now, DEACTIVATED)
    again = room.look_for_people(record) if left[1:] and decision.entries else ()
    return replace(decision, effects=(*decision.effects, *again))


def hand_over(record: Record, policy: Policy, by: str, to: str, note: str, now: datetime) -> Decision:
    """A watch goes over in the room: all that `by` is here `to` becomes, with the note. Where nobody leads, they do."""
    entry = Entry("note", by, {"text": f"handed over to {policy.names.get(to, to)}" + (f": {note}" if note else "")})
    mine = [role for role in policy.roles if record.holders.get(role.id) == by]
    if not record.incident.commander:
        mine = [*(role for role in policy.roles if role.id == COMMANDER), *mine]
    if record.incident.status == CLOSED or to == by:
        mine = []
    say = room.say("handover", by=by, to=to, text=note, roles=[role.name for role in mine])
    told = Decision(record.incident, (entry,), (say,))
    if not mine:
        return told
    handed = _handed(record, policy, mine, to, by, HANDED_OVER, now, note)
    silent = tuple(each for each in handed.effects if each.data.get("say") != "role")
    return both(told, replace(handed, effects=silent))


def who_is(policy: Policy, typed: str, by: str) -> str:
    """The Slack id of whoever somebody typed; also of members of the workspace who are not in config.yaml. Raises
    Refused."""
    word = typed.removeprefix("<").removesuffix(">").removeprefix("@").partition("|")[0].strip()
    if word.casefold() in ME:
        return by
    if is_slack_id(word):
        return word
    try:
        return policy.person_named(typed, by).slack
    except Refused:
        raise Refused(
            f"Who is `{short(typed)}`? Muster knows those who stand among `people` in config.yaml: "
            f"{short(', '.join(policy.slack_ids), 200)}. Anybody else can be chosen in the menus of `/incident roles`."
        ) from None


def by_default(record: Record) -> bool:
    """Whether the commander never took the role: they declared it, or were the first to acknowledge."""
    return not any(entry.data.get("role") == COMMANDER for entry in record.entries("role"))


def before(record: Record, role: str) -> Tenure | None:
    """Who had it last of those who have it no longer."""
    return next((each for each in reversed(record.roles) if each.role == role and each.ended), None)


def since(record: Record, role: str) -> datetime | None:
    """From when on its present holder has had it; None where that is not known, or nobody has it."""
    return next((each.began for each in record.roles if each.role == role and each.ended is None), None)


def _handed(
    record: Record,
    policy: Policy,
    roles: Iterable[Role],
    to: str | None,
    by: str,
    step: str,
    now: datetime,
    note: str = "",
) -> Decision:
    _must_not_be_closed(record)
    roles = tuple(roles)
    leads = any(role.id == COMMANDER for role in roles)
    incident = replace(record.incident, commander=to) if leads else record.incident
    changed = Decision(
        incident,
        entries=tuple(_entry(record, role, to, by, step, note) for role in roles),
        effects=(
            *_told(roles, to, by, note),
            *(_said(record, role, to, by, step) for role in roles),
            *(room.show(incident, policy, topic=True) if leads else (room.card(),)),
            *_commented(policy, roles, by, to, now),
        ),
        roles=tuple(Handing(role.id, to, by) for role in roles),
    )
    names = {role.id for role in roles}
    held = {role for role in record.holders if role not in names} | (names if to else set())
    return both(changed, reminders.roles_changed(record, incident, policy, held, now))


def _entry(record: Record, role: Role, to: str | None, by: str, step: str, note: str) -> Entry:
    """`people` are whom it concerns: whoever has it now, or lost it."""
    had = record.holders.get(role.id)
    data = {"step": step, "role": role.id, "name": role.name, "before": had, "after": to, "text": note}
    return Entry(
        "role",
        MUSTER if step in (GONE, DEACTIVATED) else by,
        {**data, "people": [each for each in (to or had,) if each]},
    )


def _told(roles: tuple[Role, ...], to: str | None, by: str, note: str) -> tuple[Effect, ...]:
    """Let in, and told in private what they are to do."""
    if to is None or not is_slack_id(to):
        return ()
    duties = [[role.name, role.does] for role in roles]
    return (
        replace(room.invite(to), after="create_room"),
        room.tell(to, "role_note", by=by, duties=duties, text=note),
    )


def _said(record: Record, role: Role, to: str | None, by: str, step: str) -> Effect:
    had = record.holders.get(role.id) or ""
    return room.say("role", by=by, to=to or "", had=had, role=role.id, name=role.name, step=step)


def _commented(policy: Policy, roles: tuple[Role, ...], by: str, to: str | None, now: datetime) -> tuple[Effect, ...]:
    """On the tracker's issue, in names: no markup reaches it."""
    who = policy.names.get(to, to) if to else "nobody"
    text = "; ".join(f"{role.name}: {who}" for role in roles)
    return room.comment(policy, "role", by, text, now.isoformat())


def _must_not_be_closed(record: Record) -> None:
    if record.incident.status == CLOSED:
        key = record.incident.key
        raise Refused(f"{key} is closed, and its roles with it. `/incident reopen {key}` opens it again.")
