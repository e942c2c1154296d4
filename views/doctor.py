"""What `doctor` says: a line for each thing that was looked at, with the cure. It decides nothing."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.doctor import ILL, OFF, SKEW_FATAL, UNASKED, WARNING, WELL, Sign
from domain.durations import write_duration
from domain.reach import DEACTIVATED, GUEST, UNKNOWN
from views import words
from views.plain import plain

MARKS = {WELL: "✓", WARNING: "!", ILL: "✗", OFF: "–", UNASKED: "–"}
NAMES_MOST = 6
LONGEST = 400
INSTALL = "then install the app again (Install App, Reinstall to Workspace)"
Data = Mapping[str, Any]


def text(signs: Sequence[Sign]) -> str:
    """Plain lines: mark, subject, words; the verdict of all last."""
    width = max((len(subject(sign)) for sign in signs), default=0)
    lines = [f"{MARKS[sign.verdict]} {subject(sign):<{width}}  {found(sign)}" for sign in signs]
    return "\n".join([*lines, summary(signs)])


def as_json(signs: Sequence[Sign]) -> str:
    """The same for machines."""
    checks = [
        {"subject": subject(sign), "verdict": sign.verdict, "kind": sign.kind, "words": found(sign)} for sign in signs
    ]
    well = all(sign.verdict != ILL for sign in signs)
    return json.dumps({"well": well, "summary": summary(signs), "checks": checks}, indent=2, ensure_ascii=False)


def summary(signs: Sequence[Sign]) -> str:
    """How it stands, in one line."""
    ill, warned, unasked = (sum(sign.verdict == each for sign in signs) for each in (ILL, WARNING, UNASKED))
    more = [f"{words.count(warned, 'warning')}"] if warned else []
    more += [f"{unasked} not checked"] if unasked else []
    verdict = f"{words.count(ill, 'thing')} to mend" if ill else "Nothing to mend"
    return f"{'; '.join([verdict, *more])}."


def subject(sign: Sign) -> str:
    """What was looked at, as people call it."""
    return plain(words.lane(sign.subject), 80)


def found(sign: Sign) -> str:
    """What was found, and what to do."""
    return plain(WORDS[sign.kind](sign.data), LONGEST)


def _token(data: Data) -> str:
    return f"is set: {_a(data['found'])} token"


def _unset(data: Data) -> str:
    place = PLACES[data["wanted"]]
    return f"is not set. Copy the {data['wanted']}… token from api.slack.com/apps ({place}) into .env"


def _other_token(data: Data) -> str:
    found = "no token of Slack's" if data["found"] == "unknown" else f"{_a(data['found'])} token"
    return f"holds {found}. Muster needs one that begins with {data['wanted']}: {PLACES[data['wanted']]}"


def _scope_missing(data: Data) -> str:
    why = f" (wanted to {_lowered(data['why'])})" if data["why"] else ""
    return f"is not granted{why}. Paste manifest.yaml again at api.slack.com/apps (App Manifest), {INSTALL}"


def _superfluous(data: Data) -> str:
    return f"are granted that manifest.yaml does not ask for: {_listed(data['scopes'])}. Take them away, {INSTALL}"


def _skewed(data: Data) -> str:
    ahead = data["ahead"]
    by = write_duration(abs(ahead))
    where = "ahead of" if ahead.days >= 0 else "behind"
    harm = ", so a repeat may not find what was sent" if abs(ahead) > SKEW_FATAL else ""
    return f"is {by} {where} Slack's{harm}. Set this machine's clock, and keep it by NTP"


def _disk(data: Data) -> str:
    return f"{_bytes(data['free'])} free in {data['folder']}{'' if data['enough'] else '. Make room before it is full'}"


def _off(data: Data) -> str:
    return f"is off; set {_listed(data['lacks'])} to connect it"


def _channel(what: str) -> Callable[[Data], str]:
    return lambda data: what.format(id=data["id"], places=_listed(data["places"]))


def _unready(data: Data) -> str:
    return f"a Muster runs here and is not ready: {'; '.join(data['reasons'])}"


PLACES = {
    "xoxb-": "OAuth & Permissions, Bot User OAuth Token",
    "xapp-": "Basic Information, App-Level Tokens, with connections:write",
}

WORDS: Mapping[str, Callable[[Data], str]] = {
    "misconfigured": lambda data: data["error"],
    "token": _token,
    "unset": _unset,
    "other_token": _other_token,
    "set": lambda data: "is set",
    "unannounced": lambda data: (
        f"is not set, so {_listed(data['severities'])} {'is' if len(data['severities']) == 1 else 'are'} announced "
        "nowhere. It is the channel's id, at the end of its About page"
    ),
    "introduced": lambda data: f"knows us as @{data['user']} in {data['team']}",
    "no_bot_token": lambda data: "not checked: there is no token to ask with",
    "no_slack": lambda data: "not checked: Slack does not answer us",
    "scopes": lambda data: f"all {data['count']} of manifest.yaml are granted, and no others",
    "scope_missing": _scope_missing,
    "superfluous": _superfluous,
    "no_scopes": lambda data: "not checked: Slack did not say which are granted",
    "no_manifest": lambda data: "not checked: manifest.yaml cannot be read. Take it from the checkout again",
    "command": lambda data: "not checked: Slack tells no bot its commands. Type /incident help in any channel",
    "no_commands": lambda data: (
        f"is not registered: the scope commands is missing. Paste manifest.yaml again, {INSTALL}"
    ),
    "hello": lambda data: "Slack says hello on a new connection",
    "beside": lambda data: "Slack gives one out; none was opened beside that of the Muster that runs here",
    "no_app_token": lambda data: "not checked: SLACK_APP_TOKEN is not set",
    "clock": lambda data: "agrees with Slack's",
    "skewed": _skewed,
    "no_channel": _channel(
        "Slack shows Muster no such channel. Correct the id in {places}; is it private: /invite @muster there"
    ),
    "archived": _channel("is archived. Unarchive it in Slack, or change {places}"),
    "not_in_channel": _channel("Muster is not in it and may not post there. In the channel: /invite @muster"),
    "member": lambda data: "Muster is in it",
    "public": lambda data: "Muster is not in it, and may post there, as it is public",
    UNKNOWN: lambda data: f"Slack knows no {data['id']}, who is to be {data['name']}. Copy the member ID again",
    DEACTIVATED: lambda data: (
        f"{data['name']}'s account ({data['id']}) is deactivated in Slack. Take them out of config.yaml"
    ),
    GUEST: lambda data: (
        f"{data['name']} ({data['id']}) is a guest in Slack, who may not enter every war room. Make them a full "
        "member, or put somebody else on call"
    ),
    "group": lambda data: "Slack knows this user group",
    "no_group": lambda data: (
        f"Slack knows no user group of this id. Correct it in {_listed(data['places'])}: More, People, User groups, "
        "the three dots, Copy group ID"
    ),
    "group_disabled": lambda data: (
        f"is disabled in Slack. Enable it there, or take it out of {_listed(data['places'])}"
    ),
    "home": lambda data: "is enabled in manifest.yaml",
    "no_home": lambda data: (
        "is not enabled in manifest.yaml: set features.app_home.home_tab_enabled, subscribe to app_home_opened, paste "
        f"it again, {INSTALL}"
    ),
    "people": lambda data: f"{_listed(data['names'])} {words.are(data['names'])} in Slack, and active",
    "people_unasked": lambda data: f"not checked: Slack gave no answer about {_listed(data['names'])}",
    "writable": lambda data: "can be written, and is up to date",
    "new": lambda data: "is not there yet; the first start makes it",
    "pending": lambda data: f"lacks {_listed(data['names'])}. A start applies them, and so does: python bot.py migrate",
    "foreign": lambda data: f"is newer than this Muster ({_listed(data['names'])}). Install the version that wrote it",
    "disk": _disk,
    "elsewhere": lambda data: "not checked: PostgreSQL has its own",
    "free": lambda data: "is free",
    "taken": lambda data: "something else listens here. End it, or choose another port: MUSTER_HTTP_PORT or http.port",
    "muster": lambda data: "a Muster runs here, and is ready",
    "unready": _unready,
    "no_public_url": lambda data: "is not set, so nobody acknowledges by keypress, or sends webhooks here",
    "loopback": lambda data: "is an address of this machine, which no vendor reaches from outside",
    "https": lambda data: "is an https address",
    "http": lambda data: "is not encrypted: others could read and forge what vendors send. Write https://",
    "accepted": lambda data: "accepts our credentials",
    "by_paging_only": lambda data: "PAGERDUTY_INTEGRATION_KEY not checked: only a page proves it",
    "off": _off,
    "switched_off": lambda data: "is off by enabled: false in config.yaml",
    "refused": lambda data: data["reason"],
    "failed": lambda data: f"{data['reason']}. Ask again; if it lasts, look whether the way to it is open from here",
    "silent": lambda data: f"gave no answer within {data['seconds']:.0f} s. Is the way to it open from here?",
    "unusable": lambda data: f"cannot be used: {data['reason']}",
}
"""By kind of sign; what follows its subject."""


def _lowered(reason: str) -> str:
    return reason if reason[:1] == "/" else reason[:1].lower() + reason[1:]


def _a(kind: str) -> str:
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"


def _bytes(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB"


def _listed(names: Sequence[str]) -> str:
    shown = [*names[:NAMES_MOST], *([f"{len(names) - NAMES_MOST} more"] if len(names) > NAMES_MOST else [])]
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
