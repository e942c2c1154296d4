"""Text at an address that stands in the configuration: small, and soon or not at all."""

import asyncio

import aiohttp

from domain.errors import Permanent, Temporary
from domain.runbooks import MOST_BYTES

WITHIN_S = 10.0


class WebPages:
    """Pages, over HTTP. It follows no redirect to another host."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def text(self, address: str) -> str:
        """The page. Raises Temporary or Permanent where there is none, or one that is no text or too long."""
        try:
            async with asyncio.timeout(WITHIN_S), self._session.get(address, allow_redirects=False) as answer:
                if answer.status >= 500 or answer.status == 429:
                    raise Temporary(f"HTTP {answer.status}")
                if answer.status != 200:
                    raise Permanent(f"HTTP {answer.status}")
                body = await answer.content.read(MOST_BYTES + 1)
                while len(body) <= MOST_BYTES and (more := await answer.content.read(MOST_BYTES + 1 - len(body))):
                    body += more
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise Temporary(type(failure).__name__) from failure
        if len(body) > MOST_BYTES:
            raise Permanent(f"larger than {MOST_BYTES // 1024} KB")
        try:
            return body.decode()
        except UnicodeDecodeError:
            raise Permanent("not UTF-8 text") from None
