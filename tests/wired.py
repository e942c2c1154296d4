"""The Bolt app with every listener and every family that the application has, on a database of choice and a silent
Slack: what is added to `Application._families` is in it by itself."""

from datetime import UTC, datetime
from types import SimpleNamespace

from slack_sdk.web.async_client import AsyncWebClient

from application import Application
from domain.errors import Refused
from handlers.slack import app as slack_app
from handlers.slack.verbs import Verbs
from service.doors import Doors
from service.incidents import Incidents
from service.rosters import Rosters
from service.runbooks import Shelf
from tests.policies import policy
from tests.world import ROOT

NOW = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
POLICY = policy()
CLOCK = SimpleNamespace(now=lambda: NOW)


class Reached:
    """Use cases, or a database, at whose door every request is turned away, so that whoever knocks is seen."""

    async def named(self, channel, issue):
        return None, None

    def __getattr__(self, name):
        async def refuse(*_, **__):
            raise Refused(f"reached {name}")

        return refuse


class Silent:
    """Slack, which takes everything."""

    def __init__(self):
        self.sent = []

    async def open_form(self, trigger_id, view):
        self.sent.append(view["callback_id"])
        return True

    async def send(self, response_url, answer):
        self.sent.append(answer["text"])
        return True

    async def change_form(self, view_id, hash, view):
        self.sent.append(view["title"]["text"])
        return True

    async def show_home(self, user, view):
        self.sent.append("home")
        return True

    tell = send


def nobody_waits(lanes):
    """Wakes no lane: what is owed stays owed."""


def wired(replies, store=None):
    """The app; without a store whatever asks one is refused."""
    parts = Application(POLICY._settings, {})
    parts._policy, parts._clock, parts._replies = POLICY, CLOCK, replies
    parts._outbox = SimpleNamespace(wake=nobody_waits)
    parts._shelf = Shelf(POLICY, ROOT)
    parts._rosters = Rosters({}, POLICY)
    parts._store = store or Reached()
    parts._doors = Doors(store, CLOCK, POLICY, None)
    parts._incidents = Incidents(store, CLOCK, POLICY, nobody_waits) if store else Reached()
    client = AsyncWebClient(base_url="http://127.0.0.1:9/", retry_handlers=[])
    verbs = Verbs(parts._incidents, replies, POLICY, CLOCK, parts._families(client))
    return slack_app.build(client, "xoxb-1", {"user_id": "U0BOT"}, parts._incidents, verbs, parts._doors)
