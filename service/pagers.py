"""What people do in a pager's own app, once it is heard of: by webhook or by looking, with the same consequence."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from domain import pager
from domain.decision import Decision
from domain.errors import Permanent, Temporary
from domain.pager import News, Page, Who
from domain.policy import Policy
from domain.record import Record
from domain.speaker import Speaker
from service import metrics
from service.clock import Clock
from service.ports import Directory
from storage import incidents, seen, speaking
from storage.db import Store

log = logging.getLogger("muster.pagers")

NAMED_WITHIN_S = 1.5
"""A webhook is answered within 5 s, and the ladder does not wait for a name."""

VENDORS = {"pagerduty": "PagerDuty", "opsgenie": "Opsgenie"}


class Pagers:
    """Takes news of pages. `directories` know a vendor's people and incidents by its own ids, by lane."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        policy: Policy,
        wake: Callable[[Iterable[str]], None],
        directories: Mapping[str, Directory] | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy
        self._wake = wake
        self._directories = directories or {}

    async def take(self, news: News, repeats: Iterable[str] = ()) -> bool:
        """Do what follows. `repeats` are the sender's own keys of the message: False where one was there before."""
        now = self._clock.now()

        def work() -> tuple[bool, Decision | None]:
            number = incidents.find_by_page(news.key)
            if number is None:
                return True, None
            record = incidents.record(number, lock=True)
            if not all(seen.first_time(key, now) for key in repeats):
                return False, None
            incidents.remember(number, news.refs)
            decision = pager.heard(record, self._policy, news, now)
            return True, _applied(decision, now, record)

        with speaking.speaking(Speaker("", news.lane, told=True)):
            new, decision = await self._store.transact(work)
        if not new:
            metrics.REPLAYED.labels(news.lane).inc()
        self._wake_for(decision)
        return new

    async def out(self, lane: str) -> tuple[Page, ...]:
        """The pages that somebody may answer in this vendor's app, gravest incident first."""

        def work() -> tuple[Page, ...]:
            records = map(incidents.record, incidents.paged_by(lane))
            return tuple(page for record in records for page in pager.pages_out(record, lane))

        return await self._store.transact(work)

    async def blind(self, number: int, lane: str, reason: str) -> None:
        """The vendor cannot be asked who has answered."""
        await self._change(number, lambda record: pager.blind(record, self._policy, lane, reason))

    async def sighted(self, number: int, lane: str) -> None:
        """It can be asked again."""
        now = self._clock.now()
        await self._change(number, lambda record: pager.sighted(record, self._policy, lane, now))

    async def who(self, lane: str, who: Who) -> str:
        """Their Slack id by their e-mail address, or else their name with the vendor's. Never raises for a vendor."""
        email = who.email or (await self._asked(lane, "email_of", who.id) if who.human and who.id else "")
        return self._policy.slack_id_of(email) or f"{who.name or 'somebody'} ({VENDORS.get(lane, lane)})"

    async def key_of(self, lane: str, alert: str) -> str:
        """The page's key of the vendor's own id of it; empty where nobody knows. Never raises for a vendor."""
        known = await self._store.transact(incidents.find_ref, pager.ALERT, alert)
        return known.name if known else await self._asked(lane, "key_of", alert)

    async def _asked(self, lane: str, what: str, id: str) -> str:
        directory = self._directories.get(lane)
        if directory is None:
            return ""
        try:
            async with asyncio.timeout(NAMED_WITHIN_S):
                return str(await getattr(directory, what)(id))
        except (Temporary, Permanent, TimeoutError) as problem:
            log.warning("%s: somebody cannot be named: %s", lane, problem or "no answer")
            return ""

    async def _change(self, number: int, decide: Callable[[Record], Decision]) -> None:
        now = self._clock.now()

        def work() -> Decision | None:
            record = incidents.record(number, lock=True)
            return _applied(decide(record), now, record)

        self._wake_for(await self._store.transact(work))

    def _wake_for(self, decision: Decision | None) -> None:
        if decision:
            self._wake([effect.lane for effect in decision.effects])


def _applied(decision: Decision, now: datetime, before: Record) -> Decision | None:
    """What was written, or None where nothing follows."""
    if not decision.entries:
        return None
    incidents.apply(decision, now, before.incident)
    return decision
