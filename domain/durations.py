"""Lengths of time as people write them in the configuration and in commands: 90s, 5m, 24h, 2d."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST = timedelta(days=3650)
"""Ten years: longer is a slip of the keys."""

_WRITTEN = re.compile(r"([0-9]{1,9})\s*([smhd])", re.IGNORECASE)


def parse_duration(text: str) -> timedelta:
    """`5m` -> five minutes. Raises ValueError with a sentence that says what would be right."""
    match = _WRITTEN.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text[:40]!r} is not a duration; write 90s, 5m, 24h or 2d")
    number, unit = match.groups()
    duration = timedelta(seconds=int(number) * SECONDS[unit.lower()])
    if not timedelta(0) < duration <= LONGEST:
        raise ValueError(f"{text[:40]!r} is not a duration Muster can wait for; write from 1s to {LONGEST.days}d")
    return duration


def write_duration(duration: timedelta) -> str:
    """The shortest way to write whole seconds: 90 s -> `90s`, 300 s -> `5m`."""
    seconds = int(duration.total_seconds())
    unit = next(unit for unit in "dhms" if seconds % SECONDS[unit] == 0)
    return f"{seconds // SECONDS[unit]}{unit}"


def _from_file(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    # A bare number would leave the reader to guess whether it counts seconds or minutes.
    return parse_duration(value if isinstance(value, str) else str(value))


Duration = Annotated[timedelta, BeforeValidator(_from_file)]
