"""What is asked of the control API: JSON of the right kinds, or Impossible with a sentence. It does nothing else."""

import json
import math

from aiohttp import web

from .slack.workspace import Impossible

# Every field is words, but for these; `value` may be anything, for it is what an element of Block Kit holds.
FLAGS = ("accepts", "clear", "everything", "home", "tiers")
NUMBERS = ("ms", "seconds")
WHOLE = ("code", "id", "n", "number", "retry_after", "sequence_id", "times")
OBJECTS = ("state", "values")
KINDS = {
    **dict.fromkeys(FLAGS, (bool, "true or false")),
    **dict.fromkeys(NUMBERS, ((int, float), "a number")),
    **dict.fromkeys(WHOLE, (int, "a whole number")),
    **dict.fromkeys(OBJECTS, (dict, "an object")),
    "value": (object, "anything"),
}
WORDS = (str, "words")


async def given(request):
    """The body as a dict; what is null counts as left out."""
    if not request.can_read_body:
        return {}
    try:
        found = json.loads(await request.text(), parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, LookupError, RecursionError) as error:
        raise Impossible("that is no JSON that can be read") from error
    if not isinstance(found, dict):
        raise Impossible("send an object of JSON")
    asked = {name: value for name, value in found.items() if value is not None}
    for name, value in asked.items():
        _check(name, value)
    return asked


def _check(name, value):
    kind, words = KINDS.get(name, WORDS)
    flag = isinstance(value, bool) and kind not in (bool, object)  # Python counts them among the numbers
    endless = isinstance(value, float) and not math.isfinite(value)
    if flag or endless or not isinstance(value, kind):
        raise Impossible(f"{name} is {words}")


def _no_number(name):
    raise ValueError(f"{name} is no number")


def number(query, name, otherwise, kind=int):
    """One of the query's, as a number."""
    try:
        found = kind(query.get(name, otherwise))
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise Impossible(f"{name} is a number")
    return found


@web.middleware
async def middleware(request, handler):
    """Whoever asks for what cannot be is told so, wherever it turns out."""
    try:
        return await handler(request)
    except Impossible as error:
        return refusal(str(error))


def refusal(sentence, status=400):
    return web.json_response({"error": sentence}, status=status)
