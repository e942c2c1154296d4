"""What is affected and how hard: the services of an incident, each with an impact in a status page's words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain import bookmarks, room, ticks
from domain.decision import Decision, Entry
from domain.directory import LISTED_MOST
from domain.errors import Refused
from domain.incidents import CLOSED, Incident
from domain.nearest import hint
from domain.policy import Policy
from domain.record import FAILED, WAITING, Record
from domain.words import short

OPERATIONAL, DEGRADED, PARTIAL, MAJOR = IMPACTS = (
    "operational",
    "degraded_performance",
    "partial_outage",
    "major_outage",
)
WORDS = {OPERATIONAL: "operational", DEGRADED: "degraded", PARTIAL: "partial outage", MAJOR: "major outage"}
"""As people say it."""

_ALSO = {
    OPERATIONAL: ("ok", "up", "healthy", "fine"),
    DEGRADED: ("degraded performance", "slow"),
    PARTIAL: ("partial", "partly down"),
    MAJOR: ("major", "down", "outage"),
}
SPELLINGS = {spelling: impact for impact, also in _ALSO.items() for spelling in (WORDS[impact], *also)}

_NEXT_NAME = re.compile(r"\s+(?=[\w-]+=)")


@dataclass(frozen=True, slots=True)
class Changes:
    """What was typed: names with an impact, empty where none was said, and names that are not affected after all."""

    named: tuple[tuple[str, str], ...] = ()
    gone: tuple[str, ...] = ()


def read(text: str) -> Changes:
    """`api=degraded, web` or `-api`; several names need commas where they hold blanks. Raises Refused for what is no
    impact."""
    named: list[tuple[str, str]] = []
    gone: list[str] = []
    for part in filter(None, (part.strip() for part in _parts(text))):
        name, impact = _name_and_impact(part)
        if name.startswith("-"):
            gone.append(name.removeprefix("-").strip())
        else:
            named.append((name, impact_named(impact) if impact else ""))
    return Changes(tuple(named), tuple(gone))


def _name_and_impact(part: str) -> tuple[str, str]:
    """`api=down`; what stands behind a blank or a colon may belong to the name. Raises Refused for a `=` with nothing
    behind it."""
    name, equals, impact = (each.strip() for each in part.partition("="))
    if equals and not impact:
        raise Refused(f"How hard is it hit? There are {', '.join(WORDS.values())}: `/incident services api=degraded`.")
    return (name, impact) if equals else (part.rstrip(": "), "")


def _at_the_end(text: str) -> tuple[str, str]:
    """The name and the impact of `api: down` or `api down`; no impact where the last words are none."""
    words = text.replace(":", " ").split()
    for length in (2, 1):
        found = SPELLINGS.get(_normal(" ".join(words[-length:])))
        if found and words[length:]:
            return " ".join(words[:-length]), found
    return text, ""


def _normal(word: str) -> str:
    return re.sub(r"[\s_-]+", " ", word).strip().casefold()


def impact_named(word: str) -> str:
    """The impact that a word means. Raises Refused with those there are."""
    found = SPELLINGS.get(_normal(word))
    if found is None:
        listed = ", ".join(WORDS.values())
        raise Refused(
            f"There is no impact `{short(word)}`. {hint(word, SPELLINGS)}There are {listed}. Between two services "
            "stands a comma: `api=degraded, database=down`."
        )
    return found


def change(record: Record, policy: Policy, by: str, wanted: Changes, now: datetime) -> Decision:
    """Some are affected, or differently, or not after all; the others stay as they are. No entries: it was so already.
    Raises Refused for a service that config.yaml does not name."""
    before = record.incident
    if before.status == CLOSED:
        raise Refused(f"{before.key} is closed. `/incident reopen {before.key}` opens it again.")
    after, impacts = list(before.services), dict(before.impacts)
    for name, impact in _known(policy, wanted.named):
        after += [] if name in after else [name]
        impacts |= {name: impact} if impact else {}
    gone = [name for name, _ in _known(policy, ((each, "") for each in wanted.gone), before)]
    kept = tuple(name for name in after if name not in gone)
    return _changed(record, policy, by, kept, {id: impacts[id] for id in kept if id in impacts}, now)


def replaced(record: Record, policy: Policy, by: str, impacts: Mapping[str, str | None], now: datetime) -> Decision:
    """As the form says it, of the services that it shows: an impact, empty where nobody knows it, or None for one that
    is not affected."""
    before = record.incident
    known = dict(before.impacts)
    kept = [id for id in before.services if impacts.get(id, "") is not None]
    new = [id for id, impact in impacts.items() if impact is not None and id not in kept and id in policy.services]
    said = {id: impacts.get(id, known.get(id, "")) or "" for id in (*kept, *new)}
    if before.status == CLOSED:
        raise Refused(f"{before.key} is closed. `/incident reopen {before.key}` opens it again.")
    return _changed(record, policy, by, tuple(said), {id: impact for id, impact in said.items() if impact}, now)


def listed(incident: Incident, names: Mapping[str, str]) -> str:
    """In one line: API (degraded), Web app. `names` are the services' by their keys."""
    parts = ((names.get(id, id), WORDS.get(incident.impact_on(id), "")) for id in incident.services)
    return ", ".join(f"{name} ({impact})" if impact else name for name, impact in parts)


