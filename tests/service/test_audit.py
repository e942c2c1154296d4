"""From where somebody did something is known wherever they did it, and what is not asked for is never refused."""

import pytest

from domain.errors import Refused
from domain.grants import Permissions
from domain.pager import News
from domain.policy import Policy
from domain.speaker import Speaker
from service import config
from service.clock import Clock
from service.incidents import Incidents
from service.pagers import Pagers
from service.phones import Phones
from service.switchboard import Switchboard
from storage import audit, incidents, speaking
from tests.policies import EVERY_VENDOR
from tests.world import ROOT

NOBODY = Permissions(respond=["U0BOSS"], page=["U0BOSS"], close=[])


class House:
    """The use cases over one database, under rules by which hardly anybody may do anything."""

    def __init__(self, store):
        self.store = store
        settings = config.load(ROOT / "config.yaml", EVERY_VENDOR)
        self.policy = Policy(settings.model_copy(update={"permissions": NOBODY}))
        shared = (store, Clock(), self.policy, lambda lanes: None)
        self.incidents, self.phones, self.pagers = Incidents(*shared), Phones(*shared), Pagers(*shared)
        self.switchboard = Switchboard(self.incidents, self.phones, self.policy)

    async def declared(self):
        return (await self.incidents.declare("SEV-1", "db down", "U0001")).incident.number

    def last(self, number):
        act = self.store.transact_now(audit.of, number)[-1]
        return act.who, act.what, act.door


@pytest.fixture
def house(store):
    return House(store)


async def test_a_key_on_the_phone_is_an_act_of_whoever_pressed_it(house):
    number = await house.declared()
    await house.switchboard.key(number, house.policy.person("ben"), "CA1", "1")
    assert house.last(number) == ("U0002", "acknowledged", "phone")


async def test_an_answer_in_the_pagers_app_is_an_act_of_whoever_gave_it(house):
    number = await house.declared()
    key = house.store.transact_now(incidents.record, number).key
    await house.pagers.take(News("acknowledged", "pagerduty", key, "U0003"))
    assert house.last(number) == ("U0003", "acknowledged", "pagerduty")


async def test_the_same_is_refused_where_somebody_asks_for_it_and_leaves_nothing_behind(house):
    number = await house.declared()
    before = house.store.transact_now(audit.of, number)
    with speaking.speaking(Speaker("U0004", "button")), pytest.raises(Refused, match="that is for people named in"):
        await house.incidents.acknowledge(number, "U0004", "button")
    with speaking.speaking(Speaker("U0004", "button")), pytest.raises(Refused):
        await house.incidents.update(number, "U0004", "mine", key="once")
    assert house.store.transact_now(audit.of, number) == before

    with speaking.speaking(Speaker("U0BOSS", "button")):
        await house.incidents.update(number, "U0BOSS", "mine", key="once")
    assert house.last(number) == ("U0BOSS", "update", "button")
