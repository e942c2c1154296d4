"""Who is on call: against a watchman below a clock, over a year of every kind of rotation, in zones whose clocks change
by an hour, by half an hour and never; and what holds for any schedule at all."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.overrides import Override, overlapped
from domain.rotations import duty, shifts, who
from domain.schedules import Schedule, rotas
from tests.domain import watchman

ZONES = ("Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
EVERY = ("daily", "weekly", "1h", "8h", "12h", "36h", "3d", "2w")
FIRST = datetime(2026, 1, 6, tzinfo=UTC)
STARTS = {"weekly": date(2025, 12, 29), "2w": date(2025, 12, 29)}
"""Otherwise the rotations start two days before the first look, whatever the zone."""

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
PEOPLE = ("ana", "ben", "chris")
OFFICE = (("mon", "tue", "wed", "thu", "fri"), time(9), time(17))
NIGHT = (("fri", "sat"), time(22), time(6))
WEEKEND = (("sat", "sun"), time(0), time(0))


def layer(every="weekly", at=time(9), people=PEOPLE, starts=None, restrictions=(), **more):
    hours = [{"days": days, "begin": begin, "end": end} for days, begin, end in restrictions]
    written = {"people": people, "every": every, "hand_over_at": at, "restrictions": hours, **more}
    return {**written, "starts": starts or STARTS.get(every, date(2026, 1, 4))}


def made(*layers, zone="UTC", follower=None):
    written = {"primary": Schedule(id="primary", timezone=zone, layers=layers)}
    if follower:
        written["secondary"] = Schedule(id="secondary", follows="primary", by=follower)
    return rotas(written, "UTC")


def on_call(rota, overrides, at):
    return duty(rota, overrides, at)[0]


def for_watchman(every="weekly", at=time(9), people=PEOPLE, restrictions=()):
    return people, STARTS.get(every, date(2026, 1, 4)), at, every, restrictions


def agree(rota, seen):
    """Hour by hour; and the shifts of the whole year begin at exactly the looks at which he hands over."""
    asked = ((moment, who(rota, (), moment), person) for moment, person in seen[:: HOUR // watchman.LOOK_EVERY])
    assert [each for each in asked if each[1] != each[2]][:3] == []
    changes = [each for before, each in pairwise(seen) if each[1] != before[1]]
    told = shifts(rota, (), seen[0][0], seen[-1][0] + watchman.LOOK_EVERY)
    assert [(shift.since, shift.person) for shift in told] == [seen[0], *changes]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("every", EVERY)
def test_a_year_of_every_rotation_has_exactly_one_person_on_call_the_one_whom_a_watchman_sees(zone, every):
    seen = watchman.watched(zone, FIRST, for_watchman(every))
    assert None not in {person for _, person in seen}
    agree(made(layer(every), zone=zone)["primary"], seen)


@pytest.mark.parametrize(
    ("zone", "every", "at"),
    [
        *((zone, every, time(2, 15)) for zone in ZONES[:2] for every in ("1h", "12h", "daily", "3d")),
        *(("Australia/Lord_Howe", "daily", at) for at in (time(1, 45), time(2, 15))),
    ],
)
def test_a_year_of_hand_overs_at_a_time_that_once_does_not_exist_and_once_comes_twice_is_as_the_watchman_sees_it(
    zone, every, at
):
    agree(made(layer(every, at), zone=zone)["primary"], watchman.watched(zone, FIRST, for_watchman(every, at)))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "restrictions",
    [[OFFICE], [NIGHT], [WEEKEND], [OFFICE, WEEKEND, NIGHT], [(watchman.DAYS, time(2, 15), time(2, 45))]],
    ids=["office", "over midnight", "whole days", "together", "in the hour that is skipped"],
)
def test_restricted_layers_over_a_year_are_as_the_watchman_sees_them(zone, restrictions):
    seen = watchman.watched(zone, FIRST, for_watchman("daily", restrictions=restrictions))
    agree(made(layer("daily", restrictions=restrictions), zone=zone)["primary"], seen)


@pytest.mark.parametrize("zone", ZONES)
def test_a_later_layer_wins_where_it_has_somebody_and_leaves_the_rest_to_the_one_below(zone):
    days, nights = ("dana", "eli"), ("fay", "gus")
    seen = watchman.watched(
        zone,
        FIRST,
        for_watchman(),
        for_watchman("daily", time(8), days, [OFFICE]),
        for_watchman("12h", time(20), nights, [NIGHT]),
    )
    rota = made(
        layer(),
        layer("daily", time(8), days, restrictions=[OFFICE]),
        layer("12h", time(20), nights, restrictions=[NIGHT]),
        zone=zone,
    )["primary"]
    agree(rota, seen)


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Amsterdam", "2026-03-23 08:00", "2026-03-30 07:00"),
        ("America/New_York", "2026-03-02 14:00", "2026-03-09 13:00"),
        ("Australia/Lord_Howe", "2026-03-29 22:00", "2026-04-05 22:30"),
        ("Asia/Kathmandu", "2026-03-23 03:15", "2026-03-30 03:15"),
    ],
)
def test_a_hand_over_is_at_nine_by_the_local_clock_before_and_after_the_clocks_change(zone, before, after):
    """The moments in UTC, written out by hand from the zones' offsets."""
    rota = made(layer(), zone=zone)["primary"]
    for written in (before, after):
        moment = datetime.fromisoformat(written).replace(tzinfo=UTC)
        assert moment.astimezone(ZoneInfo(zone)).time() == time(9)
        assert on_call(rota, (), moment).since == moment
        assert on_call(rota, (), moment - HOUR).until == moment
        assert who(rota, (), moment) != who(rota, (), moment - HOUR)


