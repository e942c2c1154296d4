"""What `severity`, `services`, `impact`, `invite`, `link` and `private` do and how they are answered."""

import re
from collections.abc import Mapping
from typing import Any

from domain import details, inviting
from domain import scope_grammar as grammar
from domain.affected import Changes
from domain.errors import Refused
from domain.incidents import CLOSED, Incident
from domain.inviting import Guests, group_name
from domain.policy import Policy
from domain.severity_change import opens_public_incident
from domain.ticks import has_room
from domain.words import clean_line, prose, title
from handlers.slack.answering import Body, Listener
from handlers.slack.family import Deed, Family, Form, Outcome, Said, about_form, about_one, opened, said_by, value_of
from service.incidents import Incidents
from service.ports import Replies
from service.scope import Scope
from views import actions, affected, answers, modals, privacy, scope, severity
from views.severity import Meaning


class ScopeVerbs(Family):
    """What an incident is and whom it concerns. Without the word that a verb needs, its form asks."""

    def __init__(self, use_cases: Scope, incidents: Incidents, policy: Policy, replies: Replies) -> None:
        self._scope = use_cases
        self._incidents = incidents
        self._policy = policy
        self._replies = replies

    def deeds(self) -> Mapping[type, Deed]:
        return {
            grammar.Severity: self._severity,
            grammar.Services: self._services,
            grammar.Impact: self._impact,
            grammar.Invite: self._invite,
            grammar.Link: self._link,
            grammar.Unlink: self._unlink,
            grammar.Private: self._private,
        }

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        return {
            actions.CHANGE_SERVICES: about_one(self._services_form),
            actions.MAKE_PRIVATE: about_one(self._make_private),
            actions.REMOVE_LINK: self._remove_link,
        }

    def forms(self) -> Mapping[str, Form]:
        return {
            severity.SEVERITY_OF: (modals.SEVERITY, self._severity_sent),
            affected.SERVICES: (self._first_service(), self._services_sent),
            scope.IMPACT_OF: (modals.TEXT, self._impact_sent),
            scope.INVITE_TO: (scope.PEOPLE, self._invite_sent),
            scope.LINK_TO: (scope.URL, self._link_sent),
        }

    async def _severity(self, command: grammar.Severity, said: Said) -> Outcome:
        number = _named(command.number)
        if command.severity:
            return await self._change_severity(number, said.by, command.severity, command.why, said.key)
        incident = await self._not_closed(number)
        meanings = [
            Meaning(each, opens_public_incident(incident, self._policy, each.name)) for each in self._policy.severities
        ]
        return await self._open(severity.form(incident, meanings, command.why, said.response_url), said)

    async def _severity_sent(self, body: Body) -> Outcome:
        name, why = severity.read(body["view"])
        number, by, key = about_form(body)
        return await self._change_severity(number, by, name, prose(why), key)

    async def _change_severity(self, number: int, by: str, name: str, why: str, key: str) -> Outcome:
        incident, followed = await self._scope.change_severity(number, by, name, why, key)
        return severity.changed(incident, followed)

    async def _services(self, command: grammar.Services, said: Said) -> Outcome:
        number = _named(command.number)
        if command.changes is None:
            return affected.shown(await self._incident(number), self._policy.service_names)
        return await self._change_services(number, said, command.changes)

    async def _change_services(self, number: int, said: Said, changes: Changes) -> Outcome:
        incident, public = await self._scope.change_services(number, said.by, changes, said.key)
        return affected.changed(incident, self._policy.service_names, public)

    async def _services_form(self, number: int, said: Said) -> Outcome:
        incident = await self._not_closed(number)
        return await self._open(affected.form(incident, self._policy.service_names, said.response_url), said)

    async def _services_sent(self, body: Body) -> Outcome:
        number, by, key = about_form(body)
        incident, public = await self._scope.replace_services(number, by, affected.read(body["view"]), key)
        return affected.changed(incident, self._policy.service_names, public)

    def _first_service(self) -> str:
        """A refusal must be shown at a field that the form has."""
        return f"{affected.FIELD}{next(iter(self._policy.service_names), '')}"

    async def _impact(self, command: grammar.Impact, said: Said) -> Outcome:
        number = _named(command.number)
        if not command.text:
            return await self._open(scope.impact_form(await self._not_closed(number), said.response_url), said)
        return await self._described(number, said.by, command.text, said.key)

    async def _impact_sent(self, body: Body) -> Outcome:
        number, by, key = about_form(body)
        return await self._described(number, by, prose(modals.read_text(body["view"])), key)

    async def _described(self, number: int, by: str, text: str, key: str) -> Outcome:
        incident = await self._scope.describe_impact(number, by, text, key)
        return scope.impact_kept(incident, has_room(await self._incidents.record(number)))

    async def _invite(self, command: grammar.Invite, said: Said) -> Outcome:
        number = _named(command.number)
        if not command.text:
            groups = [(id, name) for name, id in self._policy.slack.user_groups.items()]
            return await self._open(scope.invite_form(await self._incident(number), groups, said.response_url), said)
        return await self._let_in(number, said.by, inviting.who(self._policy, command.text, said.by), said.key)

    async def _invite_sent(self, body: Body) -> Outcome:
        number, by, key = about_form(body)
        return await self._let_in(number, by, scope.read_invite(body["view"]), key)

    async def _let_in(self, number: int, by: str, guests: Guests, key: str) -> Outcome:
        incident = await self._scope.invite(number, by, guests, key)
        return scope.invited(incident, guests, [group_name(self._policy, group) for group in guests.groups])

    async def _link(self, command: grammar.Link, said: Said) -> Outcome:
        number = _named(command.number)
        if not command.url:
            return await self._open(scope.link_form(await self._not_closed(number), said.response_url), said)
        return await self._add_link(number, said.by, command.url, command.title, said.key)

    async def _link_sent(self, body: Body) -> Outcome:
        number, by, key = about_form(body)
        url, name = scope.read_link(body["view"])
        return await self._add_link(number, by, clean_line(url), title(name), key)

    async def _add_link(self, number: int, by: str, url: str, name: str, key: str) -> Outcome:
        await self._scope.add_link(number, by, url, name, key)
        record, address = await self._incidents.record(number), details.checked(url)
        kept = (each for each in details.links(record) if each.url == address)
        return scope.link_kept(record, next(kept, details.Link(0, address, name)))

    async def _unlink(self, command: grammar.Unlink, said: Said) -> Outcome:
        """Without a name, or with that of several: those there are, each with a button."""
        record = await self._incidents.record(_named(command.number))
        if not command.which:
            return scope.links(record.incident, details.links(record))
        found = details.links_named(record, command.which)
        if len(found) > 1:
            return scope.which_link(record.incident, found)
        return await self._take_off(record.incident.number, said, found[0].place)

    async def _remove_link(self, body: Body) -> Outcome:
        number, place = actions.read_page(value_of(body))
        return answers.in_place(await self._take_off(number, said_by(body, "button"), place))

    async def _take_off(self, number: int, said: Said, place: int) -> Outcome:
        before = await self._incidents.record(number)
        await self._scope.remove_link(number, said.by, place, said.key)
        return scope.link_removed(before, next((e for e in details.links(before) if e.place == place), None))

    async def _private(self, command: grammar.Private, said: Said) -> Outcome:
        """Asks first: what is private cannot be made public again, and some of it stays known."""
        incident, reach = await self._scope.reach(_named(command.number))
        if incident.private:
            raise Refused(f"{incident.key} is private already.")
        return privacy.preview(incident, reach)

    async def _make_private(self, number: int, said: Said) -> Outcome:
        incident, reach = await self._scope.make_private(number, said.by, said.key)
        return answers.in_place(privacy.done(incident, reach))

    async def _open(self, view: Mapping[str, Any], said: Said) -> Outcome:
        return await opened(self._replies, view, said)

    async def _incident(self, number: int) -> Incident:
        return (await self._incidents.record(number)).incident

    async def _not_closed(self, number: int) -> Incident:
        incident = await self._incident(number)
        if incident.status == CLOSED:
            raise Refused(f"{incident.key} is closed. `/incident reopen {incident.key}` opens it again.")
        return incident


def _named(number: int | None) -> int:
    assert number is not None  # noqa: S101 - without one a picker has asked
    return number
