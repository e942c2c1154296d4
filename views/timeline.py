"""The timeline's lines in words, as Slack's markup, as Markdown and plain. It chooses no entries and no order."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

from domain.decision import Entry
from domain.phone import UNANSWERED
from views import phone_codes, plain, words
from views.markup import Mrkdwn, joined, one_line, person, said, short, typed
from views.steps import moment
from views.times import duration

OLD_MOST = 80
"""Of what was corrected, enough to know it again."""

TEMPLATES = {
    "detected": "declared by {by}{text}",
    "acknowledged": "acknowledged by {by}{means}",
    "update": "{by}{status}{text}",
    "mitigation": "mitigated, says {by}{text}",
    "resolution": "resolved by {by}{text}",
    "note": "note by {by}{text}",
    "message": "{people} wrote{text} (kept by {by})",
    "draft": "{by} drafted for the public{text}",
    "correction": "{by} corrected “{old}”{text}",
    "withdrawn": "{by} took back{text}",
    "action": "action item by {by}{text}",
    "action made": "{by} made an action item for {people}{due}{text}",
    "action done": "{by} did the action item of {people}{text}",
    "action changed": "{by} changed an action item, now for {people}{due}{text}",
    "action reopened": "{by} opened the action item of {people} again{text}",
    "action withdrawn": "{by} took back the action item of {people}{text}",
    "status": "{by} changed the status{status}{text}",
    "severity": "{by} changed the severity{change}{text}",
    "services": "{by} changed what is affected{change}",
    "impact": "{by} described the impact{text}",
    "private": "{by} made the incident private",
    "invited": "{by} invited {people}",
    "link": "{by} added a link{text}",
    "link removed": "{by} took a link off{text}",
    "role": "{role}: {people}",
    "role claimed": "{people} took the role {role}",
    "role given": "{by} made {people} {role}",
    "role handed_over": "{by} handed the role {role} over to {people}{text}",
    "role left": "{by} left the role {role}",
    "role deactivated": "{people} was deactivated in Slack: nobody is {role}",
    "role gone": "{people} left the room: nobody is {role}",
    "snooze": "{by} snoozed the reminders until {until}",
    "snooze off": "{by} ended the snooze",
    "stable": "stable, says {by}",
    "sla warning": "the time to acknowledge was nearly up",
    "sla breach": "nobody acknowledged in time",
    "page": "paged {people}{via}{text}",
    "page call": "nobody had acknowledged: call and text to {people}{via}",
    "page escalated": "nobody acknowledged in time: paged level {level}, {people}{via}",
    "page escalated_by": "{by} escalated{text}: paged level {level}, {people}",
    "page cannot_by": "{by} cannot take it{text}: paged level {level}, {people}",
    "page cannot": "{by} cannot take it either",
    "page joining": "{by} is joining",
    "page asked": "{by} paged {people}{named}{text}",
    "page nobody": "nobody in the ladder can be reached: said in the room, with the numbers to dial",
    "page nobody_but": "nobody in the ladder can be reached: said in the room, with the numbers to dial; paged{via}",
    "page held": "the {ring} to {people} waits until {until}: they were rung for {with} just now",
    "page capped": "{people} was called {count} times in {span}: no further call, the next level is asked",
    "notice": "told {people} how it stands",
    "notice offer": "no word since the acknowledgement: offered to page the next level",
    "notice contacts": "the vendors' support was named",
    "page passed_over": "level {level} was passed over{holes}",
    "page next_means": "the page{instead} did not get through{why}: rang {people}{via}",
    "page no_means": "the page{instead} did not get through{why}: nothing else can ring {people} at once",
    "page call_status": "the call to {people}: {stage}",
    "page text_status": "the text to {people}: {stage}",
    "page call_unanswered": "the call to {people}: {stage}{why}; that is no acknowledgement",
    "page text_unanswered": "the text to {people}: {stage}{why}",
    "page ring_lost": "the {ring} to {people} did not get through{why}: rang them{via}",
    "page ring_lost_alone": "the {ring} to {people} did not get through{why}: nothing else can ring them at once",
    "page test": "{by} tested their own page{via}",
    "pager": "{step} in {vendor} by {by}{text}",
    "pager resolved": "{by} resolved the alert in {vendor}",
    "pager unacknowledged": "the acknowledgement in {vendor} ended",
    "pager reopened": "{by} reopened the alert in {vendor}",
    "pager escalated": "{vendor} escalated{to}",
    "pager reassigned": "{by} reassigned it in {vendor}{to}",
    "pager delegated": "{by} delegated it in {vendor}{to}",
    "pager priority_updated": "{by} changed the priority in {vendor}{to}",
    "pager responder.added": "{by} sent a request to help in {vendor}{to}",
    "pager blind": "{vendor} could not be asked who had answered{why}",
    "pager sighted": "{vendor} could be asked again",
    "tracker": "{step} in {vendor} by {by}",
    "tracker closed": "{by} closed {key} in {vendor}",
    "tracker reopened": "{by} opened {key} again in {vendor}",
    "runbook": "{by} showed the runbook{text}",
    "checklist": "{by} used a checklist{text}",
    "checklist posted": "{by} posted the checklist{text}",
    "checklist ticked": "{by} ticked{text}",
    "status merged": "{by} merged it into {into}",
    "status duplicate": "{by} ended it as a duplicate of {into}",
    "status false_alarm": "{by} ended it as a false alarm{text}",
    "status withdrawn": "{by} withdrew it: declared by mistake",
    "status undone": "{by} set the status back{status}",
    "merge": "{by} changed what is part of it: {key}",
    "merge took_in": "{by} merged {key} into it",
    "merge repeated": "{by} ended {key} as a duplicate of it",
    "merge gave_back": "{by} reopened {key}, which goes its own way again",
    "checklist unticked": "{by} took back the tick{text}",
    "delivery": "{what}: {result}",
    "other": "{kind} by {by}{text}",
}
"""By kind, and by step where a kind has several; the words between the braces come from `wording`."""


def worded(entry: Entry, people: Mapping[str, str] | None = None) -> Mrkdwn:
    """One entry as Slack markup, without its time."""
    values = wording(entry)
    crowd = joined(", ", [person(name, people) for name in values["people"]]) or typed("nobody")
    return said(TEMPLATES[key(entry)], **(values | {"by": person(entry.author, people), "people": crowd}))


def unmarked(entry: Entry, names: Mapping[str, str]) -> str:
    """One entry for what knows no markup, without its time; `names` gives people's names for their ids."""
    values = wording(entry)
    crowd = ", ".join(plain.person(who, names) for who in values["people"]) or "nobody"
    return TEMPLATES[key(entry)].format_map(values | {"by": plain.person(entry.author, names), "people": crowd})


