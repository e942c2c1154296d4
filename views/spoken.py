"""Words for the ear and for small screens: what a voice can say, and what one segment of SMS can hold. No markup."""

import re
import unicodedata

from anyascii import anyascii

from views.plain import plain

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""What every phone shows with 160 characters to a segment; one character of any other alphabet leaves 70."""

TWICE = frozenset("^{}\\[~]|€\f")
"""In the same alphabet, at the price of two characters."""

_SILENT = ("So", "Sk", "Co", "Cn", "Cs", "Cf", "Cc")
"""Unicode's categories of what no voice can say: emoji and other pictures, and what is not shown at all."""

_PAINTS = re.compile("[\ufe00-\ufe0f\u20e3\U000e0100-\U000e01ef]")
"""Marks that only say how the letter before them is painted."""

_NAMED_PICTURE = re.compile(r":([a-z0-9_]+):")


def aloud(text: str, most: int) -> str:
    """One line of at most `most` characters that a voice can say, cut at a word."""
    heard = (letter if _is_heard(letter) else " " for letter in plain(text))
    return at_word(" ".join("".join(heard).split()), most)


def at_word(text: str, most: int, mark: str = "") -> str:
    """At most `most` characters, `mark` included, cut between words where there is a gap in the last third."""
    if len(text) <= most:
        return text
    cut = text[: most - len(mark)]
    gap = cut.rfind(" ") if text[len(cut)] != " " else len(cut)
    return (cut[:gap] if gap > most * 2 // 3 else cut).rstrip(" ,;:-") + mark


def gsm(text: str) -> str:
    """The text in one line of the alphabet of SMS: other letters as Latin ones, pictures by name or not at all."""
    return " ".join("".join(map(_letter, plain(text))).split())


def septets(text: str) -> int:
    """How much of a segment's 160 the text takes; it must be `gsm`."""
    return sum(2 if letter in TWICE else 1 for letter in text)


def _is_heard(letter: str) -> bool:
    return unicodedata.category(letter) not in _SILENT and not _PAINTS.match(letter)


def _letter(letter: str) -> str:
    if letter in GSM_7 or letter in TWICE:
        return letter
    latin = _NAMED_PICTURE.sub(r" \1 ", anyascii(letter)).replace("_", " ").replace("`", "'")
    return "".join(each for each in latin if each in GSM_7 or each in TWICE)
