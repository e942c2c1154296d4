"""Twilio's own sample callbacks at the door: each of its vectors is let in, and nothing that differs by a byte."""

import hashlib
import hmac
from base64 import b64encode
from urllib.parse import urlencode, urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from handlers.http import server
from handlers.http.callbacks import BODY_AT_MOST, Door
from tests.contracts_folder import contract

VECTORS = range(4)
"""How many of the vectors are Twilio's, so that a lost one is missed."""

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
TOKEN = "twilio-auth-token-placeholder"


def vector(number):
    found = [each for each in contract("webhooks/signature-vectors.json")["vectors"] if each["scheme"] == "twilio"]
    assert len(found) == len(VECTORS)
    return found[number]


def form_of(vector):
    return vector.get("form") or contract("webhooks/" + vector["form_file"])["form"]


async def knock(vector, form, signature, *, token=None, url=None, body=None, **headers):
    """Status, content type and body of the answer of a door that was called at the vector's address."""
    address = urlsplit(url or vector["url"])

    async def handler(request, form):
        return "<Response/>" if form else "<Empty/>"

    door = Door(token or vector["secret"], f"{address.scheme}://{address.netloc}")
    app = web.Application()
    app.router.add_post("/{tail:.*}", door.opened(handler, "<Trouble/>"))
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        target = f"{str(server.make_url('')).rstrip('/')}{address.path}?{address.query}".rstrip("?")
        sent = {"X-Twilio-Signature": signature, **FORM, **headers}
        data = urlencode(form).encode() if body is None else body
        async with session.post(target, data=data, headers=sent) as answer:
            return answer.status, answer.content_type, await answer.text()


@pytest.mark.parametrize("number", VECTORS)
async def test_what_twilio_signed_is_let_in_and_answered_in_twiml(number):
    each = vector(number)
    assert await knock(each, form_of(each), each["value"]) == (200, "text/xml", "<Response/>")


@pytest.mark.parametrize("number", VECTORS)
async def test_another_form_token_address_or_signature_is_not(number):
    each = vector(number)
    form = form_of(each)
    name = next(iter(form))
    forged = [
        await knock(each, form | {name: form[name] + "x"}, each["value"]),
        await knock(each, form | {"More": "1"}, each["value"]),
        await knock(each, form, each["value"], token="other"),
        await knock(each, form, each["value"], url=each["url"] + ("&" if "?" in each["url"] else "?") + "x=1"),
        await knock(each, form, each["value"], url=each["url"].replace("https", "http")),
        await knock(each, form, b64encode(b"0" * 20).decode()),
        await knock(each, form, ""),
    ]
    assert {answer[0] for answer in forged} == {401}


async def test_another_algorithm_is_refused():
    each = vector(0)
    header = {"X-Twilio-Webhooks-Signature-Settings": "key=SK0,algorithm=HMAC_SHA256"}
    assert (await knock(each, form_of(each), each["value"], **header))[0] == 401


async def test_the_usual_port_may_be_written():
    each = vector(0)
    host = urlsplit(each["url"]).netloc
    assert (await knock(each, form_of(each), each["value"], url=each["url"].replace(host, host + ":443")))[0] == 200


def signed_json(body):
    url = f"https://bot.example.com/callbacks/twilio/call?bodySHA256={hashlib.sha256(body).hexdigest()}"
    return url, b64encode(hmac.digest(TOKEN.encode(), url.encode(), "sha1")).decode()


async def test_a_body_that_is_no_form_is_signed_by_its_digest_in_the_address():
    url, signature = signed_json(b'{"a":1}')
    each = {"url": url, "secret": TOKEN}
    json = {"Content-Type": "application/json"}
    assert (await knock(each, {}, signature, body=b'{"a":1}', **json))[0] == 200
    assert (await knock(each, {}, signature, body=b'{"a":2}', **json))[0] == 401


async def test_more_than_twilio_ever_sends_is_refused_by_its_size():
    each = vector(0)
    assert (await knock(each, {}, each["value"], body=b"x" * (BODY_AT_MOST + 1)))[0] == 413


async def test_a_bug_behind_the_door_is_answered_with_a_spoken_sentence(caplog):
    each = vector(0)
    address = urlsplit(each["url"])

    async def broken(request, form):
        raise KeyError("a bug")

    door = Door(each["secret"], f"https://{address.netloc}")
    runner = await server.serve([web.post("/{tail:.*}", door.opened(broken, "<Trouble/>"))], "127.0.0.1", 0)
    async with aiohttp.ClientSession() as session:
        target = f"http://127.0.0.1:{runner.addresses[0][1]}{address.path}?{address.query}"
        headers = {"X-Twilio-Signature": each["value"], **FORM}
        async with session.post(target, data=urlencode(form_of(each)), headers=headers) as answer:
            assert (answer.status, answer.content_type, await answer.text()) == (200, "text/xml", "<Trouble/>")
    await runner.cleanup()
    assert "a bug" in caplog.text
