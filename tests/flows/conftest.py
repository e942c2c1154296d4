"""The world of every story; a story in which the bot broke one of Slack's rules fails."""

from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from tests.world import World


@pytest.fixture
async def world(tmp_path):
    async with _sound(tmp_path) as started:
        yield started


@pytest.fixture
async def another_world(tmp_path):
    """A second one beside it, for comparisons."""
    folder = tmp_path / "another"
    folder.mkdir()
    async with _sound(folder) as started:
        yield started


@asynccontextmanager
async def _sound(folder):
    async with World(folder) as started:
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
