"""Answers to whoever merges, undoes or ends what was none: what will happen, what is asked, what was done."""

from collections.abc import Sequence

from domain.incidents import DUPLICATE, FALSE_ALARM, MERGED, WITHDRAWN, Incident
from domain.merging import HANDED_OVER, RESOLVED_THERE, Outlook
from views import actions, words
from views.answers import Answer, answer
from views.blocks import button, option, row, section, select
from views.card import headline
from views.markup import Mrkdwn, joined, one_line, person, room, said

VERBS = {MERGED: "merge", DUPLICATE: "duplicate"}
NAMED_MOST = 20

PUBLIC = {
    HANDED_OVER: "Its incident on the status page is handed over to {into}",
    RESOLVED_THERE: "Its incident on the status page is resolved, in the words of the template",
}
QUESTIONS = {MERGED: "*Merge {key} into {into}?*", DUPLICATE: "*End {key} as a duplicate of {into}?*"}

DONE = {
    MERGED: "*{key}* goes on in *{into}*, where its people are invited.",
    DUPLICATE: "*{key}* ended as a duplicate of *{into}*.",
    FALSE_ALARM: "*{key}* ended as a false alarm. Nothing rings any more, and everybody who was paged is told.",
    WITHDRAWN: "*{key}* is withdrawn. Nothing rings any more, and everybody who was paged is told.",
}


def confirm(look: Outlook, outcome: str) -> Answer:
    """What will happen, before it does."""
    asked = said(QUESTIONS[outcome], **_both(look))
    lines = [said("• {line}", line=line) for line in _consequences(look, outcome) if line]
    value = actions.pair_value(look.incident.number, look.into.number)
    action_id = actions.MERGE if outcome == MERGED else actions.END_DUPLICATE
    yes = button("Merge" if outcome == MERGED else "End as a duplicate", action_id, value, style="primary")
    text = joined("\n", [asked, *lines])
    return answer(text, section(text), row(yes, button("Keep them apart", actions.KEEP_APART, value)))


def _consequences(look: Outlook, outcome: str) -> Sequence[Mrkdwn | None]:
    both = _both(look)
    where = room(look.into_room) if look.into_room else said("the room of {into}", **both)
    vendor = words.lane(look.pager)
    return (
        said("{key} ends; its ladder and its reminders stop", **both),
        said("Its alert in {vendor} is resolved", vendor=vendor) if look.pager else None,
        said("{people} invited into {where}", people=_are(look.people), where=where) if look.people else None,
        said("What it affects is affected by {into} too", **both) if outcome == MERGED else None,
        said(PUBLIC[look.public], **both) if look.public else None,
        said("Its issue {issue} gets a comment and is closed", issue=one_line(look.issue)) if look.issue else None,
        said("Nothing is carried over") if outcome == DUPLICATE else None,
        said("Its timeline stays and is linked both ways. `/incident reopen {key}` takes it up again", **both),
        said("What was carried over stays with {into} then", **both) if outcome == MERGED else None,
    )


def _are(people: Sequence[str]) -> Mrkdwn:
    return said("{people} {are}", people=_people(people), are="are" if people[1:] else "is")


def _people(people: Sequence[str]) -> Mrkdwn:
    more = len(people) - NAMED_MOST
    named = joined(", ", map(person, people[:NAMED_MOST]))
    return said("{named} and {n} more", named=named, n=more) if more > 0 else named


def picker(incident: Incident, others: Sequence[Incident], outcome: str) -> Answer:
    """Into which one, where none was named."""
    verb, found = VERBS[outcome], [each for each in others if each.number != incident.number]
    if not found:
        return answer(said("No other incident is open, so there is none that {key} could go into.", key=incident.key))
    asked = said(
        "Which one {what}? Choose, or name it: `/incident {verb} {key} INC-…`",
        what="does it go on in" if outcome == MERGED else "does it repeat",
        verb=verb,
        key=incident.key,
    )
    choices = [option(headline(each), str(each.number), f"{each.severity}, {each.status}") for each in found[:100]]
    menu = select("Choose the other incident", actions.pick_into(verb, incident.number), choices)
    return answer(asked, section(asked), row(menu))


def ended(incident: Incident) -> Answer:
    """It is done."""
    if incident.outcome not in DONE:
        return answer(said("*{key}* is *{status}*.", key=incident.key, status=incident.status))
    done = said(DONE[incident.outcome], key=incident.key, into=_into(incident))
    back = said("`/incident reopen {key}` takes it up again.", key=incident.key)
    return answer(joined(" ", [done, back]))


def undone(incident: Incident) -> Answer:
    """The declaration, or the last status."""
    if not incident.open:
        return ended(incident)
    return answer(said("Undone: *{key}* is *{status}*.", key=incident.key, status=incident.status))


def _both(look: Outlook) -> dict[str, str]:
    return {"key": look.incident.key, "into": look.into.key}


def _into(incident: Incident) -> str:
    return f"INC-{incident.merged_into}"
