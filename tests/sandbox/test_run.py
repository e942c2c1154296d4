"""The sandbox with a bot as its child: what the child is given, when it is started again, how all of it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
from pathlib import Path

import pytest

from sandbox import run

ROOT = Path(__file__).parents[2]
BOT = textwrap.dedent("""
    import json, os, signal, time, urllib.request
    request = urllib.request.Request(
        os.environ["SLACK_API_URL"] + "auth.test", b"", {"Authorization": "Bearer " + os.environ["SLACK_BOT_TOKEN"]}
    )
    urllib.request.urlopen(request).read()
    with open(os.environ["MUSTER_CLOCK_FILE"] + ".environment", "w") as file:
        json.dump(dict(os.environ), file)
    signal.pause()
""")
START = """
import asyncio, sys
from sandbox.run import main
sys.exit(asyncio.run(main({port}, ({python!r}, "-c", {bot!r}), folder={folder!r})))
"""


def sandbox(port, folder, bot=BOT, **environment):
    script = START.format(port=port, python=sys.executable, bot=bot, folder=str(folder))
    command = [sys.executable, "-c", script]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, **pipes)


@pytest.fixture
def running(tmp_path, unused_tcp_port):
    process = sandbox(unused_tcp_port, tmp_path, TWILIO_AUTH_TOKEN="real", DATABASE_URL="postgresql://real")
    process.url = f"http://127.0.0.1:{unused_tcp_port}"
    yield process
    process.terminate()
    process.communicate(timeout=10)


def eventually(look, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := look():
                return found
        except (OSError, ValueError):
            continue  # not there yet
    raise AssertionError("it never came")


def look(url, path):
    with urllib.request.urlopen(f"{url}/control/{path}") as answer:
        return json.load(answer)


def requests(url):
    return look(url, "requests")


def control(url, deed, given):
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{url}/control/{deed}", json.dumps(given).encode(), headers)):
        pass


def test_a_bot_lives_in_the_sandbox_is_killed_started_again_and_ended(running, tmp_path):
    eventually(lambda: len(requests(running.url)) == 1)
    environment = eventually(lambda: json.loads((tmp_path / "clock.environment").read_text()))
    assert environment["SLACK_APP_TOKEN"] == "xapp-sandbox"
    assert environment["MUSTER_PUBLIC_URL"] == f"http://127.0.0.1:{environment['MUSTER_HTTP_PORT']}"
    assert environment["DATABASE_URL"] == f"sqlite:///{tmp_path / 'muster.db'}"
    assert environment.get("TWILIO_AUTH_TOKEN") != "real"

    control(running.url, "kill", {})
    eventually(lambda: len(requests(running.url)) == 2)

    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=10)
    assert running.returncode == 0
    assert out.count("http://") == 1
    assert f"{running.url}/" in out
    assert "python bot.py say" in out
    assert "starting it again" in out
    assert "Traceback" not in err


def test_a_bot_that_was_put_down_stays_down_until_it_is_started(running):
    eventually(lambda: len(requests(running.url)) == 1)
    control(running.url, "bot", {"do": "hold"})
    eventually(lambda: look(running.url, "state")["bot"]["alive"] is False)
    control(running.url, "kill", {})  # dead already: nothing happens
    control(running.url, "bot", {"do": "start"})
    eventually(lambda: len(requests(running.url)) == 2)

    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=10)
    assert "it stays down until it is started" in out


def test_a_bot_that_cannot_start_ends_the_sandbox_with_its_code(tmp_path, unused_tcp_port):
    process = sandbox(unused_tcp_port, tmp_path, bot="raise SystemExit(3)")
    process.communicate(timeout=10)
    assert process.returncode == 3


def test_a_port_in_use_is_a_sentence_and_leaves_the_other_sandbox_alone(running, tmp_path):
    eventually(lambda: requests(running.url))
    second = sandbox(int(running.url.rpartition(":")[2]), tmp_path)
    _, err = second.communicate(timeout=10)
    assert second.returncode == 1
    assert err.startswith("Port ")
    assert "in use" in err
    assert len(err.splitlines()) == 1
    assert (tmp_path / "clock").exists()


def test_sandboxes_side_by_side_ask_for_ports_of_their_own():
    assert run.bots_port(run.PORT + 1) != run.bots_port(run.PORT + 2)
    with socket.socket() as first:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        first.bind(("127.0.0.1", run.BOTS_PORT + 7))
        first.listen()
        assert run.bots_port(run.PORT + 7) != run.BOTS_PORT + 7
    assert run.bots_port(0) not in (run.bots_port(0), run.BOTS_PORT)
