"""Who is on call and who stands in: ask, put somebody in, take it back. Each is one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import permissions
from domain.audit import Act
from domain.errors import Refused
from domain.grants import OVERRIDE
from domain.overrides import Override, overlapped
from domain.policy import Policy
from domain.rotations import FOR_EVER, Rota, Shift, duty, shifts
from service.clock import Clock
from storage import audit, overrides, seen, speaking
from storage.db import Store, file_of


@dataclass(frozen=True, slots=True)
class StoodIn:
    """A new override, the older ones that it overlaps, and who would be on call without it (keys, None for nobody)."""

    override: Override
    older: tuple[Override, ...]
    instead_of: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """A schedule as it is now: the shift, the one after it if there is a change to come, and the override in force."""

    schedule: str
    now: Shift
    following: Shift | None
    override: Override | None


def kept(url: str, now: datetime) -> tuple[Override, ...]:
    """The overrides in a database that nobody need have open, and that is not made where there is none. Raises
    Unavailable."""
    file = file_of(url)
    if file and not file.exists():
        return ()
    store = Store(url)
    try:
        return store.transact_now(overrides.since_if_kept, now)
    finally:
        store.close()


class OnCall:
    """What people may ask of schedules and do to them. Schedules and people are named by their keys in config.yaml."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def stand_in(self, wanted: Override, key: str = "") -> StoodIn:
        """Put somebody on call; `key` makes a repeat harmless. Raises Refused for an unknown schedule."""
        now = self._clock.now()
        rota = self._rota(wanted.schedule)

        def work() -> StoodIn:
            known = overrides.since(now)
            if key and not seen.first_time(key, now):
                return _told(rota, known, _kept_before(known, wanted))
            self._must_override()
            kept = overrides.keep(wanted, now)
            audit.keep((_act(wanted.by, "override", {}, _values(kept)),), now)
            return _told(rota, known, kept)

        return await self._store.transact(work)

    async def cancel(self, id: int, by: str) -> tuple[Override, bool]:
        """The override, and whether it was this that ended it. Raises Refused when unknown."""
        now = self._clock.now()

        def work() -> tuple[Override, bool]:
            self._must_override()
            before = overrides.get(id)
            done = overrides.cancel(id, by, now)
            if done:
                audit.keep((_act(by, "override_cancelled", _values(before), {}),), now)
            return before, done

        return await self._store.transact(work)

    async def listing(self, schedule: str | None = None) -> tuple[Override, ...]:
        """Those in force or to come, by their beginning. Raises Refused for an unknown schedule."""
        wanted = {self._rota(schedule).id} if schedule else set(self._policy.rotas)
        found = await self._store.transact(overrides.since, self._clock.now())
        return tuple(sorted((each for each in found if each.schedule in wanted), key=lambda each: each.begin))

    async def duties(self, schedule: str | None = None) -> tuple[Duty, ...]:
        """Who is on call now, on one schedule or on all. Raises Refused for an unknown schedule."""
        rotas = [self._rota(schedule)] if schedule else list(self._policy.rotas.values())
        now = self._clock.now()
        known = await self._store.transact(overrides.since, now)
        own: dict[str, list[Override]] = defaultdict(list)
        for each in known:
            own[each.schedule].append(each)
        return tuple(_duty(rota, own[rota.id], now) for rota in rotas)

    def _must_override(self) -> None:
        permissions.must(self._policy, speaking.current(), (OVERRIDE,))

    def _rota(self, name: str) -> Rota:
        found = self._policy.rotas.get(name)
        if found is None:
            raise Refused(f"There is no schedule `{name}`. `/incident oncall` shows those there are.")
        return found


def _act(by: str, what: str, before: dict[str, str], after: dict[str, str]) -> Act:
    speaker = speaking.current()
    return Act(by, what, before, after, *((speaker.door, speaker.place) if speaker else ("", "")))


def _values(override: Override) -> dict[str, str]:
    times = {"begin": override.begin.isoformat(), "end": override.end.isoformat()}
    return {"schedule": override.schedule, "person": override.person, **times}


def _duty(rota: Rota, own: Sequence[Override], now: datetime) -> Duty:
    """`own` are the schedule's overrides."""
    shift, following = duty(rota, own, now)
    # The newest that is in force is the one that puts them there.
    standing = [each for each in own if each.begin <= now < each.end]
    return Duty(rota.id, shift, following, standing[-1] if standing else None)


def _told(rota: Rota, known: Sequence[Override], new: Override) -> StoodIn:
    others = [each for each in known if each.id != new.id]
    without = shifts(rota, others, new.begin, min(new.end, FOR_EVER))
    return StoodIn(new, overlapped(known, new), tuple(dict.fromkeys(shift.person for shift in without)))


def _kept_before(known: Sequence[Override], wanted: Override) -> Override:
    same = [e for e in known if (e.schedule, e.person, e.by) == (wanted.schedule, wanted.person, wanted.by)]
    if not same:
        raise Refused("This was done already, and taken back since.")
    return same[-1]