@pytest.mark.parametrize(
    ("day", "hands_over"),
    [("2026-03-29", "01:00"), ("2026-10-25", "00:30")],
    ids=["does not exist: when the clocks jump", "comes twice: the first"],
)
def test_a_hand_over_at_half_past_two_in_amsterdam(day, hands_over):
    rota = made(layer("daily", time(2, 30)), zone="Europe/Amsterdam")["primary"]
    moment = datetime.fromisoformat(f"{day} {hands_over}").replace(tzinfo=UTC)
    assert on_call(rota, (), moment).since == moment


def test_a_turn_of_a_skipped_hour_is_nobodys_and_that_of_a_repeated_one_is_twice_as_long():
    rota = made(layer("1h", time(0)), zone="Europe/Amsterdam")["primary"]
    spring = shifts(rota, (), datetime(2026, 3, 29, 0, tzinfo=UTC), datetime(2026, 3, 29, 2, tzinfo=UTC))
    autumn = on_call(rota, (), datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    one, two = (PEOPLE.index(shift.person) for shift in spring)
    assert (two - one) % 3 == 2
    assert (autumn.since, autumn.until) == (
        datetime(2026, 10, 25, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 2, tzinfo=UTC),
    )


def test_the_day_that_samoa_left_out_is_no_trouble():
    """30 December 2011 did not exist in Apia: a whole day of hand-overs comes at one moment."""
    for every in ("1h", "daily"):
        rota = made(layer(every, time(9), starts=date(2011, 12, 1)), zone="Pacific/Apia")["primary"]
        told = shifts(rota, (), datetime(2011, 12, 28, tzinfo=UTC), datetime(2012, 1, 2, tzinfo=UTC))
        consistent(rota, (), told, datetime(2011, 12, 28, tzinfo=UTC), datetime(2012, 1, 2, tzinfo=UTC))


@pytest.mark.parametrize("zone", ZONES)
def test_the_secondary_is_who_was_primary_the_turn_before_all_year_long(zone):
    both = made(layer("daily"), zone=zone, follower=1)
    told = shifts(both["primary"], (), FIRST, FIRST + 366 * DAY)
    for before, shift in pairwise(told):
        middle = shift.since + (shift.until - shift.since) / 2
        assert who(both["secondary"], (), middle) == before.person


def test_starts_is_the_day_on_which_the_first_of_the_list_begins():
    rota = made(layer(starts=date(2026, 11, 23)), zone="Europe/Amsterdam")["primary"]
    shift = on_call(rota, (), datetime(2026, 11, 23, 8, tzinfo=UTC))
    assert (shift.person, shift.since) == ("ana", datetime(2026, 11, 23, 8, tzinfo=UTC))
    assert who(rota, (), datetime(2026, 11, 23, 7, 59, tzinfo=UTC)) == "chris"


def test_who_is_alone_is_on_call_without_an_end():
    rota = made(layer(people=("ana",)))["primary"]
    shift = on_call(rota, (), FIRST)
    assert (shift.person, shift.since, shift.until) == ("ana", None, None)


def test_the_same_person_on_two_layers_hands_over_to_nobody():
    rota = made(layer(people=("ana",)), layer(people=("ana",), restrictions=[OFFICE]))["primary"]
    shift = on_call(rota, (), FIRST)
    assert (shift.person, shift.since, shift.until) == ("ana", None, None)


def test_restrictions_that_leave_out_nothing_are_none():
    week = [(watchman.DAYS[:4], time(6), time(6)), (watchman.DAYS[4:], time(6), time(12)), (("sun",), time(0), time(0))]
    hours = [*week, (watchman.DAYS[4:6], time(11), time(6)), (("sun",), time(23), time(7))]
    [made_layer] = made(layer(restrictions=hours))["primary"].layers
    assert made_layer.hours is None
    [cut_layer] = made(layer(restrictions=week))["primary"].layers
    assert cut_layer.hours is not None


# overrides


MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def stand_in(person, begin, end, id=1, schedule="primary"):
    return Override(schedule, person, MONDAY + begin, MONDAY + end, "U0001", id)


def test_an_override_is_in_force_from_its_begin_to_its_end_and_is_the_next_change():
    rota = made(layer(starts=date(2026, 11, 23)))["primary"]
    override = stand_in("dana", 2 * HOUR, 6 * HOUR)
    told = shifts(rota, [override], MONDAY, MONDAY + WEEK)
    assert [(shift.person, shift.until - MONDAY) for shift in told] == [
        ("ana", 2 * HOUR),
        ("dana", 6 * HOUR),
        ("ana", WEEK),
    ]
    assert on_call(rota, [override], MONDAY).until == MONDAY + 2 * HOUR
    assert on_call(rota, [override], MONDAY + 3 * HOUR).since == MONDAY + 2 * HOUR


def test_of_overlapping_overrides_the_newest_wins_and_the_older_one_comes_back_after_it():
    rota = made(layer(starts=date(2026, 11, 23)))["primary"]
    older, newer = stand_in("dana", 0 * HOUR, 8 * HOUR, 1), stand_in("eli", 2 * HOUR, 4 * HOUR, 2)
    told = shifts(rota, [newer, older], MONDAY, MONDAY + 9 * HOUR)
    assert [shift.person for shift in told] == ["dana", "eli", "dana", "ana"]
    assert overlapped([older, newer], newer) == (older,)
    assert overlapped([older, newer], older) == ()


def test_an_override_of_another_schedule_changes_nothing():
    rota = made(layer())["primary"]
    assert who(rota, [stand_in("dana", 0 * HOUR, HOUR, schedule="other")], MONDAY) == who(rota, (), MONDAY)


def test_an_override_fills_a_gap():
    rota = made(layer(restrictions=[OFFICE]))["primary"]
    sunday = MONDAY - DAY
    assert who(rota, (), sunday) is None
    assert who(rota, [Override("primary", "dana", sunday, sunday + HOUR, id=1)], sunday) == "dana"
    assert on_call(rota, (), sunday).until == MONDAY


# anything at all

minutes = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
days = st.lists(st.sampled_from(watchman.DAYS), min_size=1, unique=True)
zones = st.sampled_from((*ZONES, "UTC", "Antarctica/Troll", "America/St_Johns", "Africa/Casablanca", "Pacific/Apia"))
moments = st.integers(0, 26 * 365 * 24 * 60).map(lambda n: datetime(2009, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
layers = st.builds(
    layer,
    every=st.sampled_from(("1h", "5h", "12h", "daily", "3d", "10d")),
    at=minutes,
    people=st.lists(st.sampled_from(("ana", "ben", "chris", "dana")), min_size=1, max_size=4).map(tuple),
    starts=st.dates(date(2009, 1, 1), date(2030, 1, 1)),
    restrictions=st.lists(st.tuples(days, minutes, minutes), max_size=2),
)


@st.composite
def spans(draw):
    """A moment and what stands in around it."""
    at = draw(moments)
    hours = st.integers(-200, 200)
    found = draw(st.lists(st.tuples(st.sampled_from(("eve", "ana")), hours, st.integers(1, 100)), max_size=4))
    return at, [
        Override("primary", person, at + begin * HOUR, at + (begin + length) * HOUR, id=n)
        for n, (person, begin, length) in enumerate(found)
    ]


def consistent(rota, overrides, told, begin, end):
    """All of the time, each moment once, no two alike side by side; and every other way to ask says the same."""
    assert [told[0].since, *(shift.until for shift in told)] == [*(shift.since for shift in told), end]
    assert told[0].since == begin
    assert all(one.person != two.person for one, two in pairwise(told))
    for shift in told:
        middle = shift.since + (shift.until - shift.since) / 2
        for moment in (shift.since, middle, shift.until - timedelta(microseconds=1)):
            assert who(rota, overrides, moment) == shift.person
        asked = on_call(rota, overrides, middle)
        following = on_call(rota, overrides, asked.until) if asked.until else None
        assert duty(rota, overrides, middle)[1] == following
        assert asked.person == shift.person
        assert (asked.since or begin) <= shift.since
        assert (asked.until or end) >= shift.until
        if begin < shift.since:
            assert asked.since == shift.since
        if shift.until < end:
            assert asked.until == shift.until


@settings(deadline=None, max_examples=70)
@given(st.lists(layers, min_size=1, max_size=3), zones, spans())
def test_shifts_hold_all_of_the_time_and_every_way_to_ask_says_the_same(written, zone, around):
    at, overrides = around
    rota = made(*written, zone=zone)["primary"]
    consistent(rota, overrides, shifts(rota, overrides, at, at + 4 * DAY), at, at + 4 * DAY)


@settings(deadline=None, max_examples=70)
@given(layers.filter(lambda each: not each["restrictions"]), zones, moments)
def test_without_restrictions_somebody_is_always_on_call_and_the_clock_shows_the_hand_over_or_has_just_jumped_over_it(
    written, zone, at
):
    rota = made(written, zone=zone)["primary"]
    shift = on_call(rota, (), at)
    assert shift.person in written["people"]
    if shift.since is None:
        return
    shows = shift.since.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    earlier = (shift.since - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    marks = [datetime.combine(shows.date(), written["hand_over_at"]) + n * HOUR for n in range(-24, 25)]
    due = max(mark for mark in marks if mark <= shows)
    assert due == shows or earlier < due
