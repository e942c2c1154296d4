"""Slack's markup: what people typed is escaped here and nowhere else. It knows nothing of blocks or incidents."""

import re
from collections.abc import Iterable, Mapping

ELLIPSIS = "…"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_HARMFUL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BACKWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_USER = re.compile(r"[UW][A-Z0-9]+")
_CHANNEL = re.compile(r"[CG][A-Z0-9]+")
_URL = re.compile(r"https?://[^\s<>|\"]+", re.IGNORECASE)
_URL_MOST = 3000
_NAME_MOST = 80


class Mrkdwn(str):
    """Text that is safe as Slack markup. Whatever is done to it gives a plain str again, which is escaped on its way
    out: forgetting costs a visible `&lt;`, never a rung channel. Made only in this module."""

    __slots__ = ()


def clean(text: str) -> str:
    """Plain text without what could hide or reorder other words; emoji and right-to-left letters stay."""
    if text.replace("\n", "").isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _SURROGATE.sub("\ufffd", _HARMFUL.sub("", text))


def one_line(text: str) -> str:
    """Plain text on one line, for titles and labels."""
    return " ".join(clean(text).split())


def short(text: str, most: int) -> str:
    """Plain text on one line of at most so many characters, for what has a place of its own elsewhere."""
    return cut_plain(one_line(text), most)


def typed(words: object) -> Mrkdwn:
    """Markup that shows exactly these words. What is markup already stays; None is nothing."""
    if isinstance(words, Mrkdwn):
        return words
    text = clean("" if words is None else str(words))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Mrkdwn(_isolated(text) if not text.isascii() and _BACKWARDS.search(text) else text)


def said(template: str, **words: object) -> Mrkdwn:
    """Our markup around their words. The template is a literal of the source; every value passes `typed`."""
    return Mrkdwn(template.format_map({name: typed(value) for name, value in words.items()}))


def joined(separator: str, parts: Iterable[object]) -> Mrkdwn:
    """The parts that say something, each passed through `typed`; the separator is a literal of the source."""
    return Mrkdwn(separator.join(part for part in map(typed, parts) if part))


def bold(words: object) -> Mrkdwn:
    """The words in bold, on one line; nothing for nothing."""
    text = words if isinstance(words, Mrkdwn) else typed(one_line(str(words)))
    return said("*{text}*", text=text) if text else text


def fenced(text: str) -> Mrkdwn:
    """The text as it was written, in a fixed width: nothing in it is rendered."""
    return said("```\n{text}\n```", text=text.replace("```", "'''"))


def person(who: str | None, people: Mapping[str, str] | None = None) -> Mrkdwn:
    """A mention for a Slack user id or a name that `people` (name -> id) knows; else the name in words."""
    user = (people or {}).get(who or "", who or "")
    if _USER.fullmatch(user):
        return said("<@{user}>", user=user)
    return typed("Muster" if who == "muster" else short(who or "nobody", _NAME_MOST))


def room(channel: str) -> Mrkdwn:
    """A link to a Slack channel by its id; the words as they are when it is none."""
    return said("<#{channel}>", channel=channel) if _CHANNEL.fullmatch(channel) else typed(channel)


def web_address(url: str) -> str:
    """The address if it is one that Slack would open, else nothing."""
    return url if len(url) <= _URL_MOST and _URL.fullmatch(url) else ""


def link(url: str, label: str) -> Mrkdwn:
    """A link, or only its label when the address is not one for a browser."""
    text = typed(one_line(label) or url)
    return said("<{url}|{text}>", url=url, text=text) if web_address(url) else text


def cut(text: Mrkdwn, most: int) -> Mrkdwn:
    """At most so many characters, the last an ellipsis; no entity, link or mention is cut in two."""
    if len(text) <= most:
        return text
    kept = _whole(text[: max(0, most - len(ELLIPSIS))])
    # An isolate left open would turn the order of what follows: room is kept to close it.
    while kept and len(kept) + _open(kept) + len(ELLIPSIS) > most:
        kept = _whole(kept[:-1])
    return Mrkdwn(kept.rstrip(" \u200d") + _END_ISOLATE * _open(kept) + ELLIPSIS)


def _whole(text: str) -> str:
    """Without the part of an entity, link or mention at its end. A bare `<` or `&` is no part of markup."""
    for begin, end in (("<", ">"), ("&", ";")):
        at = text.rfind(begin)
        if at > text.rfind(end):
            text = text[:at]
    return text


def _open(text: str) -> int:
    return text.count(_ISOLATE) - text.count(_END_ISOLATE)


def cut_plain(text: str, most: int) -> str:
    """The same for text that is not markup."""
    return text if len(text) <= most else text[: most - len(ELLIPSIS)].rstrip(" \u200d") + ELLIPSIS


def _isolated(text: str) -> str:
    """A right-to-left line keeps its order to itself and leaves that of its neighbours alone."""
    lines = text.split("\n")
    return "\n".join(f"{_ISOLATE}{line}{_END_ISOLATE}" if _BACKWARDS.search(line) else line for line in lines)
