"""Who speaks to Muster, and from where: known without waiting, or learned from Slack within a moment."""

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from domain import permissions
from domain.errors import Permanent, Temporary, Unavailable
from domain.policy import Policy
from domain.speaker import FULL, STRANGER, UNKNOWN, Speaker
from service.clock import Clock
from service.ports import Members
from service.rounds import ANSWER_WITHIN_S, Rounds
from storage import members, speaking
from storage.db import Store
from storage.members import Known

log = logging.getLogger("muster.doors")

KNOWN_WITHIN_S = 0.3
"""So long, once, somebody waits of whom nothing is known; whoever stands in config.yaml never does."""

FULL_FOR = timedelta(days=1)
OUTSIDE_FOR = timedelta(minutes=5)
"""How old what Slack said may be. Whoever was let into the workspace need not wait for a day."""

GROUPS_EVERY = timedelta(minutes=10)


def must_enter(policy: Policy) -> None:
    """Raises Refused for guests and people of other workspaces."""
    permissions.must_enter(policy, speaking.current())


def must_hope(policy: Policy, permission: str) -> None:
    """Raises Refused where it is clear already that they may not, whichever incident it is about."""
    permissions.must_hope(policy, speaking.current(), permission)


class Doors:
    """`members` asks Slack. What it says is kept, here and in the database."""

    def __init__(self, store: Store, clock: Clock, policy: Policy, members: Members) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy
        self._members = members
        self._known: dict[str, Known] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        self.groups: dict[str, frozenset[str]] = {}

    async def load(self) -> None:
        """Remember what was known before the start."""
        self._known = await self._store.transact(members.people)
        self.groups = await self._store.transact(members.groups)

    async def enter(self, who: str, door: str, place: str = "", *, elsewhere: bool = False) -> Speaker:
        """Whoever speaks, and this task works for them from now on. `elsewhere`: Slack names another workspace."""
        standing = await self._standing(who)
        if standing == UNKNOWN and elsewhere:
            standing = STRANGER
        wanted = self._policy.permissions.groups
        known = frozenset(id for id in wanted if who in self.groups.get(id, ()))
        unsure = frozenset(id for id in wanted if id not in self.groups)
        found = Speaker(who, door, place, standing, known, unsure)
        speaking.begin(found)
        return found

    def tell(self, who: str, door: str, place: str = "") -> None:
        """Somebody has done something by hand: there is nothing to ask for, and nobody waits."""
        speaking.begin(Speaker(who, door, place, told=True))

    async def learn(self, who: str) -> str:
        """How somebody stands; asked for without a hurry. Never raises for Slack."""
        if self._policy.person_of(who) is None and not self._fresh(who):
            await asyncio.shield(self._ask(who))
        return self._as_known(who)

    async def _standing(self, who: str) -> str:
        if self._policy.person_of(who) is not None:
            return FULL
        if not self._fresh(who):
            asking = self._ask(who)
            if self._as_known(who) != FULL:
                await asyncio.wait({asking}, timeout=KNOWN_WITHIN_S)
        return self._as_known(who)

    def _as_known(self, who: str) -> str:
        if self._policy.person_of(who) is not None:
            return FULL
        known = self._known.get(who)
        return known.standing if known else UNKNOWN

    def _fresh(self, who: str) -> bool:
        known = self._known.get(who)
        keeps = FULL_FOR if known and known.standing == FULL else OUTSIDE_FOR
        return known is not None and self._clock.now() - known.at < keeps

    def _ask(self, who: str) -> "asyncio.Task[None]":
        """One question at a time about one person."""
        if who not in self._asking:
            self._asking[who] = task = asyncio.create_task(self._asked(who))
            task.add_done_callback(lambda _: self._asking.pop(who, None))
        return self._asking[who]

    async def _asked(self, who: str) -> None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                standing = await self._members.standing(who)
            now = self._clock.now()
            self._known[who] = Known(standing, now)
            await self._store.transact(members.keep, who, standing, now)
        except (Temporary, Permanent, TimeoutError, Unavailable) as problem:
            log.warning("Slack does not say who somebody is: %s", problem or "no answer")

    async def learn_groups(self, ids: Iterable[str]) -> None:
        """Ask who is in these. Raises Temporary, Permanent or TimeoutError."""
        for id in ids:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                people = await self._members.group(id)
            self.groups[id] = people
            await self._store.transact(members.keep_group, id, people, self._clock.now())


class Groups(Rounds):
    """Looks every 10 minutes who is in the user groups that permissions name."""

    def __init__(self, doors: Doors, policy: Policy, clock: Clock) -> None:
        super().__init__("Slack's user groups", clock, GROUPS_EVERY)
        self._doors = doors
        self._policy = policy

    async def _look(self, now: datetime) -> None:
        try:
            await self._doors.learn_groups(self._policy.permissions.groups)
        except (Temporary, Permanent, TimeoutError) as problem:
            self._in_trouble(problem, now)
        else:
            self._well_again()
