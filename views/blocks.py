"""Block Kit: the one place that builds blocks and cuts to Slack's limits. It knows no incident.

Text given as a plain `str` is shown as it is, escaped where Slack would read markup; only `Mrkdwn` is markup.
Lengths are counted in characters."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from domain.people import is_slack_id
from views.markup import Mrkdwn, bold, clean, cut, cut_plain, fenced, joined, one_line, said, typed, web_address

Block = dict[str, Any]
Message = dict[str, Any]
View = dict[str, Any]

NOTHING = "–"
TEXT_MOST = 3000
INPUT_MOST = 3000
"""Characters, Slack's limits for a section's text and for what an input holds."""


def header(text: str) -> Block:
    """A large line of plain text."""
    return {"type": "header", "text": _plain(text, 150)}


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph, with a button or a menu at its right."""
    block: Block = {"type": "section", "text": _mrkdwn(text, TEXT_MOST)}
    return block | {"accessory": accessory} if accessory else block


def sections(lines: Iterable[str], most: int = TEXT_MOST) -> list[Block]:
    """Lines in as few paragraphs as hold them; a line is cut only where it is too long by itself."""
    whole = [cut(typed(line), most) for line in lines if line]
    return [section(joined("\n", group)) for group in _groups(whole, most)]


def fenced_sections(text: str) -> list[Block]:
    """The whole text as written, in a fixed width, over as many paragraphs as it needs."""
    pieces = [line[at : at + 500] for line in clean(text).split("\n") for at in range(0, len(line) or 1, 500)]
    return [section(fenced("\n".join(group))) for group in _groups(pieces, TEXT_MOST - len(fenced("")))]


def fields(values: Mapping[str, object]) -> Block | None:
    """Label and value in two columns; what has no value is left out, and so is a block of nothing."""
    shown = [said("{label} {value}", label=bold(label), value=value) for label, value in values.items() if value]
    return {"type": "section", "fields": [_mrkdwn(field, 2000) for field in shown[:10]]} if shown else None


def context(*texts: str | None) -> Block | None:
    """Small print; parts that say nothing are left out, and so is a block of nothing."""
    shown = [text for text in texts if text]
    return {"type": "context", "elements": [_mrkdwn(text, 2000) for text in shown[:10]]} if shown else None


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def row(*elements: Block | None, block_id: str = "") -> Block | None:
    """A row of buttons and menus, each with an action_id of its own."""
    shown = [element for element in elements if element]
    named = {"block_id": _ours(block_id, 255)} if block_id else {}
    return {"type": "actions", "elements": shown[:25]} | named if shown else None


def button(
    label: str,
    action_id: str,
    value: str,
    style: str | None = None,
    url: str | None = None,
) -> Block:
    """A button. One with a `url` opens it and still sends its action."""
    element: Block = {
        "type": "button",
        "text": _plain(label, 75),
        "action_id": _ours(action_id, 255),
        "value": _ours(value, 2000),
    }
    address = web_address(url or "")
    extras = {"style": style, "url": address}
    return element | {name: extra for name, extra in extras.items() if extra}


def option(label: str, value: str, description: str = "") -> Block:
    """One choice of a menu."""
    element: Block = {"text": _plain(label, 75), "value": _ours(value, 150)}
    return element | {"description": _plain(description, 75)} if description else element


def select(placeholder: str, action_id: str, options: Sequence[Block], initial: str | None = None) -> Block:
    """A menu with one choice; `initial` is the value chosen at first. Slack refuses a menu without options."""
    chosen = [choice for choice in options[:100] if choice["value"] == initial]
    element = _menu("static_select", placeholder, action_id, options)
    return element | {"initial_option": chosen[0]} if chosen else element


def multi_select(placeholder: str, action_id: str, options: Sequence[Block]) -> Block:
    """A menu with any number of choices."""
    return _menu("multi_static_select", placeholder, action_id, options)


def users_select(placeholder: str, action_id: str, initial: str = "") -> Block:
    """A menu of everybody in the workspace; `initial` is a Slack id."""
    element = {"type": "users_select", "placeholder": _plain(placeholder, 150), "action_id": _ours(action_id, 255)}
    return element | ({"initial_user": initial} if is_slack_id(initial) else {})


def datepicker(placeholder: str, action_id: str, initial: date | None = None) -> Block:
    """A day."""
    element = {"type": "datepicker", "placeholder": _plain(placeholder, 150), "action_id": _ours(action_id, 255)}
    return element | ({"initial_date": initial.isoformat()} if initial else {})


def multi_users_select(placeholder: str, action_id: str) -> Block:
    """A menu of everybody in the workspace, from which several may be chosen."""
    return _users("multi_users_select", placeholder, action_id)


def people_select(placeholder: str, action_id: str) -> Block:
    """A menu of everybody in the workspace."""
    return _users("users_select", placeholder, action_id)


def _users(kind: str, placeholder: str, action_id: str) -> Block:
    return {"type": kind, "placeholder": _plain(placeholder, 150), "action_id": _ours(action_id, 255)}


def overflow(action_id: str, options: Sequence[Block]) -> Block | None:
    """The three dots: at most five choices."""
    return {"type": "overflow", "action_id": _ours(action_id, 255), "options": list(options[:5])} if options else None


