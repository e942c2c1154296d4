"""What each verb of the grammar does and how it is answered, from wherever it was said."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain import grammar
from domain.errors import Refused
from domain.incidents import RESOLVED, STATUSES, Incident
from domain.policy import OWN_PAGER, Policy
from domain.verbs import verbs
from domain.words import prose
from service.clock import Clock
from service.incidents import Incidents
from service.ports import Replies
from views import answers, explain, modals, words

Answer = dict[str, Any] | None

PICKED_FROM_ALL = ("show", "explain", "status")
FORM_FAILED = (
    "Slack does not open the form just now. Everything can be typed: `/incident help` shows how, "
    'for example `/incident start SEV-1 "db down"`.'
)


@dataclass(frozen=True, slots=True)
class Said:
    """Who said it and where. `key` makes a repeat harmless; `trigger_id` opens forms; `response_url` answers later."""

    by: str
    key: str = ""
    trigger_id: str = ""
    response_url: str = ""
    means: str = "command"


class Verbs:
    """One method a verb that needs more than a line."""

    def __init__(self, incidents: Incidents, replies: Replies, policy: Policy, clock: Clock) -> None:
        self._incidents = incidents
        self.replies = replies
        self.policy = policy
        self._clock = clock

    async def carry_out(self, command: grammar.Command, said: Said) -> Answer:
        """The answer; None where a form was opened instead. Raises Refused."""
        match command:
            case grammar.Start(severity, title):
                return await self.start(severity, title, said)
            case grammar.List(filter):
                return await self._list(filter)
            case grammar.Help(verb):
                return self._help(verb)
            case grammar.Update(None) | grammar.Status(None, _, _) | grammar.Ack(None) | grammar.Resolve(None):
                return await self._pick(type(command).__name__.lower())
            case grammar.Close(None) | grammar.Reopen(None) | grammar.Show(None) | grammar.Explain(None):
                return await self._pick(type(command).__name__.lower())
            case grammar.Ack(number):
                return await self.acknowledge(number, said)
            case grammar.Update(number, text):
                return await self.update(number, text, said)
            case grammar.Status(number, status, text):
                return await self._status(number, status, text, said)
            case grammar.Resolve(number, text):
                return await self.resolve(number, text, said)
            case grammar.Close(number):
                return answers.closed(await self._incidents.close(number, said.by, said.key))
            case grammar.Reopen(number, text):
                return answers.reopened(await self._incidents.reopen(number, said.by, text, said.key))
            case grammar.Show(number):
                return await self._show(number)
            case grammar.Explain(number):
                record = await self._incidents.record(number)
                return explain.explained(record, self._clock.now(), self.policy.slack_ids)

    async def start(self, severity: str | None, title: str, said: Said) -> Answer:
        """Declare; without a severity or a title the form, with the rest filled in."""
        if not severity or not title:
            return await self.form(self.declare_form(severity, title, said=said), said)
        return await self.declare(modals.Declared(title, severity, (), "", False), said)

    async def declare(self, wanted: modals.Declared, said: Said, anyway: bool = False) -> Answer:
        """Declare what a command or the form says."""
        declared = await self._incidents.declare(
            wanted.severity or "",
            wanted.title,
            said.by,
            description=wanted.description,
            services=wanted.services,
            private=wanted.private,
            respond_url=said.response_url,
            key=said.key,
            anyway=anyway,
        )
        if declared.again and not declared.repeat:
            return answers.same_title(declared.incident, _kept(wanted))
        return self._declared(declared.incident)

    def _declared(self, incident: Incident) -> Answer:
        severity = self.policy.severity_of(incident)
        paged = ""
        if severity.page and self.policy.levels:
            people = ", ".join(person.name for person in self.policy.levels[0].people)
            paged = people if self.policy.pager == OWN_PAGER else f"{people} by {words.lane(self.policy.pager)}"
        return answers.declared(incident, severity.label, paged, severity.room)

    def declare_form(
        self, severity: str | None = None, title: str = "", description: str = "", said: Said | None = None
    ) -> Mapping[str, Any]:
        """The form to declare. It carries the command's address, so that the answer finds its way back."""
        kept = json.dumps({"response_url": said.response_url}) if said and said.response_url else ""
        return modals.declare(
            [(s.name, s.label, s.means) for s in self.policy.severities],
            sorted(self.policy.service_names.items()),
            title,
            severity,
            description,
            kept,
        )

    async def form(self, view: Mapping[str, Any], said: Said) -> Answer:
        """Open a form, or say how to do without."""
        return None if await self.replies.open_form(said.trigger_id, view) else answers.refusal(FORM_FAILED)

    async def acknowledge(self, number: int, said: Said) -> Answer:
        """The first stops the ladder; everybody else reads who was first."""
        done = await self._incidents.acknowledge(number, said.by, said.means, said.key)
        return answers.acknowledged(done.incident) if done.won else answers.already_acknowledged(done.incident)

    async def update(self, number: int, text: str, said: Said) -> Answer:
        """Post it; without a text the form."""
        if not text:
            return await self.form(modals.update(await self._incident(number), self._ahead(number)), said)
        return answers.updated(await self._incidents.update(number, said.by, text, said.key))

    async def _status(self, number: int, status: str | None, text: str, said: Said) -> Answer:
        if status is None:
            return answers.status(await self._incident(number))
        if status == RESOLVED:
            return await self.resolve(number, text, said)
        return answers.status(await self._incidents.set_status(number, said.by, status, text, said.key))

    async def resolve(self, number: int, text: str, said: Said) -> Answer:
        """Resolve; without a text the form."""
        if not text:
            incident = await self._incident(number)
            if not incident.open:
                raise Refused(f"{incident.key} is {incident.status} already.")
            return await self.form(modals.resolve(incident), said)
        return answers.resolved(await self._incidents.resolve(number, said.by, text, key=said.key))

    async def postmortem_form(self, number: int, said: Said) -> Answer:
        """The thin postmortem, with what was written before."""
        kept = await self._incidents.postmortem(number)
        written = modals.Written(**kept) if kept else None
        return await self.form(modals.postmortem(await self._incident(number), written), said)

    async def pick(self, verb: str, number: int, said: Said) -> Answer:
        """Somebody chose the incident for a verb that named none."""
        command = {
            "ack": grammar.Ack(number),
            "update": grammar.Update(number, ""),
            "status": grammar.Status(number, None, ""),
            "resolve": grammar.Resolve(number, ""),
            "close": grammar.Close(number),
            "reopen": grammar.Reopen(number, ""),
            "show": grammar.Show(number),
            "explain": grammar.Explain(number),
        }[verb]
        return await self.carry_out(command, said)

    async def _pick(self, verb: str) -> Answer:
        found = await self._incidents.listing(only_open=False)
        if verb == "reopen":
            found = [incident for incident in found if not incident.open]
        elif verb == "close":
            found = [incident for incident in found if incident.status == RESOLVED]
        elif verb not in PICKED_FROM_ALL:
            found = [incident for incident in found if incident.open]
        return answers.picker(found, verb)

    async def _list(self, filter: str) -> Answer:
        found = await self._incidents.listing(only_open=filter == grammar.OPEN)
        if filter not in (grammar.OPEN, grammar.ALL):
            found = [incident for incident in found if filter in (incident.status, incident.severity)]
        return answers.listing(found, self._clock.now())

    async def _show(self, number: int) -> Answer:
        record = await self._incidents.record(number)
        label = self.policy.severity_of(record.incident).label
        return answers.shown(record, label, self.policy.slack_ids)

    def _help(self, verb: str | None) -> Answer:
        known = verbs([severity.name for severity in self.policy.severities])
        return answers.help_verb(verb, known[verb]) if verb else answers.help_text(known)

    async def _incident(self, number: int) -> Incident:
        return (await self._incidents.record(number)).incident

    def _ahead(self, number: int) -> tuple[str, ...]:
        return STATUSES[1:3]


def _kept(wanted: modals.Declared) -> str:
    """What *Declare anyway* brings back; a long description does not fit on a button."""
    return json.dumps({"severity": wanted.severity, "title": prose(wanted.title), "services": list(wanted.services)})


def read_kept(value: str) -> modals.Declared:
    """The other way round."""
    kept = json.loads(value)
    return modals.Declared(str(kept["title"]), str(kept["severity"]), tuple(kept["services"]), "", False)
