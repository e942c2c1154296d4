"""What one declaration costs does not grow with what is there already."""

import time

import pytest

from domain import decisions
from domain.incidents import Incident
from storage import incidents, migrate
from storage.db import Store
from tests.policies import policy
from tests.storage.values import NOW

MANY = 1000
SAMPLE = 60
MOST_GROWTH = 1.5


@pytest.mark.slow
async def test_a_declaration_among_a_thousand_costs_no_more_than_the_first(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'muster.db'}")
    store.migrate(migrate.upgrade)

    rules = policy()

    def declare(number):
        title = f"title {number}"
        assert incidents.find_same("U0001", title, NOW) is None
        incidents.apply(decisions.declare(Incident(title, "SEV-1", "U0001", NOW), rules, NOW, ""), NOW)

    async def cost(first):
        spent = []
        for number in range(first, first + SAMPLE):
            begun = time.process_time()
            await store.transact(declare, number)
            spent.append(time.process_time() - begun)
        return sorted(spent)[SAMPLE // 2]

    alone = await cost(0)
    for number in range(SAMPLE, MANY):
        await store.transact(declare, number)
    among_many = await cost(MANY)

    store.close()
    assert among_many < alone * MOST_GROWTH, f"{alone * 1000:.2f} ms at first, {among_many * 1000:.2f} ms among {MANY}"
