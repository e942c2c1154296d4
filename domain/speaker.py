"""Who asks for something, from where, and what is known of them. It judges nothing."""

from dataclasses import dataclass

FULL, GUEST, STRANGER, UNKNOWN = "full", "guest", "stranger", "unknown"
"""A member of the workspace, one who may only be in some channels, somebody of another workspace, and whoever Slack has
not told us about yet."""

COMMAND, BUTTON, MENU, FORM, SHORTCUT, HOME, REACTION = (
    *("command", "button", "menu", "form", "shortcut", "home", "reaction"),
)
BY_HAND, PHONE, SMS = "slack", "phone", "sms"
"""Doors. A pager's is its lane; `slack` is what happens to rooms by hand."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """`who` is a Slack id, or the name of somebody who answered elsewhere; `door` and `place` (a channel's id, where
    there is one) say from where. `groups` are the user groups that they are known to be in, `unsure` those whose people
    Slack has not told.

    `told` says that this has happened already, on the phone, in a pager's app or by hand: there is nothing to refuse.
    """

    who: str
    door: str
    place: str = ""
    standing: str = FULL
    groups: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    told: bool = False
