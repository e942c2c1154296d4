"""Words where there is no markup: phones, pagers, names in trackers. Cuts, and never escapes."""

from collections.abc import Mapping

from domain.decision import MUSTER
from views.markup import clean, one_line


def plain(text: str, limit: int = 0, mark: str = "…") -> str:
    """One readable line in at most `limit` characters (0: any length), with `mark` for what is gone."""
    return cut(one_line(text), limit, mark)


def readable(text: str, limit: int = 0) -> str:
    """The text with its lines, in at most `limit` characters."""
    return cut(clean(text), limit)


def lines(text: str, limit: int = 0) -> list[str]:
    """The readable lines of a longer text, in at most `limit` characters in all; empty lines are left out."""
    found = [one_line(line) for line in clean(text).split("\n")]
    return cut("\n".join(line for line in found if line), limit).split("\n")


def person(who: str, names: Mapping[str, str]) -> str:
    """A name, never markup; the id where no name is known."""
    return "Muster" if who == MUSTER else plain(names.get(who, who), 200)


def cut(text: str, limit: int, mark: str = "…") -> str:
    """`text` in at most `limit` characters."""
    return text if not limit or len(text) <= limit else text[: limit - len(mark)].rstrip() + mark


def sentence(text: str) -> str:
    """The text with a full stop where it has no end of its own."""
    return text if not text or text.endswith((".", "!", "?")) else text + "."
