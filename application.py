"""Everything that runs, put together: started in the order in which it is needed, and stopped in the other."""

import asyncio
import contextlib
import functools
import logging
from collections.abc import Mapping
from pathlib import Path

import aiohttp

import composition
from composition import revealed
from domain.errors import Permanent, Temporary
from domain.policy import Policy
from domain.settings import Settings
from handlers.http import callbacks, health, pagerduty, plane, server
from handlers.http import ledger as http_ledger
from handlers.http.guard import Guard
from handlers.slack import app as slack_app
from handlers.slack.action_items import ActionVerbs
from handlers.slack.checklists import ChecklistVerbs
from handlers.slack.declaring import DeclareVerbs
from handlers.slack.endings import EndingVerbs
from handlers.slack.family import Family
from handlers.slack.home import HomeTab
from handlers.slack.on_call import OnCallVerbs
from handlers.slack.pointing import PointingVerbs
from handlers.slack.publishing import PublishingVerbs
from handlers.slack.record import RecordVerbs
from handlers.slack.reminders import ReminderVerbs
from handlers.slack.roles import RoleVerbs
from handlers.slack.runbooks import RunbookVerbs
from handlers.slack.scope import ScopeVerbs
from handlers.slack.socket import Socket
from handlers.slack.trials import TrialVerbs
from handlers.slack.verbs import Verbs
from integrations import slack_api
from integrations.slack import Slack
from integrations.slack_identity import BadToken, Identity, socket_address
from integrations.slack_messages import SlackMessages
from integrations.slack_replies import SlackReplies
from integrations.slack_rooms import Rooms
from integrations.slack_standing import SlackStanding
from integrations.web_pages import WebPages
from service import config, process, watch
from service.action_items import ActionItems
from service.clock import Clock
from service.doors import Doors, Groups
from service.health import Health
from service.home import Homes
from service.incidents import Incidents
from service.ledger import Ledger
from service.library import Library
from service.loops import Loop, Once
from service.on_call import OnCall
from service.outbox import Outbox
from service.pagers import Pagers
from service.phones import Phones
from service.recording import Recording
from service.reminders import Reminders
from service.roles import Roles
from service.rosters import Rosters
from service.rounds import Rounds
from service.runbooks import Shelf
from service.scheduler import Scheduler
from service.scope import Scope
from service.switchboard import Switchboard
from service.timers import Timers
from service.trackers import Trackers
from service.trials import Trials
from storage import migrate
from storage.db import Store
from views import words

HERE = Path(__file__).resolve().parent
"""The checkout, from which the folder of runbooks is meant."""

log = logging.getLogger("muster")

SIGN_IN_WITHIN_S = 5.0
SIGN_IN_AGAIN_S = 3.0


