"""The sandbox's page: its files, and Slack's own links turned into places on it. It holds no state."""

from pathlib import Path

from aiohttp import web

WEB = Path(__file__).with_name("web")
KINDS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws://{host}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def routes():
    return [
        web.get("/", _page),
        web.get("/page/{path:.+}", _file),
        web.get("/archives/{channel}", _place),
        web.get("/archives/{channel}/{message}", _place),
        web.get("/favicon.ico", _icon),
    ]


async def _page(request):
    return _served(request, WEB / "index.html")


async def _file(request):
    file = (WEB / request.match_info["path"]).resolve()
    if not file.is_relative_to(WEB) or not file.is_file() or file.suffix not in KINDS:
        raise web.HTTPNotFound(text="no such file")
    return _served(request, file)


async def _icon(request):
    return _served(request, WEB / "icon.svg")


async def _place(request):
    """A permalink: `/archives/C00000001/p1700000000000001`, as Slack writes them."""
    channel, message = request.match_info["channel"], request.match_info.get("message", "")
    if not channel.isalnum() or not message.removeprefix("p").isalnum() * bool(message) == bool(message):
        raise web.HTTPNotFound(text="no such place")
    raise web.HTTPFound(f"/?at={channel}" + (f"&message={message.removeprefix('p')}" if message else ""))


def _served(request, file):
    """Asked for anew each time (the answer is 304 where nothing has changed): a new checkout is never half shown."""
    headers = {
        "Cache-Control": "no-cache",
        "Content-Type": f"{KINDS[file.suffix]}; charset=utf-8",
        "Content-Security-Policy": CSP.format(host=request.headers.get("Host", "")),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return web.FileResponse(file, headers=headers)
