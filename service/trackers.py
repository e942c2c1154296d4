"""What people do to an incident's issue in the tracker's own app, once it is heard of. It asks no vendor anything."""

from collections.abc import Callable, Iterable

from domain import tracker
from domain.decision import Decision
from domain.policy import Policy
from domain.speaker import Speaker
from domain.tracker import News
from service import metrics
from service.clock import Clock
from storage import incidents, seen, speaking
from storage.db import Store


class Trackers:
    """Takes news of issues."""

    def __init__(self, store: Store, clock: Clock, policy: Policy, wake: Callable[[Iterable[str]], None]) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy
        self._wake = wake

    async def take(self, news: News, repeats: Iterable[str]) -> bool:
        """Do what follows. `repeats` are keys of the message: False where one was there before."""
        now = self._clock.now()

        def work() -> tuple[bool, Decision | None]:
            number = incidents.find_by_ref("issue", news.issue)
            if number is None:
                return True, None
            record = incidents.record(number, lock=True)
            if not all(seen.first_time(key, now) for key in repeats):
                return False, None
            decision = tracker.heard(record, news)
            if decision.entries:
                incidents.apply(decision, now, record.incident)
            return True, decision

        with speaking.speaking(Speaker("", news.lane, told=True)):
            new, decision = await self._store.transact(work)
        if not new:
            metrics.REPLAYED.labels(news.lane).inc()
        if decision:
            self._wake([effect.lane for effect in decision.effects])
        return new

    def who(self, email: str, otherwise: str) -> str:
        """Their Slack id by their e-mail address, or else what they are called over there."""
        return self._policy.slack_id_of(email) or otherwise
