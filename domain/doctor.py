"""What `doctor` finds: each thing that was looked at, with a verdict. It asks nobody and words nothing."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from domain.people import Person
from domain.reach import DEACTIVATED, FOUND, GUEST, NOT_CHECKED, UNKNOWN
from domain.settings import Settings
from domain.severities import INCIDENTS
from domain.vendors import Integration, PagerDuty

WELL, WARNING, ILL, OFF, UNASKED = "well", "warning", "ill", "off", "not_checked"
"""The verdicts. Only ILL makes doctor fail."""

BOT_TOKEN, APP_TOKEN = "xoxb-", "xapp-"
TOKENS = {BOT_TOKEN: "bot", APP_TOKEN: "app", "xoxp-": "user", "xoxe": "configuration"}
POST_ANYWHERE = "chat:write.public"

GROUP_ID = re.compile(r"S(?=[A-Z0-9]*[0-9])[A-Z0-9]{4,20}")
"""What Slack calls a user group such as @dba."""

SKEW_WARNED, SKEW_FATAL = timedelta(seconds=5), timedelta(seconds=60)
"""Repeats look for what was sent since a minute before the plan: beyond that they would miss it and send twice."""

DISK_WARNED, DISK_FATAL = 1_000_000_000, 50_000_000
"""Bytes free."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was looked at: `subject` as people read it, `kind` the words that views/doctor.py has for it."""

    subject: str
    verdict: str
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Introduction:
    """How Slack knows us: names that people read, and what our token may do (None: Slack did not say)."""

    user: str
    team: str
    scopes: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Room:
    """A channel as Slack shows it to us."""

    name: str
    archived: bool
    member: bool
    private: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A user group as Slack lists it."""

    handle: str
    disabled: bool


@dataclass(frozen=True, slots=True)
class Books:
    """A database as it was found: migrations still to be applied, and applied ones that this Muster does not know."""

    pending: tuple[str, ...]
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens at our port already; `reasons` why a Muster there is not ready."""

    muster: bool
    reasons: tuple[str, ...] = ()


def variables(settings: Settings) -> Iterator[Sign]:
    """Whether what Slack needs stands in the environment, and is of the right kind. No value is kept."""
    yield _token("SLACK_BOT_TOKEN", settings.slack.bot_token, BOT_TOKEN)
    yield _token("SLACK_APP_TOKEN", settings.slack.app_token, APP_TOKEN)
    if settings.slack.incidents_channel_id:
        yield Sign("SLACK_INCIDENTS_CHANNEL_ID", WELL, "set")
    elif settings.unannounced:
        yield Sign("SLACK_INCIDENTS_CHANNEL_ID", WARNING, "unannounced", {"severities": settings.unannounced})


def _token(name: str, secret: SecretStr | None, wanted: str) -> Sign:
    value = secret.get_secret_value() if secret else ""
    kind = next((kind for begin, kind in TOKENS.items() if value.startswith(begin)), "unknown")
    if not value:
        return Sign(name, ILL, "unset", {"wanted": wanted})
    if not value.startswith(wanted):
        return Sign(name, ILL, "other_token", {"found": kind, "wanted": wanted})
    return Sign(name, WELL, "token", {"found": kind})


def scopes(granted: Collection[str] | None, wanted: Mapping[str, str]) -> Iterator[Sign]:
    """What the token may do against the manifest; `wanted` gives the reason for each scope."""
    if granted is None or not wanted:
        yield Sign("scopes", UNASKED, "no_scopes" if wanted else "no_manifest")
        return
    missing = [scope for scope in wanted if scope not in granted]
    for scope in missing:
        yield Sign(f"scope {scope}", ILL, "scope_missing", {"why": wanted[scope]})
    if superfluous := sorted(set(granted) - set(wanted)):
        yield Sign("scopes", WARNING, "superfluous", {"scopes": superfluous})
    elif not missing:
        yield Sign("scopes", WELL, "scopes", {"count": len(wanted)})


def command(granted: Collection[str] | None) -> Sign:
    """Slack tells a bot which commands it has by sending them, and in no other way."""
    allowed = granted is None or "commands" in granted
    return Sign("/incident", UNASKED if allowed else ILL, "command" if allowed else "no_commands")


def clock(ahead: timedelta) -> Sign:
    """Our clock against Slack's; `ahead` is negative where ours is behind."""
    distance = abs(ahead)
    verdict = ILL if distance > SKEW_FATAL else WARNING if distance > SKEW_WARNED else WELL
    return Sign("clock", verdict, "clock" if verdict == WELL else "skewed", {"ahead": ahead})


