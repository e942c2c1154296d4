"""What PagerDuty's Events API v2 takes and refuses. Checks only: it makes no alert."""

import json
from datetime import datetime

from aiohttp import web

from sandbox.vendors.base import RefusedError
from sandbox.vendors.pagerduty_account import INTEGRATIONS

SEVERITIES = ("critical", "error", "warning", "info")
EVENT_ACTIONS = ("trigger", "acknowledge", "resolve")
TOP_FIELDS = {
    "trigger": {"routing_key", "event_action", "dedup_key", "payload", "client", "client_url", "links", "images"},
    "acknowledge": {"routing_key", "event_action", "dedup_key"},
    "resolve": {"routing_key", "event_action", "dedup_key"},
}
PAYLOAD_FIELDS = {"summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"}
MOST_BYTES, LONGEST_KEY, LONGEST_SUMMARY, KEY_LENGTH = 512 * 1024, 255, 1024, 32


def answer(status, short, message, headers=None, **more):
    return web.json_response({"status": short, "message": message, **more}, status=status, headers=headers)


def invalid(errors):
    return answer(400, "invalid event", "Event object is invalid", errors=errors)


def read(body: bytes) -> dict:
    """The event. RefusedError: too large, or no JSON object."""
    if len(body) > MOST_BYTES:
        raise RefusedError(invalid([f"Event is larger than {MOST_BYTES} bytes"]))
    try:
        event = json.loads(body)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        refusal = answer(400, "Unrecognized object", "Event object format is unrecognized", errors=["JSON parse error"])
        raise RefusedError(refusal)
    return event


def faults(event) -> list[str]:
    """Every reason for a 400, in PagerDuty's own manner."""
    errors = _key_faults(event)
    if event.get("event_action") not in EVENT_ACTIONS:
        return [*errors, f"'event_action' is missing or not one of {', '.join(EVENT_ACTIONS)}"]
    if event["event_action"] != "trigger":
        return errors if event.get("dedup_key") else [*errors, "'dedup_key' is missing or blank"]
    payload = event.get("payload")
    if not isinstance(payload, dict):
        return [*errors, "'payload' is missing or blank"]
    return errors + _payload_faults(payload) + _attachment_faults(event)


def _key_faults(event):
    errors = []
    key = event.get("routing_key")
    if not key or not isinstance(key, str):
        errors.append("'routing_key' is missing or blank")
    elif len(key) != KEY_LENGTH:
        errors.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    elif key not in INTEGRATIONS:
        errors.append("Invalid routing key")
    dedup_key = event.get("dedup_key", "")
    if not isinstance(dedup_key, str) or len(dedup_key) > LONGEST_KEY:
        errors.append(f"'dedup_key' is not a string of at most {LONGEST_KEY} characters")
    return errors


def _payload_faults(payload):
    errors = [
        f"'payload.{name}' is missing or blank"
        for name in ("summary", "source", "severity")
        if not payload.get(name) or not isinstance(payload[name], str)
    ]
    if len(str(payload.get("summary", ""))) > LONGEST_SUMMARY:
        errors.append(f"'payload.summary' is longer than {LONGEST_SUMMARY} characters")
    if payload.get("severity") and payload["severity"] not in SEVERITIES:
        errors.append(f"'payload.severity' is invalid (must be one of {', '.join(SEVERITIES)})")
    if not isinstance(payload.get("custom_details", {}), dict):
        errors.append("'payload.custom_details' is not an object")
    if "timestamp" in payload and not _is_moment(payload["timestamp"]):
        errors.append("'payload.timestamp' is not a valid ISO 8601 time")
    return errors


def _attachment_faults(event):
    links, images = event.get("links", []), event.get("images", [])
    errors = []
    if not _each_has(links, "href", ("http://", "https://")):
        errors.append("'links' is not a list of objects with an 'href'")
    if not _each_has(images, "src", ("https://",)):
        errors.append("'images' is not a list of objects with an https 'src'")
    return errors


def _each_has(items, name, starts):
    return isinstance(items, list) and all(
        isinstance(item, dict) and str(item.get(name, "")).startswith(starts) for item in items
    )


def _is_moment(text) -> bool:
    try:
        datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return True
