"""Who is on call at the pagers' vendors: asked side by side, and never for longer than a command may take."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import Permanent, Temporary
from domain.pager import OnCall
from domain.policy import Policy
from service.ports import Roster

WITHIN_S = 1.5
"""Slack waits 3 s for the answer to a command."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody's watch over there: `who` is a Slack id, or the name by which the vendor knows them."""

    who: str
    on_call: OnCall


@dataclass(frozen=True, slots=True)
class Rostered:
    """What one vendor said, or the `problem` that kept it from saying anything."""

    lane: str
    watches: tuple[Watch, ...] = ()
    problem: str = ""


class Rosters:
    """`vendors` are those that can be asked, by lane."""

    def __init__(self, vendors: Mapping[str, Roster], policy: Policy) -> None:
        self._vendors = vendors
        self._policy = policy

    async def asked(self) -> tuple[Rostered, ...]:
        """One answer a vendor. Never raises for a vendor."""
        return tuple(await asyncio.gather(*(self._ask(lane, each) for lane, each in self._vendors.items())))

    async def _ask(self, lane: str, vendor: Roster) -> Rostered:
        try:
            async with asyncio.timeout(WITHIN_S):
                found = await vendor.on_call()
        except (Temporary, Permanent) as failure:
            return Rostered(lane, problem=failure.reason)
        except TimeoutError:
            return Rostered(lane, problem=f"no answer within {WITHIN_S} s")
        return Rostered(lane, tuple(Watch(self._name(each), each) for each in found))

    def _name(self, each: OnCall) -> str:
        known = self._policy.slack_id_of(each.who.email) if each.who.email else ""
        return known or each.who.name or each.who.email
