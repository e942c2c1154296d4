"""Markdown as Slack's markup: headings, lists, code, quotes, links, bold and italic.

What it does not know stays as it was written; nothing that was written works as Slack's own markup."""

import re
from collections.abc import Iterator
from textwrap import dedent

from views.markup import Mrkdwn, fenced, joined, link, one_line, said, typed, web_address

PIECE_MOST = 2400
"""Characters of code in one piece, before it is escaped."""

_FENCE = re.compile(r"\s*(```|~~~)")
_HEADING = re.compile(r" {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_RULE = re.compile(r" {0,3}([-*_])( *\1){2,}\s*$")
_ITEM = re.compile(r"(\s*)[-*+]\s+(.*)")
_NUMBERED = re.compile(r"(\s*)(\d{1,9})[.)]\s+(.*)")
_TASK = re.compile(r"\[([ xX])\]\s+(.*)")
_QUOTE = re.compile(r" {0,3}>\s?(.*)")
_TABLE = re.compile(r"\s*\|.*\|\s*$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_INLINE = re.compile(
    r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)(?!`)"
    r"|!?\[(?P<label>[^\]\n]*)\]\((?P<url>[^()\s]+)(?:\s+\"[^\"]*\")?\)"
    r"|<(?P<auto>https?://[^<>\s]+)>"
    r"|(?P<bolds>\*\*|__)(?=\S)(?P<bold>(?:(?!\*\*|__).)+)(?<=\S)(?P=bolds)"
    r"|(?<![\w*_])(?P<italics>[*_])(?=[^\s*_])(?P<italic>[^*_]+?)(?<=\S)(?P=italics)(?![\w*_])"
    r"|\\(?P<escaped>[\\`*_{}\[\]()#+.!|>-])"
)
LINE_MOST = 3000
_INDENT = "\u2003"
"""Slack takes away blanks at the beginning of a line, but not this one."""


def lines(text: str) -> list[Mrkdwn]:
    """Each line, or a whole block of code, as markup; two blank lines are one, and there is none at the ends."""
    found: list[Mrkdwn] = []
    for line in _lines(_COMMENT.sub("", text)):
        if line or (found and found[-1]):
            found.append(line)
    return found[:-1] if found and not found[-1] else found


def _lines(text: str) -> Iterator[Mrkdwn]:
    code: list[str] = []
    fence = ""
    for whole in text.splitlines():
        line = whole[:LINE_MOST]
        mark = _FENCE.match(line)
        if fence and mark and mark[1] == fence:
            yield from _code(code)
            code, fence = [], ""
        elif fence:
            code.append(line)
        elif mark:
            yield from _code(code)
            code, fence = [], mark[1]
        elif _TABLE.match(line):
            code.append(line.strip())
        else:
            yield from _code(code)
            code = []
            yield _line(line)
    yield from _code(code)


def _code(written: list[str]) -> Iterator[Mrkdwn]:
    """In a fixed width, in as many pieces as Slack's limit for one paragraph needs."""
    piece: list[str] = []
    flush = dedent("\n".join(written)).split("\n")  # code in a list is indented with its item
    short = [line[at : at + 400] for line in flush for at in range(0, len(line) or 1, 400)]
    for line in short:
        if piece and len(typed("\n".join([*piece, line]))) > PIECE_MOST:
            yield fenced("\n".join(piece))
            piece = []
        piece.append(line)
    if any(line.strip() for line in piece):
        yield fenced("\n".join(piece))


def _line(line: str) -> Mrkdwn:
    if found := _HEADING.match(line):
        heading = one_line(re.sub(r"[*_`]", "", found[1]))
        return said("*{heading}*", heading=heading) if heading else typed(None)
    if _RULE.match(line):
        return typed(None)
    if found := _ITEM.match(line):
        return said("{indent}{item}", indent=_INDENT * _depth(found[1]), item=_item(found[2]))
    if found := _NUMBERED.match(line):
        return said("{indent}{n}. {text}", indent=_INDENT * _depth(found[1]), n=found[2], text=inline(found[3]))
    if found := _QUOTE.match(line):
        return said("│ {text}", text=inline(found[1]))
    return inline(line.strip())


def _item(text: str) -> Mrkdwn:
    if task := _TASK.match(text):
        box = typed("☐") if task[1] == " " else typed("☑")
        return said("{box} {text}", box=box, text=inline(task[2]))
    return said("• {text}", text=inline(text))


def _depth(indent: str) -> int:
    return min(len(indent.expandtabs(4)) // 2, 4)


def inline(text: str) -> Mrkdwn:
    """One line's bold, italic, code and links."""
    parts, at = [], 0
    for found in _INLINE.finditer(text):
        parts += [typed(text[at : found.start()]), _mark(found)]
        at = found.end()
    return joined("", [*parts, typed(text[at:])])


def _mark(found: re.Match[str]) -> Mrkdwn:
    kind = found.groupdict()
    if kind["code"] is not None:
        return said("`{code}`", code=kind["code"].strip().replace("`", "'"))
    if kind["url"]:
        return _link(kind["url"], kind["label"])
    if kind["auto"]:
        return link(kind["auto"], kind["auto"])
    if kind["bold"]:
        return said("*{text}*", text=inline(kind["bold"]))
    if kind["italic"]:
        return said("_{text}_", text=inline(kind["italic"]))
    return typed(kind["escaped"])


def _link(url: str, label: str) -> Mrkdwn:
    """A link that no browser opens, such as one to another file, is named beside its label."""
    if web_address(url):
        return link(url, label or url)
    return said("{label} ({url})", label=label, url=url) if label else typed(url)
