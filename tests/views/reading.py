"""A finished message as a person reads it, for tests that ask what is there."""

from typing import Any


def words(payload: dict[str, Any]) -> str:
    """All text of the blocks, line by line; of the message where there are none."""
    blocks = payload.get("blocks") or [{"type": "section", "text": {"text": payload["text"]}}]
    return "\n".join(text for block in blocks for text in _texts(block))


def buttons(payload: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The buttons and menus by action_id; of several with one id, the last."""
    return {element["action_id"]: element for block in payload.get("blocks", []) for element in _elements(block)}


def labels(payload: dict[str, Any]) -> list[str]:
    """What the buttons say, in order."""
    found = [element for block in payload.get("blocks", []) for element in _elements(block)]
    return [element["text"]["text"] for element in found if element["type"] == "button"]


def _elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    found = block.get("elements", []) if block["type"] == "actions" else []
    return [*found, *([block["accessory"]] if "accessory" in block else [])]


def _texts(block: dict[str, Any]) -> list[str]:
    texts = [block["text"]["text"]] if "text" in block else []
    texts += [field["text"] for field in block.get("fields", [])]
    return texts + [element["text"] for element in block.get("elements", []) if block["type"] == "context"]
