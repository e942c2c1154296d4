"""What comes back at a terminal that is not as one is: a pipe that ends early, a full disk, a locale of ASCII, half of
the tokens. Real processes; none of them needs a workspace."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.test_command_line import ROOT, WITHIN_S, calm, said

HELPLESS = """
severities: {SEV-1: {label: x, means: x, acknowledge_within: 5m, page: true}}
people: {ana: {name: Ana, slack: U0001}}
escalation_policies: {default: {levels: [{people: [ana], means: [phone]}]}}
"""


async def into(out, *arguments, **environment):
    """Exit code and standard error of what speaks into this file or pipe."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "bot.py"), *arguments,
        cwd=ROOT, env=calm() | environment, stdout=out, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, words = await asyncio.wait_for(process.communicate(), WITHIN_S)
    return process.returncode, words.decode()


@pytest.fixture
def nobody_reads():
    """A pipe whose reader, such as `head`, has seen enough."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.fixture
def opened():
    with contextlib.ExitStack() as stack:
        yield lambda path: stack.enter_context(Path(path).open("wb"))


@pytest.fixture
def helpless(tmp_path):
    """A configuration whose pages reach nobody: `check` exits with 1."""
    file = tmp_path / "config.yaml"
    file.write_text(HELPLESS)
    return str(file)


async def test_who_has_read_enough_is_no_fault_and_the_exit_code_stays_true(nobody_reads, helpless, tmp_path):
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/muster.db"}
    assert await into(nobody_reads, "plan", "--severity", "SEV-1", **database) == (0, "")
    assert await into(nobody_reads, "check", "--config", helpless, **database) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
async def test_an_answer_that_cannot_be_written_is_a_sentence_and_exit_code_1(opened):
    code, words = await into(opened("/dev/full"), "check")
    assert (code, words) == (1, "The answer cannot be written (No space left on device).\n")


async def test_a_terminal_without_a_tick_is_told_its_name(opened, tmp_path):
    code, words = await into(opened(tmp_path / "out"), "plan", "--severity", "SEV-1", PYTHONIOENCODING="ascii")
    assert (code, words) == (0, "")
    assert r"Ana: Slack \N{CHECK MARK}" in (tmp_path / "out").read_text()


async def test_an_interrupt_ends_what_only_looks_without_a_traceback(tmp_path):
    fifo = tmp_path / "config.yaml"
    os.mkfifo(fifo)  # whoever reads it waits
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "bot.py"), "check", "--config", str(fifo),
        cwd=ROOT, env=calm(), stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    door = await asyncio.wait_for(asyncio.to_thread(os.open, fifo, os.O_WRONLY), WITHIN_S)  # it reads by now
    process.send_signal(signal.SIGINT)
    _, words = await asyncio.wait_for(process.communicate(), WITHIN_S)
    os.close(door)
    assert (process.returncode, words) == (-signal.SIGINT, b"")


@pytest.mark.parametrize(
    ("there", "missing"), [("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"), ("SLACK_APP_TOKEN", "SLACK_BOT_TOKEN")]
)
async def test_half_of_what_slack_needs_is_a_mistake_and_no_wish_for_the_sandbox(there, missing):
    code, words = await said("run", "--or-sandbox", **{there: "xoxb-1"})
    assert (code, words) == (1, f"{missing} is not set. To try without Slack: python bot.py sandbox\n")


async def test_tokens_may_have_names_of_the_team_s_own(tmp_path):
    """As docs/configuration.md says: `${NAME}` may be another name than the usual one."""
    file = tmp_path / "config.yaml"
    file.write_text(f"{HELPLESS}slack: {{bot_token: '${{OURS}}', app_token: '${{ALSO_OURS}}'}}\n")
    environ = {"OURS": "xoxb-1", "ALSO_OURS": "xapp-1", "DATABASE_URL": f"sqlite:///{tmp_path}/a-folder/muster.db"}
    (tmp_path / "a-folder").touch()
    code, words = await said("run", "--or-sandbox", "--config", str(file), **environ)
    assert code == 1
    assert words.splitlines()[-1].startswith("The database cannot be used (")


@pytest.mark.parametrize("port", ["0", "-5", "65536", "x"])
async def test_what_is_no_port_is_refused_with_what_one_is(port):
    code, words = await said("sandbox", f"--port={port}")
    assert code == 2
    assert words.splitlines()[-1].endswith(f"argument --port: '{port}' is no port; write a number from 1 to 65535")
