"""The form of Opsgenie's answers, and what it refuses with 422. No alert is looked at here."""

import json
from datetime import UTC, datetime
from uuid import uuid4

from aiohttp import web

from sandbox.vendors.base import RefusedError
from sandbox.vendors.opsgenie_account import RESPONDERS

LIMITS = {
    "message": 130, "alias": 512, "description": 15_000, "entity": 512, "source": 100, "user": 100, "note": 25_000,
}  # fmt: skip
ACTION_FIELDS = {"user", "source", "note"}
CREATE_FIELDS = ACTION_FIELDS | {
    "message", "alias", "description", "responders", "visibleTo", "actions", "tags", "details", "entity", "priority",
}  # fmt: skip
SNOOZE_FIELDS = ACTION_FIELDS | {"endTime"}
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")
MOST_WORDS = {"actions": 10, "tags": 20}
LONGEST_WORD, MOST_DETAILS = 50, 8_000


def answer(status, request=None, headers=None, **body):
    """`request`: the id that the answer carries; a new one where none is given."""
    request = request or str(uuid4())
    own = {"X-Request-ID": request, "X-Response-Time": "0.01", "X-RateLimit-State": "OK"}
    return web.json_response(body | {"took": 0.01, "requestId": request}, status=status, headers=own | (headers or {}))


def not_found(sentence) -> RefusedError:
    return RefusedError(answer(404, message=sentence))


def refuse(errors: dict[str, str]) -> None:
    """Raises RefusedError (422) where there are any, by field."""
    if errors:
        words = "Request body is not processable. Please check the errors."
        raise RefusedError(answer(422, message=words, errors=errors))


async def body(request) -> dict:
    """RefusedError (400): not a JSON object. No body at all is an empty one."""
    text = await request.read()
    try:
        given = json.loads(text or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise RefusedError(answer(400, message="Could not parse request body"))
    return given


def lengths(given) -> dict[str, str]:
    """What is wrong with each text."""
    errors = {}
    for name, most in LIMITS.items():
        if not isinstance(given.get(name, ""), str):
            errors[name] = f"{name} is not a text"
        elif len(given.get(name, "")) > most:
            errors[name] = f"{name} can not be longer than {most} characters"
    return errors


def create_faults(given) -> dict[str, str]:
    """What is wrong with an alert beside the length of its texts."""
    errors = {} if str(given.get("message") or "").strip() else {"message": "Message can not be empty"}
    if given.get("priority", "P3") not in PRIORITIES:
        errors["priority"] = f"Priority must be one of {', '.join(PRIORITIES)}"
    for name, most in MOST_WORDS.items():
        errors |= _word_faults(name, given.get(name, []), most)
    details = given.get("details", {})
    if not isinstance(details, dict) or not all(isinstance(value, str) for value in details.values()):
        errors["details"] = "Details must be a map of texts"
    elif sum(len(name) + len(value) for name, value in details.items()) > MOST_DETAILS:
        errors["details"] = f"Details can not be longer than {MOST_DETAILS} characters"
    for name in ("responders", "visibleTo"):
        if not _are_responders(given.get(name, [])):
            errors[name] = f"{name} need a type of {', '.join(RESPONDERS)}, and an id, a name or a username"
    return errors


def _word_faults(name, given, most) -> dict[str, str]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        return {name: f"{name} must be a list of texts"}
    if len(given) > most or any(len(each) > LONGEST_WORD for each in given):
        return {name: f"{name} can be {most} of {LONGEST_WORD} characters"}
    return {}


def _are_responders(given) -> bool:
    return isinstance(given, list) and all(
        isinstance(each, dict) and each.get("type") in RESPONDERS and {"id", "name", "username"} & set(each)
        for each in given
    )


def moment(text, name) -> datetime | None:
    """An ISO 8601 time, None for none. RefusedError (422): something else."""
    try:
        at = datetime.fromisoformat(text) if text else None
    except (TypeError, ValueError):
        refuse({name: f"{text} is not an ISO 8601 time"})
    return at.replace(tzinfo=at.tzinfo or UTC) if at else None


def whole_number(request, name, default) -> int:
    text = request.query.get(name, str(default))
    refuse({} if text.isascii() and text.isdigit() else {name: f"{name} must be a whole number"})
    return int(text)


def on_calls(request, schedule, people, flat, whole) -> dict:
    """People on call as addresses under `flat`, or with id and type under `whole`, as `?flat=` asks."""
    parent = {"_parent": {"id": schedule[0], "name": schedule[1], "enabled": True}}
    if request.query.get("flat") == "true":
        return parent | {flat: people}
    ids = {address: identifier for identifier, address in RESPONDERS["user"].items()}
    return parent | {whole: [{"id": ids[each], "name": each, "type": "user"} for each in people]}
