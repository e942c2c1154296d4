"""Block Kit's limits as Slack publishes them, checked on finished payloads. Knows nothing of how they are built."""

from collections.abc import Iterator
from typing import Any

Breach = str
ELEMENTS = {
    "button": {"text": 75, "value": 2000, "url": 3000, "action_id": 255},
    "static_select": {"action_id": 255, "placeholder": 150},
    "multi_static_select": {"action_id": 255, "placeholder": 150},
    "users_select": {"action_id": 255, "placeholder": 150},
    "datepicker": {"action_id": 255, "placeholder": 150},
    "plain_text_input": {"action_id": 255, "placeholder": 150, "initial_value": 3000},
    "checkboxes": {"action_id": 255},
    "radio_buttons": {"action_id": 255},
    "multi_users_select": {"action_id": 255, "placeholder": 150},
    "overflow": {"action_id": 255},
}
MOST_OPTIONS = {"checkboxes": 10, "overflow": 5}


def breaches(payload: dict[str, Any]) -> list[Breach]:
    """Every limit that a message or a view breaks."""
    blocks = payload.get("blocks", [])
    return [*_outside(payload), *_ids(blocks), *(breach for block in blocks for breach in _block(block))]


def _outside(payload: dict[str, Any]) -> Iterator[Breach]:
    if payload.get("type") == "modal":
        yield from _sizes("modal", payload, {"title": 24, "submit": 24, "close": 24, "callback_id": 255})
        yield from _most("private_metadata", len(payload.get("private_metadata", "")), 3000)
        yield from _most("blocks of a modal", len(payload["blocks"]), 100)
    elif payload.get("type") == "home":
        yield from _most("blocks of a Home tab", len(payload["blocks"]), 100)
    else:
        yield from _range("text of a message", len(payload["text"]), 1, 3000)
        yield from _most("blocks of a message", len(payload.get("blocks", [])), 50)


def _ids(blocks: list[dict[str, Any]]) -> Iterator[Breach]:
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield f"block_id twice: {ids}"
    for block_id in ids:
        yield from _range("block_id", len(block_id), 1, 255)


def _block(block: dict[str, Any]) -> Iterator[Breach]:
    match block["type"]:
        case "header":
            yield from _sizes("header", block, {"text": 150})
        case "section":
            yield from _section(block)
        case "context":
            yield from _range("context elements", len(block["elements"]), 1, 10)
            for element in block["elements"]:
                yield from _range("context text", len(element["text"]), 1, 3000)
        case "actions":
            yield from _range("actions elements", len(block["elements"]), 1, 25)
            names = [element["action_id"] for element in block["elements"]]
            if len(names) != len(set(names)):
                yield f"action_id twice: {names}"
            for element in block["elements"]:
                yield from _element(element)
        case "input":
            yield from _sizes("input", block, {"label": 2000, "hint": 2000})
            yield from _element(block["element"])
        case "divider":
            return
        case other:
            yield f"unknown block {other}"


def _section(block: dict[str, Any]) -> Iterator[Breach]:
    if "text" not in block and "fields" not in block:
        yield "section of nothing"
    if "text" in block:
        yield from _range("section text", len(block["text"]["text"]), 1, 3000)
        if not block["text"]["text"].strip():
            yield "section of blanks"
    if "fields" in block:
        yield from _range("fields", len(block["fields"]), 1, 10)
        for field in block["fields"]:
            yield from _range("field", len(field["text"]), 1, 2000)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _element(element: dict[str, Any]) -> Iterator[Breach]:
    kind = element["type"]
    yield from _sizes(kind, element, ELEMENTS[kind])
    if element.get("style") not in (None, "primary", "danger"):
        yield f"style {element['style']}"
    if "max_length" in element:
        yield from _range("max_length", element["max_length"], 1, 3000)
        yield from _most("initial_value", len(element.get("initial_value", "")), element["max_length"])
    if "options" in element:
        yield from _range("options", len(element["options"]), 1, MOST_OPTIONS.get(kind, 100))
        if element.get("initial_option", element["options"][0]) not in element["options"]:
            yield "initial_option is no option"
        for option in element["options"]:
            yield from _sizes("option", option, {"text": 75, "value": 150, "description": 75})


def _sizes(what: str, holder: dict[str, Any], most: dict[str, int]) -> Iterator[Breach]:
    for name, limit in most.items():
        if name in holder:
            value = holder[name]
            yield from _range(f"{what} {name}", len(value["text"] if isinstance(value, dict) else value), 1, limit)


def _range(what: str, size: int, least: int, most: int) -> Iterator[Breach]:
    if not least <= size <= most:
        yield f"{what}: {size} is not within {least} and {most}"


def _most(what: str, size: int, most: int) -> Iterator[Breach]:
    yield from _range(what, size, 0, most)