def _changed(
    record: Record, policy: Policy, by: str, services: tuple[str, ...], impacts: Mapping[str, str], now: datetime
) -> Decision:
    before = record.incident
    incident = replace(before, services=services, impacts=tuple(impacts.items()))
    if (incident.services, dict(incident.impacts)) == (before.services, dict(before.impacts)):
        return Decision(before)
    gone = tuple(id for id in before.services if id not in services)
    invited = {owed.data.get("group") for owed in record.owed if owed.kind == "invite_group"}
    groups = [each for each in room.groups(incident, policy) if each not in invited] if ticks.has_room(record) else []
    public = _is_public(record, policy)
    text = listed(incident, {}) or "nothing"
    return Decision(
        incident,
        entries=(Entry("services", by, {"before": listed(before, {}) or "nothing", "after": text, "public": public}),),
        effects=(
            room.say("services", by=by, text=listed(incident, policy.service_names)),
            *room.invite_groups(groups),
            *room.show(incident, policy),
            *bookmarks.runbook(record, incident, policy),
            *room.comment(policy, "services", by, f"affected: {text}", now.isoformat()),
            *((room.show_public(incident, policy, gone),) if public else ()),
        ),
    )


def _is_public(record: Record, policy: Policy) -> bool:
    """Whether the status page shows the incident, or will: one that is over stays as it was left."""
    owed = any(o.kind == "create_status" and o.state in (WAITING, FAILED) for o in record.owed)
    known = owed or record.ref("status_incident", policy.status_page) is not None
    return bool(policy.status_page) and record.incident.open and not record.incident.private and known


def _known(
    policy: Policy, named: Iterable[tuple[str, str]], incident: Incident | None = None
) -> Iterable[tuple[str, str]]:
    """By key, whatever the case and whether by key or by name; words beside each other may be several names, or a name
    and its impact, where they are not one name."""
    spelled = {each.casefold(): id for id, service in policy.services.items() for each in (id, service.name)}
    spelled |= {id.casefold(): id for id in (incident.services if incident else ())}
    for name, impact in named:
        if name.casefold() in spelled:
            yield spelled[name.casefold()], impact
            continue
        name, impact = (name, impact) if impact else _at_the_end(name)
        for word in [name] if impact else name.split():
            if word.casefold() not in spelled:
                raise _unknown(policy, word)
            yield spelled[word.casefold()], impact


def _unknown(policy: Policy, word: str) -> Refused:
    known = policy.service_names
    if not known:
        return Refused("There are no `services` in config.yaml. Whoever runs Muster can add those that can break.")
    listed = "" if len(known) > LISTED_MOST else f"There are {', '.join(known)}."
    return Refused(f"There is no service `{short(word)}`. {hint(word, (*known.values(), *known))}{listed}".strip())


def _parts(text: str) -> Iterable[str]:
    """At commas and line ends, before a `-` and before the next `name=`, where one stood before already."""
    for part in re.split(r"[,;\n]+", text):
        for piece in re.split(r"\s+(?=-\w)", re.sub(r"\s*=\s*", "=", part)):
            at = piece.find("=")
            found = _NEXT_NAME.search(piece, at + 1) if at >= 0 else None
            while found:
                yield piece[: found.start()]
                piece = piece[found.end() :]
                found = _NEXT_NAME.search(piece, piece.find("=") + 1)
            yield piece
