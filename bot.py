"""Muster's command line. What runs is put together in application.py."""

import importlib.util
import os
import signal
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = (
    "aiohttp",
    "aiosmtplib",
    "anyascii",
    "apscheduler",
    "peewee",
    "prometheus_client",
    "psutil",
    "slack_bolt",
    "yaml",
)

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends what only looks, or still imports, without a traceback

if __name__ == "__main__" and any(importlib.util.find_spec(name) is None for name in PACKAGES):
    python = HERE / ".venv" / "bin" / "python"
    if not python.exists() or Path(sys.prefix) == HERE / ".venv":
        sys.exit("Muster's packages are not installed. Run: make setup")
    os.execv(python, [str(python), *sys.argv])

import argparse
import asyncio
import logging
import time
from collections.abc import Mapping, Sequence

import aiohttp
from pydantic import SecretStr

import composition
from application import Application, clock_file
from composition import revealed
from domain import doctor as diagnosis
from domain.errors import Refused, Unavailable
from domain.policy import Policy
from domain.reach import Members
from domain.readiness import people_asked
from domain.settings import Settings
from handlers import terminal
from handlers.http import server
from integrations import slack_api, slack_members
from integrations.slack_identity import BadToken
from sandbox import client as sandbox_client
from service import config, environment
from service.clock import Clock
from service.on_call import kept
from service.runbooks import Shelf
from storage import migrate
from storage.db import Store
from views import doctor as words

log = logging.getLogger("muster")

TOKENS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")

SWITCH_S = 0.0005
"""SQLite gives the interpreter away in each statement and waits this long for a busy loop to give it back."""

PRIVATE = 0o077
"""The database holds private incidents and phone numbers: nobody else on the machine reads it."""

EXAMPLES = """examples:
  python bot.py run                                      connect to Slack (tokens from the environment or .env)
  python bot.py sandbox                                  a Slack workspace, a phone and the vendors on this machine
  python bot.py check                                    say all that is wrong, and whether the ladder can work
  python bot.py doctor                                   look at Slack, the vendors and this machine, and say the cure
  python bot.py plan --severity SEV-1 --at "sat 03:00"   say who would be reached when and by what

while the sandbox runs, in a second terminal (each has its own --help):
  python bot.py say '/incident start SEV-1 "db down"'    also: click, select, submit, shortcut
  python bot.py show '#inc-1-db-down'                    also: show, show dm, show plane, log
  python bot.py phone answer ana 1                       also: phone, phone voicemail
  python bot.py clock +24h                               move time
  python bot.py trouble plane hang                       also: kill
"""


