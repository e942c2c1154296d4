"""People who take weekly turns, for the vendors that know who is on call."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SHIFT = timedelta(weeks=1)


@dataclass
class Rotation:
    """Hands over on Mondays at 09:00 UTC. Nobody is on call where nobody is in it."""

    people: tuple[str, ...]
    began: datetime

    def shifts(self, since, until):
        """(start, end, person) of each shift that touches the time from `since` to `until`."""
        week = (since - self.began) // SHIFT
        while self.people and (start := self.began + week * SHIFT) <= until:
            yield start, start + SHIFT, self.people[week % len(self.people)]
            week += 1

    def put(self, people, now) -> None:
        """From now on these take turns, the first of them now."""
        turn = (now - self.began) // SHIFT % len(people) if people else 0
        self.people = (*people[-turn:], *people[:-turn]) if turn else tuple(people)


def last_monday(now) -> datetime:
    """When the shift began that is on at this moment."""
    monday = now.replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
    return monday if monday <= now else monday - SHIFT
