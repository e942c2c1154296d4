"""What is swept out now and then. It carries no promise: missing a day changes nothing."""

from datetime import timedelta

from service.clock import Clock
from storage import queue, seen
from storage.db import Store

KEEP_SEEN = timedelta(days=7)
KEEP_DELIVERED = timedelta(days=30)
"""`explain` reads older deliveries from the timeline."""


def sweep(store: Store, clock: Clock) -> tuple[int, int]:
    """Forget old keys and delivered rows; how many of each."""

    def work() -> tuple[int, int]:
        now = clock.now()
        return seen.sweep(now - KEEP_SEEN), queue.sweep(now - KEEP_DELIVERED)

    return store.transact_now(work)
