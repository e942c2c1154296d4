"""How a vendor can fail, and what the room reads about it. No test of its own."""

from dataclasses import dataclass, field

import pytest

WAIT_ASKED_S = 12
"""Less than a story waits: an attempt may be answered after the clock was moved, and then waits this long in truth."""


@dataclass(frozen=True)
class Trouble:
    """A fault of the sandbox; `says` are the words about it, with the vendor's `name`."""

    kind: str
    says: str
    options: dict = field(default_factory=dict)


TROUBLES = {
    "hangs": Trouble("hang", "no answer within"),
    "answers 500": Trouble("status", "{name} is in trouble (500)", {"code": 500}),
    "asks to wait": Trouble("ratelimit", "{name} asks to slow down (429)", {"retry_after": WAIT_ASKED_S}),
    "resets before the effect": Trouble("reset_before", "{name} cannot be reached: the connection broke off"),
    "resets after the effect": Trouble("reset_after", "{name} cannot be reached: the connection broke off"),
}

IN_SLACK = {
    "hangs": "no answer within 15 s",
    "answers 500": "Slack has trouble (internal_error)",
    "asks to wait": "Slack asks to wait",
    "resets before the effect": "Slack cannot be reached",
    "resets after the effect": "Slack cannot be reached",
    "refuses the token": "Slack refuses the token (invalid_auth): check SLACK_BOT_TOKEN",
}


def each(troubles):
    """For parametrize."""
    return [pytest.param(name, marks=pytest.mark.long if name == "hangs" else ()) for name in troubles]


def begin(world, service: str, trouble: str, match: str | None = None):
    """The vendor fails from now on, until `world.sandbox.faults.clear(service)`."""
    if trouble == "refuses the token":
        return world.sandbox.faults.add(service, "refuse_token", match)
    fault = TROUBLES[trouble]
    return world.sandbox.faults.add(service, fault.kind, match, **fault.options)
