"""What the server answers where nobody serves: a sentence in JSON, no word of what it is made of, nothing to others."""

import asyncio
import contextlib

import aiohttp
import pytest
from aiohttp import web

from domain.errors import Unavailable
from handlers.http import connections, server
from tests.eventually import eventually


async def _fine(request):
    return web.json_response({"ok": True})


async def _long(request):
    return web.json_response({"read": len(await request.read())})


async def _stuck(request):
    await request.read()
    await asyncio.Event().wait()


async def _away(request):
    raise Unavailable("database is locked")


async def _broken(request):
    raise KeyError("a fault")


async def _spoken(request):
    request[server.IN_TROUBLE] = web.Response(text="<Say>sorry</Say>", content_type="text/xml")
    raise Unavailable("away") if "away" in request.query else KeyError("a fault")


WATCHED = {}


async def _watched(request):
    """Tells that it reads, and what became of that."""
    told = WATCHED[request.query["by"]]
    told.put_nowait("reads")
    try:
        await request.read()
    except Exception as problem:
        told.put_nowait(type(problem))
        raise


async def _own(request):
    raise web.HTTPNotFound(text="its own words")


ROUTES = [web.get("/fine", _fine), web.post("/long", _long), web.get("/away", _away), web.get("/own", _own)]
ROUTES += [web.get("/broken", _broken), web.get("/spoken", _spoken), web.post("/watched", _watched)]
ROUTES += [web.post("/stuck", _stuck)]


@pytest.fixture
async def ask():
    """ask(method, path, …) -> (answer, its text)."""
    runner = await server.serve(ROUTES, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(url) as session:

        async def ask(method, path, **more):
            async with session.request(method, path, **more) as answer:
                return answer, await answer.text()

        ask.port = runner.addresses[0][1]
        yield ask
    await runner.cleanup()


@pytest.mark.parametrize(
    ("method", "path", "status", "sentence"),
    [
        ("GET", "/", 404, "Nothing is served here."),
        ("GET", "/fine/", 404, "Nothing is served here."),
        ("POST", "/../etc/passwd", 404, "Nothing is served here."),
        ("POST", "/fine", 405, "POST is not served here."),
        ("GET", "/long", 405, "GET is not served here."),
        ("GET", "/away", 503, "Muster's database does not answer. Try again."),
        ("GET", "/broken", 500, "Muster met a fault of its own, which its log tells."),
    ],
)
async def test_what_is_not_served_is_said_in_json(ask, method, path, status, sentence):
    answer, _ = await ask(method, path)
    assert answer.status == status
    assert await answer.json() == {"error": sentence}


@pytest.mark.parametrize("path", ["/spoken", "/spoken?away"])
async def test_whoever_speaks_another_language_hears_of_the_trouble_in_it(ask, path, caplog):
    answer, text = await ask("GET", path)
    assert (answer.status, answer.content_type, text) == (200, "text/xml", "<Say>sorry</Say>")
    assert "/spoken" in caplog.text


async def test_a_body_may_be_so_long_and_no_longer(ask):
    answer, text = await ask("POST", "/long", data=b"x" * server.BODY_AT_MOST)
    assert (answer.status, text) == (200, '{"read": 1048576}')
    answer, text = await ask("POST", "/long", data=b"x" * (server.BODY_AT_MOST + 1))
    assert (answer.status, text) == (413, '{"error": "A body has at most 1,048,576 bytes."}')


async def test_what_a_handler_says_of_itself_stays(ask):
    answer, text = await ask("GET", "/own")
    assert (answer.status, text) == (404, "its own words")


async def test_head_answers_like_get_without_the_body(ask):
    answer, text = await ask("HEAD", "/fine")
    assert (answer.status, text, answer.headers["Content-Length"]) == (200, "", "12")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/fine"), ("GET", "/nowhere"), ("POST", "/fine"), ("GET", "/away")]
)
async def test_no_answer_tells_what_the_server_is_made_of(ask, method, path):
    answer, _ = await ask(method, path)
    assert answer.headers["Server"] == "Muster"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "sent", [b"garbage\r\n\r\n", b"\x16\x03\x01\x02", b"GET /" + b"a" * 9000, b"GET / HTTP/1.1\r\nX: " + b"a" * 9000]
)
async def test_what_is_no_http_is_refused_without_a_line_of_the_log_or_a_word_of_what_the_server_is(ask, sent, caplog):
    reader, writer = await asyncio.open_connection("127.0.0.1", ask.port)
    writer.write(sent)
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert answer.startswith(b"HTTP/1.0 400 ")
    assert b"\r\nServer: Muster\r\n" in answer
    assert caplog.text == ""


