"""`python bot.py …` as somebody at a terminal meets it: real processes, their words and their exit codes."""

import asyncio
import os
import re
import shlex
import signal
import socket
import sys
from pathlib import Path

import pytest

from sandbox import client
from tests import nursery
from tests.world import BOT, OUTSIDE, World

ROOT = Path(__file__).resolve().parent.parent
WITHIN_S = 60
READY = re.compile(
    r"muster: ready: listening to Example as @muster; .*PagerDuty, Twilio, Plane, Statuspage, e-mail; .*/readyz"
)
SANDBOX = """
import asyncio, sys
from sandbox import run
sys.exit(asyncio.run(run.main(port={port}, bot_command={bot!r}, folder={folder!r})))
"""


def calm():
    """The environment without anything of a real installation's."""
    return {name: value for name, value in os.environ.items() if not OUTSIDE.match(name)}


async def start(*command, **environment):
    pipe, both = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
    environ = calm() | environment
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environ, stdout=pipe, stderr=both)


async def ended(process):
    """Exit code and all that was printed."""
    output, _ = await asyncio.wait_for(process.communicate(), WITHIN_S)
    return process.returncode, output.decode()


async def said(*arguments, **environment):
    command = (sys.executable, str(ROOT / "bot.py"), *arguments)
    return await nursery.finished(*command, env=calm() | environment, cwd=ROOT, within=WITHIN_S)


async def read_until(process, wanted):
    """What is printed up to the line that matches."""
    printed = ""
    async with asyncio.timeout(WITHIN_S):
        while not re.search(wanted, printed):
            line = await process.stdout.readline()
            assert line, f"ended without {wanted!r}:\n{printed}"
            printed += line.decode()
    return printed


def occupied():
    """A port of this machine that somebody listens on."""
    taken = socket.create_server(("127.0.0.1", 0))
    return taken, taken.getsockname()[1]


@pytest.fixture
async def world(tmp_path):
    async with World(tmp_path) as started:
        yield started


async def exit_of(world):
    """How a bot of this world ends that cannot begin."""
    process = await world.launch()
    return await asyncio.wait_for(process.wait(), WITHIN_S), world.tail()


# beginning and end


async def test_a_start_is_calm_and_ends_in_one_line_that_says_ready(world):
    await world.boot()
    await world.until(lambda: READY.search(world.tail()))
    lines = world.tail().splitlines()

    assert READY.search(lines[-1])
    assert len(lines) == 2, "only the new database is told besides"
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO muster: ", line) for line in lines)


async def test_a_polite_end_is_quiet(world):
    await world.boot()
    await world.until(lambda: READY.search(world.tail()))
    before = world.tail()

    assert await world.stop() == 0
    assert world.tail() == before


async def test_slacks_refusal_of_the_bot_token_is_a_sentence(world):
    world.changed = {"SLACK_BOT_TOKEN": "xoxb-wrong"}
    code, words = await exit_of(world)

    assert code == 1
    assert words.splitlines()[-1] == "Slack refuses SLACK_BOT_TOKEN (invalid_auth). Copy it again: OAuth & Permissions."
    assert "Traceback" not in words


async def test_slacks_refusal_of_the_app_token_is_a_sentence(world):
    world.changed = {"SLACK_APP_TOKEN": "xapp-wrong"}
    code, words = await exit_of(world)

    assert code == 1
    assert "Slack refuses SLACK_APP_TOKEN (invalid_auth)" in words.splitlines()[-1]
    assert "Traceback" not in words


async def test_a_port_in_use_is_a_sentence(world):
    taken, world.http_port = occupied()
    with taken:
        code, words = await exit_of(world)

    assert code == 1
    said = f"127.0.0.1:{world.http_port} cannot be listened on (address already in use). Is another Muster running?"
    assert words.splitlines()[-1].startswith(said)
    assert "MUSTER_HTTP_PORT" in words.splitlines()[-1]
    assert "Traceback" not in words


async def test_a_database_that_cannot_be_opened_is_a_sentence(world):
    world.changed = {"DATABASE_URL": f"sqlite:///{world.folder}/no/such/folder/muster.db"}
    (world.folder / "no").write_text("a file where a folder would have to be")
    code, words = await exit_of(world)

    assert code == 1
    assert "The database cannot be used" in words.splitlines()[-1]
    assert "Traceback" not in words


async def test_without_tokens_run_says_what_is_missing_and_what_else_there_is():
    code, words = await said("run")

    assert code == 1
    assert words == (
        "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are not set. To try without Slack: python bot.py sandbox\n"
    )  # fmt: skip


