"""Ticks: what is done of a checklist, by whom and when, as the timeline tells it; and what follows from a click."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from domain.checklists import Checklist
from domain.decision import Decision, Effect, Entry
from domain.errors import Refused
from domain.incidents import INVESTIGATING, Incident
from domain.nearest import hint
from domain.policy import Policy
from domain.record import WAITING, Record
from domain.words import short

KIND, POSTED, TICKED, UNTICKED = "checklist", "posted", "ticked", "unticked"


@dataclass(frozen=True, slots=True)
class Tick:
    """`by` a Slack user id; `entry` is the timeline's id of it."""

    by: str
    at: datetime | None
    entry: int


def ticks(record: Record, checklist: str) -> dict[str, Tick]:
    """What is ticked, by item. Reopening begins every list anew: it was ticked for an end that was none."""
    found: dict[str, Tick] = {}
    for entry in record.entries("status", KIND):
        item = str(entry.data.get("text"))
        if entry.kind == "status":
            found = {} if entry.data.get("status") == INVESTIGATING else found
        elif entry.data.get("checklist") == checklist and entry.data.get("step") == TICKED:
            found.setdefault(item, Tick(entry.author, entry.at, entry.id))
        elif entry.data.get("checklist") == checklist and entry.data.get("step") == UNTICKED:
            found.pop(item, None)
    return found


def at(incident: Incident, policy: Policy, moment: str, after: str) -> tuple[Effect, ...]:
    """The lists that are posted by themselves at this moment, behind the effect of kind `after`."""
    if not policy.severity_of(incident).room:
        return ()
    wanted = (each for each in policy.checklists if moment in each.posted_at and each.is_for(incident.severity))
    return tuple(_post(checklist.id, after) for checklist in wanted)


def post(record: Record, checklist: Checklist, by: str) -> Decision:
    """Somebody asks for a list in the room. One that stands there already is kept in step with it."""
    entry = Entry(KIND, by, {"step": POSTED, "checklist": checklist.id, "text": checklist.name})
    return Decision(record.incident, (entry,), (_post(checklist.id, "create_room"),))


def click(record: Record, checklist: Checklist, by: str, boxes: Collection[str], seen: Collection[str]) -> Decision:
    """Somebody ticked something, or took a tick back. `boxes` are the items ticked now in front of them, `seen` those
    that were ticked in what they clicked on: only the difference is theirs, whatever others did meanwhile."""
    done = ticks(record, checklist.id)
    entries = []
    for item in checklist.items:
        if (item in boxes) == (item in seen) or (item in boxes) == (item in done):
            continue
        about = {"step": TICKED if item in boxes else UNTICKED, "checklist": checklist.id, "text": item}
        entries.append(Entry(KIND, by, about, corrects=None if item in boxes else done[item].entry))
    return Decision(record.incident, tuple(entries), refresh(record, checklist.id) if entries else ())


def refresh(record: Record, checklist: str) -> tuple[Effect, ...]:
    """Every message of the list as things are now: the newest, which may be on its way, and older ones."""
    target = f"{KIND}:{checklist}"
    known = [ref for ref in record.refs if (ref.kind, ref.name) == (KIND, checklist)]
    coming = any((owed.kind, owed.target, owed.state) == ("post_checklist", target, WAITING) for owed in record.owed)
    newest = (_refresh(target, checklist),) if known or coming else ()
    older = known if coming else known[:-1]
    return (*newest, *(_refresh(f"{target}:{ref.value}", checklist, ref.value) for ref in older))


def begin_anew(record: Record) -> tuple[Effect, ...]:
    """After a reopening all that stand in the room are shown without ticks."""
    posted = dict.fromkeys(ref.name for ref in record.refs if ref.kind == KIND)
    return tuple(effect for name in posted for effect in refresh(record, name))


def named(policy: Policy, typed: str) -> Checklist:
    """The list that somebody typed, by its key or its name. Raises Refused."""
    for each in policy.checklists:
        if typed.casefold() in (each.id.casefold(), each.name.casefold()):
            return each
    known = [each.id for each in policy.checklists]
    listed = f"There are: {', '.join(known)}." if known else "Whoever runs Muster can add `checklists` to config.yaml."
    raise Refused(f"There is no checklist `{short(typed)}`. {hint(typed, known)}{listed}")


def has_room(record: Record) -> bool:
    """Whether there is, or will be, a room to post in."""
    channel = record.ref("channel")
    coming = any(owed.kind == "create_room" and owed.state == WAITING for owed in record.owed)
    return coming if channel is None else not channel.data.get("archived")


def _post(checklist: str, after: str) -> Effect:
    return Effect("slack", "post_checklist", f"{KIND}:{checklist}", {"checklist": checklist}, after=after)


def _refresh(target: str, checklist: str, ts: str = "") -> Effect:
    return Effect("slack", "refresh_checklist", target, {"checklist": checklist, "ts": ts}, refresh=True)
