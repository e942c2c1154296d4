"""What a vendor's answer means, whoever the vendor is."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest

from domain.errors import Permanent, Temporary
from integrations.http import LONGEST_WAIT, Answer, Vendor, request, retry_after
from tests.integrations.edge import Edge, reply, reset

VENDOR = Vendor("Acme", "ACME_URL", {401: "check ACME_KEY"}, ("s3cret-key",))
NOW = datetime(2026, 11, 20, tzinfo=UTC)


async def ask(session: aiohttp.ClientSession, edge: Edge, **options: object) -> Answer:
    return await request(session, VENDOR, "POST", edge.url + "/x", json={}, **options)  # type: ignore[arg-type]


async def test_an_answer_is_parsed_whatever_its_content_type_says(edge, session):
    edge.on("POST", "/x", reply(201, b'{"id": 5}', Content_Type="text/plain"))
    answer = await ask(session, edge)
    assert (answer.status, answer.get("id")) == (201, "5")


@pytest.mark.parametrize("status", [408, 500, 501, 502, 503, 504, 599])
async def test_trouble_on_the_vendors_side_is_temporary(edge, session, status):
    edge.on("POST", "/x", reply(status, b"<html>oops</html>", Retry_After="7"))
    with pytest.raises(Temporary, match=str(status)) as caught:
        await ask(session, edge)
    assert (caught.value.retry_after, caught.value.pause) == (7.0, False)


@pytest.mark.parametrize("status", [429, 420])
async def test_a_limit_makes_everybody_wait(edge, session, status):
    edge.on("POST", "/x", reply(status, {"message": "slow"}, Retry_After="30"))
    with pytest.raises(Temporary) as caught:
        await ask(session, edge)
    assert (caught.value.retry_after, caught.value.pause) == (30.0, True)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 410, 413, 422])
async def test_a_refusal_is_permanent(edge, session, status):
    edge.on("POST", "/x", reply(status, {"message": "no"}))
    with pytest.raises(Permanent, match=f"Acme refused \\({status}: no\\)"):
        await ask(session, edge)


async def test_a_refused_token_says_what_to_check(edge, session):
    edge.on("POST", "/x", reply(401, {"error": "bad credentials"}))
    with pytest.raises(Permanent) as caught:
        await ask(session, edge)
    assert caught.value.reason == "Acme refused (401: bad credentials): check ACME_KEY"


async def test_a_refusal_that_is_an_html_page_keeps_the_page_to_itself(edge, session):
    edge.on("POST", "/x", reply(403, b"<html><body>Forbidden by proxy</body></html>"))
    with pytest.raises(Permanent) as caught:
        await ask(session, edge)
    assert caught.value.reason == "Acme refused (403)"


async def test_a_refusal_that_the_caller_knows_comes_back_as_an_answer(edge, session):
    edge.on("POST", "/x", reply(409, {"id": "old"}))
    assert (await ask(session, edge, known=(409,))).find("id") == "old"


@pytest.mark.parametrize("body", [b"", b"<html>login</html>", b"\xff\xfe", b"[" * 100_000, b"null"])
async def test_a_success_without_json_is_temporary_because_nobody_knows_what_answered(edge, session, body):
    edge.on("POST", "/x", reply(200, body))
    with pytest.raises(Temporary, match="not JSON"):
        await ask(session, edge)


async def test_a_huge_body_is_not_read_to_its_end(edge, session):
    edge.on("POST", "/x", reply(200, b'"' + b"x" * (2 * 1024 * 1024) + b'"'))
    with pytest.raises(Temporary, match="not JSON"):
        await ask(session, edge)


async def test_a_huge_refusal_is_still_a_refusal(edge, session):
    edge.on("POST", "/x", reply(400, b"x" * (2 * 1024 * 1024)))
    with pytest.raises(Permanent, match="400"):
        await ask(session, edge)


async def test_a_redirect_is_not_followed_and_names_the_setting(edge, session):
    edge.on("POST", "/x", reply(301, {}, Location="/y"))
    with pytest.raises(Permanent, match=r"redirect \(301\): check ACME_URL"):
        await ask(session, edge)
    assert [asked.path for asked in edge.asked] == ["/x"]


async def test_a_broken_connection_is_temporary_and_asked_once(edge, session):
    edge.on("POST", "/x", reset)
    with pytest.raises(Temporary, match="the connection broke off"):
        await ask(session, edge)
    assert len(edge.asked) == 1


async def test_a_body_that_stops_half_way_is_temporary(edge, session):
    async def half(request):
        answer = aiohttp.web.StreamResponse(headers={"Content-Length": "100"})
        await answer.prepare(request)
        await answer.write(b'{"id":')
        request.transport.close()
        return answer

    edge.on("POST", "/x", half)
    with pytest.raises(Temporary, match="the connection broke off"):
        await ask(session, edge)


async def test_nobody_listening_is_temporary(session, unused_tcp_port):
    with pytest.raises(Temporary, match="no connection"):
        await request(session, VENDOR, "GET", f"http://127.0.0.1:{unused_tcp_port}/")


async def test_a_hanging_vendor_is_left_when_the_caller_stops_waiting(edge, session):
    edge.on("POST", "/x", edge.hang)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await ask(session, edge)


async def test_the_sessions_own_timeout_is_temporary(edge, session):
    edge.on("POST", "/x", edge.hang)
    with pytest.raises(Temporary, match="did not answer in time"):
        await ask(session, edge, timeout=aiohttp.ClientTimeout(total=0.05))


@pytest.mark.parametrize(
    "url", ["events.example.com/v2", "ftp://example.com", "http://", "http://127.0.0.1:99999/", ""]
)
async def test_an_address_that_is_none_names_its_setting(session, url):
    with pytest.raises(Permanent, match="check ACME_URL"):
        await request(session, VENDOR, "GET", url)


def test_a_missing_promise_is_temporary():
    for body in ({}, [], {"id": None}, {"id": ""}, "id"):
        with pytest.raises(Temporary, match="without the promised id"):
            Answer(VENDOR, 200, body).get("id")
    with pytest.raises(Temporary, match="list"):
        Answer(VENDOR, 200, {"results": {}}).items("results")


def test_no_reason_repeats_a_secret_or_a_phone_number():
    said = {"message": "key s3cret-key, number +1 (555) 000-0001 and +15550000002", "errors": [{"message": "x\n\x00y"}]}
    reason = Answer(VENDOR, 400, said).refusal().reason
    assert reason == "Acme refused (400: key [secret], number [number] and [number]; x y)"
    assert "s3cret" not in repr(VENDOR)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("12", 12.0),
        (" 1.5 ", 1.5),
        ("999999999", LONGEST_WAIT),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), 0.0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("inf", None),
        ("9" * 400, None),
        ("Fri, 99 Nov 99999999 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_by_the_vendors_own_clock(value, seconds):
    assert retry_after({"Retry-After": value, "Date": format_datetime(NOW, usegmt=True)}) == seconds


def test_a_date_to_retry_after_counts_from_now_where_the_vendor_does_not_tell_its_time():
    then = datetime.now(UTC) + timedelta(minutes=10)
    waited = retry_after({"Retry-After": format_datetime(then, usegmt=True)})
    assert waited is not None
    assert 500 < waited <= 600
