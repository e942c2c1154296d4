"""The story that `make try` tells."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from sandbox import story
from sandbox.app import Sandbox

ROOT = Path(__file__).parents[2]
TOLD_WITHIN_S = 150


async def told(*arguments):
    """Exit code and transcript of a run of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox.story", *arguments,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), TOLD_WITHIN_S)
    return process.returncode, output.decode()


def plain(text):
    """Without what no two runs share: hours, ports, milliseconds, where a line was broken, what else came as fast."""
    return " ".join(re.sub(r"\d+", "0", text).replace(", before anything else", "").split())


def printed_in_the_readme():
    """The pieces of its transcript, which leaves something out where it says `…`."""
    [transcript] = re.findall(r"```\n(Ana declares.+?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return [plain(piece) for piece in re.split(r"^ +…$", transcript, flags=re.MULTILINE)]


@pytest.mark.long
async def test_the_story_is_told_from_the_command_to_the_archived_room():
    code, transcript = await told()

    assert code == 0, transcript
    places = [
        transcript.index(words)
        for words in (
            '/incident start SEV-1 "db down"',
            "pages: [SEV-1] db down (critical)",
            "[INCIDENT] SEV-1: db down",
            "Ana's phone rings",
            "No key was pressed",
            "Ben's phone rings",
            "@Ben is on it, acknowledged by phone",
            "is killed",
            "Update by @Ben",
            "Resolved by @Ana",
            "is archived",
            "Nobody was rung after the acknowledgement",
        )
    ]
    assert places == sorted(places)
    for piece in printed_in_the_readme():
        assert piece in plain(transcript)


@pytest.mark.long
async def test_a_line_that_is_missing_is_named_and_ends_the_story(tmp_path):
    lines = []
    async with Sandbox(0, tmp_path / "clock") as sandbox:
        sandbox.faults.add("plane", "status", code=500)
        code = await story.tell(sandbox, tmp_path, patience=8.0, out=lines.append)

    assert code == 1
    assert "MISSING: a work item at Plane" in lines[-1]
    assert "plane create_issue is late" in lines[-1]


async def test_help_says_what_it_does_and_starts_nothing():
    code, help = await told("--help")

    assert code == 0
    assert "archived channel" in help
