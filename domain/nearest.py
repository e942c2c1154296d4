"""The word somebody probably meant. Knows no vocabulary of its own."""

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 40
"""No word that is known is longer, and comparing costs the square of the length."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, whatever its case; None when nothing is alike."""
    spelled = {each.lower(): each for each in known}
    found = get_close_matches(word.lower()[:LONGEST], spelled, n=1, cutoff=0.6)
    return spelled[found[0]] if found else None


def meant(word: str, known: Iterable[str]) -> str:
    """`did you mean 'ana'?`, or else what there is to choose from."""
    choices = list(known)
    found = nearest(word, choices)
    if found is not None:
        return f"did you mean {found!r}?"
    return f"known: {', '.join(choices)}" if choices else "none is known"


def hint(word: str, known: Iterable[str]) -> str:
    """The same for people in Slack, as a sentence to put before the next; empty when nothing is alike."""
    found = nearest(word, known)
    return f"Did you mean `{found}`? " if found else ""
