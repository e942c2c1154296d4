"""Slack's JSON as plain text for a terminal. Knows names, prints nothing."""

import re
from datetime import UTC, datetime


class Names:
    """Ids as people say them."""

    def __init__(self, users=(), channels=()):
        self.users = dict(users)
        self.channels = {c["id"]: c["name"] for c in channels}

    def plain(self, text):
        """mrkdwn without its angle brackets."""
        return _unescaped(re.sub(r"<([^<>]+)>", self._reference, text))

    def _reference(self, match):
        body, _, label = match[1].partition("|")
        if body.startswith("@"):
            return "@" + (self.users.get(body[1:]) or label or body[1:])
        if body.startswith("#"):
            return "#" + (self.channels.get(body[1:]) or label or body[1:])
        if body.startswith("!date^"):
            return label
        return f"@{body[1:]}" if body.startswith("!") else _link(body, label)


def _link(url, label):
    return f"{label} ({url})" if label else url


def _unescaped(text):
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def time_of(ts):
    return f"{datetime.fromtimestamp(float(ts), UTC):%H:%M:%S}"


def clock(now):
    """ISO 8601 as people write it."""
    return f"{datetime.fromisoformat(now):%A %Y-%m-%d %H:%M:%S} UTC"


def span(seconds):
    """`1 d 2 h 3 min`, without what is zero."""
    whole, parts = round(abs(seconds)), []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, whole = divmod(whole, size)
        parts += [f"{count} {unit}"] if count else []
    return ("-" if seconds < 0 else "") + (" ".join(parts) or "nothing")


def message(said, names):
    """Lines of one message: who and when, then its blocks, or its text where it has none."""
    who = names.users.get(said.get("user"), said.get("user", ""))
    marks = " (edited)" if said.get("revisions", 1) > 1 else ""
    marks += " (only you see this)" if said.get("is_ephemeral") else ""
    content = blocks(said["blocks"], names) if said.get("blocks") else names.plain(said["text"]).splitlines()
    indent = "      " if said.get("thread_ts", said["ts"]) != said["ts"] else "  "
    reactions = [f":{r['name']}: {r['count']}" for r in said.get("reactions", ())]
    return [f"{time_of(said['ts'])} {who}{marks}", *(indent + line for line in (*content, *reactions))]


def blocks(shown, names):
    """Lines of a list of blocks."""
    return [line for block in shown for line in _block(block, names)]


def modal(view, names):
    """Lines of a form, with what to type for each field."""
    ends = [f"[{view[key]['text']}]" for key in ("submit", "close") if view.get(key)]
    return [f"== {view['title']['text']} ==", *blocks(view["blocks"], names), " ".join(ends)]


def _block(block, names):
    match block["type"]:
        case "header":
            return [f"== {block['text']['text']} =="]
        case "section":
            return _section(block, names)
        case "context":
            return ["   ".join(_small(element, names) for element in block["elements"])]
        case "actions":
            return [" ".join(_element(element) for element in block["elements"])]
        case "divider":
            return ["-" * 20]
        case "image":
            return [f"(image: {block['alt_text']})"]
        case "markdown":
            return block["text"].splitlines()
        case "input":
            optional = " (optional)" if block.get("optional") else ""
            return [f"{block['label']['text']}{optional}: {_element(block['element'])}"]
    return [f"({block['type']})"]


def _section(block, names):
    lines = names.plain(block["text"]["text"]).splitlines() if block.get("text") else []
    lines += [names.plain(field["text"]).replace("\n", " ") for field in block.get("fields", ())]
    return lines + ([_element(block["accessory"])] if "accessory" in block else [])


def _small(element, names):
    return f"(image: {element['alt_text']})" if element["type"] == "image" else names.plain(element["text"])


def _element(element):
    kind = element["type"]
    if kind == "button":
        return f"[{_label(element['text'])}]"
    if kind == "image":
        return f"(image: {element['alt_text']})"
    groups = element.get("option_groups") or [{"options": element.get("options", ())}]
    options = [_label(option["text"]) for group in groups for option in group["options"]]
    given = element.get("initial_value") or _label((element.get("initial_option") or {}).get("text"))
    hint = given or _label(element.get("placeholder"))
    return f"<{hint or kind}{': ' + ' | '.join(options) if options else ''}>"


def _label(text):
    return text["text"] if text else ""