def channels(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The channel ids of config.yaml, each with the places where it stands."""
    found: dict[str, tuple[str, ...]] = {}
    own = settings.slack.incidents_channel_id
    if own:
        found[own] = ("slack.incidents_channel_id",)
    for name, severity in settings.severities.items():
        for id in (each for each in severity.announce if each != INCIDENTS):
            found[id] = (*found.get(id, ()), f"severities.{name}.announce")
    return found


def channel(id: str, places: Sequence[str], room: Room | None, granted: Collection[str] | None) -> Sign:
    """Whether Muster may post there. `room` None: Slack shows no such channel to it."""
    data = {"id": id, "places": places}
    if room is None:
        return Sign(f"channel {id}", ILL, "no_channel", data)
    subject = f"#{room.name} ({id})"
    if room.archived:
        return Sign(subject, ILL, "archived", data)
    if room.member:
        return Sign(subject, WELL, "member")
    if not room.private and (granted is None or POST_ANYWHERE in granted):
        return Sign(subject, WELL, "public")
    return Sign(subject, ILL, "not_in_channel", data)


def people(found: Sequence[tuple[Person, str]]) -> Iterator[Sign]:
    """People with what Slack says of them: a line for each who is not there or is a guest, and one for all others."""
    for person, said in found:
        if said in (UNKNOWN, DEACTIVATED):
            yield Sign(f"people.{person.id}", ILL, said, {"name": person.name, "id": person.slack})
        elif said == GUEST:
            yield Sign(f"people.{person.id}", WARNING, GUEST, {"name": person.name, "id": person.slack})
    if there := [person.name for person, said in found if said == FOUND]:
        yield Sign("people", WELL, "people", {"names": there})
    if unasked := [person.name for person, said in found if said == NOT_CHECKED]:
        yield Sign("people", UNASKED, "people_unasked", {"names": unasked})


def groups(settings: Mapping[str, Any], severities: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """The ids of user groups anywhere in the settings, each with the places where it stands. A severity may look like
    one."""
    found: dict[str, tuple[str, ...]] = {}
    for place, value in _leaves(settings):
        if isinstance(value, str) and GROUP_ID.fullmatch(value) and value not in severities:
            found[value] = (*found.get(value, ()), place)
    return found


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    match value:
        case Mapping():
            for name, inner in value.items():
                yield from _leaves(inner, f"{place}.{name}" if place else str(name))
        case list() | tuple() | set() | frozenset():
            for inner in value:
                yield from _leaves(inner, place)
        case _:
            yield place, value


def group(id: str, places: Sequence[str], known: Mapping[str, Group]) -> Sign:
    """Whether Slack knows a user group of this id, and uses it."""
    there = known.get(id)
    if there is None:
        return Sign(f"user group {id}", ILL, "no_group", {"places": places})
    subject = f"@{there.handle} ({id})"
    if there.disabled:
        return Sign(subject, ILL, "group_disabled", {"places": places})
    return Sign(subject, WELL, "group", {"places": places})


def home(enabled: bool | None) -> Sign:
    """Slack tells no bot whether its Home tab is on: what it was asked for stands in the manifest."""
    if enabled is None:
        return Sign("App Home", UNASKED, "no_manifest")
    return Sign("App Home", WELL if enabled else WARNING, "home" if enabled else "no_home")


def database(books: Books | None) -> Sign:
    """`books` None: it is not made yet."""
    if books is None:
        return Sign("database", WELL, "new")
    if books.foreign:
        return Sign("database", ILL, "foreign", {"names": books.foreign})
    if books.pending:
        return Sign("database", WARNING, "pending", {"names": books.pending})
    return Sign("database", WELL, "writable")


def disk(free: int, folder: str) -> Sign:
    """Bytes free where the database stands."""
    verdict = ILL if free < DISK_FATAL else WARNING if free < DISK_WARNED else WELL
    return Sign("disk", verdict, "disk", {"free": free, "folder": folder, "enough": verdict == WELL})


def port(host: str, number: int, listener: Listener | None) -> Sign:
    """`listener` None: nobody is there yet."""
    where = f"port {host}:{number}"
    if listener is None:
        return Sign(where, WELL, "free")
    if not listener.muster:
        return Sign(where, ILL, "taken")
    kind = "unready" if listener.reasons else "muster"
    return Sign(where, ILL if listener.reasons else WELL, kind, {"reasons": listener.reasons})


def public_url(url: str | None) -> Sign:
    """Vendors sign what they send over it; nobody but this machine reaches a loopback address."""
    if url is None:
        return Sign("MUSTER_PUBLIC_URL", OFF, "no_public_url")
    if _loopback(urlsplit(url).hostname or ""):
        return Sign("MUSTER_PUBLIC_URL", WELL, "loopback")
    secure = url.lower().startswith("https://")
    return Sign("MUSTER_PUBLIC_URL", WELL if secure else ILL, "https" if secure else "http")


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def off(subject: str, section: Integration) -> Sign:
    """A vendor that is not used, and what would switch it on."""
    lacks = tuple(section.lacks(dict(section)))
    return Sign(subject, OFF, "switched_off" if section.enabled is False else "off", {"lacks": lacks})


def by_paging_only(section: Integration) -> bool:
    """Whether a vendor has a key that nothing proves but a page."""
    return isinstance(section, PagerDuty) and section.on


def misconfigured(errors: Sequence[str]) -> tuple[Sign, ...]:
    """What is wrong with config.yaml: nothing else can be looked at before."""
    return tuple(Sign("config.yaml", ILL, "misconfigured", {"error": each}) for each in errors)


def well(signs: Sequence[Sign]) -> bool:
    """Whether Muster can do its work."""
    return not any(sign.verdict == ILL for sign in signs)