def checkboxes(action_id: str, options: Sequence[Block], ticked: Sequence[Block] = ()) -> Block:
    """Boxes to tick; `ticked` are those of the options that are at first. Slack refuses an empty list of them."""
    element: Block = {"type": "checkboxes", "action_id": _ours(action_id, 255), "options": list(options[:10])}
    chosen = [option for option in element["options"] if option in ticked]
    return element | {"initial_options": chosen} if chosen else element


def radio_buttons(action_id: str, options: Sequence[Block], chosen: str | None = None) -> Block:
    """One of at most ten; `chosen` is the value of the one that is, at first."""
    element: Block = {"type": "radio_buttons", "action_id": _ours(action_id, 255), "options": list(options[:10])}
    initial = [option for option in element["options"] if option["value"] == chosen]
    return element | {"initial_option": initial[0]} if initial else element


def box(label: str, value: str, below: Mrkdwn | None = None) -> Block:
    """One box; what stands `below` its label may mention people, as in no other menu."""
    return option(label, value) | ({"description": _mrkdwn(below, 75)} if below else {})


def plain_text_input(
    action_id: str, initial: str = "", multiline: bool = False, most: int = INPUT_MOST, placeholder: str = ""
) -> Block:
    """A line or a box to write in, at most `most` characters."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": _ours(action_id, 255),
        "multiline": multiline,
        "max_length": min(most, INPUT_MOST),
    }
    prefilled = cut_plain(clean(initial) if multiline else one_line(initial), element["max_length"])
    if prefilled:
        element["initial_value"] = prefilled
    return element | {"placeholder": _plain(placeholder, 150)} if placeholder else element


def input_block(label: str, block_id: str, element: Block, optional: bool = False, hint: str = "") -> Block:
    """A field of a modal. Errors are shown at its `block_id`."""
    block: Block = {
        "type": "input",
        "block_id": _ours(block_id, 255),
        "label": _plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    return block | {"hint": _plain(hint, 2000)} if hint else block


def at_once(block: Block) -> Block:
    """The same field, heard of as soon as it is filled in: a line of text at Enter."""
    return block | {"dispatch_action": True}


def message(text: str, *blocks: Block | None) -> Message:
    """Arguments for chat.postMessage and its like. `text` is what notifications and screen readers say."""
    return {"text": _mrkdwn(text, TEXT_MOST)["text"], "blocks": _at_most(50, blocks)}


def saying(text: Mrkdwn, *more: Block | None) -> Message:
    """One paragraph, said in full to screen readers too, and what stands below it."""
    return message(text, section(text), *more)


def stamp(posted: Message, block_id: str) -> Message:
    """The same message with this id in its last block, by which a repeat finds it; one without blocks gets one."""
    blocks = posted.get("blocks") or [section(posted["text"])]
    last = blocks[-1] | {"block_id": _ours(block_id, 255)}
    return posted | {"blocks": [*blocks[:-1], last]}


def modal(
    title: str,
    callback_id: str,
    *blocks: Block | None,
    submit: str = "Save",
    close: str = "Cancel",
    private_metadata: str = "",
) -> View:
    """A view for views.open. `private_metadata` comes back with the submission."""
    return {
        "type": "modal",
        "callback_id": _ours(callback_id, 255),
        "title": _plain(title, 24),
        "submit": _plain(submit, 24),
        "close": _plain(close, 24),
        "private_metadata": _ours(private_metadata, 3000),
        "blocks": _at_most(100, blocks),
    }


def instead(view: View) -> dict[str, Any]:
    """The answer to a submission that shows another form in its place."""
    return {"response_action": "update", "view": view}


def notice(title: str, *blocks: Block | None) -> View:
    """A view to read and close."""
    return {
        "type": "modal",
        "title": _plain(title, 24),
        "close": _plain("Close", 24),
        "blocks": _at_most(100, blocks),
    }


def home(*blocks: Block | None) -> View:
    """A view for views.publish."""
    return {"type": "home", "blocks": _at_most(100, blocks)}


def _groups(lines: Iterable[str], most: int) -> list[list[str]]:
    """Lines together as long as their markup fits, in their order."""
    groups: list[list[str]] = []
    length = most
    for line in lines:
        size = len(typed(line)) + 1
        if not groups or length + size > most + 1:
            groups.append([])
            length = 0
        groups[-1].append(line)
        length += size
    return groups


def _menu(kind: str, placeholder: str, action_id: str, options: Sequence[Block]) -> Block:
    return {
        "type": kind,
        "placeholder": _plain(placeholder, 150),
        "action_id": _ours(action_id, 255),
        "options": list(options[:100]),
    }


def _at_most(most: int, blocks: Iterable[Block | None]) -> list[Block]:
    """The last block stays: buttons and the stamp stand there."""
    shown = [block for block in blocks if block]
    return shown if len(shown) <= most else [*shown[: most - 1], shown[-1]]


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": cut_plain(one_line(text), most) or NOTHING, "emoji": True}


def _mrkdwn(text: str, most: int) -> Block:
    words = cut(typed(text), most)
    return {"type": "mrkdwn", "text": words if words.strip() else NOTHING}


def _ours(text: str, most: int) -> str:
    """Ids and values are Muster's own and must come back whole: too long is a bug, not a thing to cut."""
    if len(text) > most:
        raise ValueError(f"longer than Slack's {most} characters: {text[:40]!r}…")
    return text
