"""What is swept out now and then. It carries no promise: missing a day changes nothing."""

from datetime import timedelta

from service.clock import Clock
from storage import processes, queue, seen
from storage.db import Store

KEEP_SEEN = timedelta(days=7)
KEEP_DELIVERED = timedelta(days=30)
"""`explain` reads older deliveries from the timeline."""

KEEP_PROCESSES = timedelta(days=7)


def sweep(store: Store, clock: Clock) -> None:
    """Forget old keys, delivered rows and processes that are gone."""

    def work() -> None:
        now = clock.now()
        seen.sweep(now - KEEP_SEEN)
        queue.sweep(now - KEEP_DELIVERED)
        processes.sweep(now - KEEP_PROCESSES)

    store.transact_now(work)