class Application:
    """Everything that runs, started in the order in which it is needed: what is owed first, Slack's socket last."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._policy = Policy(settings)
        self._clock = Clock(clock_file(settings, environ))
        self._identity = Identity()
        self._stack = contextlib.AsyncExitStack()
        self._socket: Socket | None = None
        self._way_to_slack = Once(log)

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
        client = slack_api.web_client(revealed(slack.bot_token), slack.api_url, session)
        self._compose(client, session, owner)
        await self._doors.load()
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
            self._way_to_slack.say(logging.WARNING, f"Slack is tried again every few seconds: {failure or 'no answer'}")
            return False
        return True

    async def _socket_address(self, client: slack_api.AsyncWebClient) -> str:
        """Asked for before anything connects: a bad token is said at once, and never again looked for in vain."""
        try:
            async with asyncio.timeout(SIGN_IN_WITHIN_S):
                return await socket_address(client, revealed(self._settings.slack.app_token))
        except (Temporary, Permanent, TimeoutError) as failure:
            log.warning("Slack gives out no socket and is asked again: %s", failure or "no answer")
            return ""

    def _compose(self, client: slack_api.AsyncWebClient, session: aiohttp.ClientSession, owner: str) -> None:
        rooms = Rooms(client, self._settings.slack.channel_pattern, self._identity)
        self._shelf = Shelf(self._policy, HERE)
        self._shelf.look()
        url = self._settings.runbooks.url
        self._libraries = {"the runbooks": Library(WebPages(session), self._shelf, url)} if url else {}
        chat = Slack(client, session, rooms, self._policy, self._shelf.last_fitting)
        rest = composition.pagerduty_rest(self._settings, session)
        vendors = composition.vendors(self._settings, self._policy, chat, session, rest)
        self._outbox = Outbox(self._store, self._clock, self._policy, owner, vendors.verbs())
        self._incidents = Incidents(self._store, self._clock, self._policy, self._outbox.wake)
        known = {"pagerduty": rest} if rest else {}
        self._pagers = Pagers(self._store, self._clock, self._policy, self._outbox.wake, known)
        self._trackers = Trackers(self._store, self._clock, self._policy, self._outbox.wake)
        self._phones = Phones(self._store, self._clock, self._policy, self._outbox.wake)
        self._switchboard = Switchboard(self._incidents, self._phones, self._policy)
        self._watchmen: dict[str, Rounds] = {
            **composition.watchmen(self._settings, vendors, rest, self._pagers, self._clock),
            **composition.exchanges(self._settings, vendors, self._phones, self._switchboard, self._clock),
        }
        self._doors = Doors(self._store, self._clock, self._policy, SlackStanding(client, self._identity))
        self._rosters = Rosters(composition.rosters(self._settings, vendors, rest), self._policy)
        self._replies = SlackReplies(client, session, self._settings.slack.incidents_channel_id or "")
        self._loudspeakers = composition.loudspeakers(self._replies, vendors, self._policy, self._clock)
        work = Timers(self._store, self._clock, self._policy, self._outbox.wake)
        tell = functools.partial(watch.tell, self._loudspeakers)
        self._scheduler = Scheduler(self._store, self._clock, work, owner, tell)

    async def _listen(self, owner: str) -> None:
        state = Health(self._store, self._clock, self._scheduler, owner, self._silent_for)
        guard = Guard(revealed(self._settings.http.dashboard_token))
        routes = [
            *health.routes(state),
            *callbacks.routes(self._switchboard, self._phones, self._settings),
            *pagerduty.routes(self._pagers, self._settings),
            *plane.routes(self._trackers, self._settings),
            *http_ledger.routes(Ledger(self._store, self._clock), self._policy, guard),
        ]
        runner = await server.serve(routes, self._settings.http.host, self._settings.http.port)
        self._stack.push_async_callback(runner.cleanup)
        groups = Groups(self._doors, self._policy, self._clock)
        known = {"the user groups": groups} if self._policy.permissions.groups else {}
        loops = {"the watch": watch.Watch(state, self._loudspeakers), **known, **self._watchmen, **self._libraries}
        for name, work in loops.items():
            watching = Loop(name, work.run)
            watching.start()
            self._stack.push_async_callback(watching.stop)

    async def _connect(self, client: slack_api.AsyncWebClient, reached: bool, address: str) -> None:
        while not reached:
            await asyncio.sleep(SIGN_IN_AGAIN_S)
            try:
                reached = await self._sign_in(client)
            except BadToken as refusal:
                self._way_to_slack.say(logging.ERROR, str(refusal))
        token, app_token = self._settings.slack.bot_token, self._settings.slack.app_token
        verbs = Verbs(self._incidents, self._replies, self._policy, self._clock, self._families(client))
        known = dict(self._identity.known)
        bolt = slack_app.build(client, revealed(token), known, self._incidents, verbs, self._doors)
        self._socket = Socket(bolt, revealed(app_token))
        self._stack.push_async_callback(self._socket.close)
        self._socket.open(address)
        await self._socket.connected()
        log.info("%s", self._introduction())

    def _families(self, client: slack_api.AsyncWebClient) -> tuple[Family, ...]:
        """The verbs beside those that every incident has, by subject."""
        shared = (self._store, self._clock, self._policy)
        recording, items = Recording(*shared, self._outbox.wake), ActionItems(*shared, self._outbox.wake)
        messages = SlackMessages(client, self._identity, self._policy.names)
        on_call, trials = OnCall(*shared), Trials(*shared, self._outbox.wake)
        incidents, replies = self._incidents, self._replies
        homes = Homes(*shared, self._outbox.wake)
        to_do = ActionVerbs(items, incidents, messages, replies)
        return (
            OnCallVerbs(on_call, self._rosters, self._policy, self._clock),
            TrialVerbs(trials),
            RunbookVerbs(self._shelf, self._incidents, self._clock),
            ChecklistVerbs(self._incidents, self._policy),
            EndingVerbs(self._incidents),
            PublishingVerbs(self._incidents, self._replies, self._policy),
            RecordVerbs(recording, items, self._incidents, self._replies, self._policy, self._clock),
            to_do,
            PointingVerbs(
                recording, items, self._incidents, messages, self._replies, self._policy, self._settings.slack.reactions
            ),
            ScopeVerbs(Scope(*shared, self._outbox.wake), self._incidents, self._policy, self._replies),
            RoleVerbs(Roles(*shared, self._outbox.wake), self._policy),
            ReminderVerbs(Reminders(*shared, self._outbox.wake), self._incidents, self._policy, self._clock),
            DeclareVerbs(incidents, replies, self._policy),
            HomeTab(
                homes, on_call, incidents, trials, self._doors, replies, self._policy, self._clock, (to_do.at_home,)
            ),
        )

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


def clock_file(settings: Settings, environ: Mapping[str, str]) -> Path | None:
    """The sandbox's seam for moving time. Raises BadConfig where Slack is not on this machine."""
    file = environ.get("MUSTER_CLOCK_FILE")
    if file and not settings.slack.api_url.startswith(("http://127.0.0.1:", "http://localhost:", "http://[::1]:")):
        raise config.BadConfig(["MUSTER_CLOCK_FILE moves time and is for the sandbox only: unset it"])
    return Path(file) if file else None
