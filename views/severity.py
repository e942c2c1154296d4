"""A change of the severity in words: one line that says all that follows, and the form that shows what each means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.incidents import Incident
from domain.record import Record
from domain.severities import Severity
from views import modals
from views.answers import Answer, answer
from views.blocks import Message, View, context, input_block, modal, option, plain_text_input, saying, section, select
from views.ladder import still_open
from views.markup import Mrkdwn, joined, one_line, person, room, said
from views.times import duration

SEVERITY_OF = "severity_of"
"""The form's callback_id."""

PUBLIC = {
    "opened": "the status page tells the public",
    "updated": "the status page tells the public that it changed",
    "components": "the components on the status page follow",
    "asked": "the commander is asked whether to tell the public",
}
"""What the public learns, by the word of domain.severity_change."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A severity as the form explains it; `opens_public`: choosing it tells the public at once."""

    severity: Severity
    opens_public: bool = False


def in_room(data: Mapping[str, Any], record: Record) -> Message:
    """One line; the button stays as long as an acknowledgement is what is missing."""
    lead = said("*{moved} to {after}* from {before} by {by}", by=person(data.get("by")), **_change(data))
    why = said(" ({why})", why=one_line(str(data["why"]))) if data.get("why") else None
    text = said("{lead}{why}: {following}.", lead=lead, why=why, following=consequences(data))
    return saying(text, still_open(record) if data.get("people") else None)


def changed(incident: Incident, data: Mapping[str, Any]) -> Answer:
    """The same for whoever asked for it."""
    text = said("*{key}* is {moved} to *{after}* from {before}: ", key=incident.key, **_change(data, lower=True))
    return answer(said("{text}{following}.", text=text, following=consequences(data)))


def consequences(data: Mapping[str, Any]) -> Mrkdwn:
    """What followed; where that is little, it says that nobody is rung."""
    people = joined(", ", map(person, data.get("people") or ()))
    told = joined(", ", map(person, data.get("told") or ()))
    channels = joined(", ", map(room, map(str, data.get("channels") or ())))
    parts = [
        said("{people} {verb} paged", people=people, verb=_be(data.get("people"))) if people else None,
        _ladder(data),
        said("{told} {verb} told", told=told, verb=_be(data.get("told"))) if told else None,
        said("a war room is opened") if data.get("room") else None,
        said("announced in {channels}", channels=channels) if channels else None,
        said(PUBLIC[str(data["public"])]) if data.get("public") in PUBLIC else None,
    ]
    if not people and not _ladder(data):
        parts.insert(0, said("it is over, so nobody is rung") if data.get("quiet") else said("nobody is rung"))
    return joined(", ", parts)


def _ladder(data: Mapping[str, Any]) -> Mrkdwn | None:
    """What a lowering makes of the pages that are under way."""
    if data.get("silenced"):
        return said("nothing rings any more")
    if not data.get("goes_on"):
        return None
    return said("the ladder goes on without the phone") if data.get("no_phone") else said("the ladder goes on")


def form(incident: Incident, meanings: Sequence[Meaning], why: str = "", response_url: str = "") -> View:
    """What each severity means and does, and the choice."""
    choices = [option(f"{each.severity.name} {each.severity.label}", each.severity.name) for each in meanings]
    return modal(
        f"Severity of {incident.key}",
        SEVERITY_OF,
        context(said("*{title}* is {severity}", title=one_line(incident.title), severity=one_line(incident.severity))),
        *(section(_meaning(meaning)) for meaning in meanings),
        input_block(
            "New severity",
            modals.SEVERITY,
            select("How bad is it?", modals.SEVERITY, choices, incident.severity),
        ),
        input_block("Why?", modals.TEXT, plain_text_input(modals.TEXT, why), optional=True),
        submit="Change severity",
        private_metadata=modals.kept(incident.number, response_url),
    )


def read(view: Mapping[str, Any]) -> tuple[str, str]:
    """The severity's name and the reason."""
    return modals.read_choice(view, modals.SEVERITY) or "", modals.read_text(view)


def _meaning(meaning: Meaning) -> Mrkdwn:
    severity = meaning.severity
    within = duration(severity.acknowledge_within)
    does: Iterable[str | None] = (
        "pages at once" if severity.page else "pages nobody",
        f"calls after {duration(severity.call_after)}" if severity.page and severity.call_after else None,
        f"an answer within {within}" + (" of working hours" if severity.acknowledge_in_working_hours else ""),
        "a war room" if severity.room else "no war room",
        {"auto": "the public is told", "ask": "asks whether to tell the public"}.get(severity.status_page),
    )
    public = said(" *Chosen now, it tells the public at once.*") if meaning.opens_public else None
    return said(
        "{badge} *{name} {label}*: {means}\n{does}.{public}",
        badge=severity.badge,
        name=one_line(severity.name),
        label=severity.label,
        means=severity.means,
        does=joined(", ", does),
        public=public,
    )


def _change(data: Mapping[str, Any], lower: bool = False) -> dict[str, object]:
    moved = "raised" if data.get("raised") else "lowered"
    return {
        "moved": moved if lower else moved.capitalize(),
        "before": one_line(str(data.get("before") or "")),
        "after": one_line(str(data.get("after") or "")),
    }


def _be(people: Sequence[object] | None) -> str:
    return "are" if len(people or ()) > 1 else "is"
