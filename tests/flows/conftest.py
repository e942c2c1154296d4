"""The world of every story; a story in which the bot broke one of Slack's rules fails."""

import pytest
import pytest_asyncio

from tests.world import World


@pytest.fixture
async def world(tmp_path):
    async with World(tmp_path) as started:
        await started.boot()
        yield started
        _judge(started)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_world(tmp_path_factory):
    """One world for the many small cases of a module; each begins with incidents of its own."""
    async with World(tmp_path_factory.mktemp("world")) as started:
        await started.boot()
        yield started
        _judge(started)


def _judge(world):
    assert not world.sandbox.record.violations
    assert "Traceback" not in world.log.read_text(errors="replace"), world.tail(60)
