"""Worker threads that begin with whatever must be done soonest. They know no database."""

import itertools
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Threads:
    """`begin` runs first in each thread. Work that is more patient lets later, less patient work go before it."""

    def __init__(self, count: int, name: str, begin: Callable[[], None]) -> None:
        self._begin = begin
        self._waiting: queue.PriorityQueue[tuple[float, int, Future[Any] | None, Callable[[], Any]]]
        self._waiting = queue.PriorityQueue()
        self._turn = itertools.count()
        self._closing = threading.Lock()
        self._closed = False
        self._threads = [threading.Thread(target=self._run, name=f"{name}-{n}", daemon=True) for n in range(count)]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], T], patience: float = 0.0) -> "Future[T]":
        """`patience` is in seconds from now. Raises RuntimeError once it is shut down."""
        future: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise RuntimeError("the threads have ended")
            self._waiting.put((time.monotonic() + patience, next(self._turn), future, work))
        return future

    def shutdown(self) -> None:
        """Finish all that was submitted, then end."""
        with self._closing:
            self._closed = True
        for _ in self._threads:
            self._waiting.put((float("inf"), next(self._turn), None, lambda: None))
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        self._begin()
        while True:
            _, _, future, work = self._waiting.get()
            if future is None:
                return
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = work()
            except BaseException as problem:  # noqa: BLE001 (it is raised again where the work was asked for)
                future.set_exception(problem)
            else:
                future.set_result(result)
            del future, work
