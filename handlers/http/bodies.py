"""What may come in: no more than the sender ever sends, whoever signed it; and what of it is an object."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web


async def limited(request: web.Request, most: int) -> bytes:
    """The body. Raises 413 for one of more than `most` bytes."""
    too_much = web.HTTPRequestEntityTooLarge(most, request.content_length or 0)
    if (request.content_length or 0) > most:
        raise too_much
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > most:
            raise too_much
    return bytes(body)


def parsed(body: bytes) -> Mapping[str, Any]:
    """The JSON object of a body, in words that every database can hold; an empty one for whatever is none."""
    try:
        found = _storable(json.loads(body))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def member(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object of that name; an empty one where there is none."""
    found = values.get(name)
    return found if isinstance(found, dict) else {}


def _storable(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode().replace("\0", "?")
        case list():
            return [_storable(each) for each in value]
        case dict():
            return {_storable(name): _storable(each) for name, each in value.items()}
        case _:
            return value
