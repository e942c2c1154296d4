"""The sandbox's clock: real time plus an offset that can be moved. It never runs by itself at another speed."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
FARTHEST = timedelta(days=3653)  # ten years either way: further on calendars end, and nobody waits that long


def duration(text):
    """`90s`, `+24h`, `1h30m`, `-5m` as a timedelta. Raises ValueError with a sentence."""
    match = re.fullmatch(r"([+-]?)((?:\d+(?:\.\d+)?[smhd])+)", text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a duration: write it like 90s, 5m, +24h or 2d")
    parts = re.findall(r"(\d+(?:\.\d+)?)([smhd])", match[2])
    seconds = min(sum(float(number) * UNITS[unit] for number, unit in parts), 4 * FARTHEST.total_seconds())
    return timedelta(seconds=-seconds if match[1] == "-" else seconds)


class Clock:
    """Aware UTC. With a file, the offset in seconds is kept there, and a new sandbox goes on from it."""

    def __init__(self, file=None, moved=lambda: None):
        self._file = Path(file) if file else None
        self._moved = moved
        self._offset, self._latest = timedelta(), None
        if self._file and self._file.exists():
            self._offset = timedelta(seconds=float(self._file.read_text()))
        self._write()

    def now(self):
        return datetime.now(UTC) + self._offset

    @property
    def offset(self):
        return self._offset

    @property
    def seen_before(self):
        """The latest moment that it had shown before it was moved back, until that comes again; else None."""
        return self._latest if self._latest and self._latest > self.now() else None

    def move(self, by):
        """Move by a timedelta or by words such as `+24h`. Raises ValueError for what is no time, or too far."""
        offset = self._offset + (duration(by) if isinstance(by, str) else by)
        if abs(offset) > FARTHEST:
            raise ValueError("the clock goes ten years forward or back, no further")
        now = self.now()
        self._latest = max(self._latest or now, now)
        self._offset = offset
        self._write()
        self._moved()

    def _write(self):
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_name(self._file.name + ".new")
        draft.write_text(f"{self._offset.total_seconds()}\n")
        os.replace(draft, self._file)  # a reader sees the old offset or the new one, never half of one
