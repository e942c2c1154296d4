"""Muster: composition root and command line."""

import importlib.util
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = ("aiohttp", "anyascii", "apscheduler", "peewee", "prometheus_client", "psutil", "slack_bolt", "yaml")

if __name__ == "__main__" and any(importlib.util.find_spec(name) is None for name in PACKAGES):
    python = HERE / ".venv" / "bin" / "python"
    if not python.exists() or Path(sys.prefix) == HERE / ".venv":
        sys.exit("Muster's packages are not installed. Run: make setup")
    os.execv(python, [str(python), *sys.argv])

import argparse
import asyncio
import contextlib
import functools
import logging
import signal
from collections.abc import Mapping, Sequence

import aiohttp

from domain.errors import Permanent, Refused, Temporary, Unavailable
from domain.policy import Policy
from domain.reach import Members
from domain.readiness import people_asked
from domain.settings import Settings
from handlers import terminal
from handlers.http import callbacks, health, pagerduty, server
from handlers.http import ledger as http_ledger
from handlers.http.guard import Guard
from handlers.slack import app as slack_app
from handlers.slack.checklists import ChecklistVerbs
from handlers.slack.on_call import OnCallVerbs
from handlers.slack.runbooks import RunbookVerbs
from handlers.slack.socket import Socket
from handlers.slack.verbs import Verbs
from integrations import slack_api, slack_members
from integrations.opsgenie import Opsgenie
from integrations.pagerduty import PagerDuty
from integrations.pagerduty_people import PagerDutyInPeoplesNames
from integrations.pagerduty_rest import PagerDutyRest
from integrations.plane import Plane
from integrations.slack import Slack
from integrations.slack_identity import BadToken, Identity, socket_address
from integrations.slack_replies import SlackReplies
from integrations.slack_rooms import Rooms
from integrations.statuspage import Statuspage
from integrations.twilio import TextedTrouble, Twilio
from sandbox import client as sandbox_client
from service import config, environment, process, watch
from service.clock import Clock
from service.deliveries import Vendors
from service.health import Health
from service.incidents import Incidents
from service.ledger import Ledger
from service.lookout import Watchman
from service.loops import Loop
from service.on_call import OnCall, kept
from service.outbox import Outbox
from service.pagers import Pagers
from service.ports import Lookout, Loudspeaker, Pager
from service.runbooks import Shelf
from service.scheduler import Scheduler
from service.timers import Timers
from storage import migrate
from storage.db import Store
from views import words

log = logging.getLogger("muster")

SWITCH_S = 0.0005
"""SQLite gives the interpreter away in each statement and waits this long for a busy loop to give it back."""

PRIVATE = 0o077
"""The database holds private incidents and phone numbers: nobody else on the machine reads it."""

SIGN_IN_WITHIN_S = 5.0
SIGN_IN_AGAIN_S = 3.0

EXAMPLES = """examples:
  python bot.py run                                      connect to Slack (tokens from the environment or .env)
  python bot.py sandbox                                  a Slack workspace, a phone and the vendors on this machine
  python bot.py check                                    say all that is wrong, and whether the ladder can work
  python bot.py plan --severity SEV-1 --at "sat 03:00"   say who would be reached when and by what

while the sandbox runs, in a second terminal (each has its own --help):
  python bot.py say '/incident start SEV-1 "db down"'    also: click, select, submit, shortcut
  python bot.py show '#inc-1-db-down'                    also: show, show dm, show plane, log
  python bot.py phone answer ana 1                       also: phone, phone voicemail
  python bot.py clock +24h                               move time
  python bot.py trouble plane hang                       also: kill
"""


