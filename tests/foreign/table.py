"""The calls that every client makes of the sandbox: those of `calls.json` succeed in their order, refusals do not.

A word in braces stands for what `places` made or an earlier call kept; {"$repeat": [x, n]} for x, n times over.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
BOT, APP = "xoxb-sandbox", "xapp-sandbox"


@dataclass(frozen=True)
class Call:
    method: str
    args: dict
    error: str | None = None
    token: str = BOT
    keep: dict = field(default_factory=dict)  # a word -> where in the answer it stands, as in channel.id
    shows: dict = field(default_factory=dict)  # where in the answer -> what stands there

    def __str__(self):
        return f"{self.method} {self.error or 'ok'} {json.dumps(self.args)[:120]}"


def calls():
    """In their order: some need what others kept."""
    return [
        Call(method, args, token={"app": APP}.get(more.pop("token", None), BOT), **more)
        for method, args, more in _read("calls.json")
    ]


def refusals():
    return [Call(method, args, error) for method, cases in _read("refusals.json").items() for error, args in cases]


def filled(value, words):
    """The value with every word in braces replaced. A word may be a function of all words, asked at that moment."""
    if isinstance(value, dict) and set(value) == {"$repeat"}:
        what, times = value["$repeat"]
        return what * times
    if isinstance(value, dict):
        return {name: filled(each, words) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, words) for each in value]
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        found = words[value[1:-1]]
        return found(words) if callable(found) else found
    return value


def at(body, where):
    """What stands at `a.0.b` of an answer. Raises KeyError or IndexError."""
    for name in where.split("."):
        body = body[int(name)] if isinstance(body, list) else body[name]
    return body


async def make(client, call, words):
    """Make one call and keep what it asks to; the answer, and what is wrong with it in words."""
    body = await client.call(call.method, filled(call.args, words), call.token)
    if body.get("ok") is not (call.error is None) or body.get("error") != call.error:
        return body, [f"{call}: {json.dumps(body)[:300]}"]
    words.update({word: at(body, where) for word, where in call.keep.items()})
    return body, [
        f"{call}: {where} is not {value!r}"
        for where, value in call.shows.items()
        if not _is(body, where, filled(value, words))
    ]


def _is(body, where, value):
    try:
        return at(body, where) == value
    except (KeyError, IndexError):
        return False


def _read(name):
    return json.loads((HERE / name).read_text(encoding="utf-8"))
