"""Whatever the policy, whoever dies, whenever somebody answers: every level is asked in time, and nobody too much."""

import asyncio
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.service.watchful import START, Life, fresh, template

PEOPLE = st.lists(st.sampled_from(["ana", "ben", "chris"]), min_size=1, max_size=3, unique=True).map(tuple)
MEANS = st.sampled_from([None, ("slack",), ("phone",), ("slack", "sms"), ("slack", "phone", "sms")])
LEVELS = st.lists(st.tuples(PEOPLE, st.integers(5, 900), MEANS), min_size=1, max_size=4)
JUST_THEN = st.tuples(st.integers(0, 3), st.integers(-1, 1))
"""The number of a level, and seconds before or after the time at which it is asked."""

NUMBERS = count()
GENTLE = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)

CASES = given(
    data=st.data(),
    levels=LEVELS,
    severity=st.sampled_from(["SEV-1", "SEV-2"]),
    processes=st.integers(1, 2),
    answered=JUST_THEN | st.none() | st.integers(0, 3600) | JUST_THEN.map(lambda then: (then[0], 0)),
    deaths=st.integers(0, 3),
    troubles=st.integers(0, 2),
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ladders")
    return folder, template(folder)


@CASES
@settings(GENTLE, max_examples=25)
@pytest.mark.long
def test_every_level_is_asked_in_time_and_nobody_after_an_answer(empty, data, **drawn):
    judged(empty, data, **drawn)


@pytest.mark.slow
@CASES
@settings(GENTLE, max_examples=500)
def test_five_hundred_ladders(empty, data, **drawn):
    judged(empty, data, **drawn)


def judged(empty, data, levels, severity, processes, answered, deaths, troubles):
    folder, path = empty
    address = fresh(path, folder, f"{next(NUMBERS)}.db")
    at = moment(answered, levels)
    life = Life(
        lambda options: data.draw(st.sampled_from(options)), levels, severity, processes, address, at, deaths, troubles
    )
    try:
        asyncio.run(life.live(START + timedelta(hours=4)))
    finally:
        life.close()
    nobody_after_the_answer(life)
    nobody_twice(life)
    every_level(life, levels, at)


def moment(answered, levels):
    """Any time, or just when a level is asked: there an answer and a ring meet."""
    if isinstance(answered, tuple):
        level, off = answered
        answered = max(sum(seconds for _, seconds, _ in levels[:level]) + off, 0)
    return None if answered is None else START + timedelta(seconds=answered)


def nobody_after_the_answer(life):
    late = [each for each in life.requests if life.acknowledged_seq is not None and each[-1] > life.acknowledged_seq]
    assert late == []


def nobody_twice(life):
    twice = {ring: times for ring, times in life.successes.items() if times > 1 + life.unheard[ring]}
    assert twice == {}


def every_level(life, levels, answered):
    """Each level of the first two rounds, counted from when the level before was really asked."""
    first = asked(life, 0, 1)
    assert first is not None or (answered is not None and answered <= life.in_time(START))
    for round in (1, 2):
        planned = START + timedelta(minutes=90) * (round - 1)
        for level in range(len(levels)):
            if round == 2 and level == 0:
                planned = max(planned, asked(life, len(levels) - 1, 1) or planned)
            on_wire, due = asked(life, level, round), life.in_time(planned)
            if answered is not None and answered <= due:
                return
            assert on_wire is not None, f"level {level} of round {round} was never asked; due {due - START}"
            assert on_wire <= due, f"level {level} of round {round}: {on_wire - START}, due {due - START}"
            planned = max(planned, on_wire) + timedelta(seconds=levels[level][1])


def asked(life, level, round):
    times = [at for at, _, _, step, _ in life.requests if (step.level, step.round) == (level, round)]
    return min(times, default=None)
