"""Whether two titles may tell of the same. Words only: it knows no incident."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

ALIKE = 0.7
"""Of the shorter title's words so many stand in the other too: both of two, all of three, three of four."""

SAYS_NOTHING = {
    *("a", "an", "and", "are", "at", "be", "by", "for", "from", "has", "have", "in", "is", "it", "not"),
    *("of", "on", "or", "our", "the", "to", "was", "we", "with"),
}


@lru_cache(maxsize=1000)
def words(title: str) -> frozenset[str]:
    """What a title is made of, in whatever case and order, without what says nothing."""
    found = re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold().replace("_", " "))
    return frozenset(found) - SAYS_NOTHING


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the shorter one's words that both have: "db down" is wholly in "the db of EU is down"."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0


def alike(title: str, others: Iterable[tuple[int, str]]) -> tuple[int, ...]:
    """The numbers of those whose titles are alike, the most alike first, then in the order given."""
    wanted = words(title)
    found = [(-likeness(wanted, words(other)), number) for number, other in others]
    return tuple(number for share, number in sorted(found, key=lambda each: each[0]) if -share >= ALIKE)
