"""The world of every story; a story in which the bot broke one of Slack's rules fails."""

from contextlib import asynccontextmanager

import pytest

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
        assert not started.sandbox.record.violations
        assert "Traceback" not in started.log.read_text(errors="replace"), started.tail(60)
