"""Worker threads that begin with whatever must be done soonest. They know no database."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Work(Generic[T]):
    """What was asked for, and the future of whoever waits for it."""

    def __init__(self, run: Callable[[], T]) -> None:
        self.run = run
        self.future: Future[T] = Future()
        self.asked = time.monotonic()

    def carry_out(self, run: Callable[["Work[T]"], T]) -> None:
        """Let `run` run it; what that raises is raised where it was asked for."""
        try:
            result = run(self)
        except BaseException as problem:  # noqa: BLE001 (see above)
            self.future.set_exception(problem)
        else:
            self.future.set_result(result)


Next = Callable[[], Work[Any] | None]


def one_by_one(work: Work[Any], _next: Next) -> None:
    """Nothing is shared."""
    work.carry_out(lambda work: work.run())


class Threads:
    """`begin` runs first in each thread. Work that is more patient lets later, less patient work go before it.

    `carry_out` does the work it is given, and as much as it likes of what it gets from the function given with it.
    """

    def __init__(
        self,
        count: int,
        name: str,
        begin: Callable[[], None],
        carry_out: Callable[[Work[Any], Next], None] = one_by_one,
    ) -> None:
        self._begin = begin
        self._carry_out = carry_out
        self._waiting: list[tuple[float, int, Work[Any]]] = []
        self._turn = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [threading.Thread(target=self._run, name=f"{name}-{n}", daemon=True) for n in range(count)]
        for thread in self._threads:
            thread.start()

    def submit(self, run: Callable[[], T], patience: float = 0.0) -> "Future[T]":
        """`patience` is in seconds from now. Raises RuntimeError once it is shut down."""
        work = Work(run)
        with self._changed:
            if self._closed:
                raise RuntimeError("the threads have ended")
            heapq.heappush(self._waiting, (work.asked + patience, next(self._turn), work))
            self._changed.notify()
        return work.future

    def shutdown(self) -> None:
        """Finish all that was submitted, then end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        self._begin()
        while work := self._first():
            self._carry_out(work, self._next)
            del work

    def _first(self) -> Work[Any] | None:
        """The next piece of work, waited for; None when there will be no more."""
        with self._changed:
            while True:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if (work := self._taken()) or self._closed:
                    return work

    def _next(self) -> Work[Any] | None:
        """The next piece of work that waits already, or None."""
        with self._changed:
            return self._taken()

    def _taken(self) -> Work[Any] | None:
        while self._waiting:
            _, _, work = heapq.heappop(self._waiting)
            if work.future.set_running_or_notify_cancel():
                return work
        return None
