"""Imports point down, in every module; and the judge itself is seen to refuse."""

from pathlib import Path

import pytest

from tests.layers import sources, violations

ROOT = Path(__file__).resolve().parent.parent
MODULES = list(sources(ROOT))


@pytest.mark.parametrize(("path", "source"), MODULES, ids=[path for path, _ in MODULES])
def test_every_module_imports_only_what_its_layer_may(path, source):
    assert violations(path, source) == []


REFUSED = [
    ("handlers/slack/commands.py", "import storage.db", "imports storage.db: handlers may import domain and handlers"),
    ("handlers/http/hooks.py", "from integrations import twilio", "imports integrations: handlers may import"),
    ("service/incidents.py", "from integrations.plane import Plane", "imports integrations.plane: service may import"),
    ("service/incidents.py", "import views.cards", "imports views.cards: service may import"),
    ("integrations/plane.py", "from service import ports", "imports service: integrations may import"),
    ("storage/db.py", "from service.clock import Clock", "imports service.clock: storage may import"),
    ("views/cards.py", "import handlers", "imports handlers: views may import"),
    ("domain/incidents.py", "from views import cards", "imports views: domain may import domain only"),
    ("domain/incidents.py", "from ..storage import db", "imports storage: domain may import domain only"),
    ("sandbox/app.py", "from domain import incidents", "imports domain: sandbox may import sandbox only"),
    ("sandbox/app.py", "import bot", "imports bot: sandbox may import sandbox only"),
    ("sandbox/app.py", "import application", "imports application: sandbox may import sandbox only"),
    ("handlers/slack/home.py", "import composition", "imports composition: handlers may import"),
    ("application.py", "import bot", "imports bot: application.py may import"),
    ("application.py", "from sandbox import app", "imports sandbox: application.py may import"),
    ("composition.py", "from storage.db import Store", "imports storage.db: composition.py may import"),
    ("bot.py", "import slack_bolt", "slack_bolt belongs to handlers/slack/"),
    ("handlers/http/hooks.py", "import slack_bolt", "slack_bolt belongs to handlers/slack/"),
    ("handlers/slack/home.py", "import slack_sdk.errors", "slack_sdk belongs to integrations/slack"),
    ("sandbox/slack/socket.py", "import slack_sdk", "slack_sdk belongs to integrations/slack"),
    ("service/outbox.py", "from peewee import fn", "peewee belongs to storage/"),
    ("service/outbox.py", "from playhouse.migrate import migrate", "playhouse belongs to storage/"),
    ("service/outbox.py", "from apscheduler.job import Job", "apscheduler belongs to storage/jobstore.py"),
    ("storage/queue.py", "import apscheduler", "apscheduler belongs to storage/jobstore.py"),
    ("service/outbox.py", "import importlib\nimportlib.import_module('integrations.plane')", ":2 imports integrations"),
    ("service/outbox.py", "def late():\n    import views", "service/outbox.py:2 imports views"),
    ("domain/rules.py", "import yaml", "pydantic is the only library that domain knows"),
    ("domain/rules.py", "import time", "imports time: domain is pure"),
    ("domain/rules.py", "import asyncio", "imports asyncio: domain is pure"),
    ("domain/rules.py", "import datetime\nx = datetime.datetime.now(tz)", "calls datetime.datetime.now"),
    ("domain/rules.py", "from datetime import date\nx = date.today()", "calls date.today"),
    ("domain/rules.py", "x = open('rules')", "calls open"),
    ("domain/rules.py", "async def rule(): ...", "makes rule async"),
    ("views/cards.py", "from datetime import datetime\nx = datetime.now()", "calls datetime.now"),
    ("helpers.py", "import json", "helpers.py is on no layer of the map"),
]


@pytest.mark.parametrize(("path", "source", "sentence"), REFUSED, ids=[sentence for *_, sentence in REFUSED])
def test_a_breach_is_named_with_its_file_and_line(path, source, sentence):
    [found] = violations(path, source)
    assert found.startswith(f"{path}:")
    assert sentence in found


ALLOWED = [
    ("bot.py", "import application, composition\nfrom sandbox import app\nfrom storage import db"),
    ("application.py", "import composition\nfrom integrations import slack_api\nfrom service import outbox"),
    ("composition.py", "from integrations.plane import Plane\nfrom service.ports import Pager"),
    ("handlers/slack/commands.py", "from slack_bolt.async_app import AsyncApp\nfrom service import incidents"),
    ("integrations/slack_web.py", "from slack_sdk.web.async_client import AsyncWebClient\nfrom views import cards"),
    ("integrations/slack/web.py", "import slack_sdk"),
    ("storage/jobstore.py", "from apscheduler.jobstores.base import BaseJobStore\nimport peewee"),
    ("service/scheduler.py", "import apscheduler\nimport asyncio\nfrom . import clock"),
    ("domain/incidents.py", "from datetime import datetime, timedelta\nimport pydantic\nfrom .people import Person"),
    ("sandbox/app.py", "import aiohttp\nfrom .slack import socket"),
]


@pytest.mark.parametrize(("path", "source"), ALLOWED, ids=[path for path, _ in ALLOWED])
def test_what_the_map_allows_is_let_through(path, source):
    assert violations(path, source) == []
