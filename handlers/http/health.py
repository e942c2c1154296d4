"""Whether the process turns, whether it can do its work, and its figures."""

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from service.health import Health


def routes(health: Health) -> list[web.RouteDef]:
    """/healthz, /readyz and /metrics."""

    async def healthz(request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def readyz(request: web.Request) -> web.Response:
        reasons = await health.reasons()
        return web.json_response({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)

    async def metrics(request: web.Request) -> web.Response:
        await health.measure()
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
