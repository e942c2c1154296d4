"""Who asks for the work that is being done: said at the door, and carried into the transaction. It judges nothing.

Loops and timers run where nobody has spoken.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from domain.speaker import Speaker

_SPEAKER: ContextVar[Speaker | None] = ContextVar("speaker", default=None)


def current() -> Speaker | None:
    """Whoever has spoken in this task; None for the clock and for what Muster does by itself."""
    return _SPEAKER.get()


def begin(speaker: Speaker | None) -> None:
    """From now on this task works for them."""
    _SPEAKER.set(speaker)


@contextmanager
def speaking(speaker: Speaker | None) -> Iterator[None]:
    """What stands inside is asked for by them."""
    before = _SPEAKER.set(speaker)
    try:
        yield
    finally:
        _SPEAKER.reset(before)
