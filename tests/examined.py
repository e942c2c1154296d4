"""The doctor as a real process, and the lines of what it says."""

import re
import sys

import pytest

from tests import nursery
from tests.world import ROOT, World

WITHIN_S = 30
SCOPES = r"scopes +all \d+ of manifest.yaml are granted, and no others"


@pytest.fixture
async def world(tmp_path):
    async with World(tmp_path) as started:
        yield started


async def doctor(world, *arguments):
    """Exit code and lines. Whatever happens, no secret is among them."""
    environ = world.environment()
    code, lines = await examined(environ, world.folder, *arguments)
    secrets = [value for name, value in environ.items() if re.search("TOKEN|SECRET|KEY$", name)]
    assert not [secret for secret in secrets if secret in "\n".join(lines)]
    return code, lines


async def examined(environ, folder, *arguments):
    command = (sys.executable, str(ROOT / "bot.py"), "doctor", *arguments)
    code, output = await nursery.finished(*command, env=environ, cwd=folder, within=WITHIN_S)
    assert "Traceback" not in output, output
    return code, output.splitlines()


def ill(lines):
    """The lines of what has to be mended, without their marks and the blanks between subject and words."""
    return [" ".join(line.removeprefix("✗").split()) for line in lines if line.startswith("✗")]


def lines_of(lines, mark):
    return [" ".join(line.removeprefix(mark).split()) for line in lines if line.startswith(mark)]
