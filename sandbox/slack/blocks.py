"""Block Kit's limits. Each breach in Slack's words, with a JSON pointer; renders nothing."""

from .composition import Check

EVERYWHERE = frozenset(("section", "divider", "header", "context", "actions", "image", "rich_text", "video", "input"))
SURFACES = {
    "message": (50, EVERYWHERE | {"markdown"}),
    "modal": (100, EVERYWHERE),
    "home": (100, EVERYWHERE),
}
SELECTS = frozenset(
    f"{many}{what}_select"
    for many in ("", "multi_")
    for what in ("static", "external", "users", "conversations", "channels")
)
PICKERS = frozenset(("datepicker", "timepicker", "datetimepicker"))
CHOICES = frozenset(("checkboxes", "radio_buttons"))
TYPED = frozenset(("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"))
INPUTS = SELECTS | PICKERS | CHOICES | TYPED
BUTTONS = frozenset(("button", "workflow_button", "overflow"))
ACTIONS = (INPUTS | BUTTONS) - TYPED
ACCESSORIES = ACTIONS | {"image"}


def breaches(blocks, surface="message", at="/blocks"):
    """What Slack would refuse, one `words [json-pointer:...]` each. Empty when all is well."""
    check = Check()
    limit, allowed = SURFACES[surface]
    if not isinstance(blocks, list):
        check.no("must be a list", at)
        return check.problems
    if len(blocks) > limit:
        check.no(f"no more than {limit} items allowed", at)
    for index, block in enumerate(blocks):
        _block(check, block, f"{at}/{index}", allowed)
    check.unique([b.get("block_id") for b in blocks if isinstance(b, dict)], "block_id", at)
    return check.problems


def view_breaches(view):
    """The same for a modal or a Home tab."""
    check = Check()
    surface = view.get("type")
    if surface not in ("modal", "home"):
        check.no(f"unsupported type: {surface}", "/view/type")
        return check.problems
    check.string(view, "callback_id", 255, "/view")
    check.string(view, "external_id", 255, "/view")
    check.string(view, "private_metadata", 3000, "/view")
    if surface == "modal":
        check.text(view, "title", 24, "/view", required=True, plain=True)
        check.text(view, "submit", 24, "/view", plain=True)
        check.text(view, "close", 24, "/view", plain=True)
    blocks = view.get("blocks")
    if surface == "modal" and not view.get("submit") and any(_kind(b) == "input" for b in blocks or ()):
        check.no("missing required field: submit", "/view")
    return check.problems + breaches(blocks, surface, "/view/blocks")


def _kind(thing):
    """Its type; what is no object, or has none that is a word, is of no type."""
    kind = thing.get("type") if isinstance(thing, dict) else None
    return kind if isinstance(kind, str) else None


def _block(check, block, at, allowed):
    kind = _kind(block)
    if kind not in allowed:
        check.no(f"unsupported type: {kind}", f"{at}/type")
        return
    check.string(block, "block_id", 255, at)
    if rule := BLOCKS.get(kind):
        rule(check, block, at)


def _section(check, block, at):
    check.text(block, "text", 3000, at)
    if "fields" in block:
        for field, where in check.items(block, "fields", 1, 10, at):
            check.text_object(field, 2000, where)
    elif not block.get("text"):
        check.no("missing required field: text or fields", at)
    if "accessory" in block:
        _element(check, block["accessory"], f"{at}/accessory", ACCESSORIES)


def _header(check, block, at):
    check.text(block, "text", 150, at, required=True, plain=True)


def _context(check, block, at):
    for element, where in check.items(block, "elements", 1, 10, at):
        if element.get("type") == "image":
            _element(check, element, where, {"image"})
        else:
            check.text_object(element, 3000, where)


def _actions(check, block, at):
    elements = check.items(block, "elements", 1, 25, at)
    for element, where in elements:
        _element(check, element, where, ACTIONS)
    check.unique([element.get("action_id") for element, _ in elements], "action_id", f"{at}/elements")


def _input(check, block, at):
    check.text(block, "label", 2000, at, required=True, plain=True)
    check.text(block, "hint", 2000, at, plain=True)
    if "element" in block:
        _element(check, block["element"], f"{at}/element", INPUTS)
    else:
        check.no("missing required field: element", at)


def _image(check, block, at):
    check.string(block, "image_url", 3000, at, required="slack_file" not in block)
    check.string(block, "alt_text", 2000, at, required=True)
    check.text(block, "title", 2000, at, plain=True)


def _markdown(check, block, at):
    check.string(block, "text", 12_000, at, required=True)


BLOCKS = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
}


def _element(check, element, at, allowed):
    kind = _kind(element)
    if kind not in allowed:
        check.no(f"unsupported type: {kind}", f"{at}/type")
        return
    check.string(element, "action_id", 255, at)
    check.text(element, "placeholder", 150, at, plain=True)
    check.confirm(element, at)
    if kind == "button":
        _button(check, element, at)
    elif kind == "image":
        _image(check, element, at)
    elif kind == "overflow":
        check.options(element, 1, 5, at)
    elif kind in CHOICES:
        check.options(element, 1, 10, at)
    elif kind in ("static_select", "multi_static_select"):
        _static(check, element, at)
    elif kind == "plain_text_input":
        _typed(check, element, at)


def _button(check, element, at):
    check.text(element, "text", 75, at, required=True, plain=True)
    check.string(element, "value", 2000, at)
    check.string(element, "url", 3000, at)
    if element.get("style", "primary") not in ("primary", "danger"):
        check.no("must be a valid enum value", f"{at}/style")


def _static(check, element, at):
    if "option_groups" not in element:
        check.options(element, 1, 100, at)
        return
    for group, where in check.items(element, "option_groups", 1, 100, at):
        check.text(group, "label", 75, where, required=True, plain=True)
        check.options(group, 1, 100, where)


def _typed(check, element, at):
    longest = element.get("max_length", 3000)
    if not isinstance(longest, int) or not 0 < longest <= 3000:
        check.no("must be less than 3001", f"{at}/max_length")
    elif len(element.get("initial_value", "")) > longest:
        check.no(f"must be less than {longest + 1} characters", f"{at}/initial_value")
