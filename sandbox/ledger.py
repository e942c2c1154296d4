"""What Muster owes the world, read over Muster's own HTTP. The page never sees the token that opens it."""

import asyncio
import secrets

import aiohttp
from aiohttp import web

PATIENCE = aiohttp.ClientTimeout(total=3)


class Ledger:
    """`url` is where the bot's HTTP server is; "" while nobody knows."""

    def __init__(self):
        self.url = ""
        self._token = secrets.token_urlsafe(32)
        self._http = None

    def environment(self):
        return {"MUSTER_DASHBOARD_TOKEN": self._token}

    def routes(self):
        return [web.get("/control/ledger", self._index), web.get(r"/control/ledger/{number:\d{1,9}}", self._incident)]

    async def _index(self, _request):
        return await self._read("/ledger.json")

    async def _incident(self, request):
        return await self._read(f"/ledger/{request.match_info['number']}.json")

    async def _read(self, path):
        """The bot's own answer; 503 with a sentence while it is away."""
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with self._http.get(self.url + path, headers=headers) as answer:
                body, kind = await answer.read(), answer.content_type
        except (aiohttp.ClientError, OSError, ValueError, asyncio.TimeoutError):
            return web.json_response({"error": "Muster does not answer. Is it down?"}, status=503)
        if kind != "application/json":
            return web.json_response({"error": f"Muster answered {answer.status} without a ledger"}, status=502)
        return web.Response(body=body, status=answer.status, content_type=kind)

    async def stop(self):
        if self._http is not None:
            await self._http.close()
