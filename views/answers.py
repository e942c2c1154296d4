"""Private answers to commands and buttons, as slash commands take them. Every text reads without its blocks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from domain import bookmarks
from domain.details import links
from domain.incidents import Incident
from domain.record import Record, Ref
from views import actions, modals, words
from views.blocks import Block, button, input_block, message, option, plain_text_input, row, section, sections, select
from views.card import facts, headline
from views.endings import public_again
from views.markup import Mrkdwn, bold, joined, link, one_line, person, room, said, short, typed
from views.page import taken
from views.timeline import quiet, worded
from views.times import duration, slack_time

Answer = dict[str, Any]

LISTED_MOST = 50
SHOWN_LINES = 10
ALIKE_LONGEST = 100


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


def declared(
    incident: Incident, label: str = "", paging: str = "", opens_room: bool = True, alike: Sequence[Incident] = ()
) -> Answer:
    """What was understood, at once; `paging` names who or what is paged, in plain words or as markup; `alike` are open
    incidents that may be the same."""
    severity = joined(" ", [one_line(incident.severity), label])
    what = said("*{key}* declared: {severity}, {title}.", key=incident.key, severity=severity, title=_title(incident))
    paged = said("Paging {paging}.", paging=paging) if paging else said("Nobody is paged.")
    following = said("The war room is being opened.") if opens_room else None
    same = [said("*{key}* {title}", key=each.key, title=short(_title(each), ALIKE_LONGEST)) for each in alike]
    perhaps = said("Open already, and perhaps the same: {same}.", same=joined(", ", same)) if same else None
    told = joined(" ", [_kind(incident), what, paged, following, perhaps])
    return answer(told, section(told, button("Undo", actions.UNDO, str(incident.number))))


def declared_in_room(incident: Incident, channel: str) -> Answer:
    """The second message, for all to see, unless the incident is not for all."""
    public = not (incident.private or incident.drill)
    text = said("*{key}* declared: {room}", key=incident.key, room=room(channel))
    return answer(joined(" ", [text, said("– {title}", title=_title(incident))]), public=public)


def same_title(incident: Incident, value: str) -> Answer:
    """Declared twice within a minute: probably one incident. `value` is what the button brings back, if one can."""
    text = said(
        "You declared this a moment ago: *{key}* {title}. Nothing new was declared.",
        key=incident.key,
        title=_title(incident),
    )
    if not value:
        return answer(joined(" ", [text, said("If it is another one, give it another title.")]))
    return answer(text, section(text), row(button("Declare anyway", actions.DECLARE_ANYWAY, value)))


def refusal(text: str) -> Answer:
    """Plain words of a refusal, shown as they are."""
    return plain(text)


def plain(text: str) -> Answer:
    """Plain words, shown as they are."""
    return answer(typed(text))


def acknowledged(incident: Incident) -> Answer:
    return answer(
        said("You are on it: *{key}* {title}. Nobody else is rung.", key=incident.key, title=_title(incident))
    )


def already_acknowledged(incident: Incident) -> Answer:
    """Nine of ten who clicked at once read this."""
    return answer(joined(" ", [bold(incident.key), said("is taken:"), taken(incident)]))


def escalated(incident: Incident, people: Sequence[str], again: bool, cannot: bool = False) -> Answer:
    """Whom it paged; or whom somebody else paged a moment ago; or that nobody is left."""
    crowd = joined(", ", map(person, people))
    if not crowd:
        return answer(
            said("*{key}*: nobody in the ladder can be reached now. Its room says whom to call.", key=incident.key)
        )
    noted = said("Noted: you cannot.") if cannot else None
    were = "was" if len(people) == 1 else "were"
    told = said("{people} {were} paged a moment ago already.", people=crowd, were=were) if again else None
    return answer(joined(" ", [bold(incident.key), noted, told or said("Paging {people} now.", people=crowd)]))


def paging(incident: Incident, people: Sequence[str]) -> Answer:
    """Who was paged by name, and who is on it meanwhile."""
    crowd = joined(", ", map(person, people))
    told = said("Paging {people} for *{key}*.", people=crowd, key=incident.key) if crowd else said("Done already.")
    return answer(joined(" ", [told, taken(incident)]))


def joining(incident: Incident) -> Answer:
    """Coming is not answering."""
    missing = said("Nobody has acknowledged yet, so the ladder goes on: *Acknowledge* if it is yours.")
    on_it = taken(incident) or missing
    return answer(joined(" ", [said("You are joining *{key}*.", key=incident.key), on_it]))


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


def kept(incident: Incident) -> Answer:
    return answer(said("The postmortem of *{key}* is kept and shown in its room.", key=incident.key))


def closed(incident: Incident) -> Answer:
    return answer(said("*{key}* is closed.", key=incident.key))


def reopened(incident: Incident, rung: bool = False, told: Mapping[str, Any] | None = None) -> Answer:
    """`rung`: whether it rings until somebody answers, as at the beginning; `told` is what the timeline says of it."""
    again = said("*{key}* is open again and {status}.", key=incident.key, status=incident.status)
    if incident.acknowledged_at:
        rings = said("Whoever answered is still on it; nobody is rung.")
    elif rung:
        rings = said("Nobody had answered: it rings again.")
    else:
        rings = said("It rings nobody: `/incident escalate {key}` does.", key=incident.key)
    return answer(joined(" ", [again, rings, public_again(told or {}, incident)]))


def listing(
    incidents: Sequence[Incident], now: datetime, rooms: Mapping[int, str] | None = None, wanted: str = "open"
) -> Answer:
    """One line each, in the order given; `rooms` maps numbers to channel ids, `wanted` is what was asked for."""
    if not incidents:
        return answer(_none_of(wanted))
    lines = [_listed(incident, now, (rooms or {}).get(incident.number, "")) for incident in incidents[:LISTED_MOST]]
    more = len(incidents) - LISTED_MOST
    return _long([*lines, *([said("and {n} more", n=more)] if more > 0 else [])])


def shown(
    record: Record,
    label: str = "",
    people: Mapping[str, str] | None = None,
    services: Mapping[str, str] | None = None,
) -> Answer:
    """The incident in words, with the end of its timeline; `services` maps keys to names."""
    incident, channel = record.incident, record.ref("channel")
    elsewhere = [ref for ref in record.refs if ref.url and ref.name and ref.kind != bookmarks.KIND]
    found = [link(ref.url, _called(ref)) for ref in elsewhere]
    found += [link(each.url, each.title or each.url) for each in links(record)]
    lines = [
        bold(headline(incident)),
        *(
            said("{name}: {value}", name=name, value=value)
            for name, value in facts(incident, label, services or {}).items()
            if value
        ),
        _who_answers(incident),
        typed(one_line(incident.description)),
        said("Impact: {impact}", impact=one_line(incident.impact)) if incident.impact else None,
        said("Room: {room}", room=room(channel.value)) if channel else None,
        joined(" · ", found),
    ]
    told = [entry for entry in record.timeline if not quiet(entry)][-SHOWN_LINES:]
    events = [joined(" ", ["•", slack_time(entry.at) if entry.at else None, worded(entry, people)]) for entry in told]
    return _long([*filter(None, lines), *events])


def _called(ref: Ref) -> str:
    """The tracker's own key, else the vendor: the name of an alert is the key that we gave it."""
    return str(ref.data.get("key") or words.lane(ref.data.get("lane") or ref.name))


