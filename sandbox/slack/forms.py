"""Finding buttons, menus and inputs in blocks, and filling them in as Slack's client does. Sends nothing."""

import re

from . import values
from .blocks import INPUTS
from .workspace import Impossible

BUTTONS = ("button", "workflow_button")


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


def stateful(blocks):
    """Everything that holds a value, inputs that send nothing by themselves too: (block, element)."""
    silent = ((b, b["element"]) for b in blocks if b["type"] == "input" and not b.get("dispatch_action"))
    return [(b, e) for b, e in (*elements(blocks), *silent) if e["type"] in INPUTS]


def find(blocks, wanted, action_id=None, buttons=True):
    """The element with this label, placeholder or action_id; None when there is none."""
    for block, element in elements(blocks):
        if (element["type"] == "button") != buttons or action_id not in (None, element.get("action_id")):
            continue
        label = element.get("text") or element.get("placeholder") or {"text": ""}
        if wanted is None or wanted == element.get("action_id") or plain(wanted) == plain(label["text"]):
            return block, element
    return None


def exactly(blocks, block_id, action_id):
    """The element of that name in that block; where an edit has given the blocks new ids since, the only one of that
    name. Raises Impossible."""
    named = [(b, e) for b, e in elements(blocks) if e.get("action_id", "") == action_id and e["type"] != "image"]
    there = [(block, element) for block, element in named if block["block_id"] == block_id]
    gone = all(block["block_id"] != block_id for block in blocks)
    if there or (gone and len(named) == 1):
        return (there or named)[0]
    raise Impossible(f"there is nothing to touch any more at {block_id!r}, {action_id!r}: it has changed meanwhile")


def action(block, element, state, ts):
    """What a touched element sends: a button what it is, all others what they hold."""
    if element["type"] in BUTTONS:
        return pressed(block, element, ts)
    return {"block_id": block["block_id"], "action_id": element.get("action_id", ""), **state, "action_ts": ts}


def pressed(block, element, ts):
    """The action of a button."""
    kept = {key: element[key] for key in ("action_id", "text", "value", "style", "type") if key in element}
    return {"block_id": block["block_id"], **kept, "action_ts": ts}


def given(element, value, workspace):
    """The state that a person gives an element: in Slack's shape, or by a word. Raises Impossible."""
    if element["type"] in BUTTONS:
        return None
    if isinstance(value, dict) and value.get("type") == element["type"]:
        return values.checked(element, value, workspace)
    return choice(element, value, workspace)


def choice(element, wanted, workspace):
    """The state of an element in which a person typed or chose `wanted`; None for nothing."""
    kind = element["type"]
    if kind in values.MANY:
        wanted = wanted if isinstance(wanted, list | tuple) else [] if wanted is None else [wanted]
        return values.held(kind, [_meant(element, w, workspace) for w in wanted])
    if wanted in (None, ""):
        return values.held(kind, None)
    return values.held(kind, _meant(element, wanted, workspace))


def _meant(element, wanted, workspace):
    kind = element["type"]
    match values.ONE.get(kind) or values.MANY.get(kind, "").removesuffix("s"):
        case "option":
            return _option(element, wanted)
        case "user":
            return workspace.user(wanted).id
        case "channel" | "conversation":
            return workspace.channel(wanted).id
        case "" if kind != "rich_text_input":
            return str(wanted)
    return wanted


def _option(element, wanted):
    if element["type"].endswith("external_select") and isinstance(wanted, dict):
        return wanted
    offered = values.options(element)
    for option in offered:
        if wanted == option.get("value") or plain(str(wanted)) == plain(option["text"]["text"]):
            return option
    raise Impossible(f"{wanted!r} is not offered; there are {', '.join(o['text']['text'] for o in offered)}")


def state(blocks, touched):
    """state.values of what can be chosen from, touched or not."""
    result = {}
    for block, element in stateful(blocks):
        name = element.get("action_id", "")
        value = touched.get(block["block_id"], {}).get(name) or values.initial(element)
        result.setdefault(block["block_id"], {})[name] = value
    return result


def touched(blocks, sent, workspace):
    """The part of a client's `state` that names what is there, each in its shape. Raises Impossible."""
    result = {}
    for block, element in stateful(blocks):
        name = element.get("action_id", "")
        if value := sent.get(block["block_id"], {}).get(name):
            result.setdefault(block["block_id"], {})[name] = values.checked(element, value, workspace)
    return result


def fill(view, given, workspace):
    """(state.values, errors by block_id) of a modal, `given` by label, block_id or action_id. Raises Impossible."""
    filled = state(view.content["blocks"], view.state)
    inputs = [b for b in view.content["blocks"] if b["type"] == "input"]
    for name, wanted in given.items():
        block = next((b for b in inputs if name in _names(b) or plain(name) == plain(b["label"]["text"])), None)
        if block is None:
            labels = ", ".join(b["label"]["text"] for b in inputs)
            raise Impossible(f"the form has no field {name!r}; there are {labels or 'none'}")
        element = block["element"]
        filled[block["block_id"]][element["action_id"]] = choice(element, wanted, workspace)
    return filled, errors(view.content["blocks"], filled)


def errors(blocks, filled):
    """What Slack's client says under the inputs, by block_id, before it sends anything."""
    found = {}
    for block in (b for b in blocks if b["type"] == "input"):
        if problem := values.refused(block, filled[block["block_id"]][block["element"].get("action_id", "")]):
            found[block["block_id"]] = problem
    return found


def _names(block):
    return block["block_id"], block["element"]["action_id"]
