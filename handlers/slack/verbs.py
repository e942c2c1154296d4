"""What each verb of the grammar does and how it is answered, from wherever it was said."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain import grammar, paging
from domain.errors import Refused
from domain.grants import DECLARE
from domain.incidents import CLOSED, MONITORING, OPEN_STATUSES, RESOLVED, STATUSES, Incident
from domain.naming import Known
from domain.policy import OWN_PAGER, Policy
from domain.recording import Message
from domain.typed import About, Command
from domain.verbs import VERBS, by_subject, verbs
from handlers.slack.declaring import declare_view
from handlers.slack.family import Deed, Family, Outcome, Said, opened
from handlers.slack.publishing import publish_form
from service.clock import Clock
from service.doors import must_hope
from service.incidents import Incidents
from service.ports import Replies
from views import actions, answers, explain, handover, modals, publish, reminders, words

LISTED = {grammar.OPEN: OPEN_STATUSES, grammar.ALL: STATUSES, **{status: (status,) for status in STATUSES}}

TOLD_WITHIN_S = 1.5
"""Whoever hands over is answered within Slack's 3 seconds, whether or not Slack takes the message to somebody else."""


class Verbs:
    """One method a verb. What is said by command is carried out here; buttons and forms call what they need."""

    def __init__(
        self, incidents: Incidents, replies: Replies, policy: Policy, clock: Clock, families: Sequence[Family] = ()
    ) -> None:
        self._incidents = incidents
        self.replies = replies
        self.policy = policy
        self._clock = clock
        self._telling: set[asyncio.Task[bool]] = set()
        self.families = families
        self._severities = [severity.name for severity in policy.severities]
        self._deeds: dict[type, Deed] = {
            grammar.Start: self._start,
            grammar.Ack: self._ack,
            grammar.Escalate: self._escalate,
            grammar.Page: self._page,
            grammar.Handover: self._handover,
            grammar.Update: self._update,
            grammar.Status: self._status,
            grammar.Resolve: self._resolve,
            grammar.Close: self._close,
            grammar.Reopen: self._reopen,
            grammar.List: self._list,
            grammar.Show: self._show,
            grammar.Explain: self._explain,
            grammar.Help: self._help,
        }
        for family in families:
            self._deeds.update(family.deeds())

    async def say(self, typed: str, said: Said, known: Known = lambda _: None) -> Outcome:
        """Carry out what was typed after the command. Raises Refused."""
        command = grammar.parse(typed, self._severities, said.room, known)
        return await self._carry_out(command, replace(said, typed=typed))

    async def _carry_out(self, command: Command, said: Said) -> Outcome:
        """The answer; None where a form was opened instead. Whether they may, the use case knows better."""
        must_hope(self.policy, command.permission)
        if isinstance(command, About):
            if command.number is None:
                return await self._pick(said)
            if command.number != said.room:
                await self._incidents.must_see(command.number, said.by)
        return await self._deeds[type(command)](command, said)

    async def _pick(self, said: Said) -> Outcome:
        verb, rest = grammar.verb_and_rest(said.typed)
        found = await self._incidents.listing(said.by, VERBS[verb].of)
        return answers.picker(found.incidents, verb, rest)

    async def _start(self, command: grammar.Start, said: Said) -> Outcome:
        if not command.severity or not command.title:
            return await self.declare_form(said, command.severity, command.title)
        return await self.declare(modals.Declared(command.title, command.severity, (), "", False), said)

    async def declare(
        self, wanted: modals.Declared, said: Said, anyway: bool = False, of: Message | None = None
    ) -> Outcome:
        """Declare what a command or the form says; `of` is the message that it began with."""
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
            source=of,
        )
        if declared.again and not declared.repeat:
            return answers.same_title(declared.incident, actions.declare_value(wanted))
        return self._declared(declared.incident, declared.paged, declared.alike)

    def _declared(self, incident: Incident, people: Sequence[str], alike: Sequence[Incident]) -> Outcome:
        severity = self.policy.severity_of(incident)
        paged = ", ".join(self.policy.names.get(id, id) for id in people)
        if severity.page and self.policy.pager != OWN_PAGER:
            paged = f"{paged} by {words.lane(self.policy.pager)}".strip()
        return answers.declared(incident, severity.label, paged, severity.room, alike)

    async def declare_form(
        self,
        said: Said,
        severity: str | None = None,
        title: str = "",
        description: str = "",
        of: Message | None = None,
    ) -> Outcome:
        """Ask for what is needed to declare, with what is known filled in."""
        must_hope(self.policy, DECLARE)
        wanted = modals.Declared(title, severity, (), description, False)
        view = await declare_view(self._incidents, self.policy, wanted, said, asking=severity is None, of=of)
        return await self._form(view, said)

    async def _form(self, view: Mapping[str, Any], said: Said) -> Outcome:
        return await opened(self.replies, view, said)

    async def _ack(self, command: grammar.Ack, said: Said) -> Outcome:
        done = await self._incidents.acknowledge(command.number, said.by, said.means)
        return answers.acknowledged(done.incident) if done.won else answers.already_acknowledged(done.incident)

    async def _escalate(self, command: grammar.Escalate, said: Said) -> Outcome:
        done = await self._incidents.escalate(command.number, said.by, said.means, said.key, why=command.text)
        return answers.escalated(done.incident, done.people, done.again)

    async def _page(self, command: grammar.Page, said: Said) -> Outcome:
        who, why = command.whom_and_why()
        done = await self._incidents.page(command.number, said.by, who, why, said.key)
        return answers.paging(done.incident, done.people)

    async def _handover(self, command: grammar.Handover, said: Said) -> Outcome:
        """To both by direct message; said in a war room, there too."""
        if not command.person:
            raise Refused('To whom? `/incident handover @ben "the replica is still behind, watch it"`.')
        to = self.policy.person_named(command.person, said.by).slack
        if to == said.by:
            raise Refused("That is you. Name whoever takes over from you: `/incident handover @somebody`.")
        done = await self._incidents.handover(said.by, to, command.text, said.room, said.key)
        message = handover.message(done.week, self._clock.now())
        told = await asyncio.gather(*(self._told(who, message) for who in (to, said.by)))
        return handover.told(to, all(told), said.room is not None, done.roles)

    async def _told(self, who: str, message: answers.Answer) -> bool:
        """What was done is answered for, also where Slack is slow to tell somebody else of it: it goes on all the
        same."""
        telling = asyncio.create_task(self.replies.tell(who, message))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)
        done, _ = await asyncio.wait({telling}, timeout=TOLD_WITHIN_S)
        return bool(done) and telling.result()

    async def _update(self, command: grammar.Update, said: Said) -> Outcome:
        if command.public:
            return await self._publish(command, said)
        if not command.text:
            return await self.update_form(command.number, said)
        return answers.updated(await self._incidents.update(command.number, said.by, command.text, said.key))

    async def _publish(self, command: grammar.Update, said: Said) -> Outcome:
        if not command.text:
            return await self._form(await publish_form(self._incidents, command.number, "", said.response_url), said)
        await self._incidents.publish(command.number, said.by, command.text, key=said.key)
        return publish.published(await self._incidents.record(command.number))

    async def update_form(self, number: int, said: Said) -> Outcome:
        """Ask what is new."""
        incident = await self._incident(number)
        if incident.status == CLOSED:
            raise Refused(f"{incident.key} is closed. `/incident reopen {incident.key}` opens it again.")
        ahead = STATUSES[STATUSES.index(incident.status) + 1 : STATUSES.index(MONITORING) + 1]
        public = await self._incidents.may_be_public(number)
        return await self._form(modals.update(incident, ahead, response_url=said.response_url, public=public), said)

    async def _status(self, command: grammar.Status, said: Said) -> Outcome:
        number, status, text = command.number, command.status, command.text
        if status is None:
            return answers.status(await self._incident(number))
        if status == RESOLVED:
            return await self._resolve(grammar.Resolve(number, text), said)
        if status == CLOSED and text:
            raise Refused("Closing takes no text. Write it down first, with `/incident update`.")
        if status == CLOSED:
            return await self._close(grammar.Close(number), said)
        return answers.status(await self._incidents.set_status(number, said.by, status, text, said.key))

    async def _resolve(self, command: grammar.Resolve, said: Said) -> Outcome:
        if not command.text:
            return await self.resolve_form(command.number, said)
        return answers.resolved(await self._incidents.resolve(command.number, said.by, command.text, key=said.key))

    async def resolve_form(self, number: int, said: Said) -> Outcome:
        """Ask what ended it."""
        incident = await self._incident(number)
        if not incident.open:
            raise Refused(f"{incident.key} is {incident.status} already.")
        return await self._form(modals.resolve(incident, response_url=said.response_url), said)

    async def postmortem_form(self, number: int, said: Said) -> Outcome:
        """The thin postmortem, with what was written before."""
        kept = await self._incidents.postmortem(number)
        written = modals.Written(**kept) if kept else None
        return await self._form(modals.postmortem(await self._incident(number), written, said.response_url), said)

    async def _close(self, command: grammar.Close, said: Said) -> Outcome:
        return self.closed(await self._incidents.close(command.number, said.by, said.key, command.sure))

    def closed(self, incident: Incident) -> Outcome:
        """Or the question that comes first."""
        if incident.status == RESOLVED:
            return reminders.ask_stable(incident)
        return answers.closed(incident)

    async def _reopen(self, command: grammar.Reopen, said: Said) -> Outcome:
        incident, told = await self._incidents.reopen(command.number, said.by, command.text, said.key)
        timers = (await self._incidents.record(command.number)).timers
        return answers.reopened(incident, any(timer.kind in paging.LADDER for timer in timers), told)

    async def _list(self, command: grammar.List, said: Said) -> Outcome:
        statuses = LISTED.get(command.filter)
        severity = "" if statuses else command.filter
        found = await self._incidents.listing(said.by, statuses or STATUSES, severity)
        return answers.listing(found.incidents, self._clock.now(), found.rooms, command.filter)

    async def _show(self, command: grammar.Show, said: Said) -> Outcome:
        record = await self._incidents.record(command.number)
        label = self.policy.severity_of(record.incident).label
        return answers.shown(record, label, self.policy.slack_ids, self.policy.service_names)

    async def _explain(self, command: grammar.Explain, said: Said) -> Outcome:
        record = await self._incidents.record(command.number)
        return explain.explained(record, self._clock.now(), self.policy.slack_ids)

    async def _help(self, command: grammar.Help, said: Said) -> Outcome:
        known = verbs([severity.name for severity in self.policy.severities])
        if command.verb in known:
            return answers.help_verb(command.verb, known[command.verb])
        subjects = by_subject(known)
        return answers.help_all(known, subjects) if command.verb == grammar.ALL else answers.help_text(subjects)

    async def _incident(self, number: int) -> Incident:
        return (await self._incidents.record(number)).incident
