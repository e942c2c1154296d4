"""A sandbox for tests that drive it without Muster."""

from dataclasses import replace

import aiohttp
import pytest

from sandbox.app import Sandbox
from sandbox.slack.manifest import Manifest
from tests.sandbox.slack_client import Answering, Client, Seconds


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def manifest():
    """Everything granted; a test that wants less overrides it."""
    return Manifest.everything()


@pytest.fixture
def granted(sandbox):
    """The scopes that the app was given, to take some away."""
    scopes = set(sandbox.slack.manifest.scopes)
    sandbox.slack.manifest = replace(sandbox.slack.manifest, scopes=scopes)
    return scopes


@pytest.fixture
async def sandbox(manifest, seconds):
    async with Sandbox(manifest=manifest, monotonic=seconds) as world:
        yield world


@pytest.fixture
async def slack(sandbox):
    async with aiohttp.ClientSession() as session:
        yield Client(sandbox, session)


@pytest.fixture
async def bot(slack):
    """A connected bot that acknowledges everything."""
    return Answering(await slack.connect())