class Application:
    """Everything that runs, started in the order in which it is needed: what is owed first, Slack's socket last."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._policy = Policy(settings)
        self._clock = Clock(_clock_file(settings, environ))
        self._identity = Identity()
        self._stack = contextlib.AsyncExitStack()
        self._socket: Socket | None = None

    async def start(self) -> None:
        """Raises BadToken, PortInUse or Unavailable. What is owed goes out before Slack is asked who we are."""
        self._store = Store(self._settings.database.url)
        self._stack.callback(self._store.close)
        applied = await asyncio.to_thread(self._store.migrate, migrate.upgrade)
        if applied:
            log.info("the database is brought up to date: %s", ", ".join(applied))
        owner = await process.enrol(self._store, self._clock)
        session = await self._stack.enter_async_context(aiohttp.ClientSession())
        slack = self._settings.slack
        client = slack_api.web_client(_revealed(slack.bot_token), slack.api_url, session)
        self._compose(client, session, owner)
        await self._listen(owner)
        self._outbox.start()
        self._stack.push_async_callback(self._outbox.stop)
        await self._scheduler.start()
        self._stack.push_async_callback(self._scheduler.stop)
        reached = await self._sign_in(client)
        address = await self._socket_address(client) if reached else ""
        connecting = Loop("the way to Slack", functools.partial(self._connect, client, reached, address))
        connecting.start()
        self._stack.push_async_callback(connecting.stop)

    async def stop(self) -> None:
        """In the other order. What is still owed stays written."""
        await self._stack.aclose()

    async def _sign_in(self, client: slack_api.AsyncWebClient) -> bool:
        """Whether Slack was reached; where it was not, pages that need no Slack go out all the same."""
        try:
            async with asyncio.timeout(SIGN_IN_WITHIN_S):
                await self._identity.learn(client)
        except (Temporary, Permanent, TimeoutError) as failure:
            log.warning("Slack cannot be reached and is tried again: %s", failure or "no answer")
            return False
        return True

    async def _socket_address(self, client: slack_api.AsyncWebClient) -> str:
        """Asked for before anything connects: a bad token is said at once, and never again looked for in vain."""
        try:
            async with asyncio.timeout(SIGN_IN_WITHIN_S):
                return await socket_address(client, _revealed(self._settings.slack.app_token))
        except (Temporary, Permanent, TimeoutError) as failure:
            log.warning("Slack gives out no socket and is asked again: %s", failure or "no answer")
            return ""

    def _compose(self, client: slack_api.AsyncWebClient, session: aiohttp.ClientSession, owner: str) -> None:
        rooms = Rooms(client, self._settings.slack.channel_pattern, self._identity)
        self._shelf = Shelf(self._policy, HERE)
        chat = Slack(client, session, rooms, self._policy, self._shelf.fitting)
        rest = _pagerduty_rest(self._settings, session)
        vendors = _vendors(self._settings, self._policy, chat, session, rest)
        self._outbox = Outbox(self._store, self._clock, self._policy, owner, vendors.verbs())
        self._incidents = Incidents(self._store, self._clock, self._policy, self._outbox.wake)
        known = {"pagerduty": rest} if rest else {}
        self._pagers = Pagers(self._store, self._clock, self._policy, self._outbox.wake, known)
        self._watchmen = _watchmen(self._settings, vendors, rest, self._pagers, self._clock)
        self._replies = SlackReplies(client, session, self._settings.slack.incidents_channel_id or "")
        self._loudspeakers = _loudspeakers(self._replies, vendors, self._policy, self._clock)
        work = Timers(self._store, self._clock, self._policy, self._outbox.wake)
        tell = functools.partial(watch.tell, self._loudspeakers)
        self._scheduler = Scheduler(self._store, self._clock, work, owner, tell)

    async def _listen(self, owner: str) -> None:
        state = Health(self._store, self._clock, self._scheduler, owner, self._silent_for)
        guard = Guard(_revealed(self._settings.http.dashboard_token))
        routes = [
            *health.routes(state),
            *callbacks.routes(self._incidents, self._settings),
            *pagerduty.routes(self._pagers, self._settings),
            *http_ledger.routes(Ledger(self._store, self._clock), self._policy, guard),
        ]
        runner = await server.serve(routes, self._settings.http.host, self._settings.http.port)
        self._stack.push_async_callback(runner.cleanup)
        for name, work in (("the watch", watch.Watch(state, self._loudspeakers)), *self._watchmen.items()):
            watching = Loop(name, work.run)
            watching.start()
            self._stack.push_async_callback(watching.stop)

    async def _connect(self, client: slack_api.AsyncWebClient, reached: bool, address: str) -> None:
        while not reached:
            await asyncio.sleep(SIGN_IN_AGAIN_S)
            try:
                reached = await self._sign_in(client)
            except BadToken as refusal:
                log.error("%s", refusal)
        token, app_token = self._settings.slack.bot_token, self._settings.slack.app_token
        on_call = OnCallVerbs(OnCall(self._store, self._clock, self._policy), self._policy, self._clock)
        books = RunbookVerbs(self._shelf, self._incidents, self._clock)
        lists = ChecklistVerbs(self._incidents, self._policy)
        verbs = Verbs(self._incidents, self._replies, self._policy, self._clock, on_call, books, lists)
        bolt = slack_app.build(client, _revealed(token), dict(self._identity.known), self._incidents, verbs)
        self._socket = Socket(bolt, _revealed(app_token))
        self._stack.push_async_callback(self._socket.close)
        self._socket.open(address)
        await self._socket.connected()
        log.info("%s", self._introduction())

    def _introduction(self) -> str:
        """The one line that says that all is well."""
        known, http = self._identity.known, self._settings.http
        on = [words.lane(name) for name, section in self._settings.integrations if section.on]
        return (
            f"ready: listening to {known.get('team')} as @{known.get('user')}; "
            f"connected: {', '.join(on) or 'no vendor'}; health at http://{http.host}:{http.port}/readyz"
        )

    def _silent_for(self) -> float:
        return self._socket.silent_for() if self._socket else float("inf")


def _vendors(
    settings: Settings, policy: Policy, chat: Slack, session: aiohttp.ClientSession, rest: PagerDutyRest | None
) -> Vendors:
    on = settings.integrations
    phones, trackers, pages = {}, {}, {}
    if on.twilio.on:
        phones["twilio"] = Twilio(
            session,
            account_sid=on.twilio.account_sid or "",
            auth_token=_revealed(on.twilio.auth_token),
            phone_number=on.twilio.phone_number or "",
            callback_url=settings.http.public_url,
            url=on.twilio.api_url,
        )
    if on.plane.on:
        trackers["plane"] = Plane(
            session,
            api_key=_revealed(on.plane.api_key),
            workspace=on.plane.workspace or "",
            project_id=on.plane.project_id or "",
            priorities={severity.name: severity.tracker_priority for severity in policy.severities},
            labels=on.plane.labels,
            names=policy.names,
            url=on.plane.api_url,
            web_url=on.plane.web_url,
        )
    if on.statuspage.on:
        pages["statuspage"] = Statuspage(
            session,
            page_id=on.statuspage.page_id or "",
            api_key=_revealed(on.statuspage.api_key),
            url=on.statuspage.api_url,
        )
    return Vendors(chat, _pagers(settings, policy, session, rest), phones, trackers, pages)


def _pagers(
    settings: Settings, policy: Policy, session: aiohttp.ClientSession, rest: PagerDutyRest | None
) -> dict[str, Pager]:
    on, pagers = settings.integrations, dict[str, Pager]()
    severities = {severity.name: severity.pager_severity for severity in policy.severities}
    if on.pagerduty.on:
        events = PagerDuty(
            session,
            routing_key=_revealed(on.pagerduty.integration_key),
            severities=severities,
            names=policy.names,
            url=on.pagerduty.events_url,
        )
        sender = on.pagerduty.from_email or ""
        pagers["pagerduty"] = PagerDutyInPeoplesNames(events, rest, policy.emails, sender) if rest else events
    if on.opsgenie.on:
        pagers["opsgenie"] = Opsgenie(
            session,
            api_key=_revealed(on.opsgenie.api_key),
            severities=severities,
            responders=on.opsgenie.responders,
            schedules=on.opsgenie.schedules,
            emails=policy.emails,
            names=policy.names,
            url=on.opsgenie.api_url,
        )
    return pagers


def _pagerduty_rest(settings: Settings, session: aiohttp.ClientSession) -> PagerDutyRest | None:
    pagerduty = settings.integrations.pagerduty
    if not pagerduty.on or not pagerduty.api_key:
        return None
    return PagerDutyRest(session, api_key=_revealed(pagerduty.api_key), url=pagerduty.api_url)


def _watchmen(
    settings: Settings, vendors: Vendors, rest: PagerDutyRest | None, pagers: Pagers, clock: Clock
) -> dict[str, Watchman]:
    """Who looks after pages whose vendor does not tell by itself: PagerDuty without a webhook, and Opsgenie."""
    found: dict[str, Lookout] = {}
    if rest and not settings.integrations.pagerduty.webhook_secret:
        found["pagerduty"] = rest
    if isinstance(vendors.pagers.get("opsgenie"), Opsgenie):
        found["opsgenie"] = vendors.pagers["opsgenie"]
    return {f"the watch over {lane}": Watchman(lane, each, pagers, clock) for lane, each in found.items()}


def _loudspeakers(replies: SlackReplies, vendors: Vendors, policy: Policy, clock: Clock) -> tuple[Loudspeaker, ...]:
    """How Muster says that it is in trouble itself: in Slack, else by text to those who are paged first."""

    def phones() -> list[str]:
        # Without overrides: they are in the database, which may be what is in trouble.
        return [person.texted_at for person in policy.paged_first(clock.now()) if person.texted_at]

    texts = [TextedTrouble(phone, phones) for phone in vendors.phones.values() if isinstance(phone, Twilio)]
    return (replies, *texts)


def _revealed(secret: object) -> str:
    return secret.get_secret_value() if secret is not None else ""  # type: ignore[attr-defined]


def _clock_file(settings: Settings, environ: Mapping[str, str]) -> Path | None:
    """The sandbox's seam for moving time. Raises BadConfig where Slack is not on this machine."""
    file = environ.get("MUSTER_CLOCK_FILE")
    if file and not settings.slack.api_url.startswith(("http://127.0.0.1:", "http://localhost:", "http://[::1]:")):
        raise config.BadConfig(["MUSTER_CLOCK_FILE moves time and is for the sandbox only: unset it"])
    return Path(file) if file else None


