"""One request to a vendor: its answer, or Temporary or Permanent in words people can act on. Never a second request."""

import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from domain.errors import Permanent, Temporary
from views.plain import plain

MOST_BYTES = 1024 * 1024
"""Of an answer: more than any vendor sends, and little enough to hold."""

LONGEST_WAIT = 24 * 3600.0
"""Seconds: no Retry-After keeps a row waiting for longer."""

_NUMBER = re.compile(r"\+?\d[\d\s().-]{5,}\d")
_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who is spoken to: `name` for people, `address` the setting that moves it, what to check by status when it
    refuses, and the `secrets` that no reason may repeat."""

    name: str
    address: str
    advice: Mapping[int, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def refusal(self, status: int, words: str = "", advice: str = "") -> Permanent:
        """A refusal in a sentence: what the vendor said, and what to check."""
        said = f"{status}: {self.safe(words)}" if words else str(status)
        check = advice or self.advice.get(status, "")
        return Permanent(f"{self.name} refused ({said})" + (f": {check}" if check else ""))

    def safe(self, words: str) -> str:
        """A vendor's own words without our secrets and without phone numbers, which some vendors echo."""
        for secret in filter(None, self.secrets):
            words = words.replace(secret, "[secret]")
        return plain(_NUMBER.sub("[number]", words), 200)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a vendor answered: the status and the parsed JSON."""

    vendor: Vendor
    status: int
    body: Any

    def find(self, name: str) -> Any:
        """A member of the answered object, or None."""
        return self.body.get(name) if isinstance(self.body, dict) else None

    def get(self, name: str) -> str:
        """A member that the vendor promises. Temporary without it: nobody can tell then what was done."""
        value = self.find(name)
        if value is None or value == "":
            raise Temporary(f"{self.vendor.name} answered {self.status} without the promised {name}")
        return str(value)

    def items(self, name: str = "") -> list[dict[str, Any]]:
        """The objects of an answered list, or of the list in the member `name`. Temporary without it."""
        values = self.find(name) if name else self.body
        if not isinstance(values, list):
            raise Temporary(f"{self.vendor.name} answered {self.status} without the promised list")
        return [value for value in values if isinstance(value, dict)]

    def words(self) -> str:
        """The vendor's own explanation of an error; empty when it gave none."""
        found = [self.find(name) for name in ("message", "error", "detail", "errors", "error_message")]
        return "; ".join(_flat(value) for value in found if value)

    def refusal(self, advice: str = "") -> Permanent:
        """This answer as a refusal."""
        return self.vendor.refusal(self.status, self.words(), advice)


async def request(
    session: aiohttp.ClientSession,
    vendor: Vendor,
    method: str,
    url: str,
    *,
    known: Container[int] = (),
    **options: Any,
) -> Answer:
    """The answer to one request. `known` are refusals that the caller judges itself; it bounds the time as well."""
    try:
        async with session.request(method, url, allow_redirects=False, **options) as response:
            raw = await _read(response)
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
        raise Permanent(f"{vendor.name}'s address is not a web address: check {vendor.address}") from None
    except TimeoutError:
        raise Temporary(f"{vendor.name} did not answer in time") from None
    except aiohttp.ClientError as error:
        raise Temporary(f"{vendor.name} cannot be reached: {_trouble(error)}") from None
    return _judged(vendor, response, raw, known)


def _judged(vendor: Vendor, response: aiohttp.ClientResponse, raw: bytes | None, known: Container[int]) -> Answer:
    status = response.status
    if status in (420, 429):
        raise Temporary(f"{vendor.name} asks to slow down ({status})", retry_after(response.headers), pause=True)
    if status == 408 or status >= 500:
        raise Temporary(f"{vendor.name} is in trouble ({status})", retry_after(response.headers))
    if 300 <= status < 400:
        raise Permanent(f"{vendor.name} answered with a redirect ({status}): check {vendor.address}")
    answer = Answer(vendor, status, _parsed(raw))
    if status < 300 and answer.body is None:
        raise Temporary(f"{vendor.name} answered {status} with a body that is not JSON")
    if status < 300 or status in known:
        return answer
    raise answer.refusal()


async def _read(response: aiohttp.ClientResponse) -> bytes | None:
    """The body; None when it is larger than any answer that a vendor documents."""
    raw = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        raw += chunk
        if len(raw) > MOST_BYTES:
            return None
    return bytes(raw)


def _parsed(raw: bytes | None) -> Any:
    """The JSON, whatever the content type says; None for anything else. Deep nesting ends in RecursionError."""
    try:
        return json.loads(raw) if raw else None
    except (ValueError, RecursionError):
        return None


WAITS = ("Retry-After", "ratelimit-reset", "X-RateLimit-Period-In-Sec")
"""Where a vendor says for how long it will not listen: everybody, PagerDuty, Opsgenie."""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from seconds or an HTTP date; a date counts from the vendor's own, as clocks differ."""
    value = next((headers[name].strip() for name in WAITS if headers.get(name)), "")
    if _SECONDS.fullmatch(value):
        return min(float(value), LONGEST_WAIT)
    then = sent_at(value)
    if then is None:
        return None
    now = sent_at(headers.get("Date", "")) or datetime.now(UTC)
    return min(max((then - now).total_seconds(), 0.0), LONGEST_WAIT)


def sent_at(value: str) -> datetime | None:
    """A date as mail and HTTP write it; None where it is none."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _trouble(error: aiohttp.ClientError) -> str:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "its name does not resolve"
        case aiohttp.ClientSSLError():
            return "its certificate cannot be trusted"
        case aiohttp.ClientConnectorError():
            return "no connection"
        case _:
            return "the connection broke off"


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_flat(each) for each in value[:5])
    if isinstance(value, dict):
        said = [value[name] for name in ("message", "errors") if value.get(name)]
        return _flat(said or list(value.values()))
    return str(value)
