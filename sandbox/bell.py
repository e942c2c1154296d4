"""Rings whenever something in the sandbox has changed, so that nobody has to poll or sleep."""

import asyncio

LOOK_AGAIN_SECONDS = 0.1  # for what does not ring: the bot's log, its process, its own pages


class Bell:
    def __init__(self):
        self._waiting = set()
        self._ears = []

    def ring(self, what=None):
        """`what` has changed: a message, a channel, a request, a vendor; None where it has no name."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()
        for ear in self._ears:
            ear(what)

    def listen(self, ear):
        """`ear(what)` is called at every ring."""
        self._ears.append(ear)

    async def until(self, condition, seconds=5.0):
        """What `condition()` returns once it is true. Raises TimeoutError after so many real seconds."""
        async with asyncio.timeout(seconds):
            while not (value := condition()):
                waiter = asyncio.get_running_loop().create_future()
                self._waiting.add(waiter)
                await asyncio.wait([waiter], timeout=LOOK_AGAIN_SECONDS)
        return value
