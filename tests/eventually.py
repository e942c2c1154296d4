"""Waits for what rings no bell: a row that another task or process writes."""

import asyncio

LOOK_EVERY_S = 0.02


async def eventually(look, seconds: float = 15.0):
    """What `look`, a coroutine function, finds, once it is true."""
    async with asyncio.timeout(seconds):
        while not (found := await look()):  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY_S)
    return found
