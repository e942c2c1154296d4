"""Who may speak with the sandbox: no other web page, and nobody under a name that is not this machine's."""

import socket

import aiohttp
import pytest

CONTROL = (
    ("POST", "/control/say"),
    ("GET", "/control/state"),
    ("GET", "/control/live"),
    ("POST", "/slack/api/auth.test"),
)


async def status(sandbox, method, path, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    async with aiohttp.ClientSession() as session:
        given = {"json": {"text": "hello"}} if method == "POST" else {}
        async with session.request(
            method, sandbox.url + path, headers=headers, allow_redirects=False, **given
        ) as answer:
            return answer.status


@pytest.mark.parametrize(("method", "path"), CONTROL)
@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1", "null", ""])
async def test_another_page_s_request_is_refused(sandbox, method, path, origin):
    assert await status(sandbox, method, path, Origin=origin) == 403
    assert sandbox.slack.workspace.messages("#general") == []
    assert sandbox.record.requests == []


@pytest.mark.parametrize(("method", "path"), [*CONTROL, ("GET", "/"), ("GET", "/page/main.js")])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8400", "127.0.0.1.evil.example", "0.0.0.0:8400", "[", ""]
)
async def test_a_foreign_name_that_leads_here_is_refused(sandbox, method, path, host):
    assert await status(sandbox, method, path, Host=host) in (400, 403)
    assert sandbox.slack.workspace.messages("#general") == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_page_neither_looks_nor_embeds_but_may_link(sandbox, site):
    assert await status(sandbox, "GET", "/control/state", Sec_Fetch_Site=site) == 403
    assert await status(sandbox, "GET", "/page/main.js", Sec_Fetch_Site=site) == 403
    assert await status(sandbox, "GET", "/", Sec_Fetch_Site=site) == 200
    assert await status(sandbox, "GET", "/archives/C0GENERAL", Sec_Fetch_Site=site) == 302


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
async def test_the_page_itself_and_programs_of_this_machine_are_let_in(sandbox, name):
    host = f"{name}:{sandbox.url.rpartition(':')[2]}"
    assert await status(sandbox, "POST", "/control/say", Host=host) == 200
    own = {"Host": host, "Origin": f"http://{host}", "Sec_Fetch_Site": "same-origin"}
    assert await status(sandbox, "POST", "/control/say", **own) == 200


async def test_a_request_without_a_host_is_refused(sandbox):
    host, port = sandbox.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.setblocking(False)
        line.send(b"GET /control/state HTTP/1.0\r\n\r\n")
        assert await sandbox.until(lambda: _read(line)) in (b"HTTP/1.0 403", b"HTTP/1.1 403")


def _read(line):
    try:
        return line.recv(12)
    except BlockingIOError:
        return None
