"""What one person's Home tab shows: asked for in one transaction, changed by nobody."""

from domain import desk
from domain.desk import Desk
from domain.incidents import OPEN_STATUSES, RESOLVED
from service.use_cases import UseCases
from storage import desks, incidents, overrides, roles

LISTED_MOST = 100


class Homes(UseCases):
    """Reads only."""

    async def desk(self, who: str) -> Desk:
        """Incidents, shifts, what is due. Private incidents are for their own people, whatever config.yaml grants."""
        now = self._clock.now()
        person = self._policy.person_of(who)

        def work() -> Desk:
            found = incidents.listing(who, OPEN_STATUSES, "", LISTED_MOST)
            held = roles.of_person(who)
            mine = [each for each in found if each.number in held or desk.is_theirs(each, who)]
            resolved = [each for each in incidents.listing(who, (RESOLVED,), "", LISTED_MOST) if each.commander == who]
            timers = desks.timers_of([each.number for each in mine], desk.REMINDERS)
            known = overrides.since(now)
            return Desk(
                tuple(mine),
                tuple(each for each in found if each not in mine),
                incidents.rooms([each.number for each in found]),
                desk.turns(person.id, self._policy.rotas.values(), known, now) if person else (),
                desk.due(who, mine, desks.without_postmortem(resolved), timers, self._policy),
            )

        return await self._store.transact(work)
