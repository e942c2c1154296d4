"""Test pages: the answer, and the record of who tested what. Their message is in page.py."""

from collections.abc import Sequence

from domain.record import DELIVERED, FAILED, Record
from domain.trials import Begun, confirmed
from views import words
from views.answers import Answer, answer
from views.markup import Mrkdwn, joined, person, said, typed
from views.steps import PAGES, Step, steps
from views.times import slack_date

CONFIRMS = {"button": "page", "command": "page", "phone": "call", "sms": "text"}
"""By which means somebody confirms which ring."""

KINDS = {"page": "Slack", "call": "call", "text": "SMS", "email": "e-mail"}
MISSING = {"phone": "phone", "sms": "SMS"}


def begun(test: Begun | None) -> Answer:
    """By which means they are rung now, and which they lack. Of a number the last two digits."""
    if test is None:
        return answer(said("Your test page is on its way already."))
    numbers = {"phone": f"call ({_ends(test.phone)})", "sms": f"SMS ({_ends(test.sms)})"}
    rung = {"slack": "Slack", "email": "e-mail", **numbers}
    means = ", ".join(rung[each] for each in test.means)
    lead = said("Your test page is on its way: {means}. Nobody else is rung.", means=means)
    how = said("Press 1 on the phone, reply to the SMS, and press the button to confirm each.")
    more = said("`/incident testpage status` shows what arrived.")
    return answer(joined(" ", [lead, how if len(test.means) > 1 else None, more, _lacking(test)]))


def latest(records: Sequence[Record]) -> Answer:
    """Who tested when, by what, and what arrived; the newest first."""
    if not records:
        return answer(said("Nobody has sent themselves a test page yet. `/incident testpage` rings you now."))
    lines = [said("*Test pages*, the newest first"), *(_line(record) for record in records)]
    return answer(joined("\n", lines))


def _line(record: Record) -> Mrkdwn:
    incident = record.incident
    tried = [step for step in steps(record) if step.kind in PAGES]
    told = joined(" · ", [_told(step, record) for step in tried])
    who, at = person(incident.reporter), slack_date(incident.detected_at)
    return said("• {at} {who}: {told}", at=at, who=who, told=told or typed("nothing was sent"))


def _told(step: Step, record: Record) -> Mrkdwn:
    kind = KINDS[step.kind]
    if any(CONFIRMS.get(means) == step.kind for means in confirmed(record)):
        return said("{kind} ✓ confirmed", kind=kind)
    if step.state == FAILED:
        return said("{kind} ✗ {reason}", kind=kind, reason=step.error)
    if step.state != DELIVERED:
        return said("{kind} … {reason}", kind=kind, reason=step.error or "on its way")
    if step.kind == "email":
        return said("{kind} … {told}", kind=kind, told=step.result)  # which nobody can confirm by it
    vain = step.kind != "page" and step.vain
    told = joined(", ", [words.call(step.result) if step.kind != "page" else step.result, step.error])
    return said("{kind} {mark} {told}, not confirmed", kind=kind, mark="✗" if vain else "…", told=told)


def _lacking(test: Begun) -> Mrkdwn | None:
    if not test.connected:
        return said("No phone company is connected, so there is neither call nor SMS.")
    missing = " and ".join(name for means, name in MISSING.items() if means not in test.means)
    return said("You have no number for {missing} in config.yaml.", missing=missing) if missing else None


def _ends(number: str) -> str:
    return f"…{number[-2:]}"
