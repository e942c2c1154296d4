"""The world of every story; a story in which the bot broke one of Slack's rules fails."""

import pytest

from tests.world import World


@pytest.fixture
async def world(tmp_path):
    async with World(tmp_path) as started:
        await started.boot()
        yield started
        assert not started.sandbox.record.violations
        assert "Traceback" not in started.log.read_text(errors="replace"), started.tail(60)
