"""Who may speak with the sandbox: programs of this machine, and its own page. Another web page may not."""

from urllib.parse import urlsplit

from aiohttp import web

from .record import is_own

HERE = ("127.0.0.1", "localhost", "::1")
OWN_SITES = (None, "same-origin", "none")


@web.middleware
async def middleware(request, handler):
    problem = objection(request)
    return web.json_response({"error": problem}, status=403) if problem else await handler(request)


def objection(request):
    """Why this request is not for the sandbox, or None.

    The Host must be this machine's: a foreign name that was pointed here (DNS rebinding) is refused. Browsers send
    Origin with every POST and every WebSocket, and Sec-Fetch-Site with all else; a link to the page is no harm.
    """
    host = request.headers.get("Host", "")
    if _name(f"//{host}") not in HERE:
        return "the sandbox answers only under this machine's own name, such as 127.0.0.1"
    origin = request.headers.get("Origin")
    if origin not in (None, f"http://{host}"):
        return "another web page may not drive the sandbox"
    if is_own(request.path) and not _is_looking(request) and request.headers.get("Sec-Fetch-Site") not in OWN_SITES:
        return "another web page may not look into the sandbox"
    return None


def _name(address):
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _is_looking(request):
    """A person who follows a link to the page itself."""
    return request.path.split("/")[1] in ("", "archives") and request.method == "GET"
