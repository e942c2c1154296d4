"""The use cases of reminders: quiet for a while, awake again, and the answer to whether it stayed well."""

from datetime import datetime

from domain import nudges, snooze, stable
from domain.decision import Decision
from domain.incidents import Incident
from domain.record import Record
from service.use_cases import Heard, UseCases


class Reminders(UseCases):
    """`by` is a Slack id, `key` the sender's own id of the request, to do it once."""

    async def snooze(self, number: int, by: str, until: datetime | None, key: str = "") -> tuple[Incident, datetime]:
        """Quiet until then, or for as long as config.yaml says; the moment. Raises Refused for what is too long."""
        now = self._clock.now()
        wanted = until or now + self._policy.reminders.snooze_for
        record, decision = await self._decided(
            number, key, lambda record, now: snooze.snooze(record, self._policy, by, wanted, now)
        )
        if not decision.entries:
            return record.incident, nudges.quiet_until(record, now) or wanted
        return decision.incident, wanted

    async def wake(self, number: int, by: str, key: str = "") -> tuple[Incident, bool]:
        """The reminders come again; whether they were quiet."""
        heard = Heard(lambda record, now: snooze.wake(record, self._policy, by, now))
        _, decision = await self._decided(number, key, heard)
        return decision.incident, heard.again or bool(decision.entries)

    async def confirm(self, number: int, by: str, key: str = "") -> Incident:
        """It stayed well. Raises Refused before it is resolved and after it is closed."""

        def decide(record: Record, now: datetime) -> Decision:
            return stable.confirm(record, self._policy, by)

        return await self._change(number, key, decide)
