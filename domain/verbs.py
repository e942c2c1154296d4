"""The verbs of `/incident`: their names, their aliases and what help says of them. It parses nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.errors import Refused
from domain.incidents import CLOSED, IDENTIFIED, MONITORING, OPEN_STATUSES, RESOLVED, STATUSES
from domain.nearest import hint
from domain.words import short


@dataclass(frozen=True, slots=True)
class Verb:
    """What help says of a verb. Usage and examples follow `/incident`; `{severity}` stands for any severity. Where no
    incident is named, those of the statuses `of` are offered."""

    usage: str
    summary: str
    examples: tuple[str, ...]
    of: tuple[str, ...] = OPEN_STATUSES


VERBS: Mapping[str, Verb] = {
    "start": Verb(
        "start [severity] [title]",
        "Declare an incident. Without severity or title a form asks for them.",
        ("start {severity} database is down", 'start "checkout is slow"', "start"),
    ),
    "ack": Verb(
        "ack [incident]",
        "Say that you are on it. Nobody else is rung.",
        ("ack", "ack INC-42"),
    ),
    "escalate": Verb(
        "escalate [incident] [reason]",
        "Page the next level of the ladder now, acknowledged or not.",
        ("escalate", "escalate it is the database, not the API", "escalate INC-42"),
    ),
    "page": Verb(
        "page [incident] @somebody | schedule [why]",
        "Page a person, several, or whoever is on call on a schedule or in a policy, acknowledged or not.",
        (
            'page @ben "the database is yours"',
            'page primary "we need another pair of hands"',
            "page INC-42 @ben @chris",
        ),
    ),
    "update": Verb(
        "update [incident] [--public] [text]",
        "Tell everybody how it stands. With `--public` the status page says the same words too.",
        (
            "update rolling back the last release",
            "update INC-42 failover done",
            'update --public "payments work again for most customers"',
        ),
    ),
    "note": Verb(
        "note [incident] [text]",
        "Write something into the timeline and the room's thread. Nobody is told, and no announcement changes.",
        ("note the replica was 20 minutes behind", "note INC-42 logs are in the archive"),
        of=STATUSES,
    ),
    "timeline": Verb(
        "timeline [incident]",
        "Show you all that happened, with who and when, the newest page first.",
        ("timeline", "timeline INC-42"),
        of=STATUSES,
    ),
    "correct": Verb(
        "correct [incident] [text]",
        "Put right what was written. The entry stays, with its correction beside it.",
        ("correct", "correct it was the second replica"),
        of=STATUSES,
    ),
    "catchup": Verb(
        "catchup [incident]",
        "Tell you what a late joiner should know: what, since when, who, what was tried, what is next.",
        ("catchup", "catchup INC-42"),
        of=STATUSES,
    ),
    "action": Verb(
        "action [incident] [text] [@somebody] [day]",
        "Make an action item; without @somebody it is yours. Days are `2026-12-01`, `tomorrow`, `friday`, `2w` or "
        "`1 dec`. Without a text: those there are, with buttons.",
        ('action "alert at 80 % of the disk" @ben friday', 'action INC-42 "write the runbook" 2w', "action"),
        of=STATUSES,
    ),
    "mine": Verb(
        "mine",
        "Show what is yours: the open incidents you have a part in, and your action items.",
        ("mine",),
    ),
    "status": Verb(
        "status [incident] [status] [text]",
        f"Show the status, or move it forward to {IDENTIFIED} or {MONITORING}. `resolve` and `close` do the rest.",
        ("status", "status identified a full disk", "status INC-42 monitoring"),
        of=STATUSES,
    ),
    "resolve": Verb(
        "resolve [incident] [text]",
        "Say that it is over, and how it was ended.",
        ("resolve restarted the primary", "resolve INC-42 rolled back"),
    ),
    "reopen": Verb(
        "reopen [incident] [reason]",
        "Take a resolved or closed incident up again.",
        ("reopen it is back", "reopen INC-42 errors again"),
        of=(RESOLVED, CLOSED),
    ),
    "stable": Verb(
        "stable [incident]",
        "Say that it has stayed well since it was resolved.",
        ("stable", "stable INC-42"),
        of=(RESOLVED,),
    ),
    "merge": Verb(
        "merge [incident] INC-7",
        "Let an incident go on in another one: its people, services and public incident go over, what rings for it "
        "ends. Shows first what will happen.",
        ("merge INC-7", "merge INC-9 into INC-7", "merge"),
    ),
    "duplicate": Verb(
        "duplicate [incident] [INC-7]",
        "End an incident that repeats another one; nothing is carried over. Without the other one a picker asks.",
        ("duplicate INC-7", "duplicate INC-9 of INC-7", "duplicate"),
    ),
    "false-alarm": Verb(
        "false-alarm [incident] [why]",
        "End an incident that was none: all clear to everybody who was paged, no postmortem, not in the figures.",
        ("false-alarm the probe itself was broken", "false-alarm INC-42"),
    ),
    "undo": Verb(
        "undo [incident]",
        "Within 60 seconds take back what you declared, or the status that you set. Whoever was paged gets the all "
        "clear.",
        ("undo", "undo INC-42"),
    ),
    "close": Verb(
        "close [incident] [yes]",
        "Put a resolved incident away: nothing is left to do. `yes` also where nobody has said that it is stable.",
        ("close", "close INC-42", "close yes"),
        of=(RESOLVED,),
    ),
    "role": Verb(
        "role [incident] <role> [@somebody | leave]",
        "Take a role, give it to somebody, or leave it. Without a role: who has which.",
        ("role commander", "role tech @ben", "role comms leave", "role INC-42 scribe me"),
        of=(*OPEN_STATUSES, RESOLVED),
    ),
    "roles": Verb(
        "roles [incident]",
        "Show who has which role, since when and after whom, with buttons to take and to hand over.",
        ("roles", "roles INC-42"),
        of=STATUSES,
    ),
    "snooze": Verb(
        "snooze [incident] [how long | off]",
        "Keep an incident's reminders quiet, without a time for half an hour. Pages are never snoozed.",
        ("snooze", "snooze 1h", "snooze until 18:00", "snooze INC-42 off"),
        of=(*OPEN_STATUSES, RESOLVED),
    ),
    "list": Verb(
        "list [open | all | status | severity]",
        "List incidents, without a word those that are open.",
        ("list", "list all", "list monitoring", "list {severity}"),
    ),
    "show": Verb(
        "show [incident]",
        "Show all that is known of an incident.",
        ("show", "show 42", "show INC-42"),
        of=STATUSES,
    ),
    "explain": Verb(
        "explain [incident]",
        "Show who was rung, when and why, and what would come next.",
        ("explain", "explain INC-42"),
        of=STATUSES,
    ),
    "runbook": Verb(
        "runbook [incident] [name]",
        "Show a runbook's symptoms and mitigation, in a war room to all. Without a name: the one that fits, or a "
        "picker.",
        ("runbook", "runbook disk full", "runbook INC-42"),
    ),
    "checklist": Verb(
        "checklist [incident] [name]",
        "Post a checklist into the war room, to be ticked there. Without a name a picker asks which.",
        ("checklist triage", "checklist", "checklist INC-42 afterwards"),
        of=STATUSES,
    ),
    "severity": Verb(
        "severity [incident] [severity] [reason]",
        "Raise or lower the severity, with what follows: pages, announcements, the status page. Without one a form "
        "shows what each means.",
        ("severity {severity} checkout is down for everybody", "severity", "severity INC-42 {severity}"),
    ),
    "services": Verb(
        "services [incident] [service[=impact], …]",
        "Say what is affected and how hard: operational, degraded, partial outage or major outage. `-api` takes one "
        "back. Without a service: show them.",
        ("services api=degraded", "services api, database=major outage", "services -api", "services"),
    ),
    "impact": Verb(
        "impact [incident] [text]",
        "Say who is hit and how, for the card and the announcement. Without a text a form asks.",
        ('impact "every checkout fails since 14:02"', "impact"),
    ),
    "invite": Verb(
        "invite [incident] @somebody | @group …",
        "Let people and user groups into the war room.",
        ("invite @ben", "invite @dba @chris", "invite"),
    ),
    "link": Verb(
        "link [incident] [remove] url [title]",
        "Put a link on the card and on top of the war room, or take one off again.",
        ("link https://grafana.example.com/d/1 Dashboard", "link", "link remove Dashboard", "link remove"),
    ),
    "private": Verb(
        "private [incident]",
        "Make an incident private: it moves to a room of its own, and what can be taken back elsewhere is. It asks "
        "first.",
        ("private", "private INC-42"),
        of=STATUSES,
    ),
    "oncall": Verb(
        "oncall [schedule]",
        "Show who is on call, until when, and who is next.",
        ("oncall", "oncall primary"),
    ),
    "override": Verb(
        "override <person> <how long> [schedule]",
        "Put somebody on call for a while; without a schedule on the first one. `override list` shows all, "
        "`override cancel 12` ends one. Of those that overlap the newest wins. Times are in your own zone.",
        (
            "override @ben 4h",
            "override @ben from 22:00 to 06:00",
            "override @ben until sat 09:00 primary",
            "override list",
            "override cancel 12",
        ),
    ),
    "handover": Verb(
        "handover @somebody [note]",
        "Hand the watch over: your note, the open incidents and last week's pages, to both of you. In a war room they "
        "also get the roles that you have there.",
        ('handover @ben "the replica is still behind, watch it"', "handover @ben"),
    ),
    "testpage": Verb(
        "testpage [status]",
        "Ring yourself now, by message, call and SMS, to see that they reach you. `testpage status` shows who tested "
        "and what arrived.",
        ("testpage", "testpage status"),
    ),
    "help": Verb(
        "help [verb | all]",
        "Name the commands by subject, explain one, or explain all.",
        ("help", "help status", "help all"),
    ),
}

ALIASES: Mapping[str, str] = {
    "declare": "start",
    "new": "start",
    "open": "start",
    "acknowledge": "ack",
    "esc": "escalate",
    "hand-over": "handover",
    "test-page": "testpage",
    "notes": "note",
    "history": "timeline",
    "correction": "correct",
    "catch-up": "catchup",
    "actions": "action",
    "todo": "action",
    "fix": "resolve",
    "fixed": "resolve",
    "resolved": "resolve",
    "ls": "list",
    "dup": "duplicate",
    "falsealarm": "false-alarm",
    "withdraw": "undo",
    "why": "explain",
    "runbooks": "runbook",
    "playbook": "runbook",
    "checklists": "checklist",
    "sev": "severity",
    "raise": "severity",
    "lower": "severity",
    "service": "services",
    "affected": "services",
    "links": "link",
    "on-call": "oncall",
    "who": "oncall",
    "overrides": "override",
    "?": "help",
}


SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "Begin and answer": ("start", "ack", "escalate", "page", "undo"),
    "Keep everybody posted": ("update", "status", "note", "correct", "timeline", "action", "catchup"),
    "Say what it is": ("severity", "services", "impact", "private", "link"),
    "Work together": ("role", "roles", "invite", "runbook", "checklist", "snooze"),
    "End it": ("resolve", "stable", "close", "reopen", "merge", "duplicate", "false-alarm"),
    "Look": ("list", "show", "explain", "mine"),
    "On call": ("oncall", "override", "handover", "testpage"),
    "Help": ("help",),
}
"""The verbs by what people want, in the order of an incident. What is in none stands last, under MORE."""

MORE = "More"


def by_subject(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """These verbs under their headings; a heading without one is left out."""
    wanted = tuple(names)
    listed = {name for group in SUBJECTS.values() for name in group}
    groups = {**SUBJECTS, MORE: tuple(name for name in wanted if name not in listed)}
    found = {heading: tuple(name for name in group if name in wanted) for heading, group in groups.items()}
    return {heading: group for heading, group in found.items() if group}


def verbs(severities: Sequence[str]) -> dict[str, Verb]:
    """VERBS with this installation's severities in the examples."""
    return {name: replace(verb, examples=_filled(verb.examples, severities)) for name, verb in VERBS.items()}


def verb_named(word: str) -> str:
    """The verb that a word means. Raises Refused with the nearest one for a word that means none."""
    name = word.casefold()
    if name in VERBS:
        return name
    if name in ALIASES:
        return ALIASES[name]
    raise Refused(f"There is no `{short(word)}`. {hint(name, (*VERBS, *ALIASES))}`/incident help` lists all.")


def _filled(examples: Sequence[str], severities: Sequence[str]) -> tuple[str, ...]:
    return tuple(example.replace("{severity}", severities[0]) for example in examples)
