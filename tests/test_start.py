"""What Muster needs from its machine and does not get: a right config.yaml, a database, room on the disk."""

import asyncio
import contextlib
import re
import resource
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.flows.asking import ask, written
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
WITHIN_S = 30
NO_DATABASE = "Muster's database does not answer: nothing was changed."


@pytest.fixture
async def world(tmp_path):
    async with World(tmp_path) as started:
        yield started
        assert "Traceback" not in started.tail(200)


@pytest.fixture
async def running(world):
    await world.boot()
    return world


async def end_of(world, *arguments):
    """Exit code and what was said by a bot that cannot begin."""
    process = await world.launch(*arguments)
    return await asyncio.wait_for(process.wait(), WITHIN_S), world.tail(200)


# config.yaml


async def test_every_mistake_in_config_yaml_is_said_at_once_with_its_path(world):
    wrong = ROOT / "tests/service/bad.yaml"
    world.changed = {"MUSTER_HTTP_PORT": "many", "TWILIO_ACCOUNT_SID": None, "TWILIO_PHONE_NUMBER": None}
    code, words = await end_of(world, "--config", str(wrong))

    first, *errors = words.splitlines()
    assert code == 1
    assert first == "config.yaml cannot be used:"
    told = (ROOT / "tests/service/bad.errors.txt").read_text().splitlines()
    from_file = [line for line in told if not re.match(r"database\.url|slack\.|http\.public_url", line)]
    assert {f"  {line}" for line in from_file} <= set(errors)


async def test_a_config_yaml_that_is_not_there_is_a_sentence(world, tmp_path):
    code, words = await end_of(world, "--config", str(tmp_path / "nowhere.yaml"))

    assert code == 1
    assert "nowhere.yaml: cannot be read (No such file or directory); name another file with --config" in words


async def test_a_config_yaml_that_is_no_yaml_names_the_line(world, tmp_path):
    (tmp_path / "half.yaml").write_text("people:\n  ana: {name: Ana\nslack: x\n")
    code, words = await end_of(world, "--config", str(tmp_path / "half.yaml"))

    assert code == 1
    assert "half.yaml:3: is not YAML" in words


# the database


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///{folder}/a-file/muster.db", "a-file"),
        ("sqlite:///{folder}/no-database.db", "file is not a database"),
        ("sqlite:///{folder}/a-folder", "unable to open database file"),
        ("postgresql://ana@127.0.0.1:{port}/muster", "connection"),
    ],
)
async def test_a_database_that_cannot_be_had_is_a_sentence(world, tmp_path, url, words):
    (tmp_path / "a-file").write_text("in the way")
    (tmp_path / "a-folder").mkdir()
    (tmp_path / "no-database.db").write_text("these are only words " * 100)
    world.changed = {"DATABASE_URL": url.format(folder=tmp_path, port=world.http_port)}
    code, said = await end_of(world)

    assert code == 1
    assert said.splitlines()[-1].startswith("The database cannot be used (")
    assert words in said
    assert said.endswith("See database.url in config.yaml and DATABASE_URL.")


# trouble while it runs


@contextlib.contextmanager
def full_disk(world):
    """No file of the bot may grow: what a full disk is to the database."""
    pid = world.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def foreign_writer(world):
    """Somebody else writes into the file and does not finish."""
    database = sqlite3.connect(world.folder / "muster.db", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        database.close()


TROUBLES = [
    pytest.param(full_disk, marks=pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")),
    foreign_writer,
]


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.long
async def test_a_database_that_takes_nothing_is_said_in_time_and_nothing_is_lost(running, trouble):
    room = await running.declare("SEV-1", "db down")
    before = written(running)

    with trouble(running):
        for command in ('start SEV-1 "web down"', "update INC-1 failing over", "resolve INC-1 restarted", "ack INC-1"):
            assert NO_DATABASE in await ask(running, command)
        pressed = await running.people.click("ana", "Acknowledge", channel=room)
        assert not pressed.timeout
        await running.until(lambda: any(NO_DATABASE in each.text for each in pressed.ephemerals))
    assert written(running) == before

    assert "declared: SEV-1" in await ask(running, 'start SEV-1 "web down"')
    assert "Update posted" in await ask(running, "update INC-1 failing over")
    await running.until(lambda: len(running.alerts) == 2 and len(running.rooms()) == 2)
    await running.until(lambda: "failing over" in running.room_text(room))


async def test_news_of_a_room_that_cannot_be_written_down_is_a_line_of_the_log(running):
    room = await running.declare("SEV-1", "db down")
    with foreign_writer(running):
        running.people.rename(room, "db-war-room", who="ben")
        await running.until(lambda: "channel_rename was not taken note of" in running.tail(200))


async def test_a_workspace_without_an_incidents_channel_is_said_at_the_start(world):
    world.changed = {"SLACK_INCIDENTS_CHANNEL_ID": None}
    await world.boot()

    assert "SLACK_INCIDENTS_CHANNEL_ID is not set: #incidents hears nothing of SEV-1, SEV-2, SEV-3" in world.tail()


async def test_nobody_else_on_the_machine_reads_the_database(running):
    files = sorted(running.folder.glob("muster.db*"))
    assert files
    assert [file.name for file in files if file.stat().st_mode & 0o077] == []