def main(argv: Sequence[str]) -> int:
    """The exit code: 0, or 1 with a sentence on standard error."""
    if sys.stdout:  # where a terminal has no ✓, its name is better than no answer
        sys.stdout.reconfigure(errors="namereplace")
    if argv and argv[0] in sandbox_client.DEEDS:
        return sandbox_client.main(list(argv))
    parser = argparse.ArgumentParser(
        "python bot.py", description="Muster, the Slack incident bot.", epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    run = verbs.add_parser("run", help="run the bot")
    run.add_argument("--or-sandbox", action="store_true", help="without Slack tokens start the sandbox instead")
    sandbox = verbs.add_parser("sandbox", help="run the bot on a Slack workspace, a phone and vendors on this machine")
    sandbox.add_argument(
        "--port", type=_port, help="of the page, for a second sandbox beside the first (default: 8400)"
    )
    verbs.add_parser("check", help="say all that is wrong with config.yaml, and whether the ladder can work")
    doctor = verbs.add_parser("doctor", help="look at all that Muster rests on: Slack, people, vendors, this machine")
    doctor.add_argument("--json", action="store_true", help="for machines")
    plan = verbs.add_parser("plan", help="say who would be reached when and by what")
    plan.add_argument("--severity", required=True, help="such as SEV-1")
    plan.add_argument("--service", action="append", default=[], help="what is affected; may stand several times")
    plan.add_argument("--at", default="now", help="when it is declared: 'sat 03:00', 2026-12-24 18:00 (default: now)")
    verbs.add_parser("migrate", help="bring the database up to date")
    for verb in verbs.choices.values():
        verb.add_argument("--config", type=Path, default=HERE / "config.yaml", help="default: config.yaml")
    options = parser.parse_args(argv)
    try:
        return _do(options)
    except config.BadConfig as wrong:
        return _say("config.yaml cannot be used:", *(f"  {error}" for error in wrong.errors))
    except (BadToken, server.PortInUse) as refusal:
        return _say(str(refusal))
    except Unavailable as error:
        return _say(f"The database cannot be used ({error}). See database.url in config.yaml and DATABASE_URL.")


def _port(typed: str) -> int:
    if not typed.isdecimal() or not 0 < int(typed) < 65536:
        raise argparse.ArgumentTypeError(f"{typed!r} is no port; write a number from 1 to 65535")
    return int(typed)


def _do(options: argparse.Namespace) -> int:
    if options.verb == "doctor":
        return _doctor(options)
    environ = _environ()
    if options.verb == "sandbox" or (options.verb == "run" and options.or_sandbox and not _on_slack(options, environ)):
        from sandbox import run as sandbox_run  # a whole Slack, which the bot itself need not load

        port = getattr(options, "port", None) or sandbox_run.PORT
        return asyncio.run(sandbox_run.main(port, _bot(options.config)))
    settings = config.load(options.config, environ)
    os.umask(PRIVATE)
    if options.verb == "check":
        return _check(settings, environ)
    if options.verb == "plan":
        return _plan(settings, environ, options)
    if options.verb == "migrate":
        return _migrate(settings)
    missing = [name for name, token in zip(TOKENS, _tokens(settings), strict=True) if token is None]
    if missing:
        are = "are" if len(missing) > 1 else "is"
        return _say(f"{' and '.join(missing)} {are} not set. To try without Slack: python bot.py sandbox")
    _log()
    if settings.unannounced:
        log.warning(
            "SLACK_INCIDENTS_CHANNEL_ID is not set: #incidents hears nothing of %s", ", ".join(settings.unannounced)
        )
    for notice in settings.integrations.notices:
        log.warning("%s", notice)
    sys.setswitchinterval(SWITCH_S)
    asyncio.run(_run(Application(settings, environ)))
    return 0


def _log() -> None:
    """Times are UTC, as in rooms and on cards, whatever the machine's zone."""
    logging.Formatter.converter = time.gmtime
    logging.Formatter.default_time_format = "%Y-%m-%dT%H:%M:%S"
    logging.Formatter.default_msec_format = "%s.%03dZ"
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("slack_bolt", "slack_sdk", "apscheduler", "aiohttp", "peewee"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _on_slack(options: argparse.Namespace, environ: Mapping[str, str]) -> bool:
    """Whether any of Slack's tokens is there: half of what it needs is a mistake, and no wish for the sandbox."""
    try:
        return any(_tokens(config.load(options.config, environ)))
    except config.BadConfig:  # said by the bot, which sees on the sandbox what the sandbox sets
        return any(environ.get(name) for name in TOKENS)


def _tokens(settings: Settings) -> tuple[SecretStr | None, SecretStr | None]:
    return settings.slack.bot_token, settings.slack.app_token


async def _run(application: Application) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        await application.start()
        await stop.wait()
    finally:
        await application.stop()


def _bot(config_file: Path) -> tuple[str, ...]:
    return (sys.executable, str(HERE / "bot.py"), "run", "--config", str(config_file))


def _migrate(settings: Settings) -> int:
    store = Store(settings.database.url)
    try:
        applied = store.migrate(migrate.upgrade)
    finally:
        store.close()
    _tell(f"Applied {', '.join(applied)}." if applied else "The database is up to date.")
    return 0


def _check(settings: Settings, environ: Mapping[str, str]) -> int:
    now = Clock(clock_file(settings, environ)).now()
    members = asyncio.run(_members(settings)) if settings.slack.bot_token else None
    works, told = terminal.check(settings, kept(settings.database.url, now), members, now)
    books = terminal.runbooks(settings, Shelf(Policy(settings), HERE).read(), now)
    _tell("config.yaml is right.", told, books, *settings.integrations.notices)
    return 0 if works else 1


async def _members(settings: Settings) -> Members:
    people = people_asked(settings, Policy(settings))
    async with aiohttp.ClientSession() as session:
        client = slack_api.web_client(revealed(settings.slack.bot_token), settings.slack.api_url, session)
        return await slack_members.members(client, [person.slack for person in people])


def _doctor(options: argparse.Namespace) -> int:
    os.umask(PRIVATE)
    try:
        environ = _environ()
        settings = config.load(options.config, environ)
        clock = Clock(clock_file(settings, environ))
        signs = asyncio.run(_examined(settings, clock))
    except config.BadConfig as wrong:
        signs = diagnosis.misconfigured(wrong.errors)
    _tell(words.as_json(signs) if options.json else words.text(signs))
    return 0 if diagnosis.well(signs) else 1


async def _examined(settings: Settings, clock: Clock) -> Sequence[diagnosis.Sign]:
    async with aiohttp.ClientSession() as session:
        return await composition.doctor(settings, clock, HERE / "manifest.yaml", session).examine()


def _plan(settings: Settings, environ: Mapping[str, str], options: argparse.Namespace) -> int:
    now = Clock(clock_file(settings, environ)).now()
    try:
        overrides = kept(settings.database.url, now)
        told = terminal.plan(settings, overrides, now, options.severity, options.service, options.at)
    except Refused as refused:
        return _say(refused.text)
    _tell(told)
    return 0


def _environ() -> dict[str, str]:
    """Raises BadConfig. The shell's variables count more than those of .env."""
    try:
        return {**environment.from_file(HERE / ".env"), **os.environ}
    except ValueError as error:
        raise config.BadConfig([str(error)]) from error


def _tell(*lines: str) -> None:
    """What was asked for. Whoever has read enough of it, such as `head`, does not change the exit code."""
    try:
        print(*lines, sep="\n", flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left would be tried again at the end
        if not isinstance(error, BrokenPipeError):
            sys.exit(f"The answer cannot be written ({error.strerror}).")


def _say(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
