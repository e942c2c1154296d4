"""What the bot asked of every service, in order, and what it did that the real service would mind."""

import json
import time
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web


@dataclass
class Request:
    """One request. `status` None: it got no answer (yet, or the connection was reset). Times: `at` by the sandbox's
    clock, `arrived` and `answered` in seconds of time.monotonic()."""

    n: int
    at: datetime
    service: str
    method: str
    path: str
    body: dict
    headers: dict
    arrived: float
    answered: float | None = None
    status: int | None = None
    response: object = None

    def json(self):
        return {**vars(self), "at": self.at.isoformat()}


ENTRY = web.RequestKey("entry", Request)  # the request's own record, for whoever knows its arguments better
DROPPED = web.RequestKey("dropped", bool)  # the connection was reset: the caller got no answer


OWN = ("", "control", "page", "archives", "favicon.ico")  # first segments of what no vendor serves


def is_own(path):
    """Whether it is the sandbox's own page or control API, which no trouble touches."""
    return path.split("/")[1] in OWN


@dataclass
class Record:
    clock: object
    bell: object
    requests: list[Request] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def violate(self, sentence):
        self.violations.append(sentence)
        self.bell.ring()

    def note(self, service, method, path, body, status, response):
        """A request that did not come over HTTP, with the answer that it got."""
        now = time.monotonic()
        entry = Request(len(self.requests) + 1, self.clock.now(), service, method, path, body, {}, now)
        entry.answered, entry.status, entry.response = now, status, response
        self.requests.append(entry)
        self.bell.ring(entry)

    def to(self, service, method=None):
        """The requests to one service, or to one Slack method or path of it."""
        return [r for r in self.requests if r.service == service and method in (None, r.method, r.path)]

    @web.middleware
    async def middleware(self, request, handler):
        if is_own(request.path) or request.path == "/slack/socket":
            return await handler(request)
        entry = request[ENTRY] = await self._arrived(request, request.path.split("/")[1])
        response = await handler(request)
        if not request.get(DROPPED):
            entry.status, entry.response = response.status, _content(response)
        entry.answered = time.monotonic()
        self.bell.ring(entry)
        return response

    async def _arrived(self, request, service):
        content = await body(request)  # first, for others may arrive meanwhile and take the number
        entry = Request(
            n=len(self.requests) + 1,
            at=self.clock.now(),
            service=service,
            method=request.path.removeprefix("/slack/api/") if service == "slack" else request.method,
            path=request.path,
            body=content,
            headers=dict(request.headers),
            arrived=time.monotonic(),
        )
        self.requests.append(entry)
        self.bell.ring(entry)
        return entry


async def body(request):
    """The body as a dict: JSON, or a form; with the query's arguments. What cannot be read is kept under `raw`."""
    fields = dict(request.query)
    text = await request.text()
    if not text:
        return fields
    if "json" in request.content_type:
        try:
            value = json.loads(text)
        except ValueError:
            return {**fields, "raw": text}
        return {**fields, **value} if isinstance(value, dict) else {**fields, "raw": value}
    if "form" in request.content_type:
        form = await request.post()
        return {**fields, **{key: _one(form.getall(key)) for key in form}}
    return {**fields, "raw": text}


def _one(values):
    return values[0] if len(values) == 1 else values


def _content(response):
    text = getattr(response, "text", None)
    if text and "json" in response.content_type:
        return json.loads(text)
    return text
