"""The sandbox with the bot as its child process: what `make run` starts when there is no real workspace."""

import asyncio
import contextlib
import os
import random
import signal
import socket
import sys
from pathlib import Path

from .app import Sandbox

FOLDER = Path("data/sandbox")
PORT, BOTS_PORT = 8400, 8080
BESIDE = range(PORT, PORT + 20)  # a sandbox on one of these has a port for its bot that no other sandbox asks for
BOT = (sys.executable, "bot.py", "run")
OUTSIDE = ("SLACK_", "PAGERDUTY_", "OPSGENIE_", "TWILIO_", "PLANE_", "STATUSPAGE_", "STATUSIO_", "SMTP_", "WEBHOOK_")
OUTSIDE += ("JIRA_", "LINEAR_", "GITHUB_", "DATABASE_", "MUSTER_")
CALM_SECONDS = 5.0  # a bot that dies sooner than this is not started again: it would die for ever
WELCOME = """\
Open this in a browser:

  {url}/

A Slack workspace with Ana, Ben and Chris, a phone, the vendors and a clock that can be moved. The same in a second
terminal{beside}: python bot.py say '/incident start SEV-1 "db down"' (and python bot.py --help).
Ctrl-C ends it."""
IN_USE = """\
Port {port} is in use. Is another sandbox running? Open http://127.0.0.1:{port}/, or end it, or start one beside it: \
python bot.py sandbox --port {other}"""


class Child:
    """The bot's process: started again whenever it dies, unless it dies at once. It speaks into `log`, a file.
    `environment()` is asked at each start, and `begin(*command, env, log)` makes the process."""

    def __init__(self, command, environment, log=None, begin=None):
        self._command, self._environment, self._log = command, environment, log
        self._begin = begin or _begun
        self.process = None
        self._wanted = asyncio.Event()
        self._wanted.set()

    @property
    def pid(self):
        return self.process.pid if self.process else None

    @property
    def alive(self):
        return self.process is not None and self.process.returncode is None

    @property
    def held(self):
        return not self._wanted.is_set()

    def hold(self):
        """Kill it, and leave it down until `start`."""
        self._wanted.clear()
        if self.alive:
            self.process.kill()

    def start(self):
        self._wanted.set()

    def restart(self):
        """Kill it, so that it starts anew with what its environment is by now."""
        if self.alive:
            self.process.kill()

    async def run(self):
        """Returns the exit code of a bot that could not be started."""
        loop = asyncio.get_running_loop()
        while True:
            await self._wanted.wait()
            started = loop.time()
            self.process = await self._begin(*self._command, env=self._environment(), log=self._log)
            code = await self.process.wait()
            if code != -signal.SIGKILL and loop.time() - started < CALM_SECONDS:
                return code
            then = "it stays down until it is started" if self.held else "starting it again"
            print(f"The bot ended ({code}); {then}.", file=self._log, flush=True)

    async def stop(self):
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), 10)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


async def main(port=PORT, bot_command=BOT, http_port=None, folder=None):
    """Runs until interrupted; the exit code. `http_port`: the bot's own HTTP server (8080, or another that is free).
    `folder` holds the clock and the bot's database; both begin anew, for so does the workspace."""
    if port and not _free(port):
        return _in_use(port)
    sandbox = Sandbox(port, _emptied(Path(folder or _folder(port))) / "clock")
    try:
        await sandbox.start()
    except OSError:
        return _in_use(port)  # another one has just been quicker
    try:
        return await _run(sandbox, inhabit(sandbox, bot_command, http_port or bots_port(port)))
    finally:
        await sandbox.stop()


async def _run(sandbox, child):
    beside = "" if sandbox.url.endswith(f":{PORT}") else ", with MUSTER_SANDBOX_URL set to that address"
    print(WELCOME.format(url=sandbox.url, beside=beside), flush=True)
    try:
        return await _until_interrupted(child.run())
    finally:
        await child.stop()


def _in_use(port):
    other = next(number for number in (*range(port + 1, min(port + 99, 65536)), *BESIDE) if _free(number))
    print(IN_USE.format(port=port, other=other), file=sys.stderr)
    return 1


async def _begun(*command, env, log):
    return await asyncio.create_subprocess_exec(*command, env=env, stdout=log, stderr=log)


def inhabit(sandbox, command, http_port, log=None, begin=None):
    """The bot as the sandbox's Child, not yet running: whoever is at the page can kill it and start it."""
    child = Child(command, lambda: environment(sandbox, http_port), log, begin)
    sandbox.child, sandbox.kill.pid = child, lambda: child.pid
    return child


def _folder(port):
    return FOLDER if port == PORT else FOLDER.with_name(f"{FOLDER.name}-{port}")


def _emptied(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for old in (folder / "clock", *folder.glob("muster.db*")):
        old.unlink(missing_ok=True)
    return folder.absolute()


def environment(sandbox, http_port):
    """The child's: nothing of the real world's services, lest an incident of play ring a real phone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OUTSIDE)}
    public_url = f"http://127.0.0.1:{http_port}"
    sandbox.bot_at(public_url)
    database = f"sqlite:///{sandbox.clock_file.with_name('muster.db')}"
    own = {"MUSTER_HTTP_PORT": str(http_port), "MUSTER_PUBLIC_URL": public_url, "DATABASE_URL": database}
    return {**kept, **sandbox.environment(), **own}


async def _until_interrupted(running):
    """What the work returns, or 0 when a signal comes first."""
    task = asyncio.ensure_future(running)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        return await task
    return 0


def _free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def bots_port(port):
    """Where the bot of the sandbox on this port serves: 8080 for the first, the next for one beside it; where that is
    taken, and for a sandbox elsewhere, any that is free."""
    wanted = BOTS_PORT + port - PORT
    return wanted if port in BESIDE and _free(wanted) else free_port()


def free_port():
    """None that the system gives to outgoing connections: it shall still be free when a killed bot comes back."""
    return next(port for port in iter(lambda: random.randrange(20_000, 32_000), None) if _free(port))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
