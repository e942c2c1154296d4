"""Test pages: somebody rings themselves by every means, and reads what arrived."""

from domain import trials
from domain.decision import Decision
from domain.record import Record
from domain.trials import Begun
from service.use_cases import UseCases
from storage import incidents, seen

SHOWN_MOST = 10


class Trials(UseCases):
    """Nothing of a test shows in lists, in figures or to anybody but the tester, but for the record of who tested."""

    async def begin(self, by: str, key: str = "") -> Begun | None:
        """Ring `by` (a Slack id) now. None where `key` was there before. Raises Refused within a minute of the last."""
        now = self._clock.now()

        def work() -> tuple[Begun, Decision] | None:
            if key and not seen.first_time(key, now):
                return None
            latest = incidents.tried(1, by)
            trials.must_wait(incidents.record(latest[0]) if latest else None, now)
            decision, begun = trials.begin(trials.draft(by, self._policy, now), self._policy, now)
            self._apply(decision, now, None)
            return begun, decision

        done = await self._store.transact(work)
        if done is None:
            return None
        self._wake_for(done[1])
        return done[0]

    async def latest(self) -> tuple[Record, ...]:
        """Who tested when, and what arrived."""

        def work() -> tuple[Record, ...]:
            return tuple(incidents.record(number) for number in incidents.tried(SHOWN_MOST))

        return await self._store.transact(work)
