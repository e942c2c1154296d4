"""The sandbox as its own tests have it, and the clients that call it."""

import pytest

from tests.foreign.clients import Node, Plain, SlackSdk, ended, node
from tests.sandbox.conftest import granted, manifest, sandbox, seconds, slack

__all__ = ["granted", "manifest", "sandbox", "seconds", "slack"]


@pytest.fixture(params=["plain", "slack_sdk", "node"])
async def client(request, sandbox, slack):
    match request.param:
        case "plain":
            yield Plain(slack)
        case "slack_sdk":
            yield SlackSdk(sandbox)
        case "node":
            process = await node("webapi.mjs", f"{sandbox.url}/slack/api/")
            yield Node(process)
            await ended(process)
