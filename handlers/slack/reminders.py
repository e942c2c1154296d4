"""What `snooze`, `stable` and the buttons of reminders do and how they are answered."""

import re
from collections.abc import Mapping
from datetime import datetime

from domain.errors import Refused
from domain.policy import Policy
from domain.role_grammar import Snooze, Stable
from domain.spans import span_at
from domain.words import short
from handlers.slack.answering import Listener
from handlers.slack.family import Deed, Family, Outcome, Said, about_one
from service.clock import Clock
from service.incidents import Incidents
from service.reminders import Reminders
from views import actions, answers
from views import reminders as words

OFF = ("off", "end", "stop", "none")


class ReminderVerbs(Family):
    """Times are in the zone of whoever typed them."""

    def __init__(self, reminders: Reminders, incidents: Incidents, policy: Policy, clock: Clock) -> None:
        self._reminders = reminders
        self._incidents = incidents
        self._policy = policy
        self._clock = clock

    def deeds(self) -> Mapping[type, Deed]:
        return {Snooze: self._snooze, Stable: lambda command, said: self._stable(command.number, said)}

    def buttons(self) -> Mapping[str | re.Pattern[str], Listener]:
        return {
            actions.SNOOZE: about_one(self._pressed),
            actions.SNOOZE_OFF: about_one(self._wake),
            actions.STABLE: about_one(self._stable),
            actions.CLOSE_SURE: about_one(self._close),
        }

    async def _snooze(self, command: Snooze, said: Said) -> Outcome:
        """Quiet for a while, or awake again. Raises Refused."""
        assert command.number is not None  # noqa: S101 - without one a picker has asked
        if command.text.casefold() in OFF:
            return await self._wake(command.number, said)
        until = self._until(command.text, said.by) if command.text else None
        incident, at = await self._reminders.snooze(command.number, said.by, until, said.key)
        return words.snoozed(incident, at)

    def _until(self, text: str, by: str) -> datetime:
        now = self._clock.now()
        try:
            span, left = span_at(text.split())
        except Refused:
            left = [text]
        if left:
            raise Refused(
                f"How long is `{short(text)}`? `/incident snooze 30m`, `/incident snooze until 18:00`, or "
                "`/incident snooze off` to end it."
            )
        begin, end = span.resolved(now, self._policy.zone_of(by))
        if begin > now:
            raise Refused("A snooze begins now: `/incident snooze 1h` or `/incident snooze until 18:00`.")
        return end

    async def _pressed(self, number: int, said: Said) -> Outcome:
        incident, at = await self._reminders.snooze(number, said.by, None, said.key)
        return words.snoozed(incident, at)

    async def _wake(self, number: int, said: Said) -> Outcome:
        return words.awake(*await self._reminders.wake(number, said.by, said.key))

    async def _stable(self, number: int, said: Said) -> Outcome:
        return words.stable(await self._reminders.confirm(number, said.by, said.key))

    async def _close(self, number: int, said: Said) -> Outcome:
        """Whether or not it is stable."""
        return answers.in_place(answers.closed(await self._incidents.close(number, said.by, said.key, sure=True)))
