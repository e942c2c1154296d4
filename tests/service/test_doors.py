"""Who somebody is: known without waiting, asked of Slack once, and kept with its age."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import Temporary
from domain.grants import Permissions
from domain.policy import Policy
from domain.speaker import FULL, GUEST, STRANGER, UNKNOWN
from service import config
from service.doors import FULL_FOR, KNOWN_WITHIN_S, OUTSIDE_FOR, Doors
from tests.policies import EVERY_VENDOR
from tests.world import ROOT

DBA = "S0DBA"


class Slack:
    """What Slack says of people, when it says anything: `hold` is a gate behind which its answers wait."""

    def __init__(self, **standing):
        self.known = standing
        self.people = {DBA: {"U0004"}}
        self.asked = []
        self.down = False
        self.hold = asyncio.Event()
        self.hold.set()

    async def standing(self, user):
        self.asked.append(user)
        await self.hold.wait()
        if self.down:
            raise Temporary("Slack has trouble")
        return self.known[user]

    async def group(self, id):
        if self.down:
            raise Temporary("Slack has trouble")
        return frozenset(self.people[id])


class Moved:
    now_is = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)

    def now(self):
        return self.now_is


@pytest.fixture
def clock():
    return Moved()


@pytest.fixture
def slack():
    return Slack(U0004=FULL, U0005=STRANGER, U0009=GUEST)


@pytest.fixture
def doors(store, clock, slack):
    settings = config.load(ROOT / "config.yaml", EVERY_VENDOR)
    given = Permissions(publish=[DBA])
    return Doors(store, clock, Policy(settings.model_copy(update={"permissions": given})), slack)


async def standing(doors, who, **more):
    return (await doors.enter(who, "command", **more)).standing


async def test_whoever_stands_in_config_is_a_member_and_slack_is_not_asked(doors, slack):
    slack.hold.clear()
    assert await standing(doors, "U0001") == FULL
    assert slack.asked == []


async def test_others_are_asked_about_once_and_known_after_a_restart(doors, slack, store, clock):
    assert [await standing(doors, who) for who in ("U0004", "U0009", "U0005", "U0004")] == [
        *(FULL, GUEST, STRANGER, FULL),
    ]
    again = Doors(store, clock, doors._policy, slack)
    await again.load()
    assert await standing(again, "U0009") == GUEST
    assert slack.asked == ["U0004", "U0009", "U0005"]


async def test_nobody_waits_long_for_slack_and_its_late_answer_counts(doors, slack):
    slack.hold.clear()
    begun = asyncio.get_running_loop().time()
    assert await standing(doors, "U0009") == UNKNOWN
    assert asyncio.get_running_loop().time() - begun < KNOWN_WITHIN_S + 1
    assert await standing(doors, "U0009", elsewhere=True) == STRANGER

    slack.hold.set()
    assert await doors.learn("U0009") == GUEST
    assert slack.asked == ["U0009"]


async def test_a_member_whose_answer_is_old_does_not_wait_for_a_new_one(doors, slack, clock):
    assert await standing(doors, "U0004") == FULL
    clock.now_is += FULL_FOR + timedelta(seconds=1)
    slack.known["U0004"] = GUEST
    slack.hold.clear()
    assert await standing(doors, "U0004") == FULL

    slack.hold.set()
    assert await doors.learn("U0004") == GUEST


async def test_a_guest_who_was_let_in_need_not_wait_for_a_day(doors, slack, clock):
    assert await standing(doors, "U0009") == GUEST
    slack.known["U0009"] = FULL
    assert await standing(doors, "U0009") == GUEST
    clock.now_is += OUTSIDE_FOR + timedelta(seconds=1)
    assert await standing(doors, "U0009") == FULL


async def test_what_slack_said_before_counts_while_it_says_nothing(doors, slack, clock):
    assert await standing(doors, "U0009") == GUEST
    slack.down = True
    clock.now_is += FULL_FOR
    assert await standing(doors, "U0009") == GUEST


async def test_a_group_that_slack_has_not_told_is_unsure_and_known_after_a_restart_once_it_has(
    doors, slack, store, clock
):
    slack.down = True
    with pytest.raises(Temporary):
        await doors.learn_groups([DBA])
    before = await doors.enter("U0001", "command")
    slack.down = False
    await doors.learn_groups([DBA])
    again = Doors(store, clock, doors._policy, slack)
    await again.load()
    inside, outside = await again.enter("U0004", "command"), await again.enter("U0001", "command")

    assert (before.groups, before.unsure) == (frozenset(), {DBA})
    assert (inside.groups, inside.unsure) == ({DBA}, frozenset())
    assert (outside.groups, outside.unsure) == (frozenset(), frozenset())
