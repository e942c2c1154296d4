"""Whether a vendor's signature, or a reader's token, fits. Answers yes or no in constant time and never raises on
input."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^/?#]*?)(?P<port>:\d*)?(?P<rest>[/?][^#]*)?(#.*)?", re.ASCII | re.DOTALL
)
_USUAL_PORT = {"https": ":443", "http": ":80"}


def twilio(
    auth_token: str, url: str, form: Iterable[tuple[str, str]], signature: str | None, settings: str | None = None
) -> bool:
    """`X-Twilio-Signature` over the address that Twilio called and its form. `settings` is the header
    X-Twilio-Webhooks-Signature-Settings: another algorithm with a key that we do not have, hence refused."""
    if not auth_token or settings is not None:
        return False
    signed = "".join(name + value for name, value in sorted(set(form)))
    accepted = [
        base64.b64encode(hmac.digest(_bytes(auth_token), _bytes(address + signed), "sha1"))
        for address in _addresses(url)
    ]
    return _any_fits(accepted, [signature])


def twilio_body(auth_token: str, url: str, body: bytes, signature: str | None, settings: str | None = None) -> bool:
    """The same over a body that is no form: its SHA-256 stands in the address as `bodySHA256`, and the address alone is
    signed."""
    found = re.search(r"[?&]bodySHA256=([0-9a-fA-F]{64})(?:&|#|$)", url, re.ASCII)
    given = found[1].lower() if found else ""
    is_body = hmac.compare_digest(hashlib.sha256(body).hexdigest(), given)
    return twilio(auth_token, url, (), signature, settings) and is_body


def pagerduty(secret: str, body: bytes, header: str | None) -> bool:
    """`X-PagerDuty-Signature`: a list of `v1=<hex>`, of which one must fit; other versions are passed over."""
    if not secret or header is None:
        return False
    expected = hmac.digest(_bytes(secret), body, "sha256").hex().encode()
    given = [part.strip().removeprefix("v1=") for part in header.split(",") if part.strip().startswith("v1=")]
    return _any_fits([expected], given)


def plane(secret: str, body: bytes, header: str | None) -> bool:
    """`X-Plane-Signature`: the hex HMAC-SHA256 of the body."""
    if not secret:
        return False
    return _any_fits([hmac.digest(_bytes(secret), body, "sha256").hex().encode()], [header])


def bearer(token: str, header: str | None) -> bool:
    """`Authorization: Bearer <token>` (RFC 6750), the scheme in any case."""
    scheme, _, given = (header or "").strip().partition(" ")
    return bool(token) and scheme.lower() == "bearer" and _any_fits([_bytes(token)], [given.strip()])


def _addresses(url: str) -> Iterator[str]:
    """The address as it may have been signed: Twilio leaves the port out or writes it, and never signs the fragment."""
    found = _URL.fullmatch(url)
    if not found:
        return
    scheme, host, rest = found["scheme"], found["host"], found["rest"] or ""
    yield f"{scheme}://{host}{rest}"
    yield f"{scheme}://{host}{found['port'] or _USUAL_PORT[scheme]}{rest}"


def _any_fits(expected: Iterable[bytes], given: Iterable[str | None]) -> bool:
    candidates = [each.encode() for each in given if each and each.isascii()]
    return any(hmac.compare_digest(one, other) for one in expected for other in candidates)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
