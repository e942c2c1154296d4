"""What an element holds: its shape in `state.values`, what it begins with, and what Slack's client would not take."""

import re
from urllib.parse import urlsplit

from .blocks import CHOICES, TYPED
from .workspace import Impossible

REQUIRED = "Please complete this required field."
ONE = {
    "static_select": "option",
    "external_select": "option",
    "radio_buttons": "option",
    "overflow": "option",
    "users_select": "user",
    "channels_select": "channel",
    "conversations_select": "conversation",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "date_time",
}
MANY = {
    "multi_static_select": "options",
    "multi_external_select": "options",
    "checkboxes": "options",
    "multi_users_select": "users",
    "multi_channels_select": "channels",
    "multi_conversations_select": "conversations",
}
PATTERNS = {"datepicker": r"\d{4}-\d{2}-\d{2}", "timepicker": r"([01]\d|2[0-3]):[0-5]\d"}
LONGEST_INPUT = 3000


def key(kind):
    """Where an element of this type keeps its value. Raises Impossible."""
    if kind == "rich_text_input":
        return "rich_text_value"
    if kind in TYPED:
        return "value"
    if what := ONE.get(kind) or MANY.get(kind):
        return f"selected_{what}"
    raise Impossible(f"a {kind} holds no value")


def held(kind, value):
    """The state of an element that holds this value; None: nothing."""
    return {"type": kind, key(kind): [] if value is None and kind in MANY else value}


def initial(element):
    """The state of an element that nobody has touched."""
    kind = element["type"]
    what = "value" if kind in TYPED else ONE.get(kind) or MANY.get(kind)
    return held(kind, element.get(f"initial_{what}"))


def checked(element, state, workspace):
    """A state as a client sends it, without what does not belong. Raises Impossible where an element cannot hold it."""
    kind = element["type"]
    if state is None or state.get("type") != kind:
        raise Impossible(f"a {kind} cannot hold {state!r}")
    value = state.get(key(kind))
    if kind in MANY:
        return held(kind, [_one(element, item, MANY[kind].removesuffix("s"), workspace) for item in value or ()])
    if value in (None, ""):
        return held(kind, None)
    return held(kind, _one(element, value, ONE.get(kind, ""), workspace))


def _one(element, value, what, workspace):
    match what:
        case "option":
            return _offered(element, value)
        case "user":
            return workspace.user(value).id
        case "channel" | "conversation":
            return workspace.channel(value).id
    return _plain(element["type"], value)


def _plain(kind, value):
    expected = {"datetimepicker": int, "rich_text_input": dict}.get(kind, str)
    pattern = PATTERNS.get(kind)
    if not isinstance(value, expected) or (pattern and not re.fullmatch(pattern, value)):
        raise Impossible(f"a {kind} cannot hold {value!r}")
    return value


def _offered(element, option):
    """The option itself; the app's own answer decides what an external menu offers."""
    if element["type"].endswith("external_select"):
        return option
    for each in options(element):
        if each.get("value") == option.get("value"):
            return each
    raise Impossible(f"{option.get('value')!r} is not offered in {element.get('action_id')}")


def options(element):
    """All that a menu offers, in its order."""
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    return [option for group in groups for option in group["options"]]


def refused(block, state):
    """What Slack's client says of an input before it sends anything; None: nothing."""
    element = block["element"]
    content = state[key(element["type"])]
    if not content:
        return None if block.get("optional") else REQUIRED
    if rule := RULES.get(element["type"]):
        return rule(element, content)
    most = element.get("max_selected_items")
    if most and element["type"] not in CHOICES and len(content) > most:
        return f"Please choose no more than {most}."
    return None


def _text(element, content):
    if len(content) > (most := element.get("max_length", LONGEST_INPUT)):
        return f"Please shorten this to {most} characters."
    if len(content) < element.get("min_length", 0):
        return f"Please write at least {element['min_length']} characters."
    return None


def _number(element, content):
    if not re.fullmatch(r"-?\d+(\.\d+)?", content):
        return "Please enter a number."
    if "." in content and not element.get("is_decimal_allowed"):
        return "Please enter a whole number."
    if "min_value" in element and float(content) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(content) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _email(_element, content):
    return None if re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", content) else "Please enter a valid email address."


def _url(_element, content):
    parts = urlsplit(content)
    return None if parts.scheme in ("http", "https") and parts.netloc else "Please enter a valid URL."


RULES = {"plain_text_input": _text, "number_input": _number, "email_text_input": _email, "url_text_input": _url}
