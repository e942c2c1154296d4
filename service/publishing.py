"""The use cases of public words: show exactly what would go out, and send that."""

from domain import permissions, publishing
from domain.grants import PUBLISH
from domain.incidents import Incident
from domain.publishing import Preview
from service.use_cases import UseCases
from storage import incidents, seen, speaking


class Publishing(UseCases):
    """`by` is a Slack id, `key` the sender's own id of the request, to do it once."""

    async def publish(self, number: int, by: str, text: str, status: str = "", key: str = "") -> Incident:
        """An update for everybody, the public too, in these words; with a new status where one is given. Raises
        Refused for a private incident, for a drill, and where no status page is connected."""
        return await self._change(
            number, key, lambda record, now: publishing.publish(record, self._policy, by, text, now, status)
        )

    async def preview(self, number: int, text: str, status: str = "") -> Preview:
        """What `publish` would send, which nobody gets by this. Raises Refused as it does."""
        record = await self._store.transact(incidents.record, number)
        permissions.must(self._policy, speaking.current(), (PUBLISH,), record)
        return publishing.preview(record, self._policy, text, status)

    async def was_done(self, key: str) -> bool:
        """Whether this very request was carried out before."""
        return await self._store.transact(seen.known, [key])

    async def may_be_public(self, number: int) -> bool:
        """Whether anything of this incident may go to the public."""
        record = await self._store.transact(incidents.record, number)
        return publishing.may_be_public(record, self._policy)
