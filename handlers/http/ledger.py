"""/ledger.json and /ledger/<incident>.json: what Muster owes the world, for operators and for the sandbox's page."""

from typing import Any

from aiohttp import web

from domain.errors import Refused
from domain.incidents import number_of
from domain.policy import Policy
from handlers.http.guard import Guard
from service.ledger import Ledger
from views import ledger as views

UNKNOWN = "There is no such incident. /ledger.json has the latest."


def routes(ledger: Ledger, policy: Policy, guard: Guard) -> list[web.RouteDef]:
    """Both answer 304 to whoever has that version already."""
    ids = policy.slack_ids
    names = policy.names | {key: policy.names[id] for key, id in ids.items()}

    async def overview(request: web.Request) -> web.Response:
        if refusal := guard.refusal(request):
            return refusal
        found = await ledger.overview()
        owed = {number: standing.owed for number, standing in found.standings.items()}
        failed = {number: standing.failed for number, standing in found.standings.items()}
        return _answer(request, views.overview(found.incidents, owed, failed, found.trace, found.now))

    async def page(request: web.Request) -> web.Response:
        if refusal := guard.refusal(request):
            return refusal
        try:
            found = await ledger.page(_number(request.match_info["incident"]))
        except Refused:
            return web.json_response({"error": UNKNOWN}, status=404)
        return _answer(request, views.page(found.record, found.now, names, ids, found.left_out))

    return [web.get("/ledger.json", overview), web.get("/ledger/{incident}.json", page)]


def _number(name: str) -> int:
    """Of `42` and `INC-42`. Raises Refused for what names no incident."""
    number = number_of(f"#{name}") or number_of(name)
    if number is None:
        raise Refused(UNKNOWN)
    return number


def _answer(request: web.Request, body: dict[str, Any]) -> web.Response:
    """The time stands in the headers as well, so that whoever gets 304 knows it."""
    version = str(body["version"])
    headers = {"ETag": f'"{version}"', "Cache-Control": "private, no-cache", "Muster-Now": str(body["now"])}
    if any(tag.value in (version, "*") for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    return web.json_response(body, headers=headers)
