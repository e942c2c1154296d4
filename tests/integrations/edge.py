"""A vendor at the network's edge: answers as the test says and remembers what it was asked."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def form(self) -> list[tuple[str, str]]:
        return parse_qsl(self.raw.decode(), keep_blank_values=True)


class Edge:
    """`on` scripts the replies to one method and path; the last one stays. What is not scripted gets 404."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.url = ""
        self._script: dict[tuple[str, str], list[Reply]] = defaultdict(list)
        self._let_go = asyncio.Event()

    def on(self, method: str, path: str, *replies: Reply) -> None:
        self._script[method, path] = list(replies)

    def to(self, method: str, path: str) -> list[Asked]:
        return [asked for asked in self.asked if (asked.method, asked.path) == (method, path)]

    async def hang(self, request: web.Request) -> web.StreamResponse:
        """Accepts the request and says nothing until the test is over."""
        await self._let_go.wait()
        return web.Response()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        query = list(request.query.items())
        self.asked.append(Asked(request.method, request.path, query, dict(request.headers), raw))
        replies = self._script[request.method, request.path]
        if not replies:
            return web.json_response({"error": "not scripted"}, status=404)
        return await (replies.pop(0) if len(replies) > 1 else replies[0])(request)

    def let_go(self) -> None:
        self._let_go.set()


def reply(status: int, body: Any = None, **headers: str) -> Reply:
    """JSON, or the bytes themselves."""

    async def answer(request: web.Request) -> web.StreamResponse:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=content, headers=named)

    return answer


async def reset(request: web.Request) -> web.StreamResponse:
    """Takes the request and breaks the connection off."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
