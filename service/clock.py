"""The one clock. Nothing else in Muster asks the machine for the time of day."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

READ_EVERY_S = 0.1


class Clock:
    """Now, as an aware UTC datetime. `offset_file` holds seconds to add; it is read at most every 100 ms."""

    def __init__(self, offset_file: Path | None = None, machine: Callable[[], datetime] | None = None) -> None:
        self._file = offset_file
        self._machine = machine or (lambda: datetime.now(UTC))
        self._offset = timedelta()
        self._read_at = float("-inf")

    def now(self) -> datetime:
        """The time, moved by what the file says."""
        return self._machine() + self._moved()

    def _moved(self) -> timedelta:
        if self._file is not None and time.monotonic() - self._read_at >= READ_EVERY_S:
            self._read_at = time.monotonic()
            self._offset = self._read(self._file)
        return self._offset

    def _read(self, file: Path) -> timedelta:
        try:
            return timedelta(seconds=float(file.read_text(encoding="ascii")))
        except (OSError, ValueError):  # not written yet, or caught half written: the last known offset stands
            return self._offset