def picker(incidents: Sequence[Incident], verb: str, rest: str = "") -> Answer:
    """A menu where an incident must be named and was not; what was typed with the verb stays beside it."""
    if not incidents:
        return answer(_PICKED_OF.get(verb, said("No incident is open, so there is none to {verb}.", verb=verb)))
    choices = [
        option(headline(incident), str(incident.number), f"{incident.severity}, {incident.status}")
        for incident in incidents[:100]
    ]
    asked = said("Which incident is it? Choose, or name it: `/incident {verb} INC-…`", verb=verb)
    typed_with = input_block("What you typed with it", modals.TEXT, plain_text_input(modals.TEXT, rest, multiline=True))
    menu = select("Choose an incident", actions.pick(verb), choices)
    return answer(asked, section(asked), typed_with if rest else None, row(menu))


def in_place(done: Answer | None) -> Answer | None:
    """The answer in the question's place: what was chosen is not asked again. None stays None."""
    return done and done | {"replace_original": True}


def help_text(subjects: Mapping[str, Sequence[str]]) -> Answer:
    """The names of all verbs on one screen, by subject."""
    lines = [said("*{subject}*  {verbs}", subject=subject, verbs=_named(verbs)) for subject, verbs in subjects.items()]
    more = said(
        "Each after `/incident`, as in `/incident start`. `/incident help update` explains one with examples, "
        "`/incident help all` every one. In a war room the incident's id may be left out; elsewhere a menu asks."
    )
    return _long([said("*What Muster understands*"), *lines, more])


def help_all(verbs: Mapping[str, Verb], subjects: Mapping[str, Sequence[str]]) -> Answer:
    """Every verb on a line, under its subject's heading."""
    lines = [said("*What Muster understands*")]
    for subject, names in subjects.items():
        lines.append(said("\n*{subject}*", subject=subject))
        lines += [said("{usage} {summary}", usage=_typed_in(verbs[n].usage), summary=verbs[n].summary) for n in names]
    return _long(lines)


def _named(verbs: Sequence[str]) -> Mrkdwn:
    return joined("  ", [said("`{verb}`", verb=verb) for verb in verbs])


def help_verb(name: str, verb: Verb) -> Answer:
    """One verb with its examples."""
    examples = [said("• {example}", example=_typed_in(example)) for example in verb.examples]
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
        said("• *{key}* {severity} {status}", key=incident.key, severity=incident.severity, status=incident.state),
        _title(incident),
        said("IC {commander}", commander=person(incident.commander)) if incident.commander else None,
        duration(since - incident.detected_at),
        room(channel) if channel else None,
    ]
    return joined(" – ", parts)


def _none_of(wanted: str) -> Mrkdwn:
    declare = said('Declare one: `/incident start "what is broken"`')
    if wanted == "open":
        return said("No incident is open. {declare}", declare=declare)
    if wanted == "all":
        return said("There was no incident yet. {declare}", declare=declare)
    return said("There is no incident that is {wanted}. `/incident list all` shows what there is.", wanted=wanted)


_PICKED_OF = {
    "close": said("No incident is resolved, so there is none to close."),
    "stable": said("No incident is resolved, so there is none to call stable."),
    "reopen": said("No incident is resolved or closed, so there is none to reopen."),
    **dict.fromkeys(("show", "explain", "status", "checklist", "roles"), _none_of("all")),
}


def _title(incident: Incident) -> str:
    return one_line(incident.title)


def _kind(incident: Incident) -> Mrkdwn | None:
    """What the asker must not be mistaken about."""
    return joined(" ", ["[DRILL]" if incident.drill else None, "🔒" if incident.private else None]) or None


def _who_answers(incident: Incident) -> Mrkdwn:
    return taken(incident) or (said("Nobody has acknowledged yet.") if incident.open else said("Nobody acknowledged."))
