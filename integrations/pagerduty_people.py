"""PagerDuty with an API key: rings by Events API v2, and answers in the name of whoever answered here."""

from collections.abc import Mapping
from typing import Any

from domain.alerts import key_of
from domain.errors import Permanent, Temporary
from domain.incidents import RESOLVED
from domain.pager import ACKNOWLEDGED, ALERT
from domain.record import DELIVERED, Owed, Receipt, Record, Ref
from integrations.pagerduty import PagerDuty
from integrations.pagerduty_rest import PagerDutyRest, UnknownSender

IN_NAME_ATTEMPTS = 2
"""After so many attempts the name matters less than that PagerDuty stops ringing."""


class PagerDutyInPeoplesNames:
    """A Pager. `emails` are people's addresses by Slack id; `sender` writes for those whom PagerDuty does not know.

    Where nobody's name is taken, Events API v2 acknowledges without one, and the receipt says why.
    """

    def __init__(self, events: PagerDuty, rest: PagerDutyRest, emails: Mapping[str, str], sender: str = "") -> None:
        self._events = events
        self._rest = rest
        self._emails = emails
        self._sender = sender

    async def page(self, record: Record, owed: Owed) -> Receipt:
        return await self._events.page(record, owed)

    async def acknowledge(self, record: Record, owed: Owed) -> Receipt:
        try:
            return await self._in_name(record, owed, "acknowledged", record.incident.acknowledged_by or "")
        except Permanent as refusal:
            receipt = await self._events.acknowledge(record, owed)
            return _nameless(receipt, "acknowledged", refusal)

    async def resolve(self, record: Record, owed: Owed) -> Receipt:
        ends = [e.author for e in record.entries("status") if e.data.get("status") == RESOLVED]
        try:
            return await self._in_name(record, owed, "resolved", ends[-1] if ends else "")
        except Permanent as refusal:
            receipt = await self._events.resolve(record, owed)
            return _nameless(receipt, "resolved", refusal)

    async def _in_name(self, record: Record, owed: Owed, status: str, by: str) -> Receipt:
        """Raises Permanent where it cannot be done in anybody's name."""
        key = key_of(record, owed.target)
        senders = list(dict.fromkeys(filter(None, (self._emails.get(by), self._sender))))
        if not senders:
            raise Permanent("whoever did it has no e-mail address in config.yaml, and PAGERDUTY_FROM_EMAIL is not set")
        if owed.attempts > IN_NAME_ATTEMPTS:
            raise Permanent(owed.error or "its REST API does not answer")
        found = await self._rest.find(key)
        if not found and not _is_delivered(record, owed):
            return Receipt(vendor_id=key, result="it was never paged")
        if not found:
            raise Temporary("PagerDuty does not show the page yet", retry_after=1.0)
        open_ones = [each for each in found if each.get("status") != RESOLVED]
        for each in open_ones:
            await self._set(each, status, senders, record.incident.resolution if status == RESOLVED else "")
        return Receipt(vendor_id=key, refs=_refs(key, open_ones), result="accepted")

    async def _set(self, found: Mapping[str, Any], status: str, senders: list[str], resolution: str) -> None:
        """As the person, else as the sender of all."""
        if found.get("status") == status == ACKNOWLEDGED:
            return
        for sender in senders:
            try:
                await self._rest.set_status(str(found.get("id")), status, sender, resolution)
            except UnknownSender:
                if sender == senders[-1]:
                    raise
            else:
                return


def _is_delivered(record: Record, owed: Owed) -> bool:
    page = ("pagerduty", "page", owed.target, DELIVERED)
    return any((o.lane, o.kind, o.target, o.state) == page for o in record.owed)


def _refs(key: str, found: list[Mapping[str, Any]]) -> tuple[Ref, ...]:
    return tuple(
        Ref(ALERT, str(each.get("id")), name=key, url=str(each.get("html_url") or ""), data={"lane": "pagerduty"})
        for each in found
    )


def _nameless(receipt: Receipt, what: str, refusal: Permanent) -> Receipt:
    problem = f"PagerDuty shows that Muster {what} it, and not who did: {refusal.reason}."
    return Receipt(receipt.vendor_id, receipt.refs, receipt.result, problem)
