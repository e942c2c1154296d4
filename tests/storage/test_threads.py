"""Whose work a busy thread begins with."""

import threading
from concurrent.futures import Future

import pytest

from storage.threads import Threads


@pytest.fixture
def threads():
    threads = Threads(1, "test", lambda: None)
    yield threads
    threads.shutdown()


@pytest.fixture
def busy(threads):
    """The only thread is at work until this is set."""
    begun, over = threading.Event(), threading.Event()
    threads.submit(lambda: (begun.set(), over.wait(10)))
    begun.wait(10)
    yield over
    over.set()


def test_a_command_goes_before_the_deliveries_that_asked_first(threads, busy):
    done = []
    patient = [threads.submit(lambda n=n: done.append(f"delivery {n}"), patience=2.0) for n in range(3)]
    command = threads.submit(lambda: done.append("command"))
    busy.set()
    for future in (*patient, command):
        future.result(10)
    assert done == ["command", "delivery 0", "delivery 1", "delivery 2"]


def test_patience_ends_so_that_nobody_starves(threads, busy):
    done = []
    delivery = threads.submit(lambda: done.append("delivery"), patience=-1.0)  # asked that long ago
    command = threads.submit(lambda: done.append("command"))
    busy.set()
    command.result(10)
    delivery.result(10)
    assert done == ["delivery", "command"]


def test_what_work_raises_is_raised_where_it_was_asked_for_and_the_thread_goes_on(threads):
    with pytest.raises(KeyError):
        threads.submit(lambda: {}["nothing"]).result(10)
    assert threads.submit(lambda: "still here").result(10) == "still here"


def test_ended_threads_have_finished_what_they_were_given_and_take_nothing_more(threads):
    last: Future[str] = threads.submit(lambda: "done", patience=60.0)
    threads.shutdown()
    assert last.result(0) == "done"
    with pytest.raises(RuntimeError):
        threads.submit(lambda: "too late")