async def test_a_bad_configuration_is_told_whole(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("severity: {}\npeople: {ana: {name: Ana, slack: '@ana'}}\n")
    code, words = await said("check", "--config", str(file))

    assert code == 1
    assert words.startswith("config.yaml cannot be used:\n")
    assert "severity" in words
    assert "people.ana.slack" in words
    assert "Traceback" not in words


async def test_the_delivered_configuration_is_right_and_what_is_off_is_a_warning(tmp_path):
    code, words = await said("check", DATABASE_URL=f"sqlite:///{tmp_path}/none.db")

    assert code == 0
    assert words.startswith("config.yaml is right.\nPaging from ")
    assert "  warning      integrations.twilio: is off" in words
    assert "Nothing keeps a page from getting through; 1 warning.\n5 runbooks" in words
    assert list(tmp_path.iterdir()) == [], "whoever only looks makes no database"


async def test_a_ladder_that_reaches_nobody_is_told_and_exit_code_1(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(
        "severities: {SEV-1: {label: x, means: x, acknowledge_within: 5m, page: true}}\n"
        "people: {ana: {name: Ana, slack: U0001}}\n"
        "escalation_policies: {default: {levels: [{people: [ana], means: [phone]}]}}\n"
    )
    code, words = await said("check", "--config", str(file), DATABASE_URL=f"sqlite:///{tmp_path}/none.db")

    assert code == 1
    assert "  error        escalation_policies.default.levels[0]: nobody can be reached by phone, of Ana: " in words


async def test_check_asks_slack_about_its_members_and_check_and_plan_know_who_stands_in(world):
    await world.boot()
    await world.say("ana", "/incident override @chris 4h")
    environ = world.environment()
    code, words = await said("check", **environ)
    assert code == 0
    assert "not checked" not in words
    code, words = await said("plan", "--severity", "SEV-1", **environ)
    assert code == 0
    assert "on call here: Chris" in words


async def test_a_plan_is_printed_and_what_it_cannot_be_made_of_is_a_sentence(tmp_path):
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}
    code, words = await said("plan", "--severity", "SEV-1", "--service", "api", "--at", "Sat 03:00", **database)
    assert code == 0
    assert "level 2  Ben: Slack ✓, phone ✗ not connected" in words
    assert await said("plan", "--severity", "SEV-7", **database) == (
        1,
        "There is no severity `SEV-7`. There are SEV-1, SEV-2, SEV-3, SEV-4.\n",
    )


# make run


def sandbox(port, folder, *bot):
    script = SANDBOX.format(port=port, bot=tuple(bot or BOT), folder=str(folder))
    return start(sys.executable, "-c", script, PYTHONPATH=str(ROOT))


async def test_the_sandbox_greets_says_ready_and_ends_quietly_on_an_interrupt(tmp_path):
    process = await sandbox(0, tmp_path)
    printed = await read_until(process, READY)
    process.send_signal(signal.SIGINT)
    code, rest = await ended(process)

    assert code == 0
    assert rest == ""
    assert printed.startswith("Open this in a browser:\n\n  http://127.0.0.1:")


async def test_every_example_of_the_greeting_works(tmp_path):
    process = await sandbox(0, tmp_path)
    printed = await read_until(process, READY)
    address = re.search(r"http://127.0.0.1:\d+", printed)[0]
    examples = re.findall(r"python bot\.py (.+?)(?: \(and |\)\.)", printed)
    told = [await said(*shlex.split(example), MUSTER_SANDBOX_URL=address) for example in examples]
    process.send_signal(signal.SIGINT)
    await ended(process)

    assert len(examples) == 2
    for code, words in told:
        assert code == 0, words
        assert "Traceback" not in words


async def test_a_sandbox_port_in_use_is_a_sentence(tmp_path):
    taken, port = occupied()
    with taken:
        code, words = await ended(await sandbox(port, tmp_path))

    assert code == 1
    assert words.startswith(f"Port {port} is in use.")
    assert re.fullmatch(r".*python bot\.py sandbox --port \d+\n", words)


async def test_a_bot_that_cannot_start_in_the_sandbox_ends_it_with_its_sentence(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("people: 3\n")
    code, words = await ended(await sandbox(0, tmp_path, *BOT, "--config", str(file)))

    assert code == 1
    assert "config.yaml cannot be used" in words
    assert "Traceback" not in words


# the terminal client


async def test_an_answer_names_the_room_that_was_only_just_opened(world, monkeypatch, capsys):
    await world.boot()
    monkeypatch.setenv("MUSTER_SANDBOX_URL", world.sandbox.url)
    code = await asyncio.to_thread(client.main, ["say", '/incident start SEV-1 "db down"'])
    printed = capsys.readouterr().out

    assert code == 0
    assert "*INC-1* declared: #inc-1-db-down" in printed


async def test_a_form_is_shown_when_it_opens_and_not_again_below_every_answer(world, monkeypatch, capsys):
    await world.boot()
    monkeypatch.setenv("MUSTER_SANDBOX_URL", world.sandbox.url)
    await asyncio.to_thread(client.main, ["say", "/incident start"])
    opened = capsys.readouterr().out
    await asyncio.to_thread(client.main, ["say", "/incident list"])
    later = capsys.readouterr().out

    assert "== Declare an incident ==" in opened
    assert "== Declare an incident ==" not in later