def key(entry: Entry) -> str:
    """Which template is this entry's."""
    step = f"{entry.kind} {entry.data.get('step')}"
    if step == "page next_means" and not entry.data.get("means"):
        return "page no_means"
    if step == "page nobody" and entry.data.get("means"):
        return "page nobody_but"
    if step == "page ring_lost" and not entry.data.get("means"):
        return "page ring_lost_alone"
    if step in ("page call_status", "page text_status") and entry.data.get("status") in UNANSWERED:
        return step.replace("_status", "_unanswered")
    if step == "page escalated" and entry.data.get("via"):
        return "page cannot_by" if entry.data.get("cannot") else "page escalated_by"
    if entry.kind == "notice":
        step = f"notice {entry.data.get('what')}"
    if step in TEMPLATES:
        return step
    return entry.kind if entry.kind in TEMPLATES else "other"


def quiet(entry: Entry) -> bool:
    """Whether only `explain` shows it: deliveries, and the stages of a call."""
    return entry.kind == "delivery" or key(entry) in ("page call_status", "page text_status")


def wording(entry: Entry) -> dict[str, Any]:
    """An entry's words, as typed. `by` (the author) and `people` (a list) are left to be named."""
    data = entry.data
    change = (data.get("from") or data.get("before"), data.get("to") or data.get("after") or data.get("severity"))
    return {
        "by": entry.author,
        "people": [str(name) for name in data.get("people") or filter(None, [data.get("person")])],
        "text": _after(": ", data.get("text") or data.get("why")),
        "old": short(str(data.get("before") or ""), OLD_MOST) if entry.kind == "correction" else "",
        "due": _after(", due ", data.get("due")),
        "named": _after(" as ", data.get("name")),
        "ring": words.within(words.effect(str(data.get("ring") or "call"))),
        "until": _clock(data.get("until")),
        "with": str(data.get("with") or ""),
        "count": str(data.get("count") or ""),
        "span": duration(timedelta(seconds=int(data.get("span") or 0))),
        "status": _after(" to " if entry.kind == "status" else " – ", data.get("status")),
        "means": _after(" ", words.means(data.get("means"))) if entry.kind == "acknowledged" else "",
        "via": _after(" by ", words.lanes(data.get("lane") or data.get("means") or ())),
        "instead": _after(" by ", words.lane(str(data.get("instead_of") or ""))),
        "why": f" ({why})" if (why := one_line(str(data.get("why") or _reason(data)))) else "",
        "holes": _after(": ", words.holes(data.get("holes") or ())),
        "level": _level(data.get("level")),
        "stage": words.call(str(data.get("status") or "")),
        "change": _after(" from ", change[0]) + _after(" to ", change[1]),
        "role": one_line(str(data.get("name") or data.get("role") or "")),
        "kind": entry.kind,
        "to": _after(" to ", data.get("text")),
        "step": one_line(str(data.get("step") or "")),
        "vendor": words.lane(one_line(str(data.get("lane") or ""))) if entry.kind in ("pager", "tracker") else "",
        "what": words.effect(str(data.get("kind", "")), str(data.get("lane", ""))),
        "into": one_line(str(data.get("into") or "")),
        "key": one_line(str(data.get("key") or "")),
        "result": data.get("error") or data.get("result") or "",
    }


def _reason(data: Mapping[str, Any]) -> str:
    code = data.get("code")
    return phone_codes.reason(code) if isinstance(code, int) else ""


def _clock(value: object) -> str:
    at = moment(value)
    return f"{at.astimezone(UTC):%H:%M} UTC" if at else ""


def _level(value: object) -> str:
    """People count from one."""
    return str(value + 1) if isinstance(value, int) else ""


def _after(before: str, value: object) -> str:
    """What there is to say, with what leads to it; nothing for nothing."""
    return f"{before}{value}" if value else ""
