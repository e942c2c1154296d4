"""How the vendors sign what they send to the bot. Signing only: the bot has its own code for checking."""

import base64
import hashlib
import hmac


def pagerduty(secret: str, body: bytes) -> str:
    """The value of X-PagerDuty-Signature over the raw body."""
    return "v1=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def twilio(token: str, url: str, params: dict[str, str]) -> str:
    """The value of X-Twilio-Signature: the URL exactly as called, then each parameter's name and value by name."""
    message = url + "".join(name + params[name] for name in sorted(params))
    return base64.b64encode(hmac.new(token.encode(), message.encode(), hashlib.sha1).digest()).decode()


def plane(secret: str, body: bytes) -> str:
    """The value of X-Plane-Signature over the raw body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
