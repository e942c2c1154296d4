"""What `oncall` and `override` do and how they are answered, from command and button."""

import re
from collections.abc import Mapping
from datetime import timedelta

from domain import on_call_grammar as grammar
from domain.durations import write_duration
from domain.errors import Refused
from domain.nearest import hint
from domain.overrides import Override
from domain.policy import Policy
from domain.words import short
from handlers.slack.answering import Body, Listener
from handlers.slack.family import Deed, Family, Outcome, Said, value_of
from service.clock import Clock
from service.on_call import OnCall
from service.rosters import Rosters
from views import actions
from views import on_call as words

LONG = timedelta(weeks=4)
"""More than this is rarely meant, and asked again."""


class OnCallVerbs(Family):
    """One method a verb; names are looked up here."""

    def __init__(self, on_call: OnCall, rosters: Rosters, policy: Policy, clock: Clock) -> None:
        self._on_call = on_call
        self._rosters = rosters
        self._policy = policy
        self._clock = clock

    def deeds(self) -> Mapping[type, Deed]:
        return {
            grammar.OnCall: self._show,
            grammar.Override: self._override,
            grammar.Overrides: self._listing,
            grammar.CancelOverride: lambda command, said: self._cancel(command.number, said.by),
        }

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        return {actions.CANCEL_OVERRIDE: self._cancel_pressed}

    async def _show(self, command: grammar.OnCall, said: Said) -> Outcome:
        """Who is on call; where no schedule is named, at the pagers' vendors too."""
        schedule = self._schedule(command.schedule)
        vendors = () if schedule else await self._rosters.asked()
        return words.on_call(await self._on_call.duties(schedule), self._policy.slack_ids, vendors)

    async def _listing(self, command: grammar.Overrides, said: Said) -> Outcome:
        """Who stands in."""
        return words.overrides(await self._on_call.listing(self._schedule(command.schedule)), self._policy.slack_ids)

    async def _cancel_pressed(self, body: Body) -> Outcome:
        return await self._cancel(actions.read_number(value_of(body)), body["user"]["id"])

    async def _cancel(self, number: int, by: str) -> Outcome:
        """Take an override back."""
        override, done = await self._on_call.cancel(number, by)
        return words.cancelled(override, done, self._clock.now(), self._policy.slack_ids)

    async def _override(self, command: grammar.Override, said: Said) -> Outcome:
        """Put somebody on call. Raises Refused with what to do instead."""
        person = self._policy.person_named(command.person, said.by)
        schedule = self._schedule(command.schedule) or next(iter(self._policy.rotas), None)
        if schedule is None:
            raise Refused(
                "There is no schedule to stand in on. Whoever runs Muster can add `schedules` to config.yaml."
            )
        begin, end = command.span.resolved(self._clock.now(), self._policy.zone_of(said.by))
        if end - begin > LONG and not command.confirmed:
            raise Refused(
                f"That is {write_duration(timedelta(days=(end - begin).days))}, longer than 4 weeks. If it is meant, "
                f"write the same again with the word `{grammar.CONFIRM}` at the end."
            )
        wanted = Override(schedule, person.id, begin, end, said.by)
        done = await self._on_call.stand_in(wanted, said.key)
        return words.stood_in(done.override, done.older, done.instead_of, self._policy.slack_ids)

    def _schedule(self, typed: str | None) -> str | None:
        """The key of a schedule, in whatever case it was typed."""
        if typed is None:
            return None
        known = {name.casefold(): name for name in self._policy.rotas}
        if typed.casefold() not in known:
            listed = ", ".join(known.values()) or "none"
            raise Refused(f"There is no schedule `{short(typed)}`. {hint(typed, known.values())}There are: {listed}.")
        return known[typed.casefold()]
