"""Who is on call on many schedules, and whether their ladders can work: no world is needed, only the rules."""

import time
from datetime import UTC, datetime, timedelta

from domain.overrides import Override
from domain.policy import Policy
from domain.readiness import Outlook
from domain.rotations import duty, who
from domain.settings import Settings
from tests.bench.figures import Figure, median

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ZONES = ("Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
EVERY = ("weekly", "daily", "12h", "3d", "2w")
OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "begin": "09:00", "end": "17:00"}
HOUR = timedelta(hours=1)
REPEATS = 20


def who_is_on_call(people: int, schedules: int) -> list[Figure]:
    """All schedules asked at each of twenty hours; the median hour, and all of `check`."""
    settings = organization(people, schedules)
    policy = Policy(settings)
    overrides = [Override(f"s{n}", f"p{n}", NOW - HOUR, NOW + n * HOUR, id=n) for n in range(1, schedules // 10 + 1)]
    rotas = list(policy.rotas.values())
    quick = [_ms(lambda at=at: [who(rota, overrides, at) for rota in rotas]) for at in _hours()]
    own = {rota.id: [each for each in overrides if each.schedule == rota.id] for rota in rotas}
    whole = [_ms(lambda at=at: [duty(rota, own[rota.id], at) for rota in rotas]) for at in _hours()]
    check = _ms(Outlook(settings, policy, overrides, {}, NOW).findings) / 1000
    name = f"{people:,} people, {schedules} schedules"
    return [
        Figure(f"{name}: who is on call", median(quick), "ms", aim=5),
        Figure(f"{name}: and since when, until when, who is next", median(whole), "ms", aim=5),
        Figure(f"{name}: check over 12 weeks", check, "s", aim=5),
    ]


def organization(people: int, schedules: int) -> Settings:
    """Teams with a schedule, a service and a policy each; every fourth has office hours on a second layer."""
    crowd = {f"p{n}": {"name": f"Person {n}", "slack": f"U{n:07}", "phone": f"+1555{n:07}"} for n in range(people)}
    teams = range(schedules)
    severity = {"means": "x", "acknowledge_within": "5m", "page": True, "call_after": "2m"}
    return Settings.model_validate(
        {
            "severities": {f"SEV-{n}": {"label": str(n), **severity} for n in (1, 2)},
            "people": crowd,
            "services": {f"t{n}": {"name": f"Team {n}", "escalation_policy": f"e{n}"} for n in teams},
            "schedules": {f"s{n}": _schedule(n, people // schedules) for n in teams},
            "escalation_policies": {f"e{n}": _policy(n, schedules) for n in teams} | {"default": _policy(0, schedules)},
        }
    )


def _schedule(team: int, size: int) -> dict:
    own = [f"p{team * size + n}" for n in range(size)]
    layers = [{"people": own, "every": EVERY[team % len(EVERY)]}]
    if team % 4 == 0:
        layers.append({"people": own[::-1], "every": "daily", "restrictions": [OFFICE]})
    return {"timezone": ZONES[team % len(ZONES)], "layers": layers}


def _policy(team: int, schedules: int) -> dict:
    first = {"schedules": [f"s{team}"], "acknowledge_within": "5m"}
    return {
        "levels": [
            first,
            {"schedules": [f"s{(team + 1) % schedules}"], "acknowledge_within": "15m"},
            {"people": ["p0"]},
        ]
    }


def _hours() -> list[datetime]:
    return [NOW + n * HOUR for n in range(REPEATS)]


def _ms(work) -> float:
    """Of processor time: nothing is waited for, and others on the machine count for nothing."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000
