"""What Muster owes the world, read over Muster's own HTTP. The page never sees the token that opens it."""

import secrets

import aiohttp
from aiohttp import web

KEPT = ("Content-Type", "ETag", "Cache-Control")
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

    async def _index(self, request):
        return await self._read("/ledger.json", request)

    async def _incident(self, request):
        return await self._read(f"/ledger/{request.match_info['number']}.json", request)

    async def _read(self, path, asked):
        """The bot's own answer, 304 too; 503 with a sentence while it is away."""
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=PATIENCE)
        known = {name: asked.headers[name] for name in ("If-None-Match",) if name in asked.headers}
        headers = {"Authorization": f"Bearer {self._token}", **known}
        try:
            async with self._http.get(self.url + path, headers=headers) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, OSError, ValueError, TimeoutError):
            return web.json_response({"error": "Muster does not answer. Is it down?"}, status=503)
        kept = {name: answer.headers[name] for name in KEPT if name in answer.headers}
        return web.Response(body=body or None, status=answer.status, headers=kept)

    async def stop(self):
        if self._http is not None:
            await self._http.close()
