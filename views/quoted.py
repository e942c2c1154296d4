"""What people wrote in Slack, as the plain words that they saw. It keeps no markup and escapes nothing."""

import re
from collections.abc import Mapping
from typing import Any

from domain.recording import Message
from views.markup import clean, one_line
from views.plain import cut

TEXT_MOST = 3000
WORDLESS = "(a message without words)"
_TOKEN = re.compile(r"<([^<>]*)>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


def message(body: Mapping[str, Any], names: Mapping[str, str], home: str) -> Message:
    """The message on which a shortcut was used; `home` is the workspace's address."""
    written, channel = body.get("message") or {}, str((body.get("channel") or {}).get("id") or "")
    author, text = plain_words(written, names)
    ts = str(written.get("ts") or body.get("message_ts") or "0")
    return Message(channel, ts, author, text, address(home, channel, ts, str(written.get("thread_ts") or "")))


def address(home: str, channel: str, ts: str, thread: str = "") -> str:
    """A message's link, as Slack makes them."""
    within = f"?thread_ts={thread}&cid={channel}" if thread else ""
    return f"{home}archives/{channel}/p{ts.replace('.', '')}{within}" if home else ""


def plain_words(message: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    """Who wrote a message, by Slack id or as a bot is called, and its words in at most 3,000 characters."""
    text = unmarked(str(message.get("text") or ""), names) or _around(message, names) or WORDLESS
    bot = message.get("username") or (message.get("bot_profile") or {}).get("name") or "a bot"
    return str(message.get("user") or bot), cut(clean(text).strip(), TEXT_MOST)


def title_and_rest(text: str, most: int) -> tuple[str, str]:
    """The first line, which names what is wrong, and what stands below it; all of it where the line was cut."""
    first, _, rest = text.strip().partition("\n")
    line = one_line(first)
    return cut(line, most), text.strip() if len(line) > most else rest.strip()


def unmarked(text: str, names: Mapping[str, str]) -> str:
    """The text as people read it: names for mentions, addresses for links."""
    shown = _TOKEN.sub(lambda found: _shown(found[1], names), text)
    return re.sub("&(?:lt|gt|amp);", lambda found: _ENTITIES[found[0]], shown)


def _shown(token: str, names: Mapping[str, str]) -> str:
    what, _, label = token.partition("|")
    if what.startswith("@"):
        return f"@{names.get(what[1:]) or label.removeprefix('@') or what[1:]}"
    if what.startswith("#"):
        return f"#{label or what[1:]}"
    if what.startswith("!"):
        return label or f"@{what[1:].partition('^')[0]}"
    if label in ("", what) or what.startswith("mailto:"):
        return label or what
    return f"{label} ({what})"


def _around(message: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What a message without a text shows: attachments, as alerts have them, and files."""
    attached = [each.get("fallback") or each.get("text") or "" for each in message.get("attachments") or ()]
    files = [f"[{each.get('name') or 'a file'}]" for each in message.get("files") or ()]
    return "\n".join(filter(None, [*(unmarked(str(each), names) for each in attached), *files]))
