"""Private answers to commands and buttons, as slash commands take them. Every text reads without its blocks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from domain.incidents import Incident
from domain.record import Record
from views import actions, words
from views.blocks import Block, button, message, option, row, section, sections, select
from views.card import facts, headline
from views.markup import Mrkdwn, bold, joined, link, one_line, person, room, said, typed
from views.page import taken
from views.timeline import QUIET, worded
from views.times import duration, slack_time

Answer = dict[str, Any]

LISTED_MOST = 50
SHOWN_LINES = 10


class Verb(Protocol):
    """What help says of one verb."""

    @property
    def usage(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def examples(self) -> Sequence[str]: ...


def answer(text: str, *blocks: Block | None, public: bool = False) -> Answer:
    """What only the asker sees, or the channel where it is `public`. Without blocks the text is all there is."""
    told = message(text, *blocks)
    answered = {"response_type": "in_channel" if public else "ephemeral", "text": told["text"]}
    return answered | ({"blocks": told["blocks"]} if told["blocks"] else {})


def declared(incident: Incident, label: str = "", paging: str = "", opens_room: bool = True) -> Answer:
    """What was understood, at once; `paging` names who or what is paged, in plain words or as markup."""
    severity = joined(" ", [one_line(incident.severity), label])
    what = said("*{key}* declared: {severity}, {title}.", key=incident.key, severity=severity, title=_title(incident))
    paged = said("Paging {paging}.", paging=paging) if paging else said("Nobody is paged.")
    following = said("The war room is being opened.") if opens_room else None
    return answer(joined(" ", [_kind(incident), what, paged, following]))


def declared_in_room(incident: Incident, channel: str) -> Answer:
    """The second message, for all to see, unless the incident is not for all."""
    public = not (incident.private or incident.drill)
    text = said("*{key}* declared: {room}", key=incident.key, room=room(channel))
    return answer(joined(" ", [text, said("– {title}", title=_title(incident))]), public=public)


def same_title(incident: Incident, value: str | None = None) -> Answer:
    """Declared twice within a minute: probably one incident. `value` is what the button brings back."""
    text = said("You declared this a moment ago: *{key}* {title}.", key=incident.key, title=_title(incident))
    anyway = button("Declare anyway", actions.DECLARE_ANYWAY, value or str(incident.number))
    return answer(joined(" ", [text, said("Nothing new was declared.")]), section(text), row(anyway))


def refusal(text: str) -> Answer:
    """Plain words of a refusal."""
    return answer(typed(text))


def apology(reference: str) -> Answer:
    """For a bug; the reference is in the log."""
    return answer(
        said(
            "Sorry, that went wrong inside Muster and was logged as {reference}. Pages already owed still go out. "
            "Try again, and tell whoever runs Muster if it happens twice.",
            reference=reference,
        )
    )


def acknowledged(incident: Incident) -> Answer:
    return answer(
        said("You are on it: *{key}* {title}. Nobody else is rung.", key=incident.key, title=_title(incident))
    )


def already_acknowledged(incident: Incident) -> Answer:
    """Nine of ten who clicked at once read this."""
    return answer(joined(" ", [bold(incident.key), said("is taken:"), taken(incident)]))


def updated(incident: Incident) -> Answer:
    return answer(said("Update posted to *{key}* ({status}).", key=incident.key, status=incident.status))


def status(incident: Incident) -> Answer:
    return answer(
        joined(" ", [said("*{key}* is *{status}*.", key=incident.key, status=incident.status), _who_answers(incident)])
    )


def resolved(incident: Incident) -> Answer:
    lasted = incident.duration
    after = said(" after {span}", span=duration(lasted)) if lasted is not None else None
    return answer(said("*{key}* is resolved{after}. Nothing rings any more.", key=incident.key, after=after))


def closed(incident: Incident) -> Answer:
    return answer(said("*{key}* is closed.", key=incident.key))


def reopened(incident: Incident) -> Answer:
    return answer(said("*{key}* is open again and {status}.", key=incident.key, status=incident.status))


def listing(incidents: Sequence[Incident], now: datetime, rooms: Mapping[int, str] | None = None) -> Answer:
    """One line each, in the order given; `rooms` maps numbers to channel ids."""
    if not incidents:
        return answer(said('No incident is open. Declare one: `/incident start "what is broken"`'))
    lines = [_listed(incident, now, (rooms or {}).get(incident.number, "")) for incident in incidents[:LISTED_MOST]]
    more = len(incidents) - LISTED_MOST
    return _long([*lines, *([said("and {n} more", n=more)] if more > 0 else [])])


def shown(record: Record, label: str = "", people: Mapping[str, str] | None = None) -> Answer:
    """The incident in words, with the end of its timeline."""
    incident, channel = record.incident, record.ref("channel")
    elsewhere = [ref for ref in record.refs if ref.url and ref.name]
    links = [link(ref.url, str(ref.data.get("key") or words.lane(ref.name))) for ref in elsewhere]
    lines = [
        bold(headline(incident)),
        *(
            said("{name}: {value}", name=name, value=value)
            for name, value in facts(incident, label, {}).items()
            if value
        ),
        _who_answers(incident),
        typed(one_line(incident.description)),
        said("Room: {room}", room=room(channel.value)) if channel else None,
        joined(" · ", links),
    ]
    told = [entry for entry in record.timeline if entry.kind not in QUIET][-SHOWN_LINES:]
    events = [joined(" ", ["•", slack_time(entry.at) if entry.at else None, worded(entry, people)]) for entry in told]
    return _long([*filter(None, lines), *events])


def picker(incidents: Sequence[Incident], verb: str) -> Answer:
    """A menu where an incident must be named and was not."""
    if not incidents:
        return answer(said("No incident is open, so there is none to {verb}.", verb=verb))
    choices = [
        option(headline(incident), str(incident.number), f"{incident.severity}, {incident.status}")
        for incident in incidents[:100]
    ]
    text = said("Which incident do you want to {verb}? Name it: `/incident {verb} INC-…`", verb=verb)
    return answer(text, section(text), row(select("Choose an incident", actions.pick(verb), choices)))


def help_text(verbs: Mapping[str, Verb]) -> Answer:
    """Every verb on a line."""
    lines = [said("{usage} {summary}", usage=_typed_in(verb.usage), summary=verb.summary) for verb in verbs.values()]
    more = said("`/incident help update` says more of one. In a war room the incident's id may be left out.")
    return _long([said("*What Muster understands*"), *lines, more])


def help_verb(name: str, verb: Verb, severity: str) -> Answer:
    """One verb with its examples; `severity` is one to show in them."""
    shown_with = [example.replace("{severity}", severity) for example in verb.examples]
    examples = [said("• {example}", example=_typed_in(example)) for example in shown_with]
    return _long([said("*{name}* {summary}", name=name, summary=verb.summary), _typed_in(verb.usage), *examples])


def _typed_in(words: str) -> Mrkdwn:
    """As it is typed, whether or not the words begin with the command."""
    return said("`/incident {words}`", words=words.removeprefix("/incident "))


def _long(lines: Sequence[Mrkdwn]) -> Answer:
    """What may be longer than one text goes into sections too."""
    whole = joined("\n", lines)
    return answer(whole, *(sections(lines) if len(whole) > 3000 else ()))


def _listed(incident: Incident, now: datetime, channel: str) -> Mrkdwn:
    since = incident.resolved_at or now
    parts = [
        said("• *{key}* {severity} {status}", key=incident.key, severity=incident.severity, status=incident.status),
        _title(incident),
        said("IC {commander}", commander=person(incident.commander)) if incident.commander else None,
        duration(since - incident.detected_at),
        room(channel) if channel else None,
    ]
    return joined(" – ", parts)


def _title(incident: Incident) -> str:
    return one_line(incident.title)


def _kind(incident: Incident) -> Mrkdwn | None:
    """What the asker must not be mistaken about."""
    return joined(" ", ["[DRILL]" if incident.drill else None, "🔒" if incident.private else None]) or None


def _who_answers(incident: Incident) -> Mrkdwn:
    return taken(incident) or (said("Nobody has acknowledged yet.") if incident.open else said("Nobody acknowledged."))
