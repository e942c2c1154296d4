"""Who is on call, found out by a watchman who sits below a clock on a wall and looks up every quarter of an hour.

He knows no offsets and does no arithmetic with moments: he writes down the latest time that the clock has shown, and
hands over from a list of dates that he has filled in day by day. Imports nothing of what it is compared with.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

LOOK_EVERY = timedelta(minutes=15)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STEPS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


@cache
def year(zone, first, days=366):
    """[(moment, latest time that the clock has shown)] from the first moment on."""
    looked, latest, moment = [], datetime.combine(date.min, time.min), first
    for _ in range(days * 24 * 4):
        shows = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
        latest = max(latest, shows)
        looked.append((moment, latest))
        moment += LOOK_EVERY
    return looked


def step(every):
    if every in STEPS:
        return STEPS[every]
    return timedelta(**{{"h": "hours", "d": "days", "w": "weeks"}[every[-1]]: int(every[:-1])})


def hand_overs(starts, at, every, until):
    """Naive times, one after the other, as they would be entered in a calendar."""
    due = datetime.combine(starts, at)
    while due < until:
        yield due
        due += step(every)


def watched(zone, first, *layers):
    """[(moment, person or None)] over a year. A layer is (people, starts, hand over at, every, restrictions); the first
    look must not lie before any layer's start."""
    looked = year(zone, first)
    seen = [list(watch(looked, *layer)) for layer in layers]
    return [
        (moment, next((who[place] for who in reversed(seen) if who[place]), None))
        for place, (moment, _) in enumerate(looked)
    ]


def watch(looked, people, starts, at, every, restrictions=()):
    """One layer's person at each look."""
    coming = hand_overs(starts, at, every, looked[-1][1] + timedelta(days=800))
    holder, due = -1, next(coming)
    for _, latest in looked:
        while latest >= due:
            holder, due = holder + 1, next(coming)
        assert holder >= 0, "looked before the layer began"
        yield people[holder % len(people)] if on_duty(latest, restrictions) else None


def on_duty(latest, restrictions):
    if not restrictions:
        return True
    return any(within(latest, *each) for each in restrictions)


def within(latest, days, begin, end):
    """Whether the hours of today, or those that began yesterday and run over midnight, are not over yet."""
    for back in (0, 1):
        day = latest.date() - timedelta(days=back)
        if DAYS[day.weekday()] in days:
            over = day if end > begin else day + timedelta(days=1)
            if datetime.combine(day, begin) <= latest < datetime.combine(over, end):
                return True
    return False
