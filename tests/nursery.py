"""Bots without the second that every start spends on imports: a process that has imported all forks one for each start.

`start` is asked like asyncio.create_subprocess_exec, for a Python script; what comes back is a process of its own, with
a pid to kill. The command line's tests, `make try` and the bench start bots from nothing, as everybody else does.

As a script it is the process that forks; it ends when the tests do.
"""

import asyncio
import contextlib
import gc
import json
import os
import runpy
import selectors
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MESSAGE_MOST = 256 * 1024
UP_WITHIN_S = 60.0


class Child:
    """What asyncio's own Process offers, as far as stories need it."""

    def __init__(self, pid: int, connection: socket.socket) -> None:
        self.pid = pid
        self.returncode = None
        self._connection = connection
        self._end = asyncio.ensure_future(self._ended())

    async def _ended(self) -> int:
        with self._connection:
            told = await asyncio.get_running_loop().sock_recv(self._connection, 4)
        self.returncode = struct.unpack("i", told)[0] if told else -signal.SIGKILL
        return self.returncode

    async def wait(self) -> int:
        return await asyncio.shield(self._end)

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The process that forks; started when somebody asks first."""

    def __init__(self) -> None:
        self._folder = None
        self._process = None

    def address(self) -> str:
        if self._process is None or self._process.poll() is not None:
            self._folder = tempfile.TemporaryDirectory(prefix="muster-nursery-")
            address = str(Path(self._folder.name) / "socket")
            command = (sys.executable, __file__, address)
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
            self._process.stdout.readline()
        return str(Path(self._folder.name) / "socket")


NURSERY = Nursery()


async def start(*command: str, env: dict[str, str], cwd: Path, log) -> Child:
    """Run a Python script, its first argument the interpreter, with its output in the open file `log`."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.connect(NURSERY.address())
    order = json.dumps({"command": command[1:], "env": env, "cwd": str(cwd)}).encode()
    socket.send_fds(connection, [order], [log.fileno()])
    connection.setblocking(False)
    told = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(connection, 4), UP_WITHIN_S)
    return Child(struct.unpack("i", told)[0], connection)


async def finished(*command: str, env: dict[str, str], cwd: Path, within: float) -> tuple[int, str]:
    """Exit code and all that was printed, of what ends by itself within so many seconds."""
    with tempfile.TemporaryFile() as log:
        child = await start(*command, env=env, cwd=cwd, log=log)
        try:
            code = await asyncio.wait_for(child.wait(), within)
        finally:
            child.kill()
        log.seek(0)
        return code, log.read().decode()


# From here on: the process that forks.


def serve(address: str) -> dict | None:
    """Fork for whoever asks, and tell them how their process ended. Returns in each fork, with what it is to run; and
    with nothing when the tests are over."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    door.bind(address)
    door.listen(64)
    watched = selectors.DefaultSelector()
    watched.register(sys.stdin, selectors.EVENT_READ)
    watched.register(door, selectors.EVENT_READ)
    print("ready", flush=True)
    children = {}
    while True:
        for key, _ in watched.select():
            if key.fileobj is sys.stdin:
                return None
            if key.fileobj is door:
                asked, _ = door.accept()
                order, [log], _, _ = socket.recv_fds(asked, MESSAGE_MOST, 1)
                if (pid := os.fork()) == 0:
                    leave(door, watched, asked, *(other for _, other in children.values()))
                    for watching in children:
                        os.close(watching)
                    write_to(log)
                    return json.loads(order)
                os.close(log)
                watching = os.pidfd_open(pid)
                children[watching] = (pid, asked)
                watched.register(watching, selectors.EVENT_READ)
                asked.send(struct.pack("i", pid))
            else:
                watched.unregister(key.fileobj)
                os.close(key.fileobj)
                pid, asked = children.pop(key.fileobj)
                with asked, contextlib.suppress(OSError):
                    asked.send(struct.pack("i", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))


def leave(*opened) -> None:
    """What a fork has no part in: it would keep open what others wait to see closed."""
    for each in opened:
        each.close()


def write_to(log: int) -> None:
    """Its output, and nothing to read."""
    for number, file in ((0, os.open(os.devnull, os.O_RDONLY)), (1, log), (2, log)):
        os.dup2(file, number)
    os.close(log)


def run(order: dict) -> None:
    """As the interpreter would have, with this command line, environment and folder."""
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv = order["command"]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    import psycopg  # noqa: F401 - what a bot loads when it connects to PostgreSQL

    import bot  # noqa: F401 - all that a bot imports
    import storage.postgres  # noqa: F401

    gc.collect()
    gc.freeze()
    assert threading.active_count() == 1, "a fork takes only the thread that forks"
    if order := serve(sys.argv[1]):
        run(order)
