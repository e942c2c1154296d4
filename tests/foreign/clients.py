"""Three clients of the Web API with one way to call them: plain HTTP, Slack's library for Python, Slack's for Node.

`call(method, args, token)` returns the body of the answer, also of a refusal.
"""

import asyncio
import json
import os
import shutil
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from tests.foreign.table import BOT

HERE = Path(__file__).parent
PATIENCE_SECONDS = 10
LONGEST_LINE = 2**22


class Plain:
    """A form over HTTP and no library at all. `slack`: tests.sandbox.slack_client.Client."""

    def __init__(self, slack):
        self._slack = slack

    async def call(self, method, args, token=BOT):
        return await self._slack.form(method, token, **args)


class SlackSdk:
    def __init__(self, sandbox):
        self._base_url = f"{sandbox.url}/slack/api/"

    async def call(self, method, args, token=BOT):
        client = AsyncWebClient(token=token, base_url=self._base_url)
        try:
            return (await self._own(client, method, args)).data
        except SlackApiError as error:
            return error.response.data

    async def _own(self, client, method, args):
        """By the library's method of that name, or by its door for all where its own would not send the call."""
        own = getattr(client, method.replace(".", "_"), None)
        try:
            return await own(**args) if own else await client.api_call(method)
        except (TypeError, SlackRequestError):
            strings = {name: value if isinstance(value, str) else json.dumps(value) for name, value in args.items()}
            return await client.api_call(method, params=strings)


class Node:
    """A process of Node with @slack/web-api in it, started by `running`."""

    def __init__(self, process):
        self._process = process
        self.scopes = None  # what the library read from the headers of its last call
        self.refusal = {}  # how the library told the last refusal

    async def call(self, method, args, token=BOT):
        line = json.dumps({"method": method, "args": args, "token": token}) + "\n"
        self._process.stdin.write(line.encode())
        self.refusal = json.loads(await asyncio.wait_for(self._process.stdout.readline(), PATIENCE_SECONDS))
        body = self.refusal.pop("body", None) or {}
        return self._as_sent(body)

    def _as_sent(self, body):
        """Without what the library itself puts in from the headers."""
        metadata = body.get("response_metadata", {})
        self.scopes = metadata.pop("scopes", None)
        metadata.pop("acceptedScopes", None)
        return {name: value for name, value in body.items() if (name, value) != ("response_metadata", {})}


async def node(script, *arguments):
    """A running script of this folder. Skips where Node or its packages are missing; with CI set that is a failure."""
    if reason := _missing():
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return await asyncio.create_subprocess_exec(
        "node",
        HERE / script,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )


async def ended(process):
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


def _missing():
    if shutil.which("node") is None:
        return "no Node here: install nodejs and npm, then make foreign"
    if not (HERE / "node_modules" / "@slack" / "web-api").exists():
        return "Slack's library for Node is not installed: make foreign"
    return None
