"""A vendor at the edge and the session that speaks to it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.integrations.edge import Edge


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    vendor = Edge()
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", vendor.handle)
    server = TestServer(app)
    await server.start_server()
    vendor.url = str(server.make_url("")).rstrip("/")
    yield vendor
    vendor.let_go()
    await server.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened
