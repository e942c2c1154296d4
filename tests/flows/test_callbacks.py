"""Anybody can reach the callbacks of the phone: whatever arrives unsigned is refused in a word and leaves no trace."""

import aiohttp
import pytest

FORM = "application/x-www-form-urlencoded"
UNSIGNED = {
    "a pressed key": ({"Content-Type": FORM}, b"Digits=1"),
    "a signature of another": ({"Content-Type": FORM, "X-Twilio-Signature": "Zm9yZ2Vk"}, b"Digits=1"),
    "a form in parts without a boundary": ({"Content-Type": "multipart/form-data"}, b"x"),
    "a form in parts that has none": ({"Content-Type": "multipart/form-data; boundary=x"}, b"garbage"),
    "an unknown encoding": ({"Content-Type": f"{FORM}; charset=nope"}, b"Digits=1"),
    "bytes that are no text": ({"Content-Type": FORM}, b"Digits=\xff\xfe"),
    "more fields than Twilio sends": ({"Content-Type": FORM}, b"a=1&" * 5000),
    "what claims to be packed": ({"Content-Type": FORM, "Content-Encoding": "gzip"}, b"not packed"),
}


@pytest.mark.parametrize("path", ["gather?incident=1&person=ana", "call"])
@pytest.mark.parametrize("what", UNSIGNED)
async def test_what_nobody_signed_is_refused_and_no_traceback_is_logged(world, path, what):
    headers, body = UNSIGNED[what]

    async with aiohttp.ClientSession() as http:
        answer = await http.post(f"{world.url}/callbacks/twilio/{path}", data=body, headers=headers)

    assert (answer.status, await answer.text()) == (401, "the signature does not fit")
    assert "Traceback" not in world.tail(1000)