def main(argv: Sequence[str]) -> int:
    """The exit code: 0, or 1 with a sentence on standard error."""
    if argv and argv[0] in sandbox_client.DEEDS:
        return sandbox_client.main(list(argv))
    parser = argparse.ArgumentParser(
        "python bot.py", description="Muster, the Slack incident bot.", epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    run = verbs.add_parser("run", help="run the bot")
    run.add_argument("--or-sandbox", action="store_true", help="without Slack tokens start the sandbox instead")
    verbs.add_parser("sandbox", help="run the bot on a Slack workspace, a phone and vendors on this machine")
    verbs.add_parser("check", help="say all that is wrong with config.yaml, and whether the ladder can work")
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


def _do(options: argparse.Namespace) -> int:
    environ = {**_dotenv(), **os.environ}
    tokens = environ.get("SLACK_BOT_TOKEN") and environ.get("SLACK_APP_TOKEN")
    if options.verb == "sandbox" or (options.verb == "run" and options.or_sandbox and not tokens):
        from sandbox import run as sandbox_run  # a whole Slack, which the bot itself need not load

        return asyncio.run(sandbox_run.main(bot_command=_bot(options.config)))
    settings = config.load(options.config, environ)
    os.umask(PRIVATE)
    if options.verb == "check":
        return _check(settings, environ)
    if options.verb == "plan":
        return _plan(settings, environ, options)
    if options.verb == "migrate":
        return _migrate(settings)
    if not tokens:
        return _say("SLACK_BOT_TOKEN and SLACK_APP_TOKEN are not set. To try without Slack: python bot.py sandbox")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("slack_bolt", "slack_sdk", "apscheduler", "aiohttp", "peewee"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if settings.unannounced:
        log.warning(
            "SLACK_INCIDENTS_CHANNEL_ID is not set: #incidents hears nothing of %s", ", ".join(settings.unannounced)
        )
    for notice in settings.integrations.notices:
        log.warning("%s", notice)
    sys.setswitchinterval(SWITCH_S)
    asyncio.run(_run(Application(settings, environ)))
    return 0


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
    print(f"Applied {', '.join(applied)}." if applied else "The database is up to date.")
    return 0


def _check(settings: Settings, environ: Mapping[str, str]) -> int:
    now = Clock(_clock_file(settings, environ)).now()
    members = asyncio.run(_members(settings)) if settings.slack.bot_token else None
    works, words = terminal.check(settings, kept(settings.database.url, now), members, now)
    books = terminal.runbooks(settings, Shelf(Policy(settings), HERE).read(), now)
    print("config.yaml is right.", words, books, *settings.integrations.notices, sep="\n")
    return 0 if works else 1


async def _members(settings: Settings) -> Members:
    people = people_asked(settings, Policy(settings))
    async with aiohttp.ClientSession() as session:
        client = slack_api.web_client(_revealed(settings.slack.bot_token), settings.slack.api_url, session)
        return await slack_members.members(client, [person.slack for person in people])


def _plan(settings: Settings, environ: Mapping[str, str], options: argparse.Namespace) -> int:
    now = Clock(_clock_file(settings, environ)).now()
    try:
        overrides = kept(settings.database.url, now)
        print(terminal.plan(settings, overrides, now, options.severity, options.service, options.at))
    except Refused as refused:
        return _say(refused.text)
    return 0


def _dotenv() -> dict[str, str]:
    try:
        return environment.from_file(HERE / ".env")
    except ValueError as error:
        raise config.BadConfig([str(error)]) from error


def _say(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
