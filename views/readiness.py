"""What `check` and `plan` say at a terminal: plain lines. They decide nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.durations import write_duration
from domain.incidents import Incident
from domain.plan import NEXT, PAGE, PASSED_OVER, PHONE, TOP, Step
from domain.reach import DEACTIVATED, NO_EMAIL, NO_NUMBER, UNKNOWN, Way
from domain.readiness import Finding, Span
from views import words

SPANS_MOST = 3
ERROR, WARNING = "error", "warning"
Data = Mapping[str, Any]


def check(findings: Sequence[Finding], zone: str, now: datetime, until: datetime, slack: str = "") -> str:
    """All that was found, the errors first; `slack` says why Slack was not asked about its members."""
    here = ZoneInfo(zone)
    lines = [f"Paging from {_date(now, here)} to {_date(until, here)}, times in {zone}:"]
    lines += [f"  {ERROR if each.grave else WARNING:<12} {finding(each, here)}" for each in findings]
    lines += [f"  {'not checked':<12} Slack's members: {slack}"] if slack else []
    errors = sum(each.grave for each in findings)
    lines += [_verdict(errors, len(findings) - errors)]
    return "\n".join(lines)


def _verdict(errors: int, warnings: int) -> str:
    if errors:
        return f"{words.count(errors, ERROR)}: there are times at which a page would not get through as it is meant to."
    return f"Nothing keeps a page from getting through{f'; {words.count(warnings, WARNING)}' if warnings else ''}."


def finding(each: Finding, zone: ZoneInfo) -> str:
    """One finding with its place and its times."""
    return f"{each.where}: {FINDINGS[each.kind](each.data)}{_times(each.spans, zone)}"


def _times(spans: Sequence[Span], zone: ZoneInfo) -> str:
    if not spans:
        return ""
    shown = [f"{_moment(begin, zone)} to {_moment(end, zone)}" for begin, end in spans[:SPANS_MOST]]
    more = [f"and {len(spans) - SPANS_MOST} times more"] if len(spans) > SPANS_MOST else []
    return f": {', '.join([*shown, *more])}"


def _gap(data: Data) -> str:
    return f"nobody is on call, so {_listed(data['levels'])} {words.are(data['levels'])} passed over"


def _phoned_too_late(data: Data) -> str:
    return (
        f"waits {write_duration(data['within'])} for an answer, but {data['severity']} calls only after "
        f"{write_duration(data['call_after'])}: the next level is asked before this one's phones ring"
    )


def _next_too_late(data: Data) -> str:
    return (
        f"waits {write_duration(data['within'])} for an answer, but {data['severity']} promises one within "
        f"{write_duration(data['promise'])}: until that is over nobody else is asked"
    )


def _unreachable(data: Data) -> str:
    means = _listed([words.way(each) for each in data["means"]], "or")
    return f"nobody can be reached by {means}, of {_listed(data['people'])}"


def _phone_off(data: Data) -> str:
    missing = f" Set {_listed(data['set'])}." if data["set"] else ""
    return f"is off, so nobody is called or texted, as {_listed(data['severities'])} would want.{missing}"


FINDINGS: Mapping[str, Callable[[Data], str]] = {
    "nobody": lambda data: "no level has anybody on it, so a page reaches nobody",
    "never_anybody": lambda data: f"is never asked: {words.holes(_holes(data['holes']))}",
    "unreachable": _unreachable,
    "gap": _gap,
    "phoned_too_late": _phoned_too_late,
    "next_too_late": _next_too_late,
    NO_NUMBER: lambda data: (
        f"{data['name']} has no number, and would be reached by {_listed([words.way(each) for each in data['means']])}"
    ),
    NO_EMAIL: lambda data: f"{data['name']} has no e-mail address, and would be reached by it",
    UNKNOWN: lambda data: f"Slack knows no {data['id']}, who is to be {data['name']}; copy the member ID again",
    DEACTIVATED: lambda data: f"{data['name']}'s account ({data['id']}) is deactivated in Slack",
    "phone_off": _phone_off,
    "email_off": lambda data: (
        f"is off, so no e-mail is sent, as {_listed(data['severities'])} would want. Set SMTP_URL."
    ),
    "no_keypress": lambda data: (
        "is not set, so a call cannot be acknowledged by a key. Set MUSTER_PUBLIC_URL to the address of this server."
    ),
    "pager_unseen": lambda data: (
        "is not set, so Muster does not see who acknowledges in PagerDuty, and calls nobody. "
        "Set PAGERDUTY_WEBHOOK_SECRET or PAGERDUTY_API_KEY."
    ),
    "unused": lambda data: "no service and no severity that pages names it",
    "runbook_broken": lambda data: f"is not used: it {data['why']}",
    "runbook_wrong": lambda data: data["why"],
    "runbook_lacks": lambda data: f"has no {_listed(data['lacks'], 'and no')}",
    "runbook_old": lambda data: f"was last updated {data['updated']}, more than six months ago",
    "runbook_names": lambda data: f"names the {data['what']} {data['name']}, which is not in config.yaml",
    "runbook_unknown": lambda data: f"names {data['name']}, which is no runbook in the folder{data['meant']}",
    "runbooks_missing": lambda data: f"there is no folder {data['folder']}, so no runbook is shown",
}
"""By kind of finding; what follows its place in config.yaml."""


def runbooks(count: int, findings: Sequence[Finding], zone: str) -> str:
    """How many there are, and what each lacks."""
    lines = [f"  {WARNING:<12} {finding(each, ZoneInfo(zone))}" for each in findings]
    return "\n".join([f"{words.count(count, 'runbook')}{'; nothing is missing.' if not lines else ':'}", *lines])


def plan(incident: Incident, policy: str, services: Sequence[str], steps: Sequence[Step], zone: str) -> str:
    """The ladder of an incident, one line a step; `services` are names that people read."""
    here, begin = ZoneInfo(zone), incident.detected_at
    about = f" of {_listed(services)}" if services else ""
    head = f"{incident.severity}{about}, declared {_moment(begin, here)} ({zone})"
    if not steps:
        return f"{head}: pages nobody."
    lines = [f"{head}, by escalation_policies.{policy}:"]
    for step in steps:
        after = f"T+{write_duration(step.at - begin)}" if step.at > begin else "T+0"
        lines.append(f"  {after:<8} {_moment(step.at, here):<21} level {step.level + 1}  {STEPS[step.kind](step)}")
    return "\n".join(lines)


def _page(step: Step) -> str:
    names = _listed([person.name for person, _ in step.people])
    if step.vendor:
        return f"{words.lane(step.vendor)} rings whom its own policy names; on call here: {names}"
    return _rung(step)


def _rung(step: Step) -> str:
    return "; ".join(f"{person.name}: {', '.join(map(_way, ways))}" for person, ways in step.people) or "nobody"


def _way(way: Way) -> str:
    return f"{words.way(way.means)}{f' ✗ {words.OBSTACLES[way.obstacle]}' if way.obstacle else ' ✓'}"


def _top(step: Step) -> str:
    names = _listed([person.name for person, _ in step.people])
    return f"again from the top: {names or 'nobody, as above'}"


STEPS: Mapping[str, Callable[[Step], str]] = {
    PAGE: _page,
    PHONE: _rung,
    NEXT: _rung,
    PASSED_OVER: lambda step: f"✗ passed over: {words.holes(_holes(step.holes))}",
    TOP: _top,
}


def _holes(found: Iterable[Any]) -> list[dict[str, str]]:
    return [{"kind": hole.kind, "schedule": hole.schedule} for hole in found]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"


def _date(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d}"


def _listed(names: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
