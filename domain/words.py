"""What people type, made fit to keep: cleaned, measured, freed of its quotes. It gives words no meaning."""

import re
import unicodedata

from domain.errors import Refused

TITLE_LIMIT = 200
TEXT_LIMIT = 3000
"""Characters, as many as a section of Slack's holds."""

DOUBLE_QUOTES = '"“”„‟«»'
SINGLE_QUOTES = "'‘’‚‛"
QUOTES = DOUBLE_QUOTES + SINGLE_QUOTES

_BLANK_KINDS = {"Cc", "Cs", "Zs", "Zl", "Zp"}
# What reorders the words around it, and two blanks that Unicode does not call spaces. Joiners and direction marks stay:
# emoji and right-to-left scripts are written with them.
_BLANK_MARKS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")
_UNSEEN_KINDS = {"Cf", "Mn", "Me", "Zs"}

_QUOTED = re.compile(
    rf"""[{DOUBLE_QUOTES}](?P<double>[^{DOUBLE_QUOTES}]*)[{DOUBLE_QUOTES}](?=[\s:,]|$)\s*(?P<after_double>.*)
       | [{SINGLE_QUOTES}](?P<single>(?:[^{SINGLE_QUOTES}]|(?<=\w)[{SINGLE_QUOTES}](?=\w))*)[{SINGLE_QUOTES}]
         (?=[\s:,]|$)\s*(?P<after_single>.*)""",
    re.DOTALL | re.VERBOSE,
)


def title(typed: str) -> str:
    """One clean line of at most 200 characters, "" where nothing of it can be seen. Raises Refused when longer."""
    line = clean_line(typed)
    if len(line) > TITLE_LIMIT:
        raise Refused(
            f"A title has at most {TITLE_LIMIT} characters, this one has {len(line):,}. Give it a short title and put "
            "the rest into the description: `/incident start` alone opens the form."
        )
    return line


def prose(typed: str) -> str:
    """Clean text of at most 3,000 characters with its line breaks. Raises Refused when longer."""
    text = clean(typed)
    if len(text) > TEXT_LIMIT:
        raise Refused(
            f"A text has at most {TEXT_LIMIT:,} characters, this one has {len(text):,}. Send it in parts, or attach it "
            "to the channel as a file."
        )
    return text


def clean_line(typed: str) -> str:
    """The text as one line with single spaces."""
    return " ".join(clean(typed).split())


def clean(typed: str) -> str:
    """The text without control characters, lone surrogates and bidi overrides; every line break is a newline."""
    if typed.isascii() and typed.isprintable():
        return typed.strip()
    lines = ("".join(map(_kept, line)).rstrip() for line in typed.splitlines())
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return text if any(map(_seen, text)) else ""


def quoted(text: str) -> tuple[str, str] | None:
    """What the text's opening quote holds and what follows its end; None where it opens with none or never closes."""
    found = _QUOTED.match(text)
    if not found:
        return None
    kind = "double" if found["double"] is not None else "single"
    return found[kind].strip(), found[f"after_{kind}"]


def unquoted(text: str) -> str:
    """The text without the quotes around the whole of it."""
    match quoted(text):
        case (inside, ""):
            return inside
    return text


def head(text: str) -> tuple[str, str]:
    """The first word and the rest."""
    word, *rest = text.split(maxsplit=1) or [""]
    return word, "".join(rest)


def short(text: str, limit: int = 40) -> str:
    """The text as it can be repeated in an answer: one line, cut, and unable to close a code span."""
    line = clean_line(text).replace("`", "'")
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _kept(character: str) -> str:
    blank = unicodedata.category(character) in _BLANK_KINDS or character in _BLANK_MARKS
    return " " if blank else character


def _seen(character: str) -> bool:
    return character != "\n" and unicodedata.category(character) not in _UNSEEN_KINDS
