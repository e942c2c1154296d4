"""What comes back with a submitted form: its fields and what it carried along. A field left alone has no state."""

import json
from collections.abc import Mapping
from typing import Any

from domain.recording import Message
from views.markup import clean
from views.plain import cut

CARRIED_MOST = 2900
MESSAGE_MOST = (2400, 1000, 200)
"""Characters of a message: what of it is escaped is longer on the way, and others may carry something too."""

View = Mapping[str, Any]


def text(view: View, field: str) -> str:
    """What was written, stripped."""
    return (_state(view, field).get("value") or "").strip()


def choice(view: View, field: str) -> str | None:
    """The value that was chosen of a menu."""
    chosen = _state(view, field).get("selected_option")
    return chosen["value"] if chosen else None


def choices(view: View, field: str) -> tuple[str, ...]:
    """The values that were chosen or ticked."""
    return tuple(chosen["value"] for chosen in _state(view, field).get("selected_options") or ())


def user(view: View, field: str) -> str:
    """The Slack id of the person who was chosen; empty for nobody."""
    return _state(view, field).get("selected_user") or ""


def users(view: View, field: str) -> tuple[str, ...]:
    """The Slack ids of the people who were chosen, where there may be several."""
    return tuple(_state(view, field).get("selected_users") or ())


def day(view: View, field: str) -> str:
    """The day that was chosen, as 2026-12-01; empty for none."""
    return _state(view, field).get("selected_date") or ""


def carried(view: View) -> dict[str, Any]:
    """What the form was opened with."""
    found = json.loads(view.get("private_metadata") or "{}")
    return found if isinstance(found, dict) else {}


def carry(number: int, response_url: str, of: Message | None = None, **more: object) -> str:
    """The number of the incident that a form is about, 0 for none; where to answer; the message that it began with,
    as much of it as Slack carries; and more."""
    about = {"incident": number, "response_url": response_url, **more}
    for most in MESSAGE_MOST if of else ():
        written = {"channel": of.channel, "ts": of.ts, "author": clean(of.author), "permalink": clean(of.permalink)}
        carried = json.dumps({**about, "message": {**written, "text": cut(clean(of.text), most)}}, ensure_ascii=False)
        if len(carried) <= CARRIED_MOST:
            return carried
    return json.dumps(about, ensure_ascii=False)


def message(view: View) -> Message | None:
    """The message that a form began with."""
    found = carried(view).get("message")
    return Message(**{name: str(value) for name, value in found.items()}) if found else None


def _state(view: View, field: str) -> Mapping[str, Any]:
    found = view.get("state", {}).get("values", {}).get(field, {}).get(field)
    return found or {}
