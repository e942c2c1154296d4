"""What may come in: no more than the sender ever sends, whoever signed it."""

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
