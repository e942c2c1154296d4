"""Words for where there is no markup: phones, pagers, names in trackers. Cleans and cuts, and never escapes."""

import re
from datetime import UTC, datetime, timedelta

# Control characters, overrides of the reading direction, halves of surrogate pairs and non-characters: PostgreSQL
# behind a vendor refuses the first, XML most of them, and nobody can read any.
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+"
)
_SPACES = re.compile(r"\s+")


def readable(text: str, limit: int = 0) -> str:
    """The text with its lines, without what nobody can read, cut to `limit` characters (0: not at all)."""
    return cut(_UNREADABLE.sub(" ", text), limit)


def plain(text: str, limit: int = 0, mark: str = "…") -> str:
    """One readable line, cut to `limit` characters with `mark` for what is gone."""
    return cut(_SPACES.sub(" ", readable(text)).strip(), limit, mark)


def lines(text: str, limit: int = 0) -> list[str]:
    """The readable lines of a longer text, cut to `limit` characters in all; empty lines are left out."""
    found = [plain(line) for line in text.splitlines()]
    return cut("\n".join(line for line in found if line), limit).splitlines()


def cut(text: str, limit: int, mark: str = "…") -> str:
    """`text` in at most `limit` characters."""
    return text if not limit or len(text) <= limit else text[: limit - len(mark)].rstrip() + mark


def sentence(text: str) -> str:
    """The text with a full stop where it has no end of its own."""
    return text if not text or text.endswith((".", "!", "?")) else text + "."


def utc(moment: datetime) -> str:
    """A time for readers in any zone: 2026-11-20 03:04 UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def lasted(duration: timedelta) -> str:
    """A duration in hours and minutes: 1 h 05 min."""
    hours, minutes = divmod(max(int(duration.total_seconds()), 0) // 60, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
