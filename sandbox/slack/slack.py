"""Slack put together: the workspace, its Web API, its socket and its people."""

import time

from aiohttp import web

from . import envelopes
from .manifest import Manifest
from .objects import BOT_USER
from .people import People
from .rates import Rates
from .responses import Responses
from .socket import SocketMode
from .views import Views
from .webapi import APP_TOKEN, BOT_TOKEN, WebApi, refusal
from .workspace import Workspace

INSIDE = ("message", "reaction_added", "reaction_removed", "pin_added", "pin_removed", "app_home_opened")


class Slack:
    """`monotonic`: the real time by which triggers age and rates count."""

    name = "slack"
    refusal = staticmethod(refusal)

    def __init__(self, clock, record, faults, bell, manifest=None, monotonic=time.monotonic):
        self.manifest = manifest or Manifest.load()
        self.workspace = Workspace(clock, bell.ring)
        self.workspace.emit = self.emit
        self.views = Views(self.workspace, monotonic)
        self.socket = SocketMode(record, bell)
        self.responses = Responses(self.workspace, record)
        self.rates = Rates(monotonic)
        self.people = People(self, record)
        self.base_url = ""
        self._api = WebApi(self, record, faults)

    def routes(self):
        return [
            web.post("/slack/api/{method}", self._api.handler),
            web.get("/slack/api/{method}", self._api.handler),
            web.get("/slack/socket", self.socket.handler),
            web.post("/slack/response/{id}", self.responses.handler),
        ]

    def environment(self, base_url):
        return {
            "SLACK_API_URL": f"{base_url}/slack/api/",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_INCIDENTS_CHANNEL_ID": "C0INCIDENTS",
        }

    def at(self, base_url):
        self.base_url = self.responses.base_url = base_url

    def emit(self, event, channel):
        """Tell the bot, if its manifest asks for it and it may know."""
        hidden = event["type"] in INSIDE or channel.kind == "private"
        if hidden and BOT_USER not in channel.members and not event["type"].endswith("_left"):
            return
        if self.manifest.wants(event, channel):
            event_id = self.workspace.new_id("Ev")
            self.socket.event(envelopes.event(event, event_id, self.workspace.seconds()))
