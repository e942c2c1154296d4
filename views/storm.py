"""One call or text for many incidents: how many, and what a key does. It names the others by their count."""

from collections.abc import Mapping
from typing import Any


def spoken(data: Mapping[str, Any], keys: bool) -> str:
    """What a call says first; empty where it is about one incident. `data` is the ring's, `keys` whether one counts."""
    n = len(data.get("covers") or ())
    key = "One acknowledges all of them. " if keys else ""
    return f"{n + 1} incidents page you. {key}The gravest is this." if n else ""


def written(data: Mapping[str, Any]) -> str:
    """What a text says at its end; the others are acknowledged one by one, or in Slack."""
    n = len(data.get("covers") or ())
    return f" And {n} more: see Slack" if n else ""
