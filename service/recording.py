"""The use cases of the record: notes, messages that are kept, drafts for the public, corrections."""

from domain import recording
from domain.incidents import Incident
from domain.record import Record
from domain.recording import Message
from service.use_cases import UseCases
from storage import incidents, seen


class Recording(UseCases):
    """`by` is a Slack id, `key` the sender's own id of the request, to do it once."""

    async def note(self, number: int, by: str, text: str, key: str = "") -> Incident:
        """Write something down. Raises Refused for nothing."""
        return await self._change(number, key, lambda record, now: recording.note(record, by, text))

    async def correct(self, number: int, by: str, entry: int, text: str, key: str = "") -> Incident:
        """Put right what an entry says. Raises Refused for one that cannot be corrected."""
        return await self._change(
            number, key, lambda record, now: recording.correct(record, self._policy, by, entry, text)
        )

    async def keep(self, number: int, by: str, message: Message, key: str = "") -> bool:
        """A message into the timeline. False where it stands there already."""
        _, done = await self._decided(number, key, lambda record, now: recording.keep(record, by, message))
        return bool(done.entries)

    async def draft(self, number: int, by: str, message: Message, key: str = "") -> bool:
        """A message as a draft for the public. False where it is one already; Refused where nothing may go out."""
        _, done = await self._decided(
            number, key, lambda record, now: recording.draft(record, self._policy, by, message)
        )
        return bool(done.entries)

    async def withdraw(self, number: int, by: str, kind: str, source: str, key: str = "") -> bool:
        """Take back what a reaction to a message did. False where there is nothing to take back."""
        _, done = await self._decided(number, key, lambda record, now: recording.withdraw(record, by, kind, source))
        return bool(done.entries)

    async def late_joiner(self, channel: str, who: str, key: str) -> Record | None:
        """The incident whose room somebody came into too late to have seen it begin; None for anybody else."""
        now = self._clock.now()

        def work() -> Record | None:
            number = incidents.find_by_ref("channel", channel)
            if number is None or (key and not seen.first_time(key, now)):
                return None
            if incidents.rooms([number])[number] != channel:
                return None
            record = incidents.record(number)
            return record if recording.is_late(record, who, now) else None

        return await self._store.transact(work)
