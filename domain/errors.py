"""The ways in which something can be said no to."""


class Refused(Exception):
    """A person asked for what is not allowed. The plain text is the answer and says what to do instead."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Temporary(Exception):
    """A vendor failed in a way that may pass. `retry_after` is in seconds; None leaves the wait to the outbox.

    `pause` says that the vendor asked everyone to wait (a 429): calls of the same kind wait too.
    """

    def __init__(self, reason: str, retry_after: float | None = None, pause: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.pause = pause


class Permanent(Exception):
    """A vendor refused, and asking again the same way would be refused again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unavailable(Exception):
    """The database did not answer: locked by another writer, gone, or its disk full. Nothing was written."""
