"""Finding buttons, menus and inputs in blocks, and filling them in as Slack's client does. Sends nothing."""

import re

from .blocks import CHOICES, INPUTS, TYPED
from .workspace import Impossible

REQUIRED = "Please complete this required field."
ONE = {
    "static_select": "option",
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
    "checkboxes": "options",
    "multi_users_select": "users",
    "multi_channels_select": "channels",
    "multi_conversations_select": "conversations",
}


def plain(text):
    """A label without its emoji, for people do not type those."""
    return re.sub(r":[a-z0-9_+-]+:", "", text).strip(" \ufe0f").casefold()


def elements(blocks):
    """Everything one can click or choose from in a message, modal or Home tab: (block, element)."""
    for block in blocks:
        if block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        elif "accessory" in block:
            yield block, block["accessory"]
        elif block["type"] == "input" and block.get("dispatch_action"):
            yield block, block["element"]


def find(blocks, wanted, action_id=None, buttons=True):
    """The element with this label, placeholder or action_id; None when there is none."""
    for block, element in elements(blocks):
        if (element["type"] == "button") != buttons or action_id not in (None, element.get("action_id")):
            continue
        label = element.get("text") or element.get("placeholder") or {"text": ""}
        if wanted is None or wanted == element.get("action_id") or plain(wanted) == plain(label["text"]):
            return block, element
    return None


def pressed(block, element, ts):
    """The action of a button."""
    kept = {key: element[key] for key in ("action_id", "text", "value", "style", "type") if key in element}
    return {"block_id": block["block_id"], **kept, "action_ts": ts}


def chosen(block, element, wanted, workspace, ts):
    """The action of a menu."""
    value = choice(element, wanted, workspace)
    return {"block_id": block["block_id"], "action_id": element.get("action_id", ""), **value, "action_ts": ts}


def choice(element, wanted, workspace):
    """The state of an element in which a person typed or chose `wanted`; None for nothing."""
    kind = element["type"]
    if kind in TYPED:
        return {"type": kind, "value": str(wanted) if wanted not in (None, "") else None}
    if kind in ONE:
        value = None if wanted is None else _meant(element, wanted, ONE[kind], workspace)
        return {"type": kind, f"selected_{ONE[kind]}": value}
    wanted = wanted if isinstance(wanted, list | tuple) else [] if wanted is None else [wanted]
    what = MANY.get(kind)
    if what is None:
        raise Impossible(f"the sandbox has no hand for {kind}")
    return {"type": kind, f"selected_{what}": [_meant(element, w, what.rstrip("s"), workspace) for w in wanted]}


def _meant(element, wanted, what, workspace):
    match what:
        case "option":
            return _option(element, wanted)
        case "user":
            return workspace.user(wanted).id
        case "channel" | "conversation":
            return workspace.channel(wanted).id
    return wanted


def _option(element, wanted):
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    options = [option for group in groups for option in group["options"]]
    for option in options:
        if wanted == option["value"] or plain(str(wanted)) == plain(option["text"]["text"]):
            return option
    raise Impossible(f"{wanted!r} is not offered; there are {', '.join(o['text']['text'] for o in options)}")


def initial(element):
    """The state of an element that nobody has touched."""
    kind = element["type"]
    if kind in TYPED:
        return {"type": kind, "value": element.get("initial_value")}
    what = ONE.get(kind) or MANY.get(kind, "option")
    empty = [] if kind in MANY else None
    return {"type": kind, f"selected_{what}": element.get(f"initial_{what}", empty)}


def state(blocks, touched):
    """state.values of what can be chosen from, touched or not."""
    values = {}
    inputs = ((b, b["element"]) for b in blocks if b["type"] == "input")
    for block, element in (*elements(blocks), *inputs):
        if element["type"] in INPUTS | CHOICES:
            action = element.get("action_id", "")
            value = touched.get(block["block_id"], {}).get(action) or initial(element)
            values.setdefault(block["block_id"], {})[action] = value
    return values


def fill(view, given, workspace):
    """(state.values, errors by block_id) of a modal, `given` by label, block_id or action_id. Raises Impossible."""
    values, errors = state(view.content["blocks"], view.state), {}
    inputs = [b for b in view.content["blocks"] if b["type"] == "input"]
    for name, wanted in given.items():
        block = next((b for b in inputs if name in _names(b) or plain(name) == plain(b["label"]["text"])), None)
        if block is None:
            labels = ", ".join(b["label"]["text"] for b in inputs)
            raise Impossible(f"the form has no field {name!r}; there are {labels or 'none'}")
        element = block["element"]
        values[block["block_id"]][element["action_id"]] = choice(element, wanted, workspace)
    for block in inputs:
        if problem := _refused(block, values[block["block_id"]][block["element"]["action_id"]]):
            errors[block["block_id"]] = problem
    return values, errors


def _names(block):
    return block["block_id"], block["element"]["action_id"]


def _refused(block, value):
    """What Slack's client would say before it sends anything."""
    content = next(v for key, v in value.items() if key != "type")
    if not content:
        return None if block.get("optional") else REQUIRED
    element = block["element"]
    if element["type"] == "plain_text_input":
        if len(content) > element.get("max_length", 3000):
            return f"Please shorten this to {element.get('max_length', 3000)} characters."
        if len(content) < element.get("min_length", 0):
            return f"Please write at least {element['min_length']} characters."
    return None
