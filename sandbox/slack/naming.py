"""Slack names every block and element that came without a name. Changes nothing that it is given."""


def named(blocks, new_id):
    """A copy in which every block has a block_id, and what can be touched an action_id, made by `new_id(letter)`."""
    return [_block(block, new_id) for block in blocks]


def _block(block, new_id):
    block = {**block, "block_id": block.get("block_id") or new_id("b")}
    if block.get("type") == "actions":
        block["elements"] = [_element(element, new_id) for element in block["elements"]]
    for place in ("element", "accessory"):
        if place in block:
            block[place] = _element(block[place], new_id)
    return block


def _element(element, new_id):
    if element.get("action_id") or element["type"] == "image":
        return element
    return {**element, "action_id": new_id("a")}