async def test_a_crowd_leaves_muster_files_of_its_own_and_is_told_to_come_again(ask, monkeypatch):
    monkeypatch.setattr(connections, "AT_MOST", 3)
    crowd = [await asyncio.open_connection("127.0.0.1", ask.port) for _ in range(6)]
    refused = [await asyncio.wait_for(reader.read(), 5) for reader, _ in crowd[3:]]
    assert all(answer.startswith(b"HTTP/1.1 503 ") for answer in refused)
    for _, writer in crowd:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    await eventually(lambda: _answered(ask))


async def _answered(ask):
    return (await ask("GET", "/fine"))[0].status == 200


@pytest.mark.parametrize("said", [b"", b"GET /fi"])
async def test_whoever_says_nothing_is_hung_up_on_and_whoever_has_spoken_is_not(monkeypatch, said):
    monkeypatch.setattr(connections, "SPEAKS_WITHIN_S", 0.2)
    runner = await server.serve(ROUTES, "127.0.0.1", 0)
    address = runner.addresses[0]
    (heard, speaks), (silent, says) = [await asyncio.open_connection(*address) for _ in range(2)]
    says.write(said)
    for _ in range(2):
        speaks.write(b"GET /fine HTTP/1.1\r\nHost: muster\r\n\r\n")
        assert (await asyncio.wait_for(heard.readuntil(b"}"), 5)).startswith(b"HTTP/1.1 200 ")
        assert await asyncio.wait_for(silent.read(), 5) == b""
    for writer in (speaks, says):
        writer.close()
    await runner.cleanup()


async def test_whoever_hangs_up_in_the_middle_is_no_fault_of_ours(ask, caplog):
    hung_up = WATCHED["hung-up"] = asyncio.Queue()
    _, writer = await asyncio.open_connection("127.0.0.1", ask.port)
    writer.write(b"POST /watched?by=hung-up HTTP/1.1\r\nHost: muster\r\nContent-Length: 5\r\n\r\nab")
    await asyncio.wait_for(hung_up.get(), 5)  # it reads by now
    writer.close()
    assert await asyncio.wait_for(hung_up.get(), 5) is ConnectionResetError
    assert (await ask("GET", "/fine"))[0].status == 200
    assert caplog.text == ""


async def test_a_body_that_does_not_come_is_not_waited_for(ask, monkeypatch):
    monkeypatch.setattr(server, "ARRIVES_WITHIN_S", 0.1)
    reader, writer = await asyncio.open_connection("127.0.0.1", ask.port)
    writer.write(b"POST /long HTTP/1.1\r\nHost: muster\r\nContent-Length: 5\r\n\r\nab")
    answer = await asyncio.wait_for(reader.readuntil(b"}"), 5)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.endswith(b'{"error": "A request has to arrive within 0.1 s."}')


async def test_what_is_here_and_cannot_be_answered_may_be_sent_again(ask, monkeypatch):
    monkeypatch.setattr(server, "ARRIVES_WITHIN_S", 0.1)
    answer, text = await ask("POST", "/stuck", data=b"ab")
    assert (answer.status, text) == (503, '{"error": "Muster is too busy to answer. Send it again."}')


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
async def test_other_sites_pages_may_read_nothing(ask, method):
    asked = {"Origin": "http://example.com", "Access-Control-Request-Method": "GET"}
    answer, _ = await ask(method, "/fine", headers=asked)
    assert answer.status == (200 if method == "GET" else 405)
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(("method", "path"), [("POST", "/fine"), ("OPTIONS", "/fine")])
async def test_what_is_not_allowed_names_what_is(ask, method, path):
    answer, _ = await ask(method, path)
    assert answer.headers["Allow"] == "GET,HEAD"


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid"])
async def test_an_address_that_is_not_this_machine_s_is_no_question_of_another_muster(host):
    with pytest.raises(
        server.PortInUse, match=rf"^{host}:0 cannot be listened on \([^()]+\)\. Choose an address of this"
    ):
        await server.serve([], host, 0)
